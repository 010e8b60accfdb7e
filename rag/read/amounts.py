"""Amounts that a question gives, and whether what a sentence says holds for them: 1 050 € are "de 901 à 1 200 €".

Pages tell by steps: an income, an age, a length of service, a month. Which step a person is on is arithmetic that a
reader of words does badly, so it is done here and weighed by the decision. How ranges are written is regular French.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

from index.dates import MONTHS
from index.words import STOP_WORDS, fold
from rag.read.numbers import SAME_UNIT, counts_one, in_figures, numbers

_UNIT = re.compile(r"(?P<rank>(?:ere?|i?emes?|e|re|nde?)s?\b)|\s*(?:d'|de )?(?P<word>[%€]|[^\W\d_]+2?)")
_BEFORE = re.compile(
    r"(?:(?P<least>plus d['e]|superieure?s? (?:ou egale?s? )?a|au[- ](?:dela|dessus) d['e]|a partir d['eu]|au moins|[≥>])"
    r"|(?P<most>(?<!au )moins d['e]|inferieure?s? (?:ou egale?s? )?a|(?:en|au)[- ]dessous d['e]|jusqu'au?|au plus|avant|[≤<]))\s*$"
)
_HEADED = re.compile(r"\(en ([^\W\d_]+)[^)]*\)[^:;]{0,9}: $")
"""A column that says what its figures count: « Ancienneté (en années) : 10 »."""
_AFTER = re.compile(r"\s*(?:et|ou) (?:(?P<least>plus|au[- ]dela)|(?P<most>moins))\b")
_BETWEEN = re.compile(r"\s*(?:au?|et|[-–]|jusqu'au?)\s*(?:\d+(?:er)? )?")
_RANK = "rank"
_DAYS = {"an": 365.0, "semestre": 182.5, "trimestre": 91.25, "mois": 30.4, "semaine": 7.0, "jour": 1.0}
_WEEK = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_CALENDAR = {fold(name): (float(number), "month") for name, number in MONTHS.items()} | {
    name: (float(number), "weekday") for number, name in enumerate(_WEEK)
}
_CYCLES = {"month", "weekday", "heure"}
_NAMED = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(_CALENDAR, key=len, reverse=True)))})(?!\w)")
_HEAD = 80
"""Characters before a number within which its column's name is looked for."""
_NEAR = 30
"""Characters before a number within which "plus de" or the like belongs to it."""


class Amount(NamedTuple):
    """A number, ``low`` as ``high``, or a range, of ``unit``: the word that follows, empty where none does. Months of the
    year and days of the week are counted too; of those ``low`` may be above ``high`` ("octobre à mars")."""

    low: float
    high: float
    unit: str

    @property
    def exact(self) -> bool:
        """Whether it is no range."""
        return self.low == self.high

    def holds(self, other: Amount) -> bool:
        """Whether the number ``other``, or the finite end of that range, is in this one."""
        value = (other.low if other.low > -inf else other.high) * _share(other.unit, self.unit)
        if self.low > self.high:
            return value >= self.low or value <= self.high
        return self.low <= value <= self.high

    def like(self, other: Amount) -> bool:
        """Whether the two may count the same."""
        if self.unit == other.unit or {self.unit, other.unit} <= _DAYS.keys():
            return True
        return not (self.unit and other.unit) and not {"month", "weekday"} & {self.unit, other.unit}


class Agreement(NamedTuple):
    """How many amounts of a question a sentence gives too, as a number or within a range, or has ranges for that leave them
    outside."""

    equal: int
    inside: int
    outside: int


def agreement(question: str, sentence: str) -> Agreement:
    """How the amounts of ``question`` stand in ``sentence``."""
    asked = amounts(question)
    told = amounts(sentence) if asked else ()
    equal = inside = outside = 0
    for amount in asked:
        alike = [other for other in told if other.like(amount)]
        if any(other == amount or (other.exact and other.holds(amount)) for other in alike):
            equal += 1
        elif any(other.holds(amount) for other in alike):
            inside += 1
        elif any(not other.exact and bool(other.unit) == bool(amount.unit) for other in alike):
            outside += 1
    return Agreement(equal, inside, outside)


@lru_cache(maxsize=4096)
def amounts(text: str) -> tuple[Amount, ...]:
    """The amounts of ``text`` in order."""
    # Folded it would be an article: « dès 16 ans », « la moyenne des 25 ans ».
    plain = fold(in_figures(text.replace("dès ", "à partir de ").replace("Dès ", "à partir de ")))
    places = sorted([*_numbers(plain, counts_one(text)), *_named(plain)], key=lambda place: place.start)
    told: list[_Place] = []
    for amount, start, end in (_bounded(plain, place) for place in _ranges(plain, places)):
        least = told[-1] if told and amount.low == -inf and told[-1].amount.high == inf else None
        low = least.amount.low * _share(least.amount.unit, amount.unit) if least else inf
        if least and low < amount.high and least.amount.like(amount) and ";" not in plain[least.end : start]:
            told[-1] = _Place(amount._replace(low=low), least.start, end)  # « plus de 6 mois et moins de 2 ans »
        else:
            told.append(_Place(amount, start, end))
    return tuple(place.amount for place in told)


class _Place(NamedTuple):
    amount: Amount
    start: int
    end: int


def _share(unit: str, other: str) -> float:
    """How many of the ``other`` unit one of ``unit`` is."""
    return _DAYS[unit] / _DAYS[other] if unit in _DAYS and other in _DAYS else 1.0


def _numbers(plain: str, ones: bool) -> Iterator[_Place]:
    for value, start, end in numbers(plain):
        found = _UNIT.match(plain, end)
        word = found["word"] if found else ""
        rank = bool(found and found["rank"])
        if _NAMED.match(plain, found.end() + 1 if found and rank else end + 1):
            continue  # the day of a date
        if plain[start - 1 : start].isalpha() or (value == 1 and not rank and not ones):
            continue  # "P1" is a name, "un" an article
        if plain[start - 1 : end + 1] == f"({plain[start:end]})":
            continue  # a note's
        if found and (rank or (word and word not in STOP_WORDS)):
            unit, end = _RANK if rank else word, found.end()
        else:
            headed = _HEADED.search(plain[max(0, start - _HEAD) : start])
            unit = headed[1] if headed else ""
        unit = unit.rstrip("s") or unit
        yield _Place(Amount(float(value), float(value), SAME_UNIT.get(unit, unit)), start, end)


def _named(plain: str) -> Iterator[_Place]:
    for found in _NAMED.finditer(plain):
        value, unit = _CALENDAR[found[0]]
        yield _Place(Amount(value, value, unit), found.start(), found.end())


def _ranges(plain: str, places: Sequence[_Place]) -> list[_Place]:
    """« 18 à 20 ans », « entre 3 et 5 », « octobre à mars »: one range where two numbers are its ends."""
    joined: list[_Place] = []
    for place in places:
        before = joined[-1] if joined else place
        (low, _, unit), (high, _, other) = before.amount, place.amount
        link = _BETWEEN.fullmatch(plain, before.end, place.start) if before.amount.exact else None
        rises = low * _share(unit, other) < high or (unit in _CYCLES and low != high)
        ends = link and (link[0].strip() != "et" or plain[: before.start].endswith("entre "))
        if ends and rises and before.amount.like(place.amount):
            whole = Amount(low * _share(unit, other), high, other or unit)
            joined[-1] = _Place(whole, before.start, place.end)
        else:
            joined.append(place)
    return joined


def _bounded(plain: str, place: _Place) -> _Place:
    """« plus de 10 », « 10 et moins »: a number as the end of a range."""
    amount, start, end = place
    bound = _BEFORE.search(plain[max(0, start - _NEAR) : start]) or _AFTER.match(plain, end)
    if not bound or not amount.exact:
        return place
    return place._replace(amount=amount._replace(high=inf) if bound["least"] else amount._replace(low=-inf))
