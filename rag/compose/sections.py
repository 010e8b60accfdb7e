"""What a question wants of the page that a heading or a subject tells: the list under it, or a summary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from index.page import Block, Page
from index.words import terms
from rag.answer import Line
from rag.compose.lists import bullets
from rag.compose.quotes import Quotes
from rag.compose.summary import summary, summary_spans
from rag.compose.topic import of_part, topic_spans
from rag.question.asked import Question
from rag.question.vocabulary import Vocabulary

SECTION_ITEMS, SECTION_CHARS = 14, 2400
"""A section with more than this is no list that answers at a glance."""
HALF = 0.5
"""More than this part of a heading's words names it; of one of two words just this part, where no other is named better."""


class Named(NamedTuple):
    """Which part of a heading's words, or of what is asked for, the two share; and the headings down to it, none if none is
    named."""

    share: float
    section: tuple[str, ...]


def of_form(question: Question, vocabulary: Vocabulary, quotes: Quotes) -> tuple[Line, ...]:
    """The list under a heading that the question names, what the page says of a subject, or a summary; nothing where it wants
    none of them."""
    page, passages = quotes.page, quotes.passages
    if items := section_items(question, page, vocabulary):
        return bullets(items, quotes)
    if lines := under_heading(question, vocabulary, quotes, whole=True):
        return lines
    wants_summary = question.form == "summary"
    section: tuple[str, ...] = ()
    if wants_summary or question.subject:
        mostly = section_named(question, page, alone=False)
        section = section_named(question, page, alone=True).section or (mostly.section if mostly.share > HALF else ())
    if not section and (spans := topic_spans(question, page, passages)):
        return summary(spans, quotes)
    if not wants_summary or (not section and of_part(question, page, vocabulary)):
        return ()
    return section_summary(section, vocabulary, quotes)


def under_heading(
    question: Question, vocabulary: Vocabulary, quotes: Quotes, *, whole: bool = False
) -> tuple[Line, ...]:
    """What the page tells under the heading that a question names, and little else, where it wants several things; with
    ``whole`` all of the heading, and nothing else."""
    if not _wants_list(question, vocabulary):
        return ()
    named = section_named(question, quotes.page, alone=True)
    if named.share < 1 if whole else named.share <= HALF:
        return ()
    return section_summary(named.section, vocabulary, quotes)


def section_summary(section: tuple[str, ...], vocabulary: Vocabulary, quotes: Quotes) -> tuple[Line, ...]:
    """A summary of the section under these headings, of the whole page under none."""
    inside = [p for p in quotes.passages if p.section[: len(section)] == section]
    return summary(summary_spans(quotes.page, inside, vocabulary), quotes)


def section_items(question: Question, page: Page, vocabulary: Vocabulary) -> tuple[Block, ...]:
    """The items of the section whose heading the question names, if it names one and they are a list to be read."""
    if not _wants_list(question, vocabulary):
        return ()
    section = section_named(question, page, alone=True).section
    inside = [b for b in page.blocks if section and b.section[: len(section)] == section]
    items = [b for b in inside if b.kind in ("bullet", "row") and b.role in ("", "keywords")]
    long = len(items) > SECTION_ITEMS or sum(b.end - b.start for b in items) > SECTION_CHARS
    return () if long or len(items) < 2 else tuple(items)


def _wants_list(question: Question, vocabulary: Vocabulary) -> bool:
    """Whether a list is wanted; with a word that the page lacks ("pour 2025") other than the whole of a section is. What a
    thing is ("un salarié protégé") its section seldom tells: that is the reader's."""
    content = set(question.terms).difference(question.asking)
    return question.form == "list" and all(map(vocabulary.knows, content))


def section_named(question: Question, page: Page, *, alone: bool) -> Named:
    """The section whose heading the question names best: more than half of the heading's words are asked for, or one of two,
    and with ``alone`` as little else is."""
    wanted = _stems(question.terms)
    content = wanted - _stems(question.asking)
    best = Named(HALF, ())
    for block in (b for b in page.blocks if b.kind == "heading" and b.level > 1):
        text = page.text[block.start : block.end]
        heading = _stems(terms(text))
        if not (named := heading & wanted):
            continue
        share = min(len(named) / len(heading), len(named) / len(named | content) if alone else 1.0)
        if share > best.share or (share == HALF and len(heading) == 2 and not best.section):
            best = Named(share, (*block.section[:-1], text))
    return best


def _stems(terms: Iterable[str]) -> set[str]:
    """Words of one family ("poursuivre", "poursuite") as one."""
    return {term[:6] for term in terms}
