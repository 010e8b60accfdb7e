"""A question as it is typed, made fit to be read; and whether it is English."""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from index.words import STOP_WORDS, words

MOST_CHARS = 1000
_TOO_LONG = f"La question est trop longue\u00a0: {{}} caractères, {MOST_CHARS} au plus."

_ENGLISH = frozenset(
    "the what when where who whom which how is are was were does did of and for about this that many why tell can you to in i "
    "we they it my your our be been has have had do will would should could there from by with at if not please give its "
    "any all some show make".split()
)
_EITHER = frozenset("a as an c d m me on or s son t".split())
"""Small words of both languages, or what an apostrophe leaves of either's: they tell nothing."""
_FRENCH = STOP_WORDS.union("quand comment combien pourquoi".split()) - _EITHER - _ENGLISH
_CLOSING = {"«": "»", "“": "”", '"': '"', "(": ")"}


class QuestionError(ValueError):
    """The question cannot be asked; the message says why, in French."""


def clean(question: str) -> str:
    """The question on one line, without characters that cannot be seen nor signs that enclose all of it.

    Raises:
        QuestionError: nothing is left, or too much.
    """
    if len(question) > 20 * MOST_CHARS:  # not worth a look at each character
        raise QuestionError(_TOO_LONG.format(len(question)))
    seen = (c if not unicodedata.category(c).startswith("C") else " " if c.isspace() else "" for c in question)
    text = " ".join("".join(seen).split())
    if not any(c.isalnum() for c in text):
        raise QuestionError("Posez une question\u00a0: il n’y a rien à lire ici.")
    if len(text) > MOST_CHARS:
        raise QuestionError(_TOO_LONG.format(len(text)))
    while _is_enclosed(text):
        text = text[1:-1].strip()
    return text


def _is_enclosed(text: str) -> bool:
    """Whether the first and the last sign are one pair, around all of ``text``."""
    first, last, inside = text[0], text[-1], text[1:-1]
    if _CLOSING.get(first) != last:
        return False
    depths = accumulate((c == first) - (c == last) for c in inside)
    return first not in inside if first == last else min(depths, default=0) >= 0


_QUOTED = re.compile(r"«[^»]*»|“[^”]*”|\"[^\"]*\"")


def is_english(question: str) -> bool:
    """Whether the question's small words are English rather than French; what it quotes does not count."""
    small = words(_QUOTED.sub(" ", question))
    return sum(word in _ENGLISH for word in small) > sum(word in _FRENCH for word in small)
