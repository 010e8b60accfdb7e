"""What the reader learns from: items, their hard negatives, and the groups of a training step."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.page import Span
from index.words import fold
from rag.reader import Encoding, PairEncoder
from rag.squad import read_articles
from rag.training.negatives import attribute, changed, names
from rag.training.noise import noisy
from rag.training.pages import FOLDER, read_page

FRENCH = ("piaf", "pages")
UNRELATED_SHARE = 0.35
"""Part of the answered French questions that are also asked of a passage about something else."""
FOREIGN = {
    "jaquad": "jaquad.ja.json",
    "fairytale": "fairytale.en.json",
    "xquad.en": "xquad.en.json",
    "xquad.es": "xquad.es.json",
    "xquad.ro": "xquad.ro.json",
}


@dataclass(frozen=True)
class Text:
    """A passage to read: its section path, its text, and the article it is of."""

    context: str
    text: str
    article: str


@dataclass(frozen=True)
class Item:
    """A question about ``texts[passage]``; ``spans`` are empty where it is not answered there.

    ``polarity`` is 1 for a yes/no question that is affirmed, 0 for one that is denied.
    """

    question: str
    passage: int
    spans: tuple[Span, ...]
    kind: str
    polarity: int | None = None


@dataclass
class Source:
    """One set: texts, items, and for each item the passages that look most like an answer.

    ``hard`` are the nearest of the whole set, ``near`` those of the same article, ``unrelated`` those of
    another set; ``siblings`` are, for each text, the other texts of its article.
    """

    name: str
    texts: list[Text] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    hard: list[list[int]] = field(default_factory=list)
    near: list[list[int]] = field(default_factory=list)
    siblings: list[list[int]] = field(default_factory=list)
    unrelated: list[list[Text]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def french(self) -> bool:
        return self.name in FRENCH

    def finish(self) -> Source:
        """Compute what depends on all texts: the passages of the same article, the names."""
        articles: dict[str, list[int]] = {}
        for number, text in enumerate(self.texts):
            articles.setdefault(text.article, []).append(number)
        self.siblings = [[n for n in articles[t.article] if n != i] for i, t in enumerate(self.texts)]
        if self.french:
            self.names = [name for text in self.texts for name in names(text.text)[:6]]
        return self


def held_out(title: str) -> bool:
    """Whether an article of PIAF is kept for choosing settings: about one in six, by its title.

    The title's hash picks, so that the choice depends on nothing else.
    """
    return int(hashlib.sha1(title.encode()).hexdigest(), 16) // 10 % 6 == 5


def held_out_page(path: Path) -> bool:
    """Whether a written page is kept for choosing settings: the last of each writer's twelve."""
    return path.stem.endswith("-12")


def squad_source(name: str, articles: Sequence[dict[str, Any]], *, titled: bool) -> Source:
    """A SQuAD file as a source. Questions whose offsets do not fit the text are left out."""
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
                if spans:
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
                polarity = {"oui": 1, "non": 0}.get(question.kind)
                spans = (question.span,) if question.span else ()
                number = len(source.texts) - 1
                source.items.append(Item(question.text, number, spans, question.kind, polarity))
    return source.finish()


def load_sources(
    data: Path, written: Path = FOLDER, *, foreign: bool = True
) -> tuple[list[Source], list[Source]]:
    """Training sources and held-out sources, French ones first; ``written`` holds our own pages.

    Raises:
        rag.squad.SquadError: a file is missing or has another layout.
    """
    piaf = read_articles(data / "piaf_train.json")
    pages = sorted(written.glob("*.txt"))
    train = [
        squad_source("piaf", [a for a in piaf if not held_out(a["title"])], titled=True),
        pages_source([p for p in pages if not held_out_page(p)]),
    ]
    held = [
        squad_source("piaf", [a for a in piaf if held_out(a["title"])], titled=True),
        pages_source([p for p in pages if held_out_page(p)]),
    ]
    if foreign:
        train += [squad_source(n, read_articles(data / f), titled=n == "jaquad") for n, f in FOREIGN.items()]
    return train, held


@dataclass(frozen=True)
class Row:
    """One pair of a step: its encoding, whether it is answered, its span as token places."""

    encoding: Encoding
    answered: bool
    span: Span | None
    polarity: int | None


def token_span(encoding: Encoding, span: Span) -> Span | None:
    """First and last token that overlap ``span``, or None where it was cut off."""
    inside = [i for i, (a, b) in enumerate(encoding.offsets) if a >= 0 and a < span[1] and b > span[0]]
    if not inside or encoding.offsets[inside[-1]][1] < span[1]:
        return None
    return inside[0], inside[-1]


def group(source: Source, number: int, pairs: PairEncoder, rng: random.Random) -> list[Row]:
    """The pairs of one item: the passage that answers first, then what does not answer.

    An answered question brings one other passage, at times one about something else altogether; one of
    PIAF, which has no unanswered questions of its own, brings a made one as well.
    """
    item = source.items[number]
    text = source.texts[item.passage]
    plain = not source.french or item.kind in ("sms", "motscles", "anglais")
    rows: list[Row] = []

    def add(asked: str, place: Text, span: Span | None = None, polarity: int | None = None) -> None:
        # The section path may be unknown at use: learn to do without.
        context = place.context if rng.random() < 0.85 else ""
        encoding = pairs.encode(asked, context, place.text)
        tokens = token_span(encoding, span) if span else None
        if span is None or tokens is not None:
            rows.append(Row(encoding, span is not None, tokens, polarity))

    question = item.question if plain or rng.random() < 0.3 else noisy(item.question, rng)
    if not item.spans:
        add(question, text)
        return rows
    add(question, text, rng.choice(item.spans), item.polarity)
    if not rows:  # the answer was cut off
        return []
    other = _other(source, number, rng)
    if other is not None:
        add(question, source.texts[other])
    if source.french and rng.random() < UNRELATED_SHARE:
        stranger = _unrelated(source, number, rng)
        if stranger is not None:
            add(question, stranger)
    if source.name == "piaf":
        made = [_changed, _attribute] if rng.random() < 0.6 else [_attribute, _changed]
        new = made[0](source, item, rng) or made[1](source, item, rng)
        if new:
            add(new if rng.random() < 0.3 else noisy(new, rng), text)
    return rows


def _changed(source: Source, item: Item, rng: random.Random) -> str | None:
    return changed(item.question, source.texts[item.passage].text, source.names, rng)


def _attribute(source: Source, item: Item, rng: random.Random) -> str | None:
    return attribute(source.texts[item.passage].text, rng)


def _other(source: Source, number: int, rng: random.Random) -> int | None:
    """A passage that does not answer: one that retrieval would offer, or one of the same article."""
    item = source.items[number]
    answers = {fold(source.texts[item.passage].text[a:b]) for a, b in item.spans}
    hard = source.hard[number][:8] if source.hard else []
    siblings = source.siblings[item.passage]
    near = source.near[number][:4] if source.near else siblings
    for _ in range(6):
        drawn = rng.random()
        # A page's other passages are what the answer is chosen from at use.
        candidates: Sequence[int] = near if drawn < 0.5 else siblings if drawn < 0.65 else hard
        other = rng.choice(candidates or hard or range(len(source.texts)))
        told = fold(source.texts[other].text)
        if other != item.passage and not any(a in told for a in answers if len(a) > 3):
            return other
    return None


def _unrelated(source: Source, number: int, rng: random.Random) -> Text | None:
    """A passage about something else: another set's nearest one, or any of another article.

    Without these the reader takes a question that shares no word with a passage for a reworded one.
    """
    item = source.items[number]
    own = source.texts[item.passage]
    answers = {fold(own.text[a:b]) for a, b in item.spans}
    near = source.unrelated[number] if source.unrelated else []
    for _ in range(6):
        text = rng.choice(near if near and rng.random() < 0.5 else source.texts)
        told = fold(text.text)
        if text.article != own.article and not any(a in told for a in answers if len(a) > 3):
            return text
    return None
