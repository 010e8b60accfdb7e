"""Train the reader. Seeded, resumable; on a GPU if there is one, else on the processor.

``python -m rag.training --data ../shared/data --out rag/weights`` rebuilds what is shipped.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

from index.encoder import Encoder, fast_bfloat16
from index.settings import Settings
from rag.metrics import f1, roc_auc
from rag.reader import PairEncoder, ReaderModel, best_span, collate, own_bert, pack, pair_encoder
from rag.training.data import Row, Source, group, load_sources
from rag.training.negatives import attribute, changed
from rag.training.pages import FOLDER

PAD = 1


@dataclass(frozen=True)
class Options:
    """What a run is made with; kept beside the weights."""

    seed: int = 1
    stages: str = "mixed:1,french:4"
    """Comma separated ``name:epochs``; mixed takes every set, french the French ones."""
    groups: int = 24
    """Items of a step; each brings its negatives."""
    negatives: int = 3
    foreign_negatives: int = 2
    rate: float = 1.5e-4
    french_rate: float = 8e-5
    dropout: float = 0.0
    smoothing: float = 0.0
    max_tokens: int = 384
    average: float = 0.999
    """Decay of the running average of the weights; the average is what is kept."""
    foreign_share: float = 1.0
    """Part of the foreign questions seen in a mixed epoch."""
    french_repeat: int = 2
    """Times that French questions are seen in a mixed epoch."""
    span_weight: float = 1.0
    rank_weight: float = 1.0


class Groups(Dataset[list[Row]]):
    """Items of some sources in the order of one epoch; what an item yields depends on its place alone."""

    def __init__(self, sources: Sequence[Source], order: list[tuple[int, int]], pairs: PairEncoder, options: Options, seed: int) -> None:
        self.sources, self.order, self.pairs, self.options, self.seed = sources, order, pairs, options, seed

    def __len__(self) -> int:
        return math.ceil(len(self.order) / self.options.groups)

    def __getitem__(self, step: int) -> list[list[Row]]:  # type: ignore[override]
        begin = step * self.options.groups
        groups = []
        for place, (which, number) in enumerate(self.order[begin : begin + self.options.groups]):
            rng = random.Random(f"{self.seed}-{begin + place}")
            source = self.sources[which]
            count = self.options.negatives if source.french else self.options.foreign_negatives
            rows = group(source, number, self.pairs, rng, count)
            if rows:
                groups.append(rows)
        return groups


def epoch_order(sources: Sequence[Source], stage: str, options: Options, seed: int) -> list[tuple[int, int]]:
    """(source, item) of one epoch, shuffled within runs of like length so that steps pad little."""
    rng = random.Random(seed)
    order: list[tuple[int, int]] = []
    for which, source in enumerate(sources):
        numbers = list(range(len(source.items)))
        if stage == "french" and not source.french:
            continue
        if stage == "mixed":
            if source.french:
                numbers *= options.french_repeat
            else:
                numbers = rng.sample(numbers, int(len(numbers) * options.foreign_share))
        order += [(which, n) for n in numbers]
    rng.shuffle(order)

    def length(entry: tuple[int, int]) -> int:
        source = sources[entry[0]]
        text = source.texts[source.items[entry[1]].passage].text
        return len(text) * (2 if source.name == "jaquad" else 1)

    run = options.groups * 40
    blocks = []
    for begin in range(0, len(order), run):
        part = sorted(order[begin : begin + run], key=length)
        blocks += [part[i : i + options.groups] for i in range(0, len(part), options.groups)]
    whole = [b for b in blocks if len(b) == options.groups]
    rng.shuffle(whole)
    return [entry for block in whole for entry in block]


def losses(model: ReaderModel, groups: list[list[Row]], options: Options, device: torch.device) -> dict[str, torch.Tensor]:
    """The loss of a step, by part."""
    rows = [row for rows in groups for row in rows]
    output = model(*collate([r.encoding for r in rows], PAD, device))
    answer = output.answer.float()
    wanted = torch.tensor([float(r.answered) for r in rows], device=device)
    parts = {
        "answer": functional.binary_cross_entropy_with_logits(
            answer, wanted * (1 - options.smoothing) + options.smoothing / 2
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
        target = torch.tensor([float(p) for _, p in poles], device=device)
        parts["polarity"] = 0.3 * functional.binary_cross_entropy_with_logits(output.polarity.float()[at], target)
    return parts


@torch.no_grad()
def find_hard(sources: Sequence[Source], encoder: Encoder, count: int = 12) -> None:
    """Fill ``hard``: for each item the passages of its source nearest to it by the encoder."""
    for source in sources:
        texts = torch.tensor(encoder.encode_document([f"{t.context}\n{t.text}" for t in source.texts], batch_size=128))
        texts = texts.to(encoder.model.device)
        source.hard = []
        for begin in range(0, len(source.items), 512):
            asked = [item.question for item in source.items[begin : begin + 512]]
            scores = torch.tensor(encoder.encode_query(asked)).to(texts.device) @ texts.T
            best = scores.topk(min(count, len(source.texts)), dim=1).indices.tolist()
            source.hard += best


class Evaluation:
    """Held-out sources, and what the reader makes of them."""

    def __init__(self, held: Sequence[Source], pairs: PairEncoder, seed: int = 7) -> None:
        self.pairs = pairs
        self.held = held
        rng = random.Random(seed)
        self.rows: list[tuple[str, str, str, str]] = []  # kind, question, context, text
        for source in held:
            for number, item in enumerate(source.items):
                text = source.texts[item.passage]
                if item.spans:
                    self.rows.append((f"{source.name}+", item.question, text.context, text.text))
                else:
                    self.rows.append((f"{source.name}-{item.kind}", item.question, text.context, text.text))
                if source.name != "piaf":
                    continue
                if new := changed(item.question, text.text, source.names, rng):
                    self.rows.append(("piaf-changed", new, text.context, text.text))
                if new := attribute(text.text, rng):
                    self.rows.append(("piaf-attribute", new, text.context, text.text))
                answers = [text.text[a:b] for a, b in item.spans]
                others = [p for p in source.hard[number] if p != item.passage]
                others = [p for p in others if not any(a in source.texts[p].text for a in answers)]
                if others:
                    other = source.texts[others[0]]
                    self.rows.append(("piaf-hard", item.question, other.context, other.text))
                siblings = [p for p in source.siblings[item.passage] if not any(a in source.texts[p].text for a in answers)]
                if siblings:
                    other = source.texts[rng.choice(siblings)]
                    self.rows.append(("piaf-sibling", item.question, other.context, other.text))

    def run(self, model: ReaderModel, device: torch.device) -> dict[str, float]:
        """AUC by kind of "not answered here", hit@1 among the nearest 8, span F1 on the right passage."""
        model.eval()
        scores: dict[str, list[float]] = {}
        outputs = _scored(model, [(q, c, t) for _, q, c, t in self.rows], self.pairs, device)
        for (kind, *_), (answer, _, _) in zip(self.rows, outputs, strict=True):
            scores.setdefault(kind, []).append(answer)
        figures: dict[str, float] = {}
        for name in ("piaf", "pages"):
            unanswered = {k: v for k, v in scores.items() if k.startswith(name + "-")}
            everything = [s for values in unanswered.values() for s in values]
            figures[f"auc {name}"] = roc_auc(scores.get(name + "+", []), everything)
            for kind, values in sorted(unanswered.items()):
                figures[f"auc {kind}"] = roc_auc(scores.get(name + "+", []), values)
        for source in self.held:
            asked = [(i, n) for n, i in enumerate(source.items) if i.spans]
            triples, groups = [], []
            for item, number in asked:
                candidates = source.hard[number][:8]
                groups.append((item, candidates))
                places = [*candidates, item.passage]
                triples += [(item.question, source.texts[p].context, source.texts[p].text) for p in places]
            read = _scored(model, triples, self.pairs, device)
            hits, overlap, begin = 0, 0.0, 0
            for item, candidates in groups:
                here = read[begin : begin + len(candidates) + 1]
                begin += len(candidates) + 1
                best = candidates[int(np.argmax([a for a, _, _ in here[:-1]]))]
                hits += best == item.passage
                text = source.texts[item.passage].text
                (a, b), _ = here[-1][1], here[-1][2]
                overlap += f1(text[a:b], [text[s:e] for s, e in item.spans])
            figures[f"hit@1 {source.name}"] = hits / len(asked)
            figures[f"span_f1 {source.name}"] = overlap / len(asked)
        yes = [(i, source) for source in self.held for i in source.items if i.polarity is not None]
        if yes:
            read = _scored(model, [(i.question, s.texts[i.passage].context, s.texts[i.passage].text) for i, s in yes], self.pairs, device)
            right = sum((p > 0) == bool(i.polarity) for (i, _), (_, _, p) in zip(yes, read, strict=True))
            figures["polarity"] = right / len(yes)
        model.train()
        return {name: round(value, 4) for name, value in figures.items()}


@torch.no_grad()
def _scored(model: ReaderModel, triples: Sequence[tuple[str, str, str]], pairs: PairEncoder, device: torch.device) -> list[tuple[float, tuple[int, int], float]]:
    """(answer logit, span in the text, polarity logit) of each triple."""
    encodings = [pairs.encode(*triple) for triple in triples]
    order = sorted(range(len(encodings)), key=lambda i: len(encodings[i].ids))
    results: list[Any] = [None] * len(encodings)
    for begin in range(0, len(order), 96):
        part = order[begin : begin + 96]
        with _autocast(device):
            output = model(*collate([encodings[i] for i in part], PAD, device))
        answer, polarity = output.answer.float().cpu().numpy(), output.polarity.float().cpu().numpy()
        start, end = output.start.float().cpu().numpy(), output.end.float().cpu().numpy()
        for row, i in enumerate(part):
            n = len(encodings[i].ids)
            span, _ = best_span(start[row, :n], end[row, :n], encodings[i].offsets)
            results[i] = (float(answer[row]), span, float(polarity[row]))
    return results


def _autocast(device: torch.device) -> Any:
    if device.type == "cuda" or fast_bfloat16():
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return nullcontext()


def train(
    options: Options, data: Path, pages: Path, out: Path, work: Path, *, workers: int, log_every: int = 50
) -> dict[str, float]:
    """Train, evaluate, write ``reader.safetensors`` and ``reader.json`` into ``out``; return the figures."""
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    work.mkdir(parents=True, exist_ok=True)
    journal = (work / "journal.jsonl").open("a", encoding="utf-8")

    def note(**entry: Any) -> None:
        line = json.dumps(entry, ensure_ascii=False)
        print(line, flush=True)
        print(line, file=journal, flush=True)

    encoder = Encoder.load(Settings.from_env(precision="float32"))
    sources, held = load_sources(data, pages)
    find_hard([*sources, *held], encoder)
    pairs = pair_encoder(encoder, options.max_tokens)
    bert, hidden = own_bert(encoder)
    base = {name: value.detach().clone() for name, value in bert.state_dict().items()}
    model = ReaderModel(bert, hidden).to(device)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_("word_embeddings" not in name)
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = options.dropout
    average = {k: v.detach().clone() for k, v in model.state_dict().items() if "word_embeddings" not in k}
    note(items={s.name: len(s.items) for s in sources}, held={s.name: len(s.items) for s in held}, **asdict(options))
    evaluation = Evaluation(held, pairs)
    plan = _plan(options.stages, sources, options)
    total = sum(steps for *_, steps in plan)
    decay = [p for n, p in model.named_parameters() if p.requires_grad and p.ndim > 1]
    rest = [p for n, p in model.named_parameters() if p.requires_grad and p.ndim < 2]
    optimizer = torch.optim.AdamW(
        [{"params": decay, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}],
        lr=options.rate, betas=(0.9, 0.98), fused=device.type == "cuda",
    )
    checkpoint = work / "checkpoint.pt"
    done = 0
    if checkpoint.is_file():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(saved["model"], strict=False)
        optimizer.load_state_dict(saved["optimizer"])
        average, done = saved["average"], saved["done"]
        note(resumed=done)
    step, began, seen = 0, time.perf_counter(), 0
    for stage, seed, rate, first, span, steps in _epochs(plan, options):
        order = epoch_order(sources, stage, options, seed)
        if step + steps <= done:
            step += steps
            continue
        dataset = Groups(sources, order, pairs, options, seed)
        loader = DataLoader(
            dataset, batch_size=None, shuffle=False, num_workers=workers,
            sampler=range(max(0, done - step), steps), prefetch_factor=4 if workers else None,
        )
        step = max(step, done)
        for groups in loader:
            progress = (step - first) / span
            for part in optimizer.param_groups:
                part["lr"] = rate * min(1.0, (step - first + 1) / 100) * max(0.02, 1 - progress)
            with _autocast(device):
                parts = losses(model, groups, options, device)
            loss = torch.stack(list(parts.values())).sum()
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            step += 1
            seen += sum(len(g) for g in groups)
            keep = min(options.average, (step + 1) / (step + 10))
            _blend(average, model.state_dict(), keep)
            if step % log_every == 0:
                shown = {k: round(float(v), 3) for k, v in parts.items()}
                pace = seen / (time.perf_counter() - began)
                note(step=step, of=total, stage=stage, pairs_per_s=round(pace), **shown)
            if step % 500 == 0 and device.type == "cpu":
                _save(checkpoint, model, optimizer, average, step)
        _save(checkpoint, model, optimizer, average, step)
        with _weights(model, average):
            note(step=step, stage=stage, seconds=round(time.perf_counter() - began), **evaluation.run(model, device))
    with _weights(model, average):
        figures = evaluation.run(model, device)
        write(model, base, encoder.checksum, options, figures, out)
    note(done=True, **figures)
    return figures


def _plan(stages: str, sources: Sequence[Source], options: Options) -> list[tuple[str, int, int]]:
    plan = []
    for part in stages.split(","):
        name, epochs = part.split(":")
        steps = len(epoch_order(sources, name, options, 0)) // options.groups
        plan.append((name, int(epochs), steps * int(epochs)))
    return plan


def _epochs(plan: list[tuple[str, int, int]], options: Options) -> Iterator[tuple[str, int, float, int, int, int]]:
    """(stage, seed, rate, first step of the stage, steps of the stage, steps of the epoch)."""
    first = 0
    for number, (name, epochs, steps) in enumerate(plan):
        rate = options.french_rate if name == "french" else options.rate
        for epoch in range(epochs):
            yield name, options.seed * 1000 + number * 100 + epoch, rate, first, steps, steps // epochs
        first += steps


def _blend(average: dict[str, torch.Tensor], state: dict[str, torch.Tensor], keep: float) -> None:
    names = [name for name in average if average[name].is_floating_point()]
    torch._foreach_lerp_([average[n] for n in names], [state[n].detach() for n in names], 1 - keep)


class _weights:
    """The averaged weights in the model's place, for as long as it is entered."""

    def __init__(self, model: ReaderModel, average: dict[str, torch.Tensor]) -> None:
        self.model, self.average = model, average

    def __enter__(self) -> None:
        self.own = {k: v.detach().clone() for k, v in self.model.state_dict().items() if k in self.average}
        self.model.load_state_dict(self.average, strict=False)

    def __exit__(self, *error: object) -> None:
        self.model.load_state_dict(self.own, strict=False)


def _save(path: Path, model: ReaderModel, optimizer: torch.optim.Optimizer, average: dict[str, torch.Tensor], done: int) -> None:
    state = {k: v for k, v in model.state_dict().items() if "word_embeddings" not in k}
    temporary = path.with_suffix(".tmp")
    torch.save({"model": state, "optimizer": optimizer.state_dict(), "average": average, "done": done}, temporary)
    os.replace(temporary, path)


def write(model: ReaderModel, base: dict[str, torch.Tensor], checksum: str, options: Options, figures: dict[str, float], out: Path) -> None:
    """Weights and their description into ``out``."""
    from safetensors.torch import save_file

    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in pack(model, base).items()}, out / "reader.safetensors")
    description = {
        "encoder": checksum, "pad": PAD, "scale": 1.0, "shift": 0.0, "threshold": 0.5,
        "options": asdict(options), "figures": figures,
    }
    (out / "reader.json").write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training", description="Train the reader.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the SQuAD files")
    parser.add_argument("--pages", type=Path, default=FOLDER, help="folder of the written pages")
    parser.add_argument("--out", type=Path, default=Path("rag/weights"), help="where the weights go")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="checkpoint and journal")
    parser.add_argument("--workers", type=int, default=0, help="processes that prepare steps")
    for name, value in asdict(Options()).items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    arguments = vars(parser.parse_args(argv))
    data, pages, out, work, workers = (arguments.pop(n) for n in ("data", "pages", "out", "work", "workers"))
    train(Options(**arguments), data, pages, out, work, workers=workers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
