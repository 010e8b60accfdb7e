"""What stands around the text of a PDF's pages: running heads, page numbers, lists of contents."""

from __future__ import annotations

from tests.test_formats import line, said
from tests.test_print import column, read

TEXT = ["La demande se fait auprès de la mairie du domicile, au guichet ou", "par courrier, toute l'année."]


def pages(*heads: str, heading_on: tuple[int, ...] = ()) -> list[str]:
    """Pages with a head in the text's own size, some with a heading under it that says the same."""
    return [
        line(head, 815, font="F2")
        + (line(head.split(". ")[-1], 740, 18, "F2") if n in heading_on else "")
        + column([f"Point {'abcdefghijkl'[n]}. {TEXT[0]}", TEXT[1]], 60, 700)
        for n, head in enumerate(heads)
    ]


def test_heads_that_change_with_the_chapter_are_dropped() -> None:
    chapters = ["Chapitre 1. Conditions", "Chapitre 2. Montants", "Chapitre 3. Recours", "Chapitre 4. Contacts"]
    page = read(*pages(*(head for head in chapters for _ in range(2)), heading_on=(0, 2, 4, 6)))
    assert said(page, "heading") == ["Conditions", "Montants", "Recours", "Contacts"]
    assert len(said(page, "paragraph")) == 8 and not any("Chapitre" in words for words in said(page, "paragraph"))


def test_a_head_that_says_a_heading_in_smaller_print_is_dropped() -> None:
    heads = ["Conditions", "Montants", "Recours", "Contacts"]
    page = read(*pages(*heads, heading_on=(0, 1, 2, 3)))
    assert said(page, "heading") == heads
    alone = read(*pages(*heads))
    assert said(alone, "heading") == heads


def test_headings_at_the_top_of_two_pages_stay() -> None:
    """Both slides have the same name."""
    slides = [line("Les pièces", 800, 20, "F2") + column(TEXT, 60, 700), "", ""]
    slides[2] = slides[0] + line("Fin.", 600)
    page = read(line("Bienvenue.", 700), *slides, line("Un.", 700), line("Deux.", 700), line("Trois.", 700))
    assert said(page, "heading") == ["Les pièces", "Les pièces"]


def test_page_numbers_are_dropped_wherever_they_stand() -> None:
    cut = ["L'aide est versée chaque mois à la personne qui en fait la", "demande par écrit."]
    page = read(line(cut[0], 400) + line("7", 140, x=300), line(cut[1], 780) + line("8", 140, x=300))
    assert said(page, "paragraph") == [" ".join(cut)]
    years = read(line("2024", 140, x=300), line("Un an.", 700) + line("2024", 140, x=300))
    assert said(years, "paragraph") == ["2024", "Un an.", "2024"]


def test_a_note_at_the_foot_goes_on_no_word_that_was_cut() -> None:
    first = line("L'aide de 480 euros est versée chaque mois à la personne seule ou aux famil-", 400)
    page = read(first + line("15. http://exemple.test/", 120, 8), line("les :", 780) + line("latexmk main.tex", 740, 9))
    dense = column([f"{TEXT[0]} le dire :"], 60, 400) + line("15. http://exemple.test/", 120, 8)
    code = read(dense, line("latexmk main.tex", 780, 8))
    assert said(code, "paragraph")[1:] == ["15. http://exemple.test/", "latexmk main.tex"]
    assert said(page, "paragraph") == [
        "L'aide de 480 euros est versée chaque mois à la personne seule ou aux familles :",
        "15. http://exemple.test/",
        "latexmk main.tex",
    ]


def leaders(*entries: tuple[str, str], top: int = 700, x: int = 60, gap: int = 350) -> str:
    """Entries with dots that stand far apart, each a thing of its own to who lays text out."""
    drawn = ""
    for n, (words, number) in enumerate(entries):
        dots = "".join(f"(.) {-gap} " for _ in range(12))
        drawn += line(words, top - 15 * n, x=x)
        drawn += f"BT /F1 11 Tf {x + 130} {top - 15 * n} Td [{dots}] TJ ET\n"
        drawn += line(number, top - 15 * n, x=x + 226 - 6 * len(number))
    return drawn


def test_a_list_of_contents_is_dropped() -> None:
    entries = [("1.1 Conditions", "2"), ("1.2 Montants", "4"), ("1.3 Recours en cas", ""), ("de refus", "10")]
    drawn = line("Table des matières", 745, 16, "F2")
    drawn += line("1 Les aides", 722, font="F2") + line("2", 722, font="F2", x=280)
    drawn += leaders(*entries[:2]) + line("1.3 Recours en cas", 670) + leaders(entries[3], top=655)
    drawn += line("1 Les aides", 600, 16, "F2") + column(TEXT, 60, 570)
    page = read(drawn)
    assert said(page, "heading") == ["1 Les aides"]
    assert said(page, "paragraph", "row", "bullet") == [" ".join(TEXT)]


def test_two_lists_of_contents_side_by_side_are_dropped() -> None:
    left, right = [("1.1 Conditions", "2"), ("1.2 Montants", "4"), ("1.3 Recours", "9")], [("2.1 Lieux", "12"), ("2.2 Dates", "13"), ("2.3 Contacts", "14")]  # fmt: skip
    page = read(leaders(*left) + leaders(*right, x=320) + column(TEXT, 60, 570))
    assert said(page, "heading", "paragraph", "row", "bullet") == [" ".join(TEXT)]


def test_prices_and_blanks_to_fill_in_are_no_contents() -> None:
    prices = [("Enfants", "2"), ("Adultes", "4"), ("Familles", "8")]
    page = read(leaders(*prices) + line("Nom : ..............................", 600) + line("." * 60, 570))
    assert said(page, "paragraph") == ["Enfants … 2", "Adultes … 4", "Familles … 8", "Nom : …"]
    same = read(leaders(*((name, "1") for name in ("Ajout", "Retrait", "Essai", "Choix", "Mise au net", "Correction"))))
    assert len(said(same, "paragraph")) == 6
