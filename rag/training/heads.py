"""Fit the heads on the question's embedding: ``python -m rag.training.heads`` rewrites ``heads.safetensors``.

Logistic regression (scikit-learn) on questions written for this project; prints what five folds give.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder
from index.settings import Settings
from rag.question.asked import FORMS
from rag.question.heads import FILE, USUAL, Asked, Head, Heads, Scaling, load_heads
from rag.training import pages, written
from rag.training.administration import kept_aside
from rag.training.pages import read_page
from rag.training.written import read_questions

FOLDER = Path(__file__).parent / "intents"
FORM_FOLDER = Path(__file__).parent / "forms"
INTENTS = ("smalltalk", "worry", "order", "reshape")
STRENGTH, FORM_STRENGTH = 1.0, 0.3
"""Inverses of the regularisation: the best of 0.01, 0.1, 0.3, 1 by five folds, for the form on pages kept aside."""
OWN_FORMS = {
    "definition": "definition", "liste": "list", "pourquoi": "fact", "objectif": "fact", "fait": "fact", "attribut": "fact",
    "oui": "yes_no", "non": "yes_no", "ouinon": "yes_no",
}  # fmt: skip
"""The form of our own pages' kinds of questions, where a kind has one."""
OF_A_PAGE = 26
"""Questions of one of our own pages that the form is learnt from."""
MISTAKEN = 0.02
"""Part of the questions about a page that may be taken for something else."""
SUMMARISED = 0.0005
"""Part of the other questions that may get a summary, or what is known of the page itself: no decision weighs them."""


@dataclass(frozen=True)
class Labelled:
    """A question with its label; questions of one ``group`` (a page) are never on both sides of a fold."""

    text: str
    label: str
    group: str


def examples(questions: Path = written.FOLDER, intents: Path = FOLDER) -> dict[str, list[Labelled]]:
    """The labelled questions of each head; those of pages kept aside are left out."""
    found: dict[str, list[Labelled]] = {
        name: [] for name in ("intent", "form", "expected", "leans", *INTENTS[:2], "reshape", "about")
    }
    for name, row in (*_written(questions), *_formed(), *_invented(), *_intended(intents), *_of_the_page(intents)):
        found[name].append(row)
    return found


def _written(questions: Path) -> Iterator[tuple[str, Labelled]]:
    """Questions on real pages."""
    for path in sorted(questions.glob("*.txt")):
        file = read_questions(path)
        for asked in () if kept_aside(file.key) else file.questions:
            yield "intent", Labelled(asked.text, "page", file.key)
            yield "form", Labelled(asked.text, asked.form, file.key)
            yield "expected", Labelled(asked.text, asked.type, file.key)
            yield "leans", Labelled(asked.text, "leans" if asked.kind == "lean" else "alone", file.key)


def _formed() -> Iterator[tuple[str, Labelled]]:
    """Questions in files named after what they are."""
    for path in sorted(FORM_FOLDER.glob("*.txt")):
        for number, text in enumerate(_lines(path)):
            group = f"{path.stem}{number}"
            yield "intent", Labelled(text, "page", group)
            yield "leans", Labelled(text, "leans" if path.stem == "lean" else "alone", group)
            if path.stem in FORMS:
                yield "form", Labelled(text, path.stem, group)


def _intended(intents: Path) -> Iterator[tuple[str, Labelled]]:
    """What is no question about a page, and questions that look like it."""
    for intent in INTENTS:
        for number, line in enumerate(_lines(intents / f"{intent}.txt")):
            text, _, label = line.partition("\t")
            yield "intent", Labelled(text, intent, f"{intent}{number}")
            if label:
                yield intent, Labelled(text, label, f"{intent}{number}")
        for number, line in enumerate(_lines(intents / f"{intent}_like.txt")):
            yield "intent", Labelled(line, "page", f"{intent}-like{number}")
            yield "leans", Labelled(line, "alone", f"{intent}-like{number}")


def _of_the_page(intents: Path) -> Iterator[tuple[str, Labelled]]:
    """Questions about the page itself: its date, title, publisher; and questions about what it holds."""
    labels = dict(line.split("\t") for line in _lines(intents / "about.txt"))
    others = [(text, f"about-like{number}") for number, text in enumerate(_lines(intents / "about_like.txt"))]
    for intent in INTENTS:
        others += [(text, f"{intent}-like{n}") for n, text in enumerate(_lines(intents / f"{intent}_like.txt"))]
    others += [(row.text, row.group) for name, row in _formed() if name == "form"]
    for number, (text, label) in enumerate(labels.items()):
        yield "about", Labelled(text, label, f"about{number}")
    for text, group in others:
        if text not in labels:
            yield "about", Labelled(text, "content", group)


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


def fit(features: Any, labels: Sequence[str], strength: float = STRENGTH) -> Head:
    """One head: softmax regression, two classes as two rows; rare labels weigh as much where few are rare."""
    from sklearn.linear_model import LogisticRegression

    weight = "balanced" if "page" in labels or "alone" in labels else None  # of the rare ones few are to be missed
    model = LogisticRegression(C=strength, max_iter=2000, class_weight=weight).fit(features, labels)
    weights, biases = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, biases = np.concatenate([-weights, weights]) / 2, np.concatenate([-biases, biases]) / 2
    return Head(tuple(model.classes_.tolist()), weights.astype(np.float32), biases.astype(np.float32))


def out_of_fold(features: Any, rows: Sequence[Labelled], strength: float = STRENGTH) -> list[dict[str, float]]:
    """The probabilities of each row by a head that was fitted without its group."""
    from sklearn.model_selection import GroupKFold

    labels = [row.label for row in rows]
    found: list[dict[str, float]] = [{} for _ in rows]
    for train, test in GroupKFold(5).split(features, labels, [row.group for row in rows]):
        head = fit(features[train], [labels[i] for i in train], strength)
        for i in test:
            found[i] = head.probabilities(features[i])
    return found


def least_probability(unusual: Sequence[float], is_usual: Sequence[bool], most: float = MISTAKEN) -> float:
    """Above it an unusual class is believed: hardly a row of a usual one is mistaken for it."""
    mistaken = [p for p, usual in zip(unusual, is_usual, strict=True) if usual]
    return round(float(np.quantile(mistaken, 1 - most)), 3)


def train(out: Path = FILE, only: str = "") -> dict[str, Any]:
    """Fit every head, or ``only`` one beside those that ``out`` has, and write them.

    Returns accuracies by five folds and the least probabilities.
    """
    encoder = Encoder.load(Settings.from_env())
    shipped = load_heads(encoder.checksum, out) if only else None
    figures: dict[str, Any] = {}
    heads, least = (dict(shipped.heads), dict(shipped.least)) if shipped else ({}, {})
    rows_of = {name: rows for name, rows in examples().items() if only in ("", name)}
    texts = sorted({row.text for rows in rows_of.values() for row in rows})
    vectors = encoder.encode_query(texts)
    scaling = shipped.scaling if shipped else Scaling(vectors.mean(0), vectors.std(0))
    known = {text: scaling.features(Asked(vector, text)) for text, vector in zip(texts, vectors, strict=True)}
    for name, rows in rows_of.items():
        features = np.stack([known[row.text] for row in rows])
        strength = FORM_STRENGTH if name == "form" else STRENGTH
        found = out_of_fold(features, rows, strength)
        right = [max(p, key=p.__getitem__) == row.label for p, row in zip(found, rows, strict=True)]
        figures[name] = round(float(np.mean(right)), 4)
        if name in USUAL:
            is_usual = [row.label in USUAL[name] for row in rows]
            unusual = [sum(p[label] for label in p.keys() - USUAL[name]) for p in found]
            least[name] = least_probability(unusual, is_usual, SUMMARISED if name == "about" else MISTAKEN)
            kept = [p > least[name] for p, usual in zip(unusual, is_usual, strict=True) if not usual]
            figures[f"{name} believed"] = round(float(np.mean(kept)), 4)
        if name == "form":
            others = [p["summary"] for p, row in zip(found, rows, strict=True) if row.label != "summary"]
            least["summary"] = round(float(np.quantile(others, 1 - SUMMARISED)), 3)
        heads[name] = fit(features, [row.label for row in rows], strength)
        print(name, len(rows), dict(Counter(row.label for row in rows).most_common(6)), figures[name], flush=True)
    Heads(scaling, heads, least).save(out, encoder.checksum)
    return {**figures, "least": least}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.heads", description="Fit the question's heads.")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--only", default="", help="the one head to fit; the others stay as they are")
    arguments = parser.parse_args(argv)
    print(json.dumps(train(arguments.out, arguments.only)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
