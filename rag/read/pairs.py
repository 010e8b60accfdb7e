"""(question, passage) pairs as the reader takes them: tokens, and which words the two share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from index.page import Span
from index.words import term_spans

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MAX_TOKENS = 512
MAX_QUESTION_TOKENS = 96
MAX_PREVIOUS_TOKENS = 48
MAX_CONTEXT_TOKENS = 64
SEPARATOR = 2
"""The token ``</s>``."""
MATCHES = 4
_UNMATCHED, _SAME_TOKEN, _SAME_TERM = 1, 2, 3


@dataclass(frozen=True)
class Encoding:
    """One (question, passage) pair as the model takes it.

    ``offsets`` are those of each token in the passage's text, or (-1, -1) where the token is not
    of that text (question, section path, special tokens).
    """

    ids: list[int]
    matches: list[int]
    offsets: list[Span]


class PairEncoder:
    """Turns (question, passage) into tokens, with a flag for words that the two share."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self._passage = lru_cache(maxsize=20_000)(self._passage_tokens)

    def encode(self, question: str, context: str, text: str, previous: str = "") -> Encoding:
        """The pair ``<s> previous </s> question </s></s> context, text </s>``, cut at ``max_tokens``.

        ``previous`` is the question that this one leans on: without one the pair begins with the question.
        """
        q_ids, q_terms = self._first_tokens(question, MAX_QUESTION_TOKENS)
        if previous:
            before, before_terms = self._first_tokens(previous, MAX_PREVIOUS_TOKENS)
            q_ids, q_terms = [*before, SEPARATOR, *q_ids], [*before_terms, "", *q_terms]
        p_ids, p_offsets, p_terms = self._passage(context, text)
        room = self.max_tokens - len(q_ids) - 4
        p_ids, p_offsets, p_terms = p_ids[:room], p_offsets[:room], p_terms[:room]
        asked, told = {t for t in q_terms if t}, {t for t in p_terms if t}
        q_set, p_set = set(q_ids), set(p_ids)
        q_match = [_match(i, t, p_set, told, _UNMATCHED) for i, t in zip(q_ids, q_terms, strict=True)]
        p_match = [_match(i, t, q_set, asked, 0) for i, t in zip(p_ids, p_terms, strict=True)]
        nowhere: list[Span] = [(-1, -1)]
        return Encoding(
            [0, *q_ids, SEPARATOR, SEPARATOR, *p_ids, SEPARATOR],
            [0, *q_match, 0, 0, *p_match, 0],
            nowhere * (len(q_ids) + 3) + p_offsets + nowhere,
        )

    def _first_tokens(self, text: str, most: int) -> tuple[list[int], list[str]]:
        ids, _, terms = self._tokens(text)
        return ids[:most], terms[:most]

    def _tokens(self, text: str) -> tuple[list[int], list[Span], list[str]]:
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        offsets = [(int(a), int(b)) for a, b in encoding.offsets]
        terms = [""] * len(offsets)
        words = term_spans(text)
        position = 0
        for index, (start, end) in enumerate(offsets):
            while position < len(words) and words[position][1] <= start:
                position += 1
            if position < len(words) and words[position][0] < end:
                terms[index] = words[position][2]
        return list(encoding.ids), offsets, terms

    def _passage_tokens(self, context: str, text: str) -> tuple[list[int], list[Span], list[str]]:
        ids, offsets, terms = self._tokens(text)
        if context:
            c_ids, c_terms = self._first_tokens(f"{context} :", MAX_CONTEXT_TOKENS)
            nowhere: list[Span] = [(-1, -1)] * len(c_ids)
            ids, offsets, terms = c_ids + ids, nowhere + offsets, c_terms + terms
        return ids, offsets, terms


def _match(token: int, term: str, tokens: set[int], terms: set[str], otherwise: int) -> int:
    if not term:
        return 0
    if term in terms:
        return _SAME_TERM
    return _SAME_TOKEN if token in tokens else otherwise


def batch(encodings: Sequence[Encoding], pad: int, multiple: int = 1) -> list[NDArray[np.int64]]:
    """Token ids, attention mask and matches, each of shape (batch, longest).

    ``longest`` is rounded up to a ``multiple``: a processor prepares its kernels once per shape.
    """
    longest = -(-max(len(e.ids) for e in encodings) // multiple) * multiple
    ids = np.full((len(encodings), longest), pad, dtype=np.int64)
    mask, matches = np.zeros_like(ids), np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        n = len(encoding.ids)
        ids[row, :n], mask[row, :n], matches[row, :n] = encoding.ids, 1, encoding.matches
    return [ids, mask, matches]
