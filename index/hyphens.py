"""Lines of print joined into running text: words cut at the end of a line are made whole."""

from __future__ import annotations

import re
from functools import lru_cache

SOFT_HYPHEN = "\u00ad"
UNSEEN = {ord(sign): None for sign in (SOFT_HYPHEN, "\u200b", "\u2060", "\ufeff")}
"""Signs that only say where a word may be cut, or may not."""
_CUT = re.compile(r"([^\W\d_]+)[-‐]$")
_CUT_LINE = re.compile(r"([^\W\d_]+[-‐\u00ad¬])[ \t]*\n[ \t]*([a-zà-öø-ÿœ]+)")
_NEXT = re.compile(r"([^\W\d_]+)")


def join_lines(lines: list[str]) -> str:
    """One line of text, white space collapsed, soft hyphens gone, cut words joined."""
    text = ""
    for line in lines:
        words = " ".join(line.split())
        if words:
            text = join_pair(text, words) if text else words
    return text.translate(UNSEEN)


def join_pair(before: str, after: str) -> str:
    """``before`` and ``after`` as one text; a hyphen between them goes where it only cut a word."""
    if before.endswith((SOFT_HYPHEN, "¬")):  # ¬ is what old encodings show for a soft hyphen
        return before[:-1] + after
    cut, following = _CUT.search(before), _NEXT.match(after)
    if cut is None or following is None:
        return f"{before} {after}"
    if not following[1][:1].islower():
        return before + after  # Seine-Saint-/Denis
    return before + after if keeps_hyphen(cut[1], following[1]) else before[:-1] + after


def join_cut(text: str) -> str:
    """``text`` with the words whole that are cut at the ends of its lines; its other lines stay."""
    return _CUT_LINE.sub(lambda m: join_pair(m[1], m[2]), text) if "\n" in text else text


def keeps_hyphen(first: str, second: str) -> bool:
    """Whether "first-second" is written with its hyphen wherever it stands in a line."""
    first, second = first.lower(), second.lower()
    known = _french()
    return first + second not in known and first in known and second in known


@lru_cache(maxsize=1)
def _french() -> frozenset[str]:
    # half a second: read only where a line ends with a hyphen
    from spellchecker import SpellChecker

    return frozenset(SpellChecker(language="fr").word_frequency.words())
