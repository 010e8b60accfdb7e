"""Train the reader. Seeded, resumable; on a GPU if there is one, else on the processor.

``python -m rag.training --data ../shared/data --out rag/weights`` rebuilds what is shipped.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from index.encoder import Encoder
from index.packing import unpack
from index.settings import Settings
from rag.read.model import ReaderModel, own_bert
from rag.read.pairs import PairEncoder
from rag.read.weights import WEIGHTS
from rag.training.data import Row, Source, Worsening, group
from rag.training.evaluation import MULTIPLE, PAD, Evaluation, autocast, collate
from rag.training.keeping import blend, packed
from rag.training.nearest import find_hard, find_unrelated
from rag.training.pages import FOLDER
from rag.training.running import TrainingRun, prepared
from rag.training.sources import FOREIGN, load_sources
from rag.training.written import FOLDER as QUESTIONS

FRESH = ("match.", "pool.", "answer.", "polarity.", "span.")
"""What starts from nothing."""


@dataclass(frozen=True)
class Options:
    """What a run is made with; kept beside the weights."""

    seed: int = 1
    mix: str = "piaf:1500,pages:2500,titles:2000,inferences:700,written:5000,follow-ups:1500,squad2.es:400"
    """Items of each source that an epoch holds, drawn anew for each."""
    steps: int = 4300
    """Steps of the whole run; the rate falls to nothing by the last."""
    minutes: float = 0.0
    """If given, the run follows the clock instead: as many steps as fit."""
    rows: int = 16
    """Pairs of a step."""
    rate: float = 1.3e-4
    head_factor: float = 3.0
    """Rate of what starts from nothing (heads, match embeddings), in multiples of ``rate``."""
    weight_decay: float = 0.01
    """Of the matrices."""
    warm_up: int = 100
    frozen: int = 4
    """Lowest layers left as the encoder has them: a quarter of the time saved."""
    smoothing: float = 0.0
    answered_weight: float = 1.5
    """Weight of the pairs that answer, which are the fewer."""
    dropout: float = 0.0
    """Of the layers that are trained: for a GPU, where a run sees each question several times; slow on a processor."""
    masked: float = 0.0
    """Part of the tokens that are hidden: for a run that sees each question several times, as ``cut`` is."""
    cut: float = 0.0
    """Part of the long passages that are cut to some of their sentences."""
    max_tokens: int = 288
    average: float = 0.995
    """Decay of the running average of the weights; the average is what is kept."""
    kept: float = 1.0
    """Part of the kept weights that is that average, the rest what the run began with: one that goes on with few kinds of
    questions forgets the others."""
    span_weight: float = 1.0
    rank_weight: float = 0.7
    polarity_weight: float = 0.6


def shares(mix: str) -> dict[str, int]:
    """The items of each source: ``{"piaf": 1500}`` of "piaf:1500"."""
    return {name: int(count) for name, count in (part.split(":") for part in mix.split(","))}


def epoch_order(sources: Sequence[Source], options: Options, seed: int) -> list[tuple[int, int]]:
    """(source, item) of one epoch, shuffled; a small source is seen more than once."""
    rng = random.Random(seed)
    counts = shares(options.mix)
    order: list[tuple[int, int]] = []
    for which, source in enumerate(sources):
        wanted = counts.get(source.name, 0)
        while wanted > 0:
            drawn = rng.sample(range(len(source.items)), min(wanted, len(source.items)))
            order += [(which, number) for number in drawn]
            wanted -= len(drawn)
    rng.shuffle(order)
    return order


def steps_of(
    sources: Sequence[Source],
    order: Sequence[tuple[int, int]],
    pairs: PairEncoder,
    options: Options,
    seed: int,
) -> Iterator[list[list[Row]]]:
    """The steps of an epoch: groups of like length, ``rows`` pairs each. Depends on the seed alone."""
    pool, worsening = options.rows * 16, Worsening(options.masked, options.cut)
    for begin in range(0, len(order), pool):
        rng = random.Random(f"{seed}-{begin}")
        groups = [group(sources[which], n, pairs, rng, worsening) for which, n in order[begin : begin + pool]]
        groups = sorted((g for g in groups if g), key=lambda g: max(len(r.encoding.ids) for r in g))
        steps: list[list[list[Row]]] = [[]]
        room = options.rows
        for rows in groups:
            if not room:
                steps.append([])
                room = options.rows
            steps[-1].append(rows[:room])
            room -= len(steps[-1][-1])
        rng.shuffle(steps)
        # A step of another size would be another shape to prepare kernels for.
        yield from (step for step in steps if sum(map(len, step)) == options.rows)


def losses(
    model: ReaderModel, groups: list[list[Row]], options: Options, device: torch.device
) -> dict[str, torch.Tensor]:
    """The loss of a step, by part."""
    rows = [row for rows in groups for row in rows]
    output = model(*collate([r.encoding for r in rows], PAD, device, MULTIPLE))
    answer = output.answer.float()
    wanted = torch.tensor([float(r.answered) for r in rows], device=device)
    parts = {
        "answer": functional.binary_cross_entropy_with_logits(
            answer,
            wanted * (1 - options.smoothing) + options.smoothing / 2,
            pos_weight=torch.tensor(options.answered_weight, device=device),
        )
    }
    rank, begin = [], 0
    for group_rows in groups:
        here = answer[begin : begin + len(group_rows)]
        begin += len(group_rows)
        if group_rows[0].answered and len(group_rows) > 1:
            rank.append(functional.cross_entropy(here.unsqueeze(0), torch.zeros(1, dtype=torch.long, device=device)))
    if rank:
        parts["rank"] = options.rank_weight * torch.stack(rank).mean()
    spans = [(i, r.span) for i, r in enumerate(rows) if r.span is not None]
    if spans:
        at = torch.tensor([i for i, _ in spans], device=device)
        outside = torch.ones_like(output.start, dtype=torch.bool)
        for i, row in enumerate(rows):
            places = [j for j, (a, _) in enumerate(row.encoding.offsets) if a >= 0]
            outside[i, places[0] : places[-1] + 1] = False
        for name, scores, side in (("start", output.start, 0), ("end", output.end, 1)):
            target = torch.tensor([s[side] for _, s in spans], device=device)
            masked = scores.float().masked_fill(outside, -1e4)[at]
            parts[name] = options.span_weight * 0.5 * functional.cross_entropy(masked, target)
    poles = [(i, r.polarity) for i, r in enumerate(rows) if r.polarity is not None]
    if poles:
        at = torch.tensor([i for i, _ in poles], device=device)
        target = torch.tensor([p for _, p in poles], device=device)
        parts["polarity"] = options.polarity_weight * functional.cross_entropy(output.polarity.float()[at], target)
    return parts


def train(
    options: Options,
    data: Path,
    pages: Path,
    questions: Path,
    out: Path,
    work: Path,
    start: Path | None = None,
) -> dict[str, float]:
    """Train, write ``reader.safetensors`` and ``reader.json`` into ``out``; return the figures.

    ``start`` is a folder of weights to go on from, the encoder alone if None; a checkpoint in
    ``work`` comes before it.
    """
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    wanted = shares(options.mix)
    sources, held = load_sources(data, pages, questions, work=work, foreign=[n for n in FOREIGN if n in wanted])
    # In bfloat16 the nearest passages are the same, in a third of the time.
    retrieval = Encoder.load(Settings.from_env())
    find_hard([s for s in [*sources, *held] if s.french], retrieval, work)
    find_unrelated([s for s in sources if s.french], retrieval, work)
    find_unrelated(held, retrieval, work)
    sources = [part for source in sources for part in source.apart()]
    encoder = Encoder.load(Settings.from_env(precision="float32"))
    pairs = PairEncoder(encoder.tokenizer, options.max_tokens)
    model, base = new_model(encoder, options, device)
    if start is not None:
        unpack(model.state_dict(), load_file(start / "reader.safetensors"))
    began = {k: v.detach().clone() for k, v in model.state_dict().items() if "word_embeddings" not in k}
    run = TrainingRun(model, options, work, FRESH)
    run.note(
        items={s.name: len(s.items) for s in sources},
        held={s.name: len(s.items) for s in held},
        **asdict(options),
    )
    small = Evaluation(held, pairs, most=40)
    for number, groups in enumerate(_all_steps(sources, pairs, options, run.note), start=1):
        if number <= run.step:
            continue
        if run.is_over:
            break
        with autocast(device):
            parts = losses(model, groups, options, device)
        run.learn(parts, options.rows)
        if run.is_new_quarter():  # usable weights, and how they do, while the rest is under way
            with run.averaged():
                figures = small.run(model, device)
                run.note(step=run.step, **figures)
                write(model, base, encoder.checksum, replace(options, steps=run.step), figures, out)
    run.save()
    blend(run.average, began, options.kept)
    options = replace(options, steps=run.step)
    with run.averaged():
        write(model, base, encoder.checksum, options, {}, out)
        figures = Evaluation(held, PairEncoder(encoder.tokenizer)).run(model, device, ranking=False)
        write(model, base, encoder.checksum, options, figures, out)
    run.note(finished=True, seconds=round(run.seconds), **figures)
    return figures


def new_model(encoder: Encoder, options: Options, device: torch.device) -> tuple[ReaderModel, dict[str, torch.Tensor]]:
    """An untrained reader, and the encoder's weights that it starts from."""
    bert, hidden = own_bert(encoder)
    base = {name: value.detach().clone() for name, value in bert.state_dict().items() if "word_emb" not in name}
    model = ReaderModel(bert, hidden, options.frozen).to(device)
    still = ("bert.embeddings.", *(f"bert.encoder.layer.{n}." for n in range(options.frozen)))
    return prepared(model, still, options.dropout), base


def _all_steps(
    sources: Sequence[Source], pairs: PairEncoder, options: Options, note: Callable[..., None]
) -> Iterator[list[list[Row]]]:
    """The steps in order, epoch after epoch."""
    for epoch in count():
        seed = options.seed * 10000 + epoch
        order = epoch_order(sources, options, seed)
        if not order:
            raise ValueError(f"no data for {options.mix!r}")
        note(epoch=epoch, items=len(order))
        yield from steps_of(sources, order, pairs, options, seed)


def write(
    model: ReaderModel,
    base: dict[str, torch.Tensor],
    checksum: str,
    options: Options,
    figures: dict[str, float],
    out: Path,
) -> None:
    """Weights and their description into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in packed(model, base).items()}, out / "reader.safetensors")
    description = {
        "encoder": checksum,
        "pad": PAD,
        "match_layer": model.match_layer,
        "options": asdict(options),
        "figures": figures,
    }
    (out / "reader.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training", description="Train the reader.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the SQuAD files")
    parser.add_argument("--pages", type=Path, default=FOLDER, help="folder of the written pages")
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="folder of questions on real pages")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="checkpoint and journal")
    parser.add_argument("--start", type=Path, help="folder of weights to go on from")
    for name, value in asdict(Options()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    arguments = vars(parser.parse_args(argv))
    folders = [arguments.pop(n) for n in ("data", "pages", "questions", "out", "work", "start")]
    train(Options(**arguments), *folders)
    return 0


if __name__ == "__main__":
    sys.exit(main())
