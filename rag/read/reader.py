"""The trained model with its tokenizer: passages in, readings out, and which words its scores of starts and ends point at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.engine import Run
from index.page import Passage, Span
from rag.read.pairs import Encoding, PairEncoder, batch

MULTIPLE = 8
"""Lengths are rounded up to this: a processor prepares its kernels once a shape."""
AT_ONCE = 3
"""Passages in a batch: more would be padded to the longest of them, and fewer may be enough."""
MAX_SPAN_TOKENS = 160
LENGTH_COST = 0.3
"""What a span pays for its length, times its logarithm: start and end are chosen apart, so that a
doubtful pair stands too far apart. Chosen on held-out pages."""


@dataclass(frozen=True)
class Reading:
    """What the reader says of one passage.

    ``logit`` grows with the certainty that the passage answers; ``span`` are offsets into the
    text of the passage; ``polarity`` are the probabilities that a yes/no question is denied, affirmed,
    or not settled by the passage. ``sentences`` are the scores of the best span in each of its sentences.
    """

    logit: float
    span: Span
    span_score: float
    polarity: tuple[float, float, float]
    sentences: tuple[float, ...] = ()


@dataclass
class Reader:
    """The trained model, run by whatever engine, with its tokenizer."""

    run: Run
    pairs: PairEncoder
    pad: int
    version: str = ""

    def read(self, question: str, passages: Sequence[Passage], previous: str = "") -> list[Reading]:
        """Judge each passage, in one batch. Spans are offsets into the passage's text."""
        if not passages:
            return []
        inside = [[(a - p.start, b - p.start) for a, b in p.sentences] for p in passages]
        return self.read_pairs([(question, p.context, p.text, previous) for p in passages], inside)

    def read_pairs(
        self, pairs: Sequence[tuple[str, str, str, str]], sentences: Sequence[Sequence[Span]] = ()
    ) -> list[Reading]:
        """Judge (question, context, text, previous question) rows, those of like length in one batch.

        ``sentences`` are those of each text, as offsets into it, where their scores are wanted.
        """
        encodings = [self.pairs.encode(*pair) for pair in pairs]
        order = sorted(range(len(encodings)), key=lambda row: len(encodings[row].ids))
        readings: dict[int, Reading] = {}
        for first in range(0, len(order), AT_ONCE):
            rows = order[first : first + AT_ONCE]
            inside = [sentences[row] if sentences else () for row in rows]
            readings |= zip(rows, self._readings([encodings[row] for row in rows], inside), strict=True)
        return [readings[row] for row in range(len(encodings))]

    def _readings(self, encodings: Sequence[Encoding], sentences: Sequence[Sequence[Span]]) -> list[Reading]:
        answer, start, end, polarity = self.run(*batch(encodings, self.pad, MULTIPLE))
        raised = np.exp(polarity - polarity.max(-1, keepdims=True))
        settled = (raised / raised.sum(-1, keepdims=True)).tolist()
        readings = []
        for row, encoding in enumerate(encodings):
            n = len(encoding.ids)
            span, score = best_span(start[row, :n], end[row, :n], encoding.offsets)
            each = sentence_scores(start[row, :n], end[row, :n], encoding.offsets, sentences[row])
            readings.append(Reading(float(answer[row]), span, score, tuple(settled[row]), each))
        return readings


def best_span(start: NDArray[np.float32], end: NDArray[np.float32], offsets: Sequence[Span]) -> tuple[Span, float]:
    """The span (offsets into the passage's text) with the highest start plus end score, less its length's cost."""
    places = [i for i, (a, _) in enumerate(offsets) if a >= 0]
    if not places:
        return (0, 0), float("-inf")
    first, last = places[0], places[-1] + 1
    scores = _scores(start[first:last], end[first:last])
    a, b = divmod(int(scores.argmax()), len(scores))
    return (offsets[first + a][0], offsets[first + b][1]), float(scores[a, b])


def sentence_scores(
    start: NDArray[np.float32], end: NDArray[np.float32], offsets: Sequence[Span], sentences: Sequence[Span]
) -> tuple[float, ...]:
    """Of each sentence (offsets into the passage's text) the score of the best span inside it."""
    found = []
    for first, last in sentences:
        inside = [i for i, (a, b) in enumerate(offsets) if first <= a and b <= last]
        within = slice(inside[0], inside[-1] + 1) if inside else slice(0)
        found.append(float(_scores(start[within], end[within]).max(initial=-np.inf)))
    return tuple(found)


def _scores(start: NDArray[np.float32], end: NDArray[np.float32]) -> NDArray[np.float32]:
    """The score of each span, shape (first token, last token)."""
    count = len(start)
    lengths = np.arange(count)[None, :] - np.arange(count)[:, None] + 1
    scores = start[:, None] + end[None, :] - LENGTH_COST * np.log(np.maximum(lengths, 1))
    return np.where((lengths >= 1) & (lengths <= MAX_SPAN_TOKENS), scores, -np.inf)
