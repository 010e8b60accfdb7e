"""Answers to what is no question about the page's text: small talk, a worry, an order, what is known of the page."""

from __future__ import annotations

from typing import Literal

from index.page import Page
from index.settings import Settings
from rag.answer import Answer, Line
from rag.compose import phrases
from rag.compose.quotes import Quotes
from rag.compose.refusal import refused
from rag.compose.sections import section_asked
from rag.question.asked import Question
from rag.question.emergency import emergency
from rag.question.vocabulary import Vocabulary

_SMALLTALK = {
    "greeting": phrases.GREETING,
    "thanks": phrases.THANKS,
    "bye": phrases.BYE,
    "assistant": phrases.ASSISTANT,
}
Kept = Literal["nowhere", "memory", "log"]
"""Where what is asked stays once it is answered."""
_KEPT = {"nowhere": phrases.PRIVACY, "memory": phrases.PRIVACY_IN_MEMORY, "log": phrases.PRIVACY_LOGGED}


def kept(settings: Settings) -> Kept:
    """Where these settings keep what is asked; in memory no longer than in the log."""
    if settings.log == "texts":
        return "log"
    return "memory" if settings.answers_kept else "nowhere"


def small_talk(question: Question, kind: str, page: Page, settings: Settings, writes: bool = False) -> Answer:
    """The answer to a greeting, thanks, or a question about the assistant (a class of the head "smalltalk"). ``writes`` says
    that a language model does phrase the answers."""
    if kind == "privacy":
        sent = [phrases.PRIVACY_SENT] if writes and settings.sends else []
        told = (_KEPT[kept(settings)], *sent, phrases.PRIVACY_OPINION)
        return Answer(question, (Line(tuple(p.say(question.english) for p in told)),), "none", reason="chat")
    phrase = _SMALLTALK.get(kind, phrases.SMALLTALK)
    if writes and phrase is phrases.ASSISTANT:
        phrase = phrases.ASSISTANT_WRITES
    return refused(question, phrase.say(question.english, title=page.title), "chat")


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


def lost(question: Question, page: Page, vocabulary: Vocabulary) -> Answer | None:
    """That it is unclear what a question is about that leans on one before it where there is none, with no word of the page's
    ("pourquoi ?"); None where it may be told, is a heading of the page ("Qui est concerné ?"), or wants all dates or the like."""
    leans = question.kinds.get("leans") == "leans" and question.kinds.get("about", "content") == "content"
    if question.previous or not leans or question.form == "summary" or any(map(vocabulary.knows, question.content)):
        return None
    if section_asked(question, page) or question.kinds.get("every"):
        return None
    return refused(question, phrases.UNCLEAR.say(question.english), "invalid")


def known(question: Question, quotes: Quotes) -> tuple[Line, ...]:
    """What is known of the page beside its text, where that is asked; its date is quoted where it tells one."""
    # A follow-up ("c'était quand ?") asks about what was spoken of, not about the page itself.
    kind = "" if question.previous else question.kinds.get("about", "")
    dated = [p for p in quotes.passages if p.role == "updated" and p.sentences] if kind == "date" else []
    if dated:
        return (Line((quotes.quote(dated[-1].sentences[0], dated[-1]),)),)
    told = about(question, kind, quotes.page)
    return told.lines if told else ()


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
