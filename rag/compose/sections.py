"""What a question wants of the page that a heading or a subject tells: the list under it, or a summary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from index.page import Block, Page, Span
from index.words import terms, words
from rag.answer import Line
from rag.compose.lists import GLANCE_CHARS, GLANCE_ITEMS, bullets
from rag.compose.measures import measures
from rag.compose.quotes import Quotes
from rag.compose.summary import distinct, summary, summary_spans
from rag.question.asked import Question
from rag.question.naming import named
from rag.question.vocabulary import Vocabulary

TOPIC_SENTENCES = 6
"""A subject of more sentences is what the whole page is about: they are no answer that is read at a glance."""
HALF = 0.5
"""More than this part of a heading's words names it; of one of two words the first, where no other is named better: in French the
second tells of which kind ("Actions clés" are no "dates clés")."""


class Named(NamedTuple):
    """Which part of a heading's words, or of what is asked for, the two share; and the headings down to it, none if none is
    named."""

    share: float
    section: tuple[str, ...]


def of_form(question: Question, vocabulary: Vocabulary, quotes: Quotes) -> tuple[Line, ...]:
    """All measures of a kind, the list under a heading that the question names, or all of what stands there, what the page says
    of a subject, or a summary; nothing where it wants none of them."""
    if lines := measures(question, quotes):
        return lines
    page = quotes.page
    listed = section_listed(question, page, vocabulary)
    if items := section_items(listed.section, page):
        return bullets(items, quotes, question.english)
    if (
        listed.share == 1
        and question.form == "list"
        and (lines := section_summary(question, listed.section, vocabulary, quotes))
    ):
        return lines
    wants_summary = question.form == "summary"
    section: tuple[str, ...] = ()
    if wants_summary or question.subject:
        mostly = section_named(question, page, alone=False)
        section = section_named(question, page, alone=True).section or (mostly.section if mostly.share > HALF else ())
    if not section and (spans := topic_spans(question, quotes)):
        return summary(question, spans, quotes)
    if not wants_summary or (not section and of_part(question, page, vocabulary)):
        return ()
    told = section_summary(question, section, vocabulary, quotes)
    return told or bullets(
        section_items(section, page), quotes, question.english
    )  # of mere key words there is no summary


def under_heading(question: Question, vocabulary: Vocabulary, quotes: Quotes) -> tuple[Line, ...]:
    """What the page tells under the heading that a question names, and little else, where it wants several things."""
    listed = section_listed(question, quotes.page, vocabulary)
    return section_summary(question, listed.section, vocabulary, quotes) if listed.share > HALF else ()


def section_summary(
    question: Question, section: tuple[str, ...], vocabulary: Vocabulary, quotes: Quotes
) -> tuple[Line, ...]:
    """A summary of the section under these headings, of the whole page under none."""
    inside = [p for p in quotes.passages if p.section[: len(section)] == section]
    return summary(question, summary_spans(quotes.page, inside, vocabulary), quotes)


def section_items(section: tuple[str, ...], page: Page) -> tuple[Block, ...]:
    """The items of a section where they are a list to be read."""
    inside = [b for b in page.blocks if section and b.section[: len(section)] == section]
    items = [b for b in inside if b.kind in ("bullet", "row") and b.role in ("", "keywords")]
    long = len(items) > GLANCE_ITEMS or sum(b.end - b.start for b in items) > GLANCE_CHARS
    return () if long or len(items) < 2 else tuple(items)


def topic_spans(question: Question, quotes: Quotes) -> list[Span]:
    """The sentences that hold all words of the question's subject, in the page's order; none where it names no subject, or
    one of too many sentences."""
    subject = set(question.subject)
    sentences = (s for p in quotes.passages if not p.role for s in p.sentences) if subject else ()
    found = [span for span in sentences if subject <= set(terms(quotes.page.text[slice(*span)]))]
    return list(distinct(sorted(found), quotes.page)) if len(found) <= TOPIC_SENTENCES else []


def of_part(question: Question, page: Page, vocabulary: Vocabulary) -> bool:
    """Whether a summary is wanted of a part of the page: of a name or a subject that is not the title's, or of some part."""
    told = set(named(question, vocabulary)).difference(vocabulary.names_in(page.title))
    apart = set(question.subject).difference(terms(page.title))
    return bool(told or apart or (question.kinds.get("scope", "") == "part" and not question.subject))


def section_listed(question: Question, page: Page, vocabulary: Vocabulary) -> Named:
    """The section that the question names and wants the whole of, as a list, or whose heading it repeats; with a word that the
    page lacks ("pour 2025") something else is wanted. What a thing is ("un salarié protégé") its section seldom tells: that is
    the reader's."""
    if repeated := section_asked(question, page):
        return Named(1.0, repeated)
    wanted = question.form == "list" and all(map(vocabulary.knows, question.content))
    return section_named(question, page, alone=True) if wanted else Named(0.0, ())


def section_asked(question: Question, page: Page) -> tuple[str, ...]:
    """The headings down to the one that is the question itself ("Qui est concerné ?"); none where several are."""
    typed = [set(words(text)) for text in (question.text, question.repaired)] if not question.previous else []
    blocks = (b for b in page.blocks if typed and b.kind == "heading" and b.level > 1)
    found = [b for b in blocks if set(words(page.text[b.start : b.end])) in typed]
    return (*found[0].section[:-1], page.text[found[0].start : found[0].end]) if len(found) == 1 else ()


def section_named(question: Question, page: Page, *, alone: bool) -> Named:
    """The section whose heading the question names best: more than half of the heading's words are asked for, or one of two,
    and with ``alone`` as little else is."""
    wanted = _stems(question.terms)
    content = wanted - _stems(question.asking)
    best = Named(HALF, ())
    for block in (b for b in page.blocks if b.kind == "heading" and b.level > 1):
        text = page.text[block.start : block.end]
        told = terms(text)
        heading = _stems(told)
        if not (named := heading & wanted):
            continue
        share = min(len(named) / len(heading), len(named) / len(named | content) if alone else 1.0)
        of_two = len(heading) == 2 and _stems(told[:1]) <= named
        if share > best.share or (share == HALF and of_two and not best.section):
            best = Named(share, (*block.section[:-1], text))
    return best


def _stems(terms: Iterable[str]) -> set[str]:
    """Words of one family ("poursuivre", "poursuite") as one."""
    return {term[:6] for term in terms}
