"""Adapted networks as they are stored: 8-bit differences from the encoder, a scale per row."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch
    from torch import nn


class WeightsMismatch(ValueError):
    """Something learnt is missing, damaged, or was trained on another encoder; the message says what, in French."""


@contextmanager
def mismatch_as(message: str) -> Iterator[None]:
    """For a ``with`` block that loads something learnt: whatever a missing or broken file makes its reader raise becomes
    a :class:`WeightsMismatch` that says ``message``. All that is called ``load_…`` and reads something learnt raises it."""
    try:
        yield
    except WeightsMismatch:
        raise
    except Exception as error:
        raise WeightsMismatch(message) from error


def checked(file: Path, encoder: str, trained_for: str = "") -> tuple[dict[str, str], str]:
    """The metadata of a safetensors ``file``, and a version that changes with it. ``trained_for`` is the checksum of the
    encoder that it was trained on, where its metadata do not tell.

    Raises:
        WeightsMismatch: that is not ``encoder``.
        SafetensorError, OSError, KeyError: there is no such file, or it is not whole.
    """
    from safetensors import safe_open

    with safe_open(str(file), "np") as stored:
        metadata: dict[str, str] = stored.metadata()
    if (trained_for or metadata["encoder"]) != encoder:
        raise WeightsMismatch(f"ces poids n'ont pas été entraînés pour ce modèle d'encodeur : {file}")
    return metadata, hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def pack(state: Mapping[str, torch.Tensor], base: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What to store of ``state``: for a matrix of ``base`` int8 differences, for its vectors float16 ones.

    What is not in ``base`` is stored whole, in float16; what does not differ is left out.
    """
    import torch

    packed: dict[str, torch.Tensor] = {}
    for name, value in state.items():
        value = value.detach().float().cpu()
        if name not in base:
            packed[name] = value.half()
            continue
        difference = value - base[name].float().cpu()
        if not difference.any():
            continue  # a frozen layer
        if difference.ndim < 2:
            packed[name + ".delta"] = difference.half()
            continue
        scale = difference.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        packed[name + ".delta8"] = torch.round(difference / scale).to(torch.int8)
        packed[name + ".scale"] = scale.squeeze(1)
    return packed


def unpack(state: Mapping[str, torch.Tensor], packed: Mapping[str, torch.Tensor]) -> None:
    """Apply what :func:`pack` stored to the tensors of a network fresh from the encoder, in place.

    Raises:
        KeyError, RuntimeError: the network has no such tensor, or one of another shape.
    """
    import torch

    with torch.no_grad():
        for name, value in packed.items():
            if name.endswith(".scale"):
                continue
            target = state[name.removesuffix(".delta8").removesuffix(".delta")]
            change = value.to(target.device).float()
            if name.endswith(".delta8"):
                change = change * packed[name.removesuffix(".delta8") + ".scale"].to(target.device).unsqueeze(1)
            if change.shape != target.shape:
                raise RuntimeError(f"{name}: {tuple(change.shape)} for {tuple(target.shape)}")
            whole = name.endswith((".delta8", ".delta"))
            target.copy_((target.float() + change if whole else change).to(target.dtype))


def layers_state(layers: nn.ModuleList, first: int) -> dict[str, torch.Tensor]:
    """The tensors of ``layers`` as the encoder names them, of which they are those from number ``first`` on."""
    numbered = ((name.split(".", 1), value) for name, value in layers.state_dict().items())
    return {f"encoder.layer.{first + int(number)}.{rest}": value for (number, rest), value in numbered}


def adapted_layers(bert: Any, file: Path) -> tuple[int, nn.ModuleList]:
    """The upper layers of ``bert`` as ``file`` makes of them, a copy, and the number of the first.

    Raises:
        KeyError, RuntimeError, OSError: the file is not one of such layers.
    """
    from safetensors.torch import load_file

    packed = load_file(file)
    first = min(int(name.removeprefix("encoder.layer.").split(".")[0]) for name in packed)
    layers = copy.deepcopy(bert.encoder.layer[first:])
    unpack(layers_state(layers, first), packed)
    return first, layers
