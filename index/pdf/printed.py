"""What stands on a page of print: lines with their size and place, and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
"""In the name of a font."""
SENTENCE_END = re.compile(r"[.!?…:;]['»”\")\]]*$")
LARGER = 1.12
"""A line this much larger than most of the text is a heading."""

Place = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True)
class PrintedLine:
    """A line of print. ``html`` is its text with superscripts and struck words; places are in points from the page's top."""

    text: str
    html: str
    size: float
    bold: bool
    left: float
    right: float
    top: float
    bottom: float
    sheet: int
    box: int
    bullet: bool = False
    """A dot was drawn before it."""


@dataclass(frozen=True)
class PrintedCell:
    """The words of a cell as HTML, and how many columns and rows it spans."""

    html: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True)
class PrintedTable:
    """A table, with drawn borders or without: its cells, row by row; ``edges`` are where its columns begin."""

    rows: tuple[tuple[PrintedCell, ...], ...]
    place: Place
    sheet: int
    last_sheet: int
    bold_head: bool
    edges: tuple[float, ...]


Printed = PrintedLine | PrintedTable


def place_of(printed: Printed) -> Place:
    """Where it stands on its page."""
    if isinstance(printed, PrintedTable):
        return printed.place
    return printed.left, printed.top, printed.right, printed.bottom


def size_of(printed: Printed) -> float:
    """The size of its print; a table has none of its own."""
    return printed.size if isinstance(printed, PrintedLine) else 0.0


def has_room(line: PrintedLine, following: PrintedLine, right: float) -> bool:
    """Whether the first word of ``following`` would have fitted on ``line``, which may reach to ``right``."""
    width = (following.right - following.left) / max(1, len(following.text))
    return line.right + width * (len(following.text.split(maxsplit=1)[0]) + 1) < right - following.size
