"""Things asked at once: which of them are told, and what is said of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.answer import Certainty, Line, Said
from rag.compose import facts, phrases
from rag.compose.lists import as_items
from rag.compose.quotes import Quotes
from rag.question.asked import Question
from rag.read.decision import Verdict
from rag.read.types import find

Found = tuple[Question, Verdict]
"""One of the things asked, and what was found for it."""


def told_and_rest(parts: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """Those of ``parts`` that are surely told, and the others. The same few words ("10") tell one of them only, the more
    trusted: of how many they were chosen is not told by how many were."""
    sure = [part for part in parts if part[1].certainty == "sure"]
    told = [part for part in sure if not any(_told_by(part, other) for other in sure)]
    return told, [part for part in parts if part not in told]


def _told_by(part: Found, other: Found) -> bool:
    """Whether the few words that would answer ``part`` are those that answer ``other``, which is trusted more."""
    (asked, (_, [found, *_])), (_, (_, [best, *_])) = part, other
    same = found.span[0] < best.span[1] and best.span[0] < found.span[1]
    return same and found.probability < best.probability and facts.helps(asked, found.span, found.sentence)


def rest_of(asked: Question, told: Sequence[Found], rest: Sequence[Found], quotes: Quotes) -> tuple[Line, ...]:
    """What is said of things that are not ``told``, then the sentences that come closest to them, not quoted yet; of a date or the
    like that stands in what is quoted for the others nothing: it is there to be read."""
    kinds = {question.expected for question, _ in told}
    rest = [part for part in rest if part[0].expected in kinds or not _stands_quoted(part, quotes)]
    if not rest:
        return ()
    near = [verdict.evidence[0] for _, verdict in rest if verdict.certainty != "none"]
    closest = facts.also(asked, near, quotes, ())
    quoted = near and all(quotes.tell(found.sentence) for found in near)
    phrase = phrases.REST if closest else phrases.REST_NO_OTHER if quoted else phrases.REST_NOT_FOUND
    return (Line((phrase.say(asked.english),)), *as_items(closest))


def _stands_quoted(part: Found, quotes: Quotes) -> bool:
    """Whether what comes closest to ``part`` is quoted, and holds a date, number or the like as it is asked for."""
    question, verdict = part
    best = verdict.evidence[0].sentence
    holds = find(question.expected, quotes.words(best), frozenset())
    return verdict.certainty != "none" and holds is not None and quotes.tell(best)


def lead(asked: Question, told: Sequence[Line], certain: Iterable[Certainty]) -> Said:
    """What goes before sentences of which nothing is claimed: after what is ``told``, where one of the things asked is surely
    found (``certain``), and where none is."""
    phrase = phrases.REST if told else phrases.LIKELY_PART if "sure" in certain else phrases.LIKELY
    return phrase.say(asked.english)
