"""Two things asked at once, taken apart where the question itself joins them."""

from __future__ import annotations

import re

from index.words import fold

_JOINT = re.compile(r"\?\s+|[,;]?\s+(?:et|ainsi que|puis)\s+(?=\S)|[,;]\s+", re.IGNORECASE)
_ASKING = frozenset(
    "qui que quoi quel quelle quels quelles quand ou comment combien pourquoi lequel laquelle lesquels lesquelles est-ce "
    "qu'est-ce faut-il peut-on dois-je puis-je doit-on".split()
)
_BEFORE = frozenset("a de d' par avec pour en dans chez depuis sur sous au aux dans sinon aussi et".split())


def parts_of(question: str) -> list[str]:
    """The questions that it is made of: a part begins by a word that asks, after a preposition at most."""
    parts: list[str] = []
    begin = 0
    for joint in _JOINT.finditer(question):
        if asks(question[joint.end() :]) and _asks_at_all(question[begin : joint.start()]):
            parts.append(question[begin : joint.start()].strip(" ?,;") + " ?")
            begin = joint.end()
    parts.append(question[begin:].strip())
    return parts


def asks(text: str) -> bool:
    """Whether ``text`` begins by a word that asks, after a preposition at most."""
    words = fold(text).replace("'", "' ").split()
    head = words[1] if len(words) > 1 and words[0] in _BEFORE else words[0] if words else ""
    return head.strip("?,.") in _ASKING or head.startswith("qu'")


def _asks_at_all(text: str) -> bool:
    return len(text.split()) > 2
