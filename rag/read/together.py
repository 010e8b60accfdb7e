"""Whether what is found tells all of several things that are asked at once: one small regression over what is found for each
and for all of them together (``python -m rag.training.decision``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.answer import Evidence
from rag.logistic import Logistic, log_odds
from rag.read.nearness import CERTAIN

FEATURES = ("whole", "least", "most", "one_sentence", "same_words")
"""Log-odds of the best evidence for the whole question, and of the least and the most trusted of what is asked; whether one
sentence holds all, and whether the same words would answer two of them."""


@dataclass(frozen=True)
class Together(Logistic):
    """The regression over ``FEATURES``; from the probability ``least`` on all is surely told."""

    least: float

    def probability(self, whole: Evidence, parts: Sequence[Evidence]) -> float:
        """Calibrated probability that the best evidence for the ``whole`` and for each of its ``parts`` tells all."""
        return self.of(figures(whole, parts))


def figures(whole: Evidence, parts: Sequence[Evidence]) -> tuple[float, ...]:
    """The value of each of ``FEATURES``."""
    trusted = [log_odds(evidence.probability, CERTAIN) for evidence in parts]
    spans = sorted(evidence.span for evidence in parts)
    same = any(before[1] > after[0] for before, after in pairwise(spans))
    one = len(parts) > 1 and len({evidence.sentence for evidence in parts}) == 1
    return log_odds(whole.probability, CERTAIN), min(trusted), max(trusted), float(one), float(same)
