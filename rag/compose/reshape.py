"""Requests about the last answer: shorter, more, the full text, a protest. Nothing new is claimed."""

from __future__ import annotations

from collections.abc import Sequence

from rag.answer import Answer, Citation, Line, Quoted, Said, Turn
from rag.compose import phrases
from rag.compose.facts import page_asks
from rag.compose.refusal import refused
from rag.question.asked import Question

MOST_CITATIONS = 3

_SENTENCES = {
    "shorter": phrases.RESHAPE_SHORTER,
    "more": phrases.RESHAPE_MORE,
    "full_text": phrases.RESHAPE_FULL,
    "protest": phrases.RESHAPE_PROTEST,
}


OF_AN_ANSWER = frozenset(("protest", "unclear", "translate", "shorter", "simpler", "more"))
"""Wishes that make no sense before the first answer."""


def reshape(question: Question, history: Sequence[Turn | str]) -> Answer | None:
    """The last cited answer as the question wishes; that it is unclear where there is none. None where it may ask about the page:
    with nothing to reshape "en trois points" does or, at first, "tu peux résumer ?"; a protest is of nothing."""
    wish = question.kinds.get("reshape", "")
    if cited := [turn for turn in history if isinstance(turn, Turn) and turn.answer.citations]:
        return reshaped(question, wish, cited)
    unclear = wish in OF_AN_ANSWER and (bool(history) or question.form != "summary")
    return refused(question, phrases.UNCLEAR.say(question.english), "invalid") if unclear else None


def reshaped(question: Question, wish: str, history: Sequence[Turn]) -> Answer:
    """The last of the cited answers as ``wish`` asks (a class of the head "reshape"), as far as quoting allows."""
    last = history[-1].answer
    sentence = _SENTENCES.get(wish, phrases.RESHAPE_VERBATIM)
    if wish in ("shorter", "more") and _was_likely(history):
        sentence = phrases.LIKELY  # what only came close is no answer, however it is cut
    said = sentence.say(question.english)
    if wish == "shorter":
        quoted = [_quoted(n, part.citation, part.start, part.end) for n, part in enumerate(_short(last), 1)]
    elif wish == "more":
        passage = last.citations[0].passage
        quoted = [_quoted(1, last.citations[0], passage.start, passage.end)]
    elif wish == "full_text":
        cited = {(c.start, c.end): c for turn in history for c in turn.answer.citations}
        quoted = [_quoted(n, c, c.start, c.end) for n, c in enumerate(list(cited.values())[-MOST_CITATIONS:], 1)]
    else:
        quoted = [_quoted(n, c, c.start, c.end) for n, c in enumerate(last.citations[:MOST_CITATIONS], 1)]
    above = _above([turn.answer for turn in history])
    if wish == "more" and (under := page_asks(history[-1].question, last.citations[0].passage, quoted[0].words)):
        above[quoted[0].start] = under
    lines = (Line((said,)), *(Line((*above.get(part.start, ()), part), level=1) for part in quoted))
    return Answer(question, lines, "likely", tuple(part.citation for part in quoted))


def _above(answers: Sequence[Answer]) -> dict[int, tuple[Said, ...]]:
    """Under what quotes stood, by where in the page they begin."""
    found: dict[int, tuple[Said, ...]] = {}
    for line in (line for answer in answers for line in answer.lines):
        said = tuple(part for part in line.parts if isinstance(part, Said) and part.phrase in phrases.ABOVE)
        found |= {part.start: said for part in line.parts if said and isinstance(part, Quoted) and not part.strong}
    return found


def _short(answer: Answer) -> list[Quoted]:
    """The short answer alone; where there is none the sentences, of one passage or of two, without those that they lean on;
    of a list the first."""
    strong = [part for part in answer.parts() if isinstance(part, Quoted) and part.strong]
    ends = [line.parts[-1] for line in answer.lines if line.level == 0]
    cited = answer.citations[0]
    told = strong[:1] or [part for part in ends if isinstance(part, Quoted)][:2]
    return told or [Quoted(cited, cited.start, cited.end)]


def _was_likely(history: Sequence[Turn]) -> bool:
    """Whether the answer that is reshaped, perhaps not for the first time, was a likely one."""
    asked = (turn.answer for turn in reversed(history) if turn.question.intent == "page")
    return next((answer.certainty == "likely" for answer in asked), False)


def _quoted(n: int, citation: Citation, start: int, end: int) -> Quoted:
    passage = citation.passage
    quote = passage.text[start - passage.start : end - passage.start]
    return Quoted(Citation(n, quote, passage, start, end, citation.url), start, end)
