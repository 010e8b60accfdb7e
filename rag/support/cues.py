"""What the closed words of a sentence tell, French or English: whether it denies, makes an exception, obliges, permits, restricts
and speaks to the reader.

No word tells a network trained on French that "may" stands for "doit", or that a "not" was lost on the way: the closed words of
both languages do. They may only refuse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.words import fold

Difference = Literal["", "negation", "modality", "agent"]
"""One of two sentences denies or restricts what the other does not; obliges or permits; speaks to the reader."""


@dataclass(frozen=True)
class Cues:
    """How often a sentence denies, makes an exception, obliges, permits, restricts ("only"), speaks to the reader, or of whoever it
    may be."""

    denies: int
    excepts: int
    obliges: int
    permits: int
    restricts: int
    speaks_to: int
    impersonal: int = 0


def _of(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b")


_EITHER_WAY = _of("or not", "not only", "ou non", "non seulement")
_ENGLISH = {
    "denies": _of(
        "not", r"\w+n't", "cannot", "never", "no", "none", "nobody", "nothing", "neither", "without", "unable", "impossible",
        r"forbid\w*", "forbade", r"prohibit\w*", r"refus\w*", r"exclud\w*", r"exempt\w*", "unlike", "absence",
        r"un(?:necessary|authori[sz]ed|regulated|available|paid)",
    ),
    "excepts": _of("except", "unless", "apart from", "other than", "save for"),
    "obliges": _of(
        "must", "shall", "ha(?:s|ve|d) to", "need(?:s|ed)? to", "needed", r"requir\w+", "mandatory", "compulsory", r"oblig\w+",
        "necessary", "essential", "indispensable", "imperative", "prerequisites?",
    ),
    "permits": _of(
        "may", "can", "cannot", "can't", "could", "might", "able", r"allow(?:s|ed|ing)?", r"permit\w*", r"authori[sz]\w*",
        "entitled", r"possib\w*", r"enabl\w*", "free to", "right to", "optional", "voluntary",
    ),
    "restricts": _of("only", "solely", "exclusively", "alone", "reserved"),
    "speaks_to": _of(r"you(?:r|rs)?"),
}  # fmt: skip
_FRENCH = {
    "denies": _of(
        "sans", r"impossib\w+", r"interdi\w+", r"exclu(?:s|es?|t|ent|re|ant)?", r"refus\w*", r"dispens(?:es?|ent|ees?)",
        r"exempt\w+", r"exoner\w+", r"inutiles?", "contrairement", "absence", r"impaye\w*",
    ),
    "excepts": _of("sauf", "excepte", "hormis", "hors", "a moins (?:que|de)", "a l'exception"),
    "obliges": _of(
        "doi(?:t|vent|s)", r"dev(?:ra\w*|ron\w*|rai\w*|ez|ons|ait|aient)", r"oblig\w+", r"faut|faudra\w*", r"imperati\w*",
        r"impos\w+", r"exig\w+", r"requi\w+", r"necess(?:aires?|it\w+)", r"indispensab\w+", r"essentiel\w*", r"prerequis",
        "tenue?s? (?:de|d')", r"est a \w+er",
    ),
    "permits": _of(
        "peu(?:t|vent|x)", r"pourr\w+", r"pouv\w+", r"puiss\w+", r"perm(?:et\w*|is\w*)", r"possib\w*", "droit (?:de|d'|aux?|a)",
        r"autoris\w*", r"habilit\w*", r"libres?", r"susceptibles?", r"facultati\w+",
    ),
    "restricts": _of(r"seul\w*", "uniquement", "exclusivement", r"reserve\w*"),
    "speaks_to": _of("vous", "votre", "vos"),
    "impersonal": _of("il (?:faut|est)", "on", r"\w+ez", r"permet\w*"),
}  # fmt: skip
_NE = _of("ne(?= )", "n'(?!importe)")
_ALONE = _of(r"aucune?s?", "jamais", "nul(?:le)?", "pas", "personne")
"""What denies where no "ne" does."""
_ONLY = re.compile(r"\bn(?:e |')((?:\w+[ '-]+){1,5}?qu(?:e |'))")
"""« ne… que », and its words without "ne"."""
_WITHOUT = _of(
    "sans", "sauf", r"except\w+", "hormis", "hors", "ni", "non", "pas (?:de|d'|du|le|la|les|un)", "aucune?s?", "jamais",
    "nul(?:le)?", r"impossib\w+", r"interdi\w+", r"exclu\w*", r"refus\w*", r"dispens\w+", r"exempt\w+", r"exoner\w+", r"inutile\w*",
    "contrairement", r"absence", r"empech\w+", r"cess\w+", r"perd\w*", r"supprim\w+", r"prive\w*",
)  # fmt: skip
_REQUIRED = _of(
    "doi(?:t|vent|s)", r"dev(?:ra\w*|ron\w*|rai\w*|ez|ons|ait)", r"oblig\w+", "faut", r"faudra\w*", "tenue?s?", r"imperati\w*",
    r"impos\w+", r"exig\w+", r"requi\w+", r"necess\w+", r"indispensab\w+", "charge de", r"est a \w+er",
)  # fmt: skip
"""What a passage denies or requires somewhere: more words than a sentence and its translation agree on one by one."""
_BRACKETS = re.compile(r"\([^()]*\)")


def denies(text: str) -> bool:
    """Whether a French text denies anything; "ne… que" does not."""
    plain = _ONLY.sub(" ", _folded(text))
    return bool(_NE.search(plain) or _WITHOUT.search(plain))


def requires(text: str) -> bool:
    """Whether a French text requires anything."""
    return bool(_REQUIRED.search(_folded(text)))


def cues_of_english(text: str) -> Cues:
    """What an English sentence tells."""
    plain = _EITHER_WAY.sub(" ", _folded(text))
    return Cues(**{name: len(words.findall(plain)) for name, words in _ENGLISH.items()})


def cues_of_french(text: str) -> Cues:
    """What a French text tells. "Ne… que" restricts and denies nothing."""
    plain, only = _ONLY.subn(r" \1", _EITHER_WAY.sub(" ", _folded(text)))
    told = {name: len(words.findall(plain)) for name, words in _FRENCH.items()}
    told["denies"] += len(_NE.findall(plain)) or len(_ALONE.findall(plain))
    told["restricts"] += only
    return Cues(**told)


def difference(claim: str, sentence: str) -> Difference:
    """In what the English ``claim`` and the French ``sentence`` that it rests on do not say the same; "" where they may. What the
    page puts in brackets may be left out."""
    said, told, whole = cues_of_english(claim), cues_of_french(_BRACKETS.sub(" ", sentence)), cues_of_french(sentence)
    if said.denies != told.denies or bool(said.restricts) != bool(told.restricts):
        return "negation"
    if (told.excepts and not said.excepts) or (said.excepts and not whole.excepts):
        return "negation"
    if (said.obliges and not told.obliges) or (said.permits and not told.permits):
        return "modality"
    if (told.obliges or told.permits) and not (said.obliges or said.permits):
        return "modality"
    if (told.speaks_to and not said.speaks_to) or (said.speaks_to and not (told.speaks_to or told.impersonal)):
        return "agent"
    return ""


def _folded(text: str) -> str:
    return " ".join(fold(text).split())
