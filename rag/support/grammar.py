"""What turns a sentence round while most of its words stay: negation and modality, as closed sets of words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.words import fold

_ONLY = re.compile(r"\bn(?:e |')(?:\w+[ '-]+){1,5}?qu(?:e |')")
_NOT = re.compile(r"\bn(?:e |'(?!importe))")
_WITHOUT = re.compile(
    r"\b(?:sans|sauf|except\w+|hormis|hors|ni|non|pas (?:de|d'|du|le|la|les|un)|aucune?s?|jamais|nul(?:le)?(?= )"
    r"|impossib\w+|interdi\w+|exclu\w*|refus\w*|dispens\w+|exempt\w+|exoner\w+|inutile\w*|contrairement|absence"
    r"|empech\w+|cess\w+|perd\w*|supprim\w+|prive\w*)\b"
)
_MODES: dict[str, re.Pattern[str]] = {
    "possible": re.compile(
        r"\b(?:peu(?:t|vent|x)|pou(?:rra\w*|rron\w*|rrai\w*|vai\w*|vez|vons|voir)|possib\w+|possibilite\w*|susceptib\w+|facultati\w+"
        r"|eventuel\w*|permet\w*|autoris\w+|libre\w*|droit|option\w*|capable\w*|envisag\w+)\b"
    ),
    "required": re.compile(
        r"\b(?:doi(?:t|vent|s)|dev(?:ra\w*|ron\w*|rai\w*|ez|ons|ait)|oblig\w+|faut|faudra\w*|tenue?s?|imperati\w*|impos\w+"
        r"|exig\w+|requi\w+|necess\w+|indispensab\w+|charge de|est a \w+er)\b"
    ),
}


@dataclass(frozen=True)
class Grammar:
    """How many times a text denies, and the modes that it speaks in ("possible", "required")."""

    denials: int
    modes: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Grammar:
        folded = " ".join(fold(text).split())
        plain = _ONLY.sub(" ", folded)
        denials = len(_NOT.findall(plain)) or len(_WITHOUT.findall(plain))
        return cls(denials, frozenset(mode for mode, words in _MODES.items() if words.search(folded)))

    def fault(self, told: Grammar) -> str:
        """What this sentence does that the page's, ``told``, does not: "negation", "modality", or ""."""
        if bool(self.denials) != bool(told.denials):
            return "negation"
        if self.modes and not self.modes & told.modes and told.modes:
            return "modality"
        return ""
