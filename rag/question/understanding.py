"""From what was typed to a :class:`Question`: one pass, kept for the rest of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from rag.question.asked import Expected, Form, Intent, Question
from rag.question.cleaning import clean, is_english
from rag.question.emergency import emergency
from rag.question.encoding import question_encoder
from rag.question.heads import Asked, Heads, load_heads
from rag.question.packing import WeightsMismatch
from rag.question.spelling import Repair
from rag.question.vocabulary import Vocabulary

if TYPE_CHECKING:
    from index.encoder import Encoder


class Understanding:
    """Understands questions about one page. Without heads every question is a plain one about the page."""

    def __init__(self, encoder: Encoder, vocabulary: Vocabulary) -> None:
        self.encoder = question_encoder(encoder)
        self.repair = Repair(vocabulary)
        self.heads: Heads | None = None
        try:
            self.heads = load_heads(encoder.checksum)
        except WeightsMismatch:
            if encoder.is_bundled:
                raise

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
        seen = Asked(meaning, repaired)
        leans = before is not None and self._best("leans", "alone", seen) == "leans"
        searched = f"{before.searched} {repaired}" if before and leans else repaired
        return Question(
            text,
            repaired,
            intent="worry"
            if emergency(text) or emergency(repaired)
            else _one_of(Intent, self._best("intent", "page", seen)),
            form=_one_of(Form, self._best("form", "fact", seen)),
            expected=_one_of(Expected, self._best("expected", "statement", seen)),
            types=self.heads.probabilities("expected", seen) if self.heads else {},
            english=english,
            previous=before.searched if before and leans else "",
            meaning=meaning,
            vector=vector if searched == repaired else self.encoder.encode(searched)[1],
        )

    def kind(self, name: str, question: Question) -> str:
        """The likeliest class of the head ``name`` ("smalltalk", "worry", "reshape")."""
        return "" if question.meaning is None else self._best(name, "", Asked(question.meaning, question.repaired))

    def _best(self, name: str, usual: str, seen: Asked) -> str:
        return self.heads.best(name, seen) if self.heads else usual


def _one_of(kind: Any, label: str) -> Any:
    """A class of a head as the literal that it is. Raises ValueError where the head knows another."""
    if label not in get_args(kind):
        raise ValueError(f"unknown label {label!r}")
    return label
