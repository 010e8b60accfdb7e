"""Weights as they are stored: 8-bit differences from the encoder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.packing import WeightsMismatch, mismatch_as, pack, unpack
from rag.read.pairs import pair_encoder
from rag.read.reader import Reader

if TYPE_CHECKING:
    import torch

    from index.encoder import Encoder
    from rag.read.model import ReaderModel

WEIGHTS = Path(__file__).parent.parent / "weights"
_EXAMPLE = (3, 128)
"""Passages of a usual batch, and tokens of each."""


def packed(model: ReaderModel, base: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What to store of ``model`` beside the encoder's tensors ``base``."""
    state = {k: v for k, v in model.state_dict().items() if "word_emb" not in k and not k.endswith("position_ids")}
    return pack(state, {f"bert.{name}": value for name, value in base.items()})


def load_reader(folder: Path, encoder: Encoder, name: str = "reader") -> Reader:
    """The reader in ``folder`` on top of ``encoder``, by the engine that the encoder finds best; ``name`` are its files.

    Raises:
        WeightsMismatch: no weights there, not readable, or trained on another encoder.
    """
    from safetensors import safe_open

    with mismatch_as(f"les poids du lecteur sont absents ou abîmés dans {folder}"):
        config = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        files = _files(folder, name)
        for file in files:
            with safe_open(str(file), "np"):  # a whole header
                pass
        weights = b"".join(file.read_bytes() for file in files)
        pad, layer = int(config["pad"]), int(config.get("match_layer", 0))
        if not weights:
            raise FileNotFoundError(f"{name}.safetensors")
        if config["encoder"] != encoder.trained_for:
            raise WeightsMismatch("le lecteur n'a pas été entraîné pour ce modèle d'encodeur")
        version = hashlib.sha256(weights).hexdigest()[:16]
        ids = np.zeros(_EXAMPLE, dtype=np.int64)
        example = [ids, np.ones_like(ids), np.zeros_like(ids)]
        run = encoder.run(f"{name}-{version}-{layer}", lambda one: load_model(folder, one, name), example)
    return Reader(run, pair_encoder(encoder), pad=pad, version=version)


def load_model(folder: Path, encoder: Encoder, name: str = "reader") -> ReaderModel:
    """The reader's network.

    Raises:
        WeightsMismatch: the weights in ``folder`` are of another network.
    """
    from safetensors.torch import load_file

    from rag.read.model import ReaderModel, own_bert

    config = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    stored: dict[str, torch.Tensor] = {}
    for file in _files(folder, name):
        stored.update(load_file(file))
    bert, hidden = own_bert(encoder)
    model = ReaderModel(bert, hidden, int(config.get("match_layer", 0)))
    reference = next(bert.parameters())
    model.to(device=reference.device, dtype=reference.dtype)
    with mismatch_as(f"les poids du lecteur dans {folder} ne conviennent pas"):
        state = model.state_dict()
        if missing := [tensor for tensor in state if not tensor.startswith("bert.") and tensor not in stored]:
            raise KeyError(missing[0])
        unpack(state, stored)
    return model.eval()


def _files(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"{name}*.safetensors"))
