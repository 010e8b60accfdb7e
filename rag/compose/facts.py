"""Answers to one question: the short answer where it helps, then the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from index.page import Block, Passage, Span, announces
from index.words import terms, words
from rag.answer import Evidence, Line, Part, Quoted, Said
from rag.compose import phrases
from rag.compose.antecedents import antecedent, excepts, settles
from rag.compose.lists import depth, in_items, items, together
from rag.compose.quotes import Quotes, headings
from rag.compose.trim import whole_words
from rag.compose.whole import goes_on
from rag.question.asked import Expected, Question
from rag.question.vocabulary import Vocabulary

FACT_CHARS = 380
LINE_CHARS = 60
"""Of a line that says nothing alone, at most, and again of those that are quoted after it."""
SHORT_CHARS = 140
ANSWER_CHARS = 500
"""Of an answer to one question: with more it is not read at a glance."""
_SHORT: frozenset[Expected] = frozenset(
    ("date", "number", "money", "duration", "percentage", "place", "person", "organisation")
)
"""Types that a few words in bold help with."""
LABEL_CHARS = 80
"""An announcement of more is no label that is read at a glance."""


def fact(question: Question, evidence: Evidence, quotes: Quotes, most: int = FACT_CHARS) -> tuple[Line, ...]:
    """The short answer where it helps, then the sentence in ``most`` characters, after what it cannot be understood without,
    and the one beside it."""
    passage, (start, end) = evidence.hit.passage, joined(evidence, quotes)
    a, b = short = whole_words(quotes.page.text, evidence.span)
    before = antecedent(passage, quotes, start) or quotes.row_name(evidence.sentence)
    under = answered(question, passage, before[0] if before else start, quotes)
    room = most - (b - a if helps(question, short, evidence.sentence) else 0) - sum(len(part.text) for part in under)
    room = max(room, end - start) if evidence.beside else room
    leant_on: tuple[Part, ...] = ()
    follows = before and (quotes.item(start) is None or quotes.adjoin(before, (start, end)))
    if before and follows and passage.start <= before[0] and end - before[0] <= room:
        start = before[0]
    elif before and (before == evidence.beside or before[1] - before[0] < room // 2):
        leant_on = (quotes.quote(before),)
    elif before:
        under = answered(question, passage, start, quotes)
    whole = quotes.trimmed((start, end), room, short, passage)
    held = whole.start <= a and b <= whole.end and helps(question, short, (whole.start, whole.end))
    strong = (quotes.short(short, whole),) if held else ()
    line = Line((*strong, *under, *leant_on, whole, *_labelled(whole.end, quotes)))
    lines = (line, *_beside(question, evidence, quotes), *items_under(evidence, quotes))
    return (*lines, *_exception(evidence, quotes, ANSWER_CHARS - sum(len(line.text) for line in lines)))


def _labelled(end: int, quotes: Quotes) -> tuple[Quoted, ...]:
    """Where a short line that no sign ends does at ``end``, a label or part of an address, those after it down to the first that
    a sign ends: alone it says nothing."""
    blocks = [b for b in quotes.page.blocks if b.end >= end]
    last = end
    for before, after in pairwise(blocks):
        follows = _is_label(before, quotes) and after.kind == "paragraph" and not after.role
        if before.end != last or not follows or after.end - end > LINE_CHARS:
            break
        last = after.end
    return quotes.whole((end, last)) if last > end else ()


def _is_label(block: Block, quotes: Quotes) -> bool:
    alone = block.kind == "paragraph" and not (block.role or block.cut_start or block.cut_end)
    return alone and block.end - block.start <= LINE_CHARS and quotes.page.text[block.end - 1] not in ".!?;:…»"


def _exception(evidence: Evidence, quotes: Quotes, room: int) -> tuple[Line, ...]:
    """The next sentence where it takes back part of the one that answers, with the items that it announces: all in ``room``
    characters, or nothing."""
    end = max(evidence.sentence[1], (evidence.beside or evidence.sentence)[1])
    told = ((p, s) for p in quotes.passages if p.section == evidence.hit.passage.section for s in p.sentences)
    passage, after = next(((p, s) for p, s in told if s[0] >= end), (evidence.hit.passage, (end, end)))
    if not excepts(quotes.words(after)) or quotes.tell(after) or not quotes.adjoin((end, end), after):
        return ()
    items = _items_after(passage, after, quotes)
    if sum(b - a for a, b in (after, *items)) > room:
        return ()
    return (Line((quotes.quote(after, passage),)), *(Line((quotes.quote(s, passage),), level=1) for s in items))


def joined(evidence: Evidence, quotes: Quotes) -> Span:
    """The sentence, with the one beside it where they follow one another in a paragraph."""
    start, end = evidence.sentence
    first, last = evidence.beside or evidence.sentence
    span = min(start, first), max(end, last)
    follow = quotes.adjoin(*sorted((evidence.sentence, (first, last))))
    return span if follow and any(b.start <= span[0] and span[1] <= b.end for b in quotes.page.blocks) else (start, end)


def _beside(question: Question, evidence: Evidence, quotes: Quotes) -> tuple[Line, ...]:
    """The sentence beside, on a line of its own, where it is not quoted already and does not only announce a list."""
    beside = evidence.beside
    if beside is None or quotes.tell(beside) or announces(quotes.words(beside)):
        return ()
    if any(start <= beside[0] < end for start, end in _items_after(evidence.hit.passage, evidence.sentence, quotes)):
        return ()
    return (Line(after_antecedent(question, beside, evidence.hit.passage, quotes, FACT_CHARS)),)


def after_antecedent(
    question: Question, span: Span, passage: Passage, quotes: Quotes, most: int, others: Sequence[Span] = ()
) -> tuple[Said | Quoted, ...]:
    """The sentence ``span`` in ``most`` characters, after the short one that it cannot be understood without if that is neither
    quoted already nor one of the ``others`` that are, and the page's own "Oui" or "Non" after what it answers."""
    before = antecedent(passage, quotes, span[0])
    apart = before and before[1] - before[0] < most // 2 and before not in others and not quotes.tell(before)
    leant_on = (quotes.quote(before),) if before and apart else ()
    begin = before[0] if before and apart else span[0]
    under = page_asks(question, passage, quotes.page.text[begin : passage.end])
    return (*under, *leant_on, *quotes.named(span, most, None, passage))


def also(question: Question, evidence: Sequence[Evidence], quotes: Quotes, before: Sequence[Line]) -> tuple[Line, ...]:
    """Sentences of other passages that may be the ones that answer, each on a line of its own, where not quoted already and
    what is read stays short: the lines ``before``, the sentence, and what it cannot be understood without."""
    plain = replace(question, expected="statement")
    lines: list[Line] = []
    for number, found in enumerate(evidence):
        start, end = found.sentence
        room = ANSWER_CHARS - sum(len(line.text) for line in (*before, *lines))
        if (listed := together(evidence[number:], quotes, room)) and not any(map(quotes.quoted, listed)):
            lines += items(listed, found, quotes, question.english)
        head = antecedent(found.hit.passage, quotes, start)
        if head is None and goes_on(quotes.page, start):
            continue
        leant_on = head or (start, start)
        read = sum(len(line.text) for line in (*before, *lines) if not line.level)  # items are looked over
        chars = read + end - start + leant_on[1] - leant_on[0]
        if not quotes.tell(found.sentence) and chars <= ANSWER_CHARS:
            lines += fact(plain, replace(found, beside=None), quotes, max(end - start, FACT_CHARS // 2))
    return tuple(lines)


def each_once(lines: Iterable[Line]) -> Iterator[Line]:
    """The ``lines``, no sentence twice: where one tells two things, the short answer of the second is left."""
    told: set[Span] = set()
    for line in lines:
        new = [p for p in line.parts if not isinstance(p, Quoted) or p.strong or (p.start, p.end) not in told]
        alone = all(part.strong for part in new)
        told.update((p.start, p.end) for p in new if isinstance(p, Quoted) and not p.strong)
        if new:
            parts = (replace(p, marked=True) if alone and isinstance(p, Quoted) else p for p in new)
            yield replace(line, parts=tuple(parts))


def yes_no(question: Question, evidence: Evidence, quotes: Quotes, affirmed: bool) -> tuple[Line, ...]:
    """ "Oui" or "Non", then the sentence."""
    word = (phrases.YES if affirmed else phrases.NO).say(question.english)
    short = whole_words(quotes.page.text, evidence.span)
    quoted = quotes.named(evidence.sentence, FACT_CHARS, short, evidence.hit.passage)
    return (Line((word, *quoted)), *items_under(evidence, quotes))


def answered(question: Question, passage: Passage, start: int, quotes: Quotes) -> tuple[Said | Quoted, ...]:
    """Under what stands what is quoted from ``start`` on, where it settles something only there: with the page's own "Oui" or
    "Non"; as an item that goes on a sentence which is not quoted before it ("Elle est due dans tous les cas sauf :"); or, of
    a yes/no question, as any item of a list ("Ce qui est interdit"). What is too long for a label is quoted."""
    if settles(quotes.page.text[start : passage.end]):
        return page_asks(question, passage, quotes.page.text[start : passage.end])
    if quotes.item(start) is None:
        return ()
    asks = question.form == "yes_no"
    lead = quotes.announcing(start, always=asks)
    if lead and lead[1] - lead[0] > LABEL_CHARS:
        return () if quotes.quoted(lead) else (quotes.trimmed(lead, FACT_CHARS, (lead[1] - 1, lead[1])),)
    above = quotes.label(start, passage, always=asks) or (next(headings(passage), "") if asks else "")
    return (phrases.UNDER.say(question.english, heading=above),) if above else ()


def page_asks(question: Question, passage: Passage, told: str) -> tuple[Said, ...]:
    """The question of the page's that ``told``, of ``passage``, answers by beginning with "Oui" or "Non", which may be the
    contrary of the user's, or the heading above; nothing where both questions are the same, or ``told`` begins otherwise."""
    if not settles(told):
        return ()
    asks = next((heading for heading in headings(passage) if heading.rstrip().endswith("?")), "")
    typed = (set(words(text)) for text in (question.text, question.repaired))
    if asks and not question.previous and set(words(asks)) in typed:
        return ()
    above, phrase = (asks, phrases.ANSWERS) if asks else (next(headings(passage), ""), phrases.UNDER)
    return (phrase.say(question.english, heading=above),) if above else ()


def spelled_out(
    question: Question, vocabulary: Vocabulary, quotes: Quotes, sure: Span | None = None
) -> tuple[Line, ...]:
    """What an acronym stands for, in bold before the sentence that spells it out; nothing where the question asks for something
    else, or of anything else on the page, or where a sentence that is ``sure`` to answer does not spell it out."""
    if question.form != "definition":
        return ()
    for acronym in vocabulary.acronyms:
        wanted = terms(acronym.short)
        others = [term for term in question.terms if term not in wanted]
        if wanted and set(wanted) <= set(question.terms) and not any(map(vocabulary.knows, others)):
            a, b = acronym.span
            spelling = ((p, s) for p in quotes.passages for s in p.sentences if s[0] <= a < b <= s[1])
            for passage, sentence in (found for found in spelling if sure in (None, found[1])):
                whole = quotes.trimmed(sentence, FACT_CHARS, acronym.span, passage)
                return (Line((quotes.short(acronym.span, whole), whole)),)
    return ()


def items_under(evidence: Evidence, quotes: Quotes) -> tuple[Line, ...]:
    """The items that a sentence announces by a colon: without them it says nothing."""
    passage, above = evidence.hit.passage, depth(evidence.sentence, quotes)
    levels = (
        (span, min(2, max(1, depth(span, quotes) - above))) for span in _items_after(passage, evidence.sentence, quotes)
    )
    return tuple(Line((quotes.quote(span, passage),), level) for span, level in levels)


def _items_after(passage: Passage, sentence: Span, quotes: Quotes) -> list[Span]:
    under = [s for s in passage.sentences if s[0] > sentence[0] and announces(passage.at(sentence))]
    return in_items(under, quotes)


def helps(question: Question, short: Span, sentence: Span) -> bool:
    """Whether a few words in bold help: they are of a type that is told in few, and few beside the sentence."""
    length = short[1] - short[0]
    return question.expected in _SHORT and 0 < length <= SHORT_CHARS and length < 0.75 * (sentence[1] - sentence[0])
