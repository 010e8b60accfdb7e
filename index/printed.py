"""What stands on a page of print: lines with their size and place, and tables."""

from __future__ import annotations

import re
from dataclasses import dataclass

BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
"""In the name of a font."""


@dataclass(frozen=True)
class PrintedLine:
    """A line of print. ``html`` is its text with superscripts; places are in points from the page's top."""

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
class PrintedTable:
    """A table, with drawn borders or without: its cells' words, row by row."""

    rows: tuple[tuple[str, ...], ...]
    sheet: int
    bold_head: bool = False


Printed = PrintedLine | PrintedTable
