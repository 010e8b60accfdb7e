"""Things asked at once, taken apart where one question ends and the next begins: learnt from the words on both sides.

Fitted on messages in which somebody marked each such place (``python -m rag.training.parts``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.packing import mismatch_as
from index.words import token_spans
from rag.logistic import Logistic, log_odds

FILE = Path(__file__).parent / "parts.json"
SUREST = 8.0
"""Log-odds beyond which nothing is told by more."""
NEAR = 6
"""Words on each side that are looked at wherever they stand."""


@dataclass(frozen=True)
class Cuts:
    """A logistic regression over :func:`around`: the weight of each thing seen; even odds make a cut. ``both`` is what tells
    that several things are asked, from :func:`seen_in`."""

    bias: float
    weights: Mapping[str, float]
    both: Logistic

    def parts(self, question: str) -> list[str]:
        """The questions that ``question`` is made of, in order: itself where no place divides it."""
        begins = [0, *(place for place, odds in self.log_odds(question).items() if odds >= 0)]
        ends = [*begins[1:], len(question)]
        return [question[begin:end].strip() for begin, end in zip(begins, ends, strict=True)]

    def log_odds(self, question: str) -> dict[int, float]:
        """Of each place where a part may begin that one does."""
        told, places = tokens(question)
        return {
            places[n]: self.bias + sum(self.weights.get(seen, 0.0) for seen in around(told, n))
            for n in cuttable(question, places)
        }

    def several(self, question: str, thought: float) -> bool:
        """Whether it asks several things; ``thought`` is how probable that is to the head of this name."""
        return self.both.log_odds(seen_in(self, question, thought)) >= 0


def seen_in(cuts: Cuts, question: str, thought: float) -> tuple[float, float]:
    """The log-odds that ``question`` asks several things, and of its likeliest cut, both within ``SUREST``."""
    cut = max(cuts.log_odds(question).values(), default=-SUREST)
    return _within(log_odds(thought, 1e-6)), _within(cut)


def _within(odds: float) -> float:
    return max(-SUREST, min(SUREST, odds))


def tokens(question: str) -> tuple[list[str], list[int]]:
    """Words and signs of ``question``, folded, and where each begins."""
    found = token_spans(question)
    return [told for _, _, told in found], [start for start, _, _ in found]


def cuttable(question: str, places: Sequence[int]) -> Iterator[int]:
    """The numbers of the words that a part may begin with: those after a space, but the first."""
    return (n for n in range(1, len(places)) if question[places[n] - 1].isspace())


def around(told: Sequence[str], place: int) -> list[str]:
    """What stands on both sides of the word number ``place`` of a question: the words next to it, and near it, and how much
    of the question; each once."""
    before, after = ["^", *told[:place]], [*told[place:], "$", "$"]
    start, end = before[-1], "_".join(before[-2:])
    names = [f"> {after[0]}", f"> {after[0]} {after[1]}", f"> {' '.join(after[:3])}", f"< {start}", f"< {end}"]
    names += [f"{start} > {after[0]}", f"{start} > {after[0]} {after[1]}", f"^ {told[0]}"]
    names += [f"before {word}" for word in before[-NEAR:]] + [f"after {word}" for word in after[:NEAR]]
    names += [f"left {min(len(before), 5)}", f"right {min(len(after), 7)}"]
    names += ["asked before"] if "?" in before else []
    return sorted(set(names))


@lru_cache(maxsize=2)
def load_cuts(file: Path = FILE) -> Cuts:
    """What ``file`` holds."""
    with mismatch_as(f"ce qui sépare les questions est absent ou abîmé : {file}"):
        stored = json.loads(file.read_text(encoding="utf-8"))
        weights = {name: float(weight) for name, weight in stored["weights"].items()}
        *both, bias = map(float, stored["both"])
        return Cuts(float(stored["bias"]), weights, Logistic(tuple(both), bias))
