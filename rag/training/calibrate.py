"""Calibrate the reader on held-out questions, choose its threshold, and draw why.

``python -m rag.training.calibrate`` rewrites ``reader.json`` and ``threshold.svg`` beside the weights.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.settings import Settings
from index.store import Index
from rag.judge import ReaderJudge, Weighed
from rag.question import analyse
from rag.read.model import Calibration, Reader, load_reader
from rag.retrieval import Retriever
from rag.evaluate.squad import read_collection
from rag.training.data import Source, load_sources
from rag.training.pages import FOLDER

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """A question asked of a whole held-out page, through retrieval and judge as in the chain.

    ``weighed`` are its hits and ``right`` the passage that answers, None where none does. ``foreign`` is
    a question about another subject altogether.
    """

    weighed: list[Weighed]
    right: int | None
    foreign: bool = False
    yes_no: bool = False

    def best(self, calibration: Calibration) -> Weighed:
        """The hit that the chain would answer from."""
        return max(self.weighed, key=lambda weighed: weighed.probability(calibration))


def ask_pages(
    encoder: Encoder,
    reader: Reader,
    source: Source,
    numbers: Sequence[int],
    foreign: Sequence[str],
    settings: Settings,
) -> list[Asked]:
    """Ask the items ``numbers`` of their own pages, and ``foreign`` questions of all pages in turn, each of several."""
    pages: dict[str, list[int]] = {}
    for place, text in enumerate(source.texts):
        pages.setdefault(text.article, []).append(place)
    asked = []
    for turn, (article, places) in enumerate(pages.items()):
        collection = read_collection(
            {"title": source.texts[p].context, "paragraphs": [{"context": source.texts[p].text}]}
            for p in places
        )
        retriever = Retriever(
            Index.build(collection.page, collection.passages, encoder), encoder, settings.dense_weight
        )
        judge = ReaderJudge(reader, collection.passages)

        def ask(
            question: str,
            right: int | None = None,
            foreign: bool = False,
            retriever: Retriever = retriever,
            judge: ReaderJudge = judge,
        ) -> Asked:
            wanted = analyse(question)
            weighed = judge.weigh(wanted, retriever.search(wanted.plain, settings.read_passages))
            return Asked(weighed, right, foreign, wanted.kind == "yes_no")

        for number in numbers:
            item = source.items[number]
            if source.texts[item.passage].article == article:
                asked.append(ask(item.question, places.index(item.passage) if item.spans else None))
        asked += [ask(question, foreign=True) for question in foreign[turn :: len(pages)]]
    return asked


def fit(asked: Sequence[Asked], rounds: int = 4, steps: int = 12) -> Calibration:
    """Logistic regression on what ``Calibration`` weighs: whether the best hit answers, and which hit does.

    Of questions about their page, right answers and near misses weighing half each. Foreign questions are
    left to the judge's nearness to the page: fitted with them, the rest makes up for what it takes away.
    Which hit is best depends on what is fitted, hence the rounds.
    """
    asked = [a for a in asked if not a.foreign]
    begin = theta = np.array([1.0, 1.0, 0.0, 0.0])
    features = [np.array([[w.reading.logit, w.hit.score, w.unsaid, 1.0] for w in a.weighed]) for a in asked]
    left = [np.log([w.left for w in a.weighed]) for a in asked]
    right = [np.array([w.hit.passage.id == a.right for w in a.weighed]) for a in asked]
    found = [i for i, r in enumerate(right) if r.any()]
    for _ in range(rounds):
        best = [int(np.argmax(x @ theta + o)) for x, o in zip(features, left, strict=True)]
        x = np.array([f[i] for f, i in zip(features, best, strict=True)])
        offset = np.array([o[i] for o, i in zip(left, best, strict=True)])
        y = np.array([r[i] for r, i in zip(right, best, strict=True)])
        weight = np.zeros(len(y))
        for side in (y, ~y):
            weight[side] = 0.5 / max(1, side.sum())
        for _ in range(steps):  # Newton's method, drawn a little towards where it began
            p = 1 / (1 + np.exp(-(x @ theta + offset)))
            slope = x.T @ (weight * (p - y)) + 1e-3 * (theta - begin)
            bend = (x * (weight * p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(begin))
            for i in found:
                z = features[i] @ theta + left[i]
                q = np.exp(z - z.max())
                mean = (q / q.sum()) @ features[i]
                apart = features[i] - mean
                share = RANKING / len(found)
                slope += share * (mean - features[i][right[i]][0])
                bend += share * (apart * (q / q.sum())[:, None]).T @ apart
            theta = theta - np.linalg.solve(bend, slope)
    return Calibration(*theta.tolist())


@dataclass(frozen=True)
class Curve:
    """At each threshold, (99,), the part of right answers kept, of near misses and of foreign questions let through."""

    steps: Floats
    kept: Floats
    near: Floats
    foreign: Floats


def curve(asked: Sequence[Asked], calibration: Calibration) -> Curve:
    """What each threshold keeps and lets through. Foreign questions ask for a few hundred, to speak of few in a thousand."""
    steps = np.linspace(0.01, 0.99, 99)
    best = [a.best(calibration) for a in asked]
    probabilities = np.array([w.probability(calibration) for w in best])
    right = np.array([w.hit.passage.id == a.right for w, a in zip(best, asked, strict=True)])
    foreign = np.array([a.foreign for a in asked])
    near = np.array([a.right is None for a in asked]) & ~foreign
    shown = probabilities[None, :] >= steps[:, None]
    kept, missed, strange = ((shown & side).sum(1) / max(1, side.sum()) for side in (right, near, foreign))
    return Curve(steps, kept, missed, strange)


SHARE = 3
"""Pages that each foreign question is asked of."""
RANKING = 0.5
"""What choosing the right hit weighs beside telling whether it answers."""
AS_GOOD = 0.02
"""Differences that a few hundred held-out questions cannot tell from none."""
FOREIGN = 0.01
"""Part of foreign questions that may be answered: people forgive a lost answer sooner than a silly one."""


def choose(c: Curve) -> int:
    """The threshold where the worse of the two is best: right answers kept, near misses refused.

    Among those that let hardly any foreign question through; of equals the middle one, which chance in
    the held-out questions moves least.
    """
    worse = np.where(c.foreign <= FOREIGN, np.minimum(c.kept, 1 - c.near), 0.0)
    equals = np.flatnonzero(worse >= worse.max() - AS_GOOD)
    return int(equals[len(equals) // 2])


def draw(c: Curve, chosen: int) -> str:
    """The curve as an SVG picture: right answers kept against near misses let through."""
    size, margin = 320, 48

    def place(x: float, y: float) -> tuple[float, float]:
        return round(margin + x * size, 1), round(margin + (1 - y) * size, 1)

    line = " ".join(
        f"{x},{y}" for x, y in (place(float(a), float(b)) for a, b in zip(c.near, c.kept, strict=True))
    )
    grid, labels = [], []
    for tenth in range(0, 11, 2):
        value = tenth / 10
        (x, bottom), (left, y) = place(value, 0), place(0, value)
        grid.append(f'<path d="M{x} {margin}V{bottom}M{left} {y}H{margin + size}"/>')
        labels.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{value:.1f}</text>')
        labels.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{value:.1f}</text>')
    cx, cy = place(float(c.near[chosen]), float(c.kept[chosen]))
    whole = size + 2 * margin
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif" font-size="11">
<rect width="{whole}" height="{whole}" fill="white"/>
<g stroke="#ddd" fill="none">{"".join(grid)}</g>
<g fill="#333">{"".join(labels)}
<text x="{whole / 2}" y="{whole - 10}" text-anchor="middle">near misses let through</text>
<text x="14" y="{whole / 2}" text-anchor="middle" transform="rotate(-90 14 {whole / 2})">right answers kept</text>
<text x="{cx + 10}" y="{cy + 16}">threshold {c.steps[chosen]:.2f}: {c.kept[chosen]:.2f} kept, {c.near[chosen]:.2f} let through</text>
<text x="{cx + 10}" y="{cy + 30}">(of foreign questions {c.foreign[chosen]:.3f})</text>
</g>
<polyline points="{line}" fill="none" stroke="#1f5fbf" stroke-width="2"/>
<circle cx="{cx}" cy="{cy}" r="5" fill="#c0392b"/>
</svg>
"""


def calibrate(weights: Path, data: Path, pages: Path, most: int) -> dict[str, float]:
    """Calibrate what is in ``weights``, in place; return what was found."""
    encoder = Encoder.load(Settings.from_env())
    reader = load_reader(weights, encoder)
    _, held = load_sources(data, pages, foreign=False)
    written, piaf = next(s for s in held if s.name == "pages"), next(s for s in held if s.name == "piaf")
    rng = random.Random(11)
    numbers = sorted(rng.sample(range(len(written.items)), min(most, len(written.items))))
    strangers = [item.question for item in piaf.items]
    foreign = [q for _ in range(SHARE) for q in rng.sample(strangers, min(most // 2, len(strangers)))]
    asked = ask_pages(encoder, reader, written, numbers, foreign, Settings.from_env())
    fitted = fit(asked)
    drawn = curve(asked, fitted)
    chosen = choose(drawn)
    verdicts = curve([a for a in asked if a.yes_no and not a.foreign], fitted)
    sure = float(verdicts.steps[max(chosen, choose(verdicts))])
    fitted = replace(fitted, threshold=round(float(drawn.steps[chosen]), 2), sure=round(sure, 2))
    answerable = [a for a in asked if a.right is not None]
    hits = sum(a.best(fitted).hit.passage.id == a.right for a in answerable)
    found = {
        "questions": len(asked),
        "right passage": round(hits / max(1, len(answerable)), 4),
        "kept": round(float(drawn.kept[chosen]), 4),
        "near let through": round(float(drawn.near[chosen]), 4),
        "foreign let through": round(float(drawn.foreign[chosen]), 4),
    }
    file = weights / "reader.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    description |= {**asdict(fitted), "calibration": found}
    file.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    (weights / "threshold.svg").write_text(draw(drawn, chosen), encoding="utf-8")
    return {**asdict(fitted), **found}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.calibrate", description="Calibrate the reader and choose its threshold."
    )
    parser.add_argument("--weights", type=Path, default=Path("rag/weights"), help="folder of the reader")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the SQuAD files")
    parser.add_argument("--pages", type=Path, default=FOLDER, help="folder of the written pages")
    parser.add_argument("--most", type=int, default=2000, help="held-out questions to ask, at most")
    a = parser.parse_args(argv)
    print(json.dumps(calibrate(a.weights, a.data, a.pages, a.most)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
