"""The written rules: numbers, dates and names of a sentence, its denials and obligations, which the page's words must tell too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Literal

from index.dates import MONTHS, in_words
from index.words import STOP_WORDS, fold, terms, words
from rag.question.spelling import dictionary
from rag.read.numbers import SAME_UNIT, counts_one, in_figures, numbers
from rag.support.cues import denies, requires
from rag.support.edits import altered
from rag.support.english import in_english, in_french_figures, is_cognate

Fault = Literal["", "number", "name", "negation", "modality", "altered"]
"""The sentence tells a number, date or name that the page does not, denies or requires what it does not, or copies one of the
page's and changes it."""

_DATE = re.compile(rf"(?:(\d{{1,2}})(?: ?er)?\s)?\b({'|'.join(MONTHS)})\b\.?(?:\s(\d{{4}})\b)?", re.IGNORECASE)
_NEAR = 25
"""Characters before a month within which a day belongs to it: « du 3 au 5 mars »."""
_UNITS = frozenset("% euro seconde minute heure jour semaine mois an semestre trimestre".split())
"""What is measured, without its plural."""
_WORD = re.compile(r"(?:\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)[’'])?([^\W_]+(?:[.’'-][^\W_]+)*)", re.IGNORECASE)
"""A word, the elided one before it aside."""
_OPENING = '.!?:;«“"(–—-'
"""Signs after which a sentence, or what reads like one, begins."""


def written_fault(text: str, told: str) -> Fault:
    """What the rules hold against ``text`` when the passages' words are ``told``.

    Of an English one only what it counts and names: what it denies, obliges and permits is compared with the one sentence
    that it rests on (``cues.difference``).
    """
    english = in_english(text)
    text = in_french_figures(text) if english else text
    if not Quantities.of(told).tell(Quantities.of(text)):
        return "number"
    if not _names_told(text, told, english):
        return "name"
    if english:
        return ""
    if denies(text) and not denies(told):
        return "negation"
    if requires(text) and not requires(told):
        return "modality"
    return "altered" if altered(text, told) else ""


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
        plain = in_figures(in_words(text).replace("pour cent", "%"))
        one = counts_one(text)
        counted = {(n.value, _measured(plain[n.end : n.end + 24])) for n in numbers(plain) if n.value != 1 or one}
        measures = frozenset((value, unit) for value, unit in counted if unit)
        return cls(frozenset(value for value, _ in counted), measures, tuple(_dates(plain)))

    def tell(self, other: Quantities) -> bool:
        """Whether all that ``other`` counts is told."""
        dated = all(any(date.told_by(known) for known in self.dates) for date in other.dates)
        return dated and other.numbers <= self.numbers and other.measures <= self.measures


def _measured(following: str) -> str:
    """What a number measures: money, a percentage or a time, as it is written right after it."""
    plain = fold(following).lstrip().removeprefix("de ").removeprefix("d'")
    word = ("".join(takewhile(str.isalpha, plain)) or plain[:1]).rstrip("s")
    unit = SAME_UNIT.get(word, word)
    return unit if unit in _UNITS else ""


def _dates(plain: str) -> Iterator[Date]:
    for found in _DATE.finditer(plain):
        day, month, year = found.groups(default="0")
        if int(day) or int(year):
            near = plain[max(0, found.start(2) - _NEAR) : found.start(2)]
            days = frozenset(int(number.value) for number in numbers(near))
            yield Date(int(day), MONTHS[month.lower()], int(year), days)


def _names(sentence: str) -> Iterator[str]:
    """Words with a capital that a sentence's beginning does not explain, acronyms, words with letters and digits."""
    for found in _WORD.finditer(sentence):
        word, opens = found[1], sentence[: found.start()].rstrip()[-1:] in _OPENING
        if _is_acronym(word) or (word[:1].isupper() and not (opens and _is_common(word))):
            yield word


def _names_told(sentence: str, told: str, english: bool) -> bool:
    """Whether ``told`` holds the names of ``sentence``, case, accents and endings aside; those of an ``english`` one in their
    French form."""
    known, stems = {*_parts(told), *STOP_WORDS}, set(terms(told))
    parts = (part for name in _names(sentence) for part in _parts(name))
    return all(part in known or set(terms(part)) <= stems or (english and is_cognate(part, known)) for part in parts)


def _parts(text: str) -> Iterator[str]:
    """The words of ``text``: "Île-de-France" as three, "A.R.S." as "ars"."""
    for word in words(text):
        letters = word.split(".")
        yield from ["".join(letters)] if all(len(letter) == 1 for letter in letters) else letters


def _is_acronym(word: str) -> bool:
    """Whether a word has several capitals, or digits after a letter."""
    return sum(map(str.isupper, word)) > 1 or (word[:1].isalpha() and any(map(str.isdigit, word)))


def _is_common(word: str) -> bool:
    """Whether a word that opens a sentence is one of the language's."""
    return all(part in STOP_WORDS or dictionary().has(part) for part in _parts(word))
