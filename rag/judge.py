"""Who decides whether a passage answers: the trained reader, or a rule where it cannot serve.

Both stand behind one seam: hits in, evidence out, best first, each with a probability to be held
against ``threshold``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Protocol

from index.page import Passage, Span
from index.store import document_text
from index.words import fold, terms
from rag.answer import Evidence, Hit
from rag.expected import can_be, find
from rag.question import Asked
from rag.reader import Calibration, Reader, Reading
from rag.topic import INVERTED
from rag.vocabulary import rarity


class Judge(Protocol):
    """Judges hits for a question."""

    name: str
    version: str
    """Changes whenever its verdicts may."""
    threshold: float
    sure: float
    """Probability below which nothing is affirmed or denied."""

    def judge(self, asked: Asked, hits: Sequence[Hit]) -> list[Evidence]:
        """Evidence of every hit, most trusted first."""
        ...


def sentence_of(passage: Passage, span: Span) -> Span:
    """The sentence or bullet of ``passage`` that holds most of ``span`` (offsets into the page)."""

    def overlap(sentence: Span) -> int:
        return min(sentence[1], span[1]) - max(sentence[0], span[0])

    return max(passage.sentences, key=overlap, default=(passage.start, passage.end))


_NAMED = re.compile(r"(?<=[^.?!:«\s]\s)(?:[dlDL]['’])?([A-ZÀ-Þ][\w-]{3,})|\b((?:1[89]|20)\d{2})\b")


_FOREIGN, _NEAR = 0.80, 0.85
"""Cosines to the best passage: of a foreign question, of one that is surely about the page."""
_SHARE = 0.15
"""Part of a question's weight, in words, that the page should know."""
_ACCIDENT, _ALONE = 0.84, 0.86
"""Cosines to the best passage: where a single word in common may be an accident, where it is none."""


@dataclass(frozen=True)
class Weighed:
    """A hit with what the reader makes of it.

    ``unsaid`` is the part of the question's weight, in words, that the page knows and the sentence of the
    answer does not say: a near miss speaks of the page's things, but another passage tells of them.
    ``left`` is what rules of language leave of the odds that it answers, ``about`` what nearness of the
    question to the page does.
    """

    hit: Hit
    reading: Reading
    span: Span
    unsaid: float
    left: float
    about: float

    def probability(self, calibration: Calibration) -> float:
        """Calibrated probability that the hit answers."""
        odds = exp(calibration.log_odds(self.reading.logit, self.hit.score, self.unsaid))
        odds *= self.left * self.about
        return odds / (1 + odds)


class ReaderJudge:
    """The trained reader: one pass over the hits.

    The odds that a passage answers come from the reader's logit and from retrieval's score, how far the
    passage stands out from the rest of the page. Rules lower them.
    """

    name = "reader"

    def __init__(self, reader: Reader, passages: Sequence[Passage], threshold: float | None = None) -> None:
        self.reader = reader
        self.calibration = reader.calibration
        self.threshold = self.calibration.threshold if threshold is None else threshold
        self.sure = self.calibration.sure
        self.version = f"reader {self.calibration}"
        self._told = fold("\n".join(document_text(p) for p in passages))
        self._weight = rarity(passages)
        self._rarest = log(1 + len(passages))

    def judge(self, asked: Asked, hits: Sequence[Hit]) -> list[Evidence]:
        evidence = []
        for weighed in self.weigh(asked, hits):
            sentence = sentence_of(weighed.hit.passage, weighed.span)
            probability = weighed.probability(self.calibration)
            evidence.append(
                Evidence(weighed.hit, probability, weighed.span, sentence, weighed.reading.polarity)
            )
        return sorted(evidence, key=lambda e: e.log_odds, reverse=True)

    def weigh(self, asked: Asked, hits: Sequence[Hit]) -> list[Weighed]:
        """The hits read, in their order; what calibration is fitted on."""
        readings = self.reader.read(asked.plain, [hit.passage for hit in hits])
        unknown, about = self._unknown(asked), self._about(asked, hits)
        weighed = []
        for hit, reading in zip(hits, readings, strict=True):
            start = hit.passage.start
            span = (start + reading.span[0], start + reading.span[1])
            span, left = _consistent(asked, hit.passage, span)
            left *= unknown * _cut_off(hit.passage, span) * _out_of_place(asked, hit.passage, span)
            left *= self._of_another(asked, hit.passage)
            # A credit or a date shares no word with what is asked of it.
            near = max(about, 0.25) if hit.passage.role else about
            weighed.append(Weighed(hit, reading, span, self._unsaid(asked, hit.passage, span), left, near))
        return weighed

    def _unsaid(self, asked: Asked, passage: Passage, span: Span) -> float:
        words = {term: self._weight.get(term, self._rarest) for term in asked.terms}
        start, end = sentence_of(passage, span)
        said = set(terms(passage.text[start - passage.start : end - passage.start]))
        missing = sum(w for term, w in words.items() if term in self._weight and term not in said)
        return missing / sum(words.values()) if words else 0.0

    def _about(self, asked: Asked, hits: Sequence[Hit]) -> float:
        """What is left of the odds where the question may not be about the page, by the encoder and by its words.

        The reader sees one passage at a time and takes a foreign question for a reworded one; nearness to
        the page tells them apart. E5 puts a question about a page at 0.82 to 0.90 from its best passage and
        a foreign one at 0.78 to 0.83. In English words and cosines differ: nothing is drawn from them.
        """
        if asked.english or not hits:
            return 1.0
        nearest = max(hit.dense for hit in hits)
        words = {term: self._weight.get(term, self._rarest) for term in asked.terms}
        known = sum(weight for term, weight in words.items() if term in self._weight)
        share = known / sum(words.values()) if words else 1.0
        by_encoder = min(1.0, max(0.3, (nearest - _FOREIGN) / (_NEAR - _FOREIGN)))
        by_words = min(1.0, max(0.5, share / _SHARE)) if known or not words else 0.2
        if share < 2 * _SHARE and sum(term in self._weight for term in words) == 1:
            by_words *= min(1.0, max(0.2, (nearest - _ACCIDENT) / (_ALONE - _ACCIDENT)))
        return (by_encoder * by_words) ** 2

    def _of_another(self, asked: Asked, passage: Passage) -> float:
        """What is left where yes or no is asked of something that other passages name, and this one does not."""
        inverted = INVERTED.search(asked.text) if asked.kind == "yes_no" else None
        if inverted is None:
            return 1.0
        named = {
            t for t in terms(asked.text[: inverted.start()]) if self._weight.get(t, 0.0) >= self._rarest - 1
        }
        return 0.1 if named and not named & set(terms(document_text(passage))) else 1.0

    def _unknown(self, asked: Asked) -> float:
        """What is left of the odds where the question names, or speaks of, what no passage does."""
        if asked.english:
            return 1.0
        named = {fold(a or b) for a, b in _NAMED.findall(asked.text)}
        strange = [n for n in named if n not in self._told and n[:6] not in self._told]
        return 0.25 if strange else 1.0


# "un devoir de garantir", "et les": what is missing comes next.
_DANGLING = re.compile(
    r"(?:\b(?:de|à|pour|sans)\s+\w+(?:er|ir|re)|\bd['’]\w+(?:er|ir|re)|"
    r"\b(?:de|du|des|à|au|aux|et|ou|la|le|les|un|une|par|pour|en|dans|sur|avec|que|qui|est|sont))$"
)


# "et éviter des crises", "conditionne l'accès": what it is said of came before.
_NO_SUBJECT = re.compile(
    r"(?!(?:l[ea]s?|une?|des|du|ce(?:t|tte|s)?|son|sa|ses|leurs?|ils?|elles?|on|nous|qui|que)\b|[ld]['’])[a-zà-ÿ]"
)
_SHORT = 80
"""Characters of a sentence that says nothing without its missing end."""


def _cut_off(passage: Passage, span: Span) -> float:
    """What is left of the odds where the answer runs into words that the page lacks."""
    start, end = sentence_of(passage, span)
    last = span[1] >= passage.end - 1 or (end >= passage.end and end - start < _SHORT)
    ends = passage.cut_end and last and _DANGLING.search(passage.text)
    begins = passage.cut_start and start <= passage.start and _NO_SUBJECT.match(passage.text)
    return 0.04 if ends or begins else 1.0


_FURNITURE: dict[str, re.Pattern[str]] = {
    "credit": re.compile(r"photo|image|illustr|credit|auteur|copyright|\bdroits|visuel|©|picture"),
    "link": re.compile(
        r"\b(?:liens?|links?|en savoir|savoir plus|plus loin|approfondi\w*|renvo\w+|redirig\w*|telecharg\w*|detaill?\w*|"
        r"documents?|ressources?|aller voir|consulter|en apprendre|more|further)\b"
    ),
    "keywords": re.compile(
        r"\b(?:mots?|cles?|themes?|thematiques?|etiquettes?|tags?|categor\w+|index\w*|class\w+|key\w*)\b"
    ),
    "updated": re.compile(
        r"jour\b|\bdat|\bquand|actuali|recent|ancien|vieux|\bmaj\b|update|modifi|revis|fraich|\bage\b|depuis|annee"
    ),
}
"""What a question about the page's own furniture (credit, link…) speaks of, folded."""


def _out_of_place(asked: Asked, passage: Passage, span: Span) -> float:
    """What is left where the passage is no prose that could answer: a credit line for another question, the end of a sentence for yes or no."""
    if passage.role and not _FURNITURE[passage.role].search(fold(asked.text)):
        return 0.01
    start, _ = sentence_of(passage, span)
    if asked.kind == "yes_no" and passage.cut_start and start <= passage.start and passage.text[:1].islower():
        return 0.1  # half a sentence neither affirms nor denies
    return 1.0


_MEASURED = ("date", "number", "money", "duration", "percent", "contact")


_CALLED = re.compile(r"\bnoms?\b|appelle|nomme|intitul|\bcalled\b|\bname")
_NAMES = re.compile(r"\b(?:les|leurs|des|the) (?:noms|names)\b")
_CAPITALISED = re.compile(r"\b[A-ZÀ-Þ][\w’-]+")


def _echoes(asked: Asked, passage: Passage, span: Span) -> bool:
    """Whether the span only gives back what the question names, or what its acronym stands for."""
    words = passage.text[span[0] - passage.start : span[1] - passage.start]
    own = terms(words)
    known = set(asked.terms)
    if set(own) <= known:
        return " ou " not in f" {fold(asked.text)} "
    initials = "".join(word[0] for word in re.findall(r"[^\W\d_]+", words) if word[0].isupper())
    return len(initials) > 1 and fold(initials) in known and len(own) >= len(initials)


# Not the capital that opens the question.
_PROPER = re.compile(r"(?:(?<=\s)|(?<=[’']))[A-ZÀ-Þ][\w.-]*")


def _line_that_names(asked: Asked, passage: Passage, span: Span) -> Span | None:
    """The one line of a list that names what the question names, where the span is of another line."""
    named = {term for word in _PROPER.findall(asked.text) for term in terms(word)}
    at = passage.start
    lines = re.finditer(r"[^\n]+", passage.text)
    naming = [(at + m.start(), at + m.end()) for m in lines if not named.isdisjoint(terms(m.group()))]
    own = any(start <= span[0] < end for start, end in naming)
    return naming[0] if len(naming) == 1 and not own else None


def _consistent(asked: Asked, passage: Passage, span: Span) -> tuple[Span, float]:
    """The span, and how much its kind leaves of the odds: "combien" is not answered by a name.

    Where the sentence holds words of the expected kind beside the span, they take its place.
    """
    expected = asked.asks.expected
    if expected in ("who", "name") and asked.kind != "yes_no" and _echoes(asked, passage, span):
        return span, 0.02
    if expected == "name" and asked.kind != "yes_no" and _CALLED.search(fold(asked.text)):
        words = passage.text[span[0] - passage.start : span[1] - passage.start]
        named = any(set(terms(w)) - set(asked.terms) for w in _CAPITALISED.findall(words))
        several = not _NAMES.search(fold(asked.text)) or re.search(r",|;|\n|\bet\b", words)
        return span, (1.0 if named else 0.25) * (1.0 if several else 0.15)
    if expected not in _MEASURED or asked.kind == "yes_no":
        return span, 1.0
    item = _line_that_names(asked, passage, span)
    start, end = item or sentence_of(passage, span)
    sentence = passage.text[start - passage.start : end - passage.start]
    left = 1.0
    if item or not can_be(expected, passage.text[span[0] - passage.start : span[1] - passage.start]):
        found = find(expected, sentence, set(asked.terms))
        if found is None:
            return span, 0.1 if item else 0.01
        span, left = (start + found[0], start + found[1]), 0.7
    if asked.asks.counted and not set(asked.asks.counted) & set(terms(document_text(passage))):
        left *= 0.1  # "combien d'étudiants" where nobody speaks of students
    return span, left


class RuleJudge:
    """Answers where a sentence holds most of the question's rare words and, if need be, what is asked.

    An honest stand-in: it knows words, not meaning.
    """

    name = version = "rule"
    threshold = sure = 0.5

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._texts = {p.id: set(terms(document_text(p))) for p in passages}
        self._weight = rarity(passages)
        self._unknown = log(1 + len(passages))

    def judge(self, asked: Asked, hits: Sequence[Hit]) -> list[Evidence]:
        # Retrieval's score breaks near ties between passages that both seem to answer.
        judged = [self._judge(asked, hit) for hit in hits]
        return sorted(judged, key=lambda e: e.log_odds + e.hit.score, reverse=True)

    def _judge(self, asked: Asked, hit: Hit) -> Evidence:
        passage = hit.passage
        wanted = {term: self._weight.get(term, self._unknown) for term in asked.terms}
        total = sum(wanted.values()) or 1.0

        def share(words: set[str]) -> float:
            return sum(weight for term, weight in wanted.items() if term in words) / total

        def text(span: Span) -> str:
            return passage.text[span[0] - passage.start : span[1] - passage.start]

        told = self._texts.get(passage.id, set())
        sentences = passage.sentences or ((passage.start, passage.end),)
        sentence = max(sentences, key=lambda s: share(set(terms(text(s)))))
        covered = 0.6 * share(told) + 0.4 * share(set(terms(text(sentence))))
        found = find(asked.asks.expected, text(sentence), set(wanted))
        if asked.asks.expected and not can_be(asked.asks.expected, text(sentence)):
            covered *= 0.5
        # Half of the question's weight is not enough to speak; nearly all of it is.
        probability = min(1.0, max(0.0, (covered - 0.25) / 0.7)) if wanted else 0.0
        span = (sentence[0] + found[0], sentence[0] + found[1]) if found else sentence
        # Words cannot tell "oui" from "non".
        return Evidence(hit, probability, span, sentence, polarity=0.5)
