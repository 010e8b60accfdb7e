"""Answers that are several things: the items of a section or of a list, or several sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from index.page import Block, Passage, Span
from rag.answer import Evidence, Line, Quoted, Said
from rag.compose import phrases
from rag.compose.quotes import Quotes, announces

ITEM_CHARS = 260
MOST_ITEMS = 6
DOUBT = 3
"""A sentence stands in the list beside the best one where it is at most so many times as doubtful."""


def bullets(blocks: Sequence[Block], quotes: Quotes) -> tuple[Line, ...]:
    """Blocks as a list, each with its mark, or with those of the passages that hold a long one; sub-items under theirs."""
    return tuple(Line(quotes.whole((b.start, b.end)), level=min(2, max(1, b.level))) for b in blocks)


def as_items(lines: Iterable[Line]) -> Iterator[Line]:
    """The ``lines`` as items of a list."""
    return (replace(line, level=max(1, line.level)) for line in lines)


def listed_units(evidence: Evidence) -> list[Span]:
    """The items that the span runs over; all of them where a colon announces them: a list is whole."""
    passage = evidence.hit.passage
    a, b = evidence.span
    if len(passage.sentences) > 2 and announces(passage.at(passage.sentences[0])):
        return list(passage.sentences[1:])
    units = [s for s in passage.sentences if s[0] < b and s[1] > a]
    if units and announces(passage.at(units[-1])):
        units += [s for s in passage.sentences if s[0] >= units[-1][1]]
    return units


def whole_list(evidence: Evidence, quotes: Quotes) -> list[Span]:
    """What announces a list, if anything, and its items, where the evidence is one of them and its passage holds them all."""
    passage, (start, end) = evidence.hit.passage, evidence.sentence
    items = [
        (b.start, b.end) for b in quotes.page.blocks if b.kind == "bullet" and passage.start <= b.start < passage.end
    ]
    if len(items) < 2:
        return []
    before = [s for s in passage.sentences if s[1] <= items[0][0]][-1:]
    units = [*(s for s in before if announces(passage.at(s))), *items]
    return units if units[0][0] <= start and end <= units[-1][1] else []


def as_one(spans: Sequence[Span], passage: Passage, quotes: Quotes) -> tuple[Line, ...]:
    """Spans of ``passage`` a line each, as one quote: what announces the others first, the mark after the last."""
    citation = quotes.citation((spans[0][0], spans[-1][1]), passage)
    parts = [Quoted(citation, *span, marked=span == spans[-1]) for span in spans]
    below = 1 + (quotes.item(spans[0][0]) is None)
    return tuple(Line((part,), level=below if number else 1) for number, part in enumerate(parts))


def items(spans: Sequence[Span], evidence: Evidence, quotes: Quotes, english: bool = False) -> tuple[Line, ...]:
    """Sentences or items as a list, each with its mark; of the answering span what fits stays. Those of a table's row come
    under its name, those of a long list under what announces it."""
    lines = []
    named: Span | None = None
    for span in spans:
        name = quotes.row_name(span)
        if name is not None and name != named:
            lines.append(Line((quotes.quote(name),), level=1))
        named = name
        quoted = quotes.trimmed(span, ITEM_CHARS, evidence.span, evidence.hit.passage)
        lead = "" if quotes.announcing(span[0]) else quotes.announcement(span[0])
        above = (phrases.UNDER.say(english, heading=lead),) if lead else ()
        lines.append(Line((*above, quoted), level=1 if name is None else 2))
    return tuple(under_once(lines))


def under_once(lines: Sequence[Line]) -> Iterator[Line]:
    """The ``lines``, items of a list; what several in a row stand under is said once above them."""
    for above, group in groupby(lines, _said_above):
        inside = list(group)
        if above is None or len(inside) == 1:
            yield from inside
        else:
            yield Line((above,), inside[0].level)
            yield from (Line(line.parts[1:], line.level + 1) for line in inside)


def _said_above(line: Line) -> Said | None:
    """Under what the page says what ``line`` quotes, where it begins with that."""
    first = line.parts[0]
    return first if isinstance(first, Said) and first.phrase == phrases.UNDER.name else None


def several(evidence: Sequence[Evidence], sure: float) -> list[Evidence]:
    """Evidence from different passages, each sure and hardly less so than the best, in the page's order."""
    least = max(sure, 1 - DOUBT * (1 - evidence[0].probability))
    return sorted([e for e in evidence if e.probability >= least][:MOST_ITEMS], key=lambda e: e.sentence)
