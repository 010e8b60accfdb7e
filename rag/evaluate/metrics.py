"""SQuAD's F1 for French, and the area under the ROC curve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

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


def roc_auc(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Chance that a positive scores above a negative, ties counted half; nan where one is empty."""
    if not len(positives) or not len(negatives):
        return float("nan")
    scores = np.concatenate([np.asarray(positives, float), np.asarray(negatives, float)])
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    n, m = len(positives), len(negatives)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * m))
