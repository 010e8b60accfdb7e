"""English sentences about a French page: their figures as a French text has them, and whether they deny, oblige, permit, restrict
and speak to the reader just as the French sentence does that they rest on.

No word tells a network trained on French that "may" stands for "doit", or that a "not" was lost on the way: the closed words of
both languages do. They may only refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from text_to_num import alpha2digit

from index.words import STOP_WORDS, fold, words
from rag.question.cleaning import is_english
from rag.question.spelling import dictionary

Difference = Literal["", "negation", "modality", "agent"]
"""One of the two denies or restricts what the other does not; obliges or permits; speaks to the reader."""

LEAST_ALIKE = 75
"""How alike, of 100, a name is in both languages ("Republic", "République")."""
_SAME_BEGINNING = 4
_MONTHS = dict(
    zip(
        "January February March April May June July August September October November December".split(),
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
        strict=True,
    )
)
_NAMES = {"french": "francais", "state": "etat", **{fold(name): fold(french) for name, french in _MONTHS.items()}}
"""Names of quite another form in French, that a page of the State is full of."""
_MONTH = "|".join(_MONTHS)
_DAY_LAST = re.compile(rf"\b({_MONTH}) (\d{{1,2}})(?:st|nd|rd|th)?,? (?=\d{{4}}\b)")
_DATED = re.compile(rf"\b(?:(\d{{1,2}})(?:st|nd|rd|th)? )?(?:of )?({_MONTH})(?=,? (\d{{4}})\b|\b),?")
_ONE = re.compile(r"(?<![\w-])(?:one|first)\b(?!-| (?:hundred|thousand|million|billion))", re.IGNORECASE)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_MONEY = re.compile(r"(?:€|\beuros? ?)(\d[\d  .,]*\d|\d)( (?:million|billion)s?\b)?")
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
    plain = alpha2digit(plain, "en", 1.0)
    plain = _DAY_LAST.sub(lambda m: f"{m[2]} {m[1]} ", plain)
    plain = _DATED.sub(_dated, plain)
    plain = _MONEY.sub(lambda m: f"{m[1]}{m[2] or ''} euros", plain)
    return _UNIT.sub(lambda m: f" {_UNITS[m[1].lower()]}", plain)


def _dated(found: re.Match[str]) -> str:
    """A month that stands by a day or a year: "May" begins questions too."""
    if not found[1] and not found[3]:
        return found[0]
    return " ".join(filter(None, (found[1], _MONTHS[found[2]])))


def is_cognate(name: str, known: frozenset[str] | set[str]) -> bool:
    """Whether the folded English ``name`` is one of the ``known`` French words."""
    begun = (word for word in known if word[:_SAME_BEGINNING] == name[:_SAME_BEGINNING])
    return _NAMES.get(name, name) in known or any(fuzz.ratio(name, word) >= LEAST_ALIKE for word in begun)


@dataclass(frozen=True)
class Cues:
    """What the closed words of a sentence tell: how often it denies; whether it makes an exception, obliges, permits, restricts
    ("only") and speaks to the reader, or of whoever it may be."""

    denials: int
    excepts: bool
    obliges: bool
    permits: bool
    restricts: bool
    speaks_to: bool
    impersonal: bool = False


def _of(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


_EITHER_WAY = _of("or not", "not only", "ou non", "non seulement")
_PUT_ASIDE = re.compile(r"\([^()]*\)")

_DENIES = _of(
    "not", r"\w+n't", "cannot", "never", "no", "none", "nobody", "nothing", "neither", "without", "unable", "impossible",
    r"forbid\w*", "forbade", r"prohibit\w*", r"refus\w*", r"exclud\w*", r"exempt\w*", "unlike", "absence",
    r"un(?:necessary|authori[sz]ed|regulated|available|paid)",
)  # fmt: skip
_EXCEPTS = _of("except", "unless", "apart from", "other than", "save for")
_OBLIGES = _of(
    "must", "shall", "ha(?:s|ve|d) to", "need(?:s|ed)? to", "needed", r"requir\w+", "mandatory", "compulsory", r"oblig\w+", "necessary",
    "essential", "indispensable", "imperative", "prerequisites?",
)  # fmt: skip
_PERMITS = _of(
    "may", "can", "cannot", "can't", "could", "might", "able", r"allow(?:s|ed|ing)?", r"permit\w*", r"authori[sz]\w*", "entitled",
    r"possib\w*", r"enabl\w*", "free to", "right to", "optional", "voluntary",
)  # fmt: skip
_RESTRICTS = _of("only", "solely", "exclusively", "alone", "reserved")
_SPEAKS_TO = _of(r"you(?:r|rs)?")

_NE = re.compile(r"\bn(?:e |'(?!importe))")
_DENIES_FRENCH = _of(
    "sans", r"impossib\w+", r"interdi\w+", r"exclu(?:s|es?|t|ent|re|ant)?", r"refus\w*", r"dispens(?:es?|ent|ees?)",
    r"exempt\w+", r"exoner\w+", r"inutiles?", "contrairement", "absence", r"impaye\w*",
)  # fmt: skip
_DENIES_ALONE = _of(r"aucune?s?", "jamais", "nul(?:le)?", "pas", "personne")
"""What denies where no "ne" does."""
_EXCEPTS_FRENCH = _of("sauf", "excepte", "hormis", "hors", "a moins (?:que|de)", "a l'exception")
_OBLIGES_FRENCH = _of(
    "doi(?:t|vent|s)", r"dev(?:ra\w*|ron\w*|rai\w*|ez|ons|ait|aient)", r"oblig\w+", r"faut|faudra\w*", r"imperati\w*", r"impos\w+",
    r"exig\w+", r"requi\w+", r"necess(?:aires?|it\w+)", r"indispensab\w+", r"essentiel\w*", r"prerequis", "tenue?s? (?:de|d')",
    r"est a \w+er",
)  # fmt: skip
_PERMITS_FRENCH = _of(
    "peu(?:t|vent|x)", r"pourr\w+", r"pouv\w+", r"puiss\w+", r"perm(?:et\w*|is\w*)", r"possib\w*", "droit (?:de|d'|aux?|a)", r"autoris\w*",
    r"habilit\w*", r"libres?", r"susceptibles?", r"facultati\w+",
)  # fmt: skip
_ONLY_FRENCH = re.compile(r"\bn(?:e |')(?=(?:\w+[ '-]+){1,5}?qu(?:e |'))")
_RESTRICTS_FRENCH = _of(r"seul\w*", "uniquement", "exclusivement", r"reserve\w*")
_SPEAKS_TO_FRENCH = _of("vous", "votre", "vos")
_IMPERSONAL_FRENCH = _of("il (?:faut|est)", "on", r"\w+ez", r"permet\w*")


def cues_of_english(text: str) -> Cues:
    """What an English sentence tells."""
    plain = _EITHER_WAY.sub(" ", _folded(text))
    return Cues(
        len(_DENIES.findall(plain)), bool(_EXCEPTS.search(plain)), bool(_OBLIGES.search(plain)), bool(_PERMITS.search(plain)),
        bool(_RESTRICTS.search(plain)), bool(_SPEAKS_TO.search(plain)),
    )  # fmt: skip


def cues_of_french(text: str) -> Cues:
    """What a French sentence tells. "Ne… que" restricts and denies nothing; what stands in brackets is put aside."""
    plain = _EITHER_WAY.sub(" ", _PUT_ASIDE.sub(" ", _folded(text)))
    restricts = bool(_RESTRICTS_FRENCH.search(plain) or _ONLY_FRENCH.search(plain))
    plain = _ONLY_FRENCH.sub(" ", plain)
    ne = len(_NE.findall(plain))
    return Cues(
        ne + len(_DENIES_FRENCH.findall(plain)) + (0 if ne else len(_DENIES_ALONE.findall(plain))),
        bool(_EXCEPTS_FRENCH.search(plain)), bool(_OBLIGES_FRENCH.search(plain)), bool(_PERMITS_FRENCH.search(plain)),
        restricts, bool(_SPEAKS_TO_FRENCH.search(plain)), bool(_IMPERSONAL_FRENCH.search(plain)),
    )  # fmt: skip


def difference(claim: str, sentence: str) -> Difference:
    """In what the English ``claim`` and the French ``sentence`` that it rests on do not say the same; "" where they may."""
    said, told = cues_of_english(claim), cues_of_french(sentence)
    whole = bool(_EXCEPTS_FRENCH.search(_folded(sentence)))  # the brackets too
    if said.denials != told.denials or said.restricts != told.restricts:
        return "negation"
    if told.excepts > said.excepts or said.excepts > whole:
        return "negation"
    if said.obliges > told.obliges or said.permits > told.permits:
        return "modality"
    if (told.obliges or told.permits) and not (said.obliges or said.permits):
        return "modality"
    if told.speaks_to > said.speaks_to or said.speaks_to > (told.speaks_to or told.impersonal):
        return "agent"
    return ""


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
