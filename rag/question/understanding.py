"""From what was typed to a :class:`Question`: one pass, kept for the rest of the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args

from index.words import terms, words
from rag.question.asked import Expected, Form, Intent, Question
from rag.question.cleaning import clean, is_english
from rag.question.emergency import emergency
from rag.question.encoding import question_encoder
from rag.question.heads import Asked, load_heads
from rag.question.spelling import Repair
from rag.question.vocabulary import Vocabulary

if TYPE_CHECKING:
    from index.encoder import Encoder


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
        self.vocabulary = vocabulary
        self.repair = Repair(vocabulary)

    def understand(self, typed: str, history: Sequence[Question] = ()) -> Question:
        """The question as it is understood after those of ``history``, oldest first.

        Raises:
            QuestionError: the question is empty or too long.
        """
        text = clean(typed)
        english = is_english(text)
        repaired = self.repair.repair(text, english)
        before = next((q for q in reversed(history) if q.intent == "page"), None)
        meaning, vector = self.encoder.encode(repaired)
        found = self.heads.probabilities(Asked(meaning, repaired, self.vocabulary.recognised(repaired)))
        best = {name: self.heads.best(name, of) for name, of in found.items()}
        leans = before is not None and best["leans"] == "leans"
        searched = f"{before.searched} {repaired}" if before and leans else repaired
        return Question(
            text,
            repaired,
            intent="worry" if emergency(text) or emergency(repaired) else _one_of(Intent, best["intent"]),
            form=_one_of(Form, best["form"]),
            expected=_one_of(Expected, best["expected"]),
            types=found["expected"],
            english=english,
            previous=before.searched if before and leans else "",
            subject=() if leans else self._subject(repaired, best, found),
            kinds=best,
            vector=vector if searched == repaired else self.encoder.encode(searched)[1],
            asking=tuple(term for term in terms(searched) if term in self.frame),
        )

    def _subject(self, text: str, best: Mapping[str, str], found: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
        """The terms of the subject where whatever is said of it is wanted, rather than what it is, or whether it is so."""
        if best.get("aim") != "topic" or found["aim"]["topic"] < max(found["form"][form] for form in _OF_ONE_THING):
            return ()
        return tuple(terms(" ".join(word for word in words(text) if word not in self.heads.frame)))


def _one_of(kind: Any, label: str) -> Any:
    """A class of a head as the literal that it is. Raises ValueError where the head knows another."""
    if label not in get_args(kind):
        raise ValueError(f"unknown label {label!r}")
    return label
