"""Which of the page's names a question means, and what it names that the page does not."""

from __future__ import annotations

from itertools import pairwise

from index.words import fold, term_spans, words
from rag.question.asked import Question
from rag.question.spelling import dictionary
from rag.question.vocabulary import Vocabulary

_LINKS = frozenset("a au aux d de des du en et l la le les".split())
"""Small words inside a name: "cancer du sein"."""


def named(question: Question, vocabulary: Vocabulary) -> list[str]:
    """The page's names in ``question``, longest first; not a common word that begins with a capital on the page here and
    there ("grand" is not « Grand »)."""

    def is_meant(name: str) -> bool:
        common = vocabulary.surface.get(fold(name), name) != name
        return " " in name or (not common and (name in question.repaired or not dictionary().has(name)))

    return [name for name in vocabulary.names_in(question.repaired) if len(name) > 2 and is_meant(name)]


def unknown_subject(question: Question, vocabulary: Vocabulary) -> str:
    """What the question names, as it was typed, where whatever the page says of it is wanted and the page has no word of it;
    nothing where it has, or where other words stand in between."""
    wanted = set(question.subject)
    spans = [(start, end) for start, end, term in term_spans(question.repaired) if term in wanted]
    between = (words(question.repaired[end:start]) for (_, end), (start, _) in pairwise(spans))
    if not spans or any(map(vocabulary.knows, wanted)) or not all(map(_LINKS.issuperset, between)):
        return ""
    return question.repaired[spans[0][0] : spans[-1][1]]
