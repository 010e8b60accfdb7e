"""The signs drawn on a page of a PDF, made those that are read: text in forms lifted, stamps and broken signs mended."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from statistics import median
from typing import Any

from index.pdf.leaders import with_leaders

_SIGNS_PER_STROKE = 10
"""In a form with fewer signs for each stroke these are the labels of a drawing."""
_UNKNOWN = re.compile(r"\(cid:\d+\)")
_SLANT = 0.1
"""Rise for each point of a line that is no longer level."""
_STAMP = 3
"""Times the size of most signs from which one that others are printed over is a stamp behind the text."""
_LEAST_OVER = 3
_UNDER = 0.3
"""Share of a blank's width within which the next letter begins that is drawn over it."""
_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "^": "\u0302", "¨": "\u0308", "˜": "\u0303", "¸": "\u0327", "˚": "\u030a", "ˇ": "\u030c",
}  # fmt: skip
_DOTLESS = {"ı": "i", "ȷ": "j"}


def laid_out(page: Any) -> Any:
    """A ``page`` of pdfplumber as pdfminer lays its text out in lines and boxes."""
    from pdfminer.layout import LAParams, LTChar, LTPage

    items = _lifted(page.layout)
    signs = [item for item in items if isinstance(item, LTChar)]
    read = {id(sign) for sign in with_leaders(_mended(_without_stamps(signs)))}
    sheet = LTPage(page.page_number, page.layout.bbox)
    sheet.extend(item for item in items if not isinstance(item, LTChar) or id(item) in read)
    sheet.analyze(LAParams())
    return sheet


def _lifted(items: Any) -> list[Any]:
    """``items`` with what forms in them hold in their places: programs draw running text in forms too."""
    from pdfminer.layout import LTFigure

    lifted: list[Any] = []
    for item in items:
        lifted.append(item)
        if isinstance(item, LTFigure):
            lifted += _lifted(item) if _holds_text(item) else []
    return lifted


def _holds_text(form: Any) -> bool:
    from pdfminer.layout import LTChar, LTCurve, LTFigure

    signs = sum(isinstance(item, LTChar) for item in form)
    strokes = sum(isinstance(item, LTCurve) for item in form)
    return signs >= _SIGNS_PER_STROKE * strokes or any(isinstance(item, LTFigure) for item in form)


def _without_stamps(signs: list[Any]) -> list[Any]:
    """The signs but « BROUILLON » across a page or behind its text; a page that is all turned stays."""
    level = [sign for sign in signs if _is_level(sign)]
    if 2 * len(level) < len(signs):
        return signs
    large = _STAMP * median(sign.size for sign in level) if level else 0
    stamps = {_row(sign) for sign in level if sign.size >= large and _is_behind(sign, level)}
    return [sign for sign in level if _row(sign) not in stamps]


def _row(sign: Any) -> tuple[int, int]:
    return round(sign.y0), round(sign.size)


def _is_level(sign: Any) -> bool:
    across, up = sign.matrix[:2]
    return bool(abs(up) <= _SLANT * abs(across))


def _is_behind(sign: Any, others: list[Any]) -> bool:
    """Whether smaller signs are printed over ``sign``."""
    over = (
        other
        for other in others
        if other.size * _STAMP <= sign.size
        and other.get_text().strip()
        and sign.x0 < (other.x0 + other.x1) / 2 < sign.x1
        and sign.y0 < (other.y0 + other.y1) / 2 < sign.y1
    )
    return sum(1 for _ in over) >= _LEAST_OVER


def _mended(signs: list[Any]) -> list[Any]:
    """The signs that have a character, accents drawn apart put on their letters, without blanks under a letter."""
    known = [sign for sign in signs if not _UNKNOWN.fullmatch(sign.get_text())]
    gone: set[int] = set()
    for before, after in pairwise(known):
        accent, letter = (before, after) if before.get_text() in _ACCENTS else (after, before)
        if accent.get_text() in _ACCENTS:
            if id(before) not in gone and _compose(accent, letter):
                gone.add(id(accent))
        elif before.get_text() == " " and _is_under(before, after):
            gone.add(id(before))
    return [sign for sign in known if id(sign) not in gone]


def _compose(accent: Any, letter: Any) -> bool:
    """Put ``accent`` on the ``letter`` that it is drawn over; whether it is."""
    middle, own_middle = (letter.x0 + letter.x1) / 2, (accent.x0 + accent.x1) / 2
    over = accent.x0 < middle < accent.x1 and letter.x0 < own_middle < letter.x1
    base = _DOTLESS.get(letter.get_text(), letter.get_text())
    composed = unicodedata.normalize("NFC", base + _ACCENTS[accent.get_text()])
    if not over or len(composed) != 1 or abs(accent.y0 - letter.y0) > letter.size / 2:
        return False
    letter._text = composed
    return True


def _is_under(blank: Any, letter: Any) -> bool:
    """Whether a blank takes no room: a soft hyphen that is printed as one."""
    return bool(abs(letter.x0 - blank.x0) < _UNDER * blank.width and abs(letter.y0 - blank.y0) < blank.size / 5)
