"""Names and acronyms of a sentence: what it may not say unless the page does."""

from __future__ import annotations

import re

from index.words import STOP_WORDS, fold, terms
from rag.question.spelling import dictionary

_WORD = re.compile(r"[^\W_]+(?:[.’'-][^\W_]+)*", re.UNICODE)
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)[’']", re.IGNORECASE)
_OPENS = re.compile(r"(?:^|[.!?:;«“\"(\n]|[–—-]\s)\s*$")
_INSIDE = re.compile(r"[^\W_]+")


def names_of(sentence: str) -> list[str]:
    """Words with a capital that a sentence's beginning does not explain, acronyms, words with letters and digits."""
    found = []
    for match in _WORD.finditer(sentence):
        word = _ELIDED.sub("", match[0])
        if word[:1].isupper() or sum(map(str.isupper, word)) > 1 or _mixed(word):
            opens = bool(_OPENS.search(sentence[: match.start()])) and not _is_acronym(word)
            if not (opens and _is_common(word)):
                found.append(word)
    return found


def lacking_name(sentence: str, told: str) -> str:
    """The first name of ``sentence`` that ``told`` does not hold, case, accents and endings aside; "" if none."""
    words = {part for word in _WORD.findall(told) for part in _parts(word)}
    stems = set(terms(told))
    for name in names_of(sentence):
        for part in _parts(name):
            if part not in words and part not in STOP_WORDS and not set(terms(part)) <= stems:
                return name
    return ""


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
