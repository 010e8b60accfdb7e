"""The marks [n] of a sentence that a language model wrote: read, repaired, taken off."""

from __future__ import annotations

import re
import unicodedata

_MARK = re.compile(
    r"\s*[\[【(](?:\^|\s*(?:extrait|source|passage|document|réf)s?\.?\s*(?:n°)?\s*)?(\d{1,2}(?:\s*(?:,|;|et|-)\s*\d{1,2})*)\s*[\]】)]",
    re.IGNORECASE,
)
_LIST = re.compile(r"^\s*(?:[-*•–—]|\d{1,2}[.)])\s+(?=\S)")
_DRESS = ("**", "__", "`")
"""What Markdown makes words bold or code with."""


def without_marks(sentence: str) -> tuple[str, tuple[int, ...]]:
    """The sentence on one line without its marks (and what dresses it as Markdown), and their numbers in order.

    "[1, 2]", "[Extrait 1]" and "【1】" are read as [1][2], [1], [1]; "(2)" only at the end, where it is no figure of
    the sentence's own.
    """
    numbers: list[int] = []

    def taken(found: re.Match[str]) -> str:
        bracket = found[0].strip()[0] == "("
        if bracket and any(map(str.isalnum, found.string[found.end() :])):
            return found[0]
        numbers.extend(int(n) for n in re.findall(r"\d+", found[1]))
        return ""

    plain = unicodedata.normalize("NFC", sentence)
    for sign in _DRESS:
        plain = plain.replace(sign, "")
    text = " ".join(_MARK.sub(taken, _LIST.sub("", plain)).split())
    return text.replace(" .", ".").replace(" ,", ","), tuple(dict.fromkeys(numbers))


def marks_at(text: str) -> int:
    """Where the marks end that open ``text``: they belong to the sentence before. 0 where none does."""
    end = 0
    while (found := _MARK.match(text, end)) and found[0].strip()[0] != "(":
        end = found.end()
    return end
