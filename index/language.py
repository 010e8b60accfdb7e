"""In which language a page is written, told by the small words that only one language has."""

from __future__ import annotations

import re
from collections import Counter

_SMALL_WORDS: dict[str, frozenset[str]] = {
    "fr": frozenset(
        "le la les des du une est et dans pour vous qui que sur au aux avec par cette votre ou ne pas".split()
    ),
    "en": frozenset("the of and to in is that for you are with your this be or by from have not which will".split()),
    "es": frozenset("el los las del una es y en por para que con su como se está o no puede usted más".split()),
    "de": frozenset("der die das und ist den von zu mit für sie ein eine im nicht auf werden dem oder als".split()),
    "it": frozenset("il lo gli della delle di che è per con una sono nel alla dei non si da come o più".split()),
    "nl": frozenset("de het een van en in is voor op met dat u zijn te niet of aan bij naar worden".split()),
    "pt": frozenset("o os as do da dos uma e em para que com não por se seu mais como ou você são".split()),
}
NAMES = {
    "en": "en anglais", "es": "en espagnol", "de": "en allemand", "it": "en italien",
    "nl": "en néerlandais", "pt": "en portugais",
}  # fmt: skip
"""How each language but French is named in a sentence."""
OTHER = "und"
"""A language that is none of these, as ISO 639 calls what is not determined."""
UNLIKE_FRENCH = "cette page semble être {language} : les réponses citent ses mots, les questions se posent en français"
NOT_FRENCH = (
    "cette page ne semble pas être en français : les réponses citent ses mots, les questions se posent en français"
)
_LETTER = re.compile(r"[^\W\d_]")
_FOREIGN = re.compile(r"[^\W\d_a-zàâæçéèêëîïôœùûüÿªº]")
_LEAST_LETTERS = 100
_MOST_FOREIGN = 0.02
"""In French one letter in a thousand, at most, is of no French word."""
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_WORDS = 20
_ENOUGH = 20_000
"""Characters after which more would tell nothing new."""


def language_of(text: str) -> str:
    """Two letters, :data:`OTHER`, or nothing where ``text`` is short or its words do not tell."""
    text = text[:_ENOUGH].lower()
    words = Counter(_WORD.findall(text))
    total = words.total()
    counts = {code: sum(words[w] for w in small) for code, small in _SMALL_WORDS.items()}
    best, second = sorted(counts, key=lambda code: counts[code], reverse=True)[:2]
    if total >= _LEAST_WORDS and counts[best] >= 0.12 * total and counts[best] > 1.2 * counts[second]:
        return best
    letters = len(_LETTER.findall(text))
    foreign = len(_FOREIGN.findall(text))
    return OTHER if letters >= _LEAST_LETTERS and foreign > _MOST_FOREIGN * letters else ""


def remark(code: str) -> str:
    """What a reader is told of a page in another language than French; nothing for French."""
    if code == "fr" or not code.isalpha():
        return ""
    return UNLIKE_FRENCH.format(language=NAMES[code]) if code in NAMES else NOT_FRENCH
