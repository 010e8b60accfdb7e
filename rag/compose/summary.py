"""A summary: telling sentences of the page, or of one section, as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from index.page import MISSING, Page, Passage, Span
from index.words import terms
from rag.answer import Line
from rag.compose.facts import after_antecedent, leans, settles
from rag.compose.quotes import Quotes
from rag.question.asked import Question
from rag.question.vocabulary import Vocabulary

SUMMARY_CHARS = 1200
SENTENCE_CHARS = 300
MOST_SENTENCES = 6
OF_A_SECTION = 3
"""Sentences of one section; of one that is summed up alone as many as half of it."""
_LINKED = ("Enfin", "En effet", "Par exemple", "Ainsi", "De plus", "Cependant")
"""How a sentence goes on from the one before, besides what it cannot be understood without."""


def summary_spans(page: Page, passages: Sequence[Passage], vocabulary: Vocabulary) -> list[Span]:
    """A telling sentence of each section, in the page's order: whole ones, not cut by a gap.

    A sentence tells by the words that the rest of the page uses too (mean inverse rarity); at most
    ``OF_A_SECTION`` of one section, fewer as the room runs out.
    """
    by_section: dict[str, list[tuple[float, Span]]] = {}
    for passage in passages:
        section = next((s for s in reversed(passage.section) if s != MISSING), "")
        for place, span in enumerate(passage.sentences if not passage.role else ()):
            if _is_whole(page, passage, span):
                by_section.setdefault(section, []).append((_telling(page, span, place, vocabulary), span))
    alone = len(by_section) == 1
    ranked = [
        [span for _, span in sorted(told, reverse=True)[: max(OF_A_SECTION, alone * len(told) // 2)]]
        for told in by_section.values()
    ]
    chosen: list[Span] = []
    used = 0
    for start, end in distinct((span for turn in zip_longest(*ranked) for span in turn if span), page):
        length = min(end - start, SENTENCE_CHARS)
        if used + length <= SUMMARY_CHARS and len(chosen) < MOST_SENTENCES:
            chosen.append((start, end))
            used += length
    return sorted(chosen)


def distinct(spans: Iterable[Span], page: Page) -> Iterator[Span]:
    """Of ``spans`` that say the same words the first: a page that says a thing under two headings is quoted once."""
    told: set[str] = set()
    for start, end in spans:
        if (said := " ".join(page.text[start:end].split())) not in told:
            told.add(said)
            yield start, end


def summary(question: Question, spans: Sequence[Span], quotes: Quotes) -> tuple[Line, ...]:
    """The sentences, each with its mark, those of a row after its name, one that leans on the sentence before it after that, the
    page's own "Oui" or "Non" after what it answers; one alone is no list."""
    level = int(len(spans) > 1)
    told = (after_antecedent(question, span, quotes.home(span), quotes, SENTENCE_CHARS, spans) for span in spans)
    return tuple(Line(parts, level) for parts in told)


def _is_whole(page: Page, passage: Passage, span: Span) -> bool:
    cut = (passage.cut_start and span[0] == passage.start) or (passage.cut_end and span[1] == passage.end)
    whole = not cut and page.text[span[1] - 1] in ".!?" and not settles(page.text[slice(*span)])
    return whole and span[1] - span[0] >= 40


def _telling(page: Page, span: Span, place: int, vocabulary: Vocabulary) -> float:
    text = page.text[span[0] : span[1]]
    words = set(terms(text))
    told = sum(1 / vocabulary.weight(t) for t in words) / (len(words) + 3)
    return told + (0.15 if place == 0 else 0.0) - (0.2 if leans(text) or text.startswith(_LINKED) else 0.0)
