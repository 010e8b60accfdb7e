"""The check: is a finished sentence of a language model supported by the passages that it cites?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from index.page import Passage, Span
from index.sentences import split_sentences
from index.words import fold, terms
from rag.read.weights import WEIGHTS
from rag.support.follows import FollowsHead, load_head
from rag.support.grammar import Grammar
from rag.support.marks import without_marks
from rag.support.names import lacking_name
from rag.support.quantities import Quantities
from rag.support.weighing import Weighing, figures, load_weighing

if TYPE_CHECKING:
    from index.encoder import Encoder

Reason = Literal["", "mark", "form", "number", "name", "negation", "modality", "follows"]
"""Why a sentence is not supported: it cites nothing that there is, is no statement, tells a number, date or name that the
passages do not, denies or requires what they do not, or does not follow."""

LEAST_TERMS = 2
"""Words that carry meaning in a sentence that can be judged."""
_LEADS = ("oui", "non", "yes", "no")


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
    detail: str = ""


class SupportCheck:
    """Judges sentences: written rules that may only refuse, then what was learnt."""

    def __init__(self, weighing: Weighing, head: FollowsHead) -> None:
        self.weighing = weighing
        self.head = head

    def check(self, sentence: str, passages: Sequence[Passage]) -> Verdict:
        """The verdict on ``sentence``; its mark [n] means ``passages[n - 1]``.

        Where no mark is left that is one, each passage is tried: the sentence gets the mark of the one that supports it.
        """
        text, cited = without_marks(sentence)
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
        reason, detail = written_fault(text, told)
        if reason:
            return Verdict(False, reason, text, marks, detail=detail)
        rows = [figures(text, passage, self.head) for passage in passages]
        probabilities = [self.weighing.probability(row) for _, row in rows]
        probability = max(probabilities)
        if len(passages) > 1:  # what no passage says alone they may say together
            whole = _joined(passages)
            probability = max(probability, self.weighing.probability(figures(text, whole, self.head)[1]))
        best = probabilities.index(max(probabilities))
        kept = [n for n, (rests, _) in enumerate(rows) if n == best or rests.covered >= rows[best][0].covered / 2]
        verdict = Verdict(
            True, "", text, tuple(marks[n] for n in kept), tuple(rows[n][0].span for n in kept), probability
        )
        return verdict if probability >= self.weighing.least else replace(verdict, supported=False, reason="follows")


def is_statement(text: str) -> bool:
    """Whether ``text`` is one whole sentence that says something by itself: no question, no "Oui" to a question."""
    first = fold(text).split(maxsplit=1)[:1]
    lead = first[0].strip(",.:;!") if first else ""
    whole = text.endswith((".", "!", "»", "…")) and "?" not in text
    return whole and lead not in _LEADS and len(set(terms(text))) >= LEAST_TERMS and len(split_sentences(text)) == 1


def written_fault(text: str, told: str) -> tuple[Reason, str]:
    """What the written rules hold against ``text`` when the passages' words are ``told``, with the word in question."""
    if lacking := Quantities.of(told).lacks(Quantities.of(text)):
        return "number", lacking
    if name := lacking_name(text, told):
        return "name", name
    said, known = Grammar.of(text), Grammar.of(told)
    if said.denials and not known.denials:
        return "negation", ""
    if "required" in said.modes - known.modes:
        return "modality", ""
    return "", ""


def _joined(passages: Sequence[Passage]) -> Passage:
    """Passages as one, with offsets of its own."""
    text = "\n".join(p.text for p in passages)
    return Passage(0, text, 0, len(text), passages[0].section, tuple(split_sentences(text)))


def load_check(encoder: Encoder, folder: Path = WEIGHTS) -> SupportCheck:
    """The check with the learnt head in ``folder``.

    Raises:
        WeightsMismatch: the head or what weighs it is missing: nothing could be shown.
    """
    head = load_head(folder, encoder)
    return SupportCheck(load_weighing(folder, head.version), head)
