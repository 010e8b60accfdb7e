"""Questions that the page answers, made from its own content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.page import MISSING, Page, Passage
from index.words import fold, terms
from rag.vocabulary import Vocabulary

_PARTICIPLE = r"(?P<verb>[a-zà-ÿ]+(?:é|ée|és|ées|it|ite|is|ise|ert|erte))"
_DATED = re.compile(
    rf"(?P<name>[A-ZÀ-Þ][\w’' -]{{2,60}}?),? {_PARTICIPLE} (?:le \d|en \d{{4}}|en [a-zéû]+ \d{{4}})"
)
_AIM = re.compile(
    r"^(?P<head>(?:Création (?:du |de la |de l[’']|de |d[’'])|Le |La |L[’']|Les )?(?P<name>[^,:;]{3,90}?))\s+(?:avec|a|ont) pour (?:objectif|but|mission) de\b"
)
_BY = re.compile(
    r"(?P<verb>co-?organisé|co-?piloté|organisé|piloté|porté|lancé|créé|financé)(?P<e>e?)(?P<s>s?)(?: en \d{4}| le [\w ]{5,20}?)? par\b"
)


@dataclass(frozen=True)
class Suggestion:
    """A question and the passage that answers it."""

    question: str
    passage: int


def candidates(page: Page, passages: Sequence[Passage], vocabulary: Vocabulary) -> list[Suggestion]:
    """Questions made from the page's headings, names, dates, aims and acronyms, best first."""
    first = passages[0].id
    found: list[Suggestion] = [Suggestion("De quoi parle cette page ?", first)]
    headings = [page.text[b.start : b.end] for b in page.blocks if b.kind == "heading" and b.level == 2]
    for heading in headings:
        inside = [p for p in passages if heading in p.section and MISSING not in p.section]
        if len(inside) > 2 and re.match(r"[A-ZÀ-Þ][\w-]*[sx]\b", heading) and len(heading.split()) <= 3:
            found.append(Suggestion(_plural(heading), inside[0].id))
    for passage in passages:
        if passage.role:
            continue
        text = passage.text
        if dated := _DATED.search(text):
            name = _subject(dated["name"])
            if name:
                found.append(Suggestion(_when(name, dated["verb"]), passage.id))
        if (aim := _AIM.match(text)) and len(aim["name"]) < 70:
            name = (
                aim["name"] if not aim["head"].startswith(("Le ", "La ", "L’", "L'", "Les ")) else aim["head"]
            )
            found.append(Suggestion(f"À quoi sert {_articled(name, aim['head'])} ?", passage.id))
        if name := next((n for n in vocabulary.names if text.startswith(n) and len(n) > 6), ""):
            found.append(Suggestion(f"Qu’est-ce que {name} ?", passage.id))
    for acronym in vocabulary.acronyms:
        home = next((p for p in passages if p.start <= acronym.span[0] < p.end), None)
        if home is not None and not home.role:
            found.append(Suggestion(f"Que signifie {acronym.short} ?", home.id))
    if page.updated:
        home = next((p for p in passages if p.role == "updated"), None)
        if home is not None:
            found.append(Suggestion("Quand la page a-t-elle été mise à jour ?", home.id))
    unique: dict[str, Suggestion] = {}
    for suggestion in found:
        unique.setdefault(fold(suggestion.question), suggestion)
    return list(unique.values())


def _plural(heading: str) -> str:
    lowered = heading[:1].lower() + heading[1:]
    feminine = re.match(r"\w+(?:ions|tés|ures|ences|ances|ités|mesures|aides|étapes|dates|règles)\b", lowered)
    return f"Quel{'le' if feminine else ''}s sont les {lowered} ?"


def _when(name: str, verb: str) -> str:
    feminine = re.search(r"(?:ée|ite|ise|erte)s?$", verb)
    plural = verb.endswith(("és", "ées"))
    pronoun = ("elle" if feminine else "il") + ("s" if plural else "")
    return f"Quand {name} {'ont' if plural else 'a'}-{'' if plural else 't-'}{pronoun} été {verb} ?"


def _subject(name: str) -> str:
    name = name.strip()
    return name[:1].lower() + name[1:] if re.match(r"(?:Le|La|Les|L’|L'|Un|Une)\b", name) else name


def _articled(name: str, head: str) -> str:
    if head.startswith("Création du "):
        return f"le {name}"
    if head.startswith("Création de la "):
        return f"la {name}"
    if head.startswith(("Création de l’", "Création de l'")):
        return f"l’{name}"
    return _subject(name)


def pick(
    suggestions: Sequence[Suggestion], *, asked: Sequence[str], near: Sequence[int], count: int = 3
) -> tuple[str, ...]:
    """``count`` suggestions that differ from what was asked, those about other passages first.

    ``asked`` are the questions so far, ``near`` the passages that were just cited.
    """
    past = [(set(terms(q)), fold(q).split()) for q in asked]

    def repeats(suggestion: Suggestion) -> bool:
        words, asks = set(terms(suggestion.question)), fold(suggestion.question).split()[0]
        return any(
            len(words & told) >= 0.75 * max(1, len(words))
            or (asks in said and len(told) > 1 and told <= words)
            for told, said in past
        )

    def distance(suggestion: Suggestion) -> float:
        return min((abs(suggestion.passage - n) for n in near), default=0) or 0.5

    fresh = [s for s in suggestions if not repeats(s)]
    if near:
        fresh.sort(key=distance)
    chosen: list[Suggestion] = []
    for suggestion in fresh:
        if all(s.passage != suggestion.passage for s in chosen):
            chosen.append(suggestion)
        if len(chosen) == count:
            break
    return tuple(s.question for s in chosen)
