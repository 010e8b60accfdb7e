"""Repair how a question is typed: text-message French, mistakes in the page's words, acronyms.

A word that exists, on the page or in a dictionary, is never changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from index.page import Span
from index.words import COMPOUND, STOP_WORDS, WORD, fold, terms
from rag.question.vocabulary import Vocabulary

_FOLDER = Path(__file__).parent
_CLOSE_WORD = 0.8
_CLOSE_NAME = 0.82
_LEAST_NAME, _MOST_WORDS = 6, 5
"""Letters of a name that may be misspelt, and its words."""
_LONGEST = 8
"""Words of what an acronym stands for."""


class Repair:
    """Repairs questions about one page."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._names = {_joined(n): n for n in vocabulary.names if len(_joined(n)) >= _LEAST_NAME}
        self._written = _other_forms(vocabulary, _table("acronyms.json")) | self._names
        self._targets = sorted(w for w in vocabulary.surface if len(w) >= 4 and w.isalpha() and w not in STOP_WORDS)
        self._texted: dict[str, str] = _table("texting.json")

    def repair(self, question: str, english: bool = False) -> str:
        """The question as it is understood; the same text where nothing is to repair."""
        text = question if english else self._with_accents(self._untexted(question))
        return COMPOUND.sub(lambda match: self._word(match[0]), self._name_by_name(text))

    def _untexted(self, text: str) -> str:
        def full(match: re.Match[str]) -> str:
            word, joined = match[0], text[match.end() : match.end() + 1] in ("’", "'", "-")
            return word if joined or word.isupper() else self._texted.get(word.lower(), word)

        return COMPOUND.sub(full, text)

    def _with_accents(self, text: str) -> str:
        """A question typed without any accent gets those of words that cannot do without: "sante", "donnees"."""
        if fold(text) != text.lower().replace("’", "'"):
            return text

        def accented(match: re.Match[str]) -> str:
            word, low = match[0], match[0].lower()
            if not low.isalpha() or low in dictionary().plain:
                return word
            own = self.vocabulary.surface.get(low, low).lower()
            full = own if own != low else dictionary().accented.get(low, low)
            return word if full == low else full.capitalize() if word.istitle() else full

        return COMPOUND.sub(accented, text)

    def _name_by_name(self, text: str) -> str:
        """Words that nearly spell a name of the page become that name; one at a time, then the rest."""
        tokens = [match.span() for match in COMPOUND.finditer(text)]
        runs = (tokens[a:b] for a in range(len(tokens)) for b in range(a + 1, min(len(tokens), a + _LONGEST) + 1))
        named = ((run, self._named(text, run)) for run in runs)
        found = [(one[0], len(run), run[0][0], run[-1][1], one[1]) for run, one in named if one]
        if not found:
            return text
        _, _, start, end, name = max(found)
        return self._name_by_name(text[:start]) + name + self._name_by_name(text[end:])

    def _named(self, text: str, run: Sequence[Span]) -> tuple[float, str] | None:
        """How well the words of ``run``, run together, spell a name of the page, and which."""
        typed, words = text[run[0][0] : run[-1][1]], [text[slice(*span)] for span in run]
        joined = _joined(typed)
        if exact := self._written.get(joined):  # typed without its spaces, capitals or accents, or an acronym of it
            same = typed == exact or (len(joined) < 3 and not typed.isupper())
            return None if same else (1.0, exact)
        small = {fold(words[0]), fold(words[-1])} & STOP_WORDS
        if small or len(joined) < _LEAST_NAME or len(words) > _MOST_WORDS:
            return None
        known = all(self._exists(word) and not _mixed(word) for word in words)
        if known and len(words) == 1:
            return None
        best = process.extractOne(
            joined, self._names.keys(), scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=0.9 if known else _CLOSE_NAME,
        )  # fmt: skip
        if best is None:
            return None
        name = self._names[best[0]]
        # "institut 3IA" is the singular of "Instituts 3IA", no mistake
        same = known and (len(words) != len(name.split()) or terms(typed) == terms(name))
        other = [c for c in typed if c.isdigit()] != [c for c in name if c.isdigit()]
        return None if same or other else (best[1], name)

    def _word(self, word: str) -> str:
        folded = fold(word)
        surface = self.vocabulary.surface.get(folded, "")
        if len(surface) > 1 and surface.isupper() and word.islower() and folded not in STOP_WORDS:
            return word if folded in dictionary().plain else surface  # "snia"
        own = any(before.islower() and after.isupper() for before, after in pairwise(word))  # a name such as "eSanté"
        if own or self._exists(word):
            return word
        close = process.extractOne(
            folded, self._targets, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=_CLOSE_WORD
        )
        return self.vocabulary.surface[close[0]] if close else word

    def _exists(self, word: str) -> bool:
        """Whether there is such a word, or one could not tell."""
        folded = fold(word)
        told = folded in self.vocabulary.surface or folded in STOP_WORDS or len(folded) < 4 or not folded.isalpha()
        return told or dictionary().has(word)


class Dictionary:
    """pyspellchecker's lists of French and English words. What is made of them is made when it is first needed, for
    all of it takes a second: a correct word of the first question needs the French list alone."""

    @cached_property
    def french(self) -> Mapping[str, int]:
        """French words, and how common each is."""
        return _frequencies("fr")

    @cached_property
    def plain(self) -> frozenset[str]:
        """French words that have no accent."""
        return frozenset(word for word, bare in self._without_accents if word == bare)

    @cached_property
    def accented(self) -> dict[str, str]:
        """For letters that are no French word, the commonest word that they are without accents."""
        found: dict[str, str] = {}
        for word, bare in self._without_accents:
            if word != bare and bare not in self.plain and self.french[word] > self.french.get(found.get(bare, ""), 0):
                found[bare] = word
        return found

    def has(self, word: str) -> bool:
        """Whether there is such a word, its accents set aside."""
        return word.lower() in self.french or fold(word) in self._folded

    @cached_property
    def english(self) -> Mapping[str, int]:
        """English words with how frequent they are."""
        return _frequencies("en")

    @cached_property
    def _without_accents(self) -> list[tuple[str, str]]:
        # folded as one text: 300,000 single calls take a second
        return list(zip(self.french, fold("\n".join(self.french)).split("\n"), strict=True))

    @cached_property
    def _folded(self) -> frozenset[str]:
        english = fold("\n".join(self.english)).split("\n")
        return frozenset(bare for _, bare in self._without_accents).union(english)

    def prepare(self) -> None:
        """Make all of it now."""
        self.has("")
        self.accented  # noqa: B018


def _frequencies(language: str) -> Mapping[str, int]:
    from spellchecker import SpellChecker

    found: Mapping[str, int] = SpellChecker(language=language).word_frequency.dictionary
    return found


@lru_cache(maxsize=1)
def dictionary() -> Dictionary:
    """The one of the process."""
    return Dictionary()


def _table(name: str) -> dict[str, Any]:
    table: dict[str, Any] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return table


def _joined(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _mixed(word: str) -> bool:
    """Letters and a digit: no dictionary has "AI4Health"."""
    return len(word) >= 5 and any(map(str.isdigit, word)) and any(map(str.isalpha, word))


def _other_forms(vocabulary: Vocabulary, field: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What the page writes, by the letters of what may be typed for it: the field's acronyms and what they stand for, and
    initials of the page's names."""
    forms: dict[str, str] = {}
    for name in vocabulary.names:
        initials = "".join(word[0] for word in WORD.findall(name) if fold(word) not in STOP_WORDS)
        if len(initials) > 2 and initials.isalpha() and initials.isupper() and fold(initials) not in vocabulary.surface:
            forms.setdefault(_joined(initials), name)
    for every in ([short, *longs] for short, longs in field.items()):
        here = [form for form in every if fold(form) not in STOP_WORDS and vocabulary.holds(form)]
        forms |= {_joined(form): here[0] for form in every if here and form not in here}
    return forms
