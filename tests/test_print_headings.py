"""Which print is a heading, and which of it is the title."""

from __future__ import annotations

from index.page import Page
from tests.test_formats import line, said
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
