"""The words of one block as they come from a tree: white space as a browser shows it, marks placed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.hyphens import UNSEEN, join_cut
from index.page import Mark, MarkKind

_SUPERSCRIPTS = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")
_NOTE = re.compile(r"[\[(]?(?:\d{1,3}|\*{1,3}|[a-z])[\])]?(?:\s*[,;]\s*[\[(]?\d{1,3}[\])]?)*")
_UNIT = re.compile(r"(?:^|[\s/\d(])(?:[kcdmµh]?m|ha|s|cm|µ|x|CO|[A-Z])$")
_CENTS = re.compile(r"\d{2}")
_WORD_BEFORE = re.compile(r"[^\W\d_]{2}$")
_STOPS = (".", ",", ")")
_CLOSED = re.compile(r"[.,;:!?…]['»”\")\]]*$")


@dataclass
class Line:
    """Text under way. ``joint`` is what a break becomes: a new line, a space, or « ; » in a cell."""

    joint: str = "\n"
    text: str = ""
    marks: list[Mark] = field(default_factory=list)
    _space: bool = False
    _seam: bool = False
    """Another element begins here: « Tarif » and « Caution » are two words, « Pari » and « Santé » may be one."""
    broken: str = ""
    """``line`` where a line break was met and no word after it yet, ``block`` where a block ended."""

    def __bool__(self) -> bool:
        return bool(self.text) or any(mark.kind in ("note", "struck") for mark in self.marks)

    def add(self, raw: str | None) -> None:
        """More text of the tree, its white space collapsed with what stands before."""
        raw = join_cut(raw or "").translate(UNSEEN)
        words = raw.split()
        if raw[:1].isspace():
            self._space = True
        if not words:
            return
        joined = " ".join(words)
        self.text += self._between(joined) + joined
        self.broken, self._space, self._seam = "", raw[-1].isspace(), False

    def add_lines(self, raw: str) -> None:
        """Text whose lines are kept as they are: code."""
        self.text += raw.translate(UNSEEN).strip("\n").rstrip().expandtabs(4)

    def space(self) -> None:
        """The next words stand apart."""
        self._space = True

    def seam(self, parting: str) -> None:
        """An element begins or ends here; ``parting`` as :func:`index.html.tags.parting` has it."""
        self._space |= parting == "space"
        self._seam |= parting == "case"

    def break_(self, *, block: bool = False) -> None:
        """The next words stand on a line, or in a block, of their own."""
        if self.text:
            self.broken = "block" if block or self.broken == "block" else "line"

    def cover(self, kind: MarkKind, start: int, value: str = "") -> None:
        """Mark the words from ``start`` to here, white space before them left out."""
        while start < len(self.text) and self.text[start].isspace():
            start += 1
        if start < len(self.text):
            self.marks.append(Mark(kind, start, len(self.text), value))

    def put(self, kind: MarkKind, value: str) -> None:
        """Mark this place: a note, struck words, the page of a PDF."""
        if value:
            self.marks.append(Mark(kind, len(self.text), len(self.text), value))

    def raised(self, raw: str, *, is_link: bool, after: str = "") -> None:
        """Words in superscript: a note stands apart from what it follows, m² is one word, 1er too."""
        words = " ".join(raw.split())
        if after[:1] in ("/", "⁄") and words.isdigit():
            self.add(raw)  # ½
        elif _CENTS.fullmatch(words) and (
            self.text[-1:] == "€" or (self.text[-1:].isdigit() and after.lstrip()[:1] == "€")
        ):
            self.add(words if self.text[-1] == "€" else f",{words}")  # 12 euros, 50 in small
        elif self._is_note(words, is_link):
            self.put("note", words)
        elif words.isdigit() or words[:1] in "+-−":
            self.add(words.translate(_SUPERSCRIPTS))
        else:
            self.add("°" if words == "o" and self.text[-1:] in ("n", "N") else raw)

    def power(self, raw: str) -> None:
        """An exponent of a formula."""
        words = "".join(raw.split())
        self.add(words.translate(_SUPERSCRIPTS) if words.isdigit() or words in "n-−+" else f"^{words}")

    def _is_note(self, words: str, is_link: bool) -> bool:
        if not _NOTE.fullmatch(words):
            return False
        starts = not self.text or bool(self.broken) or (self._space and bool(_CLOSED.search(self.text)))
        if is_link or starts or words[:1] in "*[(":
            return True  # where it starts it is the note itself, at the foot of the page
        if not words[:1].isdigit():  # 1a is no note, and the e of 2e ends its number
            return self.text[-1:].isspace() or (_WORD_BEFORE.search(self.text) is not None and words not in "eosntrd")
        if self.text.endswith("10") and not self.text[-3:-2].isdigit():
            return False  # 10⁶
        return self._space or not _UNIT.search(self.text)

    def _between(self, following: str) -> str:
        if not self.text:
            return ""
        if self.broken:
            begun = following[:1].islower() or following[:1] in "(,"
            goes_on = self.broken == "line" and begun and self.text[-1] not in ".!?:;"
            if self.joint != "\n" and _CLOSED.search(self.text):
                return " "
            return " " if goes_on else self.joint
        if self._seam and following[:2].istitle() and (self.text[-1].islower() or self.text[-1] in "0123456789€%)»."):
            return " "
        noted = bool(self.marks) and self.marks[-1].kind == "note" and self.marks[-1].start == len(self.text)
        return " " if self._space and not (noted and following.startswith(_STOPS)) else ""
