"""What the reader makes of held-out sources."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from index.encoder import fast_bfloat16
from index.page import Span
from rag.evaluate.squad import f1
from rag.read.model import ReaderModel
from rag.read.pairs import Encoding, PairEncoder, batch
from rag.read.reader import best_span
from rag.training.data import Item, Source, Text
from rag.training.negatives import attribute, changed

PAD = 1
MULTIPLE = 32


def area(positives: Sequence[float], negatives: Sequence[float]) -> float:
    """Area under the ROC curve: chance that a positive scores above a negative; nan where one is empty."""
    from sklearn.metrics import roc_auc_score

    if not len(positives) or not len(negatives):
        return float("nan")
    return float(roc_auc_score([1] * len(positives) + [0] * len(negatives), [*positives, *negatives]))


def collate(
    encodings: Sequence[Encoding], pad: int, device: torch.device | str = "cpu", multiple: int = 1
) -> tuple[torch.Tensor, ...]:
    """What the reader's network takes: :func:`rag.read.pairs.batch` as tensors."""
    return tuple(torch.from_numpy(array).to(device) for array in batch(encodings, pad, multiple))


class Evaluation:
    """Held-out sources, and what the reader makes of them."""

    def __init__(self, held: Sequence[Source], pairs: PairEncoder, most: int | None = None, seed: int = 7) -> None:
        """``most`` questions of each source, all if None."""
        self.pairs = pairs
        self.held = held
        rng = random.Random(seed)
        self.chosen = [sorted(rng.sample(range(len(s.items)), min(most or len(s.items), len(s.items)))) for s in held]
        self.rows: list[tuple[str, TextPair]] = []
        for source, chosen in zip(held, self.chosen, strict=True):
            for number in chosen:
                self.rows += [(kind, pair) for kind, pair in self._rows(source, number, rng)]

    def _rows(self, source: Source, number: int, rng: random.Random) -> Iterator[tuple[str, TextPair]]:
        """(kind, pair) for the areas under the curve: what answers, and what does not in several ways."""
        item = source.items[number]
        if not item.answered:
            place = item.passage if item.passage >= 0 else source.near[number][0]
            yield f"{source.name}-{item.kind}", _pair(item, source.texts[place])
            return
        text = source.texts[item.passage]
        yield f"{source.name}+", _pair(item, text)
        answers = [text.text[a:b] for a, b in item.spans]
        others = [
            source.texts[p]
            for p in source.near[number]
            if p not in (item.passage, *item.also) and not any(a in source.texts[p].text for a in answers)
        ]
        if others:
            yield f"{source.name}-near", _pair(item, others[0])
        if source.name == "piaf":
            if new := changed(item.question, text.text, source.names, rng):
                yield "piaf-changed", (new, text.context, text.text, "")
            if new := attribute(text.text, rng):
                yield "piaf-attribute", (new, text.context, text.text, "")
        if source.unrelated and source.unrelated[number]:
            yield "unrelated", _pair(item, source.unrelated[number][0])

    def run(self, model: ReaderModel, device: torch.device, *, ranking: bool = True) -> dict[str, float]:
        """AUC by kind of "not answered here", hit@1 among the nearest 8, span F1 on the right passage.

        Without ``ranking`` there is no hit@1: it takes most of the time.
        """
        model.eval()
        figures = self._areas(model, device)
        for source, chosen in zip(self.held, self.chosen, strict=True):
            figures |= self._reading(source, chosen, model, device, ranking)
        figures |= self._polarity(model, device)
        model.train()
        return {name: round(value, 4) for name, value in figures.items()}

    def _areas(self, model: ReaderModel, device: torch.device) -> dict[str, float]:
        scores: dict[str, list[float]] = {}
        outputs = _scored(model, [pair for _, pair in self.rows], self.pairs, device)
        for (kind, _), read in zip(self.rows, outputs, strict=True):
            scores.setdefault(kind, []).append(read.answer)
        figures: dict[str, float] = {}
        for name in (source.name for source in self.held):
            unanswered = {k: v for k, v in scores.items() if k.startswith(name + "-")}
            positives = scores.get(name + "+", [])
            figures[f"auc {name}"] = area(positives, [s for values in unanswered.values() for s in values])
            for kind, values in sorted(unanswered.items()):
                figures[f"auc {kind}"] = area(positives, values)
        everything = [s for kind, values in scores.items() if kind.endswith("+") for s in values]
        figures["auc unrelated"] = area(everything, scores.get("unrelated", []))
        return figures

    def _reading(
        self, source: Source, chosen: Sequence[int], model: ReaderModel, device: torch.device, ranking: bool
    ) -> dict[str, float]:
        asked = [(source.items[n], source.hard[n][:8] if ranking else []) for n in chosen if source.items[n].answered]
        pairs = [_pair(item, source.texts[p]) for item, places in asked for p in (*places, item.passage)]
        read = iter(_scored(model, pairs, self.pairs, device))
        hits, overlap, spans = 0, 0.0, 0
        for item, places in asked:
            scores = [next(read).answer for _ in places]
            hits += bool(places) and places[int(np.argmax(scores))] in (item.passage, *item.also)
            a, b = next(read).span
            if item.spans:
                text = source.texts[item.passage].text
                overlap += f1(text[a:b], [text[s:e] for s, e in item.spans])
                spans += 1
        figures = {f"hit@1 {source.name}": hits / max(1, len(asked))} if ranking else {}
        return figures | ({f"span_f1 {source.name}": overlap / spans} if spans else {})

    def _polarity(self, model: ReaderModel, device: torch.device) -> dict[str, float]:
        """Part of settled yes/no questions that are called right, and of those above 0.9."""
        yes = [
            (source.items[n], source)
            for source, chosen in zip(self.held, self.chosen, strict=True)
            for n in chosen
            if source.items[n].polarity in (0, 1) and source.items[n].answered
        ]
        read = _scored(model, [_pair(i, s.texts[i.passage]) for i, s in yes], self.pairs, device)
        right = [int(np.argmax(r.polarity)) == i.polarity for (i, _), r in zip(yes, read, strict=True)]
        bold = [ok for ok, r in zip(right, read, strict=True) if max(r.polarity[:2]) > 0.9]
        return {
            "polarity": sum(right) / max(1, len(right)),
            "polarity > 0.9": sum(bold) / max(1, len(bold)),
            "polarity > 0.9 said": len(bold) / max(1, len(right)),
        }


TextPair = tuple[str, str, str, str]
"""Question, context, text, previous question."""


def _pair(item: Item, text: Text) -> TextPair:
    return item.question, text.context, text.text, item.previous


@dataclass(frozen=True)
class Scored:
    """Answer logit, span in the text, probabilities of denied, affirmed, not settled."""

    answer: float
    span: Span
    polarity: tuple[float, ...]


@torch.no_grad()
def _scored(
    model: ReaderModel, pairs_read: Sequence[TextPair], pairs: PairEncoder, device: torch.device
) -> list[Scored]:
    encodings = [pairs.encode(*pair) for pair in pairs_read]
    order = sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids))
    results: list[Any] = [None] * len(encodings)
    for begin in range(0, len(order), 32):
        part = order[begin : begin + 32]
        with autocast(device):
            output = model(*collate([encodings[i] for i in part], PAD, device, MULTIPLE))
        answer, polarity = output.answer.float().cpu().numpy(), output.polarity.float().softmax(-1).tolist()
        start, end = output.start.float().cpu().numpy(), output.end.float().cpu().numpy()
        for row, i in enumerate(part):
            n = len(encodings[i].ids)
            span, _ = best_span(start[row, :n], end[row, :n], encodings[i].offsets)
            results[i] = Scored(float(answer[row]), span, tuple(polarity[row]))
    return results


def autocast(device: torch.device) -> Any:
    if device.type == "cuda" or fast_bfloat16():
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return nullcontext()
