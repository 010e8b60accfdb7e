"""Questions asked of whole held-out pages through retrieval and reader, as in the chain: what the decision is fitted on.

Each question is asked of its page, of its page without the passages that answer, and of another page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from typing import Literal

from index.encoder import Encoder
from index.page import Page, Passage, Span
from index.passages import split_passages
from index.settings import Settings
from index.store import Index
from rag.answer import Hit
from rag.compose.facts import helps
from rag.evaluate.squad import read_articles, read_collection
from rag.question.asked import Question
from rag.question.understanding import Understanding
from rag.question.vocabulary import Vocabulary
from rag.read.decision import FIRST, Weigher, length, rival_of, sentence_of
from rag.read.defining import Defining
from rag.read.reader import Reader, Reading
from rag.retrieve.cohort import load_cohort
from rag.retrieve.hybrid import Retriever
from rag.training import pages as own_pages
from rag.training import written
from rag.training.administration import (
    AdministrationPage,
    kept_aside,
    markdown_by_key,
    real_pages,
    title_question,
)
from rag.training.data import held_out, held_out_page
from rag.training.pages import read_page
from rag.training.written import find_quote, page_of, read_questions

Way = Literal["own", "removed", "foreign"]


@dataclass(frozen=True)
class PageQuestion:
    """``answers`` are offsets into the page's text, none where it does not answer. ``polarity`` as in training."""

    text: str
    answers: tuple[Span, ...]
    history: tuple[str, ...] = ()
    polarity: int | None = None


@dataclass(frozen=True)
class HeldPage:
    """A page that the reader was not trained on, and questions about it."""

    name: str
    page: Page
    passages: tuple[Passage, ...]
    questions: tuple[PageQuestion, ...]
    weight: int = 1
    """One in how many of its questions is asked: the decision is for pages as people read them."""


@dataclass(frozen=True)
class Judged:
    """One hit of a question: the decision's figures, and whether what is quoted of it answers; by how much its sentence leads
    the one that may be quoted beside it, and whether this one answers; whether the short answer is right, None where none
    helps; whether the sentence alone answers, and how long it is, and the two are, in characters."""

    figures: dict[str, float]
    answers: bool
    polarity: tuple[float, float, float]
    lead: float = inf
    beside: bool = False
    short: bool | None = None
    alone: bool = False
    chars: int = 0
    both_chars: int = 0


@dataclass(frozen=True)
class Case:
    """A question asked of a page in one way: its hits as they are judged, the first of them alone before all if the chain does so.

    ``polarity`` is the truth where yes or no is asked.
    """

    page: str
    way: Way
    question: Question
    answerable: bool
    steps: tuple[tuple[Judged, ...], ...]
    polarity: int | None = None

    @property
    def hits(self) -> tuple[Judged, ...]:
        """All of them, as they are judged in the end."""
        return self.steps[-1]


def held_pages(data: Path, work: Path, questions: Path = written.FOLDER) -> list[HeldPage]:
    """Real pages with written questions, fiches that answer "oui" or "non", our own written pages, and articles of
    PIAF: those kept aside of each."""
    real = real_pages(data)
    markdown = markdown_by_key(real)
    files = (read_questions(file) for file in sorted(questions.glob("*.txt")))
    found = [real_page(file, page_of(markdown[file.key], work)) for file in files if kept_aside(file.key)]
    sealed = {read_questions(file).key for file in (questions / "sealed").glob("*.txt")}
    taken = sealed | {page.name for page in found}
    settling = (p for p in real if kept_aside(p.key) and p.key not in taken and any(s.verdict for s in p.sections))
    found += [settling_page(page, work) for page in settling]
    found += [own_page(path) for path in sorted(own_pages.FOLDER.glob("*.txt")) if held_out_page(path)]
    for article in read_articles(data / "piaf11_train.json"):
        if held_out(article["title"]):
            collection = read_collection([article])
            asked = tuple(
                PageQuestion(q.text, tuple((collection.passages[q.passage].start + a, collection.passages[q.passage].start + a + len(t)) for a, t in q.answers))
                for q in collection.questions
            )  # fmt: skip
            found.append(HeldPage(f"piaf {article['title']}", collection.page, collection.passages, asked, 6))
    return found


def settling_page(source: AdministrationPage, work: Path) -> HeldPage:
    """Its titles that the text under them answers by "oui" or "non"; ``work`` is a folder for the page as a file."""
    page = page_of(source.markdown, work)
    starts = [block.start for block in page.blocks if block.kind == "heading"] + [len(page.text)]
    asked = []
    for section in source.sections:
        heads = [b for b in page.blocks if b.kind == "heading" and page.text[b.start : b.end] == section.title]
        if section.verdict and heads:
            end = next(start for start in starts if start > heads[0].start)
            polarity = int(section.verdict == "oui")
            asked.append(PageQuestion(title_question(source, section), ((heads[0].end, end),), (), polarity))
    return HeldPage(source.key, page, split_passages(page), tuple(asked))


def real_page(file: written.QuestionFile, page: Page) -> HeldPage:
    asked = []
    for question in file.questions:
        answers = tuple(span for quote in question.quotes if (span := find_quote(page, quote)))
        if answers or not question.quotes:
            history = question.history if question.kind == "lean" else ()
            asked.append(PageQuestion(question.text, answers, history, question.polarity))
    # Few pages are tables above all; of those that were written for training many are.
    weight = 3 if file.key.startswith("table ") and any(block.kind == "row" for block in page.blocks) else 1
    return HeldPage(file.key, page, split_passages(page), tuple(asked), weight)


def own_page(path: Path) -> HeldPage:
    written_passages = read_page(path)
    collection = read_collection(
        {"title": f"{p.title} › {p.section}", "paragraphs": [{"context": p.text}]} for p in written_passages
    )
    asked = []
    for passage, source in zip(collection.passages, written_passages, strict=True):
        for question in source.questions:
            answers = ((passage.start + question.span[0], passage.start + question.span[1]),) if question.span else ()
            polarity = {"oui": 1, "non": 0, "ouinon": 2}.get(question.kind)
            asked.append(PageQuestion(question.text, answers, (), polarity))
    return HeldPage(path.stem, collection.page, collection.passages, tuple(asked), 3)


class Asking:
    """One page with what the chain needs to be asked questions."""

    def __init__(
        self, held: HeldPage, encoder: Encoder, reader: Reader, defining: Defining, settings: Settings
    ) -> None:
        self.held = held
        self.reader = reader
        self.count = settings.read_passages
        index = Index.build(held.page, held.passages, encoder)
        self.retriever = Retriever(index, settings.dense_weight)
        self.understanding = Understanding(encoder, Vocabulary(held.passages))
        self.weigher = Weigher(held.passages, load_cohort(encoder.trained_for), defining)

    def understood(self, asked: PageQuestion) -> Question:
        """The question after those before it."""
        past: list[Question] = []
        for earlier in asked.history:
            past.append(self.understanding.understand(earlier, past))
        return self.understanding.understand(asked.text, past)

    def hits(self, question: Question, count: int, without: Sequence[Span] = ()) -> list[Hit]:
        """The ``count`` best hits that hold none of ``without``."""
        found = self.retriever.search(question, count + len(without))
        return [hit for hit in found if not _holds(hit, without)][:count]

    def ask(self, asked: PageQuestion, way: Way) -> Case:
        """The question's hits as the chain would judge them."""
        question = self.understood(asked)
        answers = asked.answers if way != "foreign" else ()
        hits = self.hits(question, self.count, answers if way == "removed" else ())
        readings = self.reader.read(question.repaired, [hit.passage for hit in hits], question.previous)
        truth = answers if way == "own" else ()

        def judged(count: int) -> tuple[Judged, ...]:
            weighed = self.weigher.weigh(question, hits[:count], readings[:count])
            rows = zip(hits, readings, weighed, strict=False)
            return tuple(
                _judged(question, hit.passage, reading, span, figures, truth) for hit, reading, (span, figures) in rows
            )

        polarity = None if asked.polarity is None else asked.polarity if way == "own" else 2
        known = replace(question, vector=None)
        together = question.form in ("list", "several") or len(hits) <= FIRST
        steps = (judged(len(hits)),) if together else (judged(FIRST), judged(len(hits)))
        return Case(self.held.name, way, known, bool(truth), steps, polarity)


def _judged(
    question: Question, passage: Passage, reading: Reading, span: Span, figures: dict[str, float], truth: Sequence[Span]
) -> Judged:
    sentence = sentence_of(passage, span)
    rival = rival_of(question, passage, sentence, reading)
    beside = (rival[1], overlap(rival[0], truth)) if rival else (inf, False)
    helpful = question.form not in ("yes_no", "list") and helps(question, span, sentence)
    short = overlap(span, truth) if helpful else None
    answers = overlap(sentence, truth)
    both = length(sentence, rival[0] if rival else None)
    return Judged(figures, answers, reading.polarity, *beside, short, answers, length(sentence), both)


def _holds(hit: Hit, answers: Sequence[Span]) -> bool:
    return overlap((hit.passage.start, hit.passage.end), answers)


def overlap(span: Span, answers: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in answers)


def ask_all(
    held: Sequence[HeldPage], encoder: Encoder, reader: Reader, defining: Defining, most: int, seed: int = 5
) -> Iterator[Case]:
    """``most`` questions of each real page, fewer of the others, and all follow-ups, each of its page; half of them without
    their answer, and of those that stand alone a third of another page."""
    rng = random.Random(seed)
    settings = Settings.from_env()
    alone = {h.name: [question for question in h.questions if not question.history] for h in held}
    chosen = {h.name: rng.sample(alone[h.name], min(most // h.weight, len(alone[h.name]))) for h in held}
    for number, page in enumerate(held):
        asking = Asking(page, encoder, reader, defining, settings)
        follow_ups = [question for question in page.questions if question.history]
        asked = []
        for own in (chosen[page.name], follow_ups):
            asked += [asking.ask(question, "own") for question in own]
            asked += [asking.ask(question, "removed") for question in own[::2] if question.answers]
        others = chosen[held[(number + 7) % len(held)].name]
        asked += [asking.ask(question, "foreign") for question in others[::3]]
        yield from (case for case in asked if case.hits)  # a page may be nothing but what answers
