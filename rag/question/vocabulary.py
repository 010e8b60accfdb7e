"""The words, names and acronyms of a page, computed from its passages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from index.page import MISSING, Passage, Span
from index.store import document_text
from index.words import STOP_WORDS, fold, term_spans, terms

_TOKEN = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*\.?", re.UNICODE)
_CAPITAL = r"[A-ZÀ-Þ0-9][\w]*"
_NAME = re.compile(rf"{_CAPITAL}(?:[ -](?:(?:de|du|des|la|of|and|in) |d[’'])?{_CAPITAL})*")
_OPENING = re.compile(r"^[^\W\d_]+ (?:(?:de|du|des|la) |d[’'])")
_PLAIN = re.compile(r"[^\W_]+", re.UNICODE)
_IN_BRACKETS = re.compile(r"\(([^()]{2,120})\)")
_ACRONYM = re.compile(r"^(?=.*[A-Z].*[A-Z]|.*\d)[A-Z0-9][A-Za-z0-9.]{1,9}$")

MOST_WORDS = 8
"""Of what an acronym stands for."""


@dataclass(frozen=True)
class Acronym:
    """Short and long form of a name, with the place of the long one in the page's text."""

    short: str
    long: str
    span: Span


class Vocabulary:
    """What the page's language is made of."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        forms: dict[str, Counter[str]] = {}
        for passage in passages:
            for token in _TOKEN.findall(passage.text):
                word = _bare(token)
                forms.setdefault(fold(word), Counter())[word] += 1
        self.words = frozenset(forms)
        self.surface = {folded: form.most_common(1)[0][0] for folded, form in forms.items()}
        self.idf = rarity(passages)
        self.unknown_idf = log(1 + len(passages))
        self.names = _names(passages)
        self._spaced = [(name, f" {spaced(name)} ") for name in self.names]
        self.acronyms = _acronyms(passages)
        headings = {heading for p in passages for heading in p.section if heading != MISSING}
        self._headings = [told for told in map(frozenset, map(terms, headings)) if len(told) > 1]
        self._runs = [[t for _, _, t in term_spans(text)] for text in (*(p.text for p in passages), *headings)]

    def weight(self, term: str) -> float:
        """How telling a term is on this page; a term that the page lacks tells most."""
        return self.idf.get(term, self.unknown_idf)

    def knows(self, term: str) -> bool:
        return term in self.idf

    def holds(self, run: list[str]) -> bool:
        """Whether the terms of ``run`` stand one after the other on the page."""
        n = len(run)
        return any(words[i : i + n] == run for words in self._runs for i in range(len(words) - n + 1))

    def recognised(self, text: str) -> tuple[float, float, float]:
        """How much of ``text`` is the page's, from 0 to 1: the share of its terms, by how telling they are; whether it
        holds a name of the page; whether it holds all words of a heading that has several."""
        told = set(terms(text))
        known = sum(self.idf.get(term, 0.0) for term in told)
        named = any(len(name) > 2 for name in self.names_in(text))
        headed = any(heading <= told for heading in self._headings)
        return known / (sum(map(self.weight, told)) or 1.0), float(named), float(headed)

    def names_in(self, text: str) -> list[str]:
        """The page's names that ``text`` holds, longest first, case and accents aside."""
        folded = f" {spaced(text)} "
        return [name for name, own in self._spaced if own in folded]


def rarity(passages: Sequence[Passage]) -> dict[str, float]:
    """How telling each term of the passages is: the fewer hold it, the more."""
    spread = Counter(term for p in passages for term in set(terms(document_text(p))))
    return {term: log(1 + len(passages) / n) for term, n in spread.items()}


def spaced(text: str) -> str:
    """Folded words with single spaces: how names are compared."""
    return " ".join(_PLAIN.findall(fold(text)))


def _bare(token: str) -> str:
    """A token without its elided article or final full stop (but "D.U." keeps it)."""
    token = re.sub(r"^(?:[cdjlmnst]|qu)[’']", "", token, flags=re.IGNORECASE)
    return token if re.fullmatch(r"(?:\w\.)+", token) else token.rstrip(".")


def _names(passages: Sequence[Passage]) -> tuple[str, ...]:
    """Capitalised names, longest first; a capital that only opens a sentence is not a name."""
    names: Counter[str] = Counter()
    for passage in passages:
        openings = {a for a, _ in passage.sentences}
        for match in _NAME.finditer(passage.text):
            name = match.group()
            opens = passage.start + match.start() in openings
            single = " " not in name and "-" not in name
            if opens and single and not _ACRONYM.match(name) and name.lower() != name[:1].lower() + name[1:]:
                names[name] += 1
            elif opens and single:
                continue
            elif not name.isdigit() and len(name) > 1 and fold(name) not in STOP_WORDS:
                names[_without_opening(name, opens)] += 1
    return tuple(sorted((n for n in names if n), key=lambda n: (-len(n), n)))


def _without_opening(name: str, opens: bool) -> str:
    """Drop what the capital of a sentence's first word made part of a name ("La SNIA", "Création du Hub")."""
    if not opens:
        return name
    first, _, rest = name.partition(" ")
    if rest and fold(first) in STOP_WORDS:
        return rest
    opening = _OPENING.match(name)
    return name[opening.end() :] if opening else name


def _acronyms(passages: Sequence[Passage]) -> tuple[Acronym, ...]:
    """ "Long Form (LF)" and "LF (Long Form)" in the page."""
    found: list[Acronym] = []
    for passage in passages:
        for match in _IN_BRACKETS.finditer(passage.text):
            inside, before = match[1].strip(), passage.text[: match.start()].rstrip()
            last = before.rsplit(None, 1)[-1].split("’")[-1] if before else ""
            if _ACRONYM.match(last) and _spells(last, inside):
                start = passage.start + match.start(1)
                found.append(Acronym(last, inside, (start, start + len(match[1]))))
            elif _ACRONYM.match(inside):
                words = list(_PLAIN.finditer(before))
                for count in range(1, len(words) + 1):
                    long = before[words[-count].start() :]
                    if sum(len(word.group()) > 1 for word in words[-count:]) > MOST_WORDS:  # elided articles aside
                        break
                    if _spells(inside, long) and fold(long)[0] == fold(inside)[0]:
                        start = passage.start + words[-count].start()
                        found.append(Acronym(inside, long, (start, start + len(long))))
                        break
    return tuple(found)


def _spells(short: str, long: str) -> bool:
    """Whether the initials of ``long`` spell ``short``, a digit standing for its repeated letters."""
    letters = re.sub(r"[^a-z0-9]", "", fold(short))
    letters = re.sub(r"(\d)([a-z])", lambda m: m[2] * int(m[1]), letters)
    initials = [w[0] for w in _PLAIN.findall(fold(long)) if w not in STOP_WORDS or w in ("a", "y")]
    if len(_PLAIN.findall(long)) < 2:
        return False
    text, at = "".join(initials), 0
    for letter in letters:
        at = text.find(letter, at) + 1
        if not at:
            break
    else:
        return True
    return len(set(letters)) < len(letters) and set(letters) <= set(text)
