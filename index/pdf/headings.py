"""Which lines of print are headings, and how high: by their size, and by standing alone in bold."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from index.pdf.printed import LARGER, PrintedLine

_LONGEST = 180
"""Characters of a heading; more print of one size together is a paragraph."""
_LONGEST_BOLD = 400
"""The same where all is in bold: questions are long."""
_MOST_BOLD_LINES = 2
_NO_HEADING = re.compile(r"[.!;]['»”\")\]]*$")
"""How a sentence ends that heads nothing; a question may, and words before a colon."""


class Headings:
    """The headings among ``lines``; ``body`` is the size of most of the text."""

    def __init__(self, lines: list[PrintedLine]) -> None:
        self.body = body_size(lines)
        boxes: dict[tuple[int, int], list[PrintedLine]] = defaultdict(list)
        for line in lines:
            boxes[line.sheet, line.box].append(line)
        self._long = {place: sizes for place, inside in boxes.items() if (sizes := _long_sizes(inside))}
        larger = {line.size for line in lines if line.size >= LARGER * self.body and not self._is_long(line)}
        self._levels = {size: min(level, 5) for level, size in enumerate(sorted(larger, reverse=True), 1)}
        self._bold = {place for place, inside in boxes.items() if _is_bold_heading(inside, lines)}

    def level(self, line: PrintedLine) -> int:
        """1 for the largest print, 0 for what is no heading; bold lines of the text's own size come last."""
        if line.size in self._levels:
            return 0 if self._is_long(line) else self._levels[line.size]
        titled = (line.sheet, line.box) in self._bold and not _NO_HEADING.search(line.text)
        if titled and line.size >= self.body and any(c.isalpha() for c in line.text):
            return min(len(set(self._levels.values())) + 1, 6)
        return 0

    def _is_long(self, line: PrintedLine) -> bool:
        return line.size in self._long.get((line.sheet, line.box), ())


def body_size(lines: list[PrintedLine]) -> float:
    """The size of most of the text."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _long_sizes(box: list[PrintedLine]) -> set[float]:
    """Sizes in which a box has more words than a heading."""
    said: dict[float, list[PrintedLine]] = defaultdict(list)
    for line in box:
        said[line.size].append(line)
    return {
        size
        for size, lines in said.items()
        if sum(len(line.text) for line in lines) > (_LONGEST_BOLD if all(line.bold for line in lines) else _LONGEST)
    }


def _is_bold_heading(box: list[PrintedLine], lines: list[PrintedLine]) -> bool:
    """One or two lines, all in bold: a bold line among others is a part of their paragraph, and a sentence is one."""
    last = box[-1].text
    if len(box) > _MOST_BOLD_LINES or not all(line.bold and len(line.text) <= _LONGEST / 2 for line in box):
        return False
    labels = last.endswith(":") and any(_is_beside(box[-1], other) for other in lines)
    return not _NO_HEADING.search(last) and not labels


def _is_beside(label: PrintedLine, other: PrintedLine) -> bool:
    """Whether ``other`` is what the ``label`` names: « Tél. : » « 01 02 »."""
    level = other.top < (label.top + label.bottom) / 2 < other.bottom
    return level and other.sheet == label.sheet and other.left >= label.right
