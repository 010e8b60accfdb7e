"""Plain text files: paragraphs between blank lines, headings and lists as people type them."""

from __future__ import annotations

import re
from itertools import pairwise
from statistics import median

from index.draft import Draft, ParseError, lay_out, role_of
from index.dump import GAP
from index.hyphens import join_lines
from index.page import Page
from index.text_tables import table_in

_BULLET = re.compile(r"^(\s*)([-*+•–—◦▪o]|\(?\d{1,2}[.)°]|[a-z]\))\s+(\S.*)$")
_RULE = re.compile(r"^([=\-_*~#])\1{2,}$")
_SENTENCE_END = re.compile(r"[.!?…;:,]['»”\")\]]*$")
_LONGEST_HEADING = 90
_WRAPPED = 130
"""Lines longer than this are not wrapped: each is a paragraph."""
_USUAL_WIDTH = 60
_EARLY = 0.8
"""A line that ends before this share of the usual width, though a word more would fit, was ended on purpose."""
_INNER_END = re.compile(r"[.!?…]\s+[^\W\d_a-zà-ÿ]")


def is_plain(text: str) -> bool:
    """Whether most of the prose stands at the margin; in a text browser's dump it is indented."""
    margin = indented = 0
    for lines in _paragraphs(text):
        if len(lines) == 1 and not _SENTENCE_END.search(lines[0]):
            continue  # a heading stands at the margin in both
        if all(line[0].strip() for line in lines):
            margin += len(lines)
        elif not lines[0][0].strip():
            indented += len(lines)
    return margin > indented or not indented


def parse_plain(text: str, *, url: str = "") -> Page:
    """The page in a plain text file; its first line, or its first words, are the title. Words of a paragraph are not
    shown once more as a heading.

    Raises:
        ParseError: no words.
    """
    drafts: list[Draft] = []
    width = _width(text)
    runs = _paragraphs(text)
    for lines, following in zip(runs, [*runs, []][1:], strict=True):
        numbered = len(lines) == 1 and _is_numbered_heading(lines[0], following)
        drafts += [Draft("heading", lines[0].strip(), level=2)] if numbered else _drafts(lines, width)
    worded = [draft for draft in drafts if draft.text]
    if not worded:
        raise ParseError("ce fichier ne contient aucun texte à lire")
    first = worded[0]
    if all(draft.kind == "heading" for draft in worded):
        for draft in worded[1:] or worded:
            draft.kind = "paragraph"
    first.level = 1
    return lay_out(_shortened(first.text), drafts, url=url)


def _shortened(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= _LONGEST_HEADING else words[:_LONGEST_HEADING].rsplit(" ", 1)[0] + " …"


def _paragraphs(text: str) -> list[list[str]]:
    """Runs of lines between blank lines."""
    runs: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() == GAP:
            runs += [[line.strip()], []]
        elif line.strip():
            runs[-1].append(line.rstrip())
        else:
            runs.append([])
    return [part for run in runs if run for part in _parted(run)]


def _parted(lines: list[str]) -> list[list[str]]:
    """A run in its parts: a heading straight above its text, lines that are not wrapped."""
    if table_in(lines):
        return [lines]
    lines = [line.expandtabs(4) for line in lines]
    if len(lines) > 1 and _heads(lines):
        return [lines[:1], *_parted(lines[1:])]
    return [[line] for line in lines] if max(map(len, lines)) > _WRAPPED else [lines]


def _heads(lines: list[str]) -> bool:
    """Whether the first line is the heading of the text under it, which no wrapped line is: it ends early."""
    first, second = lines[0].strip(), lines[1].strip()
    early = len(first) + 1 + len(second.split()[0]) <= max(map(len, lines))
    return (
        early
        and second[:1].isupper()
        and _is_heading(first)
        and not _RULE.match(second)
        and _SENTENCE_END.search(lines[-1]) is not None
    )


def _is_numbered_heading(line: str, following: list[str]) -> bool:
    """« 2. Les tarifs » above a paragraph; above another item it is an item."""
    bullet = _BULLET.match(line)
    if bullet is None or not bullet[2].strip("(").rstrip(".)°").isdigit() or not following:
        return False
    return _is_heading(bullet[3]) and not _BULLET.match(following[0]) and following != [GAP]


def _width(text: str) -> float:
    """How long the lines are that go on in the next one, which begins with a small letter."""
    lines = [line.rstrip() for line in text.splitlines()]
    wrapped = [len(a) for a, b in pairwise(lines) if a and b.lstrip()[:1].islower() and not _BULLET.match(b)]
    return median(wrapped) if wrapped else _USUAL_WIDTH


def _joined(lines: list[str], width: float) -> str:
    """Lines as running text, but for the breaks that were meant: « Lundi 9 h / Mardi 10 h »."""
    kept = [lines[:1]]
    prose = any(_INNER_END.search(line) for line in lines)
    for line, following in pairwise(lines):
        first = following.split()[0]
        early = len(line) + 1 + len(first) < _EARLY * width
        if early and not prose and not first[0].islower() and not line.endswith((*".!?…-",)):
            kept.append([])
        kept[-1].append(following)
    return "\n".join(map(join_lines, kept))


def _drafts(lines: list[str], width: float) -> list[Draft]:
    if lines == [GAP]:
        return [Draft("gap")]
    if table := table_in(lines):
        return table
    underlined = len(lines) > 1 and _RULE.match(lines[1].strip()) is not None
    if underlined or (len(lines) == 1 and _is_heading(lines[0])):
        rest = lines[2:]
        return [Draft("heading", join_lines(lines[:1]), level=2), *(_drafts(rest, width) if rest else [])]
    drafts: list[Draft] = []
    margins: list[int] = []
    kept: list[list[str]] = []
    number = 0
    for line in lines:
        bullet = _BULLET.match(line)
        figure = int("".join(filter(str.isdigit, bullet[2])) or 0) if bullet else 0
        # « …et emploie / 12. Le bâtiment »: in the middle of a paragraph only 1 begins a list
        if bullet and (not figure or not kept or figure in (1, number + 1)):
            number = figure
            while margins and margins[-1] > len(bullet[1]):
                margins.pop()
            if not margins or margins[-1] < len(bullet[1]):
                margins.append(len(bullet[1]))
            drafts.append(Draft("bullet", level=len(margins)))
            kept.append([bullet[3]])
        elif kept:
            kept[-1].append(line)
        elif not _RULE.match(line.strip()):
            drafts.append(Draft("paragraph"))
            kept.append([line])
    for draft, words in zip(drafts, kept, strict=True):
        draft.text = _joined(words, width)
        draft.role = role_of(draft.text) if draft.kind == "paragraph" else ""
    return drafts


def _is_heading(line: str) -> bool:
    return (
        len(line.strip()) <= _LONGEST_HEADING
        and not _SENTENCE_END.search(line)
        and not _BULLET.match(line)
        and any(c.isalpha() for c in line)
    )
