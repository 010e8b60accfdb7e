"""Which of the page's names a question means."""

from __future__ import annotations

from index.words import fold
from rag.question.asked import Question
from rag.question.spelling import dictionary
from rag.question.vocabulary import Vocabulary


def named(question: Question, vocabulary: Vocabulary) -> list[str]:
    """The page's names in ``question``, longest first; not a common word that begins with a capital on the page here and
    there ("grand" is not « Grand »)."""

    def is_meant(name: str) -> bool:
        common = vocabulary.surface.get(fold(name), name) != name
        return " " in name or (not common and (name in question.repaired or not dictionary().has(name)))

    return [name for name in vocabulary.names_in(question.repaired) if len(name) > 2 and is_meant(name)]
