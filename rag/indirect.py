"""A direct French question as an indirect one: "Qui dirige X ?" -> "qui dirige X"."""

from __future__ import annotations

import re

from index.words import fold

_INVERSION = re.compile(r"\b([\w’']+)-(?:t-)?(il|elle|ils|elles|on)\b", re.IGNORECASE)
_WH = re.compile(
    r"^((?:(?:à|a|de|d['’]|par|avec|pour|en|dans|depuis|chez|sur|jusqu['’]à|sans|contre|selon|vers|sous|parmi)\s+)?"
    r"(?:qui|quel(?:le)?s?(?:\s+(?!est\b|sont\b|était\b|étaient\b)[\w’'-]+(?:\s+d[e’'][\w’' -]*?)?)?|quand|où|comment|combien(?:\s+d(?:e\s+|['’])[\w’'-]+)?|pourquoi|(?<=\s)quoi))\b\s*(.*)$",
    re.IGNORECASE,
)
_WHAT_IS = re.compile(
    r"^(?:qu['’]est[- ]ce qu(?:e\s+|['’])(?:c['’]est qu(?:e\s+|['’]))?|c['’]est quoi\s+)(.+)$", re.IGNORECASE
)
_EST_CE_QUE = re.compile(r"^(.*?)\best-ce qu(?:e\s+|['’])(.+)$", re.IGNORECASE)


def indirect(question: str) -> str:
    """What follows "la page ne dit pas …", or "" where the question has no plain form."""
    text = question.strip().rstrip(" ?!.")
    if not text or len(text) > 140 or re.search(r"\.\s+[A-ZÀ-Þ]|[;:«»\"?]", text):
        return ""
    if what := _WHAT_IS.match(text):
        short = len(what[1].split()) <= 5 and not re.search(r"\s(?:a|ont|est|sont)\s", what[1])
        return (
            f"ce qu’est {what[1]}"
            if short and re.match(r"(?:l[ea’'] ?|un|une|les |[A-Z0-9])", what[1])
            else ""
        )
    if re.match(r"que\s+\w+", text, re.IGNORECASE) and not _INVERSION.search(text):
        return f"ce {_lower(text)}"
    if found := _EST_CE_QUE.match(text):
        before, rest = found[1].strip(), found[2]
        if not before:
            return _if(rest)
        return f"{_lower(before)} {rest}" if _WH.match(before) else ""
    wh = _WH.match(text)
    if wh is None:
        whole = _uninverted(text)
        return _if(_lower_article(whole)) if whole else ""
    asked, rest = _lower(wh[1]), wh[2]
    if not rest:
        return ""
    if _INVERSION.search(rest):
        rest = _uninverted(rest)
        if not rest:
            return ""
    return f"{asked} {rest}"


def _uninverted(text: str) -> str:
    """ "X a-t-il été créé" -> "X a été créé"; "a-t-il été créé" -> "il a été créé"; "" without inversion."""
    found = _INVERSION.search(text)
    if found is None or len(_INVERSION.findall(text)) > 1:
        return ""
    before, verb, pronoun, after = (
        text[: found.start()].rstrip(),
        found[1],
        found[2].lower(),
        text[found.end() :],
    )
    clitics = re.search(r"(?:^|\s)((?:n[e’']|s[e’']|y|en|l[ea’']|les|se)\s*)+$", before + " ")
    own = before[: clitics.start()].strip() if clitics else before
    if re.search(r"^(?:y|n['’]y)\b", before, re.IGNORECASE):
        return f"il {_lower(before)} {verb}{after}"
    if own:
        return f"{before} {verb}{after}"
    return f"{pronoun} {_lower(before) + ' ' if before else ''}{_lower(verb)}{after}"


def _if(clause: str) -> str:
    return f"s’{clause}" if re.match(r"ils?\b", clause, re.IGNORECASE) else f"si {clause}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _lower_article(text: str) -> str:
    first = text.split(" ", 1)[0]
    return (
        _lower(text)
        if fold(first) in ("le", "la", "les", "un", "une", "des", "il", "elle", "ils", "elles", "on")
        or fold(first)[:2] in ("l'",)
        else text
    )
