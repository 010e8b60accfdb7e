"""Tables of a PDF: those with drawn borders, and columns that only stand straight."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import Any

from index.printed import BOLD, Printed, PrintedLine, PrintedTable

Place = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Placed = tuple[Place, PrintedTable]

_STRAIGHT = 3.0
"""Points by which the edges of a column's cells may differ."""
_LONGEST_CELL = 45
"""Most characters of most cells in a column; columns of running text have longer lines."""
_CLOSE = 0.7
"""The same between two lines of one cell."""
_FARTHEST = 2.2
"""White space between two rows, in heights of a line."""
_FIGURE = re.compile(r"^[^\w\s]{0,2}\d|^(?:gratuit|néant|aucun|oui|non|[-–—])", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:\(?(?:\d{1,3}|[a-z])[.)°]?|[•●▪■◦‣–—-])$", re.IGNORECASE)
_LEADERS = re.compile(r"[.…]{4,}\s*$")


def drawn_tables(data: bytes) -> dict[int, list[Placed]]:
    """The tables of each page that has drawn borders, with their place (left, top, right, bottom)."""
    import pdfplumber

    found: dict[int, list[Placed]] = {}
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            if len(page.lines) + len(page.rects) + len(page.curves) < 4:
                continue
            for table in page.find_tables():
                cells = [tuple(" ".join((cell or "").split()) for cell in row) for row in table.extract()]
                rows = tuple(row for row in cells if any(row))
                if len(rows) > 1 and sum(any(row[n] for row in rows) for n in range(len(rows[0]))) > 1:
                    made = PrintedTable(rows, number, _is_bold(page.crop(table.rows[0].bbox).chars))
                    found.setdefault(number, []).append((table.bbox, made))
            page.close()
    return found


def _is_bold(signs: list[dict[str, Any]]) -> bool:
    seen = [sign for sign in signs if sign["text"].strip()]
    return bool(seen) and all(BOLD.search(sign["fontname"]) for sign in seen)


def with_tables(lines: list[PrintedLine], tables: list[Placed]) -> list[Printed]:
    """The lines of a page, those of a table replaced by it where the first of them stands."""
    out: list[Printed] = []
    for line in lines:
        inside = next((table for place, table in tables if _is_in(line, place)), None)
        if inside is None:
            out.append(line)
        elif inside not in out:
            out.append(inside)
    return out


def _is_in(line: PrintedLine, place: Place) -> bool:
    left, top, right, bottom = place
    return top <= (line.top + line.bottom) / 2 <= bottom and left <= (line.left + line.right) / 2 <= right


def aligned_tables(lines: list[PrintedLine], taken: list[Place]) -> list[Placed]:
    """Tables without borders, where that is safe: short cells in straight columns under a bold head, or with figures.

    Two columns of running text, letterheads and numbered lists stand straight too: they have no
    bold head, or no column of figures, or long lines.
    """
    free = [line for line in lines if not any(_is_in(line, place) for place in taken)]
    found = []
    for run in _runs(_rows(free)):
        rows = tuple(tuple(cell.text for cell in row) for row in run)
        head = all(cell.bold for cell in run[0]) and not any(cell.bold for row in run[1:] for cell in row[1:])
        if _is_table(rows, head):
            cells = [cell for row in run for cell in row]
            place = (
                min(c.left for c in cells), min(c.top for c in cells), max(c.right for c in cells), max(c.bottom for c in cells),
            )  # fmt: skip
            found.append((place, PrintedTable(rows, cells[0].sheet, head)))
    return found


def _rows(lines: list[PrintedLine]) -> list[list[PrintedLine]]:
    """Lines side by side at one height, from the top."""
    rows: list[list[PrintedLine]] = []
    for line in sorted(lines, key=lambda line: ((line.top + line.bottom) / 2, line.left)):
        middle = (line.top + line.bottom) / 2
        if rows and rows[-1][0].top < middle < rows[-1][0].bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def _runs(rows: list[list[PrintedLine]]) -> list[list[list[PrintedLine]]]:
    """Rows one under the other that have the same straight columns; cells of two lines are made one."""
    runs: list[list[list[PrintedLine]]] = []
    for number, row in enumerate(rows):
        if runs and runs[-1] and _goes_on(runs[-1], row):
            runs[-1].append(row)
        elif (
            runs
            and runs[-1]
            and number + 1 < len(rows)
            and _goes_on(runs[-1], rows[number + 1])
            and (joined := _joined(runs[-1], row))
        ):
            runs[-1][-1] = joined
        elif len(row) > 1 and all(b.left - a.right > _STRAIGHT for a, b in pairwise(row)):
            runs.append([row])
        else:
            runs.append([])
    return [run for run in runs if len(run) > 2]


def _goes_on(run: list[list[PrintedLine]], row: list[PrintedLine]) -> bool:
    last = run[-1]
    near = row[0].top - last[0].bottom <= _FARTHEST * (last[0].bottom - last[0].top)
    return (
        near
        and len(row) == len(last)
        and all(_is_straight([*(before[n] for before in run), cell]) for n, cell in enumerate(row))
    )


def _joined(run: list[list[PrintedLine]], more: list[PrintedLine]) -> list[PrintedLine]:
    """The last row with the second lines of some of its cells; nothing where ``more`` is no such lines."""
    joined = list(run[-1])
    for line in more:
        place = next((n for n, cell in enumerate(joined) if _is_second(cell, line)), None)
        if place is None:
            return []
        cell = joined[place]
        joined[place] = replace(
            cell, text=f"{cell.text} {line.text}", right=max(cell.right, line.right), bottom=line.bottom
        )
    return joined


def _is_second(cell: PrintedLine, line: PrintedLine) -> bool:
    close = line.top - cell.bottom < _CLOSE * (line.bottom - line.top)
    return close and abs(cell.left - line.left) <= _STRAIGHT and cell.bold == line.bold


def _is_straight(cells: list[PrintedLine]) -> bool:
    """Whether cells stand under each other: by their left edges, their right edges or their middles."""
    edges = ([c.left for c in cells], [c.right for c in cells], [(c.left + c.right) / 2 for c in cells])
    return any(max(places) - min(places) <= _STRAIGHT for places in edges)


def _is_table(rows: tuple[tuple[str, ...], ...], head: bool) -> bool:
    columns = list(zip(*(rows[1:] if head else rows), strict=True))
    if any(median(map(len, column)) > _LONGEST_CELL for column in columns):
        return False
    if all(_NUMBERED.match(cell) for cell in columns[0]) or any(_LEADERS.search(cell) for cell in columns[0]):
        return False
    figures = [sum(_FIGURE.search(cell) is not None for cell in column) / len(column) for column in columns[1:]]
    return head or max(figures) > 0.6
