"""Pictures of the decision: how well its probabilities keep their word, and what an answer more costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from rag.training.verdicts import Best


def draw(best: Sequence[Best], least: Mapping[str, float], folder: Path) -> None:
    """Reliability, and risk against coverage, as SVG pictures in ``folder``; ``least`` are probabilities to mark there, by name."""
    from matplotlib.figure import Figure

    probability, right = np.array([b.trust for b in best]), np.array([b.answered for b in best])

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
    for name, threshold in least.items():
        at = float((probability >= threshold).mean())
        axis.axvline(at, color="#c0392b", linestyle=":")
        axis.annotate(f"{name} {threshold:.2f}", (at, 0.02), rotation=90)
    save(figure, axis, "risk.svg", "part of questions answered", "part of answers that is wrong")
