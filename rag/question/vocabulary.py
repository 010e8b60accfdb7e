"""The words, names and acronyms of a page, computed from its passages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from index.page import MISSING, Passage, Span
from index.store import document_text
from index.words import COMPOUND, STOP_WORDS, WORD, fold, terms

_CAPITAL = r"[A-ZÀ-Þ0-9][\w]*"
NAME = re.compile(rf"{_CAPITAL}(?:[ -](?:(?:de|du|des|la|of|and|in) |d[’'])?{_CAPITAL})*")
"""Words with a capital, and the small ones that link them: « Banque de France »."""
_IN_BRACKETS = re.compile(r"\(([^()]{2,120})\)")
_LINKS = ("de ", "du ", "des ", "la ", "d’", "d'")

MOST_WORDS = 12
"""Of what an acronym stands for, elided articles among them."""


@dataclass(frozen=True)
class Acronym:
    """Short and long form of a name, with the place of the long one in the page's text."""

    short: str
    long: str
    span: Span


class Rarity:
    """How telling each term of some passages is: the fewer hold it, the more; one that they lack tells most."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        spread = Counter(term for p in passages for term in set(terms(document_text(p))))
        self._weights = {term: log(1 + len(passages) / n) for term, n in spread.items()}
        self._most = log(1 + len(passages))

    def weight(self, term: str) -> float:
        return self._weights.get(term, self._most)

    def knows(self, term: str) -> bool:
        """Whether one of the passages holds it."""
        return term in self._weights


class Vocabulary(Rarity):
    """What the page's language is made of."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        super().__init__(passages)
        forms: dict[str, Counter[str]] = {}
        for word in (word for passage in passages for word in COMPOUND.findall(passage.text)):
            forms.setdefault(fold(word), Counter())[word] += 1
        self.surface = {folded: form.most_common(1)[0][0] for folded, form in forms.items()}
        """How each word, folded, is mostly written."""
        self.names = _names(passages)
        self._spaced = [(name, f" {spaced(name)} ") for name in self.names]
        self.acronyms = _acronyms(passages)
        headings = {heading for p in passages for heading in p.section if heading != MISSING}
        self._headings = [told for told in map(frozenset, map(terms, headings)) if len(told) > 1]
        self._told = [f" {spaced(text)} " for text in (*(p.text for p in passages), *headings)]

    def holds(self, text: str) -> bool:
        """Whether the words of ``text`` stand one after the other on the page."""
        own = f" {spaced(text)} "
        return any(own in told for told in self._told)

    def recognised(self, text: str) -> tuple[float, float, float]:
        """How much of ``text`` is the page's, from 0 to 1: the share of its terms, by how telling they are; whether it
        holds a name of the page; whether it holds all words of a heading that has several."""
        told = set(terms(text))
        known = sum(self.weight(term) for term in told if self.knows(term))
        named = any(len(name) > 2 for name in self.names_in(text))
        headed = any(heading <= told for heading in self._headings)
        return known / (sum(map(self.weight, told)) or 1.0), float(named), float(headed)

    def names_in(self, text: str) -> list[str]:
        """The page's names that ``text`` holds, longest first, case and accents aside."""
        folded = f" {spaced(text)} "
        return [name for name, own in self._spaced if own in folded]


def spaced(text: str) -> str:
    """Folded words with single spaces: how names are compared."""
    return " ".join(WORD.findall(fold(text)))


def _names(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Capitalised names, longest first; a capital that only opens a sentence is not a name."""
    names: set[str] = set()
    for passage in passages:
        openings = {a for a, _ in passage.sentences}
        for match in NAME.finditer(passage.text):
            name, opens = match[0], passage.start + match.start() in openings
            if opens and name == name.capitalize() and "-" not in name:
                continue
            name = _without_opening(name) if opens else name
            if not name.isdigit() and len(name) > 1 and fold(name) not in STOP_WORDS:
                names.add(name)
    return tuple(sorted(names, key=lambda n: (-len(n), n)))


def _without_opening(name: str) -> str:
    """Drop what the capital of a sentence's first word made part of a name ("La SNIA", "Création du Hub")."""
    first, _, rest = name.partition(" ")
    link = next((link for link in _LINKS if rest.startswith(link)), "")
    return rest.removeprefix(link) if link or fold(first) in STOP_WORDS else name


def _acronyms(passages: Sequence[Passage]) -> tuple[Acronym, ...]:
    """ "LF (Long Form)" and "Long Form (LF)" in the page."""
    found: list[Acronym] = []
    for passage in passages:
        for match in _IN_BRACKETS.finditer(passage.text):
            before, end = passage.text[: match.start()].rstrip(), match.end(1)
            words = list(WORD.finditer(before))[-MOST_WORDS:]
            starts = [word.start() for word in reversed(words)]
            if words and _spells(words[-1][0], match[1]):
                short, start = words[-1][0], match.start(1)
            else:
                short, end = match[1], len(before)
                start = next((start for start in starts if _spells(short, before[start:])), end)
            if start < end:
                span = passage.start + start, passage.start + end
                found.append(Acronym(short, passage.at(span), span))
    return tuple(found)


def _spells(short: str, long: str) -> bool:
    """Whether ``short`` is written as an acronym, with a second capital or a digit, and its letters are initials of ``long``,
    the first first, the others in order or, where one comes again, in any: "3IA" has one for three."""
    told = short.replace(".", "")
    written = told.isalnum() and not told[0].islower() and sum(map(str.isupper, told)) > int(told.isalpha())
    letters = [c for c in fold(told) if c.isalpha()]
    initials = [word[0] for word in WORD.findall(fold(long)) if word not in STOP_WORDS or word == "a"]
    left = iter(initials)
    ordered = all(letter in left for letter in letters)
    again = len(set(letters)) < len(letters) and set(letters) <= set(initials)
    return written and " " in long and letters[:1] == initials[:1] and (ordered or again)
