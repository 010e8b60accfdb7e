"""Answers that are several things: the items of a section or of a list, or several sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from index.page import Block, Passage, Span, announces
from rag.answer import Evidence, Line, Quoted, Said
from rag.compose import phrases
from rag.compose.quotes import Quotes, headings

ITEM_CHARS = 260
MOST_ITEMS = 6
GLANCE_ITEMS, GLANCE_CHARS = 14, 2400
"""What has more items, or more characters, is no list that answers at a glance."""
DOUBT = 3
"""A sentence stands in the list beside the best one where it is at most so many times as doubtful."""


def bullets(blocks: Sequence[Block], quotes: Quotes, english: bool = False) -> tuple[Line, ...]:
    """Blocks as a list, each with its mark, or with those of the passages that hold a long one, after what announces them;
    sub-items under theirs. A list that the page says once more is quoted once."""
    lines: list[Line] = []
    told: set[tuple[str, ...]] = set()
    for lead, group in groupby(blocks, lambda block: quotes.announcing(block.start, always=True)):
        listed = list(group)
        if (said := tuple(quotes.words(span) for span in (*filter(None, [lead]), *map(_span, listed)))) in told:
            continue
        told.add(said)
        lines += lead_in(listed[0].start, quotes, english)
        for block in listed:
            above = _under(block.start, quotes, english)
            lines.append(Line((*above, *quotes.whole(_span(block))), min(2, max(1, block.level))))
    return tuple(under_once(lines))


def _span(block: Block) -> Span:
    return block.start, block.end


def lead_in(start: int, quotes: Quotes, english: bool = False) -> Iterator[Line]:
    """What announces the list whose item begins at ``start``, itself after what announces it: a line above, of no level where it
    is a paragraph's. Nothing where it is quoted already, or no passage holds it; quoted where the page announces another list
    so, this one comes under its heading."""
    lead = quotes.announcing(start, always=True)
    if lead is None or quotes.quoted(lead):
        return
    item = quotes.item(lead[0])
    if item:
        yield from lead_in(lead[0], quotes, english)
    above = _own_heading(start, twin.passage, quotes) if (twin := quotes.repeated(lead)) else ""
    part = phrases.UNDER.say(english, heading=above) if above else quotes.quote(lead)
    yield Line((part,), min(2, item.level) if item else 0)


def _own_heading(start: int, other: Passage, quotes: Quotes) -> str:
    """The nearest heading above ``start`` that does not stand above the ``other`` passage as well."""
    above = list(headings(quotes.passage_at(start)))
    return next((heading for heading in above if heading not in other.section), next(iter(above), ""))


def _under(start: int, quotes: Quotes, english: bool) -> tuple[Said, ...]:
    """Under what the item that begins at ``start`` stands, where no passage holds what announces it."""
    lead = "" if quotes.announcing(start, always=True) else quotes.label(start, quotes.passage_at(start), always=True)
    return (phrases.UNDER.say(english, heading=lead),) if lead else ()


def as_items(lines: Iterable[Line]) -> Iterator[Line]:
    """The ``lines`` as items of a list, under an announcing one what it announces."""
    below = 0
    for line in lines:
        if not line.level:
            below = int(announces(line.parts[-1].text))
        yield replace(line, level=min(2, line.level + below) if line.level else 1)


def listed_units(evidence: Evidence, quotes: Quotes) -> list[Span]:
    """The items that the span runs over; all of them where a colon announces them, or where several of a short list are: a list
    is whole."""
    passage = evidence.hit.passage
    a, b = evidence.span
    if len(passage.sentences) > 2 and announces(passage.at(passage.sentences[0])):
        return in_items(passage.sentences[1:], quotes)
    units = [s for s in passage.sentences if s[0] < b and s[1] > a]
    if units and announces(passage.at(units[-1])):
        units += [s for s in passage.sentences if s[0] >= units[-1][1]]
    units = in_items(units, quotes)
    return whole_list(evidence, quotes, units) or units if len(units) > 1 else units


def in_items(sentences: Sequence[Span], quotes: Quotes) -> list[Span]:
    """The ``sentences``, those of one item as one: each item of the page's is one here."""
    units: list[Span] = []
    for start, end in sentences:
        if units and any(b.kind == "bullet" and b.start <= units[-1][0] and end <= b.end for b in quotes.page.blocks):
            units[-1] = (units[-1][0], end)
        else:
            units.append((start, end))
    return units


def whole_list(evidence: Evidence, quotes: Quotes, units: Sequence[Span] = ()) -> list[Span]:
    """What announces a list, if anything, and its items, where the evidence, or each of the ``units``, is one of them and its
    passage holds them all."""
    passage = evidence.hit.passage
    items = [_span(b) for b in quotes.page.blocks if b.kind == "bullet" and passage.start <= b.start < passage.end]
    if len(items) < 2:
        return []
    before = [s for s in passage.sentences if s[1] <= items[0][0]][-1:]
    listed = [*(s for s in before if announces(passage.at(s))), *items]
    first, last = listed[0][0], listed[-1][1]
    return listed if all(first <= start and end <= last for start, end in units or [evidence.sentence]) else []


def together(evidence: Sequence[Evidence], quotes: Quotes, room: int | None = None) -> list[Span]:
    """The whole list, where the best of the ``evidence`` is of a short one that is announced and other evidence of the same, and
    all of it fits in ``room`` characters."""
    best = evidence[0]
    listed = whole_list(best, quotes)
    if not listed or quotes.item(listed[0][0]) is not None:
        return []
    if room is not None and sum(end - start for start, end in listed) > room:
        return []
    chosen = {span for found in evidence for span in (found.sentence, found.beside) if span}
    return listed if len({unit for unit in listed for a, b in chosen if unit[0] <= a and b <= unit[1]}) > 1 else []


def as_one(spans: Sequence[Span], passage: Passage, quotes: Quotes) -> tuple[Line, ...]:
    """Spans of ``passage`` a line each, as one quote: what announces the others first, the mark after the last."""
    citation = quotes.citation((spans[0][0], spans[-1][1]), passage)
    parts = [Quoted(citation, *span, marked=span == spans[-1]) for span in spans]
    below = 1 + (quotes.item(spans[0][0]) is None)
    return tuple(Line((part,), level=below if number else 1) for number, part in enumerate(parts))


def items(spans: Sequence[Span], evidence: Evidence, quotes: Quotes, english: bool = False) -> tuple[Line, ...]:
    """Sentences or items as a list, each with its mark; of the answering span what fits stays. Those of a table's row come
    under its name, those of a list under what announces it."""
    lines: list[Line] = []
    named: Span | None = None
    announced: Span | None = None
    for span in spans:
        name = quotes.row_name(span)
        if name is not None and name != named:
            lines.append(Line((quotes.quote(name),), level=1))
        named = name
        lead = quotes.announcing(span[0], always=True)
        lines += lead_in(span[0], quotes, english) if lead != announced else ()
        announced = lead
        above = _under(span[0], quotes, english)
        quoted = quotes.trimmed(span, _room(span, evidence.hit.passage), evidence.span, evidence.hit.passage)
        lines.append(Line((*above, quoted), level=level_of(span, quotes) if name is None else 2))
    return tuple(under_once(lines))


def _room(span: Span, passage: Passage) -> int:
    """In how many characters ``span`` is quoted: each of its sentences has as many."""
    return ITEM_CHARS * max(1, sum(span[0] <= start < span[1] for start, _ in passage.sentences))


def level_of(span: Span, quotes: Quotes) -> int:
    """On what level of a list ``span`` stands: that of its item; none where it is no item and announces some."""
    return min(2, depth(span, quotes)) or int(not announces(quotes.words(span)))


def depth(span: Span, quotes: Quotes) -> int:
    """How deep in the page's lists the item stands that begins ``span``; 0 for none."""
    item = quotes.item(span[0])
    return item.level if item else 0


def nested(lines: Iterable[Line], quotes: Quotes) -> Iterator[Line]:
    """The ``lines``, items that come right after the sentence that announces them one level below it."""
    lead: Quoted | None = None
    level = 0
    for line in lines:
        parts = [part for part in line.parts if isinstance(part, Quoted)]
        told = quotes.announcing(parts[0].start, always=True) if lead and parts else None
        if lead and told and told[1] == lead.end:
            yield replace(line, level=min(2, max(line.level, level + 1)))
            continue
        lead = next((part for part in parts[-1:] if announces(part.words)), None)
        level = line.level
        yield line


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


def gathered(evidence: Sequence[Evidence], quotes: Quotes, english: bool = False) -> Iterator[Line]:
    """What evidence from several places tells, in the page's order: of a short list several of whose items it is, all."""
    for number, found in enumerate(evidence):
        if not quotes.tell(found.sentence):
            alone = announces(quotes.words(found.sentence))  # without its items it says nothing
            listed = whole_list(found, quotes) if alone else together(evidence[number:], quotes)
            yield from items(listed or [found.sentence], found, quotes, english)
