"""What the page says of a subject that is named and nothing more: every sentence that holds it."""

from __future__ import annotations

from collections.abc import Sequence

from index.page import Page, Passage, Span
from index.words import terms
from rag.question.asked import Question
from rag.question.naming import named
from rag.question.vocabulary import Vocabulary

MOST_SENTENCES = 6
"""A subject of more sentences is what the whole page is about: they are no answer that is read at a glance."""


def topic_spans(question: Question, page: Page, passages: Sequence[Passage]) -> list[Span]:
    """The sentences that hold all words of the question's subject, in the page's order; none where it names no subject, or
    one of too many sentences."""
    subject = set(question.subject)
    sentences = (s for p in passages if not p.role for s in p.sentences) if subject else ()
    found = [span for span in sentences if subject <= set(terms(page.text[span[0] : span[1]]))]
    return sorted(found) if len(found) <= MOST_SENTENCES else []


def of_part(question: Question, page: Page, vocabulary: Vocabulary) -> bool:
    """Whether a summary is wanted of a part of the page: of a name or a subject that is not the title's, or of some part."""
    told = set(named(question, vocabulary)).difference(vocabulary.names_in(page.title))
    apart = set(question.subject).difference(terms(page.title))
    return bool(told or apart or (question.kinds.get("scope", "") == "part" and not question.subject))
