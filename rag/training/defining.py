"""What tells a sentence that defines from one that only names: learnt from questions for what a thing is.

``python -m rag.training.decision`` learns it first, on pages that the decision is not fitted on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from index.words import terms
from rag.read.defining import Defining, around
from rag.training import pages, written
from rag.training.administration import kept_aside, markdown_by_key, real_pages
from rag.training.cases import HeldPage, own_page, real_page
from rag.training.data import held_out_page
from rag.training.pages import read_page
from rag.training.sparse import regression
from rag.training.written import page_of, read_questions

LEAST_SEEN = 5
"""Examples that hold what is learnt from."""
LOOSENESS = 0.3
"""Inverse weight of the squares."""


class Example(NamedTuple):
    """A sentence that names what is asked for, by its stems, and whether it answers."""

    name: frozenset[str]
    sentence: str
    defines: bool


def examples(
    data: Path, work: Path, frame: Collection[str], questions: Path = written.FOLDER, own: Path = pages.FOLDER
) -> list[Example]:
    """Every sentence of a page that is trained on and names what is asked for: of the questions that are labelled so. ``frame``
    are the words by which one asks, of whatever it is."""
    apart = frozenset(terms(" ".join(frame)))
    return [
        example
        for page in (*_written(data, work, questions), *_own(own))
        for asked in page.questions
        for example in _named(page, frozenset(terms(asked.text)) - apart, [span[0] for span in asked.answers])
    ]


def _named(page: HeldPage, name: frozenset[str], answers: Sequence[int]) -> Iterator[Example]:
    for passage in page.passages:
        for start, end in passage.sentences if name and not passage.role else ():
            sentence = page.page.text[start:end]
            if around(name, sentence):
                yield Example(name, sentence, any(start <= answer < end for answer in answers))


def _written(data: Path, work: Path, questions: Path) -> Iterator[HeldPage]:
    markdown = markdown_by_key(real_pages(data))
    for file in map(read_questions, sorted(questions.glob("*.txt"))):
        asked = tuple(q for q in file.questions if q.form == "definition" and not q.history)
        if asked and not kept_aside(file.key) and not held_out_page(Path(file.key)):
            yield real_page(replace(file, questions=asked), page_of(markdown[file.key], work))


def _own(own: Path) -> Iterator[HeldPage]:
    for path in sorted(own.glob("*.txt")):
        asked = {q.text for passage in read_page(path) for q in passage.questions if q.kind == "definition"}
        if asked and not held_out_page(path):
            page = own_page(path)
            yield replace(page, questions=tuple(q for q in page.questions if q.text in asked))


def learn(found: Sequence[Example]) -> Defining:
    """A logistic regression over what stands around the name in at least ``LEAST_SEEN`` of ``found``."""
    seen = [around(example.name, example.sentence) for example in found]
    true = [example.defines for example in found]
    bias, weights = regression(seen, true, least_seen=LEAST_SEEN, looseness=LOOSENESS)
    return Defining(round(bias, 3), {name: round(weight, 3) for name, weight in weights.items()})
