"""Whether what is found tells all of several things that are asked at once: one small regression over what is found for each
and for all of them together (``python -m rag.training.decision``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log

from rag.answer import Evidence
from rag.read.logistic import logistic

FEATURES = ("whole", "least", "most", "one_sentence", "same_words")
"""Log-odds of the best evidence for the whole question, and of the least and the most trusted of what is asked; whether one
sentence holds all, and whether the same words would answer two of them."""
_CERTAIN = 1e-4


@dataclass(frozen=True)
class Together:
    """The regression: a weight for each of ``FEATURES``; from the probability ``least`` on all is surely told."""

    weights: tuple[float, ...] = (0.0,) * len(FEATURES)
    bias: float = 0.0
    least: float = 1.0

    def probability(self, whole: Evidence, parts: Sequence[Evidence]) -> float:
        """Calibrated probability that the best evidence for the ``whole`` and for each of its ``parts`` tells all."""
        return logistic(self.bias + sum(w * f for w, f in zip(self.weights, figures(whole, parts), strict=True)))


def figures(whole: Evidence, parts: Sequence[Evidence]) -> tuple[float, ...]:
    """The value of each of ``FEATURES``."""
    trusted = [_log_odds(evidence.probability) for evidence in parts]
    spans = sorted(evidence.span for evidence in parts)
    same = any(before[1] > after[0] for before, after in pairwise(spans))
    one = len(parts) > 1 and len({evidence.sentence for evidence in parts}) == 1
    return _log_odds(whole.probability), min(trusted), max(trusted), float(one), float(same)


def _log_odds(probability: float) -> float:
    kept = min(max(probability, _CERTAIN), 1 - _CERTAIN)
    return log(kept / (1 - kept))
