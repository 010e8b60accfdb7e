"""Answers to what is no question about the page: small talk, a worry, an order."""

from __future__ import annotations

from index.page import Page
from rag.answer import Answer
from rag.compose import phrases
from rag.compose.refusal import refused
from rag.question.asked import Question
from rag.question.emergency import emergency

_SMALLTALK = {
    "greeting": phrases.GREETING,
    "thanks": phrases.THANKS,
    "bye": phrases.BYE,
    "assistant": phrases.ASSISTANT,
    "privacy": phrases.PRIVACY,
}


def small_talk(question: Question, kind: str, page: Page, *, writes: bool = False, sends: bool = False) -> Answer:
    """The answer to a greeting, thanks, or a question about the assistant (a class of the head "smalltalk").

    ``writes`` says that a language model phrases answers, ``sends`` that it is asked over a network.
    """
    phrase = _SMALLTALK.get(kind, phrases.SMALLTALK)
    phrase = {**({"assistant": phrases.ASSISTANT_WRITES} if writes else {}),
              **({"privacy": phrases.PRIVACY_SENT} if sends else {})}.get(kind, phrase)  # fmt: skip
    slots = {"title": page.title} if "title" in phrase.slots else {}
    return refused(question, phrase.say(question.english, **slots), "chat")


def worry(question: Question) -> Answer:
    """No medical advice, and whom to call."""
    phrase = phrases.DISTRESS if urgent(question) == "distress" else phrases.MEDICAL
    return refused(question, phrase.say(question.english), "medical")


def urgent(question: Question) -> str:
    """ "distress" or "medical" where nothing but whom to call is to be said, else ""."""
    told = emergency(question.text) or emergency(question.repaired)
    return told or ("distress" if question.kinds.get("worry") == "distress" else "")


def order(question: Question) -> Answer:
    """An instruction that is not followed."""
    return refused(question, phrases.ORDER.say(question.english), "off_topic")


def about(question: Question, kind: str, page: Page) -> Answer | None:
    """What is known of the page beside its text (a class of the head "about"); None where that is nothing."""
    phrase, known = {
        "date": (phrases.DATED, page.updated),
        "title": (phrases.TITLED, page.title),
        "publisher": (phrases.PUBLISHED, page.publisher),
        "licence": (phrases.LICENSED, page.licence),
        "address": (phrases.ADDRESSED, page.url),
    }.get(kind, (phrases.DATED, ""))
    return refused(question, phrase.say(question.english, known=known), "chat") if known else None
