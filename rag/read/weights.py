"""Weights as they are stored: 8-bit differences from the encoder."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from rag.question.packing import WeightsMismatch, pack, unpack
from rag.read.model import ReaderModel, own_bert
from rag.read.pairs import pair_encoder
from rag.read.reader import Reader

if TYPE_CHECKING:
    from index.encoder import Encoder

WEIGHTS = Path(__file__).parent.parent / "weights"


def packed(model: ReaderModel, base: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What to store of ``model`` beside the encoder's tensors ``base``."""
    state = {k: v for k, v in model.state_dict().items() if "word_emb" not in k and not k.endswith("position_ids")}
    return pack(state, {f"bert.{name}": value for name, value in base.items()})


def load_reader(folder: Path, encoder: Encoder) -> Reader:
    """The reader in ``folder`` on top of ``encoder``.

    Raises:
        WeightsMismatch: no weights there, not readable, or trained on another encoder.
    """
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        stored: dict[str, torch.Tensor] = {}
        files = sorted(folder.glob("reader*.safetensors"))
        for file in files:
            stored.update(load_file(file))
        if not stored:
            raise FileNotFoundError("reader.safetensors")
    except Exception as error:  # whatever a missing or broken file makes its reader raise
        raise WeightsMismatch(f"les poids du lecteur sont absents ou abîmés dans {folder}") from error
    if config["encoder"] != encoder.checksum:
        raise WeightsMismatch("le lecteur n'a pas été entraîné pour ce modèle d'encodeur")
    bert, hidden = own_bert(encoder)
    model = ReaderModel(bert, hidden, int(config.get("match_layer", 0)))
    reference = next(bert.parameters())
    model.to(device=reference.device, dtype=reference.dtype)
    try:
        state = model.state_dict()
        if missing := [name for name in state if not name.startswith("bert.") and name not in stored]:
            raise KeyError(missing[0])
        unpack(state, stored)
    except (KeyError, RuntimeError) as error:
        raise WeightsMismatch(f"les poids du lecteur dans {folder} ne conviennent pas") from error
    version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    return Reader(model, pair_encoder(encoder), pad=int(config["pad"]), version=version)
