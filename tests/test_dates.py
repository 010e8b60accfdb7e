"""The day of a page's last change: its own lines, its metadata, its front matter."""

from __future__ import annotations

import pytest

from index.dates import date_in, in_words, update_in
from index.html.parse import parse_html
from index.loading import parse_page

DAY = "12/04/2025"
WORDS = "<p>La mairie accueille les habitants du lundi au vendredi, sans rendez-vous.</p>"


@pytest.mark.parametrize(
    "line",
    [
        "Mis à jour le 12 avril 2025",
        "Publié le 3 mars 2024 - Mis à jour le 12 avril 2025",
        "Publié le 3 mars 2024, modifié le 12 avril 2025 à 10 h",
        "Mise à jour : 12.04.2025",
        "MAJ le 12/04/25",
        "Dernière révision : samedi 12-04-2025",
        "Vérifié le 12 avril 2025 - Direction de l’information légale",
        "Cette page a été modifiée pour la dernière fois le 12 avril 2025",
        "Ville de Valbrise | Dernière mise à jour\n12 avril 2025",
    ],
)
def test_lines_that_tell_the_last_change(line: str) -> None:
    assert update_in(line) == DAY
    html = line.replace("\n", "</p><p>")
    assert parse_html(f"<main><h1>Guide</h1>{WORDS}<p>{html}</p></main>").updated == DAY
    assert parse_html(f"<main><h1>Guide</h1>{WORDS}</main><footer><p>{html}</p></footer>").updated == DAY


@pytest.mark.parametrize(
    "line",
    [
        "La loi du 6 janvier 1978 modifiée par la loi du 20 juin 2018 vous protège.",
        "La loi de 1978 – modifiée le 20 juin 2018 – vous protège.",
        "Le code du travail, <b>modifié</b> le 3 mai 2019, s’applique.",
        "Les plafonds sont actualisés au 1er avril 2023.",
        "Dernière élection : 3 mai 2019",
    ],
)
def test_changes_of_something_else(line: str) -> None:
    assert parse_html(f"<main><h1>Guide</h1>{WORDS}<p>{line}</p></main>").updated == ""
    assert parse_html(f"<main><h1>Guide</h1>{WORDS}<p>{line}</p><p>Mis à jour le {DAY}</p></main>").updated == DAY


@pytest.mark.parametrize("written", ["04/12/2020", "4.12.20", "2020-12-04", "4 déc. 2020", "4 décembre 2020"])
def test_a_whole_date_in_words(written: str) -> None:
    assert in_words(f"Lancé le {written}, il ouvre.") == "Lancé le 4 décembre 2020, il ouvre."
    assert in_words("Au 12/13/2020, article 3.1.2") == "Au 12/13/2020, article 3.1.2"


def test_what_is_no_date() -> None:
    assert date_in("01.02.03.04.05 ou 45/12/2024, puis le 2 mai 2024") == "02/05/2024"


@pytest.mark.parametrize(
    "marked",
    [
        "<time itemprop='dateModified' datetime='2025-04-12T10:00'>hier</time>",
        "<meta itemprop='dateModified' content='2025-04-12'>",
        "<p>Page mise à jour le <time datetime='2025-04-12'>12 avril 2025</time></p>",
        "<p>Mis à jour le 1<sup>er</sup> mai 2025</p><meta name='last-modified' content='2025-04-12'>"
        "<p>Mis à jour le 3 mai 2024</p>",
    ],
)
def test_marked_days(marked: str) -> None:
    assert parse_html(f"<main><h1>Guide</h1>{WORDS}{marked}</main>").updated == DAY


@pytest.mark.parametrize(
    "front",
    [
        "date: 2024-03-01\nlast_modified_at: 2025-04-12",
        "last_update:\n  date: 2025-04-12\ndate: 2020-01-01",
        "date: 2020-01-01\nupdated_at: 2025-04-12",
        "date: 2025-04-12",
    ],
)
def test_front_matter(front: str) -> None:
    assert parse_page(f"---\n{front}\n---\n\nUn texte.\n".encode(), ending=".md").updated == DAY


def test_the_text_s_own_line_goes_before_what_is_known_of_the_file() -> None:
    source = "---\ndate: 2020-01-01\n---\n\nUn texte.\n\n{}\n"
    assert parse_page(source.format(f"Mis à jour le {DAY}").encode(), ending=".md").updated == DAY
    assert parse_page(source.format(f"Publié le {DAY}").encode(), ending=".md").updated == "01/01/2020"
