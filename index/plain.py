"""Plain text files: paragraphs between blank lines, headings and lists as people type them."""

from __future__ import annotations

import re

from index.draft import Draft, ParseError, lay_out, role_of
from index.dump import GAP
from index.hyphens import join_lines
from index.page import Page

_BULLET = re.compile(r"^(\s*)([-*+•–—◦▪]|\(?\d{1,2}[.)°]|[a-z]\))\s+(\S.*)$")
_RULE = re.compile(r"^([=\-_*~#])\1{2,}$")
_SENTENCE_END = re.compile(r"[.!?…;:,]['»”\")\]]*$")
_LONGEST_HEADING = 90
_WRAPPED = 130
"""Lines longer than this are not wrapped: each is a paragraph."""


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
    return margin > indented


def parse_plain(text: str, *, url: str = "") -> Page:
    """The page in a plain text file; its first line, or its first words, are the title.

    Raises:
        ParseError: no words.
    """
    drafts: list[Draft] = []
    for lines in _paragraphs(text):
        drafts += _drafts(lines)
    if not drafts:
        raise ParseError("ce fichier ne contient aucun texte à lire")
    first = drafts[0]
    title = first.text if first.kind == "heading" else first.text[:_LONGEST_HEADING]
    rest = drafts[1:] if first.kind == "heading" else drafts
    return lay_out(title, [Draft("heading", title), *rest], url=url)


def _paragraphs(text: str) -> list[list[str]]:
    """Runs of lines between blank lines."""
    runs: list[list[str]] = [[]]
    for line in text.expandtabs(4).splitlines():
        if line.strip() == GAP:
            runs += [[line.strip()], []]
        elif line.strip():
            runs[-1].append(line.rstrip())
        else:
            runs.append([])
    return [part for run in runs if run for part in _unwrapped(run)]


def _unwrapped(lines: list[str]) -> list[list[str]]:
    return [[line] for line in lines] if max(map(len, lines)) > _WRAPPED else [lines]


def _drafts(lines: list[str]) -> list[Draft]:
    if lines == [GAP]:
        return [Draft("gap")]
    underlined = len(lines) > 1 and _RULE.match(lines[1].strip()) is not None
    if underlined or (len(lines) == 1 and _is_heading(lines[0])):
        rest = lines[2:]
        return [Draft("heading", join_lines(lines[:1]), level=2), *(_drafts(rest) if rest else [])]
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
        draft.text = join_lines(words)
        draft.role = role_of(draft.text) if draft.kind == "paragraph" else ""
    return drafts


def _is_heading(line: str) -> bool:
    return (
        len(line.strip()) <= _LONGEST_HEADING
        and not _SENTENCE_END.search(line)
        and not _BULLET.match(line)
        and any(c.isalpha() for c in line)
    )
