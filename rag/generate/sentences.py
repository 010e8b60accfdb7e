"""Sentences out of a text that is still being written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.sentences import split_sentences
from rag.support.marks import marks_at

LONGEST_MARK = 14
"""Characters of a mark: what is begun and shorter may still become one."""


_OPENS, _CLOSES = "<think>", "</think>"


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces of a text without what a model thinks aloud before it answers."""
    held, begun = "", False
    for piece in pieces:
        held += piece
        start = held.lstrip()
        if not begun and start.startswith(_OPENS) and _CLOSES in start:
            held = start.split(_CLOSES, 1)[1]
        elif not begun and (start.startswith(_OPENS) or _OPENS.startswith(start)):
            continue
        begun = True
        yield held
        held = ""
    if not held.lstrip().startswith(_OPENS):
        yield held


def sentences_of(pieces: Iterable[str]) -> Iterator[str]:
    """Each sentence once it is finished, with the marks after it: the next one must have begun, or the text ended."""
    text = ""
    for piece in pieces:
        text += piece
        while end := _first_end(text):
            yield text[:end].strip()
            text = text[end:]
    last = [text[a:b] for a, b in _with_marks(text)]
    yield from (sentence.strip() for sentence in last if sentence.strip())


def _first_end(text: str) -> int:
    """Where the first sentence of ``text`` ends; 0 while that cannot be told."""
    spans = _with_marks(text)
    if len(spans) < 2:
        return 0
    following = text[spans[1][0] :]
    if following[0] in "[【(" and len(following) < LONGEST_MARK:
        return 0  # perhaps a mark of the first one
    return spans[0][1]


def _with_marks(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences; marks that follow a full stop belong to the sentence before."""
    spans: list[tuple[int, int]] = []
    for start, end in split_sentences(text):
        marked = start + marks_at(text[start:end]) if spans else start
        if marked > start:
            spans[-1] = (spans[-1][0], marked)
            start = marked + len(text[marked:end]) - len(text[marked:end].lstrip(" ."))
        if start < end:
            spans.append((start, end))
    return spans
