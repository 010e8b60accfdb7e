"""Questions judged by a decision that was fitted without their page: what its thresholds are chosen on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.read.decision import ADDED, ALSO_CHARS, FEATURES, Decision
from rag.read.defining import Defining
from rag.read.nearness import FEATURES as NEAR
from rag.read.nearness import Nearness
from rag.read.trees import LEAF, Trees
from rag.training.cases import Case, Judged
from rag.training.together import NOTHING_TOLD

BOOSTING = {
    "max_iter": 150,
    "learning_rate": 0.05,
    "max_leaf_nodes": 8,
    "min_samples_leaf": 40,
    "l2_regularization": 5.0,
}
"""How the trees are grown: small ones, each of many cases."""
SPEAKS = dict.fromkeys(("logit", "margin", "span", "fused", "lead", "known", "said", "said_alone", "contrast"), 1) | {
    "mistyped": -1, "unsettled": -1,
}  # fmt: skip
"""Figures that speak for a hit alone, or against it, wherever they stand: what the cases hold none of is judged so too."""
ALSO = 0.2
"""Part of the questions that the page answers of which a sentence of the next passage is quoted as well, those where it is
most probable beside the best."""
FOLDS = 6
SHRINKS = 5e-4
"""Weight of the squares of what is added, beside the mean loss."""
NOTHING_DEFINED = Defining()


def fit(cases: Sequence[Case], defining: Defining = NOTHING_DEFINED) -> Decision:
    """Trees over every hit of ``cases``, and what is added to them; thresholds are yet to be chosen."""
    hits = _hits(cases)
    model = _grown(hits)
    usual = round(float(np.mean([hit.figures["contrast"] for hit in hits])), 5)
    near = Nearness((0.0,) * len(NEAR), 0.0, 1.0, 1.0)
    return Decision(_trees(model), added(cases), defining, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 1.0, usual, near, NOTHING_TOLD)


def save(decision: Decision, file: Path) -> None:
    file.write_text(json.dumps({"features": FEATURES, **asdict(decision)}, indent=1) + "\n", encoding="utf-8")


def added(cases: Sequence[Case]) -> tuple[float, ...]:
    """What each of ``ADDED`` adds to the log-odds of trees that were grown without the page: a logistic regression over the
    hits of which one is known, whose offset they are."""
    from scipy.optimize import minimize

    fold = folds(cases)
    offsets, rows, right = [], [], []
    for number in range(FOLDS):
        apart = [case for case, place in zip(cases, fold, strict=True) if place == number]
        known = [hit for hit in _hits(apart) if any(hit.figures[name] for name in ADDED)]
        if known and len(apart) < len(cases):
            model = _grown(_hits([case for case, place in zip(cases, fold, strict=True) if place != number]))
            offsets += list(model.decision_function(_figures(known)))
            rows += [[hit.figures[name] for name in ADDED] for hit in known]
            right += [hit.answers for hit in known]
    if not rows:
        return (0.0,) * len(ADDED)
    z, x, y = np.array(offsets), np.array(rows), np.array(right, float)

    def loss(weights: NDArray[np.float64]) -> float:
        t = z + x @ weights
        return float(np.mean(np.logaddexp(0, t) - y * t) + SHRINKS * weights @ weights)

    found = minimize(loss, np.zeros(len(ADDED))).x
    return tuple(round(float(weight), 3) for weight in found)


def _hits(cases: Sequence[Case]) -> list[Judged]:
    return [hit for case in cases for step in case.steps for hit in step]


def _figures(hits: Sequence[Judged]) -> NDArray[np.float64]:
    return np.array([[hit.figures[name] for name in FEATURES] for hit in hits])


def _grown(hits: Sequence[Judged]) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rising = [SPEAKS.get(name, 0) for name in FEATURES]
    model = HistGradientBoostingClassifier(**BOOSTING, monotonic_cst=rising, random_state=0)
    return model.fit(_figures(hits), np.array([hit.answers for hit in hits]))


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


def folds(cases: Sequence[Case]) -> NDArray[np.int_]:
    """The fold of each case: a page is in one."""
    place = {page: number % FOLDS for number, page in enumerate(sorted({case.page for case in cases}))}
    return np.array([place[case.page] for case in cases])


@dataclass(frozen=True)
class Best:
    """The hit that the chain would answer from: its place, its probability, whether it answers, and of the word
    "Oui" or "Non" that it would say the probability and whether it is right; whether a short answer would be, None where
    there is none. ``next`` is the probability of the next hit, 0 where both cannot be quoted, and ``next_right`` whether
    its sentence answers; ``trust`` and ``answered`` are of all that is quoted."""

    place: int
    probability: float
    right: bool
    word: float
    word_right: bool
    short: bool | None
    next: float
    next_right: bool
    trust: float
    answered: bool


@dataclass(frozen=True)
class Verdicts:
    """Of each case the best hit after each step of reading, by a decision fitted without its page."""

    steps: tuple[tuple[Best, ...], ...]

    @property
    def whole(self) -> tuple[Best, ...]:
        """The best hits of all."""
        return tuple(steps[-1] for steps in self.steps)

    def at(self, enough: float) -> tuple[Best, ...]:
        """What the chain decides on: the best of the first where it ends the reading, else the best of all."""
        return tuple(steps[-1 if steps[0].probability < enough else 0] for steps in self.steps)


def judge(cases: Sequence[Case]) -> Verdicts:
    """Every case judged by a decision fitted on the other pages."""
    fold = folds(cases)
    decisions = [fit([c for c, place in zip(cases, fold, strict=True) if place != n]) for n in range(FOLDS)]
    return Verdicts(
        tuple(
            tuple(_best(decisions[place], case, step) for step in case.steps)
            for case, place in zip(cases, fold, strict=True)
        )
    )


def _best(decision: Decision, case: Case, hits: Sequence[Judged]) -> Best:
    probabilities = [decision.probability(hit.figures) for hit in hits]
    place, *others = sorted(range(len(hits)), key=probabilities.__getitem__, reverse=True)
    best, probability = hits[place], probabilities[place]
    denied, affirmed, _ = best.polarity
    said = 1 if affirmed > denied else 0
    word = (probability * max(denied, affirmed), said == case.polarity)
    also = [n for n in others[:1] if best.chars + hits[n].chars <= ALSO_CHARS]
    after = (probabilities[also[0]], hits[also[0]].alone) if also else (0.0, False)
    return Best(place, probability, best.answers, *word, best.short, *after, probability, best.answers)


def least_also(cases: Sequence[Case], verdicts: Verdicts) -> float:
    """How probable the next hit is at least, beside the best's probability, where it is quoted as well: so of ``ALSO`` of the
    questions that their page answers."""
    best = [b for b, case in zip(verdicts.whole, cases, strict=True) if case.answerable]
    return round(float(np.quantile([b.next / b.probability for b in best], 1 - ALSO)), 4) if best else 1.0


def seconded(verdicts: Verdicts, also: float) -> Verdicts:
    """The same, the next hit quoted as well where it is so probable."""

    def told(b: Best) -> Best:
        if not b.next or b.next < also * b.probability:
            return b
        return replace(b, trust=b.probability + b.next, answered=b.right or b.next_right)

    return Verdicts(tuple(tuple(map(told, steps)) for steps in verdicts.steps))
