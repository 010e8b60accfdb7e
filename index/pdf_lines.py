"""The lines of print of a PDF in reading order, with their size and place, running heads left out."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from statistics import median
from typing import Any

from index.draft import ParseError
from index.pdf_tables import aligned_tables, drawn_tables, with_tables
from index.printed import BOLD, Printed, PrintedLine

_NUMBER_ALONE = re.compile(r"(?:page\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:/|sur)\s*\d{1,4})?", re.IGNORECASE)
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_EDGE = 0.1
"""Share of a page's height, at its top and its foot, where running heads stand."""
_DOT = re.compile(r"[•●▪■◦‣⁃∙·o\uf0b7\uf0a7–—-]")
_NUMBER = re.compile(r"\d{1,2}[.)]")
_LARGEST_DOT = 8
_LARGEST_INDENT = 40
"""In points, from a dot to the words of its item."""
_RAISED = 0.8
"""Signs smaller than this share of their line and above its foot are superscripts."""


def read_print(data: bytes) -> list[Printed]:
    """The lines and tables of all pages.

    Raises:
        ParseError: encrypted, damaged, or nothing but pictures.
    """
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LAParams
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it tells every oddity of a file
    sheets: list[tuple[float, list[Printed]]] = []
    try:
        drawn = drawn_tables(data)
        for number, sheet in enumerate(extract_pages(io.BytesIO(data), laparams=LAParams()), 1):
            lines = list(_lines(sheet, number))
            tables = drawn.get(number, [])
            tables = tables + aligned_tables(lines, [place for place, _ in tables])
            sheets.append((sheet.height, with_tables(lines, tables)))
    except PDFPasswordIncorrect as error:
        raise ParseError("ce PDF est protégé par un mot de passe") from error
    except Exception as error:  # whatever a damaged file makes its reader raise
        if "Password" in repr(error):
            raise ParseError("ce PDF est protégé par un mot de passe") from error
        raise ParseError("ce PDF est abîmé") from error
    if not any(lines for _, lines in sheets):
        raise ParseError("ce PDF ne contient que des images : il n'y a pas de texte à lire")
    return _without_heads(sheets)


def _lines(sheet: Any, number: int) -> Iterator[PrintedLine]:
    from pdfminer.layout import LTTextBox, LTTextLine

    boxes = [item for item in sheet if isinstance(item, LTTextBox)]
    printed = [(line, n) for n, box in enumerate(boxes) for line in box if isinstance(line, LTTextLine)]
    dots = [line for line, _ in printed if _DOT.fullmatch(line.get_text().strip())]
    dots += [item for item in sheet if not isinstance(item, LTTextBox) and _is_dot(item)]
    numbers = [line for line, _ in printed if _NUMBER.fullmatch(line.get_text().strip())]
    before = {n: line for n in numbers for line, _ in printed if line not in numbers and _stands_before(n, line)}
    for line, box_number in printed:
        if not line.get_text().strip() or line in dots or line in before:
            continue
        made = replace(
            _line(line, sheet.height, number, box_number),
            bullet=any(_stands_before(dot, line) for dot in dots),
        )
        figure = next((n.get_text().strip() for n, of in before.items() if of is line), "")
        yield replace(made, text=f"{figure} {made.text}", html=f"{figure} {made.html}") if figure else made


def _is_dot(item: Any) -> bool:
    return bool(1 < item.width < _LARGEST_DOT and 0.6 < item.height / item.width < 1.7)


def _stands_before(dot: Any, line: Any) -> bool:
    """Whether ``dot`` is drawn at the height of ``line``, a little to its left."""
    first_line = line.y0 < (dot.y0 + dot.y1) / 2 < line.y1
    return bool(first_line and 0 < line.x0 - dot.x0 < _LARGEST_INDENT)


def _line(line: Any, height: float, number: int, box: int) -> PrintedLine:
    from pdfminer.layout import LTChar

    signs = [sign for sign in line if isinstance(sign, LTChar) and sign.get_text().strip()]
    size = median(sign.size for sign in signs)
    bold = sum(BOLD.search(sign.fontname) is not None for sign in signs) > 0.9 * len(signs)
    foot = median(sign.y0 for sign in signs)
    html = ""
    for sign in line:
        words = escape(sign.get_text().translate(_LIGATURES))
        raised = isinstance(sign, LTChar) and sign.size < _RAISED * size and sign.y0 > foot + 0.1 * size
        html += f"<sup>{words}</sup>" if raised and words.strip() else words
    return PrintedLine(
        text=" ".join(line.get_text().translate(_LIGATURES).split()),
        html=html.replace("</sup><sup>", "").strip(),
        size=round(size * 2) / 2,
        bold=bold,
        left=line.x0,
        right=line.x1,
        top=height - line.y1,
        bottom=height - line.y0,
        sheet=number,
        box=box,
    )


def _without_heads(sheets: list[tuple[float, list[Printed]]]) -> list[Printed]:
    """All lines but page numbers and what is said again at the edge of most pages."""
    said: Counter[str] = Counter()
    for height, lines in sheets:
        said.update({_shape(line.text) for line in lines if _at_edge(line, height)})  # type: ignore[union-attr]
    often = max(2, len(sheets) // 2)
    return [
        line
        for height, lines in sheets
        for line in lines
        if not (
            isinstance(line, PrintedLine)
            and _at_edge(line, height)
            and (said[_shape(line.text)] >= often or _NUMBER_ALONE.fullmatch(line.text))
        )
    ]


def _at_edge(line: Printed, height: float) -> bool:
    return isinstance(line, PrintedLine) and (line.bottom < _EDGE * height or line.top > (1 - _EDGE) * height)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text)
