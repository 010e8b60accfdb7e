"""Which words a reader's scores of starts and ends point at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.page import Span

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_SPAN_TOKENS = 160
LENGTH_COST = 0.3
"""What a span pays for its length, times its logarithm: start and end are chosen apart, so that a
doubtful pair stands too far apart. Chosen on held-out pages."""


def best_span(
    start: NDArray[np.float32], end: NDArray[np.float32], offsets: Sequence[Span], most: int = MAX_SPAN_TOKENS
) -> tuple[Span, float]:
    """The span (offsets into the passage's text) with the highest start plus end score, less its length's cost."""
    places = [i for i, (a, _) in enumerate(offsets) if a >= 0]
    if not places:
        return (0, 0), float("-inf")
    first, last = places[0], places[-1] + 1
    scores = _scores(start[first:last], end[first:last], most)
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


def _scores(start: NDArray[np.float32], end: NDArray[np.float32], most: int = MAX_SPAN_TOKENS) -> NDArray[np.float32]:
    """The score of each span, shape (first token, last token)."""
    count = len(start)
    lengths = np.arange(count)[None, :] - np.arange(count)[:, None] + 1
    scores = start[:, None] + end[None, :] - LENGTH_COST * np.log(np.maximum(lengths, 1))
    return np.where((lengths >= 1) & (lengths <= most), scores, -np.inf)
