"""Adapt the encoder's upper layers for questions, passages' vectors left as they are: ``python -m rag.training.queries``.

Contrastive: a question's passages against all others of its page, and against those that answer the other
questions of the step. Minutes on two cores: a question is short, and no passage is embedded twice.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from index.encoder import Encoder
from index.settings import Settings
from rag.question.encoding import FILE
from rag.question.packing import pack
from rag.training.data import Source
from rag.training.evaluation import autocast
from rag.training.sources import load_sources

FROZEN = 8
"""Lowest layers left as the encoder has them."""
STEPS = 400
RATE = 1.2e-4
WARM_UP = 40
TEMPERATURE = 0.04
MOST_PASSAGES = 80
STEP = {"written": 24, "piaf": 8}
"""Questions of a step, by source."""
MAX_TOKENS = 96
DEPTHS = (1, 3, 8, 12)


@dataclass(frozen=True)
class Query:
    """A question, as it is searched for, with the places of the passages that answer and of its article's."""

    text: str
    right: frozenset[int]
    article: tuple[int, ...]


@dataclass(frozen=True)
class Passages:
    """A source's passages as unit vectors, (passages, dimension), and its questions."""

    vectors: torch.Tensor
    queries: tuple[Query, ...]


def passages_of(source: Source, encoder: Encoder) -> Passages:
    """The source embedded as the index does it."""
    texts = [f"{t.context}\n{t.text}" if t.context else t.text for t in source.texts]
    articles: dict[str, list[int]] = {}
    for place, text in enumerate(source.texts):
        articles.setdefault(text.article, []).append(place)
    queries = {}
    for item in source.items:
        if item.passage >= 0 and item.answered:
            article = tuple(articles[source.article(item)])
            queries[item.searched] = Query(item.searched, frozenset(item.also or (item.passage,)), article)
    return Passages(torch.from_numpy(encoder.encode_document(texts)), tuple(queries.values()))


class QueryNetwork:
    """The encoder's network, its upper layers to be trained."""

    def __init__(self, encoder: Encoder) -> None:
        model: Any = encoder.model
        self.tokenizer = model.tokenizer
        self.network: Any = copy.deepcopy(model[0].model)
        self.network.set_attn_implementation("eager")
        for name, parameter in self.network.named_parameters():
            parameter.requires_grad_(any(name.startswith(f"encoder.layer.{n}.") for n in range(FROZEN, 12)))
        for module in self.network.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0

    def embed(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit vectors, (texts, dimension)."""
        batch = self.tokenizer(
            [f"query: {text}" for text in texts],
            return_tensors="pt",
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
        )
        with autocast(torch.device("cpu")):
            states = self.network(batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
        shown = batch["attention_mask"][..., None].float()
        return functional.normalize((states.float() * shown).sum(1) / shown.sum(1), dim=-1)


def loss(queries: Sequence[tuple[Passages, Query]], vectors: torch.Tensor, rng: random.Random) -> torch.Tensor:
    """How far each question is from its own passages, beside the rest of its page and the other questions'."""
    golds = torch.stack([source.vectors[min(query.right)] for source, query in queries])
    parts = []
    for number, (source, query) in enumerate(queries):
        article = query.article if len(query.article) <= MOST_PASSAGES else rng.sample(query.article, MOST_PASSAGES)
        places = sorted({*article, *query.right})
        own = source.vectors[places] @ vectors[number] / TEMPERATURE
        foreign = [i for i, (_, other) in enumerate(queries) if other.article != query.article]
        others = golds[foreign] @ vectors[number] / TEMPERATURE
        right = torch.tensor([place in query.right for place in places])
        parts.append(torch.logsumexp(torch.cat([own, others]), 0) - torch.logsumexp(own[right], 0))
    return torch.stack(parts).mean()


@torch.no_grad()
def recall(source: Passages, network: QueryNetwork) -> dict[int, float]:
    """Part of the questions with a right passage among the first few of their page, by the vectors alone."""
    ranks = []
    for begin in range(0, len(source.queries), 32):
        part = source.queries[begin : begin + 32]
        for query, vector in zip(part, network.embed([q.text for q in part]), strict=True):
            order = (source.vectors[list(query.article)] @ vector).argsort(descending=True).tolist()
            ranks.append(next(rank for rank, place in enumerate(order) if query.article[place] in query.right))
    return {depth: round(sum(rank < depth for rank in ranks) / len(ranks), 4) for depth in DEPTHS}


def train(data: Path, work: Path, out: Path, steps: int = STEPS, seed: int = 1) -> dict[str, dict[int, float]]:
    """Train, write ``out``, and return the recall on held-out pages before and after."""
    from safetensors.torch import save_file

    torch.manual_seed(seed)
    rng = random.Random(seed)
    encoder = Encoder.load(Settings.from_env(precision="float32"))
    sources, held = load_sources(data, work=work)
    known = {s.name: passages_of(s, encoder) for s in sources if s.name in STEP}
    aside = {s.name: passages_of(s, encoder) for s in held if s.name in STEP}
    network = QueryNetwork(encoder)
    figures = {f"{name} before": recall(source, network) for name, source in aside.items()}
    trained = [p for p in network.network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=RATE, weight_decay=0.01)
    for step in range(steps):
        drawn = [(known[name], q) for name, count in STEP.items() for q in rng.sample(known[name].queries, count)]
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / WARM_UP) * (1 - step / steps)
        value = loss(drawn, network.embed([query.text for _, query in drawn]), rng)
        optimizer.zero_grad()
        torch.autograd.backward(value)
        optimizer.step()
        if step % 50 == 49:
            print(step + 1, round(float(value.detach()), 3), flush=True)
    module: Any = encoder.model[0]
    base = module.model.state_dict()
    packed = pack(network.network.state_dict(), base)
    save_file({name: value.contiguous() for name, value in packed.items()}, out, {"encoder": encoder.checksum})
    return figures | {f"{name} after": recall(source, network) for name, source in aside.items()}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.queries", description="Adapt the question encoder.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="folder for pages as files")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--steps", type=int, default=STEPS)
    a = parser.parse_args(argv)
    for name, figures in train(a.data, a.work, a.out, a.steps).items():
        print(name, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
