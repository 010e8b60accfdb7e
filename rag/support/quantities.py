"""Numbers, amounts, durations and dates of a text, in one way of writing: "dix" is 10, "01/03/2023" 1 mars 2023."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.dates import MONTHS
from index.words import fold
from rag.read.numbers import counts_one, in_figures, numbers
from rag.read.types import can_be

_IN_FIGURES = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b\.?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})(?: ?er)?\s$")
_YEAR = re.compile(r"\s(\d{4})\b")
_UNIT = re.compile(r"\W*(\w+)")
_NAMES = {number: name for name, number in reversed(MONTHS.items())}
_NEAR = 25
"""Characters before a month within which a day belongs to it: « du 3 au 5 mars »."""


@dataclass(frozen=True)
class Date:
    """A date, ``day`` or ``year`` 0 where the text gives none. ``days`` are all the figures just before the month."""

    day: int
    month: int
    year: int
    days: frozenset[int] = frozenset()

    def told_by(self, other: Date) -> bool:
        """Whether ``other`` says at least as much."""
        same = self.month == other.month and self.year in (0, other.year)
        return same and (self.day in (0, other.day) or self.day in other.days)


@dataclass(frozen=True)
class Quantities:
    """What can be counted in a text. ``measures`` are numbers with what they measure ("euro", "%", "mois")."""

    numbers: frozenset[Decimal]
    measures: frozenset[tuple[Decimal, str]]
    dates: tuple[Date, ...]

    @classmethod
    def of(cls, text: str) -> Quantities:
        """Those of ``text``; "un" and "une" are articles and no numbers."""
        plain = _IN_FIGURES.sub(lambda m: _in_words(m[1], m[2], m[3]), text)
        plain = _ISO.sub(lambda m: _in_words(m[3], m[2], m[1]), plain)
        plain = re.sub(r"\bpour\s+cents?\b", "%", plain)
        plain = in_figures(plain)
        counted, measures = set(), set()
        for value, _, end in numbers(plain):
            if value == 1 and not counts_one(text):
                continue
            counted.add(value)
            if unit := _measured(plain[end : end + 24]):
                measures.add((value, unit))
        return cls(frozenset(counted), frozenset(measures), _dates(plain))

    def lacks(self, other: Quantities) -> str:
        """What ``other`` counts and this does not, as words for whoever looks; empty where all is told."""
        strange = sorted(other.numbers - self.numbers)
        if strange:
            return f"{strange[0].normalize():f}"
        for value, unit in sorted(other.measures - self.measures):
            return f"{value.normalize():f} {unit}"
        for date in other.dates:
            if not any(date.told_by(known) for known in self.dates):
                return " ".join(str(part) for part in (date.day, _NAMES[date.month], date.year) if part)
        return ""


def _in_words(day: str, month: str, year: str) -> str:
    name = _NAMES.get(int(month))
    return f"{int(day)} {name} {year}" if name else f"{day}/{month}/{year}"


def _measured(following: str) -> str:
    """What a number measures: money, a percentage or a time, as it is written right after it."""
    if following.lstrip().startswith("%"):
        return "%"
    if re.match(r"\s*(?:€|(?:d['’]|de )?euros?\b)", following):
        return "euro"
    unit = _UNIT.match(following)
    if unit and following.lstrip()[:1].isalnum() and (unit[1] == "h" or can_be("duration", f"10 {unit[1]}")):
        word = fold(unit[1]).rstrip("s")
        return {"annee": "an", "moi": "mois", "h": "heure"}.get(word, word)
    return ""


def _dates(plain: str) -> tuple[Date, ...]:
    dates = []
    for found in _MONTH.finditer(plain):
        day, year = _DAY.search(plain[: found.start()]), _YEAR.match(plain, found.end())
        if day or year:
            before = re.findall(r"\d{1,2}(?!\d)", plain[max(0, found.start() - _NEAR) : found.start()])
            month = MONTHS[found[1].lower()]
            dates.append(
                Date(int(day[1]) if day else 0, month, int(year[1]) if year else 0, frozenset(map(int, before)))
            )
    return tuple(dates)
