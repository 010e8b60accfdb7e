"""Answers to one question: the short answer where it helps, then the sentence that says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.page import MISSING, Passage, Span
from index.words import terms, token_spans, words
from rag.answer import MOST_LIKELY, Evidence, Line, Part, Quoted, Said
from rag.compose import phrases
from rag.compose.lists import as_one, under_once, whole_list
from rag.compose.quotes import Quotes, announces
from rag.compose.trim import whole_words
from rag.compose.whole import goes_on
from rag.question.asked import Expected, Question
from rag.question.naming import named, unknown_subject
from rag.question.vocabulary import Vocabulary

FACT_CHARS = 380
SHORT_CHARS = 140
ANSWER_CHARS = 500
"""Of an answer to one question: with more it is not read at a glance."""
_SHORT: frozenset[Expected] = frozenset(
    ("date", "number", "money", "duration", "percentage", "place", "person", "organisation")
)
"""Types that a few words in bold help with."""
LEANING = frozenset(
    """il ils elle elles c ce cet cette ces cela ceci celui celle ceux celles celui-ci celle-ci ceux-ci celles-ci
    tel telle tels telles son sa ses leur leurs""".split()
)
"""Words that stand for what the sentence before tells: one of them begins a sentence that cannot be understood alone."""
_POINTING = frozenset("ce cet cette ces".split())
_CARRIED = frozenset("alors donc dès".split())
_SETTLING = ("oui", "non")
_SETTLED = frozenset((",", ".", ";", ":", "!", "mais", "sauf"))
"""What follows a "Oui" or "Non" that answers: "Non-salariés" and "Oui ou non" do not."""


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
    line = Line((*strong, *under, *leant_on, whole))
    return (line, *_apart(question, evidence, quotes), *items_under(evidence, quotes))


def joined(evidence: Evidence, quotes: Quotes) -> Span:
    """The sentence, with the one beside it where they follow one another in a paragraph."""
    start, end = evidence.sentence
    first, last = evidence.beside or evidence.sentence
    span = min(start, first), max(end, last)
    follow = quotes.adjoin(*sorted((evidence.sentence, (first, last))))
    return span if follow and any(b.start <= span[0] and span[1] <= b.end for b in quotes.page.blocks) else (start, end)


def _apart(question: Question, evidence: Evidence, quotes: Quotes) -> tuple[Line, ...]:
    """The sentence beside, on a line of its own, where it is not quoted already and does not only announce a list."""
    beside = evidence.beside
    if beside is None or quotes.tell(beside) or announces(quotes.words(beside)):
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
    for found in evidence:
        start, end = found.sentence
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


def answered(question: Question, passage: Passage, start: int, quotes: Quotes) -> tuple[Said, ...]:
    """Under what stands what is quoted from ``start`` on, where it settles something only there: with the page's own "Oui" or
    "Non"; as an item that goes on a sentence which cannot be quoted before it ("Elle est due dans tous les cas sauf :"); or, of
    a yes/no question, as any item of a list ("Ce qui est interdit"). Nothing where it is quoted after what tells that."""
    if settles(quotes.page.text[start : passage.end]):
        return page_asks(question, passage, quotes.page.text[start : passage.end])
    if quotes.item(start) is None or quotes.announcing(start):
        return ()
    asks = question.form == "yes_no"
    above = quotes.announcement(start, always=asks) or (next(_headings(passage), "") if asks else "")
    return (phrases.UNDER.say(question.english, heading=above),) if above else ()


def page_asks(question: Question, passage: Passage, told: str) -> tuple[Said, ...]:
    """The question of the page's that ``told``, of ``passage``, answers by beginning with "Oui" or "Non", which may be the
    contrary of the user's, or the heading above; nothing where both questions are the same, or ``told`` begins otherwise."""
    if not settles(told):
        return ()
    asks = next((heading for heading in _headings(passage) if heading.rstrip().endswith("?")), "")
    typed = (set(words(text)) for text in (question.text, question.repaired))
    if asks and not question.previous and set(words(asks)) in typed:
        return ()
    above, phrase = (asks, phrases.ANSWERS) if asks else (next(_headings(passage), ""), phrases.UNDER)
    return (phrase.say(question.english, heading=above),) if above else ()


def _headings(passage: Passage) -> Iterator[str]:
    """The headings above a passage, the nearest first."""
    return (heading for heading in reversed(passage.section) if heading != MISSING)


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


def closest(
    question: Question, evidence: Sequence[Evidence], vocabulary: Vocabulary, quotes: Quotes
) -> tuple[Line, ...]:
    """The lines of an answer that is only likely; where the page has no word of what is named, they begin with that, and tell
    no credit or date."""
    if not (typed := unknown_subject(question, vocabulary)):
        return likely(question, naming_first(question, evidence, vocabulary, quotes), quotes)
    told = [found for found in evidence if not found.hit.passage.role]
    _, *lines = likely(question, told or evidence, quotes)
    return (Line((phrases.NOT_FOUND_LIKELY.say(question.english, typed=typed),)), *lines)


def naming_first(
    question: Question, evidence: Sequence[Evidence], vocabulary: Vocabulary, quotes: Quotes
) -> list[Evidence]:
    """The ``evidence``, what holds most of the page's names that the question means first: whoever asks where something is
    sees first what is said of it, and not of other places."""
    names = set(named(question, vocabulary))

    def lacks(found: Evidence) -> int:
        return len(names.difference(vocabulary.names_in(quotes.words(found.sentence))))

    return sorted(evidence, key=lacks)


def likely(
    question: Question, evidence: Sequence[Evidence], quotes: Quotes, most: int = MOST_LIKELY
) -> tuple[Line, ...]:
    """The sentences that come closest, with nothing claimed: ``most`` quotes."""
    lines: list[Line] = []
    listed = [whole_list(found, quotes) if question.form == "list" else [] for found in evidence]
    alone = [_announced(joined(found, quotes), found.hit.passage, quotes) for found in evidence]
    spans = [(units[0][0], units[-1][1]) if units else span for units, span in zip(listed, alone, strict=True)]
    texts = [quotes.words(span) for span in spans]
    for told in texts:
        # Where the page says the same twice, and once goes on, that is quoted.
        fullest = max((n for n, other in enumerate(texts) if other.startswith(told)), key=lambda n: len(texts[n]))
        found, (start, end) = evidence[fullest], spans[fullest]
        count = 1 + (quotes.row_name((start, end)) is not None)
        if not quotes.tell((start, end)) and len(quotes.citations) + count <= most:
            if units := listed[fullest]:
                lines += as_one(units, found.hit.passage, quotes)
                continue
            room = max(FACT_CHARS, end - start) if found.beside else FACT_CHARS
            quoted = quotes.named((start, end), room, found.span, found.hit.passage)
            lines.append(Line((*answered(question, found.hit.passage, start, quotes), *quoted), level=1))
    return (Line((phrases.LIKELY.say(question.english),)), *under_once(lines))


def _announced(span: Span, passage: Passage, quotes: Quotes) -> Span:
    """``span`` with what announces it, where that stands just before it and both are short."""
    told = quotes.announcing(span[0]) or _question_before(passage, quotes, span[0])
    if told is None or told[0] < passage.start or span[1] - told[0] > FACT_CHARS:
        return span
    return (told[0], span[1]) if quotes.adjoin(told, span) else span


def items_under(evidence: Evidence, quotes: Quotes) -> tuple[Line, ...]:
    """The items that a sentence announces by a colon: without them it says nothing."""
    passage = evidence.hit.passage
    under = [s for s in passage.sentences if s[0] > evidence.sentence[0] and announces(passage.at(evidence.sentence))]
    return tuple(Line((quotes.quote(s, passage),), level=1) for s in under)


def antecedent(passage: Passage, quotes: Quotes, start: int) -> Span | None:
    """The sentence before ``start``, if the one that begins there cannot be understood without it: what announces the item, one
    of the same passage, or the last of the paragraph before. Of one whose beginning the page lacks nothing is understood."""
    if announced := quotes.announcing(start):
        return announced
    if leans(quotes.page.text[start : passage.end]) or goes_on(quotes.page, start):
        return _sentence_before(passage, quotes, start)
    return _question_before(passage, quotes, start)


def _question_before(passage: Passage, quotes: Quotes, start: int) -> Span | None:
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
    return next(told, "") in _SETTLING and next(told, ".") in _SETTLED


def leans(text: str) -> bool:
    """Whether ``text`` begins so that it cannot be understood without what stands before it."""
    begun = text[:120].lower().replace("’", " ").replace("'", " ").split()
    # The second word too: "un tel objectif", "dans ce cas"; of what points the third: "lors de cette visite".
    return bool(LEANING & set(begun[:2]) or _POINTING & set(begun[:3]) or _CARRIED & set(begun[:6]))


def helps(question: Question, short: Span, sentence: Span) -> bool:
    """Whether a few words in bold help: they are of a type that is told in few, and few beside the sentence."""
    length = short[1] - short[0]
    return question.expected in _SHORT and 0 < length <= SHORT_CHARS and length < 0.75 * (sentence[1] - sentence[0])
