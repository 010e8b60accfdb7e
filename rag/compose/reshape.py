"""Requests about the last answer: shorter, more, the full text, a protest. Nothing new is claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.page import Passage, Span
from index.words import terms
from rag.answer import Answer, Evidence, Line, Quoted, Said, Turn
from rag.compose import phrases
from rag.compose.facts import page_asks
from rag.compose.lists import under_once
from rag.compose.quotes import Quotes
from rag.compose.refusal import refused
from rag.question.asked import Question

MOST_CITATIONS = 3

_SENTENCES = {
    "shorter": phrases.RESHAPE_SHORTER,
    "more": phrases.RESHAPE_MORE,
    "full_text": phrases.RESHAPE_FULL,
    "protest": phrases.RESHAPE_PROTEST,
}
_CLOSE = {
    phrases.RESHAPE_SHORTER: phrases.LIKELY,
    phrases.RESHAPE_MORE: phrases.LIKELY,
    phrases.RESHAPE_MORE_SEVERAL: phrases.LIKELY,
    phrases.RESHAPE_VERBATIM: phrases.RESHAPE_VERBATIM_LIKELY,
}
"""The same of an answer that was only likely."""
_PASSING = ("smalltalk", "reshape")
"""Intents of what does not come between an answer and a wish about it."""
OF_AN_ANSWER = frozenset(("protest", "unclear", "translate", "shorter", "simpler", "more"))
"""Wishes that make no sense before the first answer."""


def reshape(question: Question, history: Sequence[Turn | str], quotes: Quotes) -> Answer | None:
    """The last cited answer as the question wishes; what was said where the last question has none, that it is unclear where
    there is none at all. None where it may ask about the page: with nothing to reshape "en trois points" does or, unless the
    page was asked for something, "tu peux résumer ?"; a protest is of nothing."""
    wish = question.kinds.get("reshape", "")
    turns = [turn for turn in history if isinstance(turn, Turn)]
    cited = [turn for turn in turns if turn.answer.citations]
    last = next(
        (turn for turn in reversed(turns) if turn.answer.citations or turn.question.intent not in _PASSING), None
    )
    if cited and (last is cited[-1] or wish == "full_text"):
        return reshaped(question, wish, cited, quotes)
    asked_before = last is not None and last.question.intent == "page"
    if wish not in OF_AN_ANSWER or (question.form == "summary" and not asked_before):
        return None
    if last and asked_before and last.answer.reason in ("not_on_page", "off_topic"):
        return refused(question, phrases.RESHAPE_REFUSED.say(question.english), "invalid")
    if last:
        return Answer(question, last.answer.lines, "none", reason=last.answer.reason)
    return refused(question, phrases.UNCLEAR.say(question.english), "invalid")


def reshaped(question: Question, wish: str, history: Sequence[Turn], quotes: Quotes) -> Answer:
    """The last of the cited answers as ``wish`` asks (a class of the head "reshape"), as far as quoting allows."""
    answers = [turn.answer for turn in history]
    quoted = [quotes.quote(span, passage) for passage, span in _wanted(wish, answers)]
    # A short answer stands alone: no sign tells that the sentence goes on around it.
    alone = {(p.start, p.end) for a in answers for p in a.parts() if isinstance(p, Quoted) and not p.before + p.after}
    quoted = [replace(p, before="", after="") if (p.start, p.end) in alone else p for p in quoted]
    sentence = _SENTENCES.get(wish, phrases.RESHAPE_VERBATIM)
    if wish == "more" and len(quoted) > 1:
        sentence = phrases.RESHAPE_MORE_SEVERAL
    if _was_likely(history):  # what only came close is no answer, however it is put
        sentence = _CLOSE.get(sentence, sentence)
    above = _above(answers)
    for part in quoted if wish == "more" else ():
        if under := page_asks(history[-1].question, part.citation.passage, part.words):
            above[part.start] = under
    lines = under_once([Line((*above.get(part.start, ()), part), level=1) for part in quoted])
    return Answer(question, (Line((sentence.say(question.english),)), *lines), "likely", tuple(quotes.citations))


def unquoted(answer: Answer, history: Sequence[Turn | str]) -> list[Evidence] | None:
    """What else was read, where ``answer`` gives as a reason ("pourquoi ?") nothing but what was quoted already, and that holds no
    word of the question's own ("pourquoi est-ce indispensable ?"); else None."""
    told = [c for turn in history if isinstance(turn, Turn) for c in turn.answer.citations]

    def is_told(start: int, end: int) -> bool:
        return any(c.start < end and start < c.end for c in told)

    why = answer.question.previous and answer.question.expected == "reason" and answer.certainty == "sure"
    own = set(terms(answer.question.repaired))
    if not why or not all(is_told(c.start, c.end) and own.isdisjoint(terms(c.quote)) for c in answer.citations):
        return None
    return [e for e in answer.evidence if not is_told(*e.sentence)]


def _wanted(wish: str, answers: Sequence[Answer]) -> list[tuple[Passage, Span]]:
    """What is quoted of the answers, or of the last alone, and of which passages; each once."""
    cited = [(c.passage, (c.start, c.end)) for c in answers[-1].citations]
    if wish == "shorter":
        cited = _short(answers[-1])
    elif wish == "more":
        cited = [(passage, (passage.start, passage.end)) for passage, _ in cited]
    elif wish == "full_text":
        every = dict.fromkeys((c.passage, (c.start, c.end)) for answer in answers for c in answer.citations)
        return list(every)[-MOST_CITATIONS:]
    return list(dict.fromkeys(cited))[:MOST_CITATIONS]


def _above(answers: Sequence[Answer]) -> dict[int, tuple[Said, ...]]:
    """Under what quotes stood, on their own line or on one above them, by where in the page they begin."""
    found: dict[int, tuple[Said, ...]] = {}
    over: tuple[Said, ...] = ()
    level = 0
    for line in (line for answer in answers for line in answer.lines):
        said = tuple(part for part in line.parts if isinstance(part, Said) and part.phrase in phrases.ABOVE)
        if said or line.level <= level:
            over, level = said, line.level
        found |= {part.start: over for part in line.parts if over and isinstance(part, Quoted) and not part.strong}
    return found


def _short(answer: Answer) -> list[tuple[Passage, Span]]:
    """The short answer alone; where there is none the sentences, of one passage or of two, without those that they lean on;
    of a list the first."""
    strong = [part for part in answer.parts() if isinstance(part, Quoted) and part.strong]
    ends = [line.parts[-1] for line in answer.lines if line.level == 0]
    told = strong[:1] or [part for part in ends if isinstance(part, Quoted)][:2]
    cited = answer.citations[0]
    return [(part.citation.passage, (part.start, part.end)) for part in told] or [
        (cited.passage, (cited.start, cited.end))
    ]


def _was_likely(history: Sequence[Turn]) -> bool:
    """Whether the answer that is reshaped, perhaps not for the first time, was a likely one."""
    asked = (turn.answer for turn in reversed(history) if turn.question.intent != "reshape")
    return next((answer.certainty == "likely" for answer in asked), False)
