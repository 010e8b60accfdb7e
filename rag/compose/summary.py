"""A summary: telling sentences of the page, or of one section, as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple, TypeVar

from index.page import MISSING, Page, Passage, Span
from index.sentences import LONGEST
from index.words import terms
from rag.answer import Line
from rag.compose.antecedents import excepts, leans, settles
from rag.compose.connectives import LINKED, OWNING
from rag.compose.facts import after_antecedent
from rag.compose.quotes import Quotes
from rag.compose.whole import goes_on, is_whole, shared, teasers, within
from rag.question.asked import Question
from rag.question.vocabulary import Vocabulary

SUMMARY_CHARS = 1200
SENTENCE_CHARS = 300
"""With more characters a sentence is told where its section has no shorter one; it is not cut."""
MOST_SENTENCES = 6
OF_A_SECTION = 3
"""Sentences of one section; of one that is summed up alone as many as half of it."""
SAME = 0.6
"""Two sentences that share this part of what the shorter one tells say the same, unless each has a figure of its own."""
EARLY = 8
"""Words of a sentence within which "leur" may stand for somebody whom only the sentence before tells."""
_DEEPEST = 99
_ITEM_END = re.compile(r"\s*;$")
Item = TypeVar("Item")


class Told(NamedTuple):
    """A sentence, the headings above it, how little it stands alone (0 for what does), and how much it tells."""

    span: Span
    section: tuple[str, ...]
    flaw: int
    telling: float


def summary_spans(page: Page, passages: Sequence[Passage], vocabulary: Vocabulary) -> list[Span]:
    """A telling sentence of each section, in the page's order: whole ones, not cut by a gap, none that says what another does.

    The first sentence of the page's introduction tells what it is about. Each main section has one sentence before any has two.
    A sentence tells by the words that the rest of the page uses too (mean inverse rarity); at most ``OF_A_SECTION`` of one
    section, fewer as the room runs out.
    """
    every = list(_told(page, passages, vocabulary))
    standing = [one for one in every if one.flaw < 2]
    opening = _opening(page, passages)
    told = standing if len(standing) > 1 or opening else every
    depth = shared(one.section for one in told) + 1
    mains = _grouped(told, depth)
    alone = len(mains) == 1
    ranked = [_in_turn(_grouped(main, _DEEPEST))[: max(OF_A_SECTION, alone * len(main) // 2)] for main in mains]
    chosen: list[Span] = []
    used = 0
    for start, end in (*opening, *(one.span for one in _in_turn(ranked))):
        fits = used + end - start <= SUMMARY_CHARS and len(chosen) < MOST_SENTENCES
        if fits and not any(_same(page, (start, end), other, vocabulary) for other in chosen):
            chosen.append((start, end))
            used += end - start
    return sorted(chosen)


def distinct(spans: Iterable[Span], page: Page) -> Iterator[Span]:
    """Of ``spans`` that say the same words the first: a page that says a thing under two headings is quoted once."""
    told: set[str] = set()
    for start, end in spans:
        if (said := " ".join(page.text[start:end].split())) not in told:
            told.add(said)
            yield start, end


def _told(page: Page, passages: Sequence[Passage], vocabulary: Vocabulary) -> Iterator[Told]:
    """The whole sentences, teasers of other pages left out."""
    leading = teasers(page)
    for passage in passages:
        section = tuple(heading for heading in passage.section if heading != MISSING)
        for place, span in enumerate(passage.sentences if not passage.role else ()):
            words = page.text[slice(*span)]
            if _is_uncut(passage, span) and is_whole(words) and not settles(words) and not within(span, leading):
                owned = not OWNING.isdisjoint(words.lower().split()[:EARLY])
                poor = leans(words) or owned or excepts(words) or goes_on(page, span[0])
                linked = words.startswith(LINKED) or _is_announced(page, span[0])
                plain = not linked and span[1] - span[0] <= SENTENCE_CHARS
                yield Told(span, section, 2 if poor else 1 - plain, _telling(words, place, vocabulary))


def _opening(page: Page, passages: Sequence[Passage]) -> list[Span]:
    """The first sentence of what stands before the page's sections, where that begins the passages: it tells the page's
    subject, be it in answer to what the title asks."""
    first = next((p for p in passages if not p.role and p.sentences), None)
    if first is None or len(first.section) > 1 or any(p.start < first.start and not p.role for p in passages):
        return []
    span = first.sentences[0]
    words = page.text[slice(*span)]
    whole = is_whole(_ITEM_END.sub(".", words)) and _is_uncut(first, span) and not leans(words)
    return [span] if whole and (len(words) >= 40 or settles(words)) else []


def _is_announced(page: Page, start: int) -> bool:
    """Whether an item begins at ``start`` that goes on what announces it: alone it is no sentence that tells."""
    return start in page.items and page.items[start].lead is not None


def _grouped(told: Iterable[Told], depth: int) -> list[list[Told]]:
    """The sentences by the first ``depth`` headings above them, in each the best first."""
    groups: dict[tuple[str, ...], list[Told]] = {}
    for one in told:
        groups.setdefault(one.section[:depth], []).append(one)
    return [sorted(group, key=lambda one: (one.flaw, -one.telling)) for group in groups.values()]


def _in_turn(rows: Iterable[Sequence[Item]]) -> list[Item]:
    """The first of each row, then the second of each."""
    return [item for turn in zip_longest(*rows) for item in turn if item is not None]


def _same(page: Page, one: Span, other: Span, vocabulary: Vocabulary) -> bool:
    """Whether the two say the same: words that few sentences of the page share count most."""
    first, second = (set(terms(page.text[slice(*span)])) for span in (one, other))
    if all(any(term[0].isdigit() for term in rest) for rest in (first - second, second - first)):
        return False
    least = min(sum(map(vocabulary.weight, words)) for words in (first, second))
    return sum(map(vocabulary.weight, first & second)) >= SAME * least


def summary(question: Question, spans: Sequence[Span], quotes: Quotes) -> tuple[Line, ...]:
    """The sentences, each with its mark, those of a row after its name, one that leans on the sentence before it after that, the
    page's own "Oui" or "Non" after what it answers; one alone is no list."""
    level = int(len(spans) > 1)
    told = (after_antecedent(question, span, quotes.home(span), quotes, LONGEST, spans) for span in spans)
    return tuple(Line(parts, level) for parts in told)


def _is_uncut(passage: Passage, span: Span) -> bool:
    """Whether ``span`` is more than a few words, of which no gap took any."""
    cut = (passage.cut_start and span[0] == passage.start) or (passage.cut_end and span[1] == passage.end)
    return not cut and span[1] - span[0] >= 40


def _telling(text: str, place: int, vocabulary: Vocabulary) -> float:
    words = set(terms(text))
    told = sum(1 / vocabulary.weight(t) for t in words) / (len(words) + 3)
    return told + (0.15 if place == 0 else 0.0)
