"""What the heads learn from: messages with their labels, each of the page that it was written on."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from index.words import STOP_WORDS, words
from rag.question.asked import FORMS
from rag.training import pages, written
from rag.training.administration import kept_aside, real_pages
from rag.training.negatives import names
from rag.training.pages import read_page
from rag.training.written import QuestionFile, read_questions

FOLDER = Path(__file__).parent / "intents"
FORM_FOLDER = Path(__file__).parent / "forms"
INTENTS = ("smalltalk", "worry", "order", "reshape")
OWN_FORMS = {
    "definition": "definition", "sigle": "definition", "sigle-absent": "definition", "liste": "list", "pourquoi": "fact", "objectif": "fact", "fait": "fact", "attribut": "fact",
    "oui": "yes_no", "non": "yes_no", "ouinon": "yes_no",
}  # fmt: skip
"""The form of our own pages' kinds of questions, where a kind has one."""
OF_A_NEED = 8
"""Wordings of one need that are learnt from."""
TYPED_OF_A_PAGE = 4
"""Names of a page, and again as many handfuls of its words, that are learnt from."""
LONGEST_TOPIC = 45
"""Characters of a title that is learnt from as a topic."""
OF_A_PAGE = 26
"""Questions of one of our own pages that the form is learnt from."""


AIMS = FORM_FOLDER / "aim.tsv"
"""Messages: "topic" with its subject, whatever the page says of it being wanted, or "specific", and the message."""
EVERY = FORM_FOLDER / "every.tsv"
"""Messages: the kind ("date") of which all that the page tells is wanted, or "specific", and the message."""
SPECIFIC_OF_A_PAGE = 6
"""Written questions of a page that are learnt from as specific."""


CUT = " || "
"""Stands in ``forms/several.txt`` where one question ends and the next begins."""
MANY_WISHES = 10
"""Wishes for a summary or the like that hold a word which names no subject: fewer hold what they are about."""
WISHED = 40
"""How many times as common a word of two wishes is there as in questions on a page, where it names no subject."""


@dataclass(frozen=True)
class Labelled:
    """A question with its label; questions of one ``group`` (a page) are never on both sides of a fold."""

    text: str
    label: str
    group: str


def examples(
    data: Path | None = None, questions: Path = written.FOLDER, intents: Path = FOLDER
) -> dict[str, list[Labelled]]:
    """The labelled questions of each head; those of pages kept aside are left out.

    ``data`` is the folder of the data sets: what people really type into a search is about a page.
    """
    found: dict[str, list[Labelled]] = {
        name: []
        for name in ("intent", "form", "expected", "leans", *INTENTS[:2], "reshape", "about", "scope", "several")
    }
    for name, row in (
        *_written(questions),
        *_formed(),
        *_invented(),
        *_intended(intents),
        *_searched(data),
        *_of_the_page(intents),
        *_of_every(),
    ):
        found[name].append(row)
    return found


def _written(questions: Path) -> Iterator[tuple[str, Labelled]]:
    """Questions on real pages."""
    for path in sorted(questions.glob("*.txt")):
        file = read_questions(path)
        if kept_aside(file.key):
            continue
        for asked in file.questions:
            yield "intent", Labelled(asked.text, "page", file.key)
            yield from _form(asked.text, asked.form, file.key)
            yield "expected", Labelled(asked.text, asked.type, file.key)
            yield "leans", Labelled(asked.text, "leans" if asked.kind == "lean" else "alone", file.key)
            if asked.form == "summary":
                yield "scope", Labelled(asked.text, "part", file.key)
            if asked.kind == "lean":
                yield "about", Labelled(asked.text, "content", file.key)
        yield from _named(file)


def _named(file: QuestionFile) -> Iterator[tuple[str, Labelled]]:
    """Names and words of a page, typed alone: whoever does so asks what the page says of them."""
    rng = random.Random(file.key)
    quotes = sorted({quote.text for asked in file.questions for quote in asked.quotes})
    typed = sorted({name for quote in quotes for name in names(quote)})
    typed = rng.sample(typed, min(TYPED_OF_A_PAGE, len(typed)))
    for quote in rng.sample(quotes, min(TYPED_OF_A_PAGE, len(quotes))):
        told = [word for word in words(quote) if word not in STOP_WORDS and len(word) > 1]
        typed.append(" ".join(rng.sample(told, min(rng.randint(2, 4), len(told)))))
    for number, text in enumerate(filter(None, typed)):
        # Every other one of a page that may know nothing of it: whoever types it still asks about the page.
        group = file.key if number % 4 < 2 else f"{file.key} elsewhere"
        yield from _topic(f"{text} ?" if number % 2 else text, group)


def aimed(questions: Path = written.FOLDER) -> list[Labelled]:
    """What the head "aim" learns from, last of all heads: messages as they were written, and those on a subject also with
    a page's name in its place; specific questions of real pages, every other one as of another page."""
    files = [file for path in sorted(questions.glob("*.txt")) if not kept_aside((file := read_questions(path)).key)]
    found: list[Labelled] = []
    for number, (label, subject, text) in enumerate(_aims()):
        found.append(Labelled(text, label, f"aim{number}"))
        file = files[number % len(files)]
        known = sorted({name for asked in file.questions for quote in asked.quotes for name in names(quote.text)})
        if subject and known:
            found.append(Labelled(text.replace(subject, known[number % len(known)]), label, file.key))
    for number, file in enumerate(files):
        alone = [asked.text for asked in file.questions if asked.kind != "lean" and asked.form != "summary"]
        group = f"{file.key} elsewhere" if number % 2 else file.key
        drawn = random.Random(file.key).sample(alone, min(SPECIFIC_OF_A_PAGE, len(alone)))
        defining = [asked.text for asked in file.questions if asked.form == "definition"]
        found += [Labelled(text, "specific", group) for text in (*drawn, *defining)]
    return found + [Labelled(r.text, "specific", r.group) for r in _of_a_form() if r.label != "summary"]


def everything(questions: Path = written.FOLDER) -> list[Labelled]:
    """What the head "every" learns from: its own messages, and the others of those of the head "aim", which want nothing of the
    kind."""
    own = [Labelled(text, label, f"every{number}") for number, (label, text) in enumerate(_every())]
    told = {row.text for row in own}
    return own + [Labelled(row.text, "specific", row.group) for row in aimed(questions) if row.text not in told]


def every_words() -> frozenset[str]:
    """The words that two messages or more hold which want all dates or the like: they name no subject."""
    told = Counter(word for label, text in _every() if label != "specific" for word in set(words(text)))
    return frozenset(word for word, count in told.items() if count > 1)


def frame(questions: Path = written.FOLDER) -> frozenset[str]:
    """The words that two messages or more on a subject hold beside it, and those that many messages hold that name none (a
    summary or another way to put an answer is wanted), or two where questions on a page hardly hold them; none that stands in
    a subject."""
    topics = [(subject, text) for label, subject, text in _aims() if label == "topic"]
    named = {word for subject, _ in topics for word in words(subject)}
    beside = Counter(word for subject, text in topics for word in set(words(text)) - set(words(subject)))
    wishes = [row.text for name, row in _formed() if name == "scope" and row.label == "whole"]
    wishes += [line.split("\t")[0] for line in _lines(FOLDER / "reshape.txt")]
    wished = Counter(word for text in wishes for word in set(words(text)))
    files = (file for path in questions.glob("*.txt") if not kept_aside((file := read_questions(path)).key))
    asked = [asked.text for file in files for asked in file.questions if asked.form != "summary"]
    common = Counter(word for text in asked for word in set(words(text)))

    def is_of_wishes(word: str, count: int) -> bool:
        # a word of no question counts as of half a one
        often = count * len(asked) >= WISHED * len(wishes) * max(common[word], 0.5)
        return count >= MANY_WISHES or (count > 1 and often)

    told = {word for word, count in beside.items() if count > 1}
    return frozenset((told | {word for word, count in wished.items() if is_of_wishes(word, count)}) - named)


def _aims() -> Iterator[tuple[str, str, str]]:
    for line in _lines(AIMS):
        label, subject, text = line.split("\t")
        yield label, subject, text


def _of_every() -> Iterator[tuple[str, Labelled]]:
    """Questions for all of a kind that the page tells, or for one thing of that kind."""
    for number, (label, text) in enumerate(_every()):
        group = f"every{number}"
        yield "intent", Labelled(text, "page", group)
        yield "leans", Labelled(text, "alone", group)
        if label != "specific":
            yield from _form(text, "list", group)


def _every() -> Iterator[tuple[str, str]]:
    for line in _lines(EVERY):
        label, _, text = line.partition("\t")
        yield label, text


def _of_a_form() -> Iterator[Labelled]:
    """Questions in files named after a form, that one for several things among them."""
    return (row for name, row in _formed() if name == "form" or row.label == "several")


def _form(text: str, form: str, group: str) -> Iterator[tuple[str, Labelled]]:
    """Whether several things are asked at once, and the form of what asks one."""
    if form != "several":
        yield "form", Labelled(text, form, group)
    yield "several", Labelled(text, "several" if form == "several" else "one", group)


def _topic(text: str, group: str) -> Iterator[tuple[str, Labelled]]:
    """What is typed alone to be looked for."""
    for head, label in (("intent", "page"), ("leans", "alone"), ("about", "content")):
        yield head, Labelled(text, label, group)


def _formed() -> Iterator[tuple[str, Labelled]]:
    """Questions in files named after what they are."""
    for path in sorted(FORM_FOLDER.glob("*.txt")):
        for number, line in enumerate(_lines(path)):
            text, _, part = line.replace(CUT, " ").partition("\t")
            group = f"{path.stem}{number}"
            of_summary = path.stem == "summary"
            # There the label says what of; elsewhere that it is no question about a page.
            yield "intent", Labelled(text, part if part and not of_summary else "page", group)
            if of_summary:
                yield "scope", Labelled(text, part or "whole", group)
            if path.stem == "one":  # looks like two questions; whether it leans on one before nobody said
                yield "several", Labelled(text, "one", group)
                continue
            yield "leans", Labelled(text, "leans" if path.stem == "lean" else "alone", group)
            if path.stem in FORMS:
                yield from _form(text, path.stem, group)


def _intended(intents: Path) -> Iterator[tuple[str, Labelled]]:
    """What is no question about a page, and questions that look like it."""
    for intent in INTENTS:
        for number, line in enumerate(_lines(intents / f"{intent}.txt")):
            text, *labels = line.split("\t")
            yield "intent", Labelled(text, intent, f"{intent}{number}")
            # Of most wishes, said of no answer, nobody could make a summary of the page; and of no order.
            if intent in ("reshape", "order"):
                yield "form", Labelled(text, labels[1] if len(labels) > 1 else "fact", f"{intent}{number}")
            if labels:
                yield intent, Labelled(text, labels[0], f"{intent}{number}")
        for number, line in enumerate(_lines(intents / f"{intent}_like.txt")):
            yield "intent", Labelled(line, "page", f"{intent}-like{number}")
            yield "leans", Labelled(line, "alone", f"{intent}-like{number}")


def _of_the_page(intents: Path) -> Iterator[tuple[str, Labelled]]:
    """Questions about the page itself: its date, title, publisher; and questions about what it holds."""
    labels = dict(line.split("\t") for line in _lines(intents / "about.txt"))
    others = [(text, f"about-like{number}") for number, text in enumerate(_lines(intents / "about_like.txt"))]
    for intent in INTENTS:
        others += [(text, f"{intent}-like{n}") for n, text in enumerate(_lines(intents / f"{intent}_like.txt"))]
    others += [(row.text, row.group) for row in _of_a_form()]
    for number, (text, label) in enumerate(labels.items()):
        for head, wanted in (("about", label), ("leans", "alone"), ("intent", "page"), ("form", "fact")):
            yield head, Labelled(text, wanted, f"about{number}")
    for text, group in others:
        if text not in labels:
            yield "about", Labelled(text, "content", group)


def _searched(data: Path | None) -> Iterator[tuple[str, Labelled]]:
    """Wordings of searches about labour law, a few of each need, and short titles of real pages: most are no sentence."""
    needs = json.loads((data / "cdtn_requests.json").read_text(encoding="utf-8")) if data else []
    for need in needs:
        wordings: list[str] = need["variants"]
        for text in random.Random(need["title"]).sample(wordings, min(OF_A_NEED, len(wordings))):
            yield from _topic(text, need["title"])
    for page in real_pages(data) if data else []:
        titles = [page.title, *(section.title for section in page.sections)]
        short = [title for title in titles if len(title) <= LONGEST_TOPIC and not title.rstrip().endswith("?")]
        for text in short[: 1 + crc32(page.key.encode()) % 2]:
            topic = text[:1].lower() + text[1:] if len(text) % 2 else text
            yield from _topic(topic, f"topic {page.title}")


def _invented() -> Iterator[tuple[str, Labelled]]:
    """Questions of our own pages, whose kind tells the form of most; one in twelve for the rest."""
    for path in sorted(pages.FOLDER.glob("*.txt")):
        asked = [question for passage in read_page(path) for question in passage.questions]
        drawn = random.Random(path.stem).sample(asked, min(OF_A_PAGE, len(asked)))
        for number, question in enumerate(drawn):
            if question.kind in OWN_FORMS:
                yield "form", Labelled(question.text, OWN_FORMS[question.kind], path.stem)
            if number % 12 == 0:
                yield "intent", Labelled(question.text, "page", path.stem)
                yield "leans", Labelled(question.text, "alone", path.stem)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()
