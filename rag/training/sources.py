"""The sets that the reader learns from, each as a :class:`rag.training.data.Source`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.passages import split_passages
from rag.evaluate.squad import read_articles
from rag.training import written
from rag.training.administration import (
    AdministrationPage,
    inferences,
    kept_aside,
    markdown_by_key,
    real_pages,
    title_question,
)
from rag.training.data import Item, Source, Text, held_out, held_out_page
from rag.training.pages import FOLDER, read_page
from rag.training.written import QuestionFile, find_quote, page_of, read_questions

FOREIGN = {
    "squad2.es": "squad2.es.json",
    "jaquad": "jaquad.ja.json",
    "fairytale": "fairytale.en.json",
    "xquad.en": "xquad.en.json",
    "xquad.es": "xquad.es.json",
    "xquad.ro": "xquad.ro.json",
}
MOST_SECTIONS = 12
"""Sections of a page that are read as the neighbours of those that answer."""


def squad_source(name: str, articles: Sequence[dict[str, Any]], *, titled: bool) -> Source:
    """A SQuAD file as a source, its impossible questions too. Those whose offsets do not fit the text are left out."""
    source = Source(name)
    for article in articles:
        title = str(article.get("title", "")).replace("_", " ")
        for paragraph in article["paragraphs"]:
            text = paragraph["context"]
            source.texts.append(Text(title if titled else "", text, title))
            for qa in paragraph["qas"]:
                spans = {
                    (a["answer_start"], a["answer_start"] + len(a["text"]))
                    for a in qa.get("answers", ())
                    if a["text"] and text[a["answer_start"] :].startswith(a["text"])
                }
                if spans or qa.get("is_impossible"):
                    number = len(source.texts) - 1
                    source.items.append(Item(qa["question"], number, tuple(sorted(spans)), "fait"))
    return source.finish()


def pages_source(paths: Sequence[Path]) -> Source:
    """The project's own pages as a source."""
    source = Source("pages")
    for path in paths:
        for passage in read_page(path):
            context = " › ".join(part for part in (passage.title, passage.section) if part)
            source.texts.append(Text(context, passage.text, path.stem))
            for question in passage.questions:
                polarity = {"oui": 1, "non": 0, "ouinon": 2}.get(question.kind)
                spans = (question.span,) if question.span else ()
                number = len(source.texts) - 1
                source.items.append(Item(question.text, number, spans, question.kind, polarity))
    return source.finish()


def titles_source(pages: Iterable[AdministrationPage]) -> Source:
    """Sections of administration pages, each found by its title; nobody marked which words answer."""
    source = Source("titles")
    for page in pages:
        sections = page.sections
        asking = [s for s in sections if s.title == page.title or s.title.rstrip().endswith("?")]
        if page.key.startswith("travail"):
            asking = list(sections)
        neighbours = [s for s in sections if s not in asking][: max(0, MOST_SECTIONS - len(asking))]
        for section in (*asking[:MOST_SECTIONS], *neighbours):
            source.texts.append(Text(page.title, section.text, page.key))
            if section in asking:
                polarity = {"oui": 1, "non": 0}.get(section.verdict)
                source.items.append(
                    Item(title_question(page, section), len(source.texts) - 1, (), "titre", polarity,
                         whole=True, verdict=section.verdict)
                )  # fmt: skip
    return source.finish()


def inferences_source(folder: Path) -> Source:
    """Premises as passages, hypotheses as yes/no questions."""
    source = Source("inferences")
    for number, pair in enumerate(inferences(folder)):
        source.texts.append(Text("", pair.premise, str(number)))
        settled = pair.polarity != 2
        source.items.append(Item(pair.question, number, (), "ouinon", pair.polarity, whole=settled))
    return source.finish()


def written_source(files: Iterable[QuestionFile], markdown: Mapping[str, str], work: Path) -> Source:
    """Questions written on real pages, each page read and cut as the product does it.

    ``markdown`` are the pages by their keys; ``work`` is a folder for the pages as files. Questions whose quote is read otherwise are left out.
    """
    source = Source("written")
    for file in files:
        page = page_of(markdown[file.key], work)
        passages = split_passages(page)
        first = len(source.texts)
        source.texts += [Text(p.context, p.text, file.key) for p in passages]
        for question in file.questions:
            places: dict[int, list[tuple[int, int]]] = {}
            for quote in question.quotes:
                span = find_quote(page, quote)
                for place, passage in enumerate(passages):
                    if span and passage.start <= span[0] and span[1] <= passage.end:
                        places.setdefault(place, []).append((span[0] - passage.start, span[1] - passage.start))
            if question.quotes and not places:
                continue
            source.items += _written_items(question, places, first, file.key)
    return source.finish()


def _written_items(
    question: written.WrittenQuestion, places: dict[int, list[tuple[int, int]]], first: int, article: str
) -> list[Item]:
    """An item a passage that answers; one of no passage where the page does not answer."""
    polarity, previous = question.polarity, question.previous
    if not places:
        return [
            Item(question.text, -1, (), question.kind, polarity, previous=previous, article=article, form=question.form)
        ]
    answering = tuple(first + place for place in places)
    return [
        Item(question.text, first + place, ((min(a for a, _ in spans), max(b for _, b in spans)),),
             question.kind, polarity, previous=previous, also=answering, form=question.form)
        for place, spans in places.items()
    ]  # fmt: skip


def load_sources(
    data: Path, pages: Path = FOLDER, questions: Path = written.FOLDER, *, work: Path, foreign: Sequence[str] = ()
) -> tuple[list[Source], list[Source]]:
    """Training sources and held-out sources; ``pages`` are our own, ``questions`` those on real ones.

    Raises:
        rag.squad.SquadError: a file is missing or has another layout.
    """
    piaf = read_articles(data / "piaf11_train.json")
    own = sorted(pages.glob("*.txt"))
    real = real_pages(data)
    markdown = markdown_by_key(real)
    asked = [read_questions(file) for file in sorted(questions.glob("*.txt"))]
    sealed = {read_questions(file).key for file in (questions / "sealed").glob("*.txt")}
    real = [page for page in real if page.key not in sealed]
    train = [
        squad_source("piaf", [a for a in piaf if not held_out(a["title"])], titled=True),
        pages_source([p for p in own if not held_out_page(p)]),
        titles_source(page for page in real if not kept_aside(page.key)),
        inferences_source(data / "nli"),
        written_source((f for f in asked if not kept_aside(f.key)), markdown, work),
    ]
    held = [
        squad_source("piaf", [a for a in piaf if held_out(a["title"])], titled=True),
        pages_source([p for p in own if held_out_page(p)]),
        titles_source(page for page in real if kept_aside(page.key)),
        written_source((f for f in asked if kept_aside(f.key)), markdown, work),
    ]
    train += [squad_source(n, read_articles(data / FOREIGN[n]), titled=n == "jaquad") for n in foreign]
    return [s for s in train if s.items], [s for s in held if s.items]
