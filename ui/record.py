"""An exchange as the reader's browser keeps it, and back.

The server keeps no conversation: a request carries the exchanges that it leans on. What comes back
from a browser is checked against the page: every quote is made anew from its offsets, so that no word
is ever shown as the page's that is not. An exchange that does not fit (the page has changed since) is
not rebuilt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from index.page import MISSING, Page, Passage
from rag.answer import OMITTED, Answer, Certainty, Citation, Line, Part, Quoted, Reason, Said, Turn, Written
from rag.question.asked import EXPECTED, FORMS, INTENTS, Question

Record = dict[str, Any]

_AROUND = ("", OMITTED, MISSING)
MOST_TEXT = 4000
"""Longest text that is taken from a browser, in characters."""
MOST_LINES = 60
"""Most lines, and most parts of a line, that are taken from a browser."""


def page_key(page: Page) -> str:
    """What says that two pages are the same, in a few characters."""
    return page.checksum[:16]


def to_record(turn: Turn, page: Page) -> Record:
    """``turn`` as offsets into ``page``, with its plain text for the day when the page has changed."""
    asked, answer = turn.question, turn.answer
    return {
        "page": page_key(page),
        "question": {
            "text": asked.text, "repaired": asked.repaired, "previous": asked.previous, "follows": list(asked.follows),
            "english": asked.english,
            "intent": asked.intent, "form": asked.form, "expected": asked.expected,
        },
        "certainty": answer.certainty,
        "reason": answer.reason,
        "text": answer.text,
        "lines": _lines(answer.lines),
        "quotes": _lines(answer.quotes),
        "citations": [_citation(citation) for citation in answer.citations],
        "nearby": [passage.id for passage in answer.nearby],
        "suggestions": list(answer.suggestions),
    }  # fmt: skip


def _lines(lines: Sequence[Line]) -> list[Record]:
    return [{"level": line.level, "parts": [_part(part) for part in line.parts]} for line in lines]


def _part(part: Part) -> Record:
    if isinstance(part, Written):
        return part.to_json()
    if isinstance(part, Said):
        return {"said": part.text, "phrase": part.phrase, "strong": part.strong}
    around = {"before": part.before, "after": part.after}
    return {
        "n": part.citation.n,
        "start": part.start,
        "end": part.end,
        "strong": part.strong,
        "marked": part.marked,
        **around,
    }


def _citation(citation: Citation) -> Record:
    return {"n": citation.n, "start": citation.start, "end": citation.end, "passage": citation.passage.id}


def from_record(record: Any, page: Page, passages: Sequence[Passage]) -> Turn | None:
    """The exchange that ``record`` tells of, its quotes taken from the page; None where it does not fit."""
    try:
        return _turn(record, page, passages)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        return None


def _turn(record: Mapping[str, Any], page: Page, passages: Sequence[Passage]) -> Turn:
    if record["page"] != page_key(page):
        raise ValueError("another page")
    question = _question(record["question"])
    citations = {}
    for item in _few(record["citations"]):
        passage = passages[_index(item["passage"])]
        citations[int(item["n"])] = Citation.of(int(item["n"]), page, passage, (int(item["start"]), int(item["end"])))
    answer = Answer(
        question,
        tuple(_line(item, citations) for item in _few(record["lines"])),
        _one_of(get_args(Certainty), record["certainty"]),
        tuple(citations.values()),
        _one_of(get_args(Reason), record["reason"]),
        tuple(passages[_index(number)] for number in _few(record["nearby"])),
        tuple(_text(suggestion) for suggestion in _few(record["suggestions"])),
        tuple(_line(item, citations) for item in _few(record.get("quotes", []))),
    )
    return Turn(question, answer)


def _question(item: Mapping[str, Any]) -> Question:
    return Question(
        _text(item["text"]), _text(item["repaired"]), previous=_text(item["previous"]), english=item["english"] is True,
        follows=tuple(_text(told) for told in _few(item.get("follows", []))), intent=_one_of(INTENTS, item["intent"]), form=_one_of(FORMS, item["form"]),
        expected=_one_of(EXPECTED, item["expected"]),
    )  # fmt: skip


def _line(item: Mapping[str, Any], citations: Mapping[int, Citation]) -> Line:
    parts: list[Part] = []
    for part in _few(item["parts"]):
        if "written" in part:
            cited = tuple(citations[int(n)] for n in _few(part["citations"]))
            parts.append(Written(" ".join(_text(part["written"]).split()), cited))
            continue
        strong = part["strong"] is True
        if "said" in part:
            parts.append(Said(_text(part["phrase"]), _text(part["said"]), strong=strong))
            continue
        before, after = _one_of(_AROUND, part["before"]), _one_of(_AROUND, part["after"])
        citation, start, end = citations[int(part["n"])], int(part["start"]), int(part["end"])
        parts.append(Quoted(citation, start, end, strong, part["marked"] is True, before, after))
    return Line(tuple(parts), min(max(int(item["level"]), 0), 2))


def _few(items: Any) -> Sequence[Any]:
    if not isinstance(items, list) or len(items) > MOST_LINES:
        raise ValueError("not a short list")
    return items


def _index(value: Any) -> int:
    number = int(value)
    if number < 0:
        raise IndexError(number)
    return number


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        raise ValueError("not a short text")
    return value


def _one_of(known: Sequence[Any], value: Any) -> Any:
    if value not in known:
        raise ValueError(f"unknown {value!r}")
    return value


def asked_before(items: Any, page: Page, passages: Sequence[Passage], most: int) -> list[Turn | str]:
    """The last exchanges that a browser sends, oldest first: whole where they fit the page, else their question."""
    history: list[Turn | str] = []
    for item in (items if isinstance(items, list) else [])[-most:]:
        if isinstance(item, str):
            history.append(item[:MOST_TEXT])
        elif turn := from_record(item, page, passages):
            history.append(turn)
        elif question := question_of(item):
            history.append(question)
    return history


def question_of(record: Any) -> str:
    """The question of a record, whether or not the rest of it fits; nothing where there is none."""
    question = record.get("question") if isinstance(record, dict) else None
    typed = question.get("text") if isinstance(question, dict) else None
    return typed[:MOST_TEXT] if isinstance(typed, str) else ""


def answered_of(record: Any) -> str:
    """The plain text that was answered, as it was kept."""
    text = record.get("text") if isinstance(record, dict) else None
    return text[:MOST_TEXT] if isinstance(text, str) else ""
