"""Follow-ups: a question that leans on the conversation is made whole from it.

Language knowledge only: pronouns, possessives, demonstratives and ellipses are what makes a
question lean; what they stand for is the topic of the last question that had one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.words import fold, terms
from rag.ellipsis import (
    IS_IT,
    LEADING_PRONOUN,
    capital,
    filled,
    is_ellipsis,
    same_asked,
    the_others,
    topicalised,
)
from rag.forms import ORDINAL
from rag.question import is_english
from rag.topic import (
    INVERTED,
    PLURAL,
    POSSESSED,
    WH,
    Exchange,
    article_of,
    bared,
    belonging,
    contracted,
    definite,
    elides,
    lowered,
    named_again,
    own_topic,
    topic_meant,
    topic_of,
)
from rag.vocabulary import Vocabulary

_IMPERSONAL = re.compile(r"^(?:faut|a|s['’]agit|suffit|convient|importe|semble|existe|reste)$", re.IGNORECASE)
_CLITIC = re.compile(
    r"\b(qui|comment|quand|pourquoi|où|peut-on|doit-on)\s+(?:(ne)\s+)?(l['’]|y\s+|en\s+(?!\d|france|quoi|quel)|lui\s+|leur\s+(?=\w+(?:e|ent|it)\b))([\w’'-]+)"
    r"|\b(qui)\s+(la|le|les)\s+([\w’'-]+)",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"\b(?:(celui|celle|ceux|celles)(?:-ci|-là|-la)?(?=\s+(?:de|du|des|d['’]|à|en)\b|\s|$|[?,.])|(?:ce|cette) derni(?:er|ère|ere)|(?:ces) derni(?:ers|ères|eres)|ça|cela|là-bas|l[àa]-dedans|dedans|d['’]autres(?=\s*(?:[?]|$|depuis\b|encore\b|aussi\b))|"
    r"c['’]est (?:quand|où|ou|qui|combien|pourquoi|comment))(?!\w)",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\b(?:ce|cet|cette|ces)\s+(?!page\b|site\b|article\b|section\b|partie\b|rubrique\b|sujet\b|jour\b|texte\b|document\b|assistant\b|qu|que\b|qui\b|sont\b)([\w’'-]+)",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"\b(son|sa|ses|leur|leurs)\s+([\w’'-]+)", re.IGNORECASE)
_WHO_IS_IT = re.compile(
    r"c['’](?:est|était|étaient) (?:qui|quand|où|ou|combien|comment|pourquoi)\b", re.IGNORECASE
)
# "Le programme, qui l'a lancé ?": the thing named ahead of the question.
_AHEAD = re.compile(
    r"^((?:l[ea]s?\s|l['’]|un\s|une\s|[A-ZÀ-Þ0-9])[^,?]{1,70}),\s+((?:(?:à|de|par|avec|pour|en|dans)\s+)?(?:qui|que|quoi|faire quoi|quel(?:le)?s?|quand|où|comment|combien|pourquoi)\b.*|c['’]est\b.*)$",
    re.IGNORECASE,
)
# "Lancé quand ?", "créée par qui ?": a participle without the thing that it is said of.
_DONE = re.compile(
    r"^\w{2,}(?:é|i|u|is|it|ert)e?s?\s+(?:(?:par|avec|pour|en|depuis|à|dans)\s+)?(?:qui|quoi|quand|où|comment|pourquoi|quel(?:le)?s? [\w’-]+)\s*[?.!]*$",
    re.IGNORECASE,
)
_PRONOUN_EN = re.compile(r"\b(?:it|its|they|them|their|this|that one|there)\b", re.IGNORECASE)


# Folded: "la troisieme, c'est laquelle ?", "quels sont les deux derniers ?".
_NTH = re.compile(
    rf"^(?:(?:quel(?:le)?s? (?:est|sont)|c['’]est quoi|(?:donne|cite|dis)(?:[- ]moi)?)\s+)?"
    rf"(?P<nth>l[ea]s?\s+(?:(?:deux|trois|quatre|[2-4])\s+)?{ORDINAL.pattern})"
    r"(?:\s*,?\s*(?:c['’]est (?:quoi|(?:la|le)quel(?:le)?|lesquel(?:le)?s)|alors))?\s*[?.!]*$"
)


def made_whole(question: str, past: Sequence[Exchange], vocabulary: Vocabulary) -> Exchange:
    """``question`` made whole from the conversation, or as it is where it stands alone."""
    previous = past[-1].question if past else ""
    question = named_again(question, [e.topic for e in reversed(past) if e.topic])
    whole, about = _resolved(question, previous, definite(topic_meant(question, past)), vocabulary)
    return Exchange(whole, lowered(about or topic_of(whole, vocabulary)))


# "Dans quel domaine forment ils ?": the hyphen is often left out.
_LOOSE = re.compile(r"\b(\w+[td])\s(ils?|elles?)\b", re.IGNORECASE)


# "De quelle organisation fait-elle partie ?": the noun is not the subject, so the pronoun leans.
_OF_WHICH = re.compile(
    r"(?:dans|de|à|par|pour|avec|en|sur|chez|vers|contre|depuis)\s+quel(?:le)?s?\s", re.IGNORECASE
)


def leans(question: str, vocabulary: Vocabulary) -> bool:
    """Whether the question can only be understood from an earlier one: "Qui l'a lancé ?"."""
    bare, _ = bared(question)
    bare = _LOOSE.sub(r"\1-\2", bare)
    known = sum(vocabulary.knows(t) for t in terms(bare))
    if is_english(bare) or vocabulary.names_in(bare):
        return False
    inverted = INVERTED.search(bare)
    alone = known > 1 or own_topic(bare, vocabulary)
    if inverted and (not alone or (_OF_WHICH.match(bare) and "," not in bare)):
        counted = re.match(r"(?:combien|quel)", bare, re.IGNORECASE) and " été " in bare[inverted.end() :]
        return not (
            counted or _is_impersonal(bare, inverted) or _has_subject(bare[: inverted.start()], vocabulary)
        )
    if (this := _THIS.search(bare)) and not any(vocabulary.knows(t) for t in terms(this[1])):
        return True
    if alone:
        return False
    pronoun = LEADING_PRONOUN.match(bare)
    if pronoun and fold(pronoun[1]) == "c'est":
        return not known and not WH.search(bare[pronoun.end() :].strip())
    return bool(_CLITIC.search(bare) or (pronoun and pronoun[1].lower() in ("il", "elle", "ils", "elles")))


def _resolved(question: str, previous: str, topic: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The whole question, and its topic where that comes from the conversation."""
    bare, joined = bared(question)
    if (ahead := _AHEAD.match(bare)) and (
        topic_of(ahead[1], vocabulary) or set(terms(ahead[1])) & set(terms(topic))
    ):
        whole = _with_topic(ahead[2], ahead[1], vocabulary)
        if whole is None and _only_wh(ahead[2]):
            whole = topicalised(ahead[2], ahead[1])
        if whole is not None:
            return capital(whole), ahead[1]
    if not topic:
        return question, ""
    if is_english(bare):
        if _PRONOUN_EN.search(bare) and not vocabulary.names_in(bare):

            def of(match: re.Match[str]) -> str:
                return f"{topic}’s" if match.group().lower() in ("its", "their") else topic

            return capital(_PRONOUN_EN.sub(of, bare, count=1)), topic
        return question, ""
    if POSSESSED.match(bare) and (of_topic := belonging(bare, topic)):
        return of_topic, topic
    if nth := _nth_of(bare, topic):
        return nth, topic
    if others := the_others(bare, previous, topic):
        return others, topic
    if _DONE.match(bare):
        return capital(topicalised(bare, topic)), topic
    if joined and is_ellipsis(bare):
        return filled(bare, previous, topic)
    if wh := _only_wh(bare):
        return same_asked(wh, bare, previous, topic), topic
    whole = _with_topic(bare, topic, vocabulary)
    if whole is not None:
        return capital(whole), topic
    alone = own_topic(bare, vocabulary)
    few = len(terms(bare)) <= 1 and WH.match(bare)
    if not alone and (joined or few or not terms(bare)):
        return capital(topicalised(bare, topic)), topic
    return question, ""


def _only_wh(text: str) -> str:
    """The question word where there is nothing else ("Par qui ?"), else ""."""
    wh = WH.match(text)
    return wh.group() if wh and not text[wh.end() :].strip(" ?!.") else ""


def _nth_of(bare: str, topic: str) -> str:
    """ "La troisième ?" after a list of actions -> "Quelle est la troisième des actions ?", "" where it counts nothing."""
    found = _NTH.match(fold(bare))
    things = re.match(r"(?:les|ces)\s+(.+)$", topic, re.IGNORECASE)
    if found is None or things is None or len(fold(bare)) != len(bare):
        return ""
    nth = lowered(bare[slice(*found.span("nth"))])
    several = nth.startswith("les ")
    # "deuxième" is of either gender: the article tells, or in the plural nothing does.
    feminine = nth.startswith("la ") or bool(several and re.search(r"(?:i[eè]re|nde)s?$", nth))
    which = ("Quelle" if feminine else "Quel") + ("s sont" if several else " est")
    return f"{which} {nth} des {things[1]} ?"


def _with_topic(bare: str, topic: str, vocabulary: Vocabulary) -> str | None:
    """``bare`` with its pronoun replaced by ``topic``, or None where it has none that leans."""
    if counting := re.match(r"combien (?:sont|étaient|y sont)-(?:ils|elles)\b(.*)$", bare, re.IGNORECASE):
        thing = re.sub(r"^(?:les|des|ces)\s+", "", topic, flags=re.IGNORECASE)
        return f"Combien {'d’' if elides(thing) else 'de '}{thing} y a-t-il{counting[1]}"
    if re.match(r"(?:lequel|laquelle|lesquel(?:le)?s)\s+\S", bare, re.IGNORECASE) and PLURAL.match(topic):
        return f"Parmi {topic}, {bare[:1].lower() + bare[1:]}"
    if _WHO_IS_IT.match(bare):
        return None if vocabulary.names_in(bare) else topicalised(bare, topic)
    clitic = _CLITIC.search(bare)
    if clitic and INVERTED.search(bare[clitic.end() :]):
        clitic = None  # "pourquoi l'État a-t-il": an article and the subject
    if clitic and not (clitic[5] and vocabulary.names_in(bare[clitic.end(6) :])):
        return _without_clitic(bare, clitic, topic)
    inverted = INVERTED.search(bare)
    if (
        inverted
        and not _is_impersonal(bare, inverted)
        and not _has_subject(bare[: inverted.start()], vocabulary)
    ):
        return _as_subject(bare, inverted, topic)
    if leading := LEADING_PRONOUN.match(bare):
        word = leading[1].lower()
        if word.startswith("c") and own_topic(bare[leading.end() :], vocabulary):
            return None
        start = leading.start(1)
        if word.startswith("c'") or word.startswith("c’"):
            return topicalised(bare, topic)
        return bare[:start] + topic + bare[leading.end(1) :]
    if found := _DEMONSTRATIVE.search(bare):
        if found[1]:
            return topicalised(bare, topic)
        if fold(found.group()) in ("ca", "cela") and not vocabulary.names_in(bare):
            rest = " ".join((bare[: found.start()] + bare[found.end() :]).split())
            if (wh := WH.match(rest)) and not rest[wh.end() :].strip(" ?"):
                return topicalised(rest, topic)
            return f"{rest.rstrip(' ?')} {topic} ?" if WH.match(rest) else topicalised(rest, topic)
        return None if vocabulary.names_in(bare) else topicalised(bare, topic)
    if IS_IT.search(bare) and not own_topic(bare, vocabulary):
        return topicalised(bare, topic)
    if (found := _THIS.search(bare)) and not vocabulary.names_in(bare):
        return (
            bare[: found.start()] + topic + bare[found.end() :]
            if fold(found[1]) in fold(topic)
            else topicalised(bare, topic)
        )
    if (
        (found := _POSSESSIVE.search(bare))
        and not own_topic(bare[: found.start()], vocabulary)
        and len(terms(bare)) <= 4
    ):
        thing, rest = found[2], bare[found.end() :]
        if adjective := re.match(r"\s+(?!(?:de|du|des|à|en|pour|est|sont)\b)([\w’'-]+)(?=\s*\?*$)", rest):
            thing, rest = thing + adjective.group(), rest[adjective.end() :]
        return contracted(f"{bare[: found.start()]}{article_of(found[1], thing)}{thing} de {topic}{rest}")
    return None


def _is_impersonal(bare: str, inverted: re.Match[str]) -> bool:
    """ "faut-il", "y a-t-il", "est-il vrai que": the pronoun stands for nothing."""
    if inverted[2].lower() != "il":
        return False
    verb, before, after = (
        inverted[1].lower(),
        bare[: inverted.start()].rstrip().lower(),
        bare[inverted.end() :],
    )
    if verb == "a":
        return before.endswith(("y", "n’y", "n'y"))
    if verb == "fait":
        return before.endswith("temps")
    if verb == "est":
        return bool(
            re.match(r"\s+(?:vrai|possible|prévu|question|nécessaire|important|utile|obligatoire)\b", after)
        )
    return bool(_IMPERSONAL.match(verb))


def _has_subject(before: str, vocabulary: Vocabulary) -> bool:
    """Whether words before an inverted pronoun already name the subject ("les citoyens ont-ils")."""
    rest = re.sub(r"^\s*(?:et|ou)\s+[\w’-]+", "", WH.sub("", before.strip(), count=1))
    return bool(terms(rest)) or bool(vocabulary.names_in(rest))


def _as_subject(bare: str, inverted: re.Match[str], topic: str) -> str:
    """ "Quand a-t-il été lancé ?" -> "Quand PariSanté… a-t-il été lancé ?": French keeps the pronoun."""
    before, after = bare[: inverted.start()], bare[inverted.start() :]
    if PLURAL.match(topic) and inverted[2].lower() in ("il", "elle"):
        return topicalised(bare, topic)
    if elided := re.match(r"(qu['’])(.+)$", inverted[1], re.IGNORECASE):
        rest = bare[inverted.end() :].strip(" ?")
        return f"{before}{elided[1]}{elided[2]} {rest + ' ' if rest else ''}{topic} ?"
    if re.match(r"^(?:que|qu['’])\s*$", before.strip(), re.IGNORECASE):
        rest = bare[inverted.end() :].strip(" ?")
        return f"{before}{inverted[1]} {rest + ' ' if rest else ''}{topic} ?"
    clitic = re.search(r"\b(?:s['’]|se\s+)$", before)  # "se trouve-t-il": the clitic stays with the verb
    if clitic:
        before, after = before[: clitic.start()], before[clitic.start() :] + after
    return f"{before.rstrip()} {topic} {after.lstrip()}".strip()


def _without_clitic(bare: str, clitic: re.Match[str], topic: str) -> str:
    """ "Qui l'a créé ?" -> "Qui a créé X ?", "Qui y participe ?" -> "Qui participe à X ?"."""
    who = clitic[1] or clitic[5]
    pronoun = fold((clitic[3] or clitic[6] or "").strip())
    verb = clitic[4] or clitic[7]
    rest = bare[clitic.end() :].strip(" ?")
    link = {"y": "à ", "en": "de ", "lui": "à ", "leur": "à "}.get(pronoun, "")
    head = f"{bare[: clitic.start()]}{who} {verb}{' ' + rest if rest else ''}"
    return contracted(f"{head} {link}{topic} ?")
