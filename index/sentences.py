"""Sentences of French text, as offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.page import Span

LONGEST = 450
"""Most characters of a sentence as it is quoted; a longer one is cut at its semicolons or commas."""

_LONGEST_SPEECH = 300
"""A quotation up to here is one with its sentence; a longer one is read sentence by sentence."""

# A full stop after these does not end a sentence: a name follows.
_TITLES = frozenset(
    "m mm mme mmes mlle mlles dr drs pr prof me gén gal col cdt cne lt adj st ste mgr cap cpt sgt".split()
)
# Nor after these, unless a word follows that begins a sentence and no name.
_ABBREVIATIONS = frozenset(
    "art al cf ex env p pp vol no n° fig éd ed av bd boul blvd hab min max tél approx resp dir chap coll pl fg rte "
    "imp all sq réf req app bât esc ét dép dépt arr préf adm soc éts ets sté cie ch sect par annexe suppl".split()
)
_OPENERS = re.compile(
    r"\s+(?:Les?|La|L['’]|Une?|Des|Du|Ce(?:t|tte|s)?|C['’]|Ils?|Elles?|On|Nous|Vous|Je|En|Dans|Pour|Par|Sur|Avec|Si|"
    r"S['’]|Il|Son|Sa|Ses|Leurs?|Votre|Vos|Aucune?|Tou(?:te)?s|Chaque|Cela|Toutefois|Cependant|Ainsi|Enfin|Mais|Or|Et)\b"
)
# These only before a figure: « 3 janv. 2023 », but « depuis sept. Il »; « 9 h. 30 ».
_BEFORE_FIGURES = frozenset("janv jan févr fév fevr mars avr juin juil août aoû sept oct nov déc dec h".split())
_END = re.compile(r"(?:[.!?…]+(?:\s?[»”]|[\")\]])*(?=\s+(?:[«“\"(\[]\s*)?[A-ZÀ-ÖØ-ÞŒŸ0-9]|\s*$)|\n)", re.MULTILINE)
_SEEN = re.compile(r"\S")
_LONGEST_WORD = 80
_LAST_WORD = re.compile(r"([^\W\d_]+|n°)\.$", re.UNICODE)
_DOTTED = re.compile(r"\.-?[A-Z]\.$")
_CUTS = ((r"[;•]\s+", False), (r",\s+", False), (r",\s+", True), (r"\s+", True))
_PAIRS = (("«", "»"), ("“", "”"))
_LABEL = re.compile(r"\s*(?:\(?\d{1,3}|[IVX]{1,5}|[A-Za-z])\.$")


def split_sentences(text: str) -> list[Span]:
    """Offsets of the sentences of ``text``, white space between them left out.

    A line break ends a sentence. One of more than :data:`LONGEST` characters is given in parts.
    """
    return [part for span in _whole(text) for part in cut_long(text, span)]


def _whole(text: str) -> list[Span]:
    spans: list[Span] = []
    start = 0
    for match in _END.finditer(text):
        goes_on = match[0] != "\n" and match.end() < len(text) and _goes_on(text, start, match)
        if goes_on:
            continue
        if text[start : match.end()].strip():
            spans.append((start, start + len(text[start : match.end()].rstrip())))
        start = next((m.start() for m in _SEEN.finditer(text, match.end())), len(text))
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return spans


def _goes_on(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the punctuation that ``match`` found is inside the sentence that began at ``start``."""
    end = match.end()
    if end - start <= _LONGEST_SPEECH and any(
        _is_closed_later(text, start, end, closing) for closing in _open_quotations(text[start:end])
    ):
        return True
    words = text[max(start, match.start() - _LONGEST_WORD) : match.start() + 1]
    if _LABEL.fullmatch(words):
        return True  # « 1. Le dossier »
    return _is_abbreviation(words, text[end : end + 20])


def _open_quotations(sentence: str) -> Iterator[str]:
    """The signs that close what is still quoted at the end of ``sentence``."""
    for opening, closing in _PAIRS:
        if sentence.count(opening) > sentence.count(closing):
            yield closing
    if sentence.count('"') % 2:
        yield '"'


def _is_closed_later(text: str, start: int, end: int, closing: str) -> bool:
    """Whether a quotation in the sentence that began at ``start`` ends soon after ``end``, on its line."""
    place = text.find(closing, end)
    return 0 <= place - start <= _LONGEST_SPEECH and "\n" not in text[end:place]


def _is_abbreviation(words: str, following: str) -> bool:
    """Whether the full stop that ends ``words`` belongs to an initial or an abbreviation."""
    last = _LAST_WORD.search(words)
    if last is None:
        return False
    word = last[1].lower()
    if _DOTTED.search(words):  # « 52 av. J.-C. Elle »
        return not _OPENERS.match(following)
    if (len(word) == 1 and last[1].isupper()) or word in _TITLES:
        return True
    if word in _BEFORE_FIGURES:
        return following.lstrip()[:1].isdigit()
    return word in _ABBREVIATIONS and not _OPENERS.match(following)


def cut_long(text: str, span: Span, most: int = LONGEST) -> list[Span]:
    """``span`` in parts of at most ``most`` characters: at semicolons, else commas, those in brackets last, else
    spaces."""
    if span[1] - span[0] <= most:
        return [span]
    words = text[span[0] : span[1]]
    for sign, inside in _CUTS:
        cuts = [m.end() for m in re.finditer(sign, words) if inside or _bracket_depth(words[: m.start()]) <= 0]
        if cuts:
            parts = _at(text, span, cuts, 0 if sign.startswith("[") else most)
            return [piece for part in parts for piece in (cut_long(text, part, most) if len(parts) > 1 else [part])]
    return [(start, min(start + most, span[1])) for start in range(span[0], span[1], most)]


def _bracket_depth(words: str) -> int:
    return words.count("(") - words.count(")")


def _at(text: str, span: Span, cuts: list[int], most: int) -> list[Span]:
    """Parts of ``span`` that end at some of ``cuts``, each as long as ``most`` allows."""
    parts: list[Span] = []
    start = span[0]
    ends = [span[0] + cut for cut in cuts] + [span[1]]
    for here, following in zip(ends, [*ends[1:], None], strict=True):
        if following is not None and following - start <= most:
            continue
        end = start + len(text[start:here].rstrip())
        if end > start:
            parts.append((start, end))
        start = here
    return parts
