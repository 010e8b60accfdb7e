"""A network while it is trained: its optimizer, rate and clock, the running average of its weights, its checkpoint
and its journal."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import nn

from rag.read.model import ReaderModel
from rag.training.keeping import averaged, blend, save

LOG_EVERY = 25
SAVE_EVERY = 100


class Schedule(Protocol):
    """What a run goes by."""

    @property
    def rate(self) -> float:
        """Of learning; it falls to nothing by the end."""

    @property
    def head_factor(self) -> float:
        """Rate of what starts from nothing, in multiples of ``rate``."""

    @property
    def warm_up(self) -> int:
        """Steps in which the rate rises."""

    @property
    def average(self) -> float:
        """Decay of the running average of the weights."""

    @property
    def weight_decay(self) -> float:
        """Of the matrices."""

    @property
    def minutes(self) -> float:
        """Of the whole run, 0 where it is counted in steps."""

    @property
    def steps(self) -> int:
        """Of the whole run, where it is not timed."""


def prepared(model: ReaderModel, still: tuple[str, ...], dropout: float = 0.0) -> ReaderModel:
    """``model`` to be trained but for parameters whose names begin with one of ``still``, and what stands in their layers."""
    model.bert.set_attn_implementation("eager")  # faster than sdpa to train on a processor
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not name.startswith(still))
    for name, module in model.named_modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0 if name.startswith(still) else dropout  # eight times the rest on a processor
    return model.train()


class TrainingRun:
    """Goes on from the checkpoint in ``work`` if there is one. ``fresh`` begin the names of what starts from nothing."""

    def __init__(self, model: ReaderModel, schedule: Schedule, work: Path, fresh: tuple[str, ...]) -> None:
        work.mkdir(parents=True, exist_ok=True)
        self.model = model
        self.device = next(model.parameters()).device
        self.schedule = schedule
        self.journal = work / "journal.jsonl"
        self.checkpoint = work / "checkpoint.pt"
        self.step = 0
        self.average = {k: v.detach().clone() for k, v in model.state_dict().items() if "word_embeddings" not in k}
        self.optimizer = _optimizer(model, schedule, fresh)
        self._before = 0.0
        if self.checkpoint.is_file():
            saved = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
            model.load_state_dict(saved["model"], strict=False)
            self.optimizer.load_state_dict(saved["optimizer"])
            self.average, self.step, self._before = saved["average"], saved["done"], saved["seconds"]
            self.note(resumed=self.step, seconds=round(self._before))
        self._began, self._seen = time.perf_counter(), 0
        self._sums: dict[str, float] = {}
        self._quarter = int(self.progress * 4)

    @property
    def seconds(self) -> float:
        """Trained so far, before the checkpoint too."""
        return self._before + time.perf_counter() - self._began

    @property
    def progress(self) -> float:
        """Part of the run that is done."""
        minutes = self.schedule.minutes
        return self.seconds / 60 / minutes if minutes else self.step / self.schedule.steps

    @property
    def is_over(self) -> bool:
        return self.progress >= 1

    def learn(self, losses: Mapping[str, torch.Tensor], rows: int) -> None:
        """One step down the sum of ``losses``, which are of ``rows`` pairs."""
        progress = self.progress
        self.step += 1
        rate = self.schedule.rate * min(1.0, self.step / self.schedule.warm_up) * max(0.0, 1 - progress)
        for part in self.optimizer.param_groups:
            part["lr"] = part["factor"] * rate
        self.optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(torch.stack(list(losses.values())).sum())
        nn.utils.clip_grad_norm_([p for p in self.model.parameters() if p.requires_grad], 1.0)
        self.optimizer.step()
        blend(self.average, self.model.state_dict(), min(self.schedule.average, (self.step + 1) / (self.step + 10)))
        self._seen += rows
        for name, value in losses.items():
            self._sums[name] = self._sums.get(name, 0.0) + float(value.detach()) / LOG_EVERY
        if self.step % LOG_EVERY == 0:
            pace = round(self._seen / (time.perf_counter() - self._began), 1)
            shown = {name: round(value, 3) for name, value in self._sums.items()}
            self.note(step=self.step, done=round(progress, 3), pairs_per_s=pace, **shown)
            self._sums = {}
        if self.step % SAVE_EVERY == 0:
            self.save()

    def is_new_quarter(self) -> bool:
        """Whether another quarter of the run is done since it was last asked."""
        before, self._quarter = self._quarter, int(self.progress * 4)
        return self._quarter > before

    def averaged(self) -> averaged:
        """The averaged weights in the model's place, for a ``with`` block."""
        return averaged(self.model, self.average)

    def save(self) -> None:
        """The checkpoint."""
        save(self.checkpoint, self.model, self.optimizer, self.average, self.step, self.seconds)

    def note(self, **entry: Any) -> None:
        """A line of figures on the screen and in the journal."""
        line = json.dumps(entry, ensure_ascii=False)
        print(line, flush=True)
        with self.journal.open("a", encoding="utf-8") as journal:
            print(line, file=journal)


def _optimizer(model: ReaderModel, schedule: Schedule, fresh: tuple[str, ...]) -> torch.optim.Optimizer:
    groups: dict[tuple[float, float], list[torch.Tensor]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            factor = schedule.head_factor if name.startswith(fresh) else 1.0
            groups.setdefault((factor, schedule.weight_decay if parameter.ndim > 1 else 0.0), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": ps, "weight_decay": decay, "factor": factor} for (factor, decay), ps in groups.items()],
        lr=schedule.rate, betas=(0.9, 0.98), fused=True,
    )  # fmt: skip
