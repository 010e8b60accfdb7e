"""Dates as French pages and their metadata write them."""

from __future__ import annotations

import re

_MONTHS = (
    ("janvier", "janv"), ("février", "févr", "fevrier", "fév"), ("mars",), ("avril", "avr"), ("mai",), ("juin",),
    ("juillet", "juil"), ("août", "aout"), ("septembre", "sept"), ("octobre", "oct"), ("novembre", "nov"),
    ("décembre", "déc", "decembre"),
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_IN_WORDS = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({'|'.join(MONTHS)})\b\.?\s+(\d{{4}})\b", re.IGNORECASE)
_IN_FIGURES = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?!\d)")
_UPDATE = re.compile(
    r"\b(?:mis(?:e)?s? à jour|dernière (?:mise à jour|modification)|actualisée?|vérifiée?|modifiée?)"
    r"(?:\s+(?:de\s+)?(?:la\s+)?page)?\s*(?:le|du|:)?\s*(?:\w+\s+)?",
    re.IGNORECASE,
)


def date_in(text: str) -> str:
    """The first date in ``text`` as ``dd/mm/yyyy``; empty where there is none."""
    found = [
        (match.start(), day)
        for pattern, order in ((_IN_FIGURES, (1, 2, 3)), (_IN_WORDS, (1, 2, 3)), (_ISO, (3, 2, 1)))
        if (match := pattern.search(text)) and (day := _day(*(match[n] for n in order)))
    ]
    return min(found)[1] if found else ""


def update_in(text: str) -> str:
    """The date that ``text`` itself calls the one of its last change, as ``dd/mm/yyyy``."""
    for match in _UPDATE.finditer(text):
        if day := date_in(text[match.end() : match.end() + 25]):
            return day
    return ""


def _day(day: str, month: str, year: str) -> str:
    number = MONTHS.get(month.lower()) or (int(month) if month.isdigit() else 0)
    return f"{int(day):02d}/{number:02d}/{year}" if 1 <= number <= 12 and 1 <= int(day) <= 31 else ""
