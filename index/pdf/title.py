"""The title of a PDF: its largest heading on the first page that has one, or what the file says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.pdf.leaders import is_contents_heading
from index.pdf.printed import LARGER

_LEAST_LETTERS = 3
FIRST_PAGES = 3
_STANDS = 0.8
"""Share of the words of the file's own title that stand on its first pages, where it is meant."""
_AGREES = 0.75
"""Share of the file's own title, its short words left out, that a heading says too that is the title as printed."""
_SHORT = 3
_FILE_NAME = re.compile(
    r"^(?:microsoft\s+\w+\s+-|untitled|sans[ _-]titre|document\s*\d*$|présentation\s+powerpoint|powerpoint\s+presentation)"
    r"|\.(?:docx?|odt|rtf|pdf|tex|dvi|indd|pptx?|odp|xlsx?|html?|qxp|pub)$",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[\\{}]")


@dataclass(frozen=True)
class Heading:
    """A heading as it was printed, its words whole."""

    text: str
    size: float
    sheet: int


def title_of(headings: list[Heading], body: float, known: str, first_pages: str) -> Heading | str:
    """The heading that is the title, or the words that are it and stand in none.

    ``known`` is what the file calls itself, ``first_pages`` the text of its first pages.
    """
    may_be = [heading for heading in headings if _may_be_title(heading.text)]
    if _is_meant(known, first_pages):
        first = sorted((h for h in may_be if h.sheet <= FIRST_PAGES), key=lambda h: -h.size)
        return next((h for h in first if _agrees(h.text, known)), known)
    large = [heading for heading in may_be if heading.size >= LARGER * body]
    cover = [heading for heading in large if heading.sheet == large[0].sheet]
    return max(cover, key=lambda heading: heading.size) if cover else next(iter(may_be), "")


def _may_be_title(text: str) -> bool:
    return sum(c.isalpha() for c in text) >= _LEAST_LETTERS and not is_contents_heading(text)


def _is_meant(known: str, first_pages: str) -> bool:
    """Whether what the file calls itself is a title: no file's name, and of words that stand on its first pages."""
    words = _words(known)
    if len(words) < 2 or " " not in known.strip() or _FILE_NAME.search(known.strip()) or not _may_be_title(known):
        return False
    said = _words(first_pages)
    return len(words & said) >= _STANDS * len(words)


def _agrees(heading: str, known: str) -> bool:
    own = {word for word in _words(known) if len(word) > _SHORT} or _words(known)
    return len(own & _words(heading)) >= _AGREES * len(own) and _MARKUP.search(heading) is None


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
