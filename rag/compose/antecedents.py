"""What a sentence cannot be understood without: the one before it, what announces an item, the question that "Oui" answers."""

from __future__ import annotations

from index.page import Passage, Span
from index.words import token_spans
from rag.compose.connectives import ADDING, CARRIED, EXCEPTING, LEANING, POINTING, SETTLED, SETTLING
from rag.compose.quotes import Quotes
from rag.compose.whole import goes_on

BETWEEN_CHARS = 190
"""Of an announcement with the items between it and the one that goes on from them, at most."""


def antecedent(passage: Passage, quotes: Quotes, start: int) -> Span | None:
    """The sentence before ``start``, if the one that begins there cannot be understood without it: what announces the item, one
    of the same passage, or the last of the paragraph before. Of one whose beginning the page lacks nothing is understood."""
    if announced := quotes.announcing(start):
        return items_before(announced, passage, quotes, start)
    if leans(quotes.page.text[start : passage.end]) or goes_on(quotes.page, start):
        return _sentence_before(passage, quotes, start)
    return question_before(passage, quotes, start)


def items_before(announced: Span, passage: Passage, quotes: Quotes, start: int) -> Span:
    """What announces an item, with the items between where it goes on from them ("ou par courrier") and all stand in the passage
    and are short."""
    end = max((s[1] for s in passage.sentences if s[1] <= start), default=announced[1])
    adds = quotes.page.text[start : passage.end].startswith(ADDING)
    short = passage.start <= announced[0] and end - announced[0] <= BETWEEN_CHARS
    return (announced[0], end) if adds and short and end > announced[1] else announced


def question_before(passage: Passage, quotes: Quotes, start: int) -> Span | None:
    """The question just before a sentence that begins with "Oui" or "Non"."""
    before = settles(quotes.page.text[start : passage.end]) and _sentence_before(passage, quotes, start)
    return before if before and quotes.page.text[slice(*before)].rstrip().endswith("?") else None


def _sentence_before(passage: Passage, quotes: Quotes, start: int) -> Span | None:
    before = [s for s in passage.sentences if s[1] <= start] or quotes.paragraph_before(start)
    if before and goes_on(quotes.page, before[-1][0]):  # a sentence that has lost its head explains nothing
        return None
    cut = before and any(block.cut_start and block.start == before[-1][0] for block in quotes.page.blocks)
    return before[-1] if before and not cut else None


def settles(text: str) -> bool:
    """Whether ``text`` begins with the page's own "Oui" or "Non"."""
    told = (word for _, _, word in token_spans(text[:40]) if word not in '«“"')
    return next(told, "") in SETTLING and next(told, ".") in SETTLED


def excepts(text: str) -> bool:
    """Whether ``text`` is a whole sentence that begins by taking back part of what stands before it."""
    first = text[:40].lower().replace(",", " ").split()[:1]
    return not EXCEPTING.isdisjoint(first) and text.endswith((".", "!", "?", ":"))


def leans(text: str) -> bool:
    """Whether ``text`` begins so that it cannot be understood without what stands before it."""
    begun = text[:120].lower().replace("’", " ").replace("'", " ").split()
    # The second word too: "un tel objectif", "dans ce cas"; of what points the third: "lors de cette visite".
    return bool(LEANING & set(begun[:2]) or POINTING & set(begun[:3]) or CARRIED & set(begun[:6]))
