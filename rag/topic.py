"""What a question is about, and which of the things spoken of a pronoun stands for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.words import fold, terms
from rag.question import COURTESY
from rag.vocabulary import Vocabulary

_SUBJECT = r"(?:il|elle|ils|elles)"
_AND = re.compile(
    r"^(?:et|mais|alors|donc|ok|d'accord|sinon|puis|and|so|but)\b[\s,]*(?:aussi\b[\s,]*)?", re.IGNORECASE
)
INVERTED = re.compile(rf"\b([\w’']+)-(?:t-)?({_SUBJECT})\b", re.IGNORECASE)
WH = re.compile(
    r"^(?:(?:(?:à|a) partir de|grâce à|grace a|à propos de|au sujet de|à|a|de|d|par|avec|pour|en|dans|depuis|chez|sur|jusqu['’]à|contre|vers|selon|entre|sans|sous|parmi)\s+)?"
    r"(?:(?:qui|que|quoi)\b|quel(?:le)?s?(?:\s+[\w’'-]+)?|quand|où|ou|faire quoi|comment|combien(?:\s+de\s+[\w’'-]+|\s+d['’][\w-]+)?|pourquoi|lequel|laquelle|lesquel(?:le)?s|qu['’]est-ce qu['’e]?\w*)",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:(?:le|la|les|un|une)\s+|l['’])", re.IGNORECASE)
_WHOLE_ARTICLE = {"au": "le ", "aux": "les ", "du": "le ", "des": "les "}
"""The article, with its space, that a preposition was contracted with."""
PLURAL = re.compile(r"^(?:les|des|ces|\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\b", re.IGNORECASE)
_SINGULAR = re.compile(r"^(?:la|le|un|une|cet?|cette)\b|^l['’]", re.IGNORECASE)
_TELLING = re.compile(
    r"^(?!(?:fois|fait|chos|question|pag|page|articl|text|depuis|autr|autre|autres)$)\w*[^\W\d]\w*$"
)
# The words that open a question about a thing, up to the thing.
_HEADS = re.compile(
    r"^(?:qu['’]est[- ]ce qu(?:e|['’])(?:\s*c['’]est qu(?:e|['’]))?|c['’]est quoi|que (?:sont|signifie|désigne|designe|fait|veut dire|propose)|parle[zr]?[- ]moi (?:de|du|des|d['’])|"
    r"présente[zr]?[- ]moi|dis[- ]m['’]en plus sur|explique[zr]?[- ]moi|quel(?:le)?s? (?:est|sont|était|étaient) (?:les? |la |l['’])?(?:objectifs?|buts?|rôles?|missions?|dates?|noms?|lieux?|intérêts?)(?: principale?s?| principaux)? (?:de |du |des |d['’])|"
    r"quel(?:le)?s? (?:est|sont|était|étaient)|à quoi sert|a quoi sert|à quoi servent|a quoi servent|où se trouve(?:nt)?|ou se trouve(?:nt)?|qui (?:a|ont) \w+|qui \w+|quand|comment s['’]appelle(?:nt)?|pourquoi|comment|combien (?:de |d['’])?\w+|"
    r"what (?:is|are)|who \w+|tell me about|definition de|définition de)\s*",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(
    r"\s+(?:a|ont|est|sont|fut|furent)(?:-t-(?:il|elle|on)|-(?:il|elle|ils|elles))?(?:\s+été|\s+ete|\s+eu lieu)?\s+|\s+(?:existe(?:nt)?(?:-t-(?:il|elle)|-(?:ils|elles))?|y a-t-il)(?:\s+|$)",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"^(?:(?:dans|par|de|à|avec|pour|en)\s+)?(quel(?:le)?s?)\s+(?!est\b|sont\b|était\b|étaient\b|a\b|ont\b)(.+)$",
    re.IGNORECASE,
)
_ATTRIBUTE_NOUNS = frozenset(
    terms(
        "date année jour mois ville pays lieu nom objectif but rôle mission raison nombre montant prix coût budget titre adresse durée intérêt type sorte part taux "
        "avantage inconvénient bénéfice limite risque enjeu effet usage partenaire"
    )
)
# "Combien de projets innovants le Hub soutient-il ?": what is counted.
_COUNTED = re.compile(
    r"^combien\s+(?:de\s+|d['’])(?P<thing>[\w’'-]+(?:\s+(?!(?:a|ont|est|sont|y|l[ea]s?|existe|dans|sur|en|à|au|aux|pour|par|se|ne|peut|peuvent|doit|doivent)\b|[lsn]['’])[\w’'-]+)*)",
    re.IGNORECASE,
)
_MEASURES = frozenset(
    terms("temps fois jours mois années ans heures minutes semaines euros argent millions personnes gens")
)
_MANY = re.compile(r"-(?:ils|elles)\b|^(?:et |mais |alors )?(?:ils|elles)\b|\blesquel", re.IGNORECASE)
_ONE = re.compile(
    r"(?<!y a)-(?:t-)?(?:il|elle)\b|\bqui l['’](?:a|avait|aura)\b|^(?:et |mais |alors )?(?:il|elle)\b|\b(?:laquelle|lequel)\b",
    re.IGNORECASE,
)
POSSESSED = re.compile(r"^(son|sa|ses|leurs?)\s+([^\W\d][\w’' -]*?)\s*[?!.]*$", re.IGNORECASE)
_PART_OF = re.compile(r"^(?:l[ea]s?\s+|l['’])([\w’'-]+)\s+((?:des?|du)\s.+|d['’].+)$", re.IGNORECASE)
_FEMININE = re.compile(r"(?:[ts]ion|esse|té|ée|ure|[ae]nce|ie|ette|ille|trice)$", re.IGNORECASE)
_THINGS = re.compile(r"\bles (?!quel)[\w’'-]+", re.IGNORECASE)
_THE_ONE = re.compile(r"\b(celui|celle|ceux|celles)(?=\s+(?:de|du|des|en|à|au)\b|\s+d['’])", re.IGNORECASE)


@dataclass(frozen=True)
class Exchange:
    """A question as it was understood, and what it is about ("" where it names nothing of the page)."""

    question: str
    topic: str = ""


def bared(question: str) -> tuple[str, bool]:
    """The question without courtesies and the "et" that joins it to what was said; whether it had that."""
    bare = COURTESY.sub("", question.strip()) or question.strip()
    return _AND.sub("", bare) or bare, bool(_AND.match(bare))


def topic_of(question: str, vocabulary: Vocabulary) -> str:
    """What a question is about, in its own words: "" where it names nothing of the page."""
    bare, _ = bared(question)
    bare = bare.strip(" ?!.")
    which = _WHICH.match(bare)
    if which and not set(terms(which[2].split()[0])) <= _ATTRIBUTE_NOUNS:
        noun, clause = which[2], ""
        if INVERTED.search(which[2]):
            noun, clause = at_subject(which[2])
        focus = _articled(which[1], _AUXILIARY.sub(_relative, noun, count=1).strip())
        # "quelles formations je peux suivre"
        focus = re.split(r"\s+(?:(?:je|tu|on|nous|vous|puis-je|peut-on)\s|j['’])", focus)[0]
        if clause and not any(vocabulary.knows(t) for t in terms(noun)) and vocabulary.names_in(clause):
            return that(focus, clause)
        if which[1].endswith("s"):  # a plural noun never ends in "ent": what does is the verb
            focus = _VERB_OF_MANY.sub("", focus)
        if any(vocabulary.knows(t) for t in terms(focus)):
            return focus
    if (inverted := INVERTED.search(bare)) and ARTICLE.match(bare):  # "Le campus est-il à Paris ?"
        subject = re.sub(
            r"(?:\s+(?:ne|se|y|en|le|la|les)|\s+[nsl]['’])+$", "", bare[: inverted.start()].rstrip()
        )
        if any(vocabulary.knows(t) for t in terms(subject)):
            return subject
    thing = _HEADS.sub("", bare, count=1) if _HEADS.match(bare) else bare
    names = [n for n in vocabulary.names_in(thing) if len(n) > 2]
    phrases = [thing[a:b] for a, b in vocabulary.phrases(thing)]
    phrases = [phrase for phrase in phrases if any(_TELLING.search(t) for t in terms(phrase))]
    if any(
        len(terms(phrase)) > 1 for phrase in phrases
    ):  # "un institut à Nice", "un master en IA et santé": the thing
        names = [
            n
            for n in names
            if " " in n
            or not (
                re.search(rf"\b(?:à|en|dans|chez|et)\s+{re.escape(n)}\b", thing, re.IGNORECASE)
                # "le centre des neiges" where the page has a name "Neiges" as well
                or (n not in thing and any(f" {fold(n)}" in fold(phrase) for phrase in phrases))
            )
        ]
    if named := _of_name(thing, names, vocabulary):
        return named
    if (
        (head := _HEADS.match(bare))
        and _THING.match(thing)
        and len(terms(thing)) <= 5
        and (names or phrases)
        and not INVERTED.search(thing)
        and not _AUXILIARY.search(thing)
        and not _VERB_OF_MANY.search(thing)
        and not (_COUNTED.match(bare) and not _OPENS.match(thing))
    ):
        article = re.search(r"\b(du|des) $", head.group(), re.IGNORECASE)
        return (_WHOLE_ARTICLE[article[1].lower()] if article else "") + thing.strip()
    counted = _counted(bare, vocabulary)
    if counted and (not names or any(fold(n) in fold(counted) for n in names)):
        return counted
    if names:
        at = fold(thing).find(fold(names[0]))
        return (
            _with_complement(thing, at, at + len(names[0]))
            if at >= 0 and len(fold(thing)) == len(thing)
            else names[0]
        )
    runs = sorted((p for p in phrases if len(terms(p)) > 1), key=len, reverse=True)
    if runs:
        at = thing.find(runs[0])
        return _with_complement(thing, at, at + len(runs[0]))
    for phrase in phrases:  # one word: a thing only where an article says so
        single = _with_complement(thing, (at := thing.find(phrase)), at + len(phrase))
        if single != phrase and vocabulary.weight(terms(phrase)[0]) > 1.5:
            return single
    stated = _STATED.match(bare)
    return stated[1] if stated and all(vocabulary.knows(t) for t in terms(stated[1])) else ""


# "L'IA détecte quelle maladie": the subject of a question in the order of a statement.
_STATED = re.compile(
    r"^((?:l[ea]s?\s+|l['’])[\w’-]+)\s+(?:[\w’-]+\s+){1,3}?(?:quoi|qui|quel(?:le)?s?|où|quand|combien|comment)\b",
    re.IGNORECASE,
)


_OPENS = re.compile(
    r"(?i:l[ea]s?|l['’]|une?|des|du|de|d['’]|ces?|cet|cette|the|an?)(?:\b|(?<=['’]))|[A-ZÀ-Þ0-9«]"
)
_THING = re.compile(rf"{_OPENS.pattern}|[^\W\d]+s?(?:\s+[\w’-]+)?$")
"""How a thing begins, unlike a verb ("utilisent l'IA")."""


_VERB_OF_MANY = re.compile(r"(?<=\w)\s+(?:[sn]['’]|se\s+|ne\s+)?\w+ent(?:\s.*)?$")
# "maladie | une IA peut-elle": an article or a name that no preposition leads to.
_SUBJECT_BEGINS = re.compile(
    r"(?<!\bde)(?<!\bà)(?<!\bà la)(?<!\bde la)(?<!\ben)(?<!\bsur)(?<!\bdans)(?<!\bpar)(?<!\bpour)(?<!\bet)(?<!\bdu)(?<!\bdes)(?<!\bau)(?<!\baux)"
    r"\s+(?=(?:un|une|l[ea]s?|cet?t?e?|ces)\s|l['’]|[A-ZÀ-Þ0-9])"
)


def at_subject(text: str) -> tuple[str, str]:
    """("maladie", "une IA peut-elle dépister"): the noun that is asked for, and the clause with its subject."""
    noun, *clause = _SUBJECT_BEGINS.split(text, maxsplit=1)
    return noun, "".join(clause)


def that(thing: str, clause: str) -> str:
    """ "les projets que le Hub a soutenus" of "les projets" and "le Hub a-t-il soutenus"."""
    clause = INVERTED.sub(r"\1", clause, count=1)
    return f"{thing} {'qu’' if elides(clause) else 'que '}{clause}"


def definite(topic: str) -> str:
    """A thing spoken of a second time: "un master" -> "le master"."""
    found = re.match(r"(une?)\s+", topic, re.IGNORECASE)
    if found is None:
        return topic
    noun = topic[found.end() :]
    return _article(noun, several=False, feminine=found[1].lower() == "une") + noun


def _relative(auxiliary: re.Match[str]) -> str:
    """ "Quel pays a signé le traité" -> "le pays qui a signé…", but "Quels projets ont été soutenus" -> "… soutenus"."""
    verb = auxiliary.group().strip()
    return f" qui {verb} " if fold(verb) in ("a", "ont") else " "


def _counted(bare: str, vocabulary: Vocabulary) -> str:
    """ "les projets innovants" of "Combien de projets innovants …", "" where the page knows no such thing."""
    found = _COUNTED.match(bare)
    own = terms(found["thing"].split()[0]) if found else []
    if (
        found is None
        or not own
        or own[0] in _MEASURES
        or own[0] in terms("autre autres")
        or not vocabulary.knows(own[0])
    ):
        return ""
    return "les " + _VERB_OF_MANY.sub("", found["thing"])


def _of_name(thing: str, names: Sequence[str], vocabulary: Vocabulary) -> str:
    """X of "le budget de X", where the page knows X and nothing of a budget."""
    for name in names:
        found = re.fullmatch(
            rf"(.+?)\s+(du|des|de la|de l['’]|de|d['’])\s*({re.escape(name)})", thing, re.IGNORECASE
        )
        if found and not any(vocabulary.knows(t) for t in terms(found[1])):
            article = {"du": "le ", "des": "les ", "de la": "la ", "de l'": "l’", "de l’": "l’"}.get(
                found[2].lower(), ""
            )
            return article + found[3]
    return ""


def _articled(which: str, noun: str) -> str:
    """ "Quelle école" -> "l’école": the question word tells gender and number."""
    return _article(noun, several=which.lower().endswith("s"), feminine=which.lower() == "quelle") + noun


def elides(noun: str) -> bool:
    """Whether "le" and "de" lose their vowel before the noun; of an h, most often."""
    return fold(noun)[:1] in tuple("aeiouyh")


def _article(noun: str, *, several: bool, feminine: bool) -> str:
    """The definite article of the noun, with its space."""
    return "les " if several else "l’" if elides(noun) else "la " if feminine else "le "


def _with_complement(text: str, start: int, end: int) -> str:
    """The article before a phrase and "de 2020" after it."""
    before = re.search(r"(?:\b(?:le|la|les|un|une|des|du|au|aux)\s+|\bl['’])$", text[:start], re.IGNORECASE)
    after = re.match(r"\s+(?:de|en)\s+\d{4}", text[end:])
    article = before.group() if before else ""
    # "que dit la page des patients": the thing is "les patients"
    article = _WHOLE_ARTICLE.get(fold(article).strip(), article)
    return article + text[start:end] + (after.group() if after else "")


def own_topic(question: str, vocabulary: Vocabulary) -> bool:
    """Whether the question names something of its own."""
    if vocabulary.names_in(question):
        return True
    rest = WH.sub("", question, count=1)
    return sum(vocabulary.weight(t) for t in terms(rest)) > 5.0 and len(terms(rest)) > 1


def topic_meant(question: str, past: Sequence[Exchange]) -> str:
    """The last topic that the question's pronoun agrees with in number, else the last one.

    "ils" after a question about one thing is some other thing that it named.
    """
    topics = [e.topic for e in reversed(past) if e.topic]
    if not topics:
        return ""
    bare, _ = bared(question)
    if _MANY.search(bare):
        if agreeing := next((t for t in topics if PLURAL.match(t)), ""):
            return agreeing
        if _SINGULAR.match(topics[0]) and (named := _THINGS.findall(past[-1].question)):
            return str(named[-1])
    elif _ONE.search(bare) and PLURAL.match(topics[0]):
        return next((t for t in topics if not PLURAL.match(t)), topics[0])
    return topics[0]


def named_again(question: str, topics: Sequence[str]) -> str:
    """ "celui de Nice" after "les instituts 3IA" -> "l’institut 3IA de Nice"."""
    found = _THE_ONE.search(question)
    topic = next((t for t in topics if PLURAL.match(t)), topics[0] if topics else "")
    if found is None or not ARTICLE.match(topic):
        return question
    thing = re.split(
        r"\s+(?:de|du|des|en|à|au)\s|\s+d['’]", re.sub(r"^(?:les|des|ces)\s+", "", ARTICLE.sub("", topic))
    )[0]
    which = found[1].lower()
    if which in ("celui", "celle") and PLURAL.match(topic):
        thing = re.sub(r"(?<=[^s\W])s\b", "", thing, count=1)
    article = _article(thing, several=which in ("ceux", "celles"), feminine=which == "celle")
    return contracted(question[: found.start()] + article + thing + question[found.end() :])


def article_of(possessive: str, noun: str) -> str:
    """The article that stands for a possessive, with its space: "sa" -> "la ", "son adresse" -> "l’"."""
    which = possessive.lower()
    return _article(noun, several=which in ("ses", "leurs"), feminine=is_feminine(which, noun))


def is_feminine(possessive: str, noun: str) -> bool:
    """By the possessive, else by the noun's ending."""
    return possessive == "sa" or bool(_FEMININE.search(re.sub(r"s$", "", noun.split()[0])))


def belonging(noun: str, owner: str) -> str:
    """ "Quel est le budget de X ?" of "son budget": the thing that a possessive leaves to the owner."""
    found = POSSESSED.match(noun)
    if found is None:
        return ""
    which, thing = found[1].lower(), found[2].rstrip(" ?!.")
    if (part := _PART_OF.match(owner)) and set(terms(part[1])) <= _ATTRIBUTE_NOUNS:
        owner = re.sub(r"^(?:des|du)\s+", lambda m: "les " if m[0][1] == "e" else "le ", part[2])
    several = which in ("ses", "leurs")
    which_one = "Quelle" if is_feminine(which, thing) else "Quel"
    asked = f"{which_one}s sont" if several else f"{which_one} est"
    article = article_of(which, thing)
    return contracted(f"{asked} {article}{thing} de {owner} ?").replace("de de ", "de ").replace("de d", "d")


def lowered(topic: str) -> str:
    """A topic as it stands within a sentence: "Les praticiens" -> "les praticiens", "au projet" -> "le projet"."""
    topic = re.sub(r"^(au|aux|du)\s", lambda m: _WHOLE_ARTICLE[m[1]], topic)
    return re.sub(r"^(?:L[ea]s?|Une?|Des|Ces?|Cet(?:te)?)(?=\s)|^L(?=['’])", lambda m: m[0].lower(), topic)


def contracted(text: str) -> str:
    """ "de le" -> "du", "à les" -> "aux"."""
    for pattern, short in (
        (r"\bde le\b", "du"),
        (r"\bde les\b", "des"),
        (r"\bà le\b", "au"),
        (r"\bà les\b", "aux"),
    ):
        text = re.sub(pattern, short, text, flags=re.IGNORECASE)
    return text
