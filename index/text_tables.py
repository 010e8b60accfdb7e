"""Tables as they are typed in plain text: bars between the cells, tabs, or columns kept by spaces."""

from __future__ import annotations

import re
from html import escape

from lxml import html as lxml_html

from index.draft import Draft
from index.html.inline import Line
from index.html.tables import row_drafts

_RULER = re.compile(r"^[\s|+:=─━-]*[-=─━]{2,}[\s|+:=─━-]*$")
_COLUMN_GAP = re.compile(r"\s{2,}")
_LEAST_LINES = 3
_LONGEST_CELL = 60


def table_in(lines: list[str]) -> list[Draft]:
    """The rows of a table, if ``lines`` (tabs kept) are one; else nothing."""
    ruled = [number for number, line in enumerate(lines) if _RULER.match(line)]
    bare = [line for line in lines if not _RULER.match(line)]
    rows = _barred(bare) or _tabbed(bare) or _aligned(bare)
    if len(rows) < 2 or len({len(row) for row in rows}) != 1 or len(rows[0]) < 2:
        return []
    headed = 1 in ruled or (0 in ruled and 2 in ruled)
    return row_drafts(lxml_html.fragment_fromstring(_html(rows, headed)), _read)


def _barred(lines: list[str]) -> list[list[str]]:
    """« | Lit | 31 € | »"""
    if len(lines) < 2 or not all(line.count("|") > 1 for line in lines):
        return []
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


def _tabbed(lines: list[str]) -> list[list[str]]:
    if len(lines) < 2 or not all("\t" in line.strip() for line in lines):
        return []
    return [[cell.strip() for cell in re.split(r"\t+", line.strip())] for line in lines]


def _aligned(lines: list[str]) -> list[list[str]]:
    """Columns that begin, or end, at the same place in all lines."""
    places = [_places(line) for line in lines]
    if len(lines) < _LEAST_LINES or len({len(found) for found in places}) != 1 or len(places[0]) < 2:
        return []
    columns = list(zip(*places, strict=True))
    straight = all(len({a for a, _ in column}) == 1 or len({b for _, b in column}) == 1 for column in columns)
    short = all(b - a <= _LONGEST_CELL for found in places for a, b in found)
    if not (straight and short):
        return []
    return [[line[a:b] for a, b in found] for line, found in zip(lines, places, strict=True)]


def _places(line: str) -> list[tuple[int, int]]:
    """Where the cells of a line begin and end, two spaces apart at least."""
    line = line.rstrip()
    start = len(line) - len(line.lstrip())
    places = []
    for gap in _COLUMN_GAP.finditer(line, start):
        places.append((start, gap.start()))
        start = gap.end()
    return [*places, (start, len(line))]


def _html(rows: list[list[str]], headed: bool) -> str:
    written = []
    for number, row in enumerate(rows):
        tag = "th" if headed and not number else "td"
        written.append("<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in row) + "</tr>")
    return f"<table>{''.join(written)}</table>"


def _read(cell: object) -> Line:
    line = Line(" ")
    line.add("".join(cell.itertext()))  # type: ignore[attr-defined]
    return line
