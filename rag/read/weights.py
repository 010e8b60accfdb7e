"""Weights as they are stored: 8-bit differences from the encoder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import Encoder
from index.packing import checked, mismatch_as, unpack
from rag.read.pairs import PairEncoder
from rag.read.reader import Reader

if TYPE_CHECKING:
    from rag.read.model import ReaderModel

WEIGHTS = Path(__file__).parent.parent / "weights"
_EXAMPLE = (3, 128)
"""Passages of a usual batch, and tokens of each."""


def load_reader(folder: Path, encoder: Encoder, name: str = "reader") -> Reader:
    """The reader in ``folder`` on top of ``encoder``, by the engine that the encoder finds best; ``name`` are its files."""
    with mismatch_as(f"les poids du lecteur sont absents ou abîmés dans {folder}"):
        config = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        pad, layer = int(config["pad"]), int(config.get("match_layer", 0))
        _, version = checked(folder / f"{name}.safetensors", encoder.trained_for, config["encoder"])
        ids = np.zeros(_EXAMPLE, dtype=np.int64)
        example = [ids, np.ones_like(ids), np.zeros_like(ids)]
        run = encoder.run(f"{name}-{version}-{layer}", lambda one: load_model(folder, one, name), example)
    return Reader(run, PairEncoder(encoder.tokenizer), pad=pad, version=version)


def load_model(folder: Path, encoder: Encoder, name: str = "reader") -> ReaderModel:
    """The reader's network."""
    from safetensors.torch import load_file

    from rag.read.model import ReaderModel, own_bert

    config = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    stored = load_file(folder / f"{name}.safetensors")
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
