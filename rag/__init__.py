"""From a question to a cited answer about one page, or a refusal that says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rag.answer import Answer, Citation, Evidence, Hit, Turn
from rag.question.asked import Question
from rag.question.cleaning import QuestionError

if TYPE_CHECKING:
    from rag.assistant import Assistant

__all__ = ["Answer", "Assistant", "Citation", "Evidence", "Hit", "Question", "QuestionError", "Turn"]


def __getattr__(name: str) -> Any:
    # The assistant brings torch, which takes seconds: whoever needs the types alone need not wait.
    if name == "Assistant":
        from rag.assistant import Assistant

        return Assistant
    raise AttributeError(name)
