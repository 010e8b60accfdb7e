"""From a publisher's text dump to a :class:`~index.page.Page`.

The dump is what a text browser prints (``lynx -dump``): headings at the margin, paragraphs and
bullets indented, menus and buttons around them, and a line ``--`` where words are missing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.page import MISSING, Block, BlockKind, Page, Role

GAP = "--"

_NAVIGATION = re.compile(r"^\s*(?:\(BUTTON\)|[*#@]\s*\(BUTTON\)|[@#]\s|#$)")
_CRUMB = re.compile(r"^\s*\d+\.\s+(\S.*)$")
_BULLET = re.compile(r"^(\s*)([*+o•–-])\s+(\S.*)$")
_CREDIT = re.compile(r"^(?:©|\(c\)\s|Crédits?\b)", re.IGNORECASE)
_KEYWORDS = re.compile(r"^Mots[\s-]clés?\s*:?$", re.IGNORECASE)
_UPDATED = re.compile(
    r"^(?:Mis(?:e)? à jour|Dernière mise à jour|Publié)\b.*?(\d{1,2}/\d{1,2}/\d{4})", re.IGNORECASE
)
_LINK = re.compile(r"^En savoir plus\b", re.IGNORECASE)

ROLE_LABELS: dict[Role, str] = {
    "credit": "Crédit photo",
    "keywords": "Mots clés",
    "updated": "Date de mise à jour",
}


class ParseError(ValueError):
    """The text holds no page; the message says why, in French."""


@dataclass
class Draft:
    """A block before its place in the text is known."""

    kind: BlockKind
    words: list[str] = field(default_factory=list)
    level: int = 1
    role: Role = ""
    cut_start: bool = False
    cut_end: bool = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def parse_dump(dump: str, *, url: str = "", publisher: str = "", licence: str = "") -> Page:
    """The page in a publisher's dump, navigation left out.

    Raises:
        ParseError: nothing but navigation or blank lines.
    """
    lines = [line.rstrip() for line in dump.replace("\t", "    ").splitlines()]
    first, title, breadcrumb = _find_title(lines)
    drafts = [Draft("heading", [title], level=1), *_drafts(lines[first + 1 :])]
    return assemble(title, drafts, breadcrumb=breadcrumb, url=url, publisher=publisher, licence=licence)


def _find_title(lines: list[str]) -> tuple[int, str, tuple[str, ...]]:
    """The title is the first line at the margin; the numbered lines before it are the breadcrumb."""
    crumbs: list[str] = []
    for number, line in enumerate(lines):
        if line.strip() == GAP or _NAVIGATION.match(line):
            continue
        if crumb := _CRUMB.match(line):
            crumbs.append(crumb[1].strip())
        elif line[:1].strip() and not _BULLET.match(line):
            return number, line.strip(), tuple(crumbs)
    for number, line in enumerate(lines):  # no line at the margin: a plain text file
        if line.strip() and line.strip() != GAP and not _NAVIGATION.match(line):
            return number, line.strip(), ()
    raise ParseError("ce fichier ne contient aucun texte à lire")


def _drafts(lines: list[str]) -> list[Draft]:
    drafts: list[Draft] = []
    open_block: Draft | None = None
    after_gap = False  # the line before was a gap: what follows at once is cut
    keyword_list = False
    star_level = 0
    for line in lines:
        stripped = line.strip()
        if not stripped:
            open_block, after_gap = None, False
            continue
        if stripped == GAP:
            if open_block is not None:
                open_block.cut_end = True
            drafts.append(Draft("gap"))
            open_block, after_gap, keyword_list = None, True, False
            continue
        if _NAVIGATION.match(line):
            open_block = None
            continue
        bullet = _BULLET.match(line)
        if bullet:
            mark, text = bullet[2], bullet[3]
            if mark in "*•":
                star_level = level = 1
            else:  # "-" or "+" under a "*" is a sub-bullet, whatever its indentation
                level = 2 if star_level else 1
            role: Role = "keywords" if keyword_list else _role(text)
            open_block = Draft("bullet", [text], level=level, role=role)
        elif line[0].strip() and open_block is None:
            open_block = Draft("heading", [stripped], level=2)
            keyword_list, star_level = False, 0
        elif open_block is not None:
            open_block.words.append(stripped)
            continue
        elif _KEYWORDS.match(stripped):
            open_block = Draft("heading", [stripped], level=2, role="keywords")
            keyword_list, star_level = True, 0
        else:
            open_block = Draft("paragraph", [stripped], role=_role(stripped))
            keyword_list = False
            if not open_block.role:
                star_level = 0
        open_block.cut_start = after_gap and open_block.kind != "heading"
        after_gap = False
        drafts.append(open_block)
        if open_block.kind == "heading":
            open_block = None
    return drafts


def _role(text: str) -> Role:
    if _CREDIT.match(text):
        return "credit"
    if _UPDATED.match(text):
        return "updated"
    return "link" if _LINK.match(text) else ""


def assemble(
    title: str,
    drafts: list[Draft],
    *,
    breadcrumb: tuple[str, ...] = (),
    url: str = "",
    publisher: str = "",
    licence: str = "",
) -> Page:
    """Lay the drafts out as one text and give each block its offsets and section path."""
    text = ""
    blocks: list[Block] = []
    headings: list[str] = []
    previous: Draft | None = None
    updated = ""
    for draft in drafts:
        words = draft.text
        if draft.kind != "gap" and not words:
            continue
        if draft.kind == "heading":
            headings = [*headings[: draft.level - 1], words]
        elif draft.kind == "gap" and headings and headings[-1] != MISSING:
            headings = [*headings, MISSING]  # a heading may be among the missing words
        if draft.kind == "gap":
            section = tuple(headings)
        else:
            if text:
                listed = previous is not None and draft.kind == "bullet"
                text += "\n" if listed and previous and previous.kind != "heading" else "\n\n"
            label = ROLE_LABELS.get(draft.role, "")
            section = (title, label) if label and draft.kind != "heading" else tuple(headings)
        start = len(text)
        text += words
        if draft.role == "updated" and (match := _UPDATED.match(words)):
            updated = match[1]
        blocks.append(
            Block(
                draft.kind,
                start,
                len(text),
                draft.level,
                section,
                draft.role,
                draft.cut_start,
                draft.cut_end,
            )
        )
        previous = draft
    if not any(block.kind in ("paragraph", "bullet") for block in blocks):
        raise ParseError("cette page ne contient ni paragraphe ni liste à lire")
    return Page(
        title=title,
        text=text,
        blocks=tuple(blocks),
        breadcrumb=breadcrumb,
        url=url,
        publisher=publisher,
        licence=licence,
        updated=updated,
    )
