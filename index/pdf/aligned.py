"""Tables of a PDF without borders: columns that only stand straight, where it is safe to tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from statistics import median

from index.hyphens import join_pair
from index.pdf.leaders import LEADER
from index.pdf.printed import LARGER, SENTENCE_END, PrintedCell, PrintedLine, PrintedTable, has_room
from index.pdf.tables import STRAIGHT, is_in

_LONGEST_CELL = 45
"""Most characters of most cells in a column, under a head in bold in the first; columns of running text have longer ones."""
_CLOSE = 0.7
"""White space between two lines of one cell, in heights of a line."""
_FARTHEST = 2.2
"""The same between two rows."""
_BESIDE = 0.15
"""Share of a line's height by which another overlaps it that stands in the same row."""
_FIGURE = re.compile(r"^[^\w\s]{0,2}\d|^(?:gratuit|néant|aucun|oui|non|[-–—])", re.IGNORECASE)
_NUMBERED = re.compile(r"^(?:\(?(?:\d{1,3}|[a-z])[.)°]?|[•●▪■◦‣–—-])$", re.IGNORECASE)
_LEADERS = re.compile(rf"(?:[.…]{{4,}}|{LEADER})\s*$")
_LABEL = re.compile(r"^(\w[^:]*?)\s*:\s*\S")
_ALIKE = 0.04
"""Spaces between lines that differ less, in heights of a line, are the same."""
_LEAST_WORDS = 4
"""Of a sentence."""

Row = list[PrintedLine]
"""The cells at one height, each the lines of a cell as one."""


def aligned_tables(lines: list[PrintedLine], taken: list[PrintedTable]) -> list[PrintedTable]:
    """Tables without borders, where that is safe: short cells in straight columns under a bold head, with figures, or labels.

    Two columns of running text, cards, letterheads and numbered lists stand straight too: they have
    no bold head but headings, or no column of figures, or sentences, or the same labels side by side.
    """
    free = [line for line in lines if not any(is_in(line, table.place) for table in taken)]
    found = []
    for run in _runs(_rows(free)):
        head = all(cell.bold for cell in run[0]) and not any(cell.bold for row in run[1:] for cell in row[1:])
        if _is_table(run, head):
            cells = [cell for row in run for cell in row]
            place = (
                min(c.left for c in cells), min(c.top for c in cells), max(c.right for c in cells), max(c.bottom for c in cells),
            )  # fmt: skip
            rows = tuple(tuple(PrintedCell(cell.html) for cell in row) for row in run)
            edges = tuple(min(cell.left for cell in column) for column in zip(*(run[1:] if head else run), strict=True))
            found.append(PrintedTable(rows, place, cells[0].sheet, cells[0].sheet, head, edges))
    return found


def goes_beyond(table: PrintedTable, drawn: PrintedTable) -> bool:
    """Whether ``table`` has the rows of a ``drawn`` one and others: that one is but the rows that were coloured."""
    (_, top, _, bottom), (_, drawn_top, _, drawn_bottom) = table.place, drawn.place
    beyond = top < drawn_top - STRAIGHT or bottom > drawn_bottom + STRAIGHT
    return beyond and top < (drawn_top + drawn_bottom) / 2 < bottom and len(table.rows) > len(drawn.rows)


def _rows(lines: list[PrintedLine]) -> list[Row]:
    """Lines side by side, from the top; what stands between two lines of the cell beside it is of their row."""
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: (line.top, line.left)):
        if rows and max(other.bottom for other in rows[-1]) - line.top > _BESIDE * (line.bottom - line.top):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_stacked(row) for row in rows]


def _stacked(row: Row) -> Row:
    """The cells of a row, lines under each other made one."""
    cells: Row = []
    for line in row:
        above = next((n for n, cell in enumerate(cells) if _is_second(cell, line)), None)
        if above is None:
            cells.append(line)
        else:
            cells[above] = _one(cells[above], line)
    return sorted(cells, key=lambda cell: cell.left)


def _one(cell: PrintedLine, line: PrintedLine) -> PrintedLine:
    first, second = sorted((cell, line), key=lambda part: part.top)
    return replace(
        cell,
        text=f"{first.text} {second.text}",
        html=join_pair(first.html, second.html),
        left=min(cell.left, line.left),
        right=max(cell.right, line.right),
        top=first.top,
        bottom=max(cell.bottom, line.bottom),
    )


def _runs(rows: list[Row]) -> Iterator[list[Row]]:
    """Rows one under the other that have the same straight columns; cells of several lines are made one."""
    run: list[Row] = []
    waiting: list[Row] = []
    for row, below in pairwise([*rows, []]):
        if not waiting and (filled := _with_blanks(run, row, below)):
            run.append(filled)
        elif run and _goes_on(run, row, (*run, *waiting)[-1]) and (joined := _shared(run, waiting, row)):
            run, waiting = joined, []
        elif run and _may_be_part(row, run[0], (*run, *waiting)[-1]):
            waiting.append(row)
        else:
            yield from _ended(run, waiting)
            begins = len(row) > 1 and all(b.left > a.right for a, b in pairwise(row))
            run, waiting = ([row] if begins else []), []
    yield from _ended(run, waiting)


def _ended(run: list[Row], waiting: list[Row]) -> Iterator[list[Row]]:
    """The run with the rest of its last cells: words that go on a sentence, not a paragraph under the table."""
    if run and waiting and all(line.text[:1].islower() for row in waiting for line in row):
        run = _shared(run, waiting, None) or run
    if len(run) > 2:
        yield run


def _goes_on(run: list[Row], row: Row, last: Row) -> bool:
    """Whether ``row`` has a cell in each column, straight with those above; a head in bold may stand over its middle."""
    if len(row) != len(run[0]) or _space(row, last) > _FARTHEST:
        return False
    body = run[1:] if all(cell.bold for cell in run[0]) else run
    columns = [[*(above[n] for above in run), cell] for n, cell in enumerate(row)]
    apart = all(max(c.right for c in one) < min(c.left for c in next_) for one, next_ in pairwise(columns))
    return apart and all(_is_straight([*(above[n] for above in body), cell]) for n, cell in enumerate(row))


def _with_blanks(run: list[Row], row: Row, below: Row) -> Row:
    """A row that lacks some cells but stands as far from its neighbours as whole rows do; nothing where it is none."""
    if len(run) < 2 or not 1 < len(row) < len(run[0]) or row[0].text[:1].islower():
        return []
    places = [_column(run[1:], cell) for cell in row]
    least = _space(run[-1], run[-2]) - _ALIKE
    far = least <= _space(row, run[-1]) <= _FARTHEST and (not below or _space(below, row) >= least)
    if not far or places[0] != 0 or None in places or len(set(places)) < len(row):
        return []
    given = dict(zip(places, row, strict=True))
    empty = [replace(cell, text="", html="", top=row[0].top, bottom=row[0].bottom) for cell in run[-1]]
    return [given.get(n, cell) for n, cell in enumerate(empty)]


def _column(run: list[Row], line: PrintedLine) -> int | None:
    """The column in which ``line`` stands straight."""
    return next((n for n in range(len(run[0])) if _is_straight([*(row[n] for row in run), line])), None)


def _may_be_part(row: Row, head: Row, last: Row) -> bool:
    """Whether ``row`` may be lines of some cells of the rows around it; a line alone may stand closer to the row below."""
    return len(row) < len(head) and _space(row, last) < (_CLOSE if len(row) > 1 else _FARTHEST)


def _space(row: Row, above: Row) -> float:
    """White space between two rows, in heights of a line."""
    return (min(cell.top for cell in row) - max(cell.bottom for cell in above)) / row[0].size


def _shared(run: list[Row], waiting: list[Row], row: Row | None) -> list[Row]:
    """The run with ``row``; lines that waited are of the cells that they stand closer to. Nothing where they are of none."""
    above = len(waiting)
    if row is not None:
        spaces = [_space(b, a) for a, b in pairwise([run[-1], *waiting, row])]
        above = max(n for n, space in enumerate(spaces) if space > max(spaces) - _ALIKE)
    last: Row | None = run[-1]
    for part in waiting[:above]:
        last = last and _joined(last, part)
    for part in reversed(waiting[above:]):
        row = row and _joined(row, part)
    if not last or (row is not None and not row):
        return []
    if row is not None and _wraps([*run[:-1], last], row):
        return [*run[:-1], [_one(cell, line) for cell, line in zip(last, row, strict=True)]]
    return [*run[:-1], last, *([row] if row else [])]


def _joined(row: Row, more: Row) -> Row:
    """A row with lines that go on some of its cells; nothing where ``more`` is no such lines."""
    joined = list(row)
    for line in more:
        place = next((n for n, cell in enumerate(joined) if _is_second(cell, line)), None)
        if place is None:
            return []
        joined[place] = _one(joined[place], line)
    return joined


def _is_second(cell: PrintedLine, line: PrintedLine) -> bool:
    first, second = sorted((cell, line), key=lambda part: part.top)
    close = -_BESIDE < (second.top - first.bottom) / line.size < _CLOSE
    return close and _is_straight([cell, line]) and cell.bold == line.bold


def _wraps(run: list[Row], row: Row) -> bool:
    """Whether all cells of ``row`` go on the sentences above them, which had filled their columns."""
    return len(run) > 1 and all(
        line.text[:1].islower()
        and not SENTENCE_END.search(cell.text)
        and _is_second(cell, line)
        and not has_room(cell, line, max(line.right, *(above[n].right for above in run)))
        for n, (cell, line) in enumerate(zip(run[-1], row, strict=True))
    )


def _is_straight(cells: list[PrintedLine]) -> bool:
    """Whether cells stand under each other: by their left edges, their right edges or their middles."""
    edges = ([c.left for c in cells], [c.right for c in cells], [(c.left + c.right) / 2 for c in cells])
    return any(max(places) - min(places) <= STRAIGHT for places in edges)


def _is_table(run: list[Row], head: bool) -> bool:
    body = run[1:] if head else run
    if any(_same_labels(row) for row in body):
        return False
    columns = [[cell.text for cell in column] for column in zip(*body, strict=True)]
    if any(median(map(len, column)) > _LONGEST_CELL for column in (columns[:1] if head else columns)):
        return False
    if len(columns) == 2 and all(cell.endswith(":") for cell in columns[0]):
        return True
    if all(_NUMBERED.match(cell) for cell in columns[0]) or any(_LEADERS.search(cell) for cell in columns[0]):
        return False
    if all(sum(map(_is_sentence, column)) > len(column) / 2 for column in columns):
        return False
    figures = [sum(_FIGURE.search(cell) is not None for cell in column) / len(column) for column in columns[1:]]
    headings = run[0][0].size > LARGER * max(cell.size for row in body for cell in row)
    return (head and not headings) or max(figures) > 0.6


def _same_labels(row: Row) -> bool:
    """« Tél. : 01 02 » beside « Tél. : 03 04 »: cards, each read by itself."""
    labels = [found[1] if (found := _LABEL.match(cell.text)) else "" for cell in row]
    return labels[0] != "" and len(set(labels)) == 1


def _is_sentence(words: str) -> bool:
    return SENTENCE_END.search(words) is not None and len(words.split()) >= _LEAST_WORDS
