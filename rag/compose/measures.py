"""All dates, amounts or figures that the page tells, where every one of a kind is asked for."""

from __future__ import annotations

import re

from index.page import Page, Span
from rag.answer import Line
from rag.compose.lists import GLANCE_CHARS, GLANCE_ITEMS, ITEM_CHARS
from rag.compose.quotes import Quotes
from rag.compose.whole import teasers, within
from rag.question.asked import Expected, Question
from rag.read.numbers import in_figures
from rag.read.types import MEASURED, find_all

_REFERRING = re.compile(r"(?:\b[A-Z]\.|\bn[°o]s?|\barticles?|\btableaux?|-)\s*$", re.IGNORECASE)
"""Before a figure that names something ("article L. 1242", "Covid-19") and counts nothing."""


def measures(question: Question, quotes: Quotes) -> tuple[Line, ...]:
    """The sentences that tell a date, amount or figure of the kind of which the question wants every one, in the page's order,
    each after its only one in bold; nothing where it wants none, the page has none, or too many."""
    kind = next((kind for kind in MEASURED if kind == question.kinds.get("every")), None)
    if kind is None:
        return ()
    leading = teasers(quotes.page)
    roles = ("", "updated") if kind == "date" else ("",)
    told = [(s, p) for p in quotes.passages if p.role in roles for s in p.sentences if not within(s, leading)]
    found = [(s, p, spans) for s, p in told if (spans := _measured(kind, s, quotes.page))]
    if len(found) > GLANCE_ITEMS or sum(end - start for (start, end), _, _ in found) > GLANCE_CHARS:
        return ()
    lines: list[Line] = []
    for sentence, passage, spans in found:
        *name, whole = quotes.named(sentence, ITEM_CHARS, (spans[0][0], spans[-1][1]), passage)
        strong = (quotes.short(spans[0], whole),) if len(spans) == 1 and sentence != spans[0] else ()
        lines.append(Line((*strong, *name, whole), int(len(found) > 1)))
    return tuple(lines)


def _measured(kind: Expected, sentence: Span, page: Page) -> list[Span]:
    """What ``sentence`` tells of that kind; a figure of a date or of a name is no number."""
    start, end = sentence
    text = page.text[start:end]
    spans = [(a, b) for a, b in find_all(kind, text) if not _REFERRING.search(text[:a])]
    if kind in ("number", "duration"):  # "certaines années" counts nothing
        spans = [(a, b) for a, b in spans if any(map(str.isdigit, in_figures(text[a:b])))]
    if kind == "number":
        dates = list(find_all("date", text))
        spans = [(a, b) for a, b in spans if not any(c < b and a < d for c, d in dates)]
    return [(start + a, start + b) for a, b in spans]
