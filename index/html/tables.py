"""Tables: which are data, their grid with spans filled in, and rows that carry their headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from index.draft import Draft
from index.html.inline import Line
from index.html.tags import has_heading
from index.page import Span

_MOST_SPAN = 100
_LONGEST_GROUP = 80
"""Most characters of a cell over the whole width that names the rows under it."""

_LONG_HEADER = 30
"""A header over several columns that is longer is said with the first of them only."""

_FIGURE = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")

ReadCell = Callable[[Any], Line]


@dataclass(frozen=True)
class Cell:
    """A cell of the grid; ``origin`` is false where a span of another row or column reaches it."""

    node: Any
    line: Line
    origin: bool

    @property
    def is_header(self) -> bool:
        return self.node.tag == "th" or self.node.get("role") in ("columnheader", "rowheader")


Row = list[Cell | None]


def is_data(table: Any) -> bool:
    """Whether a table holds data; one that only places things is read as plain text."""
    if table.get("role") in ("presentation", "none"):
        return False
    if table.xpath(".//table") or has_heading(table):
        return False
    rows = list(table_rows(table))
    widest = max((sum(1 for _ in cells_of(row)) for row in rows), default=0)
    return widest > 1 and (len(rows) > 1 or bool(table.xpath(".//th")))


def table_rows(table: Any) -> Iterator[Any]:
    """The ``tr`` of a table, its foot last."""
    feet = []
    for row in table.iter("tr"):
        if row.getparent().tag == "tfoot":
            feet.append(row)
        else:
            yield row
    yield from feet


def cells_of(row: Any) -> Iterator[Any]:
    """The cells of a ``tr``."""
    return (cell for cell in row if cell.tag in ("td", "th"))


def row_drafts(table: Any, read: ReadCell) -> list[Draft]:
    """The rows of a data table: its column headers first, then each row with them."""
    rows = _grid(table, read)
    titles = _titles(rows)
    drafts = [Draft("paragraph", line.text, role="caption", marks=list(line.marks)) for line in titles]
    headed = len(titles) + _header_rows(len(table.xpath("./thead/tr")) - len(titles), rows[len(titles) :])
    headers = _joined_headers(rows[len(titles) : headed])
    drafts += [_columns(headers)] if any(headers) else []
    group = "" if any(headers) or not titles or len(titles[-1].text) > _LONGEST_GROUP else titles[-1].text
    for number, row in enumerate(rows[headed:], headed):
        words = _over_the_width(row)
        if words is not None and number + 1 < len(rows) and len(words.text) <= _LONGEST_GROUP:
            group = words.text
            drafts.append(Draft("row", group, marks=list(words.marks), cells=((0, len(group)),)))
        elif draft := _row(row, headers, group):
            drafts.append(draft)
    return drafts


def _grid(table: Any, read: ReadCell) -> list[Row]:
    """All rows at the same width, each cell repeated wherever its spans reach."""
    grid: list[Row] = []
    reaching: dict[int, tuple[int, Cell]] = {}
    for nodes in (nodes for tr in table_rows(table) for nodes in _level_lines(list(cells_of(tr)))):
        row: Row = []
        while nodes or len(row) in reaching:
            if len(row) in reaching:
                left, cell = reaching.pop(len(row))
                if left > 1:
                    reaching[len(row)] = (left - 1, cell)
                row.append(cell)
                continue
            node = nodes.pop(0)
            line = read(node)
            down = _span(node, "rowspan")
            for n in range(_span(node, "colspan")):
                if down > 1:
                    reaching[len(row)] = (down - 1, Cell(node, line, False))
                row.append(Cell(node, line, n == 0))
        grid.append(row)
    width = max(map(len, grid), default=0)
    return [row + [None] * (width - len(row)) for row in grid]


def _level_lines(cells: list[Any]) -> list[list[Any]]:
    """The cells of a row; where each holds as many lines, and beside the first they are figures that stand level with it, or
    nothing, those of each line as a row: so read they are."""
    breaks = {len(cell.findall("br")) for cell in cells}
    spanning = any(_span(cell, name) > 1 for cell in cells for name in ("rowspan", "colspan"))
    if len(cells) < 2 or len(breaks) > 1 or breaks == {0} or spanning:
        return [cells]
    rows = list(zip(*map(_lines_of, cells), strict=True))
    told = [["".join(line.itertext()).strip() for line in row] for row in rows]
    named = all(row[0] for row in told)
    filled = [row[1:] for row in told if any(row[1:])]
    level = all(_FIGURE.search(words) for row in filled for words in row)
    return [list(row) for row in rows] if named and level and len(filled) > 1 else [cells]


def _lines_of(cell: Any) -> list[Any]:
    """The lines of a cell, each as a cell: what stands between its breaks."""
    return [_line_of(cell, number) for number in range(1 + len(cell.findall("br")))]


def _line_of(cell: Any, number: int) -> Any:
    line = deepcopy(cell)
    breaks = 0
    for child in list(line):
        breaks += child.tag == "br"
        if breaks != number:
            line.remove(child)  # with the words after it
    if number:
        line.text = None
    return line


def _span(node: Any, name: str) -> int:
    value = node.get(name, "1").strip()
    return min(max(int(value), 1), _MOST_SPAN) if value.isdigit() else 1


def _titles(rows: list[Row]) -> list[Line]:
    """The words of the rows at the top that span all columns: what the table is about."""
    titles: list[Line] = []
    for row in rows[:-1]:
        words = _over_the_width(row)
        if words is None:
            break
        titles.append(words)
    return titles


def _header_rows(in_head: int, rows: list[Row]) -> int:
    """How many rows at the top are column headers, with the row that says what each part of a wide header is."""
    count = _marked_headers(in_head, rows)
    while 0 < count < len(rows) - 1 and _parts_wide_headers(rows[count - 1], rows[count]):
        count += 1
    return count


def _parts_wide_headers(above: Row, below: Row) -> bool:
    """Whether ``below`` has words under the headers of several columns only, a word for each column."""
    owners = [cell.node if cell else None for cell in _reaching(above)]
    wide = [owner is not None and owners.count(owner) > 1 for owner in owners]
    if not any(wide) or all(wide):
        return False
    cells = [cell for is_wide, cell in zip(wide, below, strict=True) if is_wide]
    others = [(a, b) for is_wide, a, b in zip(wide, above, below, strict=True) if not is_wide]
    return (
        all(cell and cell.line.text and not _FIGURE.search(cell.line.text) for cell in cells)
        and len({cell.node for cell in cells if cell}) == len(cells)
        and all(b is None or not b.line or (a is not None and b.node is a.node) for a, b in others)
    )


def _reaching(row: Row) -> Row:
    """A row of headers where one reaches over the empty ones after it, as its own width would say."""
    reached: Row = []
    for cell in row:
        empty = cell is None or not cell.line.text
        reached.append(reached[-1] if empty and reached and reached[-1] and reached[-1].line.text else cell)
    return reached


def _marked_headers(in_head: int, rows: list[Row]) -> int:
    """How many rows at the top, ``in_head`` of them marked, hold nothing but column headers."""
    if 0 < in_head < len(rows):
        return in_head
    count = 0
    for row in rows[:-1]:
        if not all(c is None or c.is_header or not c.line for c in row) or not any(c and c.line for c in row):
            break
        count += 1
    if not count and len(rows) > 1:
        bold = _all_strong(rows[0]) and not _all_strong(rows[1])
        return int(bold or _words_over_figures(rows))
    return count


def _all_strong(row: Row) -> bool:
    """Whether all words of a row stand in bold: the headers of whoever has no button for them."""
    cells = [cell.line for cell in row if cell and cell.line.text]
    return len(cells) > 1 and all(
        sum(m.end - m.start for m in line.marks if m.kind == "strong") >= len(line.text) - 2 for line in cells
    )


def _words_over_figures(rows: list[Row]) -> bool:
    """Whether the first row has only words and most cells below them, but for the first column, figures."""
    texts = [[cell.line.text if cell else "" for cell in row] for row in rows]
    head, *below = texts
    if not all(head) or any(_FIGURE.search(words) for words in head) or len(head) < 2:
        return False
    figures = [bool(_FIGURE.search(words)) for row in below for words in row[1:] if words]
    return len(below) > 1 and sum(figures) > 0.6 * len(figures)


def _joined_headers(rows: list[Row]) -> list[str]:
    """One header for each column: of several rows, from the top, none said twice."""
    if not rows:
        return []
    headers = []
    above = [_reaching(row) if _parts_wide_headers(row, below) else row for row, below in pairwise(rows)]
    for column in zip(*above, rows[-1], strict=True):
        words = [cell.line.text.rstrip(" :") for cell in column if cell and cell.line.text]
        headers.append(", ".join(dict.fromkeys(words)))
    return headers


def _columns(headers: list[str]) -> Draft:
    draft = Draft("row", role="columns")
    cells: list[Span] = []
    for header in headers:
        if header:
            draft.join(header, [], " — ")
        cells.append((len(draft.text) - len(header), len(draft.text)))
    draft.cells = tuple(cells)
    return draft


def _over_the_width(row: Row) -> Line | None:
    """The words of a cell that spans all columns and so names the rows under it."""
    first = row[0]
    if first is None or len(row) < 2 or not first.line.text:
        return None
    return first.line if all(cell and cell.node is first.node for cell in row) else None


def _row(row: Row, headers: list[str], group: str) -> Draft | None:
    """« Lit médicalisé — Tarif par mois : 31 € ; Caution : 400 € »."""
    draft = Draft("row", group)
    cells: list[Span] = []
    named = row[0] is not None and bool(row[0].line.text)
    bare = bool(row[0] and not _LETTER.search(row[0].line.text))  # « 5 » names nothing without its header
    filled = 0
    previous: Any = None
    said = ""
    for column, cell in enumerate(row):
        line = cell.line if cell and cell.node is not previous else None
        previous = cell.node if cell else None
        if not line:
            cells.append((len(draft.text), len(draft.text)))
            continue
        header = _header(row, headers, column) if headers and (column or not named or bare) else ""
        shown, said = _said_once(header, said), header
        draft.text += _joint(draft.text, filled, named) + (f"{shown} : " if shown else "")
        start = len(draft.text)
        draft.join(line.text, line.marks, "")
        cells.append((start, len(draft.text)))
        filled += 1
    draft.cells = tuple(cells)
    return draft if filled else None


def _header(row: Row, headers: list[str], column: int) -> str:
    """The headers of all columns that the cell at ``column`` spans, no part of them twice."""
    here = row[column]
    over = [header for cell, header in zip(row, headers, strict=True) if cell and here and cell.node is here.node]
    if len(set(over)) < 2:
        return headers[column].rstrip(" :")
    return ", ".join(dict.fromkeys(part.rstrip(" :") for header in over for part in header.split(", ") if part))


def _said_once(header: str, before: str) -> str:
    """``header`` without the long header over several columns that the column before it has said."""
    over, _, own = header.rpartition(", ")
    return own if len(over) > _LONG_HEADER and before.startswith(f"{over}, ") else header


def _joint(before: str, filled: int, named: bool) -> str:
    """What stands between a row's cells: the name of the row apart from what is said of it."""
    if not before:
        return ""
    if filled == 0 or (filled == 1 and named):
        return " — "
    return " " if before[-1] in ".;:!?" else " ; "
