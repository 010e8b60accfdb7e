"""The check: is a finished sentence of a language model supported by the passages that it cites?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.page import Passage, Span
from index.sentences import split_sentences
from index.words import fold, terms
from rag.question.encoding import question_encoder
from rag.read.weights import WEIGHTS, load_reader
from rag.support.cues import Difference, difference
from rag.support.english import in_english
from rag.support.marks import without_marks
from rag.support.rules import Fault, written_fault
from rag.support.weighing import Head, Likeness, Weighing, figures, follows, likeliest, load_weighing, window

Reason = Fault | Difference | Literal["mark", "form", "follows"]
"""Why a sentence is not supported: a written rule refuses it, it says otherwise than the one that it translates, cites nothing
that there is, is no statement, or does not follow."""

MOST_MEANT = 512
"""Sentences of pages whose vectors are kept."""
LEAST_TERMS = 2
"""Words that carry meaning in a sentence that can be judged."""
_LEADS = frozenset(("oui", "non", "yes", "no,", "no:", "no.", "no!"))
"""First words of what answers a question; "No condition is required" does not."""
_SIGNS = frozenset(" \u00a0\u202f_.,;:!?'’‘“”\"«»()%€$°/&+–—…²³½·-")
"""What prose has beside letters and figures."""
_CRIPPLED = re.compile(r"\(\W*\)|:\s*\)|[,;:]\.|\w:[^\s\d]|\b(?!nous|vous)(\w{2,}) \1\b", re.IGNORECASE)
"""What is left where something was taken off (« () », « (source :) », « ;. »), an address, a word twice."""


@dataclass(frozen=True)
class Verdict:
    """The verdict on one sentence.

    ``text`` is the sentence without its marks; ``marks`` are the numbers (from 1) of the passages that it rests on, and
    ``spans`` the page's words that support it, offsets, one each.
    """

    supported: bool
    reason: Reason
    text: str
    marks: tuple[int, ...] = ()
    spans: tuple[Span, ...] = ()
    probability: float = 0.0


@dataclass
class SupportCheck:
    """Judges sentences: written rules that may only refuse, then what was learnt."""

    weighing: Weighing
    head: Head
    likeness: Likeness | None = None
    """How near in meaning texts are: it finds what an English sentence rests on. Without it the head does."""

    def check(self, sentence: str, passages: Sequence[Passage]) -> Verdict:
        """The verdict on ``sentence``; its mark [n] means ``passages[n - 1]``.

        Where no mark is left that is one, each passage is tried: the sentence gets the mark of the one that supports it.
        """
        text, cited = without_marks(sentence)
        if cited and text[-1:].isalnum() and sentence.rstrip().endswith(("]", "】")):
            text += "."  # an item that ends with its mark is whole
        known = tuple(n for n in cited if 1 <= n <= len(passages))
        if not is_statement(text):
            return Verdict(False, "form", text)
        if not passages or (cited and not known):
            return Verdict(False, "mark", text)
        tried = [known] if known else [(n,) for n in range(1, len(passages) + 1)]
        verdicts = [self._judged(text, marks, [passages[n - 1] for n in marks]) for marks in tried]
        return max(verdicts, key=lambda v: (v.supported, v.probability))

    def _judged(self, text: str, marks: tuple[int, ...], passages: Sequence[Passage]) -> Verdict:
        told = "\n".join(f"{p.context}\n{p.text}" for p in passages)
        if reason := written_fault(text, told):
            return Verdict(False, reason, text, marks)
        if in_english(text):
            verdicts = [self._translated(text, mark, passage) for mark, passage in zip(marks, passages, strict=True)]
            return max(verdicts, key=lambda v: (v.supported, v.probability))
        rests = [window(text, passage) for passage in passages]
        probabilities = [self._probability(text, p, near) for p, (near, _) in zip(passages, rests, strict=True)]
        probability = max(probabilities)
        best = probabilities.index(probability)
        if len(passages) > 1:  # what no passage says alone they may say together
            whole = _joined(passages)
            probability = max(probability, self._probability(text, whole, window(text, whole)[0]))
        kept = [n for n, (_, covered) in enumerate(rests) if n == best or covered >= rests[best][1] / 2]
        spans = tuple((rests[n][0].start, rests[n][0].end) for n in kept)
        verdict = Verdict(True, "", text, tuple(marks[n] for n in kept), spans, probability)
        return verdict if probability >= self.weighing.least else replace(verdict, supported=False, reason="follows")

    def _translated(self, text: str, mark: int, passage: Passage) -> Verdict:
        """The verdict on an English sentence. It rests on one sentence of the passage: that nearest in meaning; and it must
        deny, oblige and permit as that does, and as that one does from which it follows likeliest, if it is another."""
        likeness = self.likeness

        def likely() -> Passage:
            return likeliest(passage, lambda alone: [self.head(text, one) for one in alone])

        near = likeliest(passage, lambda alone: likeness(text, [o.text for o in alone])) if likeness else likely()
        refused = Verdict(False, "follows", text, (mark,), ((near.start, near.end),))
        if reason := difference(text, announced(near, passage)):
            return replace(refused, reason=reason)
        probability = self._probability(text, passage, near)
        if probability < self.weighing.least:
            return replace(refused, probability=probability)
        reason = difference(text, announced(likely(), passage))
        return replace(refused, supported=not reason, reason=reason, probability=probability)

    def _probability(self, text: str, passage: Passage, near: Passage) -> float:
        return self.weighing.of(figures(text, passage, near, self.head))


def is_statement(text: str) -> bool:
    """Whether ``text`` is one whole sentence of prose that says something by itself: no question, no "Oui" to a question, no
    end of another sentence, no code."""
    lead = fold(text).partition(" ")[0]
    replies = lead in _LEADS or lead.strip(",.:;!") in _LEADS
    whole = text.endswith((".", "!", "»", "…")) and "?" not in text and not text.lstrip('«“" ')[:1].islower()
    prose = all(sign.isalnum() or sign in _SIGNS for sign in text) and not _CRIPPLED.search(text)
    return whole and prose and not replies and len(set(terms(text))) >= LEAST_TERMS and len(split_sentences(text)) == 1


def announced(sentence: Passage, passage: Passage) -> str:
    """The words of a sentence of ``passage``, of an item after what announces it, which may deny or oblige."""
    before = ""
    for span in reversed([span for span in passage.sentences if span[1] <= sentence.start]):
        words = passage.at(span).rstrip()
        if words.endswith((".", "!", "?", "…", "»")):
            break
        if words.endswith(":"):
            before = words
            break
    return " ".join(filter(None, (passage.lead, before, sentence.text)))


def _joined(passages: Sequence[Passage]) -> Passage:
    """Passages as one, with offsets of its own."""
    text = "\n".join(p.text for p in passages)
    return Passage(0, text, 0, len(text), passages[0].section, tuple(split_sentences(text)))


def load_check(encoder: Encoder, folder: Path = WEIGHTS) -> SupportCheck:
    """The check with the learnt head in ``folder``; without one nothing could be shown."""
    network = load_reader(folder, encoder, "support")
    meaning = question_encoder(encoder)

    @lru_cache(MOST_MEANT)
    def meant(sentence: str) -> NDArray[np.float32]:
        return meaning.encode(sentence)[0]

    def likeness(claim: str, sentences: Sequence[str]) -> list[float]:
        own, _ = meaning.encode(claim)  # not kept: it may tell what was asked
        return [float(own @ meant(sentence)) for sentence in sentences]

    return SupportCheck(load_weighing(folder, network.version), partial(follows, network), likeness)
