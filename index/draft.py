"""Blocks before their place in the page is known, and how they are laid out as one text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.dates import date_in, update_in
from index.page import MISSING, Block, BlockKind, Mark, Page, Role, Span

_CREDIT = re.compile(r"^(?:©|\(c\)\s|Crédits?\b)", re.IGNORECASE)
_PUBLISHED = re.compile(
    r"^(?:(?:Publié|Mise? en ligne)\b|(?:Date de )?(?:publication|parution|mise en ligne)\s*(?::|le\b))", re.IGNORECASE
)
_DATELINE = re.compile(r"^(?:Date de |Dernière mise à jour\b|(?:Publi|Par)[ée]e? le\b)[^.]*\d$", re.IGNORECASE)
_LINK = re.compile(r"^En savoir plus\b", re.IGNORECASE)
_DEEPEST = 99
_MOST_OF_A_ROLE = 120
"""A longer paragraph says more than a date or a credit, whatever its first words."""

ROLE_LABELS: dict[Role, str] = {
    "credit": "Crédit photo",
    "keywords": "Mots clés",
    "updated": "Date de mise à jour",
}


class ParseError(ValueError):
    """The source holds no page; the message says why, in French."""


@dataclass
class Draft:
    """A block with its words. Offsets of ``marks`` and ``cells`` count characters of ``text``.

    ``under`` is the level of the heading under which the block stands where the last one heads it
    no more (a panel ended); 0 says that the last one does.
    """

    kind: BlockKind
    text: str = ""
    level: int = 1
    role: Role = ""
    cut_start: bool = False
    cut_end: bool = False
    marks: list[Mark] = field(default_factory=list)
    cells: tuple[Span, ...] = ()
    under: int = 0

    def join(self, text: str, marks: list[Mark], between: str = "\n") -> None:
        """Add words after a break."""
        shift = len(self.text) + len(between) if self.text else 0
        self.text += between + text if self.text else text
        self.marks += [Mark(m.kind, m.start + shift, m.end + shift, m.value) for m in marks]


def role_of(text: str) -> Role:
    """What a paragraph is for, told by how it begins."""
    if len(text) > _MOST_OF_A_ROLE:
        return ""
    if _CREDIT.match(text):
        return "credit"
    if update_in(text) or (_PUBLISHED.match(text) and date_in(text)):
        return "updated"
    return "link" if _LINK.match(text) else ""


def is_dateline(text: str) -> bool:
    """Whether ``text`` says when the page was published or changed and nothing else: a subtitle, no heading."""
    return role_of(text) == "updated" and _DATELINE.match(text) is not None


def lay_out(
    title: str,
    drafts: list[Draft],
    *,
    breadcrumb: tuple[str, ...] = (),
    url: str = "",
    publisher: str = "",
    licence: str = "",
    updated: str = "",
    language: str = "",
) -> Page:
    """Lay the drafts out as one text and give each block its offsets and section path.

    A title that no heading shows first heads all of them unseen.

    Raises:
        ParseError: headings at most, nothing to read.
    """
    sheet = _Sheet(title)
    if next(((draft.kind, draft.text) for draft in drafts if draft.text), None) != ("heading", title):
        sheet.open_unseen()
    for draft in drafts:
        if draft.kind == "gap" or draft.text:
            sheet.add(draft)
    if not any(block.kind in ("paragraph", "bullet", "row") for block in sheet.blocks):
        raise ParseError("cette page ne contient ni paragraphe ni liste à lire")
    return Page(
        title=title,
        text="".join(sheet.parts),
        blocks=tuple(sheet.blocks),
        breadcrumb=breadcrumb,
        url=url,
        publisher=publisher,
        licence=licence,
        updated=sheet.told() or updated or sheet.published,
        marks=tuple(sorted(sheet.marks, key=lambda m: (m.start, -m.end))),
        language=language,
    )


class _Sheet:
    """The text so far, with the headings that are open."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.parts: list[str] = []
        self.length = 0
        self.blocks: list[Block] = []
        self.marks: list[Mark] = []
        self.published = ""
        self._updates: set[str] = set()
        self._open: list[tuple[int, str, int]] = []
        self._previous: BlockKind = "heading"

    def open_unseen(self) -> None:
        """The title as a heading above all others that is no block."""
        self._open.append((0, self.title, -1))

    def add(self, draft: Draft) -> None:
        """One more block."""
        if draft.under:
            self._close(draft.under + 1)
        if draft.kind == "heading":
            self._close(draft.level)
            self._open.append((draft.level, draft.text, len(self.blocks)))
        elif draft.kind == "gap":
            if self._open and self._open[-1][1] != MISSING:  # a heading may be among the missing words
                self._open.append((_DEEPEST, MISSING, -1))
        else:
            self._note_date(draft)
        if draft.kind != "gap":
            self._write(self._between(draft))
        self._previous = draft.kind
        start = self.length
        self._write(draft.text)
        self.marks += [Mark(m.kind, start + m.start, start + m.end, m.value) for m in draft.marks]
        self.blocks.append(self._block(draft, start))

    def _close(self, level: int) -> None:
        """End the sections of ``level`` and below."""
        while self._open and self._open[-1][0] >= level:
            self._open.pop()

    def _block(self, draft: Draft, start: int) -> Block:
        label = ROLE_LABELS.get(draft.role, "")
        path = tuple(words for _, words, _ in self._open)
        return Block(
            kind=draft.kind,
            start=start,
            end=self.length,
            level=draft.level,
            section=(self.title, label) if label and draft.kind not in ("heading", "gap") else path,
            role=draft.role,
            cut_start=draft.cut_start,
            cut_end=draft.cut_end,
            heading=self._open[-1][2] if self._open else -1,
            cells=tuple((start + a, start + b) for a, b in draft.cells),
        )

    def _between(self, draft: Draft) -> str:
        if not self.length:
            return ""
        listed = draft.kind == "bullet" and self._previous != "heading"
        in_table = draft.kind == "row" and self._previous == "row" and draft.role != "columns"
        return "\n" if listed or in_table else "\n\n"

    def _note_date(self, draft: Draft) -> None:
        if draft.role == "updated":
            if day := update_in(draft.text):
                self._updates.add(day)
            else:
                self.published = date_in(draft.text)

    def told(self) -> str:
        """The one day that the page's own text calls its last change; of several, none is known to be the page's."""
        return next(iter(self._updates)) if len(self._updates) == 1 else ""

    def _write(self, words: str) -> None:
        self.parts.append(words)
        self.length += len(words)
