"""An answer's parts with the joints between them, the same for the screen, the file and the clipboard."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.page import Passage
from rag.answer import Answer, Citation, Line, Part, Quoted, Said
from rag.compose.phrases import DOUBTING
from rag.question.asked import Question
from ui import words

DASH = " — "
"""Between a short answer and the sentence that says so."""

_WORD = re.compile(r"\w+")


def joined(line: Line) -> Iterator[tuple[str, Part]]:
    """Each part after what stands before it: nothing, a space, or a dash after a short answer."""
    first = line.parts[0]
    short = first.strong and not (isinstance(first, Quoted) and first.marked)
    for number, part in enumerate(line.parts):
        yield ("" if not number else DASH if short and number == 1 else " "), part


def quote_of(answer: Answer, citation: Citation) -> str:
    """The words of ``citation`` with the signs of what the page, or the answer, leaves out at their ends."""
    parts = (part for line in (*answer.lines, *answer.quotes) for part in line.parts if isinstance(part, Quoted))
    whole = (p for p in parts if p.citation == citation and (p.start, p.end) == (citation.start, citation.end))
    part = next(whole, None)
    return " ".join(filter(None, (part.before, citation.quote, part.after))) if part else citation.quote


def doubtful(answer: Answer) -> bool:
    """Only likely. A reshaping repeats what was answered and doubts nothing anew: it is where that was."""
    told = (part.phrase for part in answer.parts() if isinstance(part, Said))
    again = answer.question.intent == "reshape" and DOUBTING.isdisjoint(told)
    return answer.certainty == "likely" and not again


def section_name(passage: Passage) -> str:
    """The nearest heading above ``passage``: what a mark is named after."""
    named = [part for part in passage.section if part != words.GAP]
    return named[-1] if named else words.THE_PAGE


def section_path(passage: Passage) -> str:
    """The headings above ``passage``, the page's title left out where others follow."""
    named = [part for part in passage.section if part != words.GAP]
    return " › ".join(named[1:] or named) or words.THE_PAGE


def understood(question: Question) -> str:
    """The question as it was repaired, where that changed its words; else nothing."""
    typed, repaired = (_WORD.findall(q.lower()) for q in (question.text, question.repaired))
    return question.repaired if typed != repaired else ""
