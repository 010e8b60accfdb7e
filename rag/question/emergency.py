"""A safety net under the learnt intent: words that nobody types lightly."""

from __future__ import annotations

from index.words import fold

_DISTRESS = (
    "me suicider", "me tuer", "envie de mourir", "veux mourir", "en finir avec la vie", "mettre fin a mes jours", "plus envie de vivre",
    "me faire du mal", "kill myself", "want to die",
)  # fmt: skip
_URGENT = (
    "ne respire plus", "respire plus", "n'arrive plus a respirer", "arrive pas a respirer", "mal a la poitrine", "douleur dans la poitrine",
    "perdu connaissance", "fait un malaise", "fait un avc", "fait une crise cardiaque", "je saigne", "chest pain",
)  # fmt: skip


def emergency(question: str) -> str:
    """ "distress", "medical", or "" where none of the words is there."""
    folded = fold(question)
    if any(words in folded for words in _DISTRESS):
        return "distress"
    return "medical" if any(words in folded for words in _URGENT) else ""
