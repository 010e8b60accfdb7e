"""What is regular in the page's text: dates, numbers, money, durations, percentages.

Knowledge of how such things are written, not of any page: it keeps a reader from answering "combien"
with something that is not a number, and finds the short answer beside a span that is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.dates import MONTHS
from index.page import Span
from index.words import terms
from rag.question.asked import Expected

_MONTH = rf"(?:{'|'.join(MONTHS)})\b"
_COUNTED = (
    "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|"
    "cinquante|soixante|cents?|mille|millions?|milliards?|milliers?|\\w+aines?"
)
_WRITTEN = f"une?|{_COUNTED}"
"""Before what is counted; alone "un" and "une" are articles."""
_NUMBER = r"\d[\d\s.,]*\d|\d+"
_PATTERNS: dict[Expected, str] = {
    "date": rf"\b(?:(?:\d{{1,2}}|1er)\s+{_MONTH}(?:\.?\s+\d{{4}})?|{_MONTH}\.?\s+\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}"
    rf"|\d{{4}}-\d{{2}}-\d{{2}}|(?:1[0-9]|20)\d{{2}}\b|[IVX]+e\s+siècle|\d{{1,2}}\s?h(?:eures?)?\b)",
    "number": rf"\b(?:{_NUMBER}|(?:une?\s+)?(?:{_COUNTED}))\b(?:\s*%)?",
    "money": rf"(?:\b(?:{_NUMBER}|{_WRITTEN})\s*)?(?:€|\b(?:euros?|dollars?|francs?)\b|\bgratuite?(?:ment)?\b)",
    "duration": rf"\b(?:\d+|{_WRITTEN})\s+(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|années?|semestres?|trimestres?)\b",
    "percentage": r"\b\d[\d.,\s]*(?:%|pour\s?cents?\b)",
}
_TYPES = {expected: re.compile(pattern, re.IGNORECASE) for expected, pattern in _PATTERNS.items()}
MEASURED: frozenset[Expected] = frozenset(_TYPES)
"""Types that can be told by how they are written."""


def can_be(expected: Expected, words: str) -> bool:
    """Whether ``words`` hold something of the expected type; a bare date or figure is of no other than these."""
    if pattern := _TYPES.get(expected):
        return bool(pattern.search(words))
    return expected == "statement" or not any(p.fullmatch(words.strip()) for p in _TYPES.values())


def find(expected: Expected, text: str, asked: frozenset[str] | set[str]) -> Span | None:
    """The first words of ``text`` of the expected type that the question, in terms, does not already hold."""
    spans = ((span, set(terms(text[slice(*span)]))) for span in find_all(expected, text))
    return next((span for span, own in spans if not own or not own <= asked), None)


def find_all(expected: Expected, text: str) -> Iterator[Span]:
    """All words of ``text`` of the expected type, none where it is not :data:`MEASURED`."""
    pattern = _TYPES.get(expected)
    return (found.span() for found in pattern.finditer(text)) if pattern else iter(())
