"""Learnt heads on the question's embedding: intent, form, expected type, whether it leans on the one before.

Each is one linear layer on the vector that retrieval computes anyway; trained by ``python -m rag.training.heads``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = Path(__file__).parent / "heads.safetensors"


class HeadsMismatch(RuntimeError):
    """The heads are missing, damaged, or were trained on another encoder."""


@dataclass(frozen=True)
class Head:
    """Class names, weights of shape (classes, dimension), biases of shape (classes,)."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    def probabilities(self, vector: NDArray[np.float32]) -> dict[str, float]:
        """The probability of each class for one vector of shape (dimension,)."""
        logits = self.weights @ vector + self.biases
        raised = np.exp(logits - logits.max())
        return dict(zip(self.classes, (raised / raised.sum()).tolist(), strict=True))


class Heads:
    """The heads by name: intent, form, expected, leans, smalltalk, worry, reshape.

    ``least`` are probabilities above which a class other than the usual one is believed.
    """

    def __init__(self, heads: Mapping[str, Head], least: Mapping[str, float]) -> None:
        self.heads = dict(heads)
        self.least = dict(least)

    def best(self, name: str, vector: NDArray[np.float32]) -> tuple[str, float]:
        """The likeliest class of the head ``name``, and its probability."""
        found = self.heads[name].probabilities(vector)
        return max(found.items(), key=lambda item: item[1])

    def of(self, name: str, label: str, vector: NDArray[np.float32]) -> float:
        """The probability of the class ``label`` of the head ``name``."""
        return self.heads[name].probabilities(vector)[label]

    def save(self, file: Path, encoder: str) -> None:
        """Write the heads, and the checksum of the encoder whose vectors they read."""
        from safetensors.numpy import save_file

        tensors = {f"{name}.weights": np.ascontiguousarray(head.weights, np.float16) for name, head in self.heads.items()}
        tensors |= {f"{name}.biases": head.biases.astype(np.float16) for name, head in self.heads.items()}
        classes = {name: head.classes for name, head in self.heads.items()}
        metadata = {"encoder": encoder, "classes": json.dumps(classes), "least": json.dumps(self.least)}
        save_file(tensors, file, metadata)


def load_heads(encoder: str, file: Path = FILE) -> Heads:
    """The heads in ``file``.

    Raises:
        HeadsMismatch: not there, not readable, or trained on vectors of another encoder than ``encoder``.
    """
    from safetensors import safe_open

    try:
        with safe_open(str(file), "np") as stored:
            metadata = stored.metadata()
            classes: dict[str, Sequence[str]] = json.loads(metadata["classes"])
            heads = {
                name: Head(
                    tuple(labels),
                    stored.get_tensor(f"{name}.weights").astype(np.float32),
                    stored.get_tensor(f"{name}.biases").astype(np.float32),
                )
                for name, labels in classes.items()
            }
    except Exception as error:  # whatever a missing or broken file makes its reader raise
        raise HeadsMismatch(f"les têtes de compréhension sont absentes ou abîmées : {file}") from error
    if metadata["encoder"] != encoder:
        raise HeadsMismatch("les têtes de compréhension n'ont pas été entraînées pour ce modèle d'encodeur")
    return Heads(heads, json.loads(metadata["least"]))
