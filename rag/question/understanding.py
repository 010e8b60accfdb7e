"""From what was typed to a :class:`Question`: one pass, kept for the rest of the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, get_args

from rag.question.asked import Expected, Form, Intent, Question
from rag.question.cleaning import clean, is_english
from rag.question.emergency import emergency
from rag.question.encoding import question_encoder
from rag.question.heads import Asked, Heads, HeadsMismatch, load_heads
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
        except HeadsMismatch:
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
        asked = [repaired, f"{before.searched} {repaired}"] if before else [repaired]
        own, *joined = self.encoder.encode_query(asked)
        if self.heads is None:
            return Question(text, repaired, english=english, vector=own)
        seen = Asked(own, repaired)
        if self.heads.believed("leans", "alone", seen) == "alone":
            joined = []
        form: Form = _one_of(Form, self.heads.best("form", seen))
        expected: Expected = _one_of(Expected, self.heads.best("expected", seen))
        previous = before.repaired if before and joined else ""
        vector = joined[0] if joined else own
        return Question(text, repaired, self._intent(seen), form, expected, english, previous, vector)

    def kind(self, name: str, question: Question) -> str:
        """The likeliest class of the head ``name`` ("smalltalk", "worry", "reshape")."""
        if self.heads is None or question.vector is None:
            return ""
        return self.heads.best(name, Asked(question.vector, question.repaired))

    def _intent(self, seen: Asked) -> Intent:
        if self.heads is None:
            return "page"
        intent: Intent = "worry" if emergency(seen.text) else _one_of(Intent, self.heads.believed("intent", "page", seen))
        return intent


def _one_of(kind: Any, label: str) -> Any:
    """A class of a head as the literal that it is. Raises ValueError where the head knows another."""
    if label not in get_args(kind):
        raise ValueError(f"unknown label {label!r}")
    return label
