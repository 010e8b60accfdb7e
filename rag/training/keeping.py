"""Weights while they are trained: their running average, and checkpoints."""

from __future__ import annotations

from pathlib import Path

import torch

from index.packing import pack
from rag.read.model import ReaderModel


def packed(model: ReaderModel, base: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What to store of ``model`` beside the encoder's tensors ``base``."""
    state = {k: v for k, v in model.state_dict().items() if "word_emb" not in k and not k.endswith("position_ids")}
    return pack(state, {f"bert.{name}": value for name, value in base.items()})


def blend(average: dict[str, torch.Tensor], state: dict[str, torch.Tensor], keep: float) -> None:
    """``average`` as it is by the part ``keep``, the rest of it from ``state``."""
    names = [name for name in average if average[name].is_floating_point()]
    torch._foreach_lerp_([average[n] for n in names], [state[n].detach() for n in names], 1 - keep)


class averaged:
    """The averaged weights in the model's place, for as long as it is entered."""

    def __init__(self, model: ReaderModel, average: dict[str, torch.Tensor]) -> None:
        self.model, self.average = model, average

    def __enter__(self) -> None:
        self.own = {k: v.detach().clone() for k, v in self.model.state_dict().items() if k in self.average}
        self.model.load_state_dict(self.average, strict=False)

    def __exit__(self, *error: object) -> None:
        self.model.load_state_dict(self.own, strict=False)


def save(
    path: Path,
    model: ReaderModel,
    optimizer: torch.optim.Optimizer,
    average: dict[str, torch.Tensor],
    done: int,
    seconds: float,
) -> None:
    state = {k: v for k, v in model.state_dict().items() if "word_embeddings" not in k}
    temporary = path.with_suffix(".tmp")
    torch.save(
        {
            "model": state,
            "optimizer": optimizer.state_dict(),
            "average": average,
            "done": done,
            "seconds": seconds,
        },
        temporary,
    )
    temporary.replace(path)
