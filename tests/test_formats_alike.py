"""One page as HTML, Markdown, Word and PDF gives the same quotes; print that only looks like a table is text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from index.loading import parse_page
from tests.formats_alike import quotes
from tests.test_formats import line, pdf_of

PAGES = Path(__file__).parent / "pages"


@pytest.mark.parametrize("ending", ["md", "docx", "pdf"])
def test_the_same_quotes_in_every_format(ending: str) -> None:
    """The Word file and the Markdown were made by pandoc, the PDF, without a line drawn, by Chromium."""
    wanted = quotes(PAGES / "port.html")
    given = [quote for quote in quotes(PAGES / f"port.{ending}") if quote[1] != "Les tarifs"]
    assert given == wanted
    assert ("Location", "Voilier — Prix par jour : 64 € ; Dépôt de garantie : 900 €") in given


@pytest.mark.parametrize("name", ["columns", "letter"])
def test_columns_of_text_and_letterheads_are_no_tables(name: str) -> None:
    page = parse_page((PAGES / f"{name}.pdf").read_bytes())
    assert not [block for block in page.blocks if block.kind == "row"]


def _printed(rows: Sequence[tuple[str, ...]], places: tuple[int, ...], font: str = "F1") -> list[str]:
    """The rows of a PDF whose only content is ``rows``, each cell at its place."""
    drawn = line("Les prix du port", 800, 20) + line("Voici ce que demande la régie du port aux usagers.", 760)
    for number, row in enumerate(rows):
        for x, words in zip(places, row, strict=True):
            if words:
                drawn += line(words, 720 - 14 * number, font=font if number == 0 else "F1", x=x)
    page = parse_page(pdf_of(drawn))
    return [page.text[b.start : b.end] for b in page.blocks if b.kind == "row"]


def test_straight_columns_of_figures_are_a_table() -> None:
    rows = [("Bateau", "Jour", "Mois"), ("Barque", "12 euros", "90 euros"), ("Grand bac", "31 euros", "210 euros"),
            ("à fond plat", "", ""), ("Voilier", "64 euros", "400 euros")]  # fmt: skip
    assert _printed(rows, (60, 220, 360), "F2")[1:] == [
        "Barque — Jour : 12 euros ; Mois : 90 euros",
        "Grand bac à fond plat — Jour : 31 euros ; Mois : 210 euros",
        "Voilier — Jour : 64 euros ; Mois : 400 euros",
    ]


def test_what_only_stands_straight_is_text() -> None:
    numbered = [("1.", "Choisir un bateau"), ("2.", "Payer la caution"), ("3.", "Rendre le bateau")]
    head = [
        ("Mairie de Port", "Port, le 3 mai 2023"),
        ("3 rue Basse", "Suivi par Mme Roy"),
        ("33000 Port", "Tél. 01 99 00 12 34"),
    ]
    contents = [
        ("Les bateaux ..........", "4"),
        ("Les prix ..............", "12"),
        ("Le port ...............", "18"),
    ]
    prose = [("La régie du port loue ses bateaux aux habitants de", "42 000 euros pour les quais, dont la moitié en mars"),
             ("la ville et des villages voisins, toute l'année, sur", "3 000 euros pour les pontons, et le reste en avril"),
             ("présentation d'une pièce d'identité de moins de dix", "6 mois de travaux au moins, dit le maire au conseil")]  # fmt: skip
    for rows, places in ((numbered, (60, 80)), (head, (60, 350)), (contents, (60, 400)), (prose, (60, 330))):
        assert not _printed(rows, places)


def test_a_line_that_ended_early_ends_its_paragraph_and_a_cut_word_goes_on() -> None:
    """A heading that looks like the text, as Word's fourth level does, is no part of the paragraph under it."""
    drawn = line("Le port de plaisance", 800, 20) + line("Le quai nord", 760)
    drawn += line("Les barques amarrées au quai nord sont gardées la nuit par la régie du port.", 746)
    drawn += line("La capitainerie délivre ensuite une attestation de passage au Centre-", 720)
    drawn += line("Nautique voisin.", 706)
    page = parse_page(pdf_of(drawn))
    assert [page.text[b.start : b.end] for b in page.blocks if b.kind == "paragraph"] == [
        "Le quai nord",
        "Les barques amarrées au quai nord sont gardées la nuit par la régie du port.",
        "La capitainerie délivre ensuite une attestation de passage au Centre-Nautique voisin.",
    ]
