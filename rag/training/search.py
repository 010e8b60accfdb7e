"""Adapt the encoder's upper layers for search, for questions and, apart, for passages: ``python -m rag.training.search``.

Contrastive: each question of a step against all passages of the pages that the step draws. The layers below stay as
they are and are run once for each text, whose states are kept (5 GB for all questions and passages); so an epoch is half an
hour on two cores.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from index.encoder import PASSAGES, Encoder
from index.engine import embedded, through
from index.packing import adapted_layers, layers_state, pack
from index.settings import Settings
from index.store import document_text
from index.unpack import PROMPTS
from rag.question.encoding import FILE
from rag.training import written
from rag.training.data import Source
from rag.training.pages import FOLDER
from rag.training.sources import load_sources

FROZEN = 8
"""Lowest layers left as the encoder has them."""
STEPS = 850
RATES = {"document": 1.2e-4, "query": 6e-5}
WARM_UP = 30
TEMPERATURE = 0.04
CHARS = 20_000
"""Least of the passages that a step draws: some 70 passages of three or four pages, with as many questions."""
MOST_PASSAGES = 48
QUESTIONS = {"written": 20, "pages": 20, "piaf": 8}
"""Most questions of a page in a step, by source; other sources are not searched in."""
MAX_TOKENS = {"document": 512, "query": 96}
CHUNK = 1024
"""Tokens that go through the layers together, padding with them: small is faster on two cores."""
DEPTHS = (1, 2, 4, 6, 12)

Side = Literal["query", "document"]
SIDES: tuple[Side, Side] = ("query", "document")


@dataclass(frozen=True)
class Asked:
    """A question, as it is searched for, with the places of the passages that answer; ``leans`` on one before it."""

    text: str
    right: frozenset[int]
    leans: bool


@dataclass(frozen=True)
class SearchedPage:
    """A page of the source ``name``: its passages, as the index embeds them, and the questions that it answers."""

    name: str
    key: str
    passages: tuple[str, ...]
    questions: tuple[Asked, ...]


def pages_of(source: Source) -> Iterator[SearchedPage]:
    """The pages of a source that answer a question."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(source.texts):
        places.setdefault(text.article, []).append(place)
    asked: dict[str, dict[str, Asked]] = {}
    for item in source.items:
        if item.passage >= 0 and item.answered:
            page = places[source.article(item)]
            right = frozenset(page.index(place) for place in item.also or (item.passage,))
            asked.setdefault(source.article(item), {})[item.searched] = Asked(item.searched, right, bool(item.previous))
    for key, questions in asked.items():
        passages = tuple(document_text(source.texts[place]) for place in places[key])
        yield SearchedPage(source.name, key, passages, tuple(questions.values()))


class Below:
    """States of texts after the layers that are frozen, float16 of shape (tokens, hidden), each made once."""

    def __init__(self, encoder: Encoder) -> None:
        model: Any = encoder.model
        self.bert = model[0].model
        self._tokenizer = model.tokenizer
        self._kept: dict[tuple[Side, str], np.ndarray[Any, np.dtype[np.float16]]] = {}

    def states(self, side: Side, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """States (texts, tokens, hidden) and mask (texts, tokens) of ``texts``."""
        self._make(side, [text for text in dict.fromkeys(texts) if (side, text) not in self._kept])
        kept = [torch.from_numpy(self._kept[side, text]).float() for text in texts]
        states = nn.utils.rnn.pad_sequence(kept, batch_first=True)
        mask = nn.utils.rnn.pad_sequence([torch.ones(len(one), dtype=torch.long) for one in kept], batch_first=True)
        return states, mask

    @torch.no_grad()
    def _make(self, side: Side, texts: Sequence[str]) -> None:
        if not texts:
            return
        batch = self._tokenizer(
            [PROMPTS[side] + text for text in texts], return_tensors="pt", padding=True, truncation=True,
            max_length=MAX_TOKENS[side],
        )  # fmt: skip
        ids, mask = batch["input_ids"], batch["attention_mask"]
        states = through(self.bert.encoder.layer[:FROZEN], embedded(self.bert, ids), mask).half().numpy()
        for text, one, length in zip(texts, states, mask.sum(1).tolist(), strict=True):
            self._kept[side, text] = one[:length].copy()


class Above:
    """One side's upper layers, to be trained; from those of ``file`` where one is given."""

    def __init__(self, side: Side, below: Below, file: Path | None = None) -> None:
        self.side = side
        self.below = below
        layers = below.bert.encoder.layer
        self.layers = adapted_layers(below.bert, file)[1] if file else copy.deepcopy(layers[FROZEN:])
        for module in self.layers.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0

    def embed(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit vectors, (texts, dimension)."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        vectors: dict[int, torch.Tensor] = {}
        most = max(1, CHUNK * 4 // max(1, len(texts[order[-1]])))
        for begin in range(0, len(order), most):
            part = order[begin : begin + most]
            states, mask = self.below.states(self.side, [texts[n] for n in part])
            shown = mask[..., None].float()
            pooled = (through(self.layers, states, mask) * shown).sum(1) / shown.sum(1)
            vectors |= zip(part, functional.normalize(pooled, dim=-1), strict=True)
        return torch.stack([vectors[n] for n in range(len(texts))])

    def save(self, out: Path, checksum: str) -> None:
        """Write the differences from the encoder, which ``checksum`` names."""
        from safetensors.torch import save_file

        base = layers_state(self.below.bert.encoder.layer[FROZEN:], FROZEN)
        packed = pack(layers_state(self.layers, FROZEN), base)
        save_file({name: value.contiguous() for name, value in packed.items()}, out, {"encoder": checksum})


def draw(pages: Iterator[SearchedPage], rng: random.Random) -> tuple[list[str], list[tuple[str, list[int]]]]:
    """Passages and questions of a step: of each question the places of those that answer."""
    passages: list[str] = []
    questions: list[tuple[str, list[int]]] = []
    while sum(map(len, passages)) < CHARS:
        page = next(pages)
        asked = rng.sample(page.questions, min(len(page.questions), QUESTIONS[page.name]))
        needed = set[int]().union(*(one.right for one in asked))
        others = [place for place in range(len(page.passages)) if place not in needed]
        chosen = sorted(needed.union(rng.sample(others, min(len(others), max(8, MOST_PASSAGES - len(needed))))))
        place_of = {place: len(passages) + number for number, place in enumerate(chosen)}
        passages += [page.passages[place] for place in chosen]
        questions += [(one.text, [place_of[place] for place in one.right]) for one in asked]
    return passages, questions


def loss(document: Above, query: Above, passages: Sequence[str], questions: Sequence[tuple[str, list[int]]]) -> Any:
    """How far each question is from the passages that answer it, beside all others."""
    scores = query.embed([text for text, _ in questions]) @ document.embed(passages).T / TEMPERATURE
    right = torch.zeros_like(scores, dtype=torch.bool)
    for number, (_, places) in enumerate(questions):
        right[number, places] = True
    return (torch.logsumexp(scores, 1) - torch.logsumexp(scores.masked_fill(~right, -1e9), 1)).mean()


@torch.no_grad()
def recall(pages: Sequence[SearchedPage], document: Above, query: Above) -> dict[str, dict[int, float]]:
    """By kind of page, and of follow-ups, the part of the questions with a passage that answers among the first few of their
    page, by the vectors alone."""
    ranks: dict[str, list[int]] = {}
    for page in pages:
        scores = query.embed([one.text for one in page.questions]) @ document.embed(page.passages).T
        for one, row in zip(page.questions, scores, strict=True):
            real = page.key.startswith(("fiche", "travail"))
            kind = "follow-ups" if one.leans else page.name if page.name != "written" else "real" if real else "own"
            ranks.setdefault(kind, []).append(int((row > row[list(one.right)].max()).sum()))
    return {
        kind: {depth: round(sum(rank < depth for rank in found) / len(found), 3) for depth in DEPTHS}
        for kind, found in sorted(ranks.items())
    }


def endless(pages: Sequence[SearchedPage], rng: random.Random) -> Iterator[SearchedPage]:
    """Each page once, then again, in another order each time."""
    while True:
        yield from rng.sample(pages, len(pages))


def train(
    data: Path,
    work: Path,
    out: tuple[Path, Path],
    steps: int,
    seed: int = 5,
    pages: Path = FOLDER,
    questions: Path = written.FOLDER,
) -> dict[str, dict[str, dict[int, float]]]:
    """Train ``steps`` from what ``out`` (questions, passages) holds, write it there, and return the recall on held-out pages
    before and after; with no steps only the first."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    encoder = Encoder.load(Settings.from_env(precision="float32"))
    sources, held = load_sources(data, pages, questions, work=work)
    known = [page for s in sources if s.name in QUESTIONS for page in pages_of(s)]
    aside = [page for s in held if s.name in QUESTIONS for page in pages_of(s)]
    below = Below(encoder)
    query, document = (
        Above(side, below, file if file.exists() else None) for side, file in zip(SIDES, out, strict=True)
    )
    sides = (query, document)
    figures = {"before": recall(aside, document, query)}
    if not steps:
        return figures
    groups = [{"params": list(side.layers.parameters()), "top": RATES[side.side]} for side in sides]
    optimizer = torch.optim.AdamW(groups, lr=0.0, weight_decay=0.01)
    drawn, begun = endless(known, rng), time.monotonic()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * min(1.0, (step + 1) / WARM_UP) * (1 - step / steps)
        value = loss(document, query, *draw(drawn, rng))
        optimizer.zero_grad()
        torch.autograd.backward(value)
        optimizer.step()
        if step % 20 == 19:
            print(step + 1, round(float(value.detach()), 3), f"{time.monotonic() - begun:.0f} s", flush=True)
    for side, file in zip(sides, out, strict=True):
        side.save(file, encoder.checksum)
    return figures | {"after": recall(aside, document, query)}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.search", description="Adapt the encoder for search.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="folder for pages as files")
    parser.add_argument("--queries", type=Path, default=FILE)
    parser.add_argument("--passages", type=Path, default=PASSAGES)
    parser.add_argument("--steps", type=int, default=0, help=f"how long to train on (some {STEPS}); 0 only measures")
    a = parser.parse_args(argv)
    for name, figures in train(a.data, a.work, (a.queries, a.passages), a.steps).items():
        for kind, found in figures.items():
            print(name, kind, found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
