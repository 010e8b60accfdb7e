"""Which passage answers, and how sure that is: one small fitted model over what is known of the hits.

Boosted trees on the figures named in ``FEATURES``; fitted on questions of pages that the reader was not trained on
(``python -m rag.training.decision``). No other constant decides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any, NamedTuple

from index.packing import mismatch_as
from index.page import Passage, Span
from index.words import terms
from rag.answer import Certainty, Evidence, Hit
from rag.logistic import logistic
from rag.question.asked import Question
from rag.question.vocabulary import Rarity
from rag.read.amounts import agreement
from rag.read.defining import Defining
from rag.read.nearness import Nearness
from rag.read.reader import Reader, Reading
from rag.read.together import Together
from rag.read.trees import Trees
from rag.read.types import MEASURED, can_be, find
from rag.retrieve.cohort import Cohort

FEATURES = (
    "logit", "margin", "second", "span", "fused", "lead", "known", "unsaid", "said", "said_alone", "terms", "mistyped",
    "unsettled", "yes_no", "definition", "leans", "english", "contrast",
)  # fmt: skip
"""The reader's logit, by how much it leads the other hits', and the second best of all; the span's score;
retrieval's fused score, and by how much it leads: standard scores, so that any model may embed the passages; shares
of the question's weight, in words, that the page knows, that the page knows and the sentence does not say, and that
the sentence says, and of a follow-up's own weight that it says, the question before aside; logarithm of the number of
terms; probability that what is asked is of a type that the sentence lacks; probability that a yes/no question is not
settled; flags of the question; how much nearer the page is to the question than other pages are (:mod:`rag.retrieve.cohort`)."""
ADDED = ("equal", "inside", "outside", "names", "defines")
"""How the amounts that the question gives stand in the sentence (:class:`rag.read.amounts.Agreement`), and, where one asks
what a thing is, whether it names that and by what log-odds it defines it (:class:`rag.read.defining.Defining`): each moves
the log-odds, so that a question that counts nothing and asks for no definition is judged by the trees alone."""


FIRST = 2
"""Hits that are read before it is known whether the others are worth reading."""


TOGETHER_CHARS = 380
"""The longest that two sentences of a passage quoted together may be: an answer stays one that is read at a glance."""
ALSO_CHARS = 460
"""The same, with one of another passage."""


@dataclass(frozen=True)
class Decision:
    """The fitted model: trees over ``FEATURES``, and what each of ``ADDED`` adds to the log-odds, ``defining``
    what tells one of them. ``sure``, ``likely``, ``settled`` and ``short`` are least probabilities: of what is answered, of
    what may answer beside it, of a "Oui" or "Non", of a short answer in bold. No more is read where the best of the first hits is ``enough``: reading on would
    change next to no verdict. ``beside`` is by how much a sentence may at most lead another of its passage
    that is quoted with it, ``also`` how probable, beside the best's probability,
    another passage's sentence is at least that is. ``usual`` is the contrast of a page that another model embedded, which has no cohort.
    ``nearness`` tells what may be sure, and what is shown where nothing is; ``together`` whether several things that are
    asked at once are all told."""

    trees: Trees
    added: tuple[float, ...]
    defining: Defining
    sure: float
    likely: float
    settled: float
    short: float
    enough: float
    beside: float
    also: float
    usual: float
    nearness: Nearness
    together: Together

    def probability(self, figures: Mapping[str, float]) -> float:
        """Calibrated probability that the hit answers."""
        moved = sum(weight * figures[name] for name, weight in zip(ADDED, self.added, strict=True))
        return logistic(self.trees.of([figures[name] for name in FEATURES]) + moved)


def load_decision(file: Path) -> Decision:
    """The decision in ``file``."""
    with mismatch_as(f"la décision est absente ou abîmée : {file}"):
        stored: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if tuple(stored.pop("features")) != FEATURES:
            raise ValueError("other features")
        kinds = {"trees": Trees, "defining": Defining, "nearness": Nearness, "together": Together}
        made: dict[str, Any] = {
            name: kind(**{told: tuple(v) if isinstance(v, list) else v for told, v in stored.pop(name).items()})
            for name, kind in kinds.items()
        }
        made["added"] = tuple(map(float, stored.pop("added")))
        return Decision(**made | {name: float(least) for name, least in stored.items()})


class Verdict(NamedTuple):
    """What is decided of a question, and the evidence, most trusted first."""

    certainty: Certainty
    evidence: list[Evidence]


def sentence_of(passage: Passage, span: Span) -> Span:
    """The sentence or bullet of ``passage`` that holds most of ``span`` (offsets into the page)."""

    def overlap(sentence: Span) -> int:
        return min(sentence[1], span[1]) - max(sentence[0], span[0])

    return max(passage.sentences, key=overlap, default=(passage.start, passage.end))


def rival_of(question: Question, passage: Passage, sentence: Span, reading: Reading) -> tuple[Span, float] | None:
    """The sentence of ``passage`` that the reader prefers to all but ``sentence``, and by how much that one leads; None
    where there is none, the two are too long to be quoted together, or a list is asked for, which has its own items."""
    if question.form == "list":
        return None
    scores = dict(zip(passage.sentences, reading.sentences, strict=True)) if reading.sentences else {}
    others = [other for other in scores if other != sentence]
    if sentence not in scores or not others:
        return None
    rival = max(others, key=scores.__getitem__)
    return (rival, scores[sentence] - scores[rival]) if length(sentence, rival) <= TOGETHER_CHARS else None


def length(*spans: Span | None) -> int:
    """How many characters ``spans`` hold together."""
    return sum(span[1] - span[0] for span in spans if span)


class Weigher:
    """Measures hits of one page: everything that the decision looks at. The ``cohort`` is embedded as the page was;
    without one the contrast is ``usual``."""

    def __init__(
        self, passages: Sequence[Passage], cohort: Cohort | None, defining: Defining, usual: float = 0.0
    ) -> None:
        self._cohort = cohort
        self._defining = defining
        self._usual = usual
        self._rarity = Rarity(passages)

    def weigh(
        self, question: Question, hits: Sequence[Hit], readings: Sequence[Reading]
    ) -> list[tuple[Span, dict[str, float]]]:
        """Of each hit the span that answers (offsets into the page), and the figures of ``FEATURES`` and ``ADDED``."""
        words = {term: self._rarity.weight(term) for term in question.terms}
        total = sum(words.values()) or 1.0
        alone = {term: words[term] for term in terms(question.repaired)} if question.previous else words
        alone_total = sum(alone.values())
        # The words of an English question tell nothing of a French page.
        known = {} if question.english else {term: w for term, w in words.items() if self._rarity.knows(term)}
        logits = sorted((reading.logit for reading in readings), reverse=True)
        shared = {
            "second": logits[min(1, len(logits) - 1)] if logits else 0.0,
            "known": sum(known.values()) / total,
            "terms": log(1 + len(words)),
            "yes_no": float(question.form == "yes_no"),
            "definition": float(question.form == "definition"),
            "leans": float(bool(question.previous)),
            "english": float(question.english),
            "contrast": self._contrast(question, hits),
        }
        weighed = []
        for place, (hit, reading) in enumerate(zip(hits, readings, strict=True)):
            span = self._span(question, hit.passage, reading)
            sentence = hit.passage.at(sentence_of(hit.passage, span))
            told = known.keys() & set(terms(sentence))
            said = _weight_of(known, told) / total
            figures = {
                "logit": reading.logit,
                "margin": reading.logit - _best_other([r.logit for r in readings], place),
                "span": reading.span_score,
                "fused": hit.score,
                "lead": hit.score - _best_other([h.score for h in hits], place),
                "unsaid": shared["known"] - said,
                "said": said,
                "said_alone": _weight_of(alone, told) / alone_total if alone else 1.0,
                "mistyped": _mistyped(question, sentence),
                "unsettled": reading.polarity[2] * shared["yes_no"],
                **agreement(question.repaired, sentence)._asdict(),
                **self._defined(question, sentence),
            }
            weighed.append((span, {**shared, **figures}))
        return weighed

    def _defined(self, question: Question, sentence: str) -> dict[str, float]:
        defines = self._defining.of(question.content, sentence) if question.form == "definition" else None
        return {"names": float(defines is not None), "defines": defines or 0.0}

    def _contrast(self, question: Question, hits: Sequence[Hit]) -> float:
        if self._cohort is None or question.vector is None or not hits:
            return self._usual
        return self._cohort.contrast(question.vector, hits)

    def _span(self, question: Question, passage: Passage, reading: Reading) -> Span:
        """The reader's span; where it cannot be of the expected type, words of it that can, or the whole sentence."""
        start, end = passage.start + reading.span[0], passage.start + reading.span[1]
        expected = question.expected
        if question.form == "yes_no" or can_be(expected, passage.text[slice(*reading.span)]):
            return start, end
        sentence = sentence_of(passage, (start, end))
        if found := find(expected, passage.at(sentence), set(question.terms)):
            return sentence[0] + found[0], sentence[0] + found[1]
        return (start, end) if expected in MEASURED else sentence


def _weight_of(words: Mapping[str, float], told: Set[str]) -> float:
    """The weight of those ``words`` that are ``told``."""
    return sum(weight for term, weight in words.items() if term in told)


def _mistyped(question: Question, told: str) -> float:
    """How likely the question wants a date, a number or the like and the sentence ``told`` has none but its own."""
    if question.form == "yes_no":
        return 0.0
    own, types = set(question.terms), question.types or {question.expected: 1.0}
    return sum(types.get(t, 0.0) for t in MEASURED if find(t, told, own) is None)


def _best_other(scores: Sequence[float], place: int) -> float:
    others = [score for number, score in enumerate(scores) if number != place]
    return max(others, default=scores[place])


class Judge:
    """The trained reader and the decision behind one seam: hits in, evidence out, best first.

    ``version`` changes whenever its verdicts may.
    """

    def __init__(
        self, reader: Reader, decision: Decision, passages: Sequence[Passage], cohort: Cohort | None = None
    ) -> None:
        self.reader = reader
        self.decision = decision
        self.weigher = Weigher(passages, cohort, decision.defining, decision.usual)
        fitted = hashlib.sha256(repr(decision).encode()).hexdigest()[:16]
        self.version = f"reader {reader.version} decision {fitted} cohort {cohort.version if cohort else None}"

    @property
    def thresholds(self) -> tuple[float, float, float, float]:
        """Least probabilities: sure, likely, settled, short."""
        return self.decision.sure, self.decision.likely, self.decision.settled, self.decision.short

    def certainty(self, evidence: Sequence[Evidence]) -> Certainty:
        """Sure, likely or none, by the best evidence and by how near all of it is; ``evidence`` is of all hits that were
        read, best first."""
        if not evidence:
            return "none"
        nearness = self.decision.nearness
        near = nearness.probability(evidence[0].probability, [e.weighed for e in evidence])
        if near < nearness.least:
            return "none"
        best = evidence[0]
        if best.hit.passage.role and not best.weighed["known"]:  # a credit or a date stands on every page
            return "likely"
        trust = sum(e.probability for e in self.answering(evidence))
        return "sure" if trust >= self.decision.sure and near >= nearness.sure else "likely"

    def answering(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """What an answer is made of, of all ``evidence``, best first: the best, and the next where that may be the one that
        answers, and is of the page's text, no credit or date. Whether one of them does is as probable as both together."""
        best, *others = evidence[:2]
        also = (e for e in others if e.probability >= self.decision.also * best.probability and not e.hit.passage.role)
        return (best, *(e for e in also if length(best.sentence, best.beside, e.sentence) <= ALSO_CHARS))

    def tells_all(self, whole: Evidence, parts: Sequence[Evidence]) -> bool:
        """Whether the best evidence for several things asked at once, and for each of these ``parts``, surely tells all."""
        return self.decision.together.probability(whole, parts) >= self.decision.together.least

    def judge(self, question: Question, hits: Sequence[Hit], further: Sequence[Hit] = ()) -> Verdict:
        """The verdict on ``hits``: on all of them where the first few leave it open, or where an answer may be made of
        several passages. Where it is that an answer is only likely those ``further`` down are read as well: they make
        nothing sure, but one of them may come closest."""
        first = len(hits) if question.form in ("list", "several") else FIRST
        readings = self._read(question, hits[:first])
        evidence = self._weighed(question, hits[:first], readings)
        if first < len(hits) and evidence[0].probability < self.decision.enough:
            readings += self._read(question, hits[first:])
            evidence = self._weighed(question, hits, readings)
        certainty = self.certainty(evidence)
        if certainty == "likely" and further:
            every = (*hits, *further)
            evidence = self._weighed(question, every, [*readings, *self._read(question, every[len(readings) :])])
        return Verdict(certainty, evidence)

    def _read(self, question: Question, hits: Sequence[Hit]) -> list[Reading]:
        return self.reader.read(question.repaired, [hit.passage for hit in hits], question.previous)

    def _weighed(self, question: Question, hits: Sequence[Hit], readings: Sequence[Reading]) -> list[Evidence]:
        weighed = self.weigher.weigh(question, hits, readings)
        evidence = []
        for hit, reading, (span, figures) in zip(hits, readings, weighed, strict=True):
            sentence = sentence_of(hit.passage, span)
            rival = rival_of(question, hit.passage, sentence, reading)
            beside = rival[0] if rival and rival[1] < self.decision.beside else None
            probability = self.decision.probability(figures)
            evidence.append(Evidence(hit, probability, span, sentence, beside, reading.polarity, figures))
        return sorted(evidence, key=lambda e: e.probability, reverse=True)
