"""Question files in SQuAD's layout, as a collection of passages and questions about them; SQuAD's F1, for French."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.cache import reason
from index.page import Page, Passage
from index.sentences import split_sentences
from index.words import words

ARTICLES = frozenset("le la les l un une des du au aux the a an".split())


class SquadError(ValueError):
    """The file is not in SQuAD's layout; the message says why, in French."""


@dataclass(frozen=True)
class SquadQuestion:
    """A question with its passage and the answers that people marked.

    ``answers`` are (offset in the passage's text, text); none where it is not answered there.
    """

    id: str
    text: str
    passage: int
    answers: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Collection:
    """Paragraphs as passages of one page, and the questions about them."""

    page: Page
    passages: tuple[Passage, ...]
    questions: tuple[SquadQuestion, ...]


def read_articles(path: Path) -> list[dict[str, Any]]:
    """The ``data`` list of a SQuAD file.

    Raises:
        SquadError: not found, not JSON, or another layout.
    """
    try:
        articles = json.loads(path.read_text(encoding="utf-8"))["data"]
        if not all("context" in p for a in articles for p in a["paragraphs"]):
            raise KeyError("context")
    except OSError as error:
        raise SquadError(f"le fichier {path} ne peut pas être lu : {reason(error)}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise SquadError(f"le fichier {path} n'a pas la forme de SQuAD (data, paragraphs, context)") from error
    return list(articles)


def read_collection(articles: Iterable[dict[str, Any]]) -> Collection:
    """Each paragraph one passage, its article's title as its section; verbatim, offsets kept."""
    passages: list[Passage] = []
    questions: list[SquadQuestion] = []
    text = ""
    for article in articles:
        title = str(article.get("title", "")).replace("_", " ").strip()
        for paragraph in article["paragraphs"]:
            context = str(paragraph["context"])
            start = len(text)
            text += context + "\n\n"
            passages.append(
                Passage(
                    id=len(passages),
                    text=context,
                    start=start,
                    end=start + len(context),
                    section=(title,) if title else (),
                    sentences=tuple((start + a, start + b) for a, b in split_sentences(context)),
                )
            )
            for qa in paragraph.get("qas", []):
                answers = tuple((int(a["answer_start"]), str(a["text"])) for a in qa.get("answers") or () if a["text"])
                questions.append(
                    SquadQuestion(str(qa.get("id", len(questions))), str(qa["question"]), passages[-1].id, answers)
                )
    page = Page(title="Collection", text=text, blocks=())
    return Collection(page, tuple(passages), tuple(questions))


def normalised(text: str) -> list[str]:
    """Folded words without articles or elided ones."""
    return [word for word in words(text) if word not in ARTICLES]


def f1(predicted: str, expected: Iterable[str]) -> float:
    """The best word-overlap F1 of ``predicted`` against any expected answer, 0 to 1."""
    return max((_f1(normalised(predicted), normalised(answer)) for answer in expected), default=0.0)


def _f1(predicted: list[str], expected: list[str]) -> float:
    if not predicted or not expected:
        return float(predicted == expected)
    common = (Counter(predicted) & Counter(expected)).total()
    return 2 * common / (len(predicted) + len(expected))
