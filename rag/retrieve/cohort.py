"""How much nearer a page is to a question than other pages are.

A cosine alone tells little: a question of few words is near to nothing, one about the State near to every page. So it is
normalised by a cohort, as scores are in speaker verification (Auckenthaler et al., 2000; "t-norm"): passages of other
pages and of an encyclopaedia (``python -m rag.training.cohort``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.packing import checked, mismatch_as
from rag.answer import Hit

FILE = Path(__file__).parent / "cohort.safetensors"
NEAREST = 30
"""Passages of the cohort that a question is compared with."""


@dataclass
class Cohort:
    """Unit vectors of passages of other pages, shape (passages, dimension); ``version`` changes with them."""

    vectors: NDArray[np.float32]
    version: str

    def contrast(self, vector: NDArray[np.float32], hits: Sequence[Hit]) -> float:
        """By how much the best cosine of ``hits`` is above the mean of the nearest of the cohort; ``vector`` is the
        question's, shape (dimension,), by the encoder that embedded both."""
        cosines = np.partition(self.vectors @ vector, -NEAREST)[-NEAREST:]
        return float(max(hit.dense for hit in hits) - cosines.mean())


@lru_cache(maxsize=2)
def load_cohort(trained_for: str, file: Path = FILE) -> Cohort:
    """The cohort in ``file``, for the encoder whose weights are ``trained_for``."""
    from safetensors.numpy import load_file

    with mismatch_as(f"la cohorte est absente ou abîmée : {file}"):
        _, version = checked(file, trained_for)
        vectors = load_file(file)["vectors"].astype(np.float32)
        return Cohort(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), version)
