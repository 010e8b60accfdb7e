"""What of a page tells something by itself: whole sentences, and not what the site cut to lead to another page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from index.page import Block, Page, Span
from rag.answer import Certainty, Evidence

_CUT = re.compile(r"(?:…|\.{3}|\[…\]|\[\.{3}\])\s*$", re.MULTILINE)
"""A line that ends so is one that the site cut; one of the page's own may only trail off, and tells as little."""
_ANNOUNCES = re.compile(r"(?::|\b(?:suivante?s?|ci-(?:dessous|après))\s*\.)$")
_LONGEST_TEASER = 500
"""Characters under a heading that leads to another page: with more it is a section."""


def is_whole(words: str) -> bool:
    """Whether ``words`` are a sentence that can stand alone: it begins and ends as one, asks nothing, announces nothing."""
    words = words.strip()
    ends = words.endswith((".", "!")) and not _CUT.search(words) and not _ANNOUNCES.search(words)
    return ends and not words[0].islower()


def goes_on(page: Page, start: int) -> bool:
    """Whether what begins at ``start`` is a later part of a long sentence: its head stands before, in the same block."""
    block = next((b for b in page.blocks if b.start <= start < b.end), None)
    if block is None or block.kind == "row" or not page.text[start].islower():
        return False
    before = page.text[block.start : start]
    return before.rstrip(" \t\u00a0\u202f").endswith((",", ";")) or bool(before.strip() and not _ends(before))


def _ends(before: str) -> bool:
    """Whether a sentence or a line ends where ``before`` does."""
    return before.endswith("\n") or before.rstrip()[-1] in ".!?…»:)"


def teasers(page: Page) -> list[Span]:
    """Where the page only makes curious of another one: cards under headings that are links, of which the site cut one or more
    short by "…", and blocks that begin with a link and are cut so."""
    links = {m.start: m.end for m in page.marks if m.kind == "link" and "#" not in m.value}
    under: dict[int, list[Block]] = {}
    for block in page.blocks:
        if block.kind != "heading":
            under.setdefault(block.heading, []).append(block)
    cards = [
        (block, under.get(n, []))
        for n, block in enumerate(page.blocks)
        if block.kind == "heading" and block.level > 1 and links.get(block.start, -1) >= block.end
    ]
    cards = [(head, told) for head, told in cards if sum(b.end - b.start for b in told) <= _LONGEST_TEASER]
    rows = {head.section[:-1] for head, told in cards if any(_is_cut(page, b) for b in told)}
    blocks = [b for head, told in cards if head.section[:-1] in rows for b in (head, *told)]
    blocks += [b for b in page.blocks if b.kind != "heading" and b.start in links and _is_cut(page, b)]
    return sorted({(b.start, b.end) for b in blocks})


def _is_cut(page: Page, block: Block) -> bool:
    return _CUT.search(page.text[block.start : block.end]) is not None


def within(span: Span, spans: Sequence[Span]) -> bool:
    """Whether one of ``spans`` holds the beginning of ``span``."""
    return any(start <= span[0] < end for start, end in spans)


def doubted(certainty: Certainty, evidence: Sequence[Evidence], page: Page) -> tuple[Certainty, Sequence[Evidence]]:
    """The verdict, where a teaser makes no sure answer: what it tells is told whole elsewhere."""
    if certainty != "sure" or not (spans := teasers(page)):
        return certainty, evidence
    if within(evidence[0].sentence, spans):
        return "likely", evidence
    return certainty, [found for found in evidence if not within(found.sentence, spans)]


def shared(sections: Iterable[Sequence[str]]) -> int:
    """How many headings all of these sections stand under."""
    return sum(1 for _ in takewhile(lambda level: len(set(level)) == 1, zip(*sections, strict=False)))
