"""Hybrid retrieval: dense and BM25 scores of every passage, fused."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.store import Index
from rag.answer import Hit
from rag.question.asked import Question


def fuse(dense: NDArray[np.float32], bm25: NDArray[np.float32], dense_weight: float) -> NDArray[np.float32]:
    """Weighted sum of the two scores, each as standard scores over the passages, shape (passages,).

    Standard scores put the two on one scale whatever the collection: a cosine of E5 lies between
    0.75 and 0.90, a BM25 score has no bound.
    """
    fused: NDArray[np.float32] = dense_weight * _standard(dense) + (1 - dense_weight) * _standard(bm25)
    return fused


def _standard(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    deviation = float(scores.std())
    if deviation < 1e-6:  # one passage, or no word in common with any
        return np.zeros_like(scores)
    standard: NDArray[np.float32] = (scores - scores.mean()) / deviation
    return standard


@dataclass
class Retriever:
    """The passages of an index nearest to a question."""

    index: Index
    dense_weight: float

    def search(self, question: Question, count: int) -> list[Hit]:
        """The ``count`` best hits, best first, by the question's own vector."""
        if question.vector is None:
            raise ValueError("a question is embedded before it is searched for")
        scores = self.index.scores(question.vector, question.searched)
        fused = fuse(scores.dense, scores.bm25, self.dense_weight)
        order = np.argsort(-fused, kind="stable")[:count]
        return [
            Hit(self.index.passages[i], float(fused[i]), float(scores.dense[i]), float(scores.bm25[i])) for i in order
        ]
