"""Fit the decision on held-out questions and choose its thresholds: ``python -m rag.training.decision``.

Rewrites ``decision.json``, and beside it ``reliability.svg`` and ``risk.svg``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.settings import Settings
from rag.read.decision import FEATURES, Decision
from rag.read.weights import WEIGHTS, load_reader
from rag.training.cases import Case, ask_all, held_pages

Floats = NDArray[np.float64]

STRENGTH = 0.3
"""Inverse of the regularisation."""
FOLDS = 6
WRONG = 0.03
"""Part of the sure answers that may be wrong."""
FOREIGN_SURE, FOREIGN_LIKELY = 0.003, 0.03
"""Parts of the foreign questions that may be answered, and shown something as near."""
WRONG_WORD = 0.02
"""Part of the "Oui" and "Non" that may be wrong."""


def fit(cases: Sequence[Case]) -> Decision:
    """Logistic regression over every hit of ``cases``; thresholds are yet to be chosen."""
    from sklearn.linear_model import LogisticRegression

    x = np.array([[hit.figures[name] for name in FEATURES] for case in cases for hit in case.hits])
    y = np.array([hit.answers for case in cases for hit in case.hits])
    means, scales = x.mean(0), np.maximum(x.std(0), 1e-3)
    model = LogisticRegression(C=STRENGTH, max_iter=2000).fit((x - means) / scales, y)
    values = [tuple(np.round(v, 5).tolist()) for v in (means, scales, model.coef_[0])]
    return Decision(values[0], values[1], values[2], round(float(model.intercept_[0]), 5), 1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Verdicts:
    """Of each case, by a decision fitted without its page: the best hit's probability, whether it answers,
    and the probability and the truth of the word "Oui" or "Non" (-1 where nobody asks, or the page is silent)."""

    probability: Floats
    right: NDArray[np.bool_]
    word: Floats
    word_right: NDArray[np.bool_]
    asks_word: NDArray[np.bool_]


def judge(cases: Sequence[Case]) -> Verdicts:
    """Every case judged by a decision fitted on the other pages."""
    pages = sorted({case.page for case in cases})
    fold = {page: number % FOLDS for number, page in enumerate(pages)}
    decisions = [fit([c for c in cases if fold[c.page] != number]) for number in range(FOLDS)]
    rows = []
    for case in cases:
        decision = decisions[fold[case.page]]
        probability, _, best = max((decision.probability(h.figures), n, h) for n, h in enumerate(case.hits))
        denied, affirmed, _ = best.polarity
        said = 1 if affirmed > denied else 0
        asks = case.question.form == "yes_no"
        rows.append((probability, best.answers, probability * max(denied, affirmed), said == case.polarity, asks))
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Verdicts(*columns)


def least(probability: Floats, wrong: NDArray[np.bool_], most: float) -> float:
    """The lowest threshold at which at most ``most`` of what is above it is wrong."""
    order = np.argsort(-probability)
    share = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(share <= most)
    return float(probability[order[good[-1]]]) if len(good) else 1.0


def choose(cases: Sequence[Case], verdicts: Verdicts) -> tuple[float, float, float]:
    """(sure, likely, settled), each the lowest that keeps its promise."""
    foreign = np.array([case.way == "foreign" for case in cases])
    strangers = np.sort(verdicts.probability[foreign])[::-1]

    def at_most(share: float) -> float:
        return float(strangers[min(int(share * len(strangers)), len(strangers) - 1)])

    sure = max(least(verdicts.probability, ~verdicts.right, WRONG), at_most(FOREIGN_SURE))
    asks = verdicts.asks_word
    settled = least(verdicts.word[asks], ~verdicts.word_right[asks], WRONG_WORD)
    return round(sure, 4), round(min(sure, at_most(FOREIGN_LIKELY)), 4), round(settled, 4)


def report(cases: Sequence[Case], verdicts: Verdicts, thresholds: tuple[float, float, float]) -> dict[str, Any]:
    """What the thresholds give on questions judged without their page."""
    from sklearn.metrics import roc_auc_score

    sure, likely, settled = thresholds
    own = np.array([case.way == "own" for case in cases])
    answerable = np.array([case.answerable for case in cases])
    foreign = np.array([case.way == "foreign" for case in cases])
    above, near = verdicts.probability >= sure, verdicts.probability >= likely
    words = verdicts.asks_word & (verdicts.word >= settled)
    settled_asked = verdicts.asks_word & np.array([case.polarity in (0, 1) for case in cases])

    def share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
        return round(float(part[whole].mean()), 4) if whole.any() else 0.0

    return {
        "questions": len(cases),
        "auc": round(float(roc_auc_score(verdicts.right, verdicts.probability)), 4),
        "best hit right": share(verdicts.right, answerable),
        "answerable sure and right": share(above & verdicts.right, answerable),
        "answerable at least likely": share(near, answerable),
        "sure and wrong": share(~verdicts.right, above),
        "unanswerable sure": share(above, ~answerable & ~foreign),
        "foreign sure": share(above, foreign),
        "foreign likely": share(near & ~above, foreign),
        "words said": share(words, settled_asked),
        "words right": share(verdicts.word_right, words),
        "real pages: answerable sure and right": share(above & verdicts.right, answerable & own & _real(cases)),
        "real pages: sure and wrong": share(~verdicts.right, above & _real(cases)),
    }


def _real(cases: Sequence[Case]) -> NDArray[np.bool_]:
    return np.array([case.page.startswith(("travail ", "fiche ")) for case in cases])


def draw(verdicts: Verdicts, thresholds: tuple[float, float, float], folder: Path) -> None:
    """Reliability, and risk against coverage, as SVG pictures in ``folder``."""
    from matplotlib.figure import Figure

    def save(figure: Any, axis: Any, name: str, x: str, y: str) -> None:
        axis.set_xlabel(x)
        axis.set_ylabel(y)
        axis.grid(alpha=0.3)
        figure.savefig(folder / name, metadata={"Date": None})

    bins = np.digitize(verdicts.probability, np.linspace(0, 1, 11)[1:-1])
    full = [b for b in range(10) if (bins == b).sum() > 4]
    figure = Figure(figsize=(4.5, 4), layout="tight")
    axis = figure.subplots()
    axis.plot([0, 1], [0, 1], color="#bbb")
    axis.plot([verdicts.probability[bins == b].mean() for b in full], [verdicts.right[bins == b].mean() for b in full], "o-")
    save(figure, axis, "reliability.svg", "probability", "part that is right")
    order = np.argsort(-verdicts.probability)
    count = np.arange(1, len(order) + 1)
    figure = Figure(figsize=(4.5, 4), layout="tight")
    axis = figure.subplots()
    axis.plot(count / len(order), np.cumsum(~verdicts.right[order]) / count)
    for name, threshold in zip(("sure", "likely"), thresholds, strict=False):
        at = float((verdicts.probability >= threshold).mean())
        axis.axvline(at, color="#c0392b", linestyle=":")
        axis.annotate(f"{name} {threshold:.2f}", (at, 0.02), rotation=90)
    save(figure, axis, "risk.svg", "part of questions answered", "part of answers that is wrong")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.decision", description="Fit the decision.")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the reader")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="folder for pages as files")
    parser.add_argument("--most", type=int, default=60, help="questions of each page, at most")
    a = parser.parse_args(argv)
    encoder = Encoder.load(Settings.from_env())
    reader = load_reader(a.weights, encoder)
    cases = list(ask_all(held_pages(a.data, a.work), encoder, reader, a.most))
    verdicts = judge(cases)
    thresholds = choose(cases, verdicts)
    sure, likely, settled = thresholds
    fitted = fit(cases)
    decision = Decision(fitted.means, fitted.scales, fitted.weights, fitted.bias, sure, likely, settled)
    decision.save(a.weights / "decision.json")
    draw(verdicts, thresholds, a.weights)
    print(json.dumps({**report(cases, verdicts, thresholds), "sure": sure, "likely": likely, "settled": settled}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
