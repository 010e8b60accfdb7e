"""Dotted leaders, from words to the number at the end of their line, and the lists of contents that they make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from index.pdf.printed import PrintedLine

LEADER = "\u2025"
"""Stands for the dots of a leader."""
_LEAST_DOTS = 5
_APART = 0.35
"""Sizes of a dot between two that stand wider than those of « . . . »: such ones are a leader however few they are."""
_FARTHEST = 2.0
"""Sizes of a dot from it to the next, at most."""
_ENTRY = re.compile(rf".*\w.*{LEADER}\s*(?:\d{{1,4}}|[ivxl]+)")
_NUMBERED = re.compile(r".*\D(\d{1,4})")
_SECTION = re.compile(r"(?:\d+(?:\.\d+)*\.?|[IVX]+[.)]?|[A-Z][.)])\s+\w")
_LEAST_ENTRIES = 3
_GROWING = 0.9
"""Share of the numbers of a list of contents that are no smaller than the one before."""
_FARTHEST_ENTRY = 6.0
"""Sizes of an entry from it to the next, at most."""
_CLOSE = 0.8
"""Sizes of an entry from the first line of its words, at most."""
_STRAIGHT = 4.0
"""Points by which the right edges of entries differ."""
_LARGEST_INDENT = 40.0
_CONTENTS = re.compile(
    r"(?:table\s+des\s+(?:matières|figures|illustrations)|sommaire|contenus?|liste\s+des\s+(?:figures|tableaux)"
    r"|(?:table\s+of\s+)?contents|list\s+of\s+(?:figures|tables))\s*:?",
    re.IGNORECASE,
)


def is_contents_heading(text: str) -> bool:
    """Whether ``text`` is the name of a list of contents."""
    return _CONTENTS.fullmatch(text.strip()) is not None


def with_leaders(signs: list[Any]) -> list[Any]:
    """``signs`` with the dots of each leader made one sign, as long as they: dots far apart are laid out as columns."""
    out: list[Any] = []
    run: list[Any] = []
    for sign in [*signs, None]:
        if sign is not None and run and _goes_on(run[-1], sign):
            run.append(sign)
            continue
        out += _as_leader(run)
        run = [] if sign is None or sign.get_text() not in (".", "…") else [sign]
        out += [sign] if sign is not None and not run else []
    return out


def _goes_on(before: Any, sign: Any) -> bool:
    dot = sign.get_text() in (".", "…") or not sign.get_text().strip()
    level = abs(sign.y0 - before.y0) < sign.size / 3
    return bool(dot and level and -1 < sign.x0 - before.x1 < _FARTHEST * sign.size)


def _as_leader(run: list[Any]) -> list[Any]:
    dots = [sign for sign in run if sign.get_text().strip()]
    wide = len(dots) > 1 and min(b.x0 - a.x1 for a, b in pairwise(dots)) > _APART * dots[0].size
    if len(dots) < _LEAST_DOTS and not wide:
        return run
    first, last = dots[0], dots[-1]
    first._text = LEADER
    first.set_bbox((first.x0, first.y0, last.x1, first.y1))
    return [first, *run[run.index(last) + 1 :]]


def without_contents(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines of a page but its lists of contents and what is only dots."""
    gone: set[PrintedLine] = {line for line in lines if line.text.strip() == LEADER}
    named = {line for line in lines if is_contents_heading(line.text)}
    for entries in _by_edge([line for line in lines if _ENTRY.fullmatch(line.text)]):
        if _is_contents(entries, bool(named)):
            gone |= _list_of(entries, lines) | named
    return [line for line in lines if line not in gone]


def _by_edge(entries: list[PrintedLine]) -> Iterator[list[PrintedLine]]:
    """Entries whose numbers end at the same right edge: those of a column."""
    edges: list[list[PrintedLine]] = []
    for entry in sorted(entries, key=lambda line: line.right):
        if edges and entry.right - edges[-1][-1].right < _STRAIGHT:
            edges[-1].append(entry)
        else:
            edges.append([entry])
    return (sorted(column, key=lambda line: line.top) for column in edges)


def _is_contents(entries: list[PrintedLine], named: bool) -> bool:
    """Whether entries are of a list of contents: their numbers grow, as those of a few prices may too."""
    numbers = [int(found[1]) for line in entries if (found := _NUMBERED.fullmatch(line.text))]
    steps = [b >= a for a, b in pairwise(numbers)]
    sections = sum(_SECTION.match(line.text) is not None for line in entries)
    if named or 2 * sections > len(entries):
        return len(entries) >= _LEAST_ENTRIES and sum(steps) >= _GROWING * len(steps)
    return len(entries) >= 2 * _LEAST_ENTRIES and sum(steps) >= _GROWING * len(steps) and numbers[:1] < numbers[-1:]


def _list_of(entries: list[PrintedLine], lines: list[PrintedLine]) -> set[PrintedLine]:
    """All lines of the list that has ``entries``: between them, and entries without dots over and under them."""
    left, right = min(line.left for line in entries) - _LARGEST_INDENT, entries[-1].right + _STRAIGHT
    column = sorted((line for line in lines if left <= line.left and line.right <= right), key=lambda line: line.top)
    found = set(entries)
    for above, below in pairwise(entries):
        if below.top - above.bottom < _FARTHEST_ENTRY * above.size:
            found.update(line for line in column if above.top <= line.top <= below.top)
    found.update(_next_to(entries[0], [line for line in reversed(column) if line.top <= entries[0].top], column))
    found.update(_next_to(entries[-1], [line for line in column if line.top >= entries[-1].top], column))
    return found


def _next_to(entry: PrintedLine, others: list[PrintedLine], column: list[PrintedLine]) -> Iterator[PrintedLine]:
    """Those of ``others``, from ``entry`` on, that are entries too."""
    last = entry
    for line in others:
        space = max(line.top - last.bottom, last.top - line.bottom)
        named = space < _CLOSE * entry.size and line.top < last.top and _SECTION.match(line.text)
        alike = named or is_contents_heading(line.text) or _is_numbered(line, entry.right, column)
        if not alike or space > _FARTHEST_ENTRY / 2 * entry.size:
            return
        yield line
        last = line


def _is_numbered(line: PrintedLine, right: float, column: list[PrintedLine]) -> bool:
    """Whether a number ends at its height where those of the entries do."""
    level = [other for other in column if other.top < (line.top + line.bottom) / 2 < other.bottom]
    return any(abs(other.right - right) < _STRAIGHT and _NUMBERED.fullmatch(f" {other.text}") for other in level)
