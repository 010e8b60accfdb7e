"""Numbers of a text, in figures or in words: "dix mille" is 10000, "1 050,5" 1050.5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from text_to_num import alpha2digit

_FIGURES = re.compile(r"\d{1,3}(?:[ \u00a0\u202f.]\d{3})+(?!\d)(?:,\d+)?|\d+(?:[.,]\d+)?")
_TIMES = re.compile(r"[ \u00a0\u202f](1000(?:000){0,2})(?!\d)")
"""What the library makes of "mille", "millions" and "milliards" after figures."""
_ONE = re.compile(r"(?<![\d.,])1(?![.,]?\d)")
SAME_UNIT = {"annee": "an", "h": "heure", "€": "euro", "moi": "mois"}
"""One name for what is counted, folded and without its plural."""


class Number(NamedTuple):
    """A number and its place in the text."""

    value: Decimal
    start: int
    end: int


def in_figures(text: str) -> str:
    """``text`` with figures for what it counts in words, "un" and "une" among them."""
    return "\n".join(alpha2digit(line, "fr", 1.0) for line in text.split("\n"))


def numbers(plain: str) -> Iterator[Number]:
    """The numbers of ``plain``, which is in figures, in order."""
    end = 0
    for found in _FIGURES.finditer(plain):
        if found.start() < end:
            continue  # the "million" that was counted with the figures before it
        value, end = _value(found[0]), found.end()
        while times := _TIMES.match(plain, end):
            value, end = value * int(times[1]), times.end()
        yield Number(value, found.start(), end)


def counts_one(text: str) -> bool:
    """Whether 1 is counted in ``text``, as it was written: elsewhere "un" and "une" are articles."""
    return bool(_ONE.search(text))


def _value(figures: str) -> Decimal:
    """French thousands have spaces or full stops, decimals a comma (or a full stop before other than three digits)."""
    whole, stop, rest = figures.partition(".")
    if stop and whole.isdigit() and rest.isdigit() and len(rest) != 3:
        return Decimal(figures)
    return Decimal("".join(c for c in figures if c.isdigit() or c == ",").replace(",", "."))
