"""SQuAD's F1 for French."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from index.words import words

ARTICLES = frozenset("le la les l un une des du au aux the a an".split())


def normalised(text: str) -> list[str]:
    """Folded words without articles or elided ones."""
    return [word for word in words(text) if word not in ARTICLES]


def f1(predicted: str, expected: Iterable[str]) -> float:
    """The best word-overlap F1 of ``predicted`` against any expected answer, 0 to 1."""
    return max((_f1(normalised(predicted), normalised(answer)) for answer in expected), default=0.0)


def _f1(predicted: list[str], expected: list[str]) -> float:
    if not predicted or not expected:
        return float(predicted == expected)
    common = sum((Counter(predicted) & Counter(expected)).values())
    if not common:
        return 0.0
    precision, recall = common / len(predicted), common / len(expected)
    return 2 * precision * recall / (precision + recall)
