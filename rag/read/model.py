"""The reader's network: one pass over (question, passage) tells whether and by which words it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from index.page import Span
from rag.read.pairs import MATCHES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.encoder import Encoder

MAX_SPAN_TOKENS = 160
LENGTH_COST = 0.3
"""What a span pays for its length, times its logarithm: start and end are chosen apart, so that a
doubtful pair stands too far apart. Chosen on held-out pages."""


@dataclass(frozen=True)
class Output:
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
        states = self.bert.embeddings(input_ids=ids)
        least = torch.finfo(states.dtype).min
        hidden_keys = ((1 - mask) * least).to(states.dtype)[:, None, None, :]
        for number, layer in enumerate(self.bert.encoder.layer):
            if number == self.match_layer:
                states = states + self.match(matches)
            given = layer(states, hidden_keys)
            states = given[0] if isinstance(given, tuple) else given  # transformers 4 and 5
        shown = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * shown).sum(1) / shown.sum(1)
        most = states.masked_fill(shown == 0, torch.finfo(states.dtype).min).amax(1)
        pooled = torch.nn.functional.gelu(self.pool(torch.cat([states[:, 0], mean, most], -1)))
        start, end = self.span(states).unbind(-1)
        return Output(self.answer(pooled)[:, 0], start, end, self.polarity(pooled))


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
    allowed = np.triu(np.ones((count, count), dtype=bool)) & ~np.triu(
        np.ones((count, count), dtype=bool), most
    )
    scores = np.where(allowed, scores, -np.inf)
    a, b = divmod(int(scores.argmax()), count)
    return (offsets[first + a][0], offsets[first + b][1]), float(scores[a, b])


def own_bert(encoder: Encoder) -> tuple[nn.Module, int]:
    """A copy of the encoder's network that shares its word embeddings, and its hidden size."""
    import copy

    network: Any = encoder.model[0].model
    words = network.embeddings.word_embeddings
    memo = {id(words.weight): words.weight, id(words): words}
    return copy.deepcopy(network, memo), int(network.config.hidden_size)
