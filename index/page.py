"""The words of the project: page, block, passage. Offsets count characters of the page's text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

BlockKind = Literal["heading", "paragraph", "bullet", "row", "gap"]
Role = Literal["", "credit", "keywords", "updated", "link", "code", "columns", "caption"]
MarkKind = Literal["strong", "em", "code", "link", "quote", "note", "struck", "page"]
Span = tuple[int, int]

MISSING = "[…]"
"""How a gap is shown."""


@dataclass(frozen=True)
class Mark:
    """How some of the page's characters look, or what stands between two of them.

    ``start`` and ``end`` are offsets into ``Page.text``. Emphasis, code, quotations and links cover
    words; ``value`` is a link's address. The others have no width: a ``note`` (the number of a
    footnote) and ``struck`` words stand in ``value``, for they are shown but never quoted, and a
    ``page`` says which page of a PDF begins there.
    """

    kind: MarkKind
    start: int
    end: int
    value: str = ""


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, bullet, table row or gap of a page.

    ``start`` and ``end`` are offsets into ``Page.text`` (equal for a gap, which stands where
    words are missing). ``level`` is 1 for the title and top bullets, 2 for section headings and
    sub-bullets, and so on. ``cut_start`` and ``cut_end`` say that a gap took the words before
    or after. ``heading`` is the index in ``Page.blocks`` of the heading above, -1 where there is
    none: two sections of the same name differ by it. ``cells`` are the offsets of a row's cells,
    one for each column, of no width where the cell is empty; a row's text carries its column
    headers, which stand between the cells. A row of role ``columns`` is the headers themselves.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 1
    section: tuple[str, ...] = ()
    role: Role = ""
    cut_start: bool = False
    cut_end: bool = False
    heading: int = -1
    cells: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Item:
    """An item of a list: its block, and the paragraph or item that announces its list by a colon, None where nothing does.

    ``goes_on`` says that it goes on the sentence that announces it: it begins in lower case, or items of its list end with a
    semicolon.
    """

    block: Block
    lead: Block | None = None
    goes_on: bool = False


def announces(words: str) -> bool:
    """Whether ``words`` announce what comes after them."""
    return words.rstrip().endswith(":")


@dataclass(frozen=True)
class Page:
    """A page as its parser kept it: its metadata, its canonical text and its blocks in order.

    ``language`` is two letters, or "und" where it is plainly not French, empty where the words do not tell. ``health`` says that the
    page is about health, so that the application adds what such a page needs.
    """

    title: str
    text: str
    blocks: tuple[Block, ...]
    breadcrumb: tuple[str, ...] = ()
    url: str = ""
    publisher: str = ""
    licence: str = ""
    updated: str = ""
    marks: tuple[Mark, ...] = ()
    language: str = ""
    health: bool = False

    def __post_init__(self) -> None:
        position = 0
        for block in self.blocks:
            if not position <= block.start <= block.end <= len(self.text):
                raise ValueError(f"block out of order or out of the text: {block}")
            position = block.end

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of everything that the index depends on; the interface asks for it with each exchange."""
        return hashlib.sha256(json.dumps(asdict(self), ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @cached_property
    def items(self) -> dict[int, Item]:
        """The items of the page's lists, by where they begin."""
        lists: dict[tuple[Block | None, int], list[Block]] = {}
        above: list[Block | None] = [None]
        for block in self.blocks:
            if block.kind != "bullet":
                above = [block]
                continue
            while (last := above[-1]) and last.kind == "bullet" and last.level >= block.level:
                above.pop()
            lists.setdefault((last, block.level), []).append(block)
            above.append(block)
        return {item.block.start: item for (lead, _), blocks in lists.items() for item in self._listed(lead, blocks)}

    def _listed(self, above: Block | None, blocks: Sequence[Block]) -> Iterator[Item]:
        """The items of one list, which stands right under the block ``above``."""
        leads = above and above.kind in ("paragraph", "bullet") and announces(self.text[above.start : above.end])
        ends = any(self.text[block.start : block.end].rstrip().endswith(";") for block in blocks)
        for block in blocks:
            goes_on = bool(leads) and (ends or self.text[block.start].islower())
            yield Item(block, above if leads else None, goes_on)

    def sheet_at(self, offset: int) -> str:
        """The number of the PDF page on which ``offset`` stands; empty for what is no PDF."""
        before = [mark.value for mark in self.marks if mark.kind == "page" and mark.start <= offset]
        return before[-1] if before else ""

    def address_at(self, offset: int) -> str:
        """The page's address, for a PDF opened at the page where ``offset`` stands."""
        sheet = self.sheet_at(offset)
        return f"{self.url.split('#')[0]}#page={sheet}" if sheet and self.url else self.url

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Page:
        blocks = tuple(
            Block(**{**b, "section": tuple(b["section"]), "cells": _spans(b["cells"])}) for b in data["blocks"]
        )
        marks = tuple(Mark(**mark) for mark in data["marks"])
        return cls(**{**data, "blocks": blocks, "marks": marks, "breadcrumb": tuple(data["breadcrumb"])})


@dataclass(frozen=True)
class Passage:
    """Consecutive sentences, bullets or table rows of one section.

    ``text`` is ``page.text[start:end]``. ``sentences`` are offsets into the page's text of the
    sentences, bullets and rows, in order: the units that may be quoted. ``lead`` introduces the
    passage (the paragraph before a long list, the column headers of a table) without being part
    of it. ``heading`` is the index in ``Page.blocks`` of the heading above, -1 for none.
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
    heading: int = -1

    @property
    def context(self) -> str:
        """Section path and lead on one line: what a model needs beside the text."""
        return " › ".join((*self.section, *([self.lead] if self.lead else [])))

    @property
    def shown(self) -> str:
        """The text for people: […] where a gap cut it."""
        return f"{'[…] ' if self.cut_start else ''}{self.text}{' […]' if self.cut_end else ''}"

    def at(self, span: Span) -> str:
        """The words of ``span``, which are offsets into the page's text."""
        return self.text[span[0] - self.start : span[1] - self.start]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Passage:
        return cls(
            **{
                **data,
                "section": tuple(data["section"]),
                "sentences": _spans(data["sentences"]),
            }
        )


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in pairs)
