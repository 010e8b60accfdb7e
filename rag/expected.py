"""What a French question asks for (a date, a number, a place…) and whether some words can be that.

Language knowledge, not knowledge of any page: it finds the short answer where no reader serves, and
keeps a reader from answering "combien" with something that is not a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.page import Span
from index.words import fold, terms

YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Expected = Literal[
    "", "date", "number", "money", "duration", "percent", "place", "who", "name", "contact", "reason"
]

_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_MONTHS_TYPED = "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
_WRITTEN = (
    "un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|"
    "quarante|cinquante|soixante|cent|cents|mille|million|millions|milliard|milliards|"
    "dizaine|douzaine|quinzaine|vingtaine|trentaine|quarantaine|cinquantaine|soixantaine|centaine|centaines|millier|milliers"
)

DATE = re.compile(
    rf"\b(?:(?:\d{{1,2}}|1er)\s+(?:{_MONTHS_TYPED})(?:\s+\d{{4}})?|(?:{_MONTHS_TYPED})\s+\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}"
    r"|(?:1[0-9]|20)\d{2}\b|[IVX]+e\s+siècle)",
    re.IGNORECASE,
)
NUMBER = re.compile(rf"\b(?:\d[\d\s\u00a0\u202f.,]*\d|\d+|{_WRITTEN})\b(?:\s*%)?", re.IGNORECASE)
MONEY = re.compile(r"€|\beuros?\b|\bdollars?\b|\bfrancs?\b|\bgratuit", re.IGNORECASE)
DURATION = re.compile(
    rf"\b(?:\d+|{_WRITTEN})\s+(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?|années?|semestres?|trimestres?)\b",
    re.IGNORECASE,
)
PERCENT = re.compile(r"%|\bpour\s?cents?\b", re.IGNORECASE)
CONTACT = re.compile(
    r"@|https?://|www\.|\b0\d(?:[ .]?\d{2}){4}\b|\b\d+,?\s+(?:bis\s+)?(?:rue|avenue|boulevard|place|quai|chemin)\b",
    re.IGNORECASE,
)
NAME = re.compile(
    r"\b[A-ZÀ-Þ0-9][\w.’'-]*(?:\s+(?:de|du|des|d’|d'|la|le|les|of|and|in|et)?\s*[A-ZÀ-Þ0-9][\w.’'-]*)*"
)

# Most precise first; matched against the folded question.
_ASKS: tuple[tuple[Expected, re.Pattern[str]], ...] = (
    (
        "contact",
        re.compile(
            r"\b(?:adresse|telephone|tel|numero de|e-?mail|courriel|site (?:web|internet)|contacter|joindre|url|phone|address)\b"
        ),
    ),
    (
        "money",
        re.compile(
            r"\b(?:combien (?:ca |cela )?(?:coute|coutent|a coute|vaut|faut-il payer)|budget|prix|tarif|cout|couts|montant|salaire|combien d'euros|combien d'argent|finance[s]? a hauteur|chiffre d'affaires|how much (?:does|did|money)|cost|price)\b"
        ),
    ),
    ("percent", re.compile(r"\b(?:pourcentage|taux|quelle (?:part|proportion)|percentage|rate)\b")),
    (
        "duration",
        re.compile(
            r"\b(?:combien de temps|combien (?:d'heures|de jours|de mois|d'annees|d'ans)|quelle (?:est la )?duree|duree|dure|how long)\b"
        ),
    ),
    (
        "number",
        re.compile(r"\b(?:combien|quel (?:est le )?nombre|nombre de|effectif|how many|quantite|cb)\b"),
    ),
    (
        "date",
        re.compile(
            r"\b(?:quand|quelle (?:est la )?date|a quelle date|date|quelle annee|en quelle|quel (?:jour|mois|siecle)|depuis quand|jusqu'a quand|when|what year|which year|kan|qd)\b"
        ),
    ),
    (
        "place",
        re.compile(
            r"\b(?:ou (?:se|est|sont|a-t|ont|peut|trouve|ca|en|faut|s'|puis|va|aura|etait|exactement)|ou\s*\?|d'ou|dans quel(?:le)?s? (?:villes?|pays|region|regions|lieu|endroit|departement)|quel(?:le)?s? (?:villes?|pays|region|regions|lieu|endroit)|villes?|localisation|localise|situe|where|which (?:city|cities|country))\b|^ou\b"
        ),
    ),
    ("reason", re.compile(r"\b(?:pourquoi|pour quelles? raisons?|raison|why|pk|pkoi)\b")),
    (
        "name",
        re.compile(
            r"\b(?:comment (?:.{1,60} )?(?:s'appelle|se nomme|s'intitule|est nomme|appelle-t-on)|quel (?:est|etait) (?:le|son) (?:nom|intitule|titre)|quels? (?:sont |etaient )?(?:les |leurs )?noms|quel nom|noms? d|nom complet|signifie\w*|veu(?:t|lent) dire|acronyme|what is the name|called)\b"
        ),
    ),
    (
        "who",
        re.compile(
            r"(?:^|\b(?:et|par|avec|a|de|pour|chez|dis-moi|savoir)\s)qui\b|\b(?:quel(?:le)?s? (?:organismes?|institutions?|entreprises?|ecoles?|universites?|personnes?|acteurs?|partenaires?|organisations?|ministres?|responsables?|etablissements?|autorites?|agences?|structures?|entites?)|who|whom|ki)\b"
        ),
    ),
)

_COUNTED = re.compile(
    r"\b(?:combien|nombre|cb)\s+(?:de\s+|d'|des\s+)?((?:[a-z0-9'-]+\s?){1,2})|how many\s+([a-z]+)"
)


@dataclass(frozen=True)
class Asks:
    """What is asked for; ``counted`` are the stems of what a "combien de …" counts."""

    expected: Expected
    counted: tuple[str, ...] = ()


def what_is_asked(question: str) -> Asks:
    """The expected kind of short answer, "" where any words may answer."""
    folded = fold(question)
    for expected, pattern in _ASKS:
        if pattern.search(folded):
            counted: tuple[str, ...] = ()
            if expected == "number" and (found := _COUNTED.search(folded)):
                counted = tuple(terms(found[1] or found[2] or ""))[:1]
            return Asks(expected, counted)
    return Asks("")


def can_be(expected: Expected, words: str) -> bool:
    """Whether ``words`` can be an answer of the expected kind."""
    if expected == "date":
        return bool(DATE.search(words)) or bool(
            re.search(r"\b(?:" + _MONTHS + r")\b|\b(?:19|20)\d\d\b", fold(words))
        )
    if expected == "money":
        return bool(MONEY.search(words))
    if expected == "percent":
        return bool(PERCENT.search(words))
    if expected == "duration":
        return bool(DURATION.search(words))
    if expected == "number":
        return bool(NUMBER.search(words))
    if expected == "contact":
        return bool(CONTACT.search(words))
    if expected in ("who", "place"):
        return bool(re.search(r"[A-ZÀ-Þ]", words)) or expected == "who"
    return True


_FINDERS: dict[str, re.Pattern[str]] = {
    "date": DATE, "number": NUMBER, "money": MONEY, "duration": DURATION, "percent": PERCENT,
    "contact": CONTACT, "who": NAME, "place": NAME, "name": NAME,
}  # fmt: skip


def find(expected: Expected, text: str, asked: set[str]) -> Span | None:
    """The first words of ``text`` of the expected kind that the question does not already hold."""
    finder = _FINDERS.get(expected)
    if finder is None:
        return None
    for found in finder.finditer(text):
        own = terms(found.group())
        if finder is NAME and not found.start() and re.fullmatch(r"[A-ZÀ-Þ][a-zà-ÿ]+", found.group()):
            continue  # the capital of a sentence
        if found.group().strip() and (not own or not set(own) <= asked):
            return found.start(), found.end()
    return None
