"""The encoder for questions: passages keep the vectors of the index, questions learn to come near them.

The upper layers of the encoder, adapted on questions that share no word with what answers them
(``python -m rag.training.queries``); stored as 8-bit differences in ``queries.safetensors``.
"""

from __future__ import annotations

import copy
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.question.packing import WeightsMismatch, unpack

if TYPE_CHECKING:
    from index.encoder import Encoder

FILE = Path(__file__).parent / "queries.safetensors"


@lru_cache(maxsize=2)
def question_encoder(encoder: Encoder, file: Path = FILE) -> Encoder:
    """An encoder whose ``encode_query`` is adapted; what is not adapted it shares with ``encoder``.

    Another encoder than the one it was trained for is given back as it is.

    Raises:
        WeightsMismatch: the bundled weights are missing or damaged.
    """
    from safetensors import safe_open
    from safetensors.torch import load_file

    if not encoder.is_bundled:
        return encoder
    try:
        with safe_open(str(file), "pt") as stored:
            trained_for = stored.metadata()["encoder"]
        packed = load_file(file)
        if trained_for != encoder.checksum:
            raise ValueError(trained_for)
        adapted = {name.rsplit(".delta", 1)[0].removesuffix(".scale") for name in packed}
        network: Any = encoder.model[0]
        shared: dict[int, Any] = {id(p): p for name, p in network.model.named_parameters() if name not in adapted}
        shared[id(encoder.model.tokenizer)] = encoder.model.tokenizer  # a quarter of a million words
        model: Any = copy.deepcopy(encoder.model, shared)
        unpack(model[0].model.state_dict(), packed)
    except Exception as error:  # whatever a missing or broken file makes its reader raise
        raise WeightsMismatch(f"les poids de l'encodeur de questions sont absents ou abîmés : {file}") from error
    return type(encoder)(model, encoder.name, encoder.checksum)
