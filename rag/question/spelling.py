"""Repair how a question is typed: text-message French, mistakes in the page's words, acronyms.

A word that exists, on the page or in a dictionary, is never changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from index.words import STOP_WORDS, fold, terms
from rag.question.vocabulary import Vocabulary, spaced

_FOLDER = Path(__file__).parent
_WORD = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*", re.UNICODE)
_INNER_CAPITAL = re.compile(r"[a-zß-ÿ][A-ZÀ-Þ]")
"""A name of somebody's making, such as "eSanté": no mistyped word."""
_CLOSE_WORD = 0.8
_CLOSE_NAME = 0.82
_LONGEST_NAME = 5
"""Words of a name that is looked for."""


class Repair:
    """Repairs questions about one page."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._joined = {_joined(n): n for n in vocabulary.names if len(_joined(n)) >= 6}
        self._names = list(self._joined)
        self._targets = sorted(w for w in vocabulary.words if len(w) >= 4 and w.isalpha() and w not in STOP_WORDS)
        self._texted: dict[str, str] = _table("texting.json")
        self._forms = _acronym_forms(vocabulary, _table("acronyms.json"))

    def repair(self, question: str, english: bool = False) -> str:
        """The question as it is understood; the same text where nothing is to repair."""
        text = question if english else self._with_accents(self._untexted(question))
        text = self._name_by_name(text)
        for pattern, form in self._forms:
            text = pattern.sub(form, text)
        return self._word_by_word(text)

    def _untexted(self, text: str) -> str:
        def full(match: re.Match[str]) -> str:
            word, joined = match.group(), text[match.end() : match.end() + 1] in ("’", "'", "-")
            return word if joined or word.isupper() else self._texted.get(word.lower(), word)

        return _WORD.sub(full, text)

    def _with_accents(self, text: str) -> str:
        """A question typed without any accent gets those of words that cannot do without: "sante", "donnees"."""
        if fold(text) != text.lower().replace("’", "'"):
            return text

        def accented(match: re.Match[str]) -> str:
            word = match.group()
            low = word.lower()
            if not low.isalpha() or low in dictionary().plain:
                return word
            own = self.vocabulary.surface.get(low, "")
            if own[1:] != own[1:].lower() and not own.isupper():
                return own  # a name such as "PariSanté"
            full = own.lower() if own.lower() not in ("", low) else dictionary().accented.get(low, low)
            if full == low:
                return word
            return full.capitalize() if word[0].isupper() and word != word.upper() else full

        return _WORD.sub(accented, text)

    def _name_by_name(self, text: str) -> str:
        """Words that nearly spell a name of the page become that name; one at a time, then the rest."""
        tokens = list(_WORD.finditer(text))
        spans = ((a, b) for a in range(len(tokens)) for b in range(a + 1, min(len(tokens), a + _LONGEST_NAME) + 1))
        found = [match for match in (self._named(text, tokens[a:b]) for a, b in spans) if match]
        if not found:
            return text
        _, _, start, end, name = max(found)
        return self._name_by_name(text[:start]) + name + self._name_by_name(text[end:])

    def _named(self, text: str, tokens: Sequence[re.Match[str]]) -> tuple[float, int, int, int, str] | None:
        """(score, words, start, end, name) where the tokens, run together, nearly spell a name of the page."""
        start, end = tokens[0].start(), tokens[-1].end()
        typed = text[start:end]
        joined = _joined(typed)
        if len(joined) < 6:
            return None
        if exact := self._joined.get(joined):  # typed without its spaces, capitals or accents
            return None if typed == exact else (1.0, len(tokens), start, end, exact)
        if {fold(tokens[0].group()), fold(tokens[-1].group())} & STOP_WORDS:
            return None
        known = all(self._exists(t.group()) and not _mixed(t.group()) for t in tokens)
        if known and len(tokens) == 1:
            return None
        best = process.extractOne(
            joined, self._names, scorer=DamerauLevenshtein.normalized_similarity,
            score_cutoff=0.9 if known else _CLOSE_NAME,
        )  # fmt: skip
        if best is None:
            return None
        name = self._joined[best[0]]
        # "institut 3IA" is the singular of "Instituts 3IA", no mistake
        same = known and (len(tokens) != len(name.split()) or terms(typed) == terms(name))
        other = [c for c in typed if c.isdigit()] != [c for c in name if c.isdigit()]
        return None if same or other else (best[1], len(tokens), start, end, name)

    def _word_by_word(self, text: str) -> str:
        return _WORD.sub(lambda match: self._word(match.group()), text)

    def _word(self, word: str) -> str:
        folded = fold(word)
        surface = self.vocabulary.surface.get(folded, "")
        if len(surface) > 1 and surface.isupper() and word.islower() and folded not in STOP_WORDS:
            return word if folded in dictionary().plain else surface  # "snia"
        if len(folded) < 4 or not folded.isalpha() or self._exists(word) or _INNER_CAPITAL.search(word):
            return word
        heard = folded.replace("ke", "que").replace("ki", "qui").replace("k", "c")  # "diabetik", "komune"
        found = process.extract(
            heard, self._targets, scorer=DamerauLevenshtein.normalized_similarity, score_cutoff=_CLOSE_WORD, limit=3
        )
        close = [(f[0], f[1]) for f in found if abs(len(f[0]) - len(heard)) <= 2]
        if not close or (len(heard) < 6 and close[0][1] < 0.79):
            return word
        # Of equally close words the one that sounds most alike.
        best = max(close, key=lambda c: (c[1], fuzz.ratio(c[0][:3], heard[:3])))
        return self.vocabulary.surface[best[0]]

    def _exists(self, word: str) -> bool:
        folded = fold(word)
        if folded in self.vocabulary.words or folded in STOP_WORDS or len(folded) < 4 or not folded.isalpha():
            return True
        return dictionary().has(word)


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


def _table(name: str) -> dict[str, str]:
    table: dict[str, str] = json.loads((_FOLDER / name).read_text(encoding="utf-8"))
    return table


def _joined(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())


def _mixed(word: str) -> bool:
    """Letters and a digit: no dictionary has "AI4Health"."""
    return len(word) >= 5 and any(c.isdigit() for c in word) and any(c.isalpha() for c in word)


def _acronym_forms(
    vocabulary: Vocabulary, field: Mapping[str, str | Sequence[str]]
) -> list[tuple[re.Pattern[str], str]]:
    """(what may be typed, what the page writes): the field's acronyms, and initials of the page's names."""
    page = {spaced(n) for n in vocabulary.names}
    forms: dict[str, str] = {}

    def on_page(form: str) -> bool:
        return spaced(form) in page or vocabulary.holds(terms(form) or [fold(form)])

    for short, longs in field.items():
        here = [form for form in (short, *longs) if on_page(form)]
        for form in (short, *longs):
            if here and not on_page(form):
                forms[form] = here[0]
    for name in vocabulary.names:
        words = [w for w in spaced(name).split() if w not in STOP_WORDS and w.isalpha()]
        initials = "".join(w[0] for w in words).upper()
        capital = all(w[:1].isupper() for w in name.replace("-", " ").split() if fold(w) in words)
        if len(words) >= 3 and capital and fold(initials) not in vocabulary.words:
            forms.setdefault(initials, name)
    ordered = sorted(forms.items(), key=lambda item: -len(item[0]))
    return [(_typed(form), written) for form, written in ordered]


def _typed(form: str) -> re.Pattern[str]:
    """``form`` as a whole word, its apostrophes and spaces however typed; two letters only as capitals."""
    loose = re.escape(form).replace("'", "['’]").replace("’", "['’]").replace(r"\ ", r"[\s-]+")
    return re.compile(rf"(?<!\w){loose}(?!\w)", 0 if len(form) < 3 else re.IGNORECASE)
