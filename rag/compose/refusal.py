"""What a refusal says: that the page does not answer, what it mentions, or that it speaks of something else."""

from __future__ import annotations

from collections.abc import Sequence

from index.page import Page, Passage
from rag.answer import Answer, Hit, Line, Reason, Said
from rag.compose import phrases
from rag.question.asked import Question
from rag.question.naming import named, unknown_subject
from rag.question.vocabulary import NAME, Vocabulary, spaced

NEARBY = 2
"""Passages shown under a refusal."""


def refusal(question: Question, hits: Sequence[Hit], page: Page, vocabulary: Vocabulary, near: bool) -> Answer:
    """The page does not answer: with what it says of a name that the question means; else with what it says nearby, where it
    is ``near`` the question; else with its title."""
    passages = [hit.passage for hit in hits]
    for name in named(question, vocabulary):
        if not _is_part(name, question.repaired) and (
            mentioning := [p for p in passages if name in vocabulary.names_in(p.text)]
        ):
            return refused(question, phrases.MENTIONS.say(question.english, name=name), "not_on_page", mentioning)
    if typed := unknown_subject(question, vocabulary):
        said = phrases.NOT_FOUND.say(question.english, typed=typed)
        return refused(question, said, "not_on_page", passages) if near else refused(question, said, "off_topic")
    if near:
        return refused(question, phrases.NOT_ON_PAGE.say(question.english), "not_on_page", passages)
    return refused(question, phrases.OFF_TOPIC.say(question.english, title=page.title), "off_topic")


def _is_part(name: str, asked: str) -> bool:
    """Whether ``asked`` means a longer name only, of which the page knows ``name`` ("Banque de France"). Its first word has a
    capital whatever it is."""
    longer = (spaced(match[0]) for match in NAME.finditer(asked.partition(" ")[2]))
    return any(told != spaced(name) and f" {spaced(name)} " in f" {told} " for told in longer)


def refused(question: Question, said: Said, reason: Reason, near: Sequence[Passage] = ()) -> Answer:
    """An answer that is one sentence of ours, and what is ``near``."""
    return Answer(question, (Line((said,)),), "none", reason=reason, nearby=tuple(near[:NEARBY]))
