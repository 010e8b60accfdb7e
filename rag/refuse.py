"""What a refusal says: that the page does not tell, of what it does speak, or that it speaks of something else."""

from __future__ import annotations

import re

from index.words import fold
from rag import phrases
from rag.indirect import indirect
from rag.question import Asked


def not_on_page(asked: Asked, topic: str) -> str:
    """ "La page parle de X, mais ne dit pas qui dirige X." as far as words allow."""
    if asked.english:
        return phrases.NOT_ON_PAGE_ABOUT_EN.format(topic=topic) if topic else phrases.NOT_ON_PAGE_EN
    untold = indirect(asked.text)
    about = of(topic) if topic and len(topic) <= 80 else ""
    if untold and about:
        return phrases.SPEAKS_BUT_UNTOLD.format(about=about, untold=untold)
    if untold:
        return phrases.UNTOLD.format(untold=untold)
    if about:
        return phrases.SPEAKS_BUT.format(about=about)
    return phrases.NOT_ON_PAGE


def of(topic: str) -> str:
    """ "le Hub" -> "du Hub", "X" -> "de X", "Olive" -> "d’Olive"."""
    topic = topic.strip().rstrip(" ?!")
    for article, short in (
        ("le ", "du "),
        ("les ", "des "),
        ("la ", "de la "),
        ("un ", "d’un "),
        ("une ", "d’une "),
        ("des ", "de "),
    ):
        if topic.lower().startswith(article):
            return short + topic[len(article) :]
    if re.match(r"l[’']", topic, re.IGNORECASE):
        return f"de l’{topic[2:]}"
    vowel = fold(topic)[:1] in tuple("aeiouy") and not topic.isupper()
    return f"d’{topic}" if vowel else f"de {topic}"
