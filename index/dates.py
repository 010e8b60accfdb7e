"""Dates as French pages and their metadata write them."""

from __future__ import annotations

import re

_MONTHS = (
    ("janvier", "janv"), ("février", "févr", "fevrier", "fév"), ("mars",), ("avril", "avr"), ("mai",), ("juin",),
    ("juillet", "juil"), ("août", "aout"), ("septembre", "sept"), ("octobre", "oct"), ("novembre", "nov"),
    ("décembre", "déc", "decembre"),
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
MONTH_NAMES = tuple(names[0] for names in _MONTHS)
_DATE = re.compile(
    r"(?<!\d[/.-])\b(?:(?P<y1>\d{4})-(?P<m1>\d{2})-(?P<d1>\d{2})(?!\d)"
    rf"|(?P<d2>\d{{1,2}})(?:\s?er)?\s+(?P<m2>{'|'.join(MONTHS)})\b\.?\s+(?P<y2>\d{{4}})\b"
    r"|(?P<d3>\d{1,2})(?P<sign>[/.-])(?P<m3>\d{1,2})(?P=sign)(?P<y3>\d{4}|\d{2})\b(?![/.-]\d))",
    re.IGNORECASE,
)
_PAGE = r"(?:page|fiche|article|contenu|document|dossier|information|rubrique|site)s?(?:\s+web)?"
_UPDATE = re.compile(
    # at the start of a line, or after a dash with a capital: « la loi, modifiée le… » tells nothing of the page
    r"(?:^[^\w\n]{0,9}|(?:[|•·–—]| -)\s?(?=[A-ZÀ-Ý]))(?i:"
    r"(?:(?:publi|cré|paru|mise? en ligne)\w*\s*(?:le\b|:)[^\n]{0,60}?\d\w{0,3}\W{1,9}(?:et\s+)?)?"
    rf"(?:(?:(?:cette|la|ce|cet|le|les)\s+|l['’])?{_PAGE}\s+(?:(?:a|ont)\s+été\s+)?)?"
    r"(?:mise?s?\s+à\s+jour|(?:vérifi|modifi|actualis|révis)ée?s?|maj"
    r"|(?:la\s+)?(?:date\s+de\s+(?:la\s+)?|dernière\s+)+(?:mise\s+à\s+jour|maj|(?:modific|révis|actualis|vérific)\w+))\b"
    rf"(?:\s+(?:de\s+(?:la|cette|ce|l['’])|du)\s*{_PAGE})?(?:\s+(?:a\s+été\s+)?(?:faite|effectuée))?"
    r"(?:\s+pour\s+la\s+dernière\s+fois)?[\s:]{0,9}(?:(?:le|du|au)\b[\s:]{0,9})?(?:\w{3,5}di\s+|dimanche\s+)?)(?=\d)",
    re.MULTILINE,
)


def date_in(text: str) -> str:
    """The first date in ``text`` as ``dd/mm/yyyy``; empty where there is none."""
    return next((day for match in _DATE.finditer(text) if (day := _day(match))), "")


def update_in(text: str) -> str:
    """The date that a line of ``text`` itself calls the one of its last change, as ``dd/mm/yyyy``."""
    for told in _UPDATE.finditer(text):
        if (match := _DATE.match(text, told.end())) and (day := _day(match)):
            return day
    return ""


def in_words(text: str) -> str:
    """``text`` with its whole dates in words: "05/02/2021", "2021-02-05" and "5 févr. 2021" are "5 février 2021"."""

    def worded(match: re.Match[str]) -> str:
        day, month, year = (_day(match) or "//").split("/")
        return f"{int(day)} {MONTH_NAMES[int(month) - 1]} {year}" if day else match[0]

    return _DATE.sub(worded, text)


def _day(match: re.Match[str]) -> str:
    day, month, year = (match[f"{part}1"] or match[f"{part}2"] or match[f"{part}3"] for part in "dmy")
    number = MONTHS.get(month.lower()) or (int(month) if month.isdigit() else 0)
    if len(year) == 2:
        year = ("19" if int(year) > 70 else "20") + year
    return f"{int(day):02d}/{number:02d}/{year}" if 1 <= number <= 12 and 1 <= int(day) <= 31 else ""
