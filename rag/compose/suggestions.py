"""Questions that the page answers, made from its own headings, names and dates by a few safe templates.

A template asks for nothing that French would have to agree with: better no suggestion than a crooked one.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.page import MISSING, Block, Page, Passage
from index.words import fold, terms
from rag.answer import OMITTED, Answer, Quoted, Turn
from rag.compose.whole import is_whole, shared, teasers, within
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
RULES = 2
"""Of which suggestions are made and kept: those kept by other rules are made anew."""
_CROOKED = re.compile(r"[«»“”]|[^\w)\]%€°»”\"'’?]$")
"""A heading that would stand crooked in a question: with guillemets inside, or an end that goes on."""
LEAST_TERMS = 3
"""Words that an item of a list has at least, of which a suggestion's answer is made."""


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
    """A heading that asks is a question; of another, what the page says under it. One that stands there more than once
    ("À noter") names nothing, and what leads to other pages tells nothing."""
    headings = [b for b in page.blocks if b.kind == "heading" and not b.role]
    often = Counter(fold(_words(page, block)) for block in headings)
    leading = teasers(page)
    for block in headings:
        heading = _words(page, block)
        if block.level < 2 or block.end - block.start > LONGEST or often[fold(heading)] > 1:
            continue
        asks = heading.endswith("?")
        if not asks and _CROOKED.search(heading):
            continue
        section = (*block.section[:-1], heading)
        home = next((p for p in passages if p.section[: len(section)] == section and MISSING not in p.section), None)
        if home is not None and not within((home.start, home.end), leading):
            yield Suggestion(heading if asks else UNDER.format(heading), home.id)


def _words(page: Page, block: Block) -> str:
    return " ".join(page.text[block.start : block.end].split())


def _names(passages: Sequence[Passage], vocabulary: Vocabulary) -> Iterable[Suggestion]:
    """A name that opens a passage: what it is."""
    for passage in passages:
        name = next((n for n in vocabulary.names if passage.text.startswith(n) and 6 < len(n) <= LONGEST), "")
        if " " in name and terms(name.split()[0]):
            yield Suggestion(NAMED.format(name), passage.id)


def reads_well(suggestion: Suggestion, answer: Answer, page: Page) -> bool:
    """Whether ``answer`` is a sure one from the passage or under the heading that the suggestion was made from, and one to be proud of: no sentence
    without its head, none that another page goes on, and a whole one or a list of more than a few words."""
    passages = [citation.passage for citation in answer.citations]
    is_home = any(p.id == suggestion.passage or suggestion.question == UNDER.format(p.section[-1]) for p in passages)
    if answer.certainty != "sure" or not is_home:
        return False
    if any(c.passage.role for c in answer.citations):  # the page's date: no sentence
        return True
    quoted = [part for part in answer.parts() if isinstance(part, Quoted)]
    told = [part for part in quoted if not part.strong]
    if not told or any(part.before == OMITTED for part in told):
        return False
    if len(told) == len(quoted) and told[0].words[0].islower():  # an item without what announces it
        return False
    leading = teasers(page)
    links = [(m.start, m.end) for m in page.marks if m.kind == "link"]
    if any(within((part.start, part.end), leading) for part in told):
        return False
    own = [part for part in told if not any(a <= part.start and part.end <= b for a, b in links)]
    items = [part for part in own if len(terms(part.words)) >= LEAST_TERMS and not part.words.endswith(":")]
    short = len(told) < len(quoted)
    return short or any(is_whole(part.words) for part in own) or len(items) > 1


def kept_suggestions(
    file: Path, fits: Mapping[str, Any], make: Callable[[], Sequence[Suggestion]]
) -> tuple[Suggestion, ...]:
    """The suggestions in ``file`` where they were made for ``fits``, by these templates, else made now and kept there."""
    fits = {**fits, "templates": list(TEMPLATES), "rules": RULES}
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
    answers = [answer, *(turn.answer for turn in history if isinstance(turn, Turn))]
    summed_up = any(map(_sums_up, answers))
    return pick(
        [s for s in suggestions if s.passage not in told and not (summed_up and s.question == ABOUT)],
        asked=[" ".join((*question.follows, question.repaired)) for question in questions],
        near=[passage.id for passage in ([c.passage for c in answer.citations] or answer.nearby)],
        shown=[suggested for turn in history if isinstance(turn, Turn) for suggested in turn.answer.suggestions],
    )


def _sums_up(answer: Answer) -> bool:
    """Whether ``answer`` is a summary of the whole page: what it cites has no heading in common but the title."""
    return answer.question.form == "summary" and shared(c.passage.section for c in answer.citations) < 2


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
