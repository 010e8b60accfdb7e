"""What print tells only by where things stand: superscripts, strokes, columns, tables that span and go on."""

from __future__ import annotations

import pytest

from index.loading import parse_page
from index.page import Page
from tests.test_formats import line, pdf_of, said

TITLE = line("Les aides de la commune", 800, 22, "F2")
LEFT = ["Le service instruit chaque demande en", "deux mois à compter du dépôt du dossier.", "Il est ouvert à tous."]
RIGHT = ["La régie encaisse tous les paiements", "par carte ou par chèque à la mairie.", "Elle ferme en août."]


def column(texts: list[str], x: int, top: int, font: str = "F1") -> str:
    return "".join(line(words, top - 15 * n, font=font, x=x) for n, words in enumerate(texts))


def box(left: int, top: int, right: int, bottom: int) -> str:
    return f"{left} {bottom} {right - left} {top - bottom} re S\n"


def with_note(text: str, raised: str, after: str, y: int, x: int = 60) -> str:
    """A line with a superscript as browsers print it: 0.83 of the size."""
    return f"BT /F1 11 Tf {x} {y} Td ({text}) Tj 5 Ts /F1 9.2 Tf ({raised}) Tj 0 Ts /F1 11 Tf ({after}) Tj ET\n"


def grid(rows: list[tuple[str, ...]], top: int = 700, head: str = "F1") -> str:
    """A table with drawn borders, 100 points a column and 20 a row."""
    drawn = ""
    for n, row in enumerate(rows):
        for m, words in enumerate(row):
            x, y = 60 + 100 * m, top - 20 * n
            drawn += box(x, y, x + 100, y - 20) + line(words, y - 14, font="F1" if n else head, x=x + 5)
    return drawn


def read(*pages: str) -> Page:
    return parse_page(pdf_of(TITLE + pages[0], *pages[1:]))


def test_a_raised_figure_is_no_part_of_the_number_before_it() -> None:
    page = read(
        with_note("Ils sont 480", "2", " sur 25 m", 740) + with_note("Le facteur est 10", "3", " ici.", 700)
        + grid([("Lit", "Prix"), ("Simple", "20 euros"), ("Double", "")], 660) + with_note("30", "(2)", "", 606, x=165)
    )  # fmt: skip
    assert said(page, "paragraph") == ["Ils sont 480 sur 25 m", "Le facteur est 10³ ici."]
    assert said(page, "row")[1:] == ["Simple — Prix : 20 euros", "Double — Prix : 30"]
    assert [mark.value for mark in page.marks if mark.kind == "note"] == ["2", "(2)"]


def test_words_struck_out_are_not_said() -> None:
    words = "BT /F1 11 Tf 60 700 Td (Prix : ) Tj (35 euros) Tj ( 29 euros) Tj ET 88 703.3 43 0.7 re f\n"
    underlined = line("Titre souligné", 660) + "60 658.5 75 0.7 re f\n"
    cell = (
        grid([("Lit", "Prix"), ("Simple", "20 euros 15 euros"), ("Double", "30 euros")], 600)
        + "165 569.3 43 0.7 re f\n"
    )
    page = read(words + underlined + cell)
    assert said(page, "paragraph") == ["Prix : 29 euros", "Titre souligné"]
    assert said(page, "row")[1:] == ["Simple — Prix : 15 euros", "Double — Prix : 30 euros"]
    assert [mark.value for mark in page.marks if mark.kind == "struck"] == ["35 euros", "20 euros"]


@pytest.mark.parametrize("size", [16, 11])
@pytest.mark.parametrize("higher", [0, 13])
def test_columns_of_text_are_read_one_after_the_other(size: int, higher: int) -> None:
    drawn = line("Piscine", 750, size, "F2") + line("Stade", 750 + higher, size, "F2", x=320)
    drawn += column(LEFT[:2], 60, 724) + column(RIGHT[:2], 320, 724 + higher)
    drawn += column(LEFT[2:], 60, 680) + column(RIGHT[2:], 320, 680 + higher) + line("Fin courte.", 640)
    page = read(drawn)
    assert [page.text[b.start : b.end] for b in page.blocks[1:]] == [
        "Piscine", " ".join(LEFT[:2]), LEFT[2], "Stade", " ".join(RIGHT[:2]), RIGHT[2], "Fin courte.",
    ]  # fmt: skip


def test_cards_side_by_side_are_no_table() -> None:
    drawn = line("Mairie", 750, font="F2") + line("Préfecture", 750, font="F2", x=320)
    drawn += column(["12 rue Haute", "Tél. : 01 02"], 60, 735) + column(["3 place Basse", "Tél. : 03 04"], 320, 735)
    assert said(read(drawn), "paragraph") == [
        "Mairie 12 rue Haute Tél. : 01 02",
        "Préfecture 3 place Basse Tél. : 03 04",
    ]


def test_coloured_rows_are_not_the_whole_table() -> None:
    """Every second row has a ground of its own, one lacks a cell, and no border is drawn."""
    rows = [("Public", "Jour", "Mois"), ("Enfant", "2 euros", "9 euros"), ("Adulte", "4 euros", "20 euros"), ("Senior", "", "15 euros")]  # fmt: skip
    drawn = ""
    for n, row in enumerate(rows):
        for m, words in enumerate(row):
            x, y = 60 + 100 * m, 700 - 16 * n
            ground = f"0.9 g {x} {y - 5} 100 16 re f 0 g\n" if n in (0, 1, 3) else ""
            drawn += ground + (line(words, y, font="F1" if n else "F2", x=x + 4) if words else "")
    assert said(read(drawn), "row")[1:] == [
        "Enfant — Jour : 2 euros ; Mois : 9 euros", "Adulte — Jour : 4 euros ; Mois : 20 euros", "Senior — Mois : 15 euros",
    ]  # fmt: skip


def test_labels_beside_their_values_are_no_headers() -> None:
    drawn = column(["Nom :", "Né le :", "Ville :"], 60, 750) + column(["Durand", "3 mai 2015", "Lyon"], 250, 750)
    assert said(read(drawn), "bullet") == ["Nom : Durand", "Né le : 3 mai 2015", "Ville : Lyon"]


def test_cells_of_several_lines_without_borders_are_rows() -> None:
    """The cells of the second row stand level with its middle, as browsers place them."""
    drawn = "".join(
        line(words, 750, font="F2", x=x) for words, x in (("Situation", 60), ("Conditions", 200), ("Aide", 450))
    )
    drawn += column(["Personne", "seule"], 60, 733) + column(
        ["Revenus inférieurs au plafond fixé", "par décret"], 200, 733
    )
    drawn += line("Totale", 725, x=450) + column(["Couple"], 60, 686)
    drawn += column(
        ["Revenus de moins de trois fois le", "plafond, enfants à charge compris,", "chaque année"], 200, 701
    )
    drawn += line("Partielle", 686, x=450)
    assert said(read(drawn), "row")[1:] == [
        "Personne seule — Conditions : Revenus inférieurs au plafond fixé par décret ; Aide : Totale",
        "Couple — Conditions : Revenus de moins de trois fois le plafond, enfants à charge compris, chaque année ; Aide : Partielle",
    ]  # fmt: skip


def test_cells_that_stand_close_are_told_by_the_blanks_that_were_not_typed() -> None:
    drawn = line("Le port est ouvert à tous, toute l'année et tous les jours.", 770)
    for y, left, right, x in (
        (740, "Jour", "Ouverture", 90),
        (724, "Lundi", "9 h - 12 h", 92),
        (708, "Mardi", "8 h - 11 h", 92),
    ):
        drawn += line(left, y, font="F2" if y == 740 else "F1") + line(right, y, font="F2" if y == 740 else "F1", x=x)
    assert said(read(drawn), "row")[1:] == ["Lundi — Ouverture : 9 h - 12 h", "Mardi — Ouverture : 8 h - 11 h"]


def test_a_table_that_goes_on_on_the_next_page_keeps_its_headers() -> None:
    first = grid([("Jour", "Matin"), ("Lundi", "8 h"), ("Mardi", "9 h")], head="F2")
    own = grid([("Lieu", "Salle"), ("Nord", "12"), ("Sud", "14")], 500, head="F2")
    page = read(first, grid([("Jeudi", "10 h"), ("Samedi", "11 h")], 780) + own)
    assert said(page, "row") == [
        "Jour — Matin", "Lundi — Matin : 8 h", "Mardi — Matin : 9 h", "Jeudi — Matin : 10 h", "Samedi — Matin : 11 h",
        "Lieu — Salle", "Nord — Salle : 12", "Sud — Salle : 14",
    ]  # fmt: skip
    assert [page.sheet_at(page.text.index(day)) for day in ("Mardi", "10 h")] == ["1", "2"]
    again = read(first, grid([("Jour", "Matin"), ("Jeudi", "10 h")], 780, head="F2"))
    assert said(again, "row") == ["Jour — Matin", "Lundi — Matin : 8 h", "Mardi — Matin : 9 h", "Jeudi — Matin : 10 h"]


def test_a_sentence_over_a_page_turn_is_whole_before_the_note_at_the_foot() -> None:
    first = line("L'aide de 480 euros est versée chaque mois à la personne qui en fait la", 740)
    first += line("1 Hors Outre-mer, où un décret fixe le barème.", 100, 8)
    page = read(first, line("demande, sur son compte bancaire.", 780) + line("Elle dure un an.", 740))
    assert said(page, "paragraph") == [
        "L'aide de 480 euros est versée chaque mois à la personne qui en fait la demande, sur son compte bancaire.",
        "1 Hors Outre-mer, où un décret fixe le barème.",
        "Elle dure un an.",
    ]
    assert page.sheet_at(page.text.index("Hors")) == "1" and page.sheet_at(page.text.index("Elle")) == "2"


def test_spans_of_a_drawn_table_and_the_box_under_it() -> None:
    drawn = grid([("Public", "Prix")]) + box(60, 680, 160, 640) + line("Enfant", 655, x=65)
    drawn += (
        box(160, 680, 260, 660) + line("2 euros", 666, x=165) + box(160, 660, 260, 640) + line("4 euros", 646, x=165)
    )
    drawn += box(60, 640, 500, 600) + line("La mairie répond à toutes les questions au 115.", 615, x=65)
    page = read(drawn)
    assert said(page, "row") == ["Public — Prix", "Enfant — Prix : 2 euros", "Enfant — Prix : 4 euros"]
    assert said(page, "paragraph") == ["La mairie répond à toutes les questions au 115."]


def test_words_of_a_justified_line_stay_in_order() -> None:
    torn = "BT /F1 11 Tf 60 740 Td (Le service  ) Tj ET BT /F1 11 Tf 126 740 Td (instruit) Tj ET\n"
    page = read(torn + line("chaque demande reçue", 726) + line("en deux mois.", 712))
    assert said(page, "paragraph") == ["Le service instruit chaque demande reçue en deux mois."]


def test_a_word_cut_at_the_end_of_the_first_line_of_a_page_is_whole() -> None:
    first = line("L'aide de 480 euros est versée chaque mois à la personne qui en fait la", 740)
    page = read(first, line("demande, sur son compte bancaire ou sur celui des ensei-", 780) + line("gnants.", 767))
    assert said(page, "paragraph") == [
        "L'aide de 480 euros est versée chaque mois à la personne qui en fait la demande, sur son compte bancaire ou sur celui des enseignants."
    ]
    assert [page.sheet_at(page.text.index(word)) for word in ("fait la", "demande")] == ["1", "2"]


def test_notes_between_the_items_of_a_list_are_no_items() -> None:
    first = line("La carte donne droit :", 400) + line("1. aux transports de la commune et des environs, toute", 380)
    first += (
        line("l'année ;", 367, x=72) + line("1. Hors les jours de fête.", 100, 8) + line("2. Hors vacances.", 90, 8)
    )
    page = read(first, line("2. au musée ;", 780) + line("3. à la piscine.", 766))
    assert said(page, "bullet") == [
        "aux transports de la commune et des environs, toute l'année ;", "au musée ;", "à la piscine.",
    ]  # fmt: skip
    assert said(page, "paragraph") == ["La carte donne droit :", "1. Hors les jours de fête.", "2. Hors vacances."]


def test_a_dash_begins_an_item_without_a_blank() -> None:
    drawn = line("Deux cas sont prévus :", 740) + line("—Lorsque la demande est tardive, elle est lue ;", 720)
    page = read(drawn + line("—Lorsque le dossier est vide, elle est rendue.", 700))
    assert said(page, "bullet") == [
        "Lorsque la demande est tardive, elle est lue ;", "Lorsque le dossier est vide, elle est rendue.",
    ]  # fmt: skip
