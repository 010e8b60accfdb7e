"""Questions that the page answers, made from its own headings, names and dates by a few safe templates.

A template asks for nothing that French would have to agree with: better no suggestion than a crooked one.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.page import MISSING, Page, Passage
from index.words import fold, terms
from rag.answer import Answer, Turn
from rag.question.asked import Question
from rag.question.vocabulary import Vocabulary

MOST = 24
"""Suggestions that are made of a page."""
LONGEST = 70
"""Characters of a heading or name that is put into a question."""
ABOUT = "De quoi parle cette page\u202f?"
UPDATED = "Quand la page a-t-elle été mise à jour\u202f?"
UNDER = "Que dit la page sous «\u00a0{}\u00a0»\u202f?"
SHORT = "Que signifie {}\u202f?"
NAMED = "Qu’est-ce que «\u00a0{}\u00a0»\u202f?"
TEMPLATES = (ABOUT, UPDATED, UNDER, SHORT, NAMED)
_FRAME = frozenset(terms(" ".join((UNDER, SHORT, NAMED))))
"""What these ask with: a name or heading that was asked about in other words was asked about."""


@dataclass(frozen=True)
class Suggestion:
    """A question and the passage that answers it."""

    question: str
    passage: int


def candidates(page: Page, passages: Sequence[Passage], vocabulary: Vocabulary) -> list[Suggestion]:
    """Questions made from the page's headings, names and acronyms, best first."""
    told = [p for p in passages if not p.role]
    found = [Suggestion(ABOUT, p.id) for p in told[:1]]
    found += _headings(page, told)
    homes = ((acronym, p) for acronym in vocabulary.acronyms for p in told if p.start <= acronym.span[0] < p.end)
    found += [Suggestion(SHORT.format(acronym.short), p.id) for acronym, p in homes]
    found += _names(told, vocabulary)
    found += [Suggestion(UPDATED, p.id) for p in passages if p.role == "updated" and page.updated]
    unique: dict[str, Suggestion] = {}
    for suggestion in found:
        unique.setdefault(fold(suggestion.question), suggestion)
    return list(unique.values())[:MOST]


def _headings(page: Page, passages: Sequence[Passage]) -> Iterable[Suggestion]:
    """A heading that asks is a question; of another, what the page says under it."""
    for block in page.blocks:
        if block.kind != "heading" or block.level < 2 or block.role or block.end - block.start > LONGEST:
            continue
        heading = " ".join(page.text[block.start : block.end].split())
        section = (*block.section[:-1], heading)
        home = next((p for p in passages if p.section[: len(section)] == section and MISSING not in p.section), None)
        if home is not None:
            yield Suggestion(heading if heading.endswith("?") else UNDER.format(heading), home.id)


def _names(passages: Sequence[Passage], vocabulary: Vocabulary) -> Iterable[Suggestion]:
    """A name that opens a passage: what it is."""
    for passage in passages:
        name = next((n for n in vocabulary.names if passage.text.startswith(n) and 6 < len(n) <= LONGEST), "")
        if " " in name and terms(name.split()[0]):
            yield Suggestion(NAMED.format(name), passage.id)


def kept_suggestions(
    file: Path, fits: Mapping[str, Any], make: Callable[[], Sequence[Suggestion]]
) -> tuple[Suggestion, ...]:
    """The suggestions in ``file`` where they were made for ``fits``, by these templates, else made now and kept there."""
    fits = {**fits, "templates": list(TEMPLATES)}
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["fits"] == fits:
            return tuple(Suggestion(str(q), int(p)) for q, p in kept["suggestions"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # absent or damaged: it is only a cache
    made = tuple(make())
    with contextlib.suppress(OSError):
        temporary = file.with_suffix(f".{os.getpid()}")
        rows = [(s.question, s.passage) for s in made]
        temporary.write_text(json.dumps({"fits": fits, "suggestions": rows}), encoding="utf-8")
        temporary.replace(file)
    return made


def pick_after(
    answer: Answer, suggestions: Sequence[Suggestion], questions: Sequence[Question], history: Sequence[Turn | str]
) -> tuple[str, ...]:
    """What to ask after ``answer``, the last of ``questions`` with what came before it."""
    told = {c.passage.id for c in answer.citations if c.passage.role}  # the page's date, asked for in other words
    return pick(
        [suggestion for suggestion in suggestions if suggestion.passage not in told],
        asked=[" ".join((*question.follows, question.repaired)) for question in questions],
        near=[passage.id for passage in ([c.passage for c in answer.citations] or answer.nearby)],
        shown=[suggested for turn in history if isinstance(turn, Turn) for suggested in turn.answer.suggestions],
    )


def pick(
    suggestions: Sequence[Suggestion],
    *,
    asked: Sequence[str],
    near: Sequence[int],
    shown: Iterable[str] = (),
    count: int = 3,
) -> tuple[str, ...]:
    """``count`` suggestions that differ from what was asked and from one another: those least often shown first, and of these
    those about near passages.

    ``asked`` are the questions so far, ``near`` the passages that were just cited, ``shown`` what was suggested so far.
    """
    often = Counter(shown)
    past = [set(terms(question)) for question in asked]

    def place(suggestion: Suggestion) -> tuple[int, int]:
        return often[suggestion.question], min((abs(suggestion.passage - n) for n in near), default=0)

    chosen: list[Suggestion] = []
    for suggestion in sorted(suggestions, key=place):
        words = set(terms(suggestion.question)) - _FRAME
        told = [*past, *(set(terms(s.question)) for s in chosen)]
        repeats = any(len(words & t) >= 0.6 * max(1, len(words)) for t in told)
        if not repeats and all(s.passage != suggestion.passage for s in chosen):
            chosen.append(suggestion)
        if len(chosen) == count:
            break
    return tuple(s.question for s in chosen)
