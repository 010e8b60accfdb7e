"""What a refusal says: that the page does not answer, what it mentions, or that it speaks of something else."""

from __future__ import annotations

from collections.abc import Sequence

from index.page import Page
from index.words import fold
from rag.answer import Answer, Hit, Line, Reason, Said
from rag.compose import phrases
from rag.question.asked import Question
from rag.question.spelling import dictionary
from rag.question.vocabulary import Vocabulary, spaced

NEARBY = 2
"""Passages shown under a refusal."""


def refusal(question: Question, hits: Sequence[Hit], page: Page, vocabulary: Vocabulary, near: bool) -> Answer:
    """The page does not answer: with what it says nearby where it is ``near`` the question, of a name that the question
    means first of all; else its title."""
    if not near:
        said = phrases.OFF_TOPIC.say(question.english, title=page.title)
        return refused(question, said, "off_topic")
    said, passages = phrases.NOT_ON_PAGE.say(question.english), [hit.passage for hit in hits]
    for name in named(question, vocabulary):
        if mentioning := [p for p in passages if f" {spaced(name)} " in f" {spaced(p.text)} "]:
            said, passages = phrases.MENTIONS.say(question.english, name=name), mentioning
            break
    return Answer(question, (Line((said,)),), "none", reason="not_on_page", nearby=tuple(passages[:NEARBY]))


def named(question: Question, vocabulary: Vocabulary) -> list[str]:
    """The page's names that the question means, longest first; not a common word that begins with a capital on the page
    here and there ("grand" is not « Grand »)."""

    def is_meant(name: str) -> bool:
        common = vocabulary.surface.get(fold(name), name) != name
        return " " in name or (not common and (name in question.repaired or not dictionary().has(name)))

    return [name for name in vocabulary.names_in(question.repaired) if len(name) > 2 and is_meant(name)]


def refused(question: Question, said: Said, reason: Reason) -> Answer:
    """An answer that is one sentence of ours."""
    return Answer(question, (Line((said,)),), "none", reason=reason)
