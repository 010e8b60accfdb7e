"""Sentences of French text, as offsets."""

from __future__ import annotations

import re

from index.page import Span

# A full stop after these does not end a sentence.
_ABBREVIATIONS = frozenset(
    "m mm mme mmes mlle dr drs pr prof me st ste art al etc cf ex env p pp vol no n° fig éd ed "
    "av bd hab min max tél approx resp dir chap coll".split()
)
_END = re.compile(r"(?:[.!?…]+|\.\.\.)[»”\")\]]*(?=\s+(?:[«“\"(\[]\s*)?[A-ZÀ-ÖØ-Þ0-9]|\s*$)")
_LAST_WORD = re.compile(r"([^\W\d_]+|n°)\.$", re.UNICODE)


def split_sentences(text: str) -> list[Span]:
    """Offsets of the sentences of ``text``, white space between them left out."""
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        if match.end() < len(text) and _is_abbreviation(text[start : match.start() + 1]):
            continue
        spans.append((start, match.end()))
        start = match.end() + len(text[match.end() :]) - len(text[match.end() :].lstrip())
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return spans


def _is_abbreviation(words: str) -> bool:
    """Whether the full stop that ends ``words`` belongs to an initial or an abbreviation."""
    last = _LAST_WORD.search(words)
    if last is None:
        return False
    word = last[1]
    return (len(word) == 1 and word.isupper()) or word.lower() in _ABBREVIATIONS - {"etc"}
