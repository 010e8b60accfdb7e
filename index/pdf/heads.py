"""Running heads and page numbers: what stands around the text of a PDF's pages and is no part of it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from index.pdf.headings import body_size
from index.pdf.printed import LARGER, Printed, PrintedLine

_NUMBER_ALONE = re.compile(r"(?:page\s*)?[-–—]?\s*(\d{1,4})\s*[-–—]?(?:\s*(?:/|sur)\s*\d{1,4})?", re.IGNORECASE)
_ROMAN = re.compile(r"[ivxl]{1,6}")
_EDGE = 0.1
"""Share of a page's height, at its top and its foot, where running heads stand."""
_LEVEL = 3.0
"""Points by which the heights differ at most at which a head stands on two pages."""
_NEAR = 2
"""Pages from one to another with the same head: left and right ones may have their own."""

Sheets = list[tuple[float, list[Printed]]]
"""The height of each page with what is printed on it."""


def without_heads(sheets: Sheets) -> list[Printed]:
    """All that is printed but page numbers and what is said again at the edge of pages."""
    lines = [line for _, printed in sheets for line in printed if isinstance(line, PrintedLine)]
    edge = [
        line
        for height, printed in sheets
        for line in printed
        if isinstance(line, PrintedLine) and _at_edge(line, height)
    ]
    gone = {id(line) for line in edge if _NUMBER_ALONE.fullmatch(line.text) or _ROMAN.fullmatch(line.text)}
    gone.update(map(id, _said_often(edge, len(sheets))))
    small = [line for line in edge if line.size < LARGER * body_size(lines)]
    gone.update(map(id, _said_near(small)))
    gone.update(map(id, _said_larger(small, lines)))
    gone.update(map(id, _counting(lines)))
    return [item for _, printed in sheets for item in printed if id(item) not in gone]


def _at_edge(line: PrintedLine, height: float) -> bool:
    return line.bottom < _EDGE * height or line.top > (1 - _EDGE) * height


def _said_often(edge: list[PrintedLine], pages: int) -> Iterator[PrintedLine]:
    """Lines that stand, but for their figures, on half of the pages."""
    on = {(line.sheet, _shape(line.text)) for line in edge}
    said = Counter(shape for _, shape in on)
    often = max(2, pages // 2)
    return (line for line in edge if said[_shape(line.text)] >= often)


def _said_near(edge: list[PrintedLine]) -> Iterator[PrintedLine]:
    """Lines that stand at the same height of a page near by: the name of a chapter, with the page's number or without."""
    alike: dict[str, list[PrintedLine]] = defaultdict(list)
    for line in edge:
        alike[_without_number(line.text)].append(line)
    for words, same in alike.items():
        if any(c.isalpha() for c in words):
            yield from (line for line in same if any(_is_near(line, other) for other in same))


def _is_near(line: PrintedLine, other: PrintedLine) -> bool:
    return 0 < abs(line.sheet - other.sheet) <= _NEAR and abs(line.top - other.top) < _LEVEL


def _said_larger(edge: list[PrintedLine], lines: list[PrintedLine]) -> Iterator[PrintedLine]:
    """Lines that say a heading of this page or one before in smaller print."""
    alike: dict[str, list[PrintedLine]] = defaultdict(list)
    for line in lines:
        alike[_letters(line.text)].append(line)
    for line in edge:
        same = alike[_letters(line.text)]
        if any(other.sheet <= line.sheet and other.size >= LARGER * line.size for other in same):
            yield line


def _counting(lines: list[PrintedLine]) -> Iterator[PrintedLine]:
    """Numbers alone at their height that count the pages, wherever they stand."""
    counted: dict[int, list[PrintedLine]] = defaultdict(list)
    for line in lines:
        if found := _NUMBER_ALONE.fullmatch(line.text):
            counted[int(found[1]) - line.sheet].append(line)
    for same in counted.values():
        yield from (line for line in same if any(_is_near(line, other) for other in same) and _is_alone(line, lines))


def _is_alone(line: PrintedLine, lines: list[PrintedLine]) -> bool:
    middle = (line.top + line.bottom) / 2
    return not any(
        other.sheet == line.sheet and other.top < middle < other.bottom for other in lines if other is not line
    )


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _without_number(text: str) -> str:
    return re.sub(r"^\d+\s|\s\d+$", "", text)


def _letters(text: str) -> str:
    """What ``text`` says without its number, which heads and headings may write in their own ways."""
    words = "".join(c for c in text.casefold() if c.isalnum())
    return words.lstrip("0123456789") or words
