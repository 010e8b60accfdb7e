"""Train the support check's learnt head, and choose its threshold: does a claim follow from a passage?

The reader's network goes on from the reader's weights; its head for "answers" learns to tell "follows".
``python -m rag.training.support --data ../shared/data`` writes ``support.safetensors`` and ``support.json`` into
``rag/weights``; ``--choose`` only chooses the threshold anew, with the written rules as they are now.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional

from index.encoder import Encoder
from index.settings import Settings
from rag.read.model import ReaderModel
from rag.read.pairs import Encoding, PairEncoder
from rag.read.weights import WEIGHTS, load_model
from rag.training import written
from rag.training.claims import (
    FOLDER,
    Claim,
    answered_claims,
    copied_claims,
    inference_claims,
    settles,
    written_claims,
)
from rag.training.evaluation import MULTIPLE, PAD, area, autocast, collate
from rag.training.keeping import packed
from rag.training.negatives import changed
from rag.training.pages import FOLDER as PAGES
from rag.training.running import TrainingRun, prepared
from rag.training.sources import load_sources
from rag.training.support_figures import choose

SEEN = 192
"""Claims that are looked at while the run is under way."""
POOL = 16
"""Steps whose rows are drawn together, to be sorted by length."""
MOST_TOGETHER = 6
CHANGED = 0.15
"""Part of the supported claims that are changed in one thing, where they can be, and no longer supported."""


@dataclass(frozen=True)
class Options:
    """What a run is made with; kept beside the weights."""

    seed: int = 1
    minutes: float = 33.0
    """Of training; the rate falls to nothing by the end. Choosing the threshold takes one or two more."""
    rows: int = 16
    rate: float = 1.2e-4
    head_factor: float = 3.0
    """Rate of the new head, in multiples of ``rate``."""
    weight_decay: float = 0.01
    warm_up: int = 60
    rank_weight: float = 0.7
    frozen: int = 6
    """Lowest layers left as the reader has them."""
    max_tokens: int = 256
    dropout: float = 0.0
    """Of the layers that are trained, for a GPU."""
    average: float = 0.99
    steps: int = 0
    """Not counted: a run of this kind is timed."""
    written: float = 0.5
    """Share of the written claims at the beginning; it grows to all but ``others`` by three quarters of the run."""
    others: float = 0.2
    """Share of everything else at the end."""


class Drawing:
    """Claims drawn from several sets, those about one passage together, each set shuffled and gone through again."""

    def __init__(self, sets: dict[str, list[Claim]], names: Sequence[str], seed: int) -> None:
        self.rng = random.Random(seed)
        self.sets = {name: _together(claims) for name, claims in sets.items() if claims}
        self.left: dict[str, list[list[Claim]]] = {name: [] for name in self.sets}
        self.names = names

    def about_one(self, written_share: float) -> list[Claim]:
        """Claims about one passage: written ones with that probability, else of another set, by its size's root."""
        others = [name for name in self.sets if name != "written"]
        if "written" in self.sets and (not others or self.rng.random() < written_share):
            name = "written"
        else:
            name = self.rng.choices(others, [len(self.sets[n]) ** 0.5 for n in others])[0]
        if not self.left[name]:
            self.left[name] = self.rng.sample(self.sets[name], len(self.sets[name]))
        claims = self.left[name].pop()
        return [self._changed(claim) for claim in claims] if name == "written" else claims

    def _changed(self, claim: Claim) -> Claim:
        wanted = claim.supported and self.rng.random() < CHANGED
        new = changed(claim.text, claim.passage.text, self.names, self.rng) if wanted else None
        return Claim(new, claim.passage, False, "changed", claim.page) if new else claim

    def endless(self, pairs: PairEncoder, options: Options, progress: Callable[[], float]) -> Iterator[list[Row]]:
        """Steps without end; the written claims' share grows with ``progress``."""
        while True:
            grown = (1 - options.others - options.written) * progress() / 0.75
            yield from self.steps(pairs, options, min(1 - options.others, options.written + grown))

    def steps(self, pairs: PairEncoder, options: Options, written_share: float) -> Iterator[list[Row]]:
        """``POOL`` steps of like length, of ``rows`` pairs or a few more: what is about one passage stays together."""
        groups: list[list[Row]] = []
        while sum(map(len, groups)) < POOL * options.rows:
            number = self.rng.random()
            groups.append([
                Row(pairs.encode(c.text, c.passage.context, c.passage.text), c.supported, number)
                for c in self.about_one(written_share)
            ])  # fmt: skip
        groups.sort(key=lambda rows: max(len(row.encoding.ids) for row in rows))
        steps: list[list[Row]] = [[]]
        for rows in groups:
            if len(steps[-1]) >= options.rows:
                steps.append([])
            steps[-1] += rows
        self.rng.shuffle(steps)
        yield from steps


@dataclass(frozen=True)
class Row:
    """A pair to learn from; rows about one passage have one ``group``."""

    encoding: Encoding
    supported: bool
    group: float


def _together(claims: Sequence[Claim]) -> list[list[Claim]]:
    """At most ``MOST_TOGETHER`` claims about one passage each."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        found.setdefault((claim.passage.context, claim.passage.text), []).append(claim)
    return [own[n : n + MOST_TOGETHER] for own in found.values() for n in range(0, len(own), MOST_TOGETHER)]


def losses(logits: torch.Tensor, rows: Sequence[Row], rank_weight: float) -> torch.Tensor:
    """Each pair by itself; and of one passage, every supported claim above every other."""
    wanted = torch.tensor([float(row.supported) for row in rows], device=logits.device)
    groups = torch.tensor([row.group for row in rows], device=logits.device, dtype=torch.float64)
    alone = functional.binary_cross_entropy_with_logits(logits, wanted * 0.96 + 0.02)
    above = (groups[:, None] == groups[None, :]) & (wanted[:, None] > wanted[None, :])
    if not above.any():
        return alone
    return alone + rank_weight * functional.softplus(-(logits[:, None] - logits[None, :])[above]).mean()


def network(encoder: Encoder, options: Options, start: Path) -> tuple[ReaderModel, dict[str, torch.Tensor]]:
    """The reader's network with a fresh head, and the encoder's weights that differences are counted from."""
    plain: Any = encoder.model[0].model
    base = {name: value.detach().clone() for name, value in plain.state_dict().items() if "word_emb" not in name}
    model = load_model(start, encoder)
    nn.init.zeros_(model.answer.weight)
    nn.init.zeros_(model.answer.bias)
    still = ("bert.embeddings.", "span.", "polarity.", *(f"bert.encoder.layer.{n}." for n in range(options.frozen)))
    return prepared(model, (*still, "match.") if options.frozen > 4 else still, options.dropout), base


def train(
    options: Options, sets: dict[str, list[Claim]], held: list[Claim], work: Path, start: Path, out: Path
) -> None:
    """Train until the clock says so and write the weights into ``out``; goes on from a checkpoint in ``work``."""
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    encoder = Encoder.load(Settings.from_env(precision="float32", engine="torch"))
    pairs = PairEncoder(encoder.tokenizer, options.max_tokens)
    model, base = network(encoder, options, start)
    run = TrainingRun(model.to(device), options, work, ("answer.",))
    names = [name for claim in sets["written"] for name in _capitals(claim.text)]
    drawing = Drawing(sets, names, options.seed + run.step)
    run.note(sizes={name: len(claims) for name, claims in sets.items()}, **asdict(options))
    for rows in drawing.endless(pairs, options, lambda: run.progress):
        if run.is_over:
            break
        with autocast(device):
            logits = model(*collate([row.encoding for row in rows], PAD, device, MULTIPLE)).answer.float()
        run.learn({"loss": losses(logits, rows, options.rank_weight)}, len(rows))
        if run.is_new_quarter():
            with run.averaged():
                run.note(step=run.step, **separation(model, pairs, held[:SEEN], device))
                write(model, base, encoder.checksum, options, out)
    run.save()
    with run.averaged():
        run.note(finished=True, step=run.step, **separation(model, pairs, held, device))
        write(model, base, encoder.checksum, options, out)


def _capitals(text: str) -> list[str]:
    return [word for word in text.split()[1:] if word[:1].isupper() and len(word) > 2]


@torch.no_grad()
def separation(model: ReaderModel, pairs: PairEncoder, held: Sequence[Claim], device: torch.device) -> dict[str, float]:
    """Area under the curve on claims that are not trained on: of all, and of the supported against each kind."""
    model.eval()
    scores: list[float] = []
    for begin in range(0, len(held), 16):
        rows = [pairs.encode(c.text, c.passage.context, c.passage.text) for c in held[begin : begin + 16]]
        with autocast(device):
            scores += model(*collate(rows, PAD, device, MULTIPLE)).answer.float().cpu().tolist()
    model.train()
    true = [s for s, c in zip(scores, held, strict=True) if c.supported]
    false: dict[str, list[float]] = {}
    for score, claim in zip(scores, held, strict=True):
        if not claim.supported:
            false.setdefault(claim.kind, []).append(score)
    figures = {f"auc {kind}": area(true, values) for kind, values in sorted(false.items())}
    return {"auc": area(true, [s for values in false.values() for s in values]), **figures}


def write(model: ReaderModel, base: dict[str, torch.Tensor], checksum: str, options: Options, out: Path) -> None:
    """Weights and their description into ``out``; whoever trained must still choose a threshold."""
    out.mkdir(parents=True, exist_ok=True)
    tensors = packed(model, base)
    save_file({k: v.contiguous() for k, v in tensors.items()}, out / "support.safetensors")
    description = {"encoder": checksum, "pad": PAD, "match_layer": model.match_layer, "options": asdict(options)}
    (out / "support.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.support", description="Train the support check.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the public sets")
    parser.add_argument("--claims", type=Path, default=FOLDER, help="folder of the written claims")
    parser.add_argument("--start", type=Path, default=WEIGHTS, help="folder of the reader's weights to go on from")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--work", type=Path, default=Path(".work/support"), help="checkpoint and journal")
    parser.add_argument("--choose", action="store_true", help="choose the threshold of the weights that are there")
    for name, value in asdict(Options()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    arguments = vars(parser.parse_args(argv))
    data, claims, start, out, work, only = (
        arguments.pop(name) for name in ("data", "claims", "start", "out", "work", "choose")
    )
    options = Options(**arguments)
    told = written_claims(claims, "train*")
    inferred = inference_claims(data)
    settling = [c for c in told if settles(c.page)]
    if not only:
        rng = random.Random(options.seed)
        work.mkdir(parents=True, exist_ok=True)
        sources, _ = load_sources(data, PAGES, written.FOLDER, work=work / "pages")
        answering = [s for s in sources if s.name in ("piaf", "pages", "written")]
        sets = {
            "written": [c for c in told if not settles(c.page)],
            "inferred": [c for c in inferred if not settles(c.page)],
            "copied": copied_claims(data, 3000, rng),
            "answered": list(answered_claims(answering, rng)),
        }
        train(options, sets, settling, work, start, out)
    print(
        json.dumps(
            choose(out, settling, written_claims(claims, "held*"), [c for c in inferred if settles(c.page)]),
            ensure_ascii=False,
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
