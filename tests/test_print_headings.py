"""Which print is a heading, and which of it is the title."""

from __future__ import annotations

from index.loading import parse_page
from index.page import Page
from tests.test_formats import line, pdf_of, said
from tests.test_print import column, read

RUNNING = ["La demande se fait auprès de la mairie du domicile, au guichet", "ou par courrier, toute l'année."]


def headed(page: Page) -> list[str]:
    """Headings and paragraphs as they follow each other."""
    return [("# " if b.kind == "heading" else "") + page.text[b.start : b.end] for b in page.blocks[1:]]


def test_a_heading_in_bold_may_ask_or_announce() -> None:
    names = ["Conditions", "Qui peut la demander ?", "Les pièces à fournir :", "Et ensuite…"]
    drawn = "".join(
        line(name, 740 - 80 * n, font="F2") + column(RUNNING, 60, 715 - 80 * n) for n, name in enumerate(names)
    )
    assert said(read(drawn), "heading") == names


def test_a_label_in_bold_before_its_value_is_no_heading() -> None:
    drawn = column(RUNNING, 60, 740) + line("Téléphone :", 690, font="F2") + line("01 02 03 04 05", 690, x=300)
    assert said(read(drawn), "heading") == []


def test_a_sentence_in_bold_over_two_lines_is_one_paragraph() -> None:
    warning = ["Attention, cette carte ne peut en aucun cas être prêtée, même à", "un membre de la famille, sous peine de retrait."]  # fmt: skip
    page = read(column(RUNNING, 60, 740) + column(warning, 60, 690, "F2") + column(RUNNING, 60, 640))
    assert said(page, "heading") == [] and " ".join(warning) in said(page, "paragraph")


def test_paragraphs_larger_than_most_print_are_no_heading() -> None:
    """On a page that is mostly notes."""
    text = ["Il n'y a pas de liste normalisée des titres des livres, et chaque", "éditeur suit une règle qui lui est propre, ce qui est heureux pour le", "lecteur curieux mais gêne celui qui cherche un passage dans un", "ouvrage qu'il ne connaît pas encore."]  # fmt: skip
    notes = "".join(line(f"{n} Une note au bas de la page, en plus petit que le texte, qui est longue.", 400 - 24 * n, 8) for n in range(1, 12))  # fmt: skip
    page = read(column(text, 60, 740) + notes)
    assert said(page, "heading") == [] and " ".join(text) in said(page, "paragraph")


def test_the_title_stands_on_the_first_page_however_large_the_chapters_are() -> None:
    cover = line("Guide des aides", 700, 20, "F2") + line("Ville de Test", 660, 14, "F2")
    chapters = [
        line(name, 740, 26, "F2") + column(RUNNING, 60, 700) for name in ("Table des matières", "Conditions", "2")
    ]
    page = parse_page(pdf_of(cover, *chapters))
    assert page.title == "Guide des aides"
    assert said(page, "heading") == ["Ville de Test", "Table des matières", "Conditions", "2"]


def test_what_the_file_calls_itself_is_its_title_where_it_is_meant() -> None:
    drawn = line("Conditions", 740, 20, "F2") + column(
        ["Ce guide des aides au logement est gratuit.", *RUNNING], 60, 700
    )
    assert parse_page(pdf_of(drawn, title="Guide des aides au logement")).title == "Guide des aides au logement"
    for name in ("Microsoft Word - guide.docx", "Sans titre", "Ce guide.pdf", "Dossier 2024 du service", "guide"):
        assert parse_page(pdf_of(drawn, title=name)).title == "Conditions"
    printed = line("Le guide des aides au logement 2026", 760, 20, "F2") + column(RUNNING, 60, 700)
    page = parse_page(pdf_of(printed, title="Guide des Aides au Logement"))
    assert page.title == "Le guide des aides au logement 2026" and said(page, "heading") == []


def test_a_heading_under_text_that_is_the_title_still_heads_what_follows() -> None:
    drawn = column(RUNNING * 3, 60, 780) + line("Les recours", 600, 20, "F2") + line("Un recours est gratuit.", 570)
    page = parse_page(pdf_of(drawn))
    assert page.title == "Les recours" and said(page, "heading") == ["Les recours"]
    assert page.blocks[-1].section[-1] == "Les recours"


def test_a_long_question_in_bold_is_a_heading() -> None:
    asked = ["Pourquoi la demande doit-elle être faite avant le mois de mai de", "l'année scolaire, et que se passe-t-il si la famille arrive dans", "la commune plus tard, ou si elle ne l'a pas su à temps ?"]  # fmt: skip
    drawn = "".join(line(words, 740 - 17 * n, 13, "F2") for n, words in enumerate(asked))
    page = read(drawn + column(RUNNING * 4, 60, 670))
    assert said(page, "heading") == [" ".join(asked)]
