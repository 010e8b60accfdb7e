"""What the reader learns from: items, their hard negatives, and the groups of a training step."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from index.page import Span
from index.words import fold
from rag.read.pairs import SEPARATOR, Encoding, PairEncoder
from rag.training.negatives import attribute, changed, names
from rag.training.noise import noisy

PARTS = ("written", "own", "definitions", "follow-ups")
"""Of what was written on whole pages: each is drawn by itself."""
FRENCH = ("piaf", "pages", "titles", "inferences", *PARTS)
UNRELATED_SHARE = 0.35
"""Part of the answered French questions that are also asked of a passage about something else."""
NOT_SETTLED = 2
PLAIN = ("sms", "motscles", "anglais", "keywords", "typo")
"""Kinds that are not made worse still: they are typed badly already."""
LEAST_CUT = 240
"""Characters of a passage that may be cut."""
_ENDS = re.compile(r"[.;!?]\s+")
OTHERS = {"piaf": 2, "pages": 2, "titles": 4, **dict.fromkeys(PARTS, 4)}
"""Other passages that an answered question is asked of: four of the real pages, where the answer is chosen among its siblings."""


@dataclass(frozen=True)
class Text:
    """A passage to read: its section path, its text, and the article it is of."""

    context: str
    text: str
    article: str


@dataclass(frozen=True)
class Item:
    """A question about ``texts[passage]``; ``spans`` are empty where it is not answered there.

    ``polarity`` is of a yes/no question: 1 affirmed, 0 denied, 2 not settled there. ``whole`` says that
    the passage answers though nobody marked by which words. ``previous`` is the question that this one
    leans on. ``passage`` is -1 where no passage of ``article`` answers. ``also`` are other passages that answer.
    ``verdict`` is the "oui" or "non" that was taken off the text, ``form`` that of a question written on a whole page.
    """

    question: str
    passage: int
    spans: tuple[Span, ...]
    kind: str
    polarity: int | None = None
    whole: bool = False
    previous: str = ""
    also: tuple[int, ...] = ()
    verdict: str = ""
    article: str = ""
    form: str = ""

    @property
    def answered(self) -> bool:
        return bool(self.spans) or self.whole

    @property
    def searched(self) -> str:
        """The words that are searched for: those of the question that this one leans on come first."""
        return f"{self.previous} {self.question}".strip()


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

    def article(self, item: Item) -> str:
        """The article that the item is asked of."""
        return self.texts[item.passage].article if item.passage >= 0 else item.article

    def apart(self) -> list[Source]:
        """What was written on whole pages by its ``PARTS``, that an epoch may hold more of one than there is; others as they
        are."""
        if self.name != "written":
            return [self]
        numbers: dict[str, list[int]] = {}
        for number, item in enumerate(self.items):
            numbers.setdefault(self._part(item), []).append(number)
        return [self._only(name, chosen) for name, chosen in numbers.items()]

    def _part(self, item: Item) -> str:
        """The name of what an epoch counts the item as: one that leans on another, one for what a thing is, one of an own
        page, another."""
        if item.previous:
            return "follow-ups"
        if item.form == "definition":
            return "definitions"
        return "own" if self.article(item).startswith("table ") else "written"

    def _only(self, name: str, numbers: Sequence[int]) -> Source:
        lists = {
            field: [getattr(self, field)[n] for n in numbers] for field in ("items", "hard", "near", "unrelated")
            if getattr(self, field)
        }  # fmt: skip
        return replace(self, name=name, **lists)

    def around(self, item: Item) -> list[int]:
        """The passages of the item's article that do not answer it."""
        if item.passage >= 0:
            return [p for p in self.siblings[item.passage] if p not in item.also]
        return [n for n, text in enumerate(self.texts) if text.article == item.article]

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


@dataclass(frozen=True)
class Worsening:
    """How pairs are made harder, that the reader learns no passage by heart: the part of the tokens that are masked, and of
    the long passages that are cut to some of their sentences."""

    masked: float = 0.0
    cut: float = 0.0


def _kept(text: str, span: Span | None, cut: float, rng: random.Random) -> Span:
    """What is read of a passage: all of it, or whole sentences around ``span``."""
    if len(text) < LEAST_CUT or rng.random() >= cut:
        return 0, len(text)
    ends = [mark.end() for mark in _ENDS.finditer(text)]
    first, last = span or (len(text) // 2, len(text) // 2)
    begin = rng.choice([0, *(end for end in ends if end <= first)])
    end = rng.choice([*(end for end in ends if end > last), len(text)])
    return (begin, end) if end - begin >= LEAST_CUT // 4 else (0, len(text))


def _masked(encoding: Encoding, pairs: PairEncoder, part: float, rng: random.Random) -> Encoding:
    """The same with ``part`` of its tokens hidden; which words question and passage share is still told."""
    mask = pairs.tokenizer.token_to_id("<mask>") if part else None
    if mask is None:
        return encoding
    return replace(
        encoding, ids=[mask if token > SEPARATOR and rng.random() < part else token for token in encoding.ids]
    )


def group(
    source: Source, number: int, pairs: PairEncoder, rng: random.Random, worsening: Worsening = Worsening()
) -> list[Row]:
    """The pairs of one item: the passage that answers first, then what does not answer.

    An answered question brings other passages, at times one about something else altogether; one of
    PIAF, which has no unanswered questions of its own, brings a made one as well.
    """
    item = source.items[number]
    rows: list[Row] = []

    def add(
        asked: str, place: Text, span: Span | None = None, polarity: int | None = None, answered: bool = False
    ) -> None:
        # The section path may be unknown at use: learn to do without.
        context = place.context if rng.random() < 0.85 else ""
        opened = (
            f"{item.verdict.capitalize()}, {place.text[:1].lower()}{place.text[1:]}"
            if item.verdict and answered
            else ""
        )
        text = opened if opened and rng.random() < 0.4 else place.text
        # Where nobody marked by which words a passage answers, any of its sentences may be the one.
        begin, end = _kept(text, span, 0.0 if answered and span is None else worsening.cut, rng)
        encoding = pairs.encode(asked, context, text[begin:end], item.previous)
        tokens = token_span(encoding, (span[0] - begin, span[1] - begin)) if span else None
        encoding = _masked(encoding, pairs, worsening.masked, rng)
        if span is None or tokens is not None:
            rows.append(Row(encoding, answered, tokens, polarity))

    plain = not source.french or item.kind in PLAIN
    question = item.question if plain or rng.random() < 0.3 else noisy(item.question, rng)
    elsewhere = None if item.polarity is None else NOT_SETTLED
    if not item.answered:
        places = [item.passage] if item.passage >= 0 else source.near[number][:4]
        for place in rng.sample(places, min(2, len(places))):
            add(
                question,
                source.texts[place],
                polarity=elsewhere if item.polarity != 0 and item.polarity != 1 else item.polarity,
            )
        return rows
    text = source.texts[item.passage]
    add(question, text, rng.choice(item.spans) if item.spans else None, item.polarity, True)
    if not rows:  # the answer was cut off
        return []
    for other in _others(source, number, rng):
        add(question, source.texts[other], polarity=elsewhere)
    if source.french and source.name != "inferences" and rng.random() < UNRELATED_SHARE:
        stranger = _unrelated(source, number, rng)
        if stranger is not None:
            add(question, stranger, polarity=elsewhere)
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


def _others(source: Source, number: int, rng: random.Random) -> list[int]:
    """Passages that do not answer, all different: those that retrieval would offer, or of the same article."""
    found: list[int] = []
    for _ in range(OTHERS.get(source.name, 0 if source.name == "inferences" else 1)):
        other = _other(source, number, found, rng)
        if other is not None:
            found.append(other)
    return found


def _other(source: Source, number: int, taken: Sequence[int], rng: random.Random) -> int | None:
    item = source.items[number]
    answers = {fold(source.texts[item.passage].text[a:b]) for a, b in item.spans}
    hard = source.hard[number][:8] if source.hard else []
    siblings = source.siblings[item.passage]
    near = source.near[number][:5] if source.near else siblings
    for _ in range(6):
        drawn = rng.random()
        # A page's other passages are what the answer is chosen from at use.
        candidates: Sequence[int] = near if drawn < 0.55 else siblings if drawn < 0.7 else hard
        other = rng.choice(candidates or hard or range(len(source.texts)))
        told = fold(source.texts[other].text)
        if other not in (item.passage, *item.also, *taken) and not any(a in told for a in answers if len(a) > 3):
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
