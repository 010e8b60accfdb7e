"""The encoder for questions, which learnt together with that for passages to come near what answers them.

The upper layers of the encoder, adapted on questions that share no word with what answers them
(``python -m rag.training.search``); stored as 8-bit differences in ``queries.safetensors``. The layers below
are run once for both vectors of a question: the encoder's own, which the heads read, and the adapted one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.engine import Run, embedded, through
from index.packing import adapted_layers, checked, mismatch_as
from index.unpack import PROMPTS

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import nn

FILE = Path(__file__).parent / "queries.safetensors"
MAX_TOKENS = 512
_EXAMPLE = 24
"""Tokens of a usual question."""


@dataclass
class QuestionEncoder:
    """Both vectors of a question: what it searches by is ``searching``'s where another model embeds the passages."""

    tokenizer: Tokenizer
    run: Run
    searching: Encoder | None = None

    def encode(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """What ``text`` means, and what it searches by: unit vectors, each of its model's dimension."""
        tokens = np.array([self.ids(text)], dtype=np.int64)
        meaning, vector = self.run(tokens, np.ones_like(tokens))
        return meaning[0], vector[0] if self.searching is None else self.searching.encode_query([text])[0]

    def ids(self, text: str) -> list[int]:
        """The tokens of ``text``, as many as the network takes."""
        ids = self.tokenizer.encode(PROMPTS["query"] + text).ids
        return [*ids[: MAX_TOKENS - 1], *ids[-1:]] if len(ids) > MAX_TOKENS else ids


def question_encoder(encoder: Encoder, searching: Encoder | None = None) -> QuestionEncoder:
    """The vectors of questions by ``encoder`` and by what ``FILE`` makes of it, or by ``searching``.

    Raises:
        WeightsMismatch: the weights are missing, damaged, or of another encoder.
    """
    return QuestionEncoder(encoder.tokenizer, _run(encoder), searching)


@lru_cache(maxsize=2)
def _run(encoder: Encoder) -> Run:
    """The network for both vectors, made once for whoever asks for it."""
    with mismatch_as(f"les poids de l'encodeur de questions sont absents ou abîmés : {FILE}"):
        _, version = checked(FILE, encoder.trained_for)
        example = np.zeros((1, _EXAMPLE), dtype=np.int64)
        return encoder.run(f"question-{version}", _network, [example, np.ones_like(example)])


def _network(encoder: Encoder) -> nn.Module:
    """Token ids and mask in, both vectors out, each of shape (batch, dimension)."""
    from torch.nn import Module
    from torch.nn.functional import normalize

    network: Any = encoder.model[0]
    bert: Any = network.model
    first, adapted = adapted_layers(bert, FILE)

    class QuestionNetwork(Module):
        def __init__(self) -> None:
            super().__init__()
            self.bert, self.adapted = bert, adapted

        def forward(self, ids: Any, mask: Any) -> tuple[Any, Any]:
            shared = through(bert.encoder.layer[:first], embedded(bert, ids), mask)
            shown = mask.unsqueeze(-1)
            vectors = (through(layers, shared, mask).float() for layers in (bert.encoder.layer[first:], adapted))
            own, searching = (normalize((v * shown).sum(1) / shown.sum(1), dim=-1) for v in vectors)
            return own, searching

    return QuestionNetwork().eval()
