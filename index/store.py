"""The index of a page: FAISS vectors, BM25, passages and a manifest that says what they fit."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.page import Page, Passage
from index.seal import is_whole, put
from index.words import terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.encoder import Encoder

FORMAT = 5
"""Of the files, and of how pages are read and split: another one is built anew without a word."""
TEMPORARY = ".index-"
_AT_ONCE = 128
"""Passages embedded between two reports of progress."""
_PARSING = Lock()
"""numpy parses the head of a file with ``ast``, which fails now and then where two threads do (CPython issue 106905)."""


class IndexDamaged(RuntimeError):
    """The folder is not a whole index."""


@dataclass(frozen=True)
class Scores:
    """Scores of every passage for one question, shape (passages,): cosine and BM25."""

    dense: NDArray[np.float32]
    bm25: NDArray[np.float32]


class Placed(Protocol):
    """A text, and where it stands."""

    @property
    def context(self) -> str: ...

    @property
    def text(self) -> str: ...


def document_text(passage: Placed) -> str:
    """What is embedded and counted for a passage: where it stands, then its text."""
    return f"{passage.context}\n{passage.text}" if passage.context else passage.text


class Index:
    """Passages with their vectors (exact inner product) and their BM25 weights."""

    def __init__(
        self, page: Page, passages: tuple[Passage, ...], dense: Any, bm25: Any, manifest: dict[str, Any]
    ) -> None:
        self.page = page
        self.passages = passages
        self.manifest = manifest
        self._dense = dense
        self._bm25 = bm25

    def __len__(self) -> int:
        return len(self.passages)

    @classmethod
    def build(
        cls,
        page: Page,
        passages: Sequence[Passage],
        encoder: Encoder,
        manifest: dict[str, Any] | None = None,
        progress: Callable[[float], None] = lambda fraction: None,
    ) -> Index:
        """Embed and count ``passages``; ``progress`` is told which share of them is done.

        Raises:
            ValueError: there are none.
        """
        import bm25s
        import faiss

        if not passages:
            raise ValueError("cette page ne contient aucun passage")
        texts = [document_text(p) for p in passages]
        parts = []
        for first in range(0, len(texts), _AT_ONCE):
            progress(first / len(texts))
            parts.append(encoder.encode_document(texts[first : first + _AT_ONCE]))
        vectors = np.concatenate(parts)
        dense = faiss.IndexFlatIP(vectors.shape[1])
        dense.add(vectors)
        bm25 = bm25s.BM25()
        # A passage of stop words alone still needs a row.
        bm25.index([terms(t) or ["∅"] for t in texts], show_progress=False)
        return cls(page, tuple(passages), dense, bm25, manifest or {})

    def scores(self, vector: NDArray[np.float32], question: str) -> Scores:
        """Both scores of every passage, for a query vector of shape (dimension,)."""
        found, order = self._dense.search(vector.reshape(1, -1), len(self))
        dense = np.empty(len(self), dtype=np.float32)
        dense[order[0]] = found[0]
        wanted = terms(question)
        known = [t for t in wanted if t in self._bm25.vocab_dict]
        if not known:
            return Scores(dense, np.zeros(len(self), dtype=np.float32))
        return Scores(dense, self._bm25.get_scores(known).astype(np.float32))

    def save(self, folder: Path) -> None:
        """Write to a temporary folder beside ``folder``, then rename: whole or absent.

        Raises:
            OSError: the disk is full, or cannot be written.
        """
        import faiss

        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=TEMPORARY, dir=folder.parent) as temporary:
            whole = Path(temporary) / "whole"
            whole.mkdir()
            (whole / "dense.faiss").write_bytes(faiss.serialize_index(self._dense).tobytes())
            self._bm25.save(str(whole / "bm25"), show_progress=False)
            _write(whole / "page.json", self.page.to_json())
            _write(whole / "passages.json", [asdict(p) for p in self.passages])
            _write(whole / "manifest.json", self.manifest)
            put(whole, folder)

    @classmethod
    def load(cls, folder: Path) -> Index:
        """Read a saved index.

        Raises:
            FileNotFoundError: there is none.
            IndexDamaged: a file is missing, is not what was written, or does not fit the others.
        """
        import bm25s
        import faiss

        if not folder.exists():
            raise FileNotFoundError(folder)
        try:
            if not is_whole(folder):
                raise ValueError("seal")
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            page = Page.from_json(json.loads((folder / "page.json").read_text(encoding="utf-8")))
            rows = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
            passages = tuple(Passage.from_json(row) for row in rows)
            dense = faiss.read_index(str(folder / "dense.faiss"))
            with _PARSING:
                bm25 = bm25s.BM25.load(str(folder / "bm25"), load_vocab=True)
            if any(p.text != page.text[p.start : p.end] for p in passages):
                raise ValueError("offsets")
            if not len(passages) == dense.ntotal == bm25.scores["num_docs"]:
                raise ValueError("sizes")
        except Exception as error:  # whatever a broken file makes its reader raise
            raise IndexDamaged(f"l'index {folder} est abîmé") from error
        return cls(page, passages, dense, bm25, manifest)


def _write(path: Path, data: Any) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


def manifest_of(page: Page, encoder: Encoder, passage_chars: int) -> dict[str, Any]:
    """What an index must say to fit a page, an encoder and the settings."""
    return {
        "format": FORMAT,
        "model": encoder.name,
        "model_checksum": encoder.checksum,
        "passages_version": encoder.passages_version,
        "precision": encoder.precision,
        "dimension": encoder.dimension,
        "page_checksum": page.checksum,
        "passage_chars": passage_chars,
    }
