"""The signs of a PDF put together: strips of print, their words with superscripts and what is struck out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby, pairwise
from statistics import median
from typing import Any

from index.hyphens import join_pair

_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_RAISED = 0.9
"""Signs smaller than this share of their line, and above its foot, are superscripts."""
_SMALL_SIGNS = 0.85
"""Largest share of a line's signs that its superscripts are."""
_RAISED_BY = 0.15
"""Least share of a line's size by which the foot of a superscript stands above the line's."""
_STROKE_HEIGHT = 0.15
"""Share of a sign's size that the stroke through it is at most thick."""
_STRUCK_AT = (0.12, 0.5)
"""Shares of a sign's size above its base line between which the stroke through it runs; an underline runs below."""
_STEP = 3
"""Points of height in which strips of one line are looked for."""
_LARGEST_SPACE = 1.5
"""Sizes of a sign: pieces of one line of justified text stand no farther apart."""


@dataclass(eq=False)
class Strip:
    """Signs at one height, with the blanks between them; places are in points from the page's foot."""

    signs: list[Any]
    box: int = 0

    @cached_property
    def seen(self) -> list[Any]:
        """The signs that leave ink."""
        return [sign for sign in self.signs if _is_sign(sign) and sign.get_text().strip()]

    @cached_property
    def text(self) -> str:
        return " ".join("".join(sign.get_text() for sign in self.signs).translate(_LIGATURES).split())

    @cached_property
    def size(self) -> float:
        return float(median(sign.size for sign in self.seen))

    @cached_property
    def x0(self) -> float:
        return float(min(sign.x0 for sign in self.seen))

    @cached_property
    def x1(self) -> float:
        return float(max(sign.x1 for sign in self.seen))

    @cached_property
    def y0(self) -> float:
        return float(min(sign.y0 for sign in self.seen))

    @cached_property
    def y1(self) -> float:
        return float(max(sign.y1 for sign in self.seen))

    @cached_property
    def full_size(self) -> float:
        """The size of its larger signs: « 1 €(2) » has more small ones. A large initial alone counts for nothing."""
        sizes = sorted(sign.size for sign in self.seen)
        return float(sizes[int(_SMALL_SIGNS * len(sizes))])

    @cached_property
    def foot(self) -> float:
        return float(median(sign.y0 for sign in self.seen if sign.size >= _RAISED * self.full_size))

    def html(self, strokes: list[Any]) -> str:
        """Its words; ``strokes`` are the bars on its page that strike words out."""
        html = ""
        for tag, signs in groupby(self.signs, lambda sign: self._tag(sign, strokes)):
            words = escape("".join(sign.get_text() for sign in signs).translate(_LIGATURES))
            html += f"<{tag}>{words}</{tag}>" if tag and words.strip() else words
        return " ".join(html.replace("</s> <s>", " ").split())

    def is_struck_by(self, bar: Any) -> bool:
        """Whether a bar goes through some of its words, and not beyond them."""
        inside = bar.x0 > self.x0 - self.size / 2 and bar.x1 < self.x1 + self.size / 2
        return inside and self.y0 < bar.y0 < self.y1 and any(_strikes(bar, sign) for sign in self.seen)

    def _tag(self, sign: Any, strokes: list[Any]) -> str:
        if not _is_sign(sign):
            return ""
        if any(_strikes(bar, sign) for bar in strokes):
            return "s"
        raised = sign.size < _RAISED * self.full_size and sign.y0 > self.foot + _RAISED_BY * self.full_size
        return "sup" if raised and sign.get_text().strip() else ""

    def pieces(self) -> list[Strip]:
        """Its parts between which no blank was typed, only left: cells that stand close."""
        parts: list[list[Any]] = [[]]
        for before, sign in pairwise([None, *self.signs]):
            left = before is not None and _is_sign(before) and before.get_text().strip()
            if not _is_sign(sign) and left and sign.get_text() == " ":
                parts.append([])
            parts[-1].append(sign)
        made = [Strip(part, self.box) for part in parts]
        return [strip for strip in made if strip.seen]

    @property
    def typed_blanks(self) -> int:
        return sum(_is_sign(sign) and not sign.get_text().strip() for sign in self.signs)

    @property
    def left_blanks(self) -> int:
        """How many blanks were not typed, only left."""
        return sum(not _is_sign(sign) and sign.get_text() == " " for sign in self.signs)


def _is_sign(sign: Any) -> bool:
    return hasattr(sign, "size")  # the blanks that pdfminer adds have no place


def _strikes(bar: Any, sign: Any) -> bool:
    thin = bar.height < _STROKE_HEIGHT * sign.size and bar.width > 2 * bar.height
    over = bar.x0 <= (sign.x0 + sign.x1) / 2 <= bar.x1
    above = ((bar.y0 + bar.y1) / 2 - sign.matrix[5]) / sign.size
    return bool(thin and over and _STRUCK_AT[0] < above < _STRUCK_AT[1])


def whole_strips(strips: list[Strip]) -> list[Strip]:
    """Strips whose pieces stand in one, where justified text was torn: what goes on stands close, after a typed blank."""
    whole: list[Strip] = []
    taken: set[Strip] = set()
    at: defaultdict[int, list[Strip]] = defaultdict(list)  # by height: of all of a full page a search would be felt
    for strip in strips:
        at[round(strip.foot / _STEP)].append(strip)
    for strip in strips:
        if strip in taken:
            continue
        torn = [strip]
        near = (other for step in (-1, 0, 1) for other in at[round(strip.foot / _STEP) + step])
        beside = sorted({other for other in near if _is_level(other, strip)} - taken - {strip}, key=lambda s: s.x0)
        for other in beside:
            if _goes_on(torn[-1], other):
                torn.append(other)
        for other in reversed(beside):
            if _goes_on(other, torn[0]):
                torn.insert(0, other)
        taken.update(torn)
        whole.append(Strip([sign for part in torn for sign in part.signs if sign.get_text() != "\n"], strip.box))
    return whole


def _is_level(one: Strip, other: Strip) -> bool:
    return abs(one.foot - other.foot) < one.size / 5 and abs(one.size - other.size) < 1


def _goes_on(left: Strip, right: Strip) -> bool:
    blank = left.signs[-1] if left.signs[-1].get_text() != "\n" else left.signs[-2]
    typed = _is_sign(blank) and not blank.get_text().strip()
    return typed and -1 < right.x0 - left.x1 < _LARGEST_SPACE * left.size


def words_in(signs: list[Any], strokes: list[Any]) -> str:
    """The words of a cell as HTML: its signs laid out by themselves."""
    html = ""
    for strip in _laid_out(signs):
        words = strip.html(strokes)
        html = join_pair(html, words) if html else words
    return html.replace("</s> <s>", " ")


def _laid_out(signs: list[Any]) -> Iterator[Strip]:
    from pdfminer.layout import LAParams, LTLayoutContainer

    if not signs:
        return
    lines = LTLayoutContainer((0, 0, 0, 0)).group_objects(LAParams(), signs)
    strips = [strip for line in lines if (strip := Strip(list(line))).seen]
    rows: list[list[Strip]] = []
    for strip in sorted(strips, key=lambda strip: -strip.foot):
        if rows and _is_level(rows[-1][0], strip):
            rows[-1].append(strip)
        else:
            rows.append([strip])
    for row in rows:
        yield from sorted(row, key=lambda strip: strip.x0)
