"""Follow-ups: a question that leans on the conversation is made whole from it.

Language knowledge only: pronouns, possessives, demonstratives and ellipses are what makes a
question lean; what they stand for is the topic of the last question that had one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.words import fold, terms
from rag.question import is_english
from rag.vocabulary import Vocabulary

_AND = re.compile(r"^(?:et|mais|alors|donc|ok|d'accord|sinon|puis|and|so|but)\b[\s,]*(?:aussi\b[\s,]*)?", re.IGNORECASE)
_POLITE = re.compile(r"^(?:(?:bonjour|bonsoir|salut|merci|s['’]il (?:te|vous) pla[iî]t|svp|stp|dis(?:-moi)?|dites-moi|pouvez-vous me dire|peux-tu me dire|je (?:voudrais|veux|souhaite) savoir|tu sais)\b[\s,:!.]*)+", re.IGNORECASE)
_SUBJECT = r"(?:il|elle|ils|elles)"
_INVERTED = re.compile(rf"\b([\w’']+)-(?:t-)?({_SUBJECT})\b", re.IGNORECASE)
_WH = re.compile(
    r"^(?:(?:(?:à|a) partir de|grâce à|grace a|à propos de|au sujet de|à|a|de|d|par|avec|pour|en|dans|depuis|chez|sur|jusqu['’]à|contre|vers|selon|entre)\s+)?"
    r"(?:(?:qui|que|quoi)\b|quel(?:le)?s?(?:\s+[\w’'-]+)?|quand|où|ou|comment|combien(?:\s+de\s+[\w’'-]+|\s+d['’][\w-]+)?|pourquoi|lequel|laquelle|lesquel(?:le)?s|qu['’]est-ce qu['’e]?\w*)",
    re.IGNORECASE,
)
_IS_IT = re.compile(r"(?<!qu['’])\b(?:est-ce|était-ce|c['’](?:était|étaient|est|étais))\b(?!\s+qu)", re.IGNORECASE)
_TELLING = re.compile(r"^(?!(?:fois|fait|chos|question|pag|page|articl|text)$)\w*[^\W\d]\w*$")
_VERB = re.compile(r"\s(?:est|sont|était|étaient|a|ont|fait|font|peut|peuvent|doit|doivent|sert|servent|va|vont)\s", re.IGNORECASE)
_IMPERSONAL = re.compile(r"^(?:faut|a|s['’]agit|suffit|convient|importe|semble|existe|reste)$", re.IGNORECASE)
_LEADING_PRONOUN = re.compile(r"^(?:(?:est-ce qu['’]|qu['’]est-ce qu['’])\s*)?(il(?! (?:n['’])?(?:y (?:a|en a|aura|avait)|faut|fo|s['’]agit|existe|reste|suffit|est (?:vrai|possible|prévu|question)))|elle|ils|elles|ça|ca|cela|c['’]est)\b", re.IGNORECASE)
_CLITIC = re.compile(
    r"\b(qui|comment|quand|pourquoi|où|peut-on|doit-on)\s+(?:(ne)\s+)?(l['’]|y\s+|en\s+(?!\d|france|quoi|quel)|lui\s+|leur\s+(?=\w+(?:e|ent|it)\b))([\w’'-]+)"
    r"|\b(qui)\s+(la|le|les)\s+([\w’'-]+)",
    re.IGNORECASE,
)
_DEMONSTRATIVE = re.compile(
    r"\b(?:(celui|celle|ceux|celles)(?:-ci|-là|-la)?(?=\s+(?:de|du|des|d['’]|à|en)\b|\s|$|[?,.])|(?:ce|cette) derni(?:er|ère|ere)|(?:ces) derni(?:ers|ères|eres)|ça|cela|là-bas|l[àa]-dedans|dedans|"
    r"c['’]est (?:quand|où|ou|qui|combien|pourquoi|comment))(?!\w)",
    re.IGNORECASE,
)
_THIS = re.compile(r"\b(?:ce|cet|cette|ces)\s+(?!page\b|site\b|sujet\b|jour\b|texte\b|document\b|assistant\b|qu|que\b|qui\b|sont\b)([\w’'-]+)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(son|sa|ses|leur|leurs)\s+([\w’'-]+)", re.IGNORECASE)
_ELLIPSIS = re.compile(r"^(?:(à|a|en|au|aux|pour|chez|avec|sur|dans|de|du|des|d['’])\s*)?(.{1,60}?)\s*\?*$", re.IGNORECASE)
# "Le programme, qui l'a lancé ?": the thing named ahead of the question.
_AHEAD = re.compile(
    r"^((?:l[ea]s?\s|l['’]|un\s|une\s|[A-ZÀ-Þ0-9])[^,?]{1,70}),\s+((?:(?:à|de|par|avec|pour|en|dans)\s+)?(?:qui|que|quoi|quel(?:le)?s?|quand|où|comment|combien|pourquoi)\b.*|c['’]est\b.*)$",
    re.IGNORECASE,
)
_PRONOUN_EN = re.compile(r"\b(?:it|its|they|them|their|this|that one|there)\b", re.IGNORECASE)

# The words that open a question about a thing, up to the thing.
_HEADS = re.compile(
    r"^(?:qu['’]est[- ]ce qu(?:e|['’])(?:\s*c['’]est qu(?:e|['’]))?|c['’]est quoi|que (?:sont|signifie|désigne|designe|fait|veut dire|propose)|parle[zr]?[- ]moi (?:de|du|des|d['’])|"
    r"présente[zr]?[- ]moi|dis[- ]m['’]en plus sur|explique[zr]?[- ]moi|quel(?:le)?s? (?:est|sont|était|étaient) (?:les? |la |l['’])?(?:objectifs?|buts?|rôles?|missions?|dates?|noms?|lieux?|intérêts?)(?: principale?s?| principaux)? (?:de |du |des |d['’])|"
    r"quel(?:le)?s? (?:est|sont|était|étaient)|à quoi sert|a quoi sert|à quoi servent|a quoi servent|où se trouve(?:nt)?|ou se trouve(?:nt)?|qui (?:a|ont) \w+|qui \w+|quand|comment s['’]appelle(?:nt)?|pourquoi|comment|combien (?:de |d['’])?\w+|"
    r"what (?:is|are)|who \w+|tell me about|definition de|définition de)\s*",
    re.IGNORECASE,
)
_AUXILIARY = re.compile(r"\s+(?:a|ont|est|sont|fut|furent)(?:-t-(?:il|elle|on)|-(?:il|elle|ils|elles))?(?:\s+été|\s+ete|\s+eu lieu)?\s+|\s+(?:existe(?:nt)?(?:-t-(?:il|elle)|-(?:ils|elles))?|y a-t-il)(?:\s+|$)", re.IGNORECASE)
_WHICH = re.compile(r"^(?:(?:dans|par|de|à|avec|pour|en)\s+)?(quel(?:le)?s?)\s+(?!est\b|sont\b|était\b|étaient\b|a\b|ont\b)(.+)$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:(?:le|la|les|un|une)\s+|l['’])", re.IGNORECASE)
_ATTRIBUTE_NOUNS = frozenset(terms("date année jour mois ville pays lieu nom objectif but rôle mission raison nombre montant prix coût budget titre adresse durée intérêt type sorte part taux"))


@dataclass(frozen=True)
class Exchange:
    """A question as it was understood, and what it is about ("" where it names nothing of the page)."""

    question: str
    topic: str = ""


def made_whole(question: str, past: Sequence[Exchange], vocabulary: Vocabulary) -> Exchange:
    """``question`` made whole from the conversation, or as it is where it stands alone."""
    previous = past[-1].question if past else ""
    question = _named_again(question, [e.topic for e in reversed(past) if e.topic])
    whole, about = _resolved(question, previous, _topic_meant(question, past), vocabulary)
    return Exchange(whole, about or topic_of(whole, vocabulary))


_THE_ONE = re.compile(r"\b(celui|celle|ceux|celles)(?=\s+(?:de|du|des|en|à|au)\b|\s+d['’])", re.IGNORECASE)


def _named_again(question: str, topics: Sequence[str]) -> str:
    """ "celui de Nice" after "les instituts 3IA" -> "l’institut 3IA de Nice"."""
    found = _THE_ONE.search(question)
    topic = next((t for t in topics if _PLURAL.match(t)), topics[0] if topics else "")
    if found is None or not _ARTICLE.match(topic):
        return question
    thing = re.split(r"\s+(?:de|du|des|en|à|au)\s|\s+d['’]", re.sub(r"^(?:les|des|ces)\s+", "", _ARTICLE.sub("", topic)))[0]
    which = found[1].lower()
    if which in ("celui", "celle") and _PLURAL.match(topic):
        thing = re.sub(r"(?<=[^s\W])s\b", "", thing, count=1)
    article = {"celui": "le ", "celle": "la "}.get(which, "les ")
    if article != "les " and fold(thing)[:1] in tuple("aeiouyh"):
        article = "l’"
    return _contract(question[: found.start()] + article + thing + question[found.end() :])


_MANY = re.compile(r"-(?:ils|elles)\b|^(?:et |mais |alors )?(?:ils|elles)\b|\blesquel", re.IGNORECASE)
_ONE = re.compile(r"(?<!y a)-(?:t-)?(?:il|elle)\b|^(?:et |mais |alors )?(?:il|elle)\b|\b(?:laquelle|lequel)\b", re.IGNORECASE)
_PLURAL = re.compile(r"^(?:les|des|ces|\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix)\b", re.IGNORECASE)
_SINGULAR = re.compile(r"^(?:la|le|un|une|cet?|cette)\b|^l['’]", re.IGNORECASE)
_THINGS = re.compile(r"\bles (?!quel)[\w’'-]+", re.IGNORECASE)


def _topic_meant(question: str, past: Sequence[Exchange]) -> str:
    """The last topic that the question's pronoun agrees with in number, else the last one.

    "ils" after a question about one thing is some other thing that it named.
    """
    topics = [e.topic for e in reversed(past) if e.topic]
    if not topics:
        return ""
    bare = _POLITE.sub("", question.strip())
    if _MANY.search(bare):
        if agreeing := next((t for t in topics if _PLURAL.match(t)), ""):
            return agreeing
        if _SINGULAR.match(topics[0]) and (named := _THINGS.findall(past[-1].question)):
            return str(named[-1])
    elif _ONE.search(bare) and _PLURAL.match(topics[0]):
        return next((t for t in topics if not _PLURAL.match(t)), topics[0])
    return topics[0]


def _resolved(question: str, previous: str, topic: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The whole question, and its topic where that comes from the conversation."""
    bare = _POLITE.sub("", question.strip()) or question.strip()
    joined = bool(_AND.match(bare))
    bare = _AND.sub("", bare) or bare
    if (ahead := _AHEAD.match(bare)) and (topic_of(ahead[1], vocabulary) or set(terms(ahead[1])) & set(terms(topic))):
        whole = _with_topic(ahead[2], ahead[1], vocabulary)
        if whole is not None:
            return _capital(whole), ahead[1]
    if not topic:
        return question, ""
    if is_english(bare):
        if _PRONOUN_EN.search(bare) and not vocabulary.names_in(bare):
            def of(match: re.Match[str]) -> str:
                return f"{topic}’s" if match.group().lower() in ("its", "their") else topic

            return _capital(_PRONOUN_EN.sub(of, bare, count=1)), topic
        return question, ""
    if joined and _is_ellipsis(bare):
        return _fill(bare, previous, topic)
    if (wh := _WH.match(bare)) and not bare[wh.end() :].strip(" ?!."):
        return _same_asked(wh.group(), bare, previous, topic), topic
    whole = _with_topic(bare, topic, vocabulary)
    if whole is not None:
        return _capital(whole), topic
    alone = _own_topic(bare, vocabulary)
    few = len(terms(bare)) <= 1 and _WH.match(bare)
    if not alone and (joined or few or not terms(bare)):
        return _capital(_about(bare, topic)), topic
    return question, ""


def _same_asked(wh: str, bare: str, previous: str, topic: str) -> str:
    """ "Par qui ?" after "Quand X a-t-il été lancé ?" -> "Par qui X a-t-il été lancé ?"."""
    old = _WH.match(previous)
    rest = previous[old.end() :].strip() if old else ""
    counted = re.match(r"combien (?:de |d['’])(.+)$", previous, re.IGNORECASE)
    if counted and re.match(r"lesquel(?:le)?s\b", wh, re.IGNORECASE):
        return f"Quel{'le' if 'elle' in wh.lower() else ''}s {counted[1]}"
    stated = re.match(r"(.+?)\s+(?:quoi|qui|quand|où|combien)\s*\?*$", previous, re.IGNORECASE)
    if stated and not old and fold(topic) in fold(stated[1]):
        return f"{stated[1]} {wh[:1].lower() + wh[1:]} ?"
    if rest and _INVERTED.search(rest) and fold(topic) in fold(rest):
        return f"{_capital(wh.strip())} {rest}"
    return _capital(_about(bare, topic))


def topic_of(question: str, vocabulary: Vocabulary) -> str:
    """What a question is about, in its own words: "" where it names nothing of the page."""
    bare = _AND.sub("", _POLITE.sub("", question.strip()).strip()).strip(" ?!.")
    which = _WHICH.match(bare)
    if which and not set(terms(which[2].split()[0])) <= _ATTRIBUTE_NOUNS:
        focus = _articled(which[1], _AUXILIARY.sub(" ", which[2], count=1).strip())
        if which[1].endswith("s"):  # a plural noun never ends in "ent": what does is the verb
            focus = re.sub(r"(?<=\w)\s+\w+ent(?:\s.*)?$", "", focus)
        if any(vocabulary.knows(t) for t in terms(focus)):
            return focus
    thing = _HEADS.sub("", bare, count=1) if _HEADS.match(bare) else bare
    names = [n for n in vocabulary.names_in(thing) if len(n) > 2]
    phrases = [thing[a:b] for a, b in vocabulary.phrases(thing)]
    phrases = [phrase for phrase in phrases if any(_TELLING.search(t) for t in terms(phrase))]
    if any(len(terms(phrase)) > 1 for phrase in phrases):  # "un institut à Nice": the thing, not its place
        names = [n for n in names if not re.search(rf"\b(?:à|en|dans|chez)\s+{re.escape(n)}\b", thing, re.IGNORECASE)]
    if (head := _HEADS.match(bare)) and len(terms(thing)) <= 5 and (names or phrases) and not _INVERTED.search(thing) and not _AUXILIARY.search(thing):
        article = re.search(r"\b(du|des) $", head.group(), re.IGNORECASE)
        return ({"du": "le ", "des": "les "}[article[1].lower()] if article else "") + thing.strip()
    if names:
        at = fold(thing).find(fold(names[0]))
        return _with_complement(thing, at, at + len(names[0])) if at >= 0 and len(fold(thing)) == len(thing) else names[0]
    runs = sorted((p for p in phrases if len(terms(p)) > 1), key=len, reverse=True)
    if runs:
        at = thing.find(runs[0])
        return _with_complement(thing, at, at + len(runs[0]))
    for phrase in phrases:  # one word: a thing only where an article says so
        single = _with_complement(thing, (at := thing.find(phrase)), at + len(phrase))
        if single != phrase and vocabulary.weight(terms(phrase)[0]) > 1.5:
            return single
    return ""


def _articled(which: str, noun: str) -> str:
    """ "Quelle école" -> "l’école": the question word tells gender and number."""
    if which.lower().endswith("s"):
        return f"les {noun}"
    if fold(noun)[:1] in tuple("aeiouyh"):
        return f"l’{noun}"
    return f"{'la' if which.lower() == 'quelle' else 'le'} {noun}"


def _with_complement(text: str, start: int, end: int) -> str:
    """The article before a phrase and "de 2020" after it."""
    before = re.search(r"(?:\b(?:le|la|les|un|une|des|du|au|aux)\s+|\bl['’])$", text[:start], re.IGNORECASE)
    after = re.match(r"\s+(?:de|en)\s+\d{4}", text[end:])
    article = before.group() if before else ""
    # "que dit la page des patients": the thing is "les patients"
    article = {"des": "les ", "aux": "les ", "du": "le ", "au": "le "}.get(fold(article).strip(), article)
    return article + text[start:end] + (after.group() if after else "")


def _own_topic(question: str, vocabulary: Vocabulary) -> bool:
    """Whether the question names something of its own."""
    if vocabulary.names_in(question):
        return True
    rest = _WH.sub("", question, count=1)
    return sum(vocabulary.weight(t) for t in terms(rest)) > 5.0 and len(terms(rest)) > 1


def _is_ellipsis(bare: str) -> bool:
    """ "à Grenoble ?", "le Grand défi ?": no verb and no question word."""
    if _IS_IT.search(bare) or _VERB.search(bare):
        return False
    return not _WH.match(bare) and len(terms(bare)) <= 4 and not _INVERTED.search(bare) and not _LEADING_PRONOUN.match(bare)


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def _fill(bare: str, previous: str, topic: str) -> tuple[str, str]:
    """The previous question with the new thing in the place of the old one; and what it is now about."""
    bare = re.sub(r"\s+(?:là-dedans|dans tout (?:ça|cela))(?=\s*\?*$)", "", bare.strip(), flags=re.IGNORECASE)
    found = _ELLIPSIS.match(bare)
    new = (found[2] if found else bare).strip(" ?")
    preposition = (found[1] or "").strip() if found else ""
    if _YEAR.fullmatch(new) and len(_YEAR.findall(previous)) == 1:
        return _YEAR.sub(new, previous), _YEAR.sub(new, topic)
    old = ""
    if preposition:
        same = r"(?:à|au|aux|en|dans|chez)" if preposition.lower() in ("à", "a", "en", "au", "aux", "dans", "chez") else re.escape(preposition)
        places = re.findall(rf"\b{same}\s*((?:(?:le|la|les)\s+|l['’])?[A-ZÀ-Þ][\w’'-]*(?:\s+[A-ZÀ-Þ][\w’'-]+)*)", previous[1:])
        old = places[-1] if places and fold(places[-1]) != fold(new) else ""
    elif (thing := _ARTICLE.sub("", topic)) and fold(thing) in fold(previous):
        old = topic if fold(topic) in fold(previous) else thing
    if old and (at := fold(previous).find(fold(old))) >= 0 and len(fold(previous)) == len(previous):
        before, after = previous[:at], previous[at + len(old) :]
        about = new if fold(_ARTICLE.sub("", old)) == fold(_ARTICLE.sub("", topic)) else topic
        if _ARTICLE.match(new) and not _ARTICLE.match(old):
            # "le programme X" and "la chaire" -> "la chaire"; "le nom du master" -> "le nom de la chaire"
            before = re.sub(r"(\b(?:le|la|les|un|une|du|des|au|aux)\s+|\bl['’])[a-zà-ÿ][\w-]*\s+$", r"\1", before)
            link = re.search(r"\b(du|des|au|aux)\s+$", before, re.IGNORECASE)
            before = re.sub(r"(?:\b(?:le|la|les|un|une|cet?t?e?|du|des|au|aux)\s+|\bl['’])$", "", before, flags=re.IGNORECASE)
            before += {"du": "de ", "des": "de ", "au": "à ", "aux": "à "}.get(link[1].lower(), "") if link else ""
        return _contract(before + new + _agreeing(after, new)), about
    return f"{previous.rstrip(' ?')} {preposition + ' ' if preposition else ''}{new} ?", topic


def _agreeing(rest: str, subject: str) -> str:
    """ "a-t-il été lancé" after "la chaire" -> "a-t-elle été lancée", and back after "le" and "un"."""
    if re.match(r"(?:la|une)\s", subject, re.IGNORECASE):
        rest = re.sub(r"^(\s+\w+(?:-t)?)-il\b", r"\1-elle", rest)
        return re.sub(r"^(\s+(?:a|est|fut)(?:-t-elle|-elle)?(?:\s+été)?\s+\w+(?:é|i|u))\b", r"\1e", rest)
    if re.match(r"(?:le|un)\s", subject, re.IGNORECASE):
        rest = re.sub(r"^(\s+\w+(?:-t)?)-elle\b", r"\1-il", rest)
        return re.sub(r"^(\s+(?:a|est|fut)(?:-t-il|-il)?(?:\s+été)?\s+\w+(?:é|i|u))e\b", r"\1", rest)
    return rest


def _with_topic(bare: str, topic: str, vocabulary: Vocabulary) -> str | None:
    """``bare`` with its pronoun replaced by ``topic``, or None where it has none that leans."""
    if counting := re.match(r"combien (?:sont|étaient|y sont)-(?:ils|elles)\b(.*)$", bare, re.IGNORECASE):
        thing = re.sub(r"^(?:les|des|ces)\s+", "", topic, flags=re.IGNORECASE)
        return f"Combien {'d’' if fold(thing)[:1] in tuple('aeiouyh') else 'de '}{thing} y a-t-il{counting[1]}"
    if re.match(r"(?:lequel|laquelle|lesquel(?:le)?s)\s+\S", bare, re.IGNORECASE) and _PLURAL.match(topic):
        return f"Parmi {topic}, {bare[:1].lower() + bare[1:]}"
    clitic = _CLITIC.search(bare)
    if clitic and not (clitic[5] and vocabulary.names_in(bare[clitic.end(6) :])):
        return _without_clitic(bare, clitic, topic)
    inverted = _INVERTED.search(bare)
    if inverted and not _is_impersonal(bare, inverted) and not _has_subject(bare[: inverted.start()], vocabulary):
        return _as_subject(bare, inverted, topic)
    if leading := _LEADING_PRONOUN.match(bare):
        word = leading[1].lower()
        if word.startswith("c") and _own_topic(bare[leading.end() :], vocabulary):
            return None
        start = leading.start(1)
        if word.startswith("c'") or word.startswith("c’"):
            return _about(bare, topic)
        return bare[:start] + topic + bare[leading.end(1) :]
    if found := _DEMONSTRATIVE.search(bare):
        if found[1]:
            return _about(bare, topic)
        if fold(found.group()) in ("ca", "cela") and not vocabulary.names_in(bare):
            rest = " ".join((bare[: found.start()] + bare[found.end() :]).split())
            return f"{rest.rstrip(' ?')} {topic} ?" if _WH.match(rest) else _about(rest, topic)
        return None if vocabulary.names_in(bare) else _about(bare, topic)
    if _IS_IT.search(bare) and not _own_topic(bare, vocabulary):
        return _about(bare, topic)
    if (found := _THIS.search(bare)) and not vocabulary.names_in(bare):
        return bare[: found.start()] + topic + bare[found.end() :] if fold(found[1]) in fold(topic) else _about(bare, topic)
    if (found := _POSSESSIVE.search(bare)) and not _own_topic(bare[: found.start()], vocabulary) and len(terms(bare)) <= 4:
        article = {"son": "le", "sa": "la"}.get(found[1].lower(), "les")
        if article != "les" and fold(found[2])[0] in "aeiouyh":
            article = "l’"
        noun = f"{article}{'' if article.endswith('’') else ' '}{found[2]}"
        return _contract(f"{bare[: found.start()]}{noun} de {topic}{bare[found.end() :]}")
    return None


def _is_impersonal(bare: str, inverted: re.Match[str]) -> bool:
    """ "faut-il", "y a-t-il", "est-il vrai que": the pronoun stands for nothing."""
    if inverted[2].lower() != "il":
        return False
    verb, before, after = inverted[1].lower(), bare[: inverted.start()].rstrip().lower(), bare[inverted.end() :]
    if verb == "a":
        return before.endswith(("y", "n’y", "n'y"))
    if verb == "est":
        return bool(re.match(r"\s+(?:vrai|possible|prévu|question|nécessaire|important|utile|obligatoire)\b", after))
    return bool(_IMPERSONAL.match(verb))


def _has_subject(before: str, vocabulary: Vocabulary) -> bool:
    """Whether words before an inverted pronoun already name the subject ("les citoyens ont-ils")."""
    rest = _WH.sub("", before.strip(), count=1)
    return bool(terms(rest)) or bool(vocabulary.names_in(rest))


def _as_subject(bare: str, inverted: re.Match[str], topic: str) -> str:
    """ "Quand a-t-il été lancé ?" -> "Quand PariSanté… a-t-il été lancé ?": French keeps the pronoun."""
    before, after = bare[: inverted.start()], bare[inverted.start() :]
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
    return _contract(f"{head} {link}{topic} ?")


def _about(bare: str, topic: str) -> str:
    return f"{topic} : {bare[:1].lower() + bare[1:]}"


def _contract(text: str) -> str:
    """ "de le" -> "du", "à les" -> "aux"."""
    for pattern, short in ((r"\bde le\b", "du"), (r"\bde les\b", "des"), (r"\bà le\b", "au"), (r"\bà les\b", "aux")):
        text = re.sub(pattern, short, text, flags=re.IGNORECASE)
    return text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
