"""Questions that were written on real administration pages: ``rag/training/questions/*/*.txt``.

A file is of one page. Its first line names the page, ``% travail URL``, ``% fiche AUDIENCE ID`` or
``% table NAME``; every other line is a question in five fields::

    kind | form | type | question | answer copied from the page, the short answer in [[ ]]

``-`` is the answer of what the page does not tell; ``//`` joins several quotes. A line ``--`` begins a
conversation, an empty line ends it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.loading import load_page
from index.page import Page, Span
from index.settings import Settings

FOLDER = Path(__file__).parent / "questions"
KINDS = frozenset(
    "plain reworded why how keywords typo list definition summary yes no unsettled near premise double lean change".split()
)
POLARITY = {"yes": 1, "no": 0, "unsettled": 2}


@dataclass(frozen=True)
class Quote:
    """Words of the page, and those among them that answer (offsets into ``text``)."""

    text: str
    span: Span


@dataclass(frozen=True)
class WrittenQuestion:
    """``quotes`` are empty where the page does not answer; ``history`` are the user's earlier questions.

    ``previous`` is what this one leans on, as the chain hands it to the reader: the question before, after what that one
    leans on itself; "" where it stands alone.
    """

    kind: str
    form: str
    type: str
    text: str
    quotes: tuple[Quote, ...]
    history: tuple[str, ...] = ()
    previous: str = ""

    @property
    def polarity(self) -> int | None:
        """1 affirmed, 0 denied, 2 not settled by the page, None where nobody asks for yes or no."""
        if self.form != "yes_no":
            return None
        if self.kind in POLARITY:
            return POLARITY[self.kind]
        return 0 if self.kind == "premise" else None if self.quotes else 2


@dataclass(frozen=True)
class QuestionFile:
    """The questions on one page; ``key`` names the page as :mod:`rag.training.administration` does."""

    key: str
    questions: tuple[WrittenQuestion, ...]


def read_questions(path: Path) -> QuestionFile:
    """One file of questions.

    Raises:
        ValueError: file and line of what does not fit.
    """
    key = ""
    questions: list[WrittenQuestion] = []
    conversation: list[WrittenQuestion] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("%"):
            key = line.lstrip("% ").strip()
        elif line.strip() == "--":
            conversation = []
        elif not line.strip():
            conversation = None
        else:
            try:
                question = _question(line, conversation or ())
            except ValueError as error:
                raise ValueError(f"{path}:{number}: {error}") from error
            questions.append(question)
            if conversation is not None:
                conversation.append(question)
    return QuestionFile(key, tuple(questions))


def _question(line: str, before: Sequence[WrittenQuestion]) -> WrittenQuestion:
    fields = [field.strip() for field in line.split(" | ")]
    if len(fields) != 5 or fields[0] not in KINDS:
        raise ValueError("expected 'kind | form | type | question | answer'")
    kind, form, expected, text, answer = fields
    quotes = () if answer == "-" else tuple(_quote(part) for part in answer.split(" // "))
    leans = before and kind == "lean"
    previous = f"{before[-1].previous} {before[-1].text}".strip() if leans else ""
    return WrittenQuestion(kind, form, expected, text, quotes, tuple(q.text for q in before), previous)


def _quote(marked: str) -> Quote:
    before, opened, rest = marked.partition("[[")
    span, closed, after = rest.partition("]]")
    if not opened or not closed or not span:
        raise ValueError("a quote marks its short answer by [[ ]]")
    return Quote(before + span + after, (len(before), len(before) + len(span)))


def settings_of(markdown: str, work: Path) -> Settings:
    """Settings whose page is ``markdown``, written to the folder ``work``."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / "page.md"
    path.write_text(markdown, encoding="utf-8")
    return Settings.from_env(page=str(path))


def page_of(markdown: str, work: Path) -> Page:
    """The page as the product reads it."""
    return load_page(settings_of(markdown, work))


def find_quote(page: Page, quote: Quote) -> Span | None:
    """Where the quote's short answer stands in the page's text, None where the page is read otherwise."""
    told, places = _squeezed(page.text)
    words, own = _squeezed(quote.text)
    at = told.find(words)
    if at < 0:
        return None
    first, last = bisect_left(own, quote.span[0]), bisect_left(own, quote.span[1]) - 1
    return places[at + first], places[at + last] + 1


def _squeezed(text: str) -> tuple[str, list[int]]:
    """The text with white space as single spaces and one kind of apostrophe, and where each character stood."""
    places = [m.start() for m in re.finditer(r"\S|\s(?=\S)", text.rstrip()) if m.start() or m.group().strip()]
    return "".join(" " if text[i].isspace() else text[i] for i in places).replace("’", "'"), places
