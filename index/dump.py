"""From a publisher's text dump to a :class:`~index.page.Page`.

The dump is what a text browser prints (``lynx -dump``): headings at the margin, paragraphs and
bullets indented, menus and buttons around them, and a line ``--`` where words are missing.
"""

from __future__ import annotations

import re

from index.draft import Draft, ParseError, lay_out, role_of
from index.hyphens import join_lines
from index.page import Page, Role

GAP = "--"

_NAVIGATION = re.compile(r"^\s*(?:\(BUTTON\)|[*#@]\s*\(BUTTON\)|[@#]\s|#$)")
_CRUMB = re.compile(r"^\s*\d+\.\s+(\S.*)$")
_BULLET = re.compile(r"^(\s*)([*+o•–-])\s+(\S.*)$")
_KEYWORDS = re.compile(r"^Mots[\s-]clés?\s*:?$", re.IGNORECASE)


def parse_dump(dump: str, *, url: str = "", publisher: str = "", licence: str = "") -> Page:
    """The page in a publisher's dump, navigation left out.

    Raises:
        ParseError: nothing but navigation or blank lines.
    """
    lines = [line.rstrip() for line in dump.replace("\t", "    ").splitlines()]
    first, title, breadcrumb = _find_title(lines)
    reading = _Reading()
    for line in lines[first + 1 :]:
        reading.take(line)
    drafts = [Draft("heading", title, level=1), *reading.finish()]
    return lay_out(title, drafts, breadcrumb=breadcrumb, url=url, publisher=publisher, licence=licence)


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
    for number, line in enumerate(lines):  # no line at the margin: the whole page is indented
        if line.strip() and line.strip() != GAP and not _NAVIGATION.match(line):
            return number, line.strip(), ()
    raise ParseError("ce fichier ne contient aucun texte à lire")


class _Reading:
    """The blocks so far, and the one that the next line may go on with."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self._lines: list[list[str]] = []
        self._open: Draft | None = None
        self._after_gap = False  # the line before was a gap: what follows at once is cut
        self._keyword_list = False
        self._starred = False

    def take(self, line: str) -> None:
        """One more line."""
        stripped = line.strip()
        if not stripped:
            self._open, self._after_gap = None, False
        elif stripped == GAP:
            self._gap()
        elif _NAVIGATION.match(line):
            self._open = None
        elif bullet := _BULLET.match(line):
            self._bullet(bullet[2], bullet[3])
        elif self._open is not None:
            self._lines[-1].append(stripped)
        elif line[0].strip():
            self._heading(stripped)
        elif _KEYWORDS.match(stripped):
            self._heading(stripped, role="keywords")
        else:
            self._paragraph(stripped)

    def finish(self) -> list[Draft]:
        """All blocks, their lines joined."""
        for draft, lines in zip(self.drafts, self._lines, strict=True):
            draft.text = join_lines(lines)
        return self.drafts

    def _gap(self) -> None:
        if self._open is not None:
            self._open.cut_end = True
        self._begin(Draft("gap"))
        self._open, self._after_gap, self._keyword_list = None, True, False

    def _bullet(self, sign: str, words: str) -> None:
        # "-" or "+" under a "*" is a sub-bullet, whatever its indentation
        level = 2 if sign not in "*•" and self._starred else 1
        self._starred = self._starred or sign in "*•"
        self._begin(Draft("bullet", level=level, role="keywords" if self._keyword_list else role_of(words)), words)

    def _heading(self, words: str, role: Role = "") -> None:
        self._keyword_list, self._starred = role == "keywords", False
        self._begin(Draft("heading", level=2, role=role), words)
        self._open = None

    def _paragraph(self, words: str) -> None:
        role = role_of(words)
        self._keyword_list = False
        self._starred = self._starred and bool(role)
        self._begin(Draft("paragraph", role=role), words)

    def _begin(self, draft: Draft, words: str = "") -> None:
        draft.cut_start = self._after_gap and draft.kind in ("paragraph", "bullet")
        self._after_gap = False
        self.drafts.append(draft)
        self._lines.append([words])
        self._open = draft
