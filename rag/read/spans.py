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
    s, e = start[first:last], end[first:last]
    count = len(s)
    lengths = np.arange(count)[None, :] - np.arange(count)[:, None] + 1
    scores = s[:, None] + e[None, :] - LENGTH_COST * np.log(np.maximum(lengths, 1))
    allowed = np.triu(np.ones((count, count), dtype=bool)) & ~np.triu(np.ones((count, count), dtype=bool), most)
    scores = np.where(allowed, scores, -np.inf)
    a, b = divmod(int(scores.argmax()), count)
    return (offsets[first + a][0], offsets[first + b][1]), float(scores[a, b])
