"""Which sentences of a passage a claim rests on: those that hold most of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.page import Passage, Span
from index.words import terms

MOST_SENTENCES = 3
LEAST_GAIN = 0.2
"""Part of the claim's words that one more sentence must bring."""


@dataclass(frozen=True)
class Window:
    """Consecutive sentences of ``passage``: offsets into the page, and the part of the claim's words that they hold."""

    passage: Passage
    span: Span
    covered: float

    @property
    def text(self) -> str:
        start, end = self.span
        return self.passage.text[start - self.passage.start : end - self.passage.start]


def window(claim: str, passage: Passage) -> Window:
    """The sentences of ``passage`` that cover ``claim`` best, as few as do."""
    wanted = set(terms(claim))
    known = set(terms(passage.context))
    spans = passage.sentences or ((passage.start, passage.end),)
    held = [set(terms(passage.text[a - passage.start : b - passage.start])) for a, b in spans]
    best, score = (0, 1), -1.0
    for first in range(len(spans)):
        for last in range(first + 1, min(first + MOST_SENTENCES, len(spans)) + 1):
            found = _share(wanted, held[first:last]) - LEAST_GAIN * (last - first - 1)
            if found > score:
                best, score = (first, last), found
    first, last = best
    return Window(passage, (spans[first][0], spans[last - 1][1]), _share(wanted, [known, *held[first:last]]))


def _share(wanted: set[str], held: Sequence[set[str]]) -> float:
    told = set().union(*held)
    return len(wanted & told) / len(wanted) if wanted else 0.0
