"""The written rules: numbers, dates and names of a sentence, its denials and obligations, which the page's words must tell too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.dates import MONTHS
from index.words import STOP_WORDS, fold, terms
from rag.question.spelling import dictionary
from rag.read.numbers import counts_one, in_figures, numbers
from rag.read.types import can_be
from rag.support.edits import altered
from rag.support.english import in_english, in_french_figures, is_cognate

Fault = Literal["", "number", "name", "negation", "modality", "altered", "agent"]
"""The sentence tells a number, date or name that the page does not, denies or requires what it does not, copies one of the
page's and changes it, or speaks of another person."""

_IN_FIGURES = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})\b\.?", re.IGNORECASE)
_DAY = re.compile(r"(\d{1,2})(?: ?er)?\s$")
_YEAR = re.compile(r"\s(\d{4})\b")
_UNIT = re.compile(r"\W*(\w+)")
_NAMES = {number: name for name, number in reversed(MONTHS.items())}
_NEAR = 25
"""Characters before a month within which a day belongs to it: « du 3 au 5 mars »."""
_WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*", re.UNICODE)
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)[’']", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[.!?:;«“\"(\n]|[–—-]\s)\s*$")
_INSIDE = re.compile(r"[^\W_]+")
_ONLY = re.compile(r"\bn(?:e |')(?:\w+[ '-]+){1,5}?qu(?:e |')")
_NOT = re.compile(r"\bn(?:e |'(?!importe))")
_WITHOUT = re.compile(
    r"\b(?:sans|sauf|except\w+|hormis|hors|ni|non|pas (?:de|d'|du|le|la|les|un)|aucune?s?|jamais|nul(?:le)?(?= )"
    r"|impossib\w+|interdi\w+|exclu\w*|refus\w*|dispens\w+|exempt\w+|exoner\w+|inutile\w*|contrairement|absence"
    r"|empech\w+|cess\w+|perd\w*|supprim\w+|prive\w*|not|never|no|without|cannot|except)\b"
)
_REQUIRED = re.compile(
    r"\b(?:doi(?:t|vent|s)|dev(?:ra\w*|ron\w*|rai\w*|ez|ons|ait)|oblig\w+|faut|faudra\w*|tenue?s?|imperati\w*|impos\w+"
    r"|exig\w+|requi\w+|necess\w+|indispensab\w+|charge de|est a \w+er|must|shall|ha(?:s|ve) to|required|mandatory)\b"
)


def written_fault(text: str, told: str) -> Fault:
    """What the rules hold against ``text`` when the passages' words are ``told``.

    Of an English one only what it counts and names: what it denies, obliges and permits is compared with the one sentence
    that it rests on (``english.difference``).
    """
    english = in_english(text)
    text = in_french_figures(text) if english else text
    if not Quantities.of(told).tell(Quantities.of(text)):
        return "number"
    if not _names_told(text, told, english):
        return "name"
    if english:
        return ""
    if _denies(text) and not _denies(told):
        return "negation"
    if _requires(text) and not _requires(told):
        return "modality"
    return "altered" if altered(text, told) else ""


def _denies(text: str) -> bool:
    plain = _ONLY.sub(" ", _folded(text))
    return bool(_NOT.search(plain) or _WITHOUT.search(plain))


def _requires(text: str) -> bool:
    return bool(_REQUIRED.search(_folded(text)))


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


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

    def tell(self, other: Quantities) -> bool:
        """Whether all that ``other`` counts is told."""
        dated = all(any(date.told_by(known) for known in self.dates) for date in other.dates)
        return dated and other.numbers <= self.numbers and other.measures <= self.measures


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


def _names(sentence: str) -> list[str]:
    """Words with a capital that a sentence's beginning does not explain, acronyms, words with letters and digits."""
    found = []
    for match in _WORD.finditer(sentence):
        word = _ELIDED.sub("", match[0])
        if word[:1].isupper() or sum(map(str.isupper, word)) > 1 or _mixed(word):
            opens = bool(_OPENS.search(sentence[: match.start()])) and not _is_acronym(word)
            if not (opens and _is_common(word)):
                found.append(word)
    return found


def _names_told(sentence: str, told: str, english: bool) -> bool:
    """Whether ``told`` holds the names of ``sentence``, case, accents and endings aside; those of an ``english`` one in their
    French form."""
    words = {part for word in _WORD.findall(told) for part in _parts(word)} | STOP_WORDS
    stems = set(terms(told))
    parts = (part for name in _names(sentence) for part in _parts(name))
    return all(part in words or set(terms(part)) <= stems or (english and is_cognate(part, words)) for part in parts)


def _parts(word: str) -> list[str]:
    """ "Île-de-France" as its words; "A.R.S." as "ars"."""
    folded = fold(word)
    if re.fullmatch(r"(?:\w\.)+\w?", folded):
        return [folded.replace(".", "")]
    return _INSIDE.findall(folded)


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and (sum(map(str.isupper, word)) > 1 or _mixed(word))


def _mixed(word: str) -> bool:
    return any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and not word[0].isdigit()


def _is_common(word: str) -> bool:
    """Whether a word that opens a sentence is one of the language's."""
    return all(part in STOP_WORDS or dictionary().has(part) for part in _parts(word))
