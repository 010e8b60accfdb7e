"""The trained model with its tokenizer: passages in, readings out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from index.page import Passage, Span
from rag.read.model import ReaderModel, best_span
from rag.read.pairs import PairEncoder, collate

MULTIPLE = 16
"""Lengths are rounded up to this: a processor prepares its kernels once a shape."""


@dataclass(frozen=True)
class Reading:
    """What the reader says of one passage.

    ``logit`` grows with the certainty that the passage answers; ``span`` are offsets into the
    text of the passage; ``polarity`` are the probabilities that a yes/no question is denied, affirmed,
    or not settled by the passage.
    """

    logit: float
    span: Span
    span_score: float
    polarity: tuple[float, float, float]


class Reader:
    """The trained model with its tokenizer."""

    def __init__(
        self,
        model: ReaderModel,
        pairs: PairEncoder,
        *,
        pad: int,
        version: str = "",
    ) -> None:
        self.model = model.eval()
        self.pairs = pairs
        self.pad = pad
        self.version = version

    def read(self, question: str, passages: Sequence[Passage], previous: str = "") -> list[Reading]:
        """Judge each passage, in one batch. Spans are offsets into the passage's text."""
        if not passages:
            return []
        return self.read_pairs([(question, p.context, p.text, previous) for p in passages])

    @torch.inference_mode()
    def read_pairs(self, pairs: Sequence[tuple[str, str, str, str]]) -> list[Reading]:
        """Judge (question, context, text, previous question) rows, in one batch."""
        device = next(self.model.parameters()).device
        encodings = [self.pairs.encode(*pair) for pair in pairs]
        output = self.model(*collate(encodings, self.pad, device, MULTIPLE))
        answer = output.answer.float().cpu().numpy()
        polarity = torch.softmax(output.polarity.float(), -1).cpu().tolist()
        start, end = output.start.float().cpu().numpy(), output.end.float().cpu().numpy()
        readings = []
        for row, encoding in enumerate(encodings):
            n = len(encoding.ids)
            span, score = best_span(start[row, :n], end[row, :n], encoding.offsets)
            readings.append(Reading(float(answer[row]), span, score, tuple(polarity[row])))
        return readings
