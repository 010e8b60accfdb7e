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
