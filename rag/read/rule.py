"""Who judges where the reader cannot: a rule that knows words, not meaning."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Protocol

from index.page import Passage, Span
from index.store import document_text
from index.words import terms
from rag.answer import Evidence, Hit
from rag.question.asked import Question
from rag.question.vocabulary import rarity
from rag.read.types import can_be, find


class Judge(Protocol):
    """Judges hits for a question."""

    name: str
    version: str
    """Changes whenever its verdicts may."""

    @property
    def thresholds(self) -> tuple[float, float, float]:
        """Least probabilities: sure, likely, settled (of a "Oui" or "Non")."""
        ...

    def judge(self, question: Question, hits: Sequence[Hit]) -> list[Evidence]:
        """Evidence of every hit, most trusted first."""
        ...


class RuleJudge:
    """Answers where a sentence holds most of the question's rare words and, if need be, what is asked.

    An honest stand-in for encoders that the reader was not trained on; it never says "Oui" or "Non".
    """

    name = version = "rule"
    thresholds = (0.5, 0.3, 1.1)

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._texts = {p.id: set(terms(document_text(p))) for p in passages}
        self._weight = rarity(passages)
        self._unknown = log(1 + len(passages))

    def judge(self, question: Question, hits: Sequence[Hit]) -> list[Evidence]:
        judged = [self._judge(question, hit) for hit in hits]
        # Retrieval's score breaks near ties between passages that both seem to answer.
        return sorted(judged, key=lambda e: (round(e.probability, 1), e.hit.score), reverse=True)

    def _judge(self, question: Question, hit: Hit) -> Evidence:
        passage = hit.passage
        wanted = {term: self._weight.get(term, self._unknown) for term in question.terms}
        total = sum(wanted.values()) or 1.0

        def share(words: set[str]) -> float:
            return sum(weight for term, weight in wanted.items() if term in words) / total

        def text(span: Span) -> str:
            return passage.text[span[0] - passage.start : span[1] - passage.start]

        sentences = passage.sentences or ((passage.start, passage.end),)
        sentence = max(sentences, key=lambda s: share(set(terms(text(s)))))
        covered = 0.6 * share(self._texts.get(passage.id, set())) + 0.4 * share(set(terms(text(sentence))))
        found = find(question.expected, text(sentence), set(wanted))
        if not can_be(question.expected, text(sentence)):
            covered *= 0.5
        # Half of the question's weight is not enough to speak; nearly all of it is.
        probability = min(1.0, max(0.0, (covered - 0.25) / 0.7)) if wanted else 0.0
        span = (sentence[0] + found[0], sentence[0] + found[1]) if found else sentence
        return Evidence(hit, probability, span, sentence)
