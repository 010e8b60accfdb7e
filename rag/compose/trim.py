"""Shorten a quote at clause boundaries, verbatim, keeping the words that answer."""

from __future__ import annotations

import re

from index.page import Span

_CLAUSE = re.compile(
    r"[,;:](?=\s)|\s(?=(?:qui|dont|afin|mais|car|ainsi que|tandis|lorsque|puisque|notamment)\b)|\s[–—-](?=\s)"
)


def trim(text: str, keep: Span, most: int) -> Span:
    """Offsets of the part of ``text`` that holds ``keep``, at most ``most`` characters if it can be.

    Cut at clause boundaries where there are some, between words otherwise; ``keep`` is never cut.
    """
    if len(text) <= most:
        return 0, len(text)
    starts = [0] + [m.end() for m in _CLAUSE.finditer(text)]
    ends = [m.start() for m in _CLAUSE.finditer(text)] + [len(text)]
    options = [(a, b) for a in starts for b in ends if a <= keep[0] and b >= keep[1] and b - a <= most]
    if options:
        # The longest; of those as long, the one that starts earliest.
        start, end = max(options, key=lambda span: (span[1] - span[0], -span[0]))
        return _strip(text, start, end)
    room = max(0, most - (keep[1] - keep[0])) // 2
    start = max(0, keep[0] - room)
    end = min(len(text), keep[1] + room)
    if start and (space := text.find(" ", start, keep[0])) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", keep[1], end)) >= 0:
        end = space
    return _strip(text, min(start, keep[0]), max(end, keep[1]))


def _strip(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


_TAIL = re.compile(r"[\s,;:.!?…–—-]+$")
_HEAD = re.compile(r"^(?:[\s,;:.!?…–—-]+)")
_PAIRS = {"(": ")", "«": "»", "“": "”", "[": "]"}


def whole_words(text: str, span: Span) -> Span:
    """``span`` grown to whole words and shed of stray punctuation; brackets and guillemets in pairs."""
    start, end = span
    start, end = max(0, start), min(len(text), end)
    while start > 0 and _joined(text, start):
        start -= 1
    while end < len(text) and _joined(text, end):
        end += 1
    start += len(_HEAD.match(text[start:end]).group()) if _HEAD.match(text[start:end]) else 0  # type: ignore[union-attr]
    tail = _TAIL.search(text[start:end])
    if tail and not re.search(r"\b[A-Z]\.$", text[start:end]):  # "D.U." keeps its full stop
        end = start + tail.start()
    return _balanced(text, start, end)


def _joined(text: str, at: int) -> bool:
    """Whether the characters around ``at`` belong to one word or number."""
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        return True
    if before.isdigit() and after in ".,/" and at + 1 < len(text) and text[at + 1].isdigit():
        return True
    if after.isdigit() and before in ".,/" and at > 1 and text[at - 2].isdigit():
        return True
    if before.isalnum() and after in "-’'" and at + 1 < len(text) and text[at + 1].isalnum():
        return after == "-"
    return before == "-" and after.isalnum() and at > 1 and text[at - 2].isalnum()


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
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
