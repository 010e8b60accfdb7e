"""Answers that are several things: the items of a section or of a list, or several sentences."""

from __future__ import annotations

from collections.abc import Sequence

from index.page import Block, Page, Span
from index.words import terms
from rag.answer import Evidence, Line
from rag.compose.quotes import Quotes
from rag.question.asked import Question
from rag.question.vocabulary import Vocabulary

ITEM_CHARS = 260
MOST_ITEMS = 6
DOUBT = 3
"""A sentence stands in the list beside the best one where it is at most so many times as doubtful."""
SECTION_ITEMS, SECTION_CHARS = 14, 2400
"""A section with more than this is no list that answers at a glance."""


def section_items(question: Question, page: Page, vocabulary: Vocabulary) -> tuple[Block, ...]:
    """The items of the section whose heading the question names, if it names one and they are a list to be read.

    None where the question holds a word that the page lacks ("pour 2025"): it wants other than the whole section.
    """
    wanted = set(question.terms)
    content = wanted.difference(question.asking)
    if not all(vocabulary.knows(term) for term in content):
        return ()
    best, section = 0.5, None
    for block in page.blocks:
        heading = set(terms(page.text[block.start : block.end])) if block.kind == "heading" else set()
        if not heading or block.level < 2:
            continue
        # Most of the heading's words are asked for, and little else is.
        named = heading & wanted
        share = min(len(named) / len(heading), len(named) / len(named | content)) if named else 0
        if share > best or (share == best == 0.5 and len(heading) == 2 and section is None):
            best, section = share, (*block.section[:-1], page.text[block.start : block.end])
    if section is None:
        return ()
    inside = [b for b in page.blocks if b.section[: len(section)] == section]
    items = [b for b in inside if b.kind in ("bullet", "row") and b.role in ("", "keywords")]
    long = len(items) > SECTION_ITEMS or sum(b.end - b.start for b in items) > SECTION_CHARS
    return () if long or len(items) < 2 else tuple(items)


def bullets(blocks: Sequence[Block], quotes: Quotes) -> tuple[Line, ...]:
    """Blocks as a list, each with its mark, sub-items under theirs."""
    return tuple(Line((quotes.quote((b.start, b.end)),), level=min(2, max(1, b.level))) for b in blocks)


def listed_units(evidence: Evidence) -> list[Span]:
    """The items that the span runs over; all of them where a colon announces them: a list is whole."""
    passage = evidence.hit.passage
    a, b = evidence.span
    if len(passage.sentences) > 2:
        first = passage.sentences[0]
        opening = passage.text[first[0] - passage.start : first[1] - passage.start].rstrip()
        if opening.endswith(":"):
            return [s for s in passage.sentences if s != first]
    units = [s for s in passage.sentences if s[0] < b and s[1] > a]
    if units:
        last = passage.text[units[-1][0] - passage.start : units[-1][1] - passage.start]
        if last.rstrip().endswith(":"):
            units += [s for s in passage.sentences if s[0] >= units[-1][1]]
    return units


def items(spans: Sequence[Span], evidence: Evidence, quotes: Quotes) -> tuple[Line, ...]:
    """Sentences or items as a list, each with its mark; of the answering span what fits stays. Those of a table's row come
    under its name."""
    lines = []
    named: Span | None = None
    for span in spans:
        name = quotes.row_name(span)
        if name is not None and name != named:
            lines.append(Line((quotes.quote(name),), level=1))
        named = name
        quoted = quotes.trimmed(span, ITEM_CHARS, evidence.span, evidence.hit.passage)
        lines.append(Line((quoted,), level=1 if name is None else 2))
    return tuple(lines)


def several(evidence: Sequence[Evidence], sure: float) -> list[Evidence]:
    """Evidence from different passages, each sure and hardly less so than the best, in the page's order."""
    least = max(sure, 1 - DOUBT * (1 - evidence[0].probability))
    return sorted([e for e in evidence if e.probability >= least][:MOST_ITEMS], key=lambda e: e.sentence)
