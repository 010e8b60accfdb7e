"""Shorten a quote at clause boundaries, verbatim, keeping the words that answer."""

from __future__ import annotations

import re

from index.page import Span

_CLAUSE = re.compile(
    r"[,;:](?=\s)|\s(?=(?:qui|dont|afin|mais|car|ainsi que|tandis|lorsque|puisque|notamment)\b)|\s[–—-](?=\s)"
)

SLACK = 1.2
"""How much longer than wanted a quote may be that is whole, or keeps the head of its sentence."""


def trim(text: str, keep: Span, most: int) -> Span:
    """Offsets of the part of ``text`` that holds ``keep``, at most ``most`` characters if it can be.

    Cut at clause boundaries where there are some, between words otherwise; ``keep`` is never cut. The head of the sentence
    says what is said of what: what comes later is cut first. A sentence little longer than ``most`` is not cut.
    """
    if len(text) <= most * SLACK:
        return 0, len(text)
    starts = [0] + [m.end() for m in _CLAUSE.finditer(text)]
    ends = [m.start() for m in _CLAUSE.finditer(text)] + [len(text)]
    options = [(a, b) for a in starts for b in ends if a <= keep[0] and b >= keep[1] and b - a <= most]
    if headed := [b for b in ends if keep[1] <= b <= most * SLACK]:
        within = [b for b in headed if b <= most]
        return _shed(text, 0, max(within) if within else min(headed))
    if options:
        # The longest; of those as long, the one that starts earliest.
        start, end = max(options, key=lambda span: (span[1] - span[0], -span[0]))
        return _shed(text, start, end)
    room = max(0, most - (keep[1] - keep[0])) // 2
    start = max(0, keep[0] - room)
    end = min(len(text), keep[1] + room)
    if start and (space := text.find(" ", start, keep[0])) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", keep[1], end)) >= 0:
        end = space
    return _shed(text, min(start, keep[0]), max(end, keep[1]))


def _shed(text: str, start: int, end: int, signs: str | None = None) -> Span:
    """The span without what stands loose at its ends: ``signs``, or white space."""
    inside = text[start:end]
    first = end - len(inside.lstrip(signs))
    return first, max(first, start + len(inside.rstrip(signs)))


_LOOSE = " \t\n\u00a0\u202f,;:.!?…–—-"
_WORD = re.compile(r"(?:[A-Z]\.){2,}|\d+(?:[.,/]\d+)*|\w+(?:-\w+)*")
_LONGEST_WORD = 60
_PAIRS = {"(": ")", "«": "»", "“": "”", "[": "]"}


def whole_words(text: str, span: Span) -> Span:
    """``span`` grown to whole words and shed of stray punctuation; brackets and guillemets in pairs."""
    start, end = _shed(text, max(0, span[0]), min(len(text), span[1]), _LOOSE)
    for word in _WORD.finditer(text, max(0, start - _LONGEST_WORD), end + _LONGEST_WORD):
        if word.start() < start < word.end():
            start = word.start()
        if word.start() < end < word.end():
            end = word.end()
    return _balanced(text, start, end)


def _balanced(text: str, start: int, end: int) -> Span:
    for opening, closing in _PAIRS.items():
        inside = text[start:end]
        if inside.count(opening) > inside.count(closing):
            if end < len(text) and (at := text.find(closing, end, end + 60)) >= 0:
                end = at + 1
            elif inside.startswith(opening):
                start += 1
        elif inside.count(closing) > inside.count(opening):
            if (at := text.rfind(opening, max(0, start - 60), start)) >= 0:
                start = at
            elif inside.endswith(closing):
                end -= 1
    return _shed(text, start, end)
