"""Bytes of every kind become pages: encodings, plain text, Markdown, Word, PDF."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from index.decode import UnreadableError, decode, kind_of
from index.draft import ParseError
from index.language import remark
from index.loading import PageError, load_page, parse_page
from index.markdown import parse_markdown
from index.page import Page
from index.plain import is_plain, parse_plain
from index.settings import Settings

ACCENTS = "La caution s’élève à 150 € et l’œuvre sociale paie la moitié du prêt à l’été."


def said(page: Page, *kinds: str) -> list[str]:
    """The words of its blocks of some kinds, but for the title."""
    return [page.text[b.start : b.end] for b in page.blocks[1:] if b.kind in kinds]


# --- what the bytes are


@pytest.mark.parametrize(
    ("data", "ending", "header", "kind"),
    [
        (b"%PDF-1.7 ...", ".txt", "", "pdf"),
        (b"\n<!-- a --><!DOCTYPE html><html>", ".txt", "text/plain", "html"),
        (b"\xef\xbb\xbf<html>", "", "", "html"),
        (b"<p>bout</p>", ".htm", "", "html"),
        (b"<p>bout</p>", "", "text/html; charset=utf-8", "html"),
        (b"# Titre", ".md", "text/html", "markdown"),
        (b"# Titre", ".md", "", "markdown"),
        (b"# Titre", "", "text/plain", "markdown"),
        (b"# Titre", "", "text/markdown; charset=utf-8", "markdown"),
        (b"Titre", ".txt", "", "text"),
    ],
)
def test_kinds(data: bytes, ending: str, header: str, kind: str) -> None:
    assert kind_of(data, ending, header) == kind


def test_an_archive_that_is_no_document_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(UnreadableError, match="archive"):
        kind_of(made.getvalue(), ".docx")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "iso-8859-15"])
def test_encodings_are_told_by_the_bytes(encoding: str) -> None:
    text = ACCENTS.replace("’", "'") if encoding == "iso-8859-15" else ACCENTS
    data = (text * 3).encode(encoding)
    declared = f"text/plain; charset={encoding}" if encoding == "iso-8859-15" else ""
    assert decode(data, declared) == text * 3


def test_a_declared_encoding_is_obeyed() -> None:
    page = (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset={0}"></head>'
        f"<body><h1>Prêt</h1><p>{ACCENTS}</p></body></html>"
    )
    for name, encoding in (("windows-1252", "cp1252"), ("iso-8859-1", "cp1252"), ("utf-8", "utf-8")):
        read = parse_page(page.format(name).encode(encoding), ending=".html")
        assert read.title == "Prêt" and said(read, "paragraph") == [ACCENTS]
    header = "text/html; charset=windows-1252"
    assert said(parse_page(page.format("x").encode("cp1252"), content_type=header), "paragraph") == [ACCENTS]


# --- plain text


def test_text_at_the_margin_is_a_page() -> None:
    text = (
        "Le prêt de vélos\n\nLa ville prête des vélos aux habitants.\nLe prêt dure un mois.\n\nCoût\n\n"
        "Il coûte dix\neuros.\n\n- un casque ;\n- un antivol\n  à clé.\n\nLieu\n----\nLa mairie annexe.\n"
    )
    assert is_plain(text)
    page = parse_plain(text)
    assert page.title == "Le prêt de vélos"
    assert said(page, "heading") == ["Coût", "Lieu"]
    assert said(page, "bullet") == ["un casque ;", "un antivol à clé."]
    assert said(page, "paragraph")[0] == "La ville prête des vélos aux habitants. Le prêt dure un mois."


def test_numbers_in_running_text_begin_no_list() -> None:
    page = parse_plain(
        "Le centre\n\nIl a ouvert le 3 mai\n1998. Il emploie\n12. Il a été rénové.\n\n1. Choisir.\n2. Payer.\n"
    )
    assert said(page, "paragraph") == ["Il a ouvert le 3 mai 1998. Il emploie 12. Il a été rénové."]
    assert said(page, "bullet") == ["Choisir.", "Payer."]


def test_words_cut_at_the_end_of_a_line_are_whole_again() -> None:
    page = parse_page(
        "   Le prêt de vélos\n\n   La ville prête des ensei-\n   gnements et des rendez-\n   vous aux habi\u00ad\n   tants.\n".encode()
    )
    assert said(page, "paragraph") == ["La ville prête des enseignements et des rendez-vous aux habitants."]


# --- Markdown


def test_markdown_signs_are_no_words() -> None:
    page = parse_markdown(
        "---\ntitle: Le prêt\ndate: 2024-03-05\n---\n\n# Le prêt\n\nDes **vélos** *neufs* selon [la règle](https://exemple.test/r).[^1]\n\n"
        "> Il dure un mois.\n\n```sh\n# installer\nmake\n```\n\nPuis ~~90~~ 80 euros.\n\n[^1]: Sauf en août.\n"
    )
    assert (page.title, page.updated) == ("Le prêt", "05/03/2024")
    assert said(page, "paragraph") == [
        "Des vélos neufs selon la règle.", "Il dure un mois.", "# installer\nmake", "Puis 80 euros.", "Sauf en août.",
    ]  # fmt: skip
    assert not said(page, "heading")
    assert {m.kind for m in page.marks} >= {"strong", "em", "link", "note", "quote", "struck"}


def test_markdown_tables_lists_and_definitions() -> None:
    page = parse_markdown(
        "# Le prêt\n\n| Objet | Prix |\n|---|--:|\n| Vélo | 12 € |\n| Casque | 3 € |\n\n1. Choisir\n   - un vélo\n2. Payer\n\nRégie\n: Service qui encaisse.\n"
    )
    assert said(page, "row") == ["Objet — Prix", "Vélo — Prix : 12 €", "Casque — Prix : 3 €"]
    bullets = [b for b in page.blocks if b.kind == "bullet"]
    assert [b.level for b in bullets] == [1, 2, 1, 1]
    assert said(page, "bullet")[-1] == "Régie : Service qui encaisse."


def test_boxes_tasks_and_contents_in_markdown() -> None:
    page = parse_markdown(
        "# Le prêt\n\n[[_TOC_]]\n\n[TOC]\n\n::: tip Astuce\nVenez tôt.\n:::\n\n:::info[Bon à savoir]\nC’est gratuit.\n:::\n\n"
        "::: {.note}\nFin.\n:::\n\n- [x] Bail signé\n- [ ] Avis reçu\n"
    )
    assert said(page, "paragraph") == ["Astuce", "Venez tôt.", "Bon à savoir", "C’est gratuit.", "Fin."]
    assert said(page, "bullet") == ["☑ Bail signé", "☐ Avis reçu"]


def test_a_number_at_the_start_of_a_line_is_no_list() -> None:
    page = parse_markdown(
        "# Le centre\n\nIl a ouvert le 3 mai\n1998. Il emploie\n12. Il a été rénové.\n\nEt {ceci} : [3].\n"
    )
    assert said(page, "paragraph") == [
        "Il a ouvert le 3 mai 1998. Il emploie 12. Il a été rénové.",
        "Et {ceci} : [3].",
    ]


def test_a_paragraph_between_two_lists_leads_the_second() -> None:
    page = parse_markdown("# A\n\nLes unes :\n\n- a ;\n- b.\n\nLes autres :\n\n- c ;\n- d.\n")
    assert [b.kind for b in page.blocks[1:]] == ["paragraph", "bullet", "bullet"] * 2


# --- Word


def _docx() -> bytes:
    docx = pytest.importorskip("docx", reason="python-docx makes the document of this test")
    made = docx.Document()
    made.add_heading("Le prêt de vélos", 0)
    made.add_heading("Coût", 1)
    made.add_paragraph("Le prêt est gratuit.").add_run(" Toujours.").bold = True
    made.add_paragraph("un casque", style="List Bullet")
    made.add_paragraph("avec sa sangle", style="List Bullet 2")
    table = made.add_table(rows=0, cols=2)
    for row in (("Objet", "Prix"), ("Vélo", "12 €")):
        for cell, words in zip(table.add_row().cells, row, strict=True):
            run = cell.paragraphs[0].add_run(words)
            run.bold = row[0] == "Objet"
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_word_documents() -> None:
    page = parse_page(_docx(), ending=".docx")
    assert page.title == "Le prêt de vélos" and said(page, "heading") == ["Coût"]
    assert "Le prêt est gratuit. Toujours." in said(page, "paragraph")
    assert said(page, "row") == ["Objet — Prix", "Vélo — Prix : 12 €"]
    assert said(page, "bullet") == ["un casque", "avec sa sangle"]
    with pytest.raises(ParseError, match="abîmé"):
        from index.docx import parse_docx

        parse_docx(b"PK\x03\x04rien")


def test_hidden_words_of_a_word_document_are_gone_and_those_struck_twice_are_struck() -> None:
    runs = (("", "Prix :"), ("<w:vanish/>", " caché"), ("<w:dstrike/>", " 12 €"), ('<w:vanish w:val="0"/>', " 29 €"))
    words = "".join(f'<w:r><w:rPr>{set_}</w:rPr><w:t xml:space="preserve">{said}</w:t></w:r>' for set_, said in runs)
    office = "http://schemas.openxmlformats.org"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="r1" Target="word/document.xml"'
            f' Type="{office}/officeDocument/2006/relationships/officeDocument"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body><w:p>{words}</w:p></w:body></w:document>',
        )
    page = parse_page(made.getvalue(), ending=".docx")
    assert page.text.endswith("Prix : 29 €")
    assert [mark.value for mark in page.marks if mark.kind == "struck"] == ["12 €"]


# --- PDF


def pdf_of(*pages: str, catalog: str = "", form: str = "", title: str = "") -> bytes:
    """A PDF of some pages, each the operators that draw its text in Helvetica (F1) and its bold (F2).

    ``form`` is drawn where a page says ``/X1 Do``; ``title`` is what the file says its own is.
    """
    fonts = "/Font<</F1 3 0 R/F2 4 0 R>>"
    objects = ["", "", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
               "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>"]  # fmt: skip
    objects += [
        f"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<{fonts}>>/Length {len(form.encode('cp1252'))}>>\nstream\n{form}\nendstream",
        f"<</Title({title})>>",
    ]  # fmt: skip
    kids = []
    for drawn in pages:
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<{fonts}/XObject<</X1 5 0 R>>>>/Contents {len(objects) + 2} 0 R>>"
        )
        objects.append(f"<</Length {len(drawn.encode('cp1252'))}>>\nstream\n{drawn}\nendstream")
    objects[0] = f"<</Type/Catalog/Pages 2 0 R{catalog}>>"
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>"
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        data
        + (
            f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R/Info 6 0 R>>\n"
            f"startxref\n{len(data)}\n%%EOF"
        ).encode()
    )


def line(text: str, y: int, size: int = 11, font: str = "F1", x: int = 60) -> str:
    """One line of print."""
    return f"BT /{font} {size} Tf {x} {y} Td ({text}) Tj ET\n"


def test_pdf_by_its_layout() -> None:
    head = line("Ville de Test - Guide", 820, 9)
    first = (
        head + line("Le prêt de vélos", 760, 24, "F2") + line("Coût", 710, 16, "F2")
        + line("Le prêt est gratuit pour les habitants de la commune et les ensei-", 680)
        + line("gnants des écoles, sans condition de revenu ni d'âge, toute l'année", 667)
        + line("scolaire.", 654) + line("La caution est de 150 euros et elle est rendue au retour du vélo,", 630)
        + line("1", 30, 9, x=300)
    )  # fmt: skip
    second = (
        head + line("sauf dégât.", 760) + line("• un casque", 730) + line("• un antivol", 716) + line("2", 30, 9, x=300)
    )
    page = parse_page(pdf_of(first, second), url="https://exemple.test/guide.pdf")
    assert page.title == "Le prêt de vélos" and said(page, "heading") == ["Coût"]
    assert said(page, "paragraph") == [
        "Le prêt est gratuit pour les habitants de la commune et les enseignants des écoles, sans condition de revenu ni d'âge, toute l'année scolaire.",
        "La caution est de 150 euros et elle est rendue au retour du vélo, sauf dégât.",
    ]
    assert said(page, "bullet") == ["un casque", "un antivol"]
    assert page.sheet_at(page.text.index("caution")) == "1" and page.sheet_at(page.text.index("casque")) == "2"
    assert page.address_at(page.text.index("casque")) == "https://exemple.test/guide.pdf#page=2"


def test_a_drawn_table_in_a_pdf() -> None:
    borders = "".join(f"60 {y} m 460 {y} l S\n" for y in (700, 670, 640, 610))
    borders += "".join(f"{x} 700 m {x} 610 l S\n" for x in (60, 260, 460))
    words = "".join(
        line(left, y, x=70) + line(right, y, x=270)
        for y, left, right in ((680, "Objet", "Prix"), (650, "Vélo", "12 euros"), (620, "Casque", "3 euros"))
    )
    page = parse_page(pdf_of(line("Les tarifs du prêt", 780, 20) + line("Voici les tarifs.", 740) + borders + words))
    assert said(page, "row") == ["Objet — Prix", "Vélo — Prix : 12 euros", "Casque — Prix : 3 euros"]


def test_pdfs_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    with pytest.raises(ParseError, match="que des images"):
        parse_page(pdf_of("0 0 m 10 10 l S"))
    with pytest.raises(ParseError, match="abîmé"):
        parse_page(b"%PDF-1.4 rien")
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 rien")
    with pytest.raises(PageError, match="ce PDF est abîmé"):
        load_page(Settings(page=str(tmp_path / "a.pdf")))


# --- language


def test_another_language_is_noticed() -> None:
    english = "The town lends bikes to all of the people who live in it, and you can ask for one with your card. " * 4
    page = parse_markdown(f"# Bikes\n\n{english}")
    assert page.language == "en"
    french = "La ville prête des vélos à tous les habitants, et vous pouvez en demander un avec votre carte. " * 4
    assert parse_markdown(f"# Vélos\n\n{french}").language == "fr"
    romanian = "Puteți depune cererea la primărie și veți primi un răspuns în două luni, dacă aduceți actele. " * 2
    arabic = "يمكنك تقديم طلب المساعدة في السكن عبر الإنترنت أو في مكتب البلدية مع الوثائق المطلوبة " * 2
    for other in (romanian, arabic):
        assert "pas être en français" in remark(parse_markdown(f"# Guide\n\n{other}").language)
    assert not remark("fr") and not remark("") and "pas être en français" in remark("ro")
