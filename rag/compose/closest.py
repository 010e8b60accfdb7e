"""What comes closest to a question that is not surely answered: sentences of the page, with nothing claimed."""

from __future__ import annotations

from collections.abc import Sequence

from index.page import Passage, Span, announces
from index.words import words
from rag.answer import MOST_LIKELY, Evidence, Line
from rag.compose import phrases
from rag.compose.antecedents import items_before, question_before
from rag.compose.connectives import DENYING
from rag.compose.facts import FACT_CHARS, LABEL_CHARS, answered, joined
from rag.compose.lists import as_one, nested, together, under_once, whole_list
from rag.compose.quotes import Quotes
from rag.question.asked import Question
from rag.question.naming import named, unknown_subject
from rag.question.vocabulary import Vocabulary

TWINS, TWIN_WORDS = 0.8, 6
"""Sentences that share so much of their words, so many at least, and not their figures, tell one thing of two years or amounts."""


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
    """The sentences that come closest, with nothing claimed: ``most`` quotes. A credit or date is none unless it is the first."""
    lines: list[Line] = []
    evidence = [found for n, found in enumerate(evidence) if not n or not found.hit.passage.role]
    evidence = twins_last(question, evidence, quotes)
    listed = [_whole(question, evidence[number:], quotes) for number in range(len(evidence))]
    alone = [_announced(joined(found, quotes), found.hit.passage, quotes) for found in evidence]
    spans = [(units[0][0], units[-1][1]) if units else span for units, span in zip(listed, alone, strict=True)]
    texts = [quotes.words(span) for span in spans]
    for told in texts:
        # Where the page says the same twice, and once goes on, that is quoted.
        fullest = max((n for n, other in enumerate(texts) if other.startswith(told)), key=lambda n: len(texts[n]))
        found, (start, end) = evidence[fullest], spans[fullest]
        lead = quotes.announcing(start, always=question.form == "yes_no")
        led = lead is not None and lead[1] - lead[0] > LABEL_CHARS and not quotes.quoted(lead)
        count = 1 + led + (quotes.row_name((start, end)) is not None)
        if not quotes.tell((start, end)) and len(quotes.citations) + count <= most:
            if units := listed[fullest]:
                lines += as_one(units, found.hit.passage, quotes)
                continue
            room = max(FACT_CHARS, end - start) if found.beside else FACT_CHARS
            under = answered(question, found.hit.passage, start, quotes)
            quoted = quotes.named((start, end), room, found.span, found.hit.passage)
            lines.append(Line((*under, *quoted), level=1))
    return (Line((phrases.LIKELY.say(question.english),)), *under_once(list(nested(lines, quotes))))


def _whole(question: Question, evidence: Sequence[Evidence], quotes: Quotes) -> list[Span]:
    """The list that the first of the ``evidence`` is an item of, where one is asked for, or other evidence is of it, or the first
    announces it: without its items that says nothing."""
    first = evidence[0]
    if question.form == "list" or announces(quotes.words(first.sentence)):
        return whole_list(first, quotes)
    return together(evidence, quotes)


def twins_last(question: Question, evidence: Sequence[Evidence], quotes: Quotes) -> Sequence[Evidence]:
    """The ``evidence``, after the rest what says of another year or amount nearly the same words as what comes before it; as it
    was where the question names a figure of the page's: one of them is meant."""
    if _figures(question.repaired) & _figures(quotes.page.text):
        return evidence
    first: list[Evidence] = []
    twins: list[Evidence] = []
    for found in evidence:
        said = quotes.words(found.sentence)
        (twins if any(_twins(said, quotes.words(other.sentence)) for other in first) else first).append(found)
    return [*first, *twins]


def _twins(one: str, other: str) -> bool:
    """Whether two sentences differ by their figures and little else; of two cells each is told of something else."""
    left, right = set(words(one)) - _figures(one), set(words(other)) - _figures(other)
    alike = len(left & right) >= max(TWIN_WORDS, TWINS * len(left | right))
    return alike and _figures(one) != _figures(other) and left & DENYING == right & DENYING


def _figures(text: str) -> set[str]:
    return set(filter(str.isdigit, words(text)))


def _announced(span: Span, passage: Passage, quotes: Quotes) -> Span:
    """``span`` with what announces it, where that stands just before it and both are short."""
    told = quotes.announcing(span[0]) or question_before(passage, quotes, span[0])
    told = items_before(told, passage, quotes, span[0]) if told and quotes.item(span[0]) is not None else told
    if told is None or told[0] < passage.start or span[1] - told[0] > FACT_CHARS:
        return span
    return (told[0], span[1]) if quotes.adjoin(told, span) else span
