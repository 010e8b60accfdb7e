"""The reader's network: one pass over (question, passage) tells whether and by which words it answers."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

import torch
from torch import nn

from index.encoder import Encoder
from index.engine import embedded, through
from rag.read.pairs import MATCHES


class Output(NamedTuple):
    """Raw outputs for a batch: (batch,), (batch, tokens), (batch, tokens), (batch, 3)."""

    answer: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor
    polarity: torch.Tensor


class ReaderModel(nn.Module):
    """The encoder's layers, word-match embeddings and three heads.

    The layers below ``match_layer`` are the encoder's own, untouched; the embeddings that tell
    which words question and passage share are added above them.
    """

    def __init__(self, bert: nn.Module, hidden: int, match_layer: int = 0) -> None:
        super().__init__()
        self.bert: Any = bert
        self.match_layer = match_layer
        self.match = nn.Embedding(MATCHES, hidden)
        nn.init.zeros_(self.match.weight)
        self.pool = nn.Linear(3 * hidden, hidden)
        self.answer = nn.Linear(hidden, 1)
        self.polarity = nn.Linear(hidden, 3)
        self.span = nn.Linear(hidden, 2)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, matches: torch.Tensor) -> Output:
        layers = self.bert.encoder.layer
        states = through(layers[: self.match_layer], embedded(self.bert, ids), mask)
        states = through(layers[self.match_layer :], states + self.match(matches), mask)
        shown = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * shown).sum(1) / shown.sum(1)
        most = states.masked_fill(shown == 0, torch.finfo(states.dtype).min).amax(1)
        pooled = torch.nn.functional.gelu(self.pool(torch.cat([states[:, 0], mean, most], -1)))
        start, end = self.span(states).unbind(-1)
        return Output(self.answer(pooled)[:, 0], start, end, self.polarity(pooled))


def own_bert(encoder: Encoder) -> tuple[nn.Module, int]:
    """A copy of the encoder's network that shares its word embeddings, and its hidden size."""
    network: Any = encoder.model[0].model
    words = network.embeddings.word_embeddings
    memo = {id(words.weight): words.weight, id(words): words}
    return copy.deepcopy(network, memo), int(network.config.hidden_size)
