"""Weights as they are stored: 8-bit differences from the encoder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from rag.read.model import ReaderModel, own_bert
from rag.read.pairs import pair_encoder
from rag.read.reader import Reader

if TYPE_CHECKING:
    from index.encoder import Encoder

WEIGHTS = Path(__file__).parent.parent / "weights"


class ReaderMismatch(RuntimeError):
    """The weights are missing, damaged, or were trained for another encoder."""


def pack(model: ReaderModel, base: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What to store: for a matrix of the encoder, int8 differences with a scale per row; else float16."""
    packed: dict[str, torch.Tensor] = {}
    for name, value in model.state_dict().items():
        if "word_embeddings" in name or name.endswith("position_ids"):
            continue
        value = value.detach().float().cpu()
        origin = base.get(name.removeprefix("bert."))
        if origin is None:
            packed[name] = value.half()
            continue
        difference = value - origin.float().cpu()
        if not difference.any():
            continue  # a frozen layer
        if difference.ndim < 2:
            packed[name + ".delta"] = difference.half()
            continue
        scale = difference.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        packed[name + ".delta8"] = torch.round(difference / scale).to(torch.int8)
        packed[name + ".scale"] = scale.squeeze(1)
    return packed


def unpack(model: ReaderModel, packed: dict[str, torch.Tensor]) -> None:
    """Apply what :func:`pack` stored to a model fresh from the encoder, in place."""
    state = model.state_dict()
    for name in state:
        if not name.startswith("bert.") and name not in packed:
            raise KeyError(name)
    with torch.no_grad():
        for name, value in packed.items():
            if name.endswith(".scale"):
                continue
            if name.endswith(".delta8"):
                target = state[name.removesuffix(".delta8")]
                scale = packed[name.removesuffix(".delta8") + ".scale"].unsqueeze(1)
                target.copy_((target.float() + value.float() * scale).to(target.dtype))
            elif name.endswith(".delta"):
                target = state[name.removesuffix(".delta")]
                target.copy_((target.float() + value.float()).to(target.dtype))
            else:
                state[name].copy_(value.to(state[name].dtype))


def load_reader(folder: Path, encoder: Encoder) -> Reader:
    """The reader in ``folder`` on top of ``encoder``.

    Raises:
        ReaderMismatch: no weights there, not readable, or trained on another encoder.
    """
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        packed: dict[str, torch.Tensor] = {}
        files = sorted(folder.glob("reader*.safetensors"))
        for file in files:
            packed.update(load_file(file))
        if not packed:
            raise FileNotFoundError("reader.safetensors")
    except Exception as error:  # whatever a missing or broken file makes its reader raise
        raise ReaderMismatch(f"les poids du lecteur sont absents ou abîmés dans {folder}") from error
    if config["encoder"] != encoder.checksum:
        raise ReaderMismatch("le lecteur n'a pas été entraîné pour ce modèle d'encodeur")
    bert, hidden = own_bert(encoder)
    model = ReaderModel(bert, hidden, int(config.get("match_layer", 0)))
    reference = next(bert.parameters())
    model.to(device=reference.device, dtype=reference.dtype)
    try:
        unpack(model, packed)
    except (KeyError, RuntimeError) as error:
        raise ReaderMismatch(f"les poids du lecteur dans {folder} ne conviennent pas") from error
    version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    return Reader(model, pair_encoder(encoder), pad=int(config["pad"]), version=version)
