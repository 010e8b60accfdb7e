"""Fit the decision on held-out questions and choose its thresholds: ``python -m rag.training.decision``.

Rewrites ``decision.json``, and beside it ``reliability.svg`` and ``risk.svg``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.settings import Settings
from rag.question.heads import load_heads
from rag.read.nearness import Nearness, measured
from rag.read.weights import WEIGHTS, load_reader
from rag.training.cases import Case, Judged, ask_all, held_pages
from rag.training.curves import draw
from rag.training.defining import examples, learn
from rag.training.together import ask_several, fit_together
from rag.training.verdicts import FOLDS, Best, Verdicts, fit, folds, judge, least_also, save, seconded

Floats = NDArray[np.float64]

TOGETHER = 0.4
"""Part of the best hits of which two sentences are quoted, those where the reader leaves most open which."""
WRONG = 0.092
"""Part of all questions, answerable on the page or not, that may be answered wrongly."""
FOREIGN_SURE, FOREIGN_LIKELY = 0.018, 0.115
"""Parts of the questions of another administration's page that may be answered, and shown something as near."""
WRONG_WORD = 0.02
"""Part of the "Oui" and "Non" that may be wrong."""
WRONG_SHORT = 0.15
"""Part of the short answers that may be."""
CHANGED = 0.001
"""Part of the verdicts that may change by not reading all hits after a good one."""


class Thresholds(NamedTuple):
    """Those of :class:`rag.read.decision.Decision`."""

    sure: float
    likely: float
    settled: float
    short: float
    enough: float


def most_lead(cases: Sequence[Case]) -> float:
    """By how much a sentence leads at most where another is quoted beside it: so in ``TOGETHER`` of the best hits."""
    best = [max(case.hits, key=lambda hit: hit.figures["logit"]) for case in cases if case.answerable]
    return round(float(np.quantile([hit.lead for hit in best], TOGETHER, method="lower")), 3) if best else 0.0


def quoted(cases: Sequence[Case], beside: float) -> list[Case]:
    """The same, each hit with what is quoted of it: two sentences where one leads the other by less than ``beside``."""

    def told(hit: Judged) -> Judged:
        return replace(hit, answers=hit.answers or hit.beside, chars=hit.both_chars) if hit.lead < beside else hit

    return [replace(case, steps=tuple(tuple(map(told, step)) for step in case.steps)) for case in cases]


def settle(cases: Sequence[Case], verdicts: Verdicts) -> tuple[float, Nearness]:
    """What is sure, and with it what is near, from the questions that their page answers and those of another page, judged by
    a regression without their page. At most ``FOREIGN_LIKELY`` of another page's are near and not sure."""
    from sklearn.linear_model import LogisticRegression

    best, x = _near_figures(cases, verdicts, enough=1.0)
    foreign = np.array([case.way == "foreign" for case in cases])
    use = foreign | np.array([case.answerable for case in cases])
    means, scales = x[use].mean(0), np.maximum(x[use].std(0), 1e-3)
    fold = folds(cases)
    found = np.zeros(len(cases))
    for number in range(FOLDS):
        apart = fold == number
        model = LogisticRegression(max_iter=2000).fit((x - means)[use & ~apart] / scales, ~foreign[use & ~apart])
        found[apart] = model.predict_proba((x[apart] - means) / scales)[:, 1]
    model = LogisticRegression(max_iter=2000).fit((x - means)[use] / scales, ~foreign[use])
    trust = np.array([b.trust for b in best])
    sure, near = surest(trust, found, np.array([b.answered for b in best]), foreign)
    unsure = foreign & ~((trust >= sure) & (found >= near))
    least = reached_by(found[unsure], FOREIGN_LIKELY * foreign.sum() / unsure.sum())
    weights = model.coef_[0] / scales
    bias = float(model.intercept_[0] - weights @ means)
    rounded = (round(float(value), 5) for value in (bias, least, max(least, near)))
    return sure, Nearness(tuple(np.round(weights, 5).tolist()), *rounded)


def surest(
    probability: Floats, near: Floats, right: NDArray[np.bool_], foreign: NDArray[np.bool_]
) -> tuple[float, float]:
    """The least probability and the least nearness of what is answered surely: of those that keep the promises of ``WRONG``
    and ``FOREIGN_SURE`` together the ones that answer most questions rightly."""
    best, most = (0.99, 0.99), 0.0
    for low in (*np.linspace(0.0, 0.9, 19), *np.linspace(0.91, 0.99, 9)):
        for least in np.linspace(0.99, 0.2, 159):
            above = (probability >= least) & (near >= low)
            kept = (above & ~right)[~foreign].mean() <= WRONG and above[foreign].mean() <= FOREIGN_SURE
            if kept and (above & right).mean() > most:
                best, most = (round(float(least), 4), round(float(low), 4)), float((above & right).mean())
    return best


def _near_figures(cases: Sequence[Case], verdicts: Verdicts, enough: float) -> tuple[tuple[Best, ...], Floats]:
    """The best hit of each case where reading ends, and what :class:`Nearness` looks at, (cases, features)."""
    best = verdicts.at(enough)
    ends = [b is steps[-1] for b, steps in zip(best, verdicts.steps, strict=True)]
    read = [case.steps[-1 if end else 0] for case, end in zip(cases, ends, strict=True)]
    rows = [measured(b.probability, [hit.figures for hit in hits]) for b, hits in zip(best, read, strict=True)]
    return best, np.array(rows)


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


def choose(cases: Sequence[Case], verdicts: Verdicts, sure: float) -> Thresholds:
    """With ``sure`` the others, each the lowest that keeps its promise."""
    best = verdicts.whole
    foreign = np.array([b.probability for b, case in zip(best, cases, strict=True) if case.way == "foreign"])
    likely = min(sure, reached_by(foreign, FOREIGN_LIKELY))
    asking = [b for b, case in zip(best, cases, strict=True) if case.question.form == "yes_no"]
    settled = least(np.array([b.word for b in asking]), np.array([not b.word_right for b in asking]), WRONG_WORD)
    told = [b for b in best if b.short is not None and b.trust >= sure]
    short = least(np.array([b.probability for b in told]), np.array([not b.short for b in told]), WRONG_SHORT)
    changed = partial(_changed, verdicts, sure, likely)
    enough = next(e for e in (*np.arange(sure, 1, 0.005), 1.0) if changed(e) <= CHANGED)
    return Thresholds(*(round(float(value), 4) for value in (sure, likely, settled, short, enough)))


def _changed(verdicts: Verdicts, sure: float, likely: float, enough: float) -> float:
    """The part of the verdicts that change where reading stops at first hits that are ``enough``."""

    def verdict(best: Best) -> tuple[bool, int]:
        return best.probability >= likely, best.place if best.trust >= sure else -1

    pairs = zip(verdicts.at(enough), verdicts.whole, strict=True)
    return float(np.mean([verdict(early) != verdict(late) for early, late in pairs]))


def report(cases: Sequence[Case], verdicts: Verdicts, thresholds: Thresholds, nearness: Nearness) -> dict[str, Any]:
    """What the thresholds give on questions judged without their page."""
    from sklearn.metrics import roc_auc_score

    best, x = _near_figures(cases, verdicts, thresholds.enough)
    probability, right = np.array([b.probability for b in best]), np.array([b.right for b in best])
    trust, answered = np.array([b.trust for b in best]), np.array([b.answered for b in best])
    answerable = np.array([case.answerable for case in cases])
    foreign = np.array([case.way == "foreign" for case in cases])
    nearby = np.array([nearness.of(row) for row in x])
    near = nearby >= nearness.least
    above = (nearby >= nearness.sure) & (trust >= thresholds.sure)
    asks = np.array([case.question.form == "yes_no" for case in cases])
    words = asks & np.array([b.word >= thresholds.settled for b in best])
    told = np.array([b.short is not None for b in best])
    bold = told & (probability >= thresholds.short)
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
        "answerable sure and right": share(above & answered, answerable),
        "answerable at least likely": share(near, answerable),
        "two passages quoted": share(trust > probability, above),
        "sure and wrong": share(~answered, above),
        "unanswerable sure": share(above, ~answerable & ~foreign),
        "foreign sure": share(above, foreign),
        "foreign likely": share(near & ~above, foreign),
        "short answers shown": share(bold & above, told & above),
        "short answers right": share(np.array([bool(b.short) for b in best]), bold & above),
        "words said": share(words, settled_asked),
        "words right": share(np.array([b.word_right for b in best]), words),
        "real pages: best hit right": share(right, answerable & _real(cases)),
        "real pages: answerable sure and right": share(above & answered, answerable & _real(cases)),
        "real pages: sure and wrong": share(~answered, above & _real(cases)),
    }


def _real(cases: Sequence[Case]) -> NDArray[np.bool_]:
    return np.array([case.page.startswith(("travail ", "fiche ")) for case in cases])


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.decision", description="Fit the decision.")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the reader")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="folder for pages as files")
    parser.add_argument("--most", type=int, default=60, help="questions of each page, at most")
    a = parser.parse_args(argv)
    encoder = Encoder.load(Settings.from_env())
    reader = load_reader(a.weights, encoder)
    defining = learn(examples(a.data, a.work, load_heads(encoder.trained_for).frame))
    held = held_pages(a.data, a.work)
    read = list(ask_all(held, encoder, reader, defining, a.most))
    beside = most_lead(read)
    cases = quoted(read, beside)
    verdicts = judge(cases)
    also = least_also(cases, verdicts)
    verdicts = seconded(verdicts, also)
    sure, nearness = settle(cases, verdicts)
    thresholds = choose(cases, verdicts, sure)
    chosen = replace(fit(cases, defining), **thresholds._asdict(), beside=beside, also=also, nearness=nearness)
    told = report(cases, verdicts, thresholds, nearness)
    together, several = fit_together(list(ask_several(held, encoder, reader, chosen)), told["sure and wrong"])
    save(replace(chosen, together=together), a.weights / "decision.json")
    draw(verdicts.at(thresholds.enough), {"sure": thresholds.sure, "likely": thresholds.likely}, a.weights)
    print(json.dumps({**told, **several, **thresholds._asdict()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
