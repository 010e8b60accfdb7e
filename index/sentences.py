"""Sentences of French text, as offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.dates import MONTHS
from index.page import Span
from index.words import STOP_WORDS, fold

LONGEST = 450
"""Most characters of a sentence as it is quoted; a longer one is cut at its semicolons or commas."""

_LONGEST_SPEECH = 300
"""A quotation up to here is one with its sentence; a longer one is read sentence by sentence."""

# A full stop after these never ends a sentence: what they announce follows.
_ANNOUNCING = frozenset("m mm mme mmes mlle mlles dr drs pr me mgr ex cf nos rens".split())
# Nor after these, unless a word follows that begins a sentence and no name.
_ABBREVIATIONS = frozenset(
    "gén gal col cdt cne lt adj st ste cap cpt sgt prof art al env p pp vol no n° fig éd ed av bd boul blvd r rés hab "
    "min max tél approx resp dir chap coll pl fg rte imp all sq réf req app bât esc ét dép dépt arr préf adm soc éts "
    "ets sté cie ch sect par suppl bur circ ord trim cass civ crim".split()
)
# These only before a figure: « 3 janv. 2023 », but « depuis sept. Il ».
_MONTHS = frozenset("janv jan févr fév fevr avr juil aoû sept oct nov déc dec".split())
_FIGURE = re.compile(r"\s+\d+\b(?!\s*[%€])")
_DAYS = frozenset("lun mar mer jeu ven sam dim".split())
_DAY_OR_HOUR = re.compile(rf"\s+\d{{1,2}}(?:er)?\s*(?:h\b|[:/]|(?:{'|'.join(MONTHS)})\b)")
_MINUTES = re.compile(r"\s+[0-5]\d\b(?!\s*[%€])\s*([^\W\d_]*)")
"""« 14 h. 15 du quai », but « de 9 h à 17 h. 12 agents »."""
# With the small words of French, those that begin a sentence after an abbreviation, and no name.
_OPENERS = STOP_WORDS | frozenset(
    "lorsque quand puisque selon depuis afin apres plusieurs certains certaines chaque toutefois cependant ainsi enfin "
    "aucune celui celle voici sinon ensuite neanmoins parmi outre durant malgre contre toute".split()
)
_IN_NAMES = frozenset("le la les l de d du des au aux".split())
_FOLLOWING = re.compile(r"\s+(?:[«“\"(\[]\s*)?([^\W\d_]+)(['’]?)\s*(\w?)")
_CAPITALISED = re.compile(r"\s+[A-ZÀ-ÖØ-ÞŒŸ](?:['’]|[a-zà-öø-ÿœ])")
_SHORT = re.compile(r"[B-DF-HJ-NP-TV-XZ][b-df-hj-np-tv-xz]{1,3}")
"""« Ph. Martin », « Chr. Durand »: no word lacks a vowel."""
_END = re.compile(r"(?:[.!?…]+(?:\s?[»”]|[\")\]])*(?=\s+(?:[«“\"(\[]\s*)?[A-ZÀ-ÖØ-ÞŒŸ0-9]|\s*$)|\n)", re.MULTILINE)
_SEEN = re.compile(r"\S")
_LONGEST_WORD = 80
_LAST_WORD = re.compile(r"([^\W\d_]+|n°)\.$", re.UNICODE)
_LEADER = re.compile(r"\s\.{4,}|.\.{4,}\s+\d", re.DOTALL)
"""« Plein tarif ........ 30 € »"""
_CUTS = ((r"[;•]\s+", False), (r",\s+", False), (r",\s+", True), (r"\s+", True))
_PAIRS = (("«", "»"), ("“", "”"))
_LABEL = re.compile(r"(?:^|[«“])\s*(?:\(?\d{1,3}|[IVX]{1,5}|[A-Za-z])\.$")


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
    if _LEADER.match(text, match.start() - 1):
        return True
    words = text[max(start, match.start() - _LONGEST_WORD) : match.start() + 1]
    if _LABEL.search(words):
        return True  # « 1. Le dossier »
    return _is_abbreviation(words, text[end : end + _LONGEST_WORD])


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
    name = last[1]
    word = name.lower()
    if word in _ANNOUNCING:
        return True
    if name.isupper() and len(name) > 1 and _CAPITALISED.match(following):
        return False  # « titulaire d'un CAP. Il faut »
    if word in _MONTHS:
        return _FIGURE.match(following) is not None
    if word in _DAYS:
        return _DAY_OR_HOUR.match(following) is not None
    if word == "h":
        minutes = _MINUTES.match(following)
        return minutes is not None and (not minutes[1] or fold(minutes[1]) in STOP_WORDS)
    known = word in _ABBREVIATIONS or _SHORT.fullmatch(name) or (len(name) == 1 and name.isupper())
    return bool(known) and not _opens(following)


def _opens(following: str) -> bool:
    """Whether a sentence begins: « Les autres attendent », but « Les Lilas »."""
    found = _FOLLOWING.match(following)
    if found is None or not found[1][0].isupper():
        return False
    word = fold(found[1])
    if word not in _OPENERS or (len(word) == 1 and not found[2] and found[1] != "À"):
        return False
    return not (word in _IN_NAMES and found[3].isupper())


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
