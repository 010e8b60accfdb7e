"""From what was typed to a :class:`Question`: one pass, kept for the rest of the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from index.words import terms, words
from rag.question.asked import Expected, Form, Intent, Question
from rag.question.cleaning import clean, is_english
from rag.question.emergency import emergency
from rag.question.encoding import question_encoder
from rag.question.heads import SPECIFIC, Asked, load_heads
from rag.question.parts import load_cuts
from rag.question.spelling import Repair
from rag.question.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.encoder import Encoder


OWN_SHARE = 0.4
"""Of a follow-up's vector, what it says itself: with none of it what answers the question before is found once more. Chosen on
pages kept aside."""
MOST_PARTS = 5
"""Things asked at once that are looked for apart: each is read like a question of its own."""
_ASKING = ("page", "order")
"""Intents of what may ask for all dates of the page."""
_OF_ONE_THING = ("definition", "yes_no")
"""Forms that ask one thing of a subject."""


class Understanding:
    """Understands questions about one page, whose passages ``searching`` embeds if not ``encoder`` itself.

    Raises:
        WeightsMismatch: what is learnt is missing, damaged, or of another encoder.
    """

    def __init__(self, encoder: Encoder, vocabulary: Vocabulary, searching: Encoder | None = None) -> None:
        self.encoder = question_encoder(encoder, searching)
        self.heads = load_heads(encoder.trained_for)
        self.frame = frozenset(terms(" ".join(self.heads.frame)))
        self.cuts = load_cuts()
        self.vocabulary = vocabulary
        self.repair = Repair(vocabulary)

    def understand(self, typed: str, history: Sequence[Question] = ()) -> Question:
        """The question as it is understood after those of ``history``, oldest first.

        Raises:
            QuestionError: the question is empty or too long.
        """
        text = clean(typed)
        english = is_english(typed)
        repaired = self.repair.repair(text, english)
        meaning, vector = self.encoder.encode(repaired)
        found = self.heads.probabilities(Asked(meaning, repaired, self.vocabulary.recognised(repaired)))
        best = {name: self.heads.best(name, of) for name, of in found.items()}
        if self._wants_all(repaired, best, found):
            best["form"] = "summary"
        past = history if best["leans"] == "leans" else ()
        before = next((q for q in reversed(past) if q.intent == "page"), None)
        intent: Intent = (
            "worry" if emergency(text) or emergency(repaired) else _one_of(Intent, _intent(best, found, before))
        )
        likeliest = next((name for name, p in found["intent"].items() if p > 0.5), "page")  # less than half is a doubt
        if intent == "smalltalk" and likeliest != "page":  # words to the assistant lean on no question
            before = None
        every = self._every(repaired, best["every"], found["every"]) if not before and intent in _ASKING else ""
        if every:
            intent = "page"
        several = not every and self.cuts.several(repaired, found["several"]["several"])
        searched = f"{before.searched} {repaired}" if before else repaired
        return Question(
            text,
            repaired,
            intent=intent,
            form="several" if several else _one_of(Form, best["form"]),
            expected=_one_of(Expected, best["expected"]),
            types=found["expected"],
            english=english,
            previous=before.searched if before else "",
            follows=tuple(dict.fromkeys((*before.follows[:1], before.repaired))) if before else (),
            subject=() if before else self._subject(repaired, best, found),
            kinds=best | {"likeliest": likeliest, "every": every},
            vector=self._after(vector, searched) if before else vector,
            asking=tuple(term for term in terms(searched) if term in self.frame),
        )

    def _after(self, own: NDArray[np.float32], searched: str) -> NDArray[np.float32]:
        """What a follow-up searches by: itself after the question that it leans on, and ``own``, itself alone."""
        both = (1 - OWN_SHARE) * self.encoder.encode(searched)[1] + OWN_SHARE * own
        vector: NDArray[np.float32] = both / np.linalg.norm(both)
        return vector

    def apart(self, question: Question) -> list[tuple[Question, ...]]:
        """The things that ``question`` asks at once, each as it may be meant: after the first of them, and alone. Itself where
        they have no words of their own ("où et quand ?"), or are more than ``MOST_PARTS``."""
        parts = [part for part in self.cuts.parts(question.repaired) if any(map(str.isalnum, part))]
        if not 1 < len(parts) <= MOST_PARTS:
            return [(question,)]
        told = question.previous
        before = [replace(question, text=told, repaired=told, previous="")] if told else []
        first = self.understand(parts[0], before)
        found: list[tuple[Question, ...]] = [(first,)]
        for part in parts[1:]:
            after = self.understand(part, [replace(first, intent="page")])
            found.append((after, self.understand(part)) if after.previous else (after,))
        return found

    def _wants_all(self, text: str, best: Mapping[str, str], found: Mapping[str, Mapping[str, float]]) -> bool:
        """Whether a message that names nothing ("un topo ?") wants all of the page, more surely than it has the form it seems to."""
        named = set(terms(text))
        alone = best["leans"] == "alone" and best["intent"] == "page"
        return alone and bool(named) and named <= self.frame and found["scope"]["whole"] > found["form"][best["form"]]

    def _every(self, text: str, kind: str, found: Mapping[str, float]) -> str:
        """Of which ``kind`` ("date") the question wants all that the page tells; "" where it does not, or may name a subject: by
        what the page knows, or by other words than such questions hold, unless that kind is the likeliest all the same."""
        own = terms(" ".join(set(words(text)) - self.heads.every))
        names = any(map(self.vocabulary.knows, own)) or (own and found[kind] < found[SPECIFIC])
        return "" if kind == SPECIFIC or names else kind

    def _subject(self, text: str, best: Mapping[str, str], found: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
        """The terms of the subject where whatever is said of it is wanted, rather than what it is, whether it is so, or all of the
        page."""
        if best["form"] == "summary" and found["scope"]["whole"] > found["aim"]["topic"]:
            return ()
        if best.get("aim") != "topic" or found["aim"]["topic"] < max(found["form"][form] for form in _OF_ONE_THING):
            return ()
        return tuple(terms(" ".join(word for word in words(text) if word not in self.heads.frame)))


def _intent(best: Mapping[str, str], found: Mapping[str, Mapping[str, float]], before: Question | None) -> str:
    """What is wanted; an order to sum up, more surely all of the page than an order, is about it, and so is an "ok" that leans on
    the question ``before`` and asks for something ("ah bon, pourquoi ?")."""
    if best["intent"] == "order" and best["form"] == "summary" and found["scope"]["whole"] > found["intent"]["order"]:
        return "page"
    asks = before and best["smalltalk"] == "ok" and best["expected"] not in ("thing", "statement")
    return "page" if asks and best["intent"] == "smalltalk" else best["intent"]


def _one_of(kind: Any, label: str) -> Any:
    """A class of a head as the literal that it is. Raises ValueError where the head knows another."""
    if label not in get_args(kind):
        raise ValueError(f"unknown label {label!r}")
    return label
