"""English sentences about a French page: what tells them, and their figures and names as a French text has them."""

from __future__ import annotations

import re
from collections.abc import Set

from rapidfuzz import fuzz
from text_to_num import alpha2digit

from index.dates import MONTH_NAMES
from index.words import STOP_WORDS, fold, words
from rag.question.cleaning import is_english
from rag.question.spelling import dictionary

LEAST_ALIKE = 75
"""How alike, of 100, a name is in both languages ("Republic", "République")."""
_SAME_BEGINNING = 4
_MONTHS = dict(
    zip(
        "January February March April May June July August September October November December".split(),
        MONTH_NAMES,
        strict=True,
    )
)
_NAMES = {"french": "francais", "state": "etat", **{fold(name): fold(french) for name, french in _MONTHS.items()}}
"""Names of quite another form in French, that a page of the State is full of."""
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?\b"
_DATE = re.compile(rf"\b(?:{_DAY} (?:of )?)?({'|'.join(_MONTHS)})\b(?: {_DAY})?(?:,? (\d{{4}})\b)?")
_ONE = re.compile(r"(?<![\w-])(?:one|first)\b(?!-| (?:hundred|thousand|million|billion))", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MONEY = re.compile(r"(?:€|\beuros?) ?(\d(?:[\d .,]*\d)?(?: (?:million|billion)s?\b)?)")
_UNITS = {"day": "jours", "week": "semaines", "month": "mois", "year": "ans", "hour": "heures", "per cent": "%", "percent": "%",
          "billion": "milliards"}  # fmt: skip
_UNIT = re.compile(rf"(?<=\d) ({'|'.join(_UNITS)})s?\b", re.IGNORECASE)
_HYPHEN = re.compile(rf"(?<=\w)-(?=(?:{'|'.join(_UNITS)})\b)", re.IGNORECASE)
_BOTH = frozenset("a as d en l m me n on or s si son t ton tout y".split())
"""Small words of French that an English sentence may hold too, its cut "'s" among them."""


def in_english(text: str) -> bool:
    """Whether a sentence is English: by its small words or, where it has none of either language, by the dictionaries."""
    if is_english(text):
        return True
    small = set(words(text)) & STOP_WORDS
    known, typed = dictionary(), [word for word in re.findall(r"[^\W\d_]+", text) if word.islower()]
    english = sum(word in known.english and word not in known.french for word in typed)
    return small <= _BOTH and english > sum(word in known.french and word not in known.english for word in typed)


def in_french_figures(text: str) -> str:
    """``text`` with its numbers, dates and measures as a French text writes them; its other words stay."""
    plain = _HYPHEN.sub(" ", _THOUSANDS.sub(" ", _ONE.sub("un", text)))  # no figure there either
    plain = _DATE.sub(_dated, alpha2digit(plain, "en", 1.0))
    plain = _MONEY.sub(r"\1 euros", plain)
    return _UNIT.sub(lambda m: f" {_UNITS[m[1].lower()]}", plain)


def _dated(found: re.Match[str]) -> str:
    """A month that stands by a day or a year: "May" begins questions too."""
    before, month, after, year = found.groups(default="")
    if not before:
        before, after = after, ""
    return " ".join(filter(None, (before, _MONTHS[month], after, year))) if before or year else found[0]


def is_cognate(name: str, known: Set[str]) -> bool:
    """Whether the folded English ``name`` is one of the ``known`` French words."""
    begun = (word for word in known if word[:_SAME_BEGINNING] == name[:_SAME_BEGINNING])
    return _NAMES.get(name, name) in known or any(fuzz.ratio(name, word) >= LEAST_ALIKE for word in begun)
