"""The lines of print of a PDF in reading order, with their size and place, running heads left out."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.draft import ParseError
from index.pdf.aligned import aligned_tables, goes_beyond
from index.pdf.columns import in_columns
from index.pdf.heads import without_heads
from index.pdf.leaders import without_contents
from index.pdf.printed import BOLD, Printed, PrintedLine
from index.pdf.signs import laid_out
from index.pdf.tables import drawn_tables, whole_tables, with_tables
from index.pdf.words import Strip, whole_strips

_DOT = re.compile(r"[•●▪■◦‣⁃∙·o\uf0b7\uf0a7–—-]")
_NUMBER = re.compile(r"\d{1,2}[.)]")
_LARGEST_DOT = 8
_LARGEST_INDENT = 40
"""In points, from a dot to the words of its item."""


def read_print(data: bytes) -> list[Printed]:
    """The lines and tables of all pages.

    Raises:
        ParseError: encrypted, damaged, or nothing but pictures.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it tells every oddity of a file
    sheets: list[tuple[float, list[Printed]]] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as drawn:
            for number, page in enumerate(drawn.pages, 1):
                sheet = laid_out(page)
                sheets.append((sheet.height, _printed(page, sheet, number)))
                page.close()
    except PDFPasswordIncorrect as error:
        raise ParseError("ce PDF est protégé par un mot de passe") from error
    except Exception as error:  # whatever a damaged file makes its reader raise
        if "Password" in repr(error):
            raise ParseError("ce PDF est protégé par un mot de passe") from error
        raise ParseError("ce PDF est abîmé") from error
    if not any(lines for _, lines in sheets):
        raise ParseError("ce PDF ne contient que des images : il n'y a pas de texte à lire")
    return whole_tables(without_heads(sheets))


def _printed(page: Any, sheet: Any, number: int) -> list[Printed]:
    """The lines and tables of a page, as pdfplumber has it and as pdfminer has laid it out."""
    from pdfminer.layout import LTTextBox, LTTextLine

    boxes = [item for item in sheet if isinstance(item, LTTextBox)]
    strips = [Strip(list(line), n) for n, box in enumerate(boxes) for line in box if isinstance(line, LTTextLine)]
    strips = [strip for strip in strips if strip.seen]
    drawn = [item for item in sheet if not isinstance(item, LTTextBox)]
    strokes = [item for item in drawn if any(strip.is_struck_by(item) for strip in strips)]
    signs = [sign for strip in strips for sign in strip.signs if hasattr(sign, "size")]
    lines = list(_lines(whole_strips(strips), drawn, strokes, sheet.height, number))
    text = set(without_contents([line for line, _ in lines]))
    lines = [(line, strip) for line, strip in lines if line in text]
    pieces = list(_pieces(lines, strokes, sheet.height))
    wider = aligned_tables(pieces, [])
    tables = [
        table for table in drawn_tables(page, signs, strokes, number) if not any(goes_beyond(w, table) for w in wider)
    ]
    tables += aligned_tables(pieces, tables)
    return in_columns(with_tables([line for line, _ in lines], tables))


def _pieces(lines: list[tuple[PrintedLine, Strip]], strokes: list[Any], height: float) -> Iterator[PrintedLine]:
    """Lines cut where no blank was typed, if blanks are typed in this file: what stands apart may be cells."""
    typed = sum(strip.typed_blanks for _, strip in lines) > sum(strip.left_blanks for _, strip in lines)
    for line, strip in lines:
        pieces = strip.pieces() if typed and not line.bullet else []
        if len(pieces) < 2:
            yield line
        else:
            yield from (_line(piece, strokes, height, line.sheet) for piece in pieces)


def _lines(
    strips: list[Strip], drawn: list[Any], strokes: list[Any], height: float, number: int
) -> Iterator[tuple[PrintedLine, Strip]]:
    dots: list[Any] = [strip for strip in strips if _DOT.fullmatch(strip.text)]
    dots += [item for item in drawn if _is_dot(item)]
    numbers = [strip for strip in strips if _NUMBER.fullmatch(strip.text)]
    before = {of: n for n in numbers for of in strips if of not in numbers and _stands_before(n, of)}
    figures = set(before.values())
    for strip in strips:
        if strip in dots or strip in figures:
            continue
        made = replace(_line(strip, strokes, height, number), bullet=any(_stands_before(dot, strip) for dot in dots))
        if figure := before.get(strip):
            made = replace(made, text=f"{figure.text} {made.text}", html=f"{figure.text} {made.html}")
        yield made, strip


def _is_dot(item: Any) -> bool:
    return bool(1 < item.width < _LARGEST_DOT and 0.6 < item.height / item.width < 1.7)


def _stands_before(dot: Any, line: Any) -> bool:
    """Whether ``dot`` is drawn at the height of ``line``, a little to its left."""
    first_line = line.y0 < (dot.y0 + dot.y1) / 2 < line.y1
    return bool(first_line and 0 < line.x0 - dot.x0 < _LARGEST_INDENT)


def _line(strip: Strip, strokes: list[Any], height: float, number: int) -> PrintedLine:
    return PrintedLine(
        text=strip.text,
        html=strip.html(strokes),
        size=round(strip.size * 2) / 2,
        bold=sum(BOLD.search(sign.fontname) is not None for sign in strip.seen) > 0.9 * len(strip.seen),
        left=strip.x0,
        right=strip.x1,
        top=height - strip.y1,
        bottom=height - strip.y0,
        sheet=number,
        box=strip.box,
    )
