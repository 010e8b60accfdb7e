"""Learn where one of several questions ends and the next begins: ``python -m rag.training.parts`` rewrites ``parts.json``.

From messages for several things, each such place marked, and messages for one thing that look like them; prints in how many
of them folds find every place, and no other. Then, on questions of pages kept aside, how that and the head "several" tell
together whether several things are asked.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.encoder import Encoder
from index.passages import split_passages
from index.settings import Settings
from rag.logistic import Logistic
from rag.question.encoding import question_encoder
from rag.question.heads import Asked, load_heads
from rag.question.parts import FILE, Cuts, around, cuttable, seen_in, tokens
from rag.question.vocabulary import Vocabulary
from rag.training import written
from rag.training.administration import kept_aside, markdown_by_key, real_pages
from rag.training.messages import CUT, FORM_FOLDER
from rag.training.sparse import regression
from rag.training.written import page_of, read_questions

LEAST_SEEN = 3
"""Places at which what is learnt from is seen."""
LOOSENESS = 3.0
"""Inverse weight of the squares."""
LEAST_WEIGHT = 0.15
"""A weight that is nearer to nothing is left out."""
FOLDS = 5
SEVERAL = 0.01
"""Part of the questions for one thing that may be taken for several."""


class Message(NamedTuple):
    """A message, and the parts that it is made of."""

    text: str
    parts: tuple[str, ...]


def messages(folder: Path = FORM_FOLDER) -> list[Message]:
    """Those for several things, and those for one."""
    lines = [line for name in ("several", "one") for line in (folder / f"{name}.txt").read_text("utf-8").splitlines()]
    return [Message(line.replace(CUT, " "), tuple(line.split(CUT))) for line in lines]


def _places(message: Message) -> list[tuple[list[str], bool]]:
    """What is seen at each place that may be a cut, and whether it is one."""
    told, places = tokens(message.text)
    ends = [len(" ".join(message.parts[:n])) + 1 for n in range(1, len(message.parts))]
    return [(around(told, n), places[n] in ends) for n in cuttable(message.text, places)]


def learn(found: Sequence[Message]) -> Cuts:
    """A logistic regression over what stands on both sides of a place, where it is seen ``LEAST_SEEN`` times."""
    places = [place for message in found for place in _places(message)]
    rows, true = [dict.fromkeys(seen, 1.0) for seen, _ in places], [cut for _, cut in places]
    bias, weights = regression(rows, true, least_seen=LEAST_SEEN, looseness=LOOSENESS)
    told = {name: round(weight, 2) for name, weight in weights.items() if abs(weight) >= LEAST_WEIGHT}
    return Cuts(round(bias, 2), told, Logistic((1.0, 0.0), 0.0))


def measured(found: Sequence[Message]) -> dict[str, float]:
    """In which part of the messages that have cuts, and of those that have none, folds find just these."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    for fold in range(FOLDS):
        cuts = learn([message for number, message in enumerate(found) if number % FOLDS != fold])
        for message in found[fold::FOLDS]:
            right[len(message.parts) > 1].append(tuple(cuts.parts(message.text)) == message.parts)
    names = {True: "cut as marked", False: "left whole"}
    return {names[cut]: round(sum(each) / max(1, len(each)), 3) for cut, each in right.items()}


class Known(NamedTuple):
    """A question of a page kept aside: its log-odds by the head "several" and by the cuts, and whether it asks several things."""

    head: float
    cut: float
    several: bool


def asked(cuts: Cuts, encoder: Encoder, data: Path, work: Path) -> list[Known]:
    """The questions of the pages kept aside."""
    markdown = markdown_by_key(real_pages(data))
    embedded, heads = question_encoder(encoder), load_heads(encoder.trained_for)
    found = []
    for file in map(read_questions, sorted(written.FOLDER.glob("*.txt"))):
        if kept_aside(file.key):
            vocabulary = Vocabulary(split_passages(page_of(markdown[file.key], work)))
            for question in file.questions:
                text = question.text
                read = Asked(embedded.encode(text)[0], text, vocabulary.recognised(text))
                thought = heads.probabilities(read)["several"]["several"]
                found.append(Known(*seen_in(cuts, text, thought), question.form == "several"))
    return found


def weighed(found: Sequence[Known]) -> tuple[Logistic, float]:
    """How the two are weighed where ``SEVERAL`` of the questions for one thing are mistaken, and which part of those for several
    things is known then."""
    from sklearn.linear_model import LogisticRegression

    x, y = np.array([one[:2] for one in found]), np.array([one.several for one in found])
    model = LogisticRegression().fit(x, y)
    trusted = model.decision_function(x)
    least = float(np.quantile(trusted[~y], 1 - SEVERAL))
    weights = tuple(round(float(weight), 3) for weight in model.coef_[0])
    both = Logistic(weights, round(float(model.intercept_[0]) - least, 3))
    return both, round(float((trusted[y] >= least).mean()), 3)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.parts", description="Learn to take questions apart.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="folder for pages as files")
    parser.add_argument("--out", type=Path, default=FILE)
    a = parser.parse_args(argv)
    found = messages()
    cuts = learn(found)
    both, known = weighed(asked(cuts, Encoder.load(Settings.from_env()), a.data, a.work))
    stored = {"bias": cuts.bias, "both": [*both.weights, both.bias], "weights": cuts.weights}
    a.out.write_text(json.dumps(stored, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({"messages": len(found), **measured(found), "several things known": known}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
