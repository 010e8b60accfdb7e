"""The learnt head: how likely a claim follows from a passage, by the reader's network trained on claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.page import Passage
from rag.logistic import logistic
from rag.read.pairs import MAX_QUESTION_TOKENS
from rag.read.reader import Reader
from rag.read.weights import load_reader

if TYPE_CHECKING:
    from index.encoder import Encoder


class FollowsHead(Protocol):
    """Judges whether a claim follows from a passage."""

    def probability(self, claim: str, passage: Passage) -> float:
        """From 0 to 1; 0 for a claim that is too long to be read whole."""
        ...


class LearntHead:
    """The trained network behind :class:`FollowsHead`."""

    def __init__(self, network: Reader) -> None:
        self.network = network
        self.version = network.version

    def probability(self, claim: str, passage: Passage) -> float:
        if len(self.network.pairs.tokenizer.encode(claim, add_special_tokens=False).ids) > MAX_QUESTION_TOKENS:
            return 0.0
        (reading,) = self.network.read_pairs([(claim, passage.context, passage.text, "")])
        return logistic(reading.logit)


def load_head(folder: Path, encoder: Encoder) -> LearntHead:
    """The head in ``folder``.

    Raises:
        WeightsMismatch: no weights there, not readable, or trained on another encoder.
    """
    return LearntHead(load_reader(folder, encoder, "support"))
