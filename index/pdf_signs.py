"""The signs drawn on a page of a PDF, made those that are read: text in forms lifted, stamps and broken signs mended."""

from __future__ import annotations

from typing import Any

_SIGNS_PER_STROKE = 10
"""In a form with fewer signs for each stroke these are the labels of a drawing."""


def laid_out(page: Any) -> Any:
    """A ``page`` of pdfplumber as pdfminer lays its text out in lines and boxes."""
    from pdfminer.layout import LAParams, LTPage

    sheet = LTPage(page.page_number, page.layout.bbox)
    sheet.extend(_lifted(page.layout))
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
