"""Learnt heads on the question: intent, form, expected type, whether it leans on the one before.

One hidden layer for all of them, on the vector that retrieval computes anyway, on the question's words, hashed, and on
how much of it is the page's: the vector knows what is meant, the words how it is put. Trained by ``python -m rag.training.heads``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.packing import checked, mismatch_as
from index.words import words

FILE = Path(__file__).parent / "heads.safetensors"
BUCKETS = 2048
"""Places for single words and pairs of words, by their checksum."""
SPECIFIC = "specific"
"""A question that wants one thing, of a subject that it names."""
USUAL = {
    "intent": frozenset(("page",)),
    "leans": frozenset(("alone",)),
    "form": frozenset(("fact", "definition", "yes_no")),
    "about": frozenset(("content",)),
    "aim": frozenset((SPECIFIC,)),
    "every": frozenset((SPECIFIC,)),
}
"""Classes that cost little where they are wrong; the others are believed only where that is nearly sure."""
VECTOR_SCALE, WORDS_SCALE, OF_PAGE_SCALE = 0.3, 3.0, 3.0
"""What brings them to one length for the regularisation."""


@dataclass(frozen=True)
class Asked:
    """What the heads read of a question: its embedding, shape (dimension,), its text, and how much of it is the page's
    (:meth:`rag.question.vocabulary.Vocabulary.recognised`)."""

    vector: NDArray[np.float32]
    text: str
    of_page: tuple[float, float, float]


def word_counts(text: str) -> NDArray[np.float32]:
    """Words and pairs of neighbouring words of ``text`` in ``BUCKETS`` places, of length 1 together."""
    tokens = ["^", *words(text), *(["?"] if "?" in text else [])]
    counts = np.zeros(BUCKETS, dtype=np.float32)
    for token in (*tokens, *(f"{a} {b}" for a, b in pairwise(tokens))):
        counts[crc32(token.encode()) % BUCKETS] += 1
    return counts / np.linalg.norm(counts)


@dataclass(frozen=True)
class Scaling:
    """Mean and deviation of embeddings, each of shape (dimension,): those of E5 hardly differ otherwise."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    def features(self, asked: Asked) -> NDArray[np.float32]:
        """Vector, words and the page's part side by side, shape (dimension + BUCKETS + 3,)."""
        vector = (asked.vector - self.mean) / self.deviation * VECTOR_SCALE
        of_page = np.array(asked.of_page) * OF_PAGE_SCALE
        return np.concatenate([vector, word_counts(asked.text) * WORDS_SCALE, of_page]).astype(np.float32)


@dataclass(frozen=True)
class Layer:
    """Weights of shape (outputs, inputs), biases of shape (outputs,)."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]

    def __call__(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        # Not ``@``: of a matrix of this size it wakes threads that spin on the cores which the reader needs next.
        outputs: NDArray[np.float32] = np.einsum("ij,j->i", self.weights, inputs) + self.biases
        return outputs


@dataclass(frozen=True)
class Head:
    """The names of the classes, and the layer that weighs them."""

    classes: tuple[str, ...]
    layer: Layer

    def probabilities(self, hidden: NDArray[np.float32]) -> dict[str, float]:
        """The probability of each class."""
        logits = self.layer(hidden)
        raised = np.exp(logits - logits.max())
        return dict(zip(self.classes, (raised / raised.sum()).tolist(), strict=True))


@dataclass
class Heads:
    """The heads by name: intent, form, expected, leans, smalltalk, worry, reshape, about, scope, aim, every, several.

    ``usual`` are the classes of a head that are mistaken at little cost, ``least`` the probability of all its
    others together above which one of them is believed. A class may have its own in ``least``. ``frame`` are the words
    by which whatever is said of a subject is asked for, the subject's own words aside; ``every`` those by which all dates, or
    all of another kind, are asked for. ``version`` changes with the file.
    """

    scaling: Scaling
    hidden: Layer
    heads: Mapping[str, Head]
    least: dict[str, float]
    frame: frozenset[str] = frozenset()
    every: frozenset[str] = frozenset()
    version: str = ""

    def best(self, name: str, found: Mapping[str, float]) -> str:
        """The class of the head ``name`` that is believed, of the probabilities that it found. One that falls short of its own
        least probability speaks for none of the others."""
        usual = USUAL.get(name, frozenset(found))
        standing = {label: p for label, p in found.items() if p >= self.least.get(label, 0.0)}
        unusual = [label for label in standing if label not in usual]
        if sum(standing[label] for label in unusual) > self.least.get(name, 1.0):
            return max(unusual, key=found.__getitem__)
        return max(usual.intersection(standing) or usual, key=found.__getitem__)

    def probabilities(self, asked: Asked) -> dict[str, dict[str, float]]:
        """What each head thinks, by class."""
        hidden = np.maximum(self.hidden(self.scaling.features(asked)), 0)
        return {name: head.probabilities(hidden) for name, head in self.heads.items()}


def load_heads(encoder: str, file: Path = FILE) -> Heads:
    """The heads in ``file``, trained on vectors of the ``encoder`` of that checksum."""
    from safetensors.numpy import load_file

    with mismatch_as(f"les têtes de compréhension sont absentes ou abîmées : {file}"):
        metadata, version = checked(file, encoder)
        tensors = {name: tensor.astype(np.float32) for name, tensor in load_file(file).items()}
        classes: dict[str, Sequence[str]] = json.loads(metadata["classes"])
        layers = {name: Layer(tensors[f"{name}.weights"], tensors[f"{name}.biases"]) for name in ("hidden", *classes)}
        heads = {name: Head(tuple(labels), layers[name]) for name, labels in classes.items()}
        scaling = Scaling(tensors["mean"], tensors["deviation"])
        least = json.loads(metadata["least"])
        frame, every = (frozenset(json.loads(metadata[name])) for name in ("frame", "every"))
        return Heads(scaling, layers["hidden"], heads, least, frame, every, version)
