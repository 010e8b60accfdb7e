"""How likely a claim is supported: the learnt head asked three times, weighed by a small fitted model.

The head is the reader's network, trained on claims. What weighs it is a logistic regression on the log-odds named in
``FEATURES``, fitted on claims about pages that the network was not trained on (``python -m rag.training.support
--choose``); words shared, negation and modality were tried beside them and made it worse where it counts, among the claims
that are trusted most. No other constant decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.packing import mismatch_as
from index.page import Passage
from index.words import terms
from rag.logistic import Logistic, log_odds, logistic
from rag.read.pairs import MAX_QUESTION_TOKENS
from rag.read.reader import Reader

FEATURES = ("passage", "window", "bare")
"""Log-odds of the head on the claim and: the passage under its headings, the sentences that the claim rests on alone, and
the passage without its headings."""
FILE = "support_weighing.json"
MOST_SENTENCES = 3
LEAST_GAIN = 0.2
"""Part of the claim's words that one more sentence must bring."""

Head = Callable[[str, Passage], float]
"""How likely a claim follows from a passage."""
Likeness = Callable[[str, Sequence[str]], Sequence[float]]
"""How near in meaning each of some texts is to a first one, in whatever language."""


def follows(network: Reader, claim: str, passage: Passage) -> float:
    """What the learnt head says; 0 for a claim that is too long to be read whole."""
    if len(network.pairs.tokenizer.encode(claim, add_special_tokens=False).ids) > MAX_QUESTION_TOKENS:
        return 0.0
    (reading,) = network.read_pairs([(claim, passage.context, passage.text, "")])
    return logistic(reading.logit)


@dataclass(frozen=True)
class Weighing(Logistic):
    """The fitted model. ``least`` is the least probability of a claim that is shown."""

    least: float


def load_weighing(folder: Path, version: str) -> Weighing:
    """The model in ``folder`` for the head of that ``version``."""
    with mismatch_as(f"la pesée des phrases est absente, abîmée ou d'autres poids : {folder / FILE}"):
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if tuple(told["features"]) != FEATURES or told["head"] != version:
            raise ValueError("another head")
        return Weighing(tuple(map(float, told["weights"])), float(told["bias"]), float(told["least"]))


def figures(claim: str, passage: Passage, near: Passage, head: Head) -> tuple[float, ...]:
    """The values of ``FEATURES``; ``near`` are the sentences that the claim rests on."""
    bare = replace(passage, section=(), lead="")
    return tuple(log_odds(head(claim, place), 1e-9) for place in (passage, near, bare))


def window(claim: str, passage: Passage) -> tuple[Passage, float]:
    """The sentences of ``passage`` that cover ``claim`` best, as few as do, and the part of its words that they hold."""
    wanted = set(terms(claim))
    spans = passage.sentences or ((passage.start, passage.end),)
    held = [set(terms(passage.at(span))) for span in spans]
    best, score = (0, 1), -1.0
    for first in range(len(spans)):
        for last in range(first + 1, min(first + MOST_SENTENCES, len(spans)) + 1):
            found = _share(wanted, held[first:last]) - LEAST_GAIN * (last - first - 1)
            if found > score:
                best, score = (first, last), found
    first, last = best
    start, end = spans[first][0], spans[last - 1][1]
    near = replace(passage, text=passage.at((start, end)), start=start, end=end)
    return near, _share(wanted, [set(terms(passage.context)), *held[first:last]])


def likeliest(passage: Passage, alike: Callable[[Sequence[Passage]], Sequence[float]]) -> Passage:
    """The one sentence of ``passage`` that is most ``alike``: for a claim that shares no words with it."""
    alone = [
        replace(passage, text=passage.at((start, end)), start=start, end=end, sentences=((start, end),))
        for start, end in passage.sentences or ((passage.start, passage.end),)
    ]
    values = list(alike(alone))
    return alone[values.index(max(values))]


def _share(wanted: set[str], held: Sequence[set[str]]) -> float:
    told = set().union(*held)
    return len(wanted & told) / len(wanted) if wanted else 0.0
