"""Whether a question is near what the page tells: else nothing is answered, nor shown.

That a hit answers and that the page is about what is asked are two things: of a question on something else the page knows
few words, and no hit looks like an answer; of one that is put in other words some do, a little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.logistic import Logistic, log_odds

CERTAIN = 1e-4
"""A probability nearer to 0 or 1 tells no more."""
FEATURES = ("trust", "known", "terms", "logits", "contrast")
"""Log-odds of the best hit's probability; share of the question's weight, in words, that the page knows; logarithm of the
number of terms; mean of the reader's logits; how much nearer the page is to the question than others are
(:mod:`rag.retrieve.cohort`)."""


@dataclass(frozen=True)
class Nearness(Logistic):
    """The regression over ``FEATURES``, fitted on questions that the page answers against those of other pages
    (``python -m rag.training.decision``). ``least`` is the least probability of what is near, ``sure`` of what may be
    answered surely."""

    least: float
    sure: float

    def probability(self, best: float, hits: Sequence[Mapping[str, float]]) -> float:
        """How likely the page answers, given the ``best`` probability and the figures of all hits that were read."""
        return self.of(measured(best, hits))


def measured(best: float, hits: Sequence[Mapping[str, float]]) -> tuple[float, ...]:
    """The values of ``FEATURES``. ``hits`` hold at least one, with the figures of :data:`rag.read.decision.FEATURES`."""
    logits = sum(hit["logit"] for hit in hits) / len(hits)
    return log_odds(best, CERTAIN), hits[0]["known"], hits[0]["terms"], logits, hits[0]["contrast"]
