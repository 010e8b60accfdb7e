"""Questions that a passage does not answer, made from questions that it does.

Two kinds: a true question with one thing changed (entity, date, number, verb, place), and a
question about something that the passage names, for an attribute that it does not tell.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from index.words import fold

_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-ZÀ-Þ][\w’'-]+(?:\s+(?:de|du|des|d['’]|la|le|les|of)?\s*[A-ZÀ-Þ][\w’'-]+)*")
_YEAR = re.compile(r"\b(1[0-9]{3}|20[0-2][0-9])\b")
_NUMBER = re.compile(r"\b\d+\b")

# Pairs that turn a true question into one that the passage does not answer.
_OPPOSITES: tuple[tuple[str, str], ...] = (
    ("né", "mort"), ("née", "morte"), ("naît", "meurt"), ("construit", "détruit"), ("construite", "détruite"),
    ("créé", "supprimé"), ("créée", "supprimée"), ("fondé", "dissous"), ("fondée", "dissoute"),
    ("ouvert", "fermé"), ("ouverte", "fermée"), ("gagné", "perdu"), ("remporté", "perdu"), ("commence", "se termine"),
    ("début", "fin"), ("acheté", "vendu"), ("augmenté", "diminué"), ("premier", "dernier"), ("première", "dernière"),
    ("plus grand", "plus petit"), ("plus grande", "plus petite"), ("avant", "après"), ("nord", "sud"),
    ("est", "ouest"), ("lancé", "arrêté"), ("lancée", "arrêtée"), ("publié", "interdit"), ("accepté", "refusé"),
    ("élu", "battu"), ("nommé", "révoqué"), ("signé", "dénoncé"), ("découvert", "oublié"), ("inventé", "breveté"),
    ("père", "frère"), ("mère", "sœur"), ("épouse", "fille"), ("arrivé", "parti"), ("entré", "sorti"),
    ("avantages", "inconvénients"), ("causes", "coûts"), ("augmentation", "baisse"), ("victoire", "défaite"),
)  # fmt: skip

# (question about {x}, words whose presence means that the passage may well tell)
_ATTRIBUTES: tuple[tuple[str, str], ...] = (
    ("Quel est le budget de {x} ?", "budget euro € dollar franc million milliard coût"),
    ("Combien coûte {x} ?", "euro € dollar franc million milliard coût prix tarif gratuit"),
    ("Quel est le prix de {x} ?", "euro € dollar franc million milliard coût prix tarif gratuit"),
    ("Combien a coûté {x} ?", "euro € dollar franc million milliard coût prix livres"),
    ("Quel montant a été investi dans {x} ?", "euro € dollar franc million milliard coût invest"),
    ("Qui dirige {x} ?", "dirig directeur directrice président chef patron préside gouvern"),
    ("Qui est le directeur de {x} ?", "dirig directeur directrice chef préside président"),
    ("Qui préside {x} ?", "présid dirig chef"),
    ("Qui finance {x} ?", "financ mécén subvention fonds budget payé"),
    ("Quelle est l'adresse de {x} ?", "adresse rue avenue boulevard place situé siège"),
    ("Où se trouve le siège de {x} ?", "siège adresse situé basé install rue"),
    ("Quel est le numéro de téléphone de {x} ?", "téléphone numéro appel"),
    ("Comment contacter {x} ?", "téléphone mail adresse contact"),
    ("Combien de personnes travaillent pour {x} ?", "salarié employé personnes effectif agents ouvriers travaill"),
    ("Quel est l'effectif de {x} ?", "salarié employé personnes effectif agents membres hommes"),
    ("Combien d'employés compte {x} ?", "salarié employé personnes effectif agents ouvriers"),
    ("Combien de temps dure {x} ?", "durée dure heure jours semaines mois ans années"),
    ("Quelle est la durée de {x} ?", "durée dure heure jours semaines mois ans années"),
    ("Quels sont les horaires de {x} ?", "horaire heure ouvert"),
    ("Quelle est la superficie de {x} ?", "superficie km hectare étend surface m²"),
    ("Quel est le site internet de {x} ?", "site internet web www"),
    ("Combien de visiteurs {x} reçoit-il par an ?", "visiteur touriste fréquent"),
    ("Quel âge a {x} ?", "âge ans né naît"),
    ("Quel est le chiffre d'affaires de {x} ?", "chiffre euro € dollar million milliard"),
    ("Pourquoi {x} a-t-il été critiqué ?", "critiqu reproch controvers polémi"),
    ("Pourquoi {x} a-t-il été fermé ?", "ferm cess abandon arrêt"),
    ("Comment s'inscrire à {x} ?", "inscri candidat adhér"),
    ("Quel est le taux de réussite de {x} ?", "taux réussi % pourcent"),
    ("Combien de membres compte {x} ?", "membre adhérent compte"),
    ("Quelle entreprise fournit {x} ?", "fourni entreprise société prestataire"),
    ("Quand {x} a-t-il été supprimé ?", "suppri dissou ferm aboli abandon"),
    ("Qui a critiqué {x} ?", "critiqu reproch controvers polémi dénonc"),
    ("Est-ce que {x} est gratuit ?", "gratuit pay tarif prix"),
    ("{x} appartient-il à l'État ?", "état public national propri appart"),
    ("Quelle est la surface de {x} ?", "superficie km hectare étend surface m²"),
    ("budget {x}", "budget euro € dollar franc million milliard coût"),
    ("adresse {x}", "adresse rue avenue boulevard place situé siège"),
    ("directeur {x}", "dirig directeur directrice chef préside président"),
)  # fmt: skip


def names(text: str) -> list[str]:
    """Capitalised names in ``text``, longest first, those that open a sentence left out."""
    return sorted({m.group().strip() for m in _NAME.finditer(text) if len(m.group()) > 3}, key=len, reverse=True)


def changed(question: str, passage: str, others: Sequence[str], rng: random.Random) -> str | None:
    """``question`` with one thing changed so that ``passage`` no longer answers, or None.

    ``others`` are names from elsewhere.
    """
    ways = [_change_number, _change_opposite, _change_name, _change_asked]
    rng.shuffle(ways)
    for way in ways:
        new = way(question, passage, others, rng)
        if new is not None and fold(new) != fold(question):
            return new
    return None


def _change_number(question: str, passage: str, others: Sequence[str], rng: random.Random) -> str | None:
    found = _YEAR.search(question) or _NUMBER.search(question)
    if found is None:
        return None
    value = int(found.group())
    for _ in range(5):
        shift = rng.choice((-30, -12, -7, -4, -3, -2, -1, 1, 2, 3, 4, 6, 11, 25))
        new = str(max(2, value + shift))
        if new != found.group() and new not in passage:
            return question[: found.start()] + new + question[found.end() :]
    return None


def _change_opposite(question: str, passage: str, others: Sequence[str], rng: random.Random) -> str | None:
    pairs = [*_OPPOSITES, *((b, a) for a, b in _OPPOSITES)]
    rng.shuffle(pairs)
    told = fold(passage)
    for a, b in pairs:
        if a == "est":  # the verb "est" is not a direction
            continue
        pattern = re.compile(rf"(?<![\w-]){re.escape(a)}(?![\w-])")
        if pattern.search(question) and fold(b) not in told:
            return pattern.sub(b, question, count=1)
    return None


def _change_name(question: str, passage: str, others: Sequence[str], rng: random.Random) -> str | None:
    mine = [name for name in names(question) if fold(name) in fold(passage)]
    if not mine or not others:
        return None
    old = rng.choice(mine)
    for _ in range(5):
        new = rng.choice(others)
        if fold(new) not in fold(passage) and abs(len(new.split()) - len(old.split())) < 2:
            return question.replace(old, new, 1)
    return None


_ASKED = re.compile(
    r"^(?:Quand|En quelle année|À quelle date|A quelle date|Où|Pourquoi|Comment|Qui|Dans quelle ville)\b"
)
_ASKABLE: tuple[tuple[str, re.Pattern[str]], ...] = (  # what to ask, and signs that the passage may tell
    (
        "Pourquoi",
        re.compile(r"\b(?:car|parce|afin|pour|raison|grâce|cause|puisque|suite|but|objectif)\b", re.IGNORECASE),
    ),
    ("Quand", re.compile(r"\d|\b(?:siècle|année|ans|depuis|pendant|lors)\b", re.IGNORECASE)),
    ("En quelle année", re.compile(r"\d|\b(?:siècle|année|ans|depuis)\b", re.IGNORECASE)),
    ("Où", re.compile(r"\b(?:à|au|aux|en|dans|vers|chez|sur) (?:la |le |les |l['’])?[A-ZÀ-Þ]")),
    ("Dans quelle ville", re.compile(r"\b(?:à|au|aux|dans|vers|de) (?:la |le |les |l['’])?[A-ZÀ-Þ]")),
)


def _change_asked(question: str, passage: str, others: Sequence[str], rng: random.Random) -> str | None:
    """Ask when, where or why instead, where the passage holds no sign of it."""
    asked = _ASKED.match(question)
    if asked is None or asked.group() == "Qui":
        return None
    free = [word for word, signs in _ASKABLE if word != asked.group() and not signs.search(passage)]
    return rng.choice(free) + question[asked.end() :] if free else None


def attribute(passage: str, rng: random.Random, about: Sequence[str] | None = None) -> str | None:
    """A question about something that ``passage`` names, for what it does not tell, or None."""
    known = list(about) if about else [n for n in names(passage) if len(n.split()) < 5]
    if not known:
        return None
    told = fold(passage)
    for _ in range(6):
        template, cues = rng.choice(_ATTRIBUTES)
        if not any(fold(cue) in told for cue in cues.split()):
            return _elide(template.format(x=rng.choice(known)))
    return None


def _elide(question: str) -> str:
    return re.sub(r"\bde ([AEIOUYÉÈÊÀÂÎÔ])", r"d'\1", question)
