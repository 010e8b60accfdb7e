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
from rag.reader import Calibration, Reader, load_reader
from rag.retrieval import Retriever
from rag.squad import read_collection
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
    """Ask the items ``numbers`` of their own pages, and ``foreign`` questions of all pages in turn."""
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

        def weigh(
            question: str, retriever: Retriever = retriever, judge: ReaderJudge = judge
        ) -> list[Weighed]:
            wanted = analyse(question)
            return judge.weigh(wanted, retriever.search(wanted.plain, settings.read_passages))

        for number in numbers:
            item = source.items[number]
            if source.texts[item.passage].article == article:
                right = places.index(item.passage) if item.spans else None
                asked.append(Asked(weigh(item.question), right))
        asked += [Asked(weigh(question), None, foreign=True) for question in foreign[turn :: len(pages)]]
    return asked


def fit(asked: Sequence[Asked], rounds: int = 4, steps: int = 20) -> Calibration:
    """Logistic regression of "the best hit answers" on what ``Calibration`` weighs.

    Both sides weigh half. Which hit is best depends on what is fitted, hence the rounds.
    """
    begin = theta = np.array([1.0, 1.0, 0.0, 0.0])
    for _ in range(rounds):
        calibration = Calibration(*theta.tolist())
        best = [a.best(calibration) for a in asked]
        features = np.array([[w.reading.logit, w.hit.score, w.unsaid, 1.0] for w in best])
        left = np.log([w.left for w in best])
        y = np.array([w.hit.passage.id == a.right for w, a in zip(best, asked, strict=True)], dtype=float)
        weight = np.where(y > 0, 0.5 / max(1.0, y.sum()), 0.5 / max(1.0, (1 - y).sum()))
        for _ in range(steps):  # Newton's method, drawn a little towards where it began
            p = 1 / (1 + np.exp(-(features @ theta + left)))
            gradient = features.T @ (weight * (p - y)) + 1e-3 * (theta - begin)
            bend = (features * (weight * p * (1 - p))[:, None]).T @ features + 1e-3 * np.eye(len(begin))
            theta = theta - np.linalg.solve(bend, gradient)
    return Calibration(*theta.tolist())


def curve(asked: Sequence[Asked], calibration: Calibration) -> tuple[Floats, Floats, Floats]:
    """Thresholds; the part of right answers kept at each; the part of unanswered questions let through.

    Of the unanswered, near misses and foreign questions weigh half each, as people ask them.
    """
    steps = np.linspace(0.01, 0.99, 99)
    best = [a.best(calibration) for a in asked]
    probabilities = np.array([w.probability(calibration) for w in best])
    right = np.array([w.hit.passage.id == a.right for w, a in zip(best, asked, strict=True)])
    foreign = np.array([a.foreign for a in asked])
    near = np.array([a.right is None for a in asked]) & ~foreign
    shown = probabilities[None, :] >= steps[:, None]
    kept = (shown & right).sum(1) / max(1, right.sum())
    sides = [side for side in (near, foreign) if side.any()]
    through = sum((shown & side).sum(1) / side.sum() for side in sides) / max(1, len(sides))
    return steps, kept, through


AS_GOOD = 0.02
"""Differences that a few hundred held-out questions cannot tell from none."""


def choose(steps: Floats, kept: Floats, through: Floats) -> int:
    """The threshold where the worse of the two is best: right answers kept, unanswered questions refused.

    Among equals the highest: a wrong answer costs more trust than a lost one.
    """
    worse = np.minimum(kept, 1 - through)
    return int(np.flatnonzero(worse >= worse.max() - AS_GOOD)[-1])


def draw(steps: Floats, kept: Floats, through: Floats, chosen: int) -> str:
    """The curve as an SVG picture: right answers kept against wrong ones let through."""
    size, margin = 320, 48

    def place(x: float, y: float) -> tuple[float, float]:
        return round(margin + x * size, 1), round(margin + (1 - y) * size, 1)

    line = " ".join(
        f"{x},{y}" for x, y in (place(float(a), float(b)) for a, b in zip(through, kept, strict=True))
    )
    grid, labels = [], []
    for tenth in range(0, 11, 2):
        value = tenth / 10
        (x, bottom), (left, y) = place(value, 0), place(0, value)
        grid.append(f'<path d="M{x} {margin}V{bottom}M{left} {y}H{margin + size}"/>')
        labels.append(f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{value:.1f}</text>')
        labels.append(f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{value:.1f}</text>')
    cx, cy = place(float(through[chosen]), float(kept[chosen]))
    whole = size + 2 * margin
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif" font-size="11">
<rect width="{whole}" height="{whole}" fill="white"/>
<g stroke="#ddd" fill="none">{"".join(grid)}</g>
<g fill="#333">{"".join(labels)}
<text x="{whole / 2}" y="{whole - 10}" text-anchor="middle">unanswered questions let through</text>
<text x="14" y="{whole / 2}" text-anchor="middle" transform="rotate(-90 14 {whole / 2})">right answers kept</text>
<text x="{cx + 10}" y="{cy + 16}">threshold {steps[chosen]:.2f}: {kept[chosen]:.2f} kept, {through[chosen]:.2f} let through</text>
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
    foreign = [item.question for item in rng.sample(piaf.items, min(most // 3, len(piaf.items)))]
    asked = ask_pages(encoder, reader, written, numbers, foreign, Settings.from_env())
    fitted = fit(asked)
    steps, kept, through = curve(asked, fitted)
    chosen = choose(steps, kept, through)
    fitted = replace(fitted, threshold=round(float(steps[chosen]), 2))
    answerable = [a for a in asked if a.right is not None]
    hits = sum(a.best(fitted).hit.passage.id == a.right for a in answerable)
    found = {
        "questions": len(asked),
        "right passage": round(hits / max(1, len(answerable)), 4),
        "kept": round(float(kept[chosen]), 4),
        "let through": round(float(through[chosen]), 4),
    }
    file = weights / "reader.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    description |= {**asdict(fitted), "calibration": found}
    file.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    (weights / "threshold.svg").write_text(draw(steps, kept, through, chosen), encoding="utf-8")
    return {**asdict(fitted), **found}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m rag.training.calibrate", description="Calibrate the reader and choose its threshold."
    )
    parser.add_argument("--weights", type=Path, default=Path("rag/weights"), help="folder of the reader")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the SQuAD files")
    parser.add_argument("--pages", type=Path, default=FOLDER, help="folder of the written pages")
    parser.add_argument("--most", type=int, default=400, help="held-out questions to ask")
    a = parser.parse_args(argv)
    print(json.dumps(calibrate(a.weights, a.data, a.pages, a.most)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
