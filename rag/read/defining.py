"""Whether a sentence says what a thing is, or only names it: learnt from the words around the name.

« X désigne … », « …, dit X », « le X (…) » define; « du X », « X — Prix : 3 € » hardly ever do. A reader that looks for
what a question is about trusts both (:mod:`rag.training.defining`).
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from index.words import STOP_WORDS, term_spans, token_spans

NAME = "X"
"""Stands for the name in what is looked at."""
LEAST_NAMED = 0.5
"""Part of the name's words that a sentence must hold to name it."""
_APART = 3
"""Small words that may stand inside a name: « conseil de la vie »."""
_NAMES = 2
"""Places of the name that are looked at."""


@dataclass(frozen=True)
class Defining:
    """A logistic regression over :func:`around`: the weight of each thing seen."""

    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def of(self, name: Set[str], sentence: str) -> float | None:
        """The log-odds that ``sentence`` defines the thing whose ``name`` these stems are, None where it does not name it."""
        seen = around(name, sentence)
        return self.bias + sum(self.weights.get(k, 0.0) * v for k, v in seen.items()) if seen else None


def around(name: Set[str], sentence: str) -> dict[str, float]:
    """What stands around the name in ``sentence``: words and signs before and after it, those of the whole sentence ("_ word"),
    how early and how whole it is named; empty where it is not."""
    named = {(start, end): term for start, end, term in term_spans(sentence) if term in name}
    share = len(set(named.values())) / len(name) if name else 0.0
    if share < LEAST_NAMED:
        return {}
    tokens = ["^", *_tokens(sentence, named.keys()), "$"]
    places = [place for place, token in enumerate(tokens) if token == NAME]
    seen = {
        "place": min(places[0] / 10, 2.0), "named": share, "whole": float(share == 1),
        "row": float(" — " in sentence), "length": min(len(sentence) / 200, 3.0),
    }  # fmt: skip
    padded = ["_", *tokens, "_", "_"]
    for before, after in ((padded[p - 1 : p + 1], padded[p + 2 : p + 4]) for p in places[:_NAMES]):
        for words in (after[:1], after):
            seen[f"{NAME} {' '.join(words)}"] = 1.0
        for words in (before[1:], before):
            seen[f"{' '.join(words)} {NAME}"] = 1.0
        seen[f"{before[1]} {NAME} {after[0]}"] = 1.0
    return seen | {f"_ {token}": 1.0 for token in tokens if token != NAME}


def _tokens(text: str, named: Set[tuple[int, int]]) -> list[str]:
    """Words and signs of ``text``, folded; the words of the name, and small ones between them, are one."""
    tokens: list[str] = []
    for begin, stop, told in token_spans(text):
        if not any(start < stop and begin < end for start, end in named):
            tokens.append(told)
            continue
        last = next((n for n in range(1, _APART + 2) if tokens[-n:][:1] == [NAME]), 0)
        if last and all(word.rstrip("'") in STOP_WORDS for word in tokens[len(tokens) - last + 1 :]):
            del tokens[len(tokens) - last :]
        tokens.append(NAME)
    return tokens
