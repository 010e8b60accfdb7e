"""What speaks for and against a claim, weighed by one small fitted model; its weights lie beside the network's.

Logistic regression on the figures named in ``FEATURES``, fitted on claims about pages that the network was not
trained on (``python -m rag.training.support``). No other constant decides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

from rapidfuzz.distance import LCSseq

from index.page import Passage
from index.words import terms, words
from rag.question.packing import WeightsMismatch
from rag.support.follows import FollowsHead
from rag.support.grammar import Grammar
from rag.support.window import Window, window

FEATURES = (
    "follows",
    "covered",
    "copied",
    "missing",
    "denies_more",
    "denies_less",
    "allows_more",
    "allows_less",
    "requires_less",
    "length",
)
"""Log-odds of the learnt head (0 without one), part of the claim's words that the sentences hold that it rests on,
part of all its words that stand there in the same order, logarithm of the number that it holds alone, whether it denies or allows where they do not, or does not deny, allow or require where they do; its length in words,
logarithm."""


@dataclass(frozen=True)
class Weighing:
    """The fitted model. ``least`` is the least probability of a claim that is shown."""

    weights: tuple[float, ...]
    bias: float
    least: float

    def probability(self, figures: Mapping[str, float]) -> float:
        """How likely the claim is supported."""
        z = self.bias + sum(w * figures[name] for name, w in zip(FEATURES, self.weights, strict=True))
        return 1 / (1 + exp(-max(-30.0, min(30.0, z))))


def load_weighing(folder: Path, learnt: bool) -> Weighing:
    """The model that goes with the learnt head, or the one that does without it.

    Raises:
        WeightsMismatch: absent, damaged, or fitted on other figures.
    """
    try:
        told = json.loads((folder / "support_weighing.json").read_text(encoding="utf-8"))
        if tuple(told["features"]) != FEATURES:
            raise ValueError("other features")
        one = told["learnt" if learnt else "unlearnt"]
        return Weighing(tuple(map(float, one["weights"])), float(one["bias"]), float(one["least"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsMismatch(f"la pesée des phrases est absente ou abîmée : {folder}") from error


def figures(claim: str, passage: Passage, head: FollowsHead | None) -> tuple[Window, dict[str, float]]:
    """The sentences that the claim rests on, and what there is to weigh."""
    rests = window(claim, passage)
    own = words(claim)
    said, told = Grammar.of(claim), Grammar.of(rests.text)
    probability = min(max(head.probability(claim, passage), 1e-6), 1 - 1e-6) if head else 0.5
    return rests, {
        "follows": log(probability / (1 - probability)),
        "covered": rests.covered,
        "copied": float(LCSseq.similarity(own, words(rests.text)) / max(1, len(own))),
        "missing": log(1 + len(set(terms(claim)) - set(terms(f"{passage.context} {rests.text}")))),
        "denies_more": float(bool(said.denials) and not told.denials),
        "denies_less": float(bool(told.denials) and not said.denials),
        "allows_more": float("possible" in said.modes - told.modes),
        "allows_less": float("possible" in told.modes - said.modes),
        "requires_less": float("required" in told.modes - said.modes),
        "length": log(max(1, len(claim.split()))),
    }
