"""How likely a claim is supported: the learnt head asked three times, weighed by a small fitted model.

Logistic regression on the log-odds named in ``FEATURES``, fitted on claims about pages that the network was not
trained on (``python -m rag.training.support --choose``); words shared, negation and modality were tried beside them and
made it worse where it counts, among the claims that are trusted most. No other constant decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from index.packing import mismatch_as
from index.page import Passage
from rag.logistic import log_odds, logistic
from rag.support.follows import FollowsHead
from rag.support.window import Window, window

FEATURES = ("passage", "window", "bare")
"""Log-odds of the head on the claim and: the passage under its headings, the sentences that the claim rests on alone, and
the passage without its headings."""
FILE = "support_weighing.json"


@dataclass(frozen=True)
class Weighing:
    """The fitted model. ``least`` is the least probability of a claim that is shown."""

    weights: tuple[float, ...]
    bias: float
    least: float

    def probability(self, figures: Mapping[str, float]) -> float:
        """How likely the claim is supported."""
        return logistic(self.bias + sum(w * figures[name] for name, w in zip(FEATURES, self.weights, strict=True)))


def load_weighing(folder: Path, version: str) -> Weighing:
    """The model in ``folder`` for the head of that ``version``.

    Raises:
        WeightsMismatch: absent, damaged, or fitted on other figures or another head.
    """
    with mismatch_as(f"la pesée des phrases est absente, abîmée ou d'autres poids : {folder / FILE}"):
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if tuple(told["features"]) != FEATURES or told["head"] != version:
            raise ValueError("another head")
        return Weighing(tuple(map(float, told["weights"])), float(told["bias"]), float(told["least"]))


def figures(claim: str, passage: Passage, head: FollowsHead) -> tuple[Window, dict[str, float]]:
    """The sentences that the claim rests on, and what there is to weigh."""
    rests = window(claim, passage)
    near = replace(passage, text=rests.text, start=rests.span[0], end=rests.span[1])
    bare = replace(passage, section=(), lead="")
    places = dict(zip(FEATURES, (passage, near, bare), strict=True))
    return rests, {name: log_odds(head.probability(claim, place), 1e-9) for name, place in places.items()}
