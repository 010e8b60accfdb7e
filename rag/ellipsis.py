"""Questions that leave out what was just said: "Et à Grenoble ?", "Par qui ?"."""

from __future__ import annotations

import re

from index.words import fold, terms
from rag.expected import YEAR
from rag.topic import ARTICLE, INVERTED, WH, at_subject, contracted, that

IS_IT = re.compile(
    r"(?<!qu['’])\b(?:est-ce|était-ce|c['’](?:était|étaient|est|étais))\b(?!\s+qu(?:e\b|['’]))", re.IGNORECASE
)
LEADING_PRONOUN = re.compile(
    r"^(?:(?:est-ce qu(?:e\s|['’])|qu['’]est-ce qu['’])\s*)?(il(?! (?:n['’])?(?:y (?:a|en a|aura|avait)|faut|fo|s['’]agit|existe|reste|suffit|est (?:vrai|possible|prévu|question)))|elle|ils|elles|ça|ca|cela|c['’]est)\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\s(?:est|sont|était|étaient|a|ont|fait|font|peut|peuvent|doit|doivent|sert|servent|va|vont)\s",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"^(?:(à|a|en|au|aux|pour|chez|avec|sur|dans|de|du|des|d['’])\s*)?(.{1,60}?)\s*\?*$", re.IGNORECASE
)


def is_ellipsis(bare: str) -> bool:
    """ "à Grenoble ?", "le Grand défi ?": no verb and no question word."""
    if IS_IT.search(bare) or _VERB.search(bare):
        return False
    return (
        not WH.match(bare)
        and len(terms(bare)) <= 4
        and not INVERTED.search(bare)
        and not LEADING_PRONOUN.match(bare)
    )


def same_asked(wh: str, bare: str, previous: str, topic: str) -> str:
    """ "Par qui ?" after "Quand X a-t-il été lancé ?" -> "Par qui X a-t-il été lancé ?"."""
    old = WH.match(previous)
    rest = previous[old.end() :].strip() if old else ""
    counted = re.match(r"combien (?:de |d['’])(.+)$", previous, re.IGNORECASE)
    if counted and re.match(r"lesquel(?:le)?s\b", wh, re.IGNORECASE):
        return f"Quel{'le' if 'elle' in wh.lower() else ''}s {counted[1]}"
    happened = counted and re.match(
        r"(.+?)\s+((?:a|ont|est|sont|étaient|furent)\s.+)$", counted[1].rstrip(" ?")
    )
    if happened and INVERTED.search(happened[0]) is None:
        return f"{capital(wh.strip())} les {happened[1]} {happened[2]} ?"
    noun, clause = at_subject(counted[1].rstrip(" ?")) if counted else ("", "")
    if INVERTED.search(clause):
        return f"{capital(that(f'les {noun}', clause))} : {bare[:1].lower() + bare[1:]}"
    stated = re.match(
        r"(.+?)(?:\s+pour faire)?\s+(?:quoi|qui|quand|où|combien)\s*\?*$", previous, re.IGNORECASE
    )
    if stated and not old and fold(topic) in fold(stated[1]):
        return f"{stated[1]} {wh[:1].lower() + wh[1:]} ?"
    if old and fold(old.group()) == "qui" and not re.match(r"(?:l[ea]s?\s|l['’]|une?\s|[A-ZÀ-Þ0-9])", rest):
        return capital(topicalised(bare, topic))  # "qui" was the subject: nothing else can take its place
    if rest and INVERTED.search(rest) and fold(topic) in fold(rest):
        return f"{capital(wh.strip())} {rest}"
    return capital(topicalised(bare, topic))


def filled(bare: str, previous: str, topic: str) -> tuple[str, str]:
    """The previous question with the new thing in the place of the old one; and what it is now about."""
    bare = re.sub(r"\s+(?:là-dedans|dans tout (?:ça|cela))(?=\s*\?*$)", "", bare.strip(), flags=re.IGNORECASE)
    found = _ELLIPSIS.match(bare)
    new = (found[2] if found else bare).strip(" ?")
    preposition = (found[1] or "").strip() if found else ""
    if YEAR.fullmatch(new) and len(YEAR.findall(previous)) == 1:
        return YEAR.sub(new, previous), YEAR.sub(new, topic)
    old = ""
    if preposition:
        same = (
            r"(?:à|au|aux|en|dans|chez)"
            if preposition.lower() in ("à", "a", "en", "au", "aux", "dans", "chez")
            else re.escape(preposition)
        )
        places = re.findall(
            rf"\b{same}\s*((?:(?:le|la|les)\s+|l['’])?[A-ZÀ-Þ][\w’'-]*(?:\s+[A-ZÀ-Þ][\w’'-]+)*)", previous[1:]
        )
        old = places[-1] if places and fold(places[-1]) != fold(new) else ""
    elif (thing := ARTICLE.sub("", topic)) and fold(thing) in fold(previous):
        old = topic if fold(topic) in fold(previous) else thing
    if old and (at := fold(previous).find(fold(old))) >= 0 and len(fold(previous)) == len(previous):
        before, after = previous[:at], previous[at + len(old) :]
        about = new if fold(ARTICLE.sub("", old)) == fold(ARTICLE.sub("", topic)) else topic
        if ARTICLE.match(new) and not ARTICLE.match(old):
            # "le programme X" and "la chaire" -> "la chaire"; "le nom du master" -> "le nom de la chaire"
            before = re.sub(
                r"(\b(?:le|la|les|un|une|du|des|au|aux)\s+|\bl['’])[a-zà-ÿ][\w-]*\s+$", r"\1", before
            )
            link = re.search(r"\b(du|des|au|aux)\s+$", before, re.IGNORECASE)
            before = re.sub(
                r"(?:\b(?:le|la|les|un|une|cet?t?e?|du|des|au|aux)\s+|\bl['’])$",
                "",
                before,
                flags=re.IGNORECASE,
            )
            before += (
                {"du": "de ", "des": "de ", "au": "à ", "aux": "à "}.get(link[1].lower(), "") if link else ""
            )
        return contracted(before + new + _agreeing(after, new)), about
    return f"{previous.rstrip(' ?')} {preposition + ' ' if preposition else ''}{new} ?", topic


_OTHERS = re.compile(r"^les autres(?:\s+([^\W\d][\w’'-]*))?\s*\?*$", re.IGNORECASE)
_WHAT_OF = re.compile(
    r"^quel(le)?s? (?:est|sont|était|étaient) (?:l[ea]s?\s+|l['’])([\w’'-]+)\b", re.IGNORECASE
)


def the_others(bare: str, previous: str, topic: str) -> str:
    """ "Et les autres ?" after "Quel est l'objectif de X ?" -> "Quels sont les autres objectifs de X ?"."""
    found = _OTHERS.match(bare)
    if found is None:
        return ""
    asked = _WHAT_OF.match(previous)
    noun = found[1] or (asked[2] if asked else "")
    if not noun:
        return topicalised(bare, topic)
    plural = noun if noun[-1:] in "sxz" else noun + "s"
    which = "Quelles" if asked and asked[1] else "Quels"
    return contracted(f"{which} sont les autres {plural} de {topic} ?")


def _agreeing(rest: str, subject: str) -> str:
    """ "a-t-il été lancé" after "la chaire" -> "a-t-elle été lancée", and back after "le" and "un"."""
    if re.match(r"(?:la|une)\s", subject, re.IGNORECASE):
        rest = re.sub(r"^(\s+\w+(?:-t)?)-il\b", r"\1-elle", rest)
        return re.sub(r"^(\s+(?:a|est|fut)(?:-t-elle|-elle)?(?:\s+été)?\s+\w+(?:é|i|u))\b", r"\1e", rest)
    if re.match(r"(?:le|un)\s", subject, re.IGNORECASE):
        rest = re.sub(r"^(\s+\w+(?:-t)?)-elle\b", r"\1-il", rest)
        return re.sub(r"^(\s+(?:a|est|fut)(?:-t-il|-il)?(?:\s+été)?\s+\w+(?:é|i|u))e\b", r"\1", rest)
    return rest


def topicalised(bare: str, topic: str) -> str:
    return f"{topic} : {bare[:1].lower() + bare[1:]}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
