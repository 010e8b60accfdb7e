"""The signs of print as they are read: text in forms, stamps across a page, accents and blanks drawn over letters."""

from __future__ import annotations

from index.loading import parse_page
from tests.test_formats import line, pdf_of, said
from tests.test_print import TITLE


def test_text_in_a_form_is_read_and_the_labels_of_a_drawing_are_not() -> None:
    words = line("La demande se fait en mairie.", 700)
    page = parse_page(pdf_of(TITLE + "/X1 Do\n" + line("Elle est gratuite.", 660), form=words))
    assert said(page, "paragraph") == ["La demande se fait en mairie.", "Elle est gratuite."]
    plot = "".join(f"{60 + 9 * n} 300 m {66 + 9 * n} 380 l S\n" for n in range(20)) + line("0,5", 290)
    page = parse_page(pdf_of(TITLE + "/X1 Do\n" + line("Elle est gratuite.", 660), form=plot))
    assert said(page, "paragraph") == ["Elle est gratuite."]


def test_a_stamp_across_the_page_or_behind_its_text_is_not_read() -> None:
    words = line("La demande se fait en mairie avant le premier mars.", 700)
    words += line("Elle est gratuite.", 660)
    slanted = "BT /F2 130 Tf 0.57 0.82 -0.82 0.57 150 250 Tm (PROJET) Tj ET\n"
    behind = "BT /F2 130 Tf 60 640 Td (COPIE) Tj ET\n"
    for stamp in (slanted, behind):
        page = parse_page(pdf_of(stamp + TITLE + words))
        assert page.title == "Les aides de la commune" and said(page, "heading") == []
        assert said(page, "paragraph") == [
            "La demande se fait en mairie avant le premier mars.", "Elle est gratuite.",
        ]  # fmt: skip
    large = parse_page(pdf_of(line("Les aides", 760, 48, "F2") + words))
    assert large.title == "Les aides"


def test_a_sign_without_a_character_is_not_read() -> None:
    page = parse_page(pdf_of(TITLE + line("La demande est gratuite \\201 et rapide.", 700)))
    assert said(page, "paragraph") == ["La demande est gratuite et rapide."]


def test_accents_drawn_over_their_letters_are_theirs() -> None:
    word = "BT /F1 11 Tf 60 700 Td (La mairie d) Tj [(´) 333 (elivre un cong) 110 (´) 443 (e apr) 110 (`) 443 (es No) 110 (¨) 443 (el.)] TJ ET\n"
    assert said(parse_page(pdf_of(TITLE + word)), "paragraph") == ["La mairie délivre un congé après Noël."]
    apart = line("L'accent ´ et le signe ^ se tapent seuls.", 700)
    assert said(parse_page(pdf_of(TITLE + apart)), "paragraph") == ["L'accent ´ et le signe ^ se tapent seuls."]


def test_a_blank_under_a_letter_parts_no_word() -> None:
    """A soft hyphen is printed as a blank that takes no room."""
    word = "BT /F1 11 Tf 60 700 Td [(Le renouvel) 0 ( ) 278 (lement est gratuit.)] TJ ET\n"
    assert said(parse_page(pdf_of(TITLE + word)), "paragraph") == ["Le renouvellement est gratuit."]
