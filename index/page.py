"""The words of the project: page, block, passage. Offsets count characters of the page's text."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any, Literal

BlockKind = Literal["heading", "paragraph", "bullet", "gap"]
Role = Literal["", "credit", "keywords", "updated", "link"]
Span = tuple[int, int]

MISSING = "[…]"
"""How a gap is shown."""


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, bullet or gap of a page.

    ``start`` and ``end`` are offsets into ``Page.text`` (equal for a gap, which stands where
    words are missing). ``level`` is 1 for the title and top bullets, 2 for section headings and
    sub-bullets, and so on. ``cut_start`` and ``cut_end`` say that a gap took the words before
    or after.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 1
    section: tuple[str, ...] = ()
    role: Role = ""
    cut_start: bool = False
    cut_end: bool = False


@dataclass(frozen=True)
class Page:
    """A page as its parser kept it: its metadata, its canonical text and its blocks in order."""

    title: str
    text: str
    blocks: tuple[Block, ...]
    breadcrumb: tuple[str, ...] = ()
    url: str = ""
    publisher: str = ""
    licence: str = ""
    updated: str = ""

    def __post_init__(self) -> None:
        position = 0
        for block in self.blocks:
            if not position <= block.start <= block.end <= len(self.text):
                raise ValueError(f"block out of order or out of the text: {block}")
            position = block.end

    @property
    def checksum(self) -> str:
        """SHA-256 of everything that the index depends on."""
        return hashlib.sha256(
            json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()
        ).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Page:
        blocks = tuple(Block(**{**b, "section": tuple(b["section"])}) for b in data["blocks"])
        return cls(**{**data, "blocks": blocks, "breadcrumb": tuple(data["breadcrumb"])})


@dataclass(frozen=True)
class Passage:
    """Consecutive sentences or bullets of one section.

    ``text`` is ``page.text[start:end]``. ``sentences`` are offsets into the page's text of the
    sentences and bullets, in order: the units that may be quoted. ``lead`` introduces the
    passage (the paragraph before a long list) without being part of it.
    """

    id: int
    text: str
    start: int
    end: int
    section: tuple[str, ...]
    sentences: tuple[Span, ...]
    lead: str = ""
    role: Role = ""
    cut_start: bool = False
    cut_end: bool = False

    @property
    def context(self) -> str:
        """Section path and lead on one line: what a model needs beside the text."""
        return " › ".join((*self.section, *([self.lead] if self.lead else [])))

    @property
    def shown(self) -> str:
        """The text for people: […] where a gap cut it."""
        return f"{'[…] ' if self.cut_start else ''}{self.text}{' […]' if self.cut_end else ''}"

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Passage:
        return cls(
            **{
                **data,
                "section": tuple(data["section"]),
                "sentences": tuple((int(a), int(b)) for a, b in data["sentences"]),
            }
        )
