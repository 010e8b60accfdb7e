"""Tables of a PDF that have drawn borders, and the parts of one that goes on on the next page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from index.pdf.printed import BOLD, SENTENCE_END, Place, Printed, PrintedCell, PrintedLine, PrintedTable
from index.pdf.words import words_in

Row = list[tuple[Place, str]]
"""Cells with their places."""

STRAIGHT = 3.0
"""Points by which the edges of a column's cells may differ."""


def drawn_tables(page: Any, signs: list[Any], strokes: list[Any], number: int) -> list[PrintedTable]:
    """The tables with drawn borders on a ``page`` of pdfplumber, its signs and thin bars being those of pdfminer."""
    if len(page.lines) + len(page.rects) + len(page.curves) < 4:
        return []
    found: list[PrintedTable] = []
    struck = {(round(bar.x0), round(page.height - bar.y1)) for bar in strokes}
    shown = page.filter(lambda item: (round(item["x0"]), round(item["top"])) not in struck) if struck else page
    for table in shown.find_tables():
        rows = [_filled(row.cells, page.height, signs, strokes) for row in table.rows]
        rows = _without_boxes([row for row in rows if any(words for _, words in row)])
        if len(rows) > 1 and len({place[0] for row in rows for place, words in row if words}) > 1:
            cells = [place for row in rows for place, _ in row]
            place = (
                min(c[0] for c in cells),
                min(c[1] for c in cells),
                max(c[2] for c in cells),
                max(c[3] for c in cells),
            )
            found.append(_table(rows, place, number, _is_bold(rows[0], page.height, signs)))
    return found


def _filled(cells: Iterable[Place | None], height: float, signs: list[Any], strokes: list[Any]) -> Row:
    return [(cell, words_in(_inside(cell, height, signs), strokes)) for cell in cells if cell is not None]


def _inside(cell: Place, height: float, signs: list[Any]) -> list[Any]:
    left, top, right, bottom = cell
    return [
        sign
        for sign in signs
        if left <= (sign.x0 + sign.x1) / 2 <= right and top <= height - (sign.y0 + sign.y1) / 2 <= bottom
    ]


def _is_bold(row: Row, height: float, signs: list[Any]) -> bool:
    seen = [sign for place, _ in row for sign in _inside(place, height, signs) if sign.get_text().strip()]
    return bool(seen) and all(BOLD.search(sign.fontname) for sign in seen)


def _without_boxes(rows: list[Row]) -> list[Row]:
    """The rows but for a box that touches the table: as wide as no other, or with a sentence under the last row."""
    while len(rows) > 2 and _is_box(rows[-1], rows[:-1], last=True):
        rows = rows[:-1]
    while len(rows) > 2 and _is_box(rows[0], rows[1:], last=False):
        rows = rows[1:]
    return rows


def _is_box(row: Row, others: list[Row], *, last: bool) -> bool:
    if len(row) > 1:
        return False
    (left, _, right, _), words = row[0]
    edges = [(min(place[0] for place, _ in other), max(place[2] for place, _ in other)) for other in others]
    if not any(abs(left - a) <= STRAIGHT and abs(right - b) <= STRAIGHT for a, b in edges):
        return max(b - a for a, b in edges) < right - left
    return last and SENTENCE_END.search(words) is not None


def _table(rows: list[Row], place: Place, number: int, bold_head: bool) -> PrintedTable:
    """Cells that span columns and rows say so, by the edges of all others."""
    lefts = _edges(place[0] for row in rows for place, _ in row)
    tops = _edges(place[1] for row in rows for place, _ in row)
    cells = tuple(
        tuple(
            PrintedCell(words, _reach(place[0], place[2], lefts), _reach(place[1], place[3], tops))
            for place, words in row
        )
        for row in rows
    )
    return PrintedTable(cells, place, number, number, bold_head, lefts)


def _edges(places: Iterable[float]) -> tuple[float, ...]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > STRAIGHT:
            edges.append(place)
    return tuple(edges)


def _reach(start: float, end: float, edges: tuple[float, ...]) -> int:
    return max(1, sum(start - STRAIGHT <= edge < end - STRAIGHT for edge in edges))


def with_tables(lines: list[PrintedLine], tables: list[PrintedTable]) -> list[Printed]:
    """The lines of a page, those of a table replaced by it where the first of them stands."""
    out: list[Printed] = []
    for line in lines:
        inside = next((table for table in tables if is_in(line, table.place)), None)
        if inside is None:
            out.append(line)
        elif inside not in out:
            out.append(inside)
    return out


def is_in(line: PrintedLine, place: Place) -> bool:
    """Whether the middle of ``line`` stands in ``place``."""
    left, top, right, bottom = place
    return top <= (line.top + line.bottom) / 2 <= bottom and left <= (line.left + line.right) / 2 <= right


def whole_tables(printed: list[Printed]) -> list[Printed]:
    """Tables that go on on the next page, in the same columns and without a head of their own, made one."""
    whole: list[Printed] = []
    for item in printed:
        last = whole[-1] if whole else None
        if isinstance(item, PrintedTable) and isinstance(last, PrintedTable) and _is_rest(last, item):
            whole[-1] = _continued(last, item)
        else:
            whole.append(item)
    return whole


def _continued(table: PrintedTable, rest: PrintedTable) -> PrintedTable:
    """``table`` with the rows of ``rest`` but its headers, said again; a mark tells where the page was turned."""
    rows = list(rest.rows)
    for row in table.rows:
        if len(rows) < 2 or rows[0] != row:
            break
        rows.pop(0)
    first, *others = rows[0]
    turned = replace(first, html=f'<a data-sheet="{rest.sheet}"></a>{first.html}')
    return replace(table, rows=(*table.rows, (turned, *others), *rows[1:]), last_sheet=rest.sheet)


def _is_rest(table: PrintedTable, rest: PrintedTable) -> bool:
    edges = zip(table.edges, rest.edges, strict=False)
    straight = len(table.edges) == len(rest.edges) and all(abs(a - b) <= STRAIGHT for a, b in edges)
    own_head = rest.bold_head and rest.rows[0] != table.rows[0]
    return straight and not own_head and rest.sheet == table.last_sheet + 1
