"""Fit the decision on held-out questions and choose its thresholds: ``python -m rag.training.decision``.

Rewrites ``decision.json``, and beside it ``reliability.svg`` and ``risk.svg``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.settings import Settings
from rag.read.decision import FEATURES, Decision
from rag.read.nearness import FEATURES as NEAR
from rag.read.nearness import Nearness, measured
from rag.read.trees import LEAF, Trees
from rag.read.weights import WEIGHTS, load_reader
from rag.training.cases import Case, Judged, ask_all, held_pages

Floats = NDArray[np.float64]

BOOSTING = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
}
"""How the trees are grown: small ones, each of many cases."""
SPEAKS = dict.fromkeys(("logit", "margin", "span", "fused", "lead", "known", "said", "said_alone"), 1) | {
    "mistyped": -1, "unsettled": -1,
}  # fmt: skip
"""Figures that speak for a hit alone, or against it, wherever they stand: what the cases hold none of is judged so too."""
TOGETHER = 0.2
"""Part of the best hits of which two sentences are quoted, those where the reader leaves most open which."""
FOLDS = 6
WRONG = 0.05
"""Part of all questions, answerable on the page or not, that may be answered wrongly."""
FOREIGN_SURE, FOREIGN_LIKELY = 0.016, 0.072
"""Parts of the questions of another administration's page that may be answered, and shown something as near."""
WRONG_WORD = 0.02
"""Part of the "Oui" and "Non" that may be wrong."""
CHANGED_ENOUGH, CHANGED_HOPELESS = 0.001, 0.01
"""Parts of the verdicts that may change by not reading all hits, after a good one and after bad ones."""


class Thresholds(NamedTuple):
    """Those of :class:`rag.read.decision.Decision`."""

    sure: float
    likely: float
    settled: float
    enough: float
    hopeless: float


def fit(cases: Sequence[Case]) -> Decision:
    """Trees over every hit of ``cases``; thresholds are yet to be chosen."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    hits = [hit for case in cases for step in case.steps for hit in step]
    x = np.array([[hit.figures[name] for name in FEATURES] for hit in hits])
    y = np.array([hit.answers for hit in hits])
    model = HistGradientBoostingClassifier(
        **BOOSTING, monotonic_cst=[SPEAKS.get(name, 0) for name in FEATURES], random_state=0
    )
    model.fit(x, y)
    return Decision(_trees(model), 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, Nearness((0.0,) * len(NEAR), 0.0, 1.0))


def _trees(model: Any) -> Trees:
    """What scikit-learn has grown, its nodes one after the other."""
    roots: list[int] = []
    nodes: list[tuple[int, float, int, int, float]] = []
    for (tree,) in model._predictors:
        first = len(nodes)
        roots.append(first)
        for node in tree.nodes:
            split = (
                int(node["feature_idx"]),
                float(node["num_threshold"]),
                first + int(node["left"]),
                first + int(node["right"]),
            )
            nodes.append((LEAF, 0.0, 0, 0, round(float(node["value"]), 5)) if node["is_leaf"] else (*split, 0.0))
    rows = zip(*nodes, strict=True)
    return Trees(float(model._baseline_prediction[0, 0]), tuple(roots), *rows)


def most_lead(cases: Sequence[Case]) -> float:
    """By how much a sentence leads at most where another is quoted beside it: so in ``TOGETHER`` of the best hits."""
    best = [max(case.hits, key=lambda hit: hit.figures["logit"]) for case in cases if case.answerable]
    return round(float(np.quantile([hit.lead for hit in best], TOGETHER, method="lower")), 3) if best else 0.0


def quoted(cases: Sequence[Case], beside: float) -> list[Case]:
    """The same, each hit with what is quoted of it: two sentences where one leads the other by less than ``beside``."""

    def told(hit: Judged) -> Judged:
        return replace(hit, answers=hit.answers or (hit.beside and hit.lead < beside))

    return [replace(case, steps=tuple(tuple(map(told, step)) for step in case.steps)) for case in cases]


def fit_nearness(cases: Sequence[Case], verdicts: Verdicts, thresholds: Thresholds) -> Nearness:
    """What is near, from the questions that their page answers and those of another page; at most ``FOREIGN_LIKELY`` of
    these are, judged by a regression without their page."""
    from sklearn.linear_model import LogisticRegression

    best, x = _near_figures(cases, verdicts, thresholds)
    foreign = np.array([case.way == "foreign" for case in cases])
    use = foreign | np.array([case.answerable for case in cases])
    means, scales = x[use].mean(0), np.maximum(x[use].std(0), 1e-3)
    fold = _folds(cases)
    found = np.zeros(len(cases))
    for number in range(FOLDS):
        apart = fold == number
        model = LogisticRegression(max_iter=2000).fit((x - means)[use & ~apart] / scales, ~foreign[use & ~apart])
        found[apart] = model.predict_proba((x[apart] - means) / scales)[:, 1]
    model = LogisticRegression(max_iter=2000).fit((x - means)[use] / scales, ~foreign[use])
    unsure = np.array([b.probability < thresholds.sure for b in best])
    least = reached_by(found[foreign & unsure], FOREIGN_LIKELY * foreign.sum() / (foreign & unsure).sum())
    weights = model.coef_[0] / scales
    bias = float(model.intercept_[0] - weights @ means)
    return Nearness(tuple(np.round(weights, 5).tolist()), round(bias, 5), round(float(least), 4))


def _near_figures(cases: Sequence[Case], verdicts: Verdicts, thresholds: Thresholds) -> tuple[tuple[Best, ...], Floats]:
    """The best hit of each case where reading ends, and what :class:`Nearness` looks at, (cases, features)."""
    best = verdicts.at(thresholds.enough, thresholds.hopeless)
    ends = [b is steps[-1] for b, steps in zip(best, verdicts.steps, strict=True)]
    read = [case.steps[-1 if end else 0] for case, end in zip(cases, ends, strict=True)]
    rows = [measured(b.probability, [hit.figures for hit in hits]) for b, hits in zip(best, read, strict=True)]
    return best, np.array(rows)


def _folds(cases: Sequence[Case]) -> NDArray[np.int_]:
    """The fold of each case: a page is in one."""
    place = {page: number % FOLDS for number, page in enumerate(sorted({case.page for case in cases}))}
    return np.array([place[case.page] for case in cases])


@dataclass(frozen=True)
class Best:
    """The hit that the chain would answer from: its place, its probability, whether it answers, and of the word
    "Oui" or "Non" that it would say the probability and whether it is right."""

    place: int
    probability: float
    right: bool
    word: float
    word_right: bool


@dataclass(frozen=True)
class Verdicts:
    """Of each case the best hit after each step of reading, by a decision fitted without its page."""

    steps: tuple[tuple[Best, ...], ...]

    @property
    def whole(self) -> tuple[Best, ...]:
        """The best hits of all."""
        return tuple(steps[-1] for steps in self.steps)

    def at(self, enough: float, hopeless: float) -> tuple[Best, ...]:
        """What the chain decides on: the best of the first where it ends the reading, else the best of all."""
        return tuple(steps[-1 if hopeless <= steps[0].probability < enough else 0] for steps in self.steps)


def judge(cases: Sequence[Case]) -> Verdicts:
    """Every case judged by a decision fitted on the other pages."""
    fold = _folds(cases)
    decisions = [fit([c for c, place in zip(cases, fold, strict=True) if place != n]) for n in range(FOLDS)]
    return Verdicts(
        tuple(
            tuple(_best(decisions[place], case, step) for step in case.steps)
            for case, place in zip(cases, fold, strict=True)
        )
    )


def _best(decision: Decision, case: Case, hits: Sequence[Judged]) -> Best:
    place, best = max(enumerate(hits), key=lambda hit: decision.probability(hit[1].figures))
    probability = decision.probability(best.figures)
    denied, affirmed, _ = best.polarity
    said = 1 if affirmed > denied else 0
    return Best(place, probability, best.answers, probability * max(denied, affirmed), said == case.polarity)


def least(probability: Floats, wrong: NDArray[np.bool_], most: float) -> float:
    """The lowest threshold at which at most ``most`` of what is above it is wrong."""
    order = np.argsort(-probability)
    share = np.cumsum(wrong[order]) / np.arange(1, len(order) + 1)
    return _lowest(probability[order], share <= most, 1.0)


def reached_by(values: Floats, most: float) -> float:
    """The lowest threshold that at most a part ``most`` of ``values`` reaches."""
    order = np.sort(values)[::-1]
    few = np.arange(1, len(order) + 1) <= most * len(order)
    return _lowest(order, few, float(np.nextafter(order[0], 2.0)))


def _lowest(falling: Floats, good: NDArray[np.bool_], none: float) -> float:
    """The last of ``falling`` values that is ``good``, ``none`` if no one is: those that are equal stand or fall together."""
    last = np.append(np.diff(falling) < 0, True)
    kept = np.flatnonzero(good & last)
    return float(falling[kept[-1]]) if len(kept) else none


def choose(cases: Sequence[Case], verdicts: Verdicts) -> Thresholds:
    """Each the lowest that keeps its promise."""
    best = verdicts.whole
    probability, wrong = np.array([b.probability for b in best]), np.array([not b.right for b in best])
    foreign = np.array([case.way == "foreign" for case in cases])
    sure = 0.99
    for step in np.linspace(0.99, 0.2, 159):
        above = probability >= step
        if (wrong & above)[~foreign].mean() <= WRONG and above[foreign].mean() <= FOREIGN_SURE:
            sure = float(step)
    likely = reached_by(probability[foreign], FOREIGN_LIKELY)
    asking = [b for b, case in zip(best, cases, strict=True) if case.question.form == "yes_no"]
    settled = least(np.array([b.word for b in asking]), np.array([not b.word_right for b in asking]), WRONG_WORD)
    likely = min(sure, likely)
    changed = partial(_changed, verdicts, sure, likely)
    enough = next(e for e in (*np.arange(sure, 1, 0.005), 1.0) if changed(e, 0.0) <= CHANGED_ENOUGH)
    hopeless = next(h for h in np.arange(likely, -0.005, -0.005) if changed(1.0, max(0.0, h)) <= CHANGED_HOPELESS)
    chosen = (sure, likely, settled, float(enough), max(0.0, float(hopeless)))
    return Thresholds(*(round(value, 4) for value in chosen))


def _changed(verdicts: Verdicts, sure: float, likely: float, enough: float, hopeless: float) -> float:
    """The part of the verdicts that change where reading stops at first hits that are ``enough`` or ``hopeless``."""

    def verdict(best: Best) -> tuple[bool, int]:
        return best.probability >= likely, best.place if best.probability >= sure else -1

    pairs = zip(verdicts.at(enough, hopeless), verdicts.whole, strict=True)
    return float(np.mean([verdict(early) != verdict(late) for early, late in pairs]))


def report(cases: Sequence[Case], verdicts: Verdicts, thresholds: Thresholds, nearness: Nearness) -> dict[str, Any]:
    """What the thresholds give on questions judged without their page."""
    from sklearn.metrics import roc_auc_score

    best, x = _near_figures(cases, verdicts, thresholds)
    probability, right = np.array([b.probability for b in best]), np.array([b.right for b in best])
    answerable = np.array([case.answerable for case in cases])
    foreign = np.array([case.way == "foreign" for case in cases])
    near = np.array([nearness.of(row) >= nearness.least for row in x])
    above = near & (probability >= thresholds.sure)
    asks = np.array([case.question.form == "yes_no" for case in cases])
    words = asks & np.array([b.word >= thresholds.settled for b in best])
    settled_asked = asks & np.array([case.polarity in (0, 1) for case in cases])

    def share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
        return round(float(part[whole].mean()), 4) if whole.any() else 0.0

    return {
        "questions": len(cases),
        "auc": round(float(roc_auc_score(right, probability)), 4),
        "read to the end": round(
            float(np.mean([b is steps[-1] for b, steps in zip(best, verdicts.steps, strict=True)])), 4
        ),
        "answers among the hits": share(np.array([any(h.answers for h in c.hits) for c in cases]), answerable),
        "best hit right": share(right, answerable),
        "answerable sure and right": share(above & right, answerable),
        "answerable at least likely": share(near, answerable),
        "sure and wrong": share(~right, above),
        "unanswerable sure": share(above, ~answerable & ~foreign),
        "foreign sure": share(above, foreign),
        "foreign likely": share(near & ~above, foreign),
        "words said": share(words, settled_asked),
        "words right": share(np.array([b.word_right for b in best]), words),
        "real pages: best hit right": share(right, answerable & _real(cases)),
        "real pages: answerable sure and right": share(above & right, answerable & _real(cases)),
        "real pages: sure and wrong": share(~right, above & _real(cases)),
    }


def _real(cases: Sequence[Case]) -> NDArray[np.bool_]:
    return np.array([case.page.startswith(("travail ", "fiche ")) for case in cases])


def draw(best: Sequence[Best], thresholds: Thresholds, folder: Path) -> None:
    """Reliability, and risk against coverage, as SVG pictures in ``folder``."""
    from matplotlib.figure import Figure

    probability, right = np.array([b.probability for b in best]), np.array([b.right for b in best])

    def save(figure: Any, axis: Any, name: str, x: str, y: str) -> None:
        axis.set_xlabel(x)
        axis.set_ylabel(y)
        axis.grid(alpha=0.3)
        figure.savefig(folder / name, metadata={"Date": None})

    bins = np.digitize(probability, np.linspace(0, 1, 11)[1:-1])
    full = [b for b in range(10) if (bins == b).sum() > 4]
    figure = Figure(figsize=(4.5, 4), layout="tight")
    axis = figure.subplots()
    axis.plot([0, 1], [0, 1], color="#bbb")
    axis.plot([probability[bins == b].mean() for b in full], [right[bins == b].mean() for b in full], "o-")
    save(figure, axis, "reliability.svg", "probability", "part that is right")
    order = np.argsort(-probability)
    count = np.arange(1, len(order) + 1)
    figure = Figure(figsize=(4.5, 4), layout="tight")
    axis = figure.subplots()
    axis.plot(count / len(order), np.cumsum(~right[order]) / count)
    for name, threshold in zip(("sure", "likely"), thresholds, strict=False):
        at = float((probability >= threshold).mean())
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
    read = list(ask_all(held_pages(a.data, a.work), encoder, reader, a.most))
    beside = most_lead(read)
    cases = quoted(read, beside)
    verdicts = judge(cases)
    thresholds = choose(cases, verdicts)
    nearness = fit_nearness(cases, verdicts, thresholds)
    replace(fit(cases), **thresholds._asdict(), beside=beside, nearness=nearness).save(a.weights / "decision.json")
    draw(verdicts.at(thresholds.enough, thresholds.hopeless), thresholds, a.weights)
    print(json.dumps({**report(cases, verdicts, thresholds, nearness), **thresholds._asdict()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
