"""Sentences that copy one of the page's with something changed in it: where the copy goes its own way, the page does not
follow. So an altered word is found that a network takes for a synonym."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from index.sentences import split_sentences
from index.words import STOP_WORDS, stem, words

LEAST_WORDS = 6
LEAST_SHARE = 0.7
"""How many words, and which part of its own, a sentence shares in order with the one that it copies."""
SHORT = 4
"""Words that can be left out of a clause, which is longer."""
_RELATIONS = frozenset(
    "par pour sans avec contre depuis jusque avant apres pendant entre chez vers sous hors sauf grace".split()
)
"""Words that tell how the others stand to each other."""
_TURNS = frozenset("ne pas sans sauf ni non jamais aucun aucune opposition contraire contrairement hormis".split())
"""Words without which, or with which, the others say the contrary."""
_TENSES = frozenset(
    """etait etaient fut furent sera seront serait seraient avait avaient aura auront aurait auraient va vont allait
    allaient""".split()
)
_LATER_OR_ELSE = ("ra", "rai", "ras", "ront", "rons", "rez", "ais", "ait", "aient")
"""Endings of the future, of the conditional and of the imperfect."""


class Copied(NamedTuple):
    """The words of a sentence of the page, and how those of its copy lie against them."""

    original: list[str]
    copy: list[str]
    match: SequenceMatcher[str]

    @property
    def shared(self) -> int:
        return sum(block.size for block in self.match.get_matching_blocks())


def copied(text: str, told: str) -> Copied | None:
    """The sentence of ``told`` that ``text`` copies, if it copies one."""
    own = words(text)
    stems = [stem(word) for word in own]
    whole = (words(told[a:b]) for a, b in split_sentences(told))
    found = (Copied(w, own, SequenceMatcher(None, [stem(word) for word in w], stems, autojunk=False)) for w in whole)
    best = max(found, key=lambda c: c.shared, default=None)
    return best if best and best.shared >= max(LEAST_WORDS, LEAST_SHARE * len(own)) else None


def altered(text: str, told: str) -> bool:
    """Whether ``text`` copies a sentence of ``told`` and changes what it says: by a word that ``told`` lacks, or has elsewhere,
    by another relation or tense, by leaving out or adding a denial."""
    copy = copied(text, told)
    if copy is None:
        return False
    known = {stem(word) for word in words(told)}
    return any(_changes(*edit, known) for edit in _edits(copy)) or any(_other_tenses(copy))


def _edits(copy: Copied) -> Iterator[tuple[set[str], set[str], bool]]:
    """Of each place where the two differ the words that are gone, those that were put there, and whether the sentence begins
    there: a copy may name what "il" is. What is gone at either end was cut off, not changed."""
    for kind, a, b, x, y in copy.match.get_opcodes():
        old, new = set(copy.original[a:b]), set(copy.copy[x:y])
        if kind != "equal":
            inside = a > 0 and b < len(copy.original) and b - a <= SHORT
            yield old - new if inside else set(), new - old, a == 0


def _changes(gone: set[str], put: set[str], begins: bool, known: set[str]) -> bool:
    if put & (_RELATIONS | _TENSES) or (put | gone) & _TURNS:
        return True
    in_its_place = bool(gone - STOP_WORDS) and not begins
    return any(in_its_place or stem(word) not in known for word in put - STOP_WORDS)


def _other_tenses(copy: Copied) -> Iterator[bool]:
    for block in copy.match.get_matching_blocks():
        pairs = zip(copy.original[block.a :], copy.copy[block.b : block.b + block.size], strict=False)
        yield from (old != new and new.endswith(_LATER_OR_ELSE) and new not in copy.original for old, new in pairs)
