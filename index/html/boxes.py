"""Notes laid out as a table, a sign beside its words: read as the box that they look like."""

from __future__ import annotations

from typing import Any

from index.html.tags import has_heading

_LONGEST_LABEL = 80


def unframe(body: Any) -> None:
    """Make each table that only sets a sign beside a note a panel headed by the note's label."""
    for table in body.xpath(".//table[.//img]"):
        rows = table.xpath("./tr|./tbody/tr|./thead/tr")
        if _is_note(rows):
            _unframe(table, rows)


def _is_note(rows: list[Any]) -> bool:
    """Whether one cell with nothing but a picture stands beside all the others, which stand below each other."""
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if not cells or len(cells[0]) != 2 or any(len(row) != 1 for row in cells[1:]):
        return False
    return any(_is_sign(cell, len(rows)) for cell in cells[0]) and not all(_is_bare(cell) for cell in cells[0])


def _is_sign(cell: Any, height: int) -> bool:
    return _is_bare(cell) and bool(cell.xpath(".//img")) and cell.get("rowspan", "1").strip() == str(height)


def _is_bare(cell: Any) -> bool:
    return not "".join(cell.itertext()).strip()


def _unframe(table: Any, rows: list[Any]) -> None:
    labels = [cell for row in rows for cell in row if cell.tag == "th" and not _is_bare(cell)]
    for row in rows:
        for cell in row:
            cell.tag = "div"
        row.tag = "div"
    if len(labels) == 1 and len("".join(labels[0].itertext()).strip()) <= _LONGEST_LABEL:
        above = labels[0].getparent()
        if above is rows[0] and not has_heading(table):
            labels[0].tag, table.tag = "summary", "details"
            return
    table.tag = "div"
