"""From a question to a cited answer about one page, or a refusal that says why."""

from rag.answer import Answer, Citation, Evidence, Hit, Turn
from rag.assistant import Assistant
from rag.question import QuestionError

__all__ = ["Answer", "Assistant", "Citation", "Evidence", "Hit", "QuestionError", "Turn"]
