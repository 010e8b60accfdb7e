"""The walk over HTML: what a person reads of a page is kept, once and in order."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from index.draft import ParseError
from index.html.parse import parse_html
from index.page import Block, Page
from index.passages import split_passages
from tests.pages_kept import Kept, page_words, source_words

FILLER = "<p>La commune aide les habitants qui rentrent de voyage, toute l'année et sans rendez-vous.</p>"


def read(inside: str, head: str = "") -> Page:
    """A page whose ``main`` holds ``inside``."""
    return parse_html(
        f"<!doctype html><html lang='fr'><head><title>Les aides</title>{head}</head>"
        f"<body><main><h1>Les aides</h1>{FILLER}{inside}</main></body></html>"
    )


def said(page: Page, *kinds: str) -> list[str]:
    """The words of its blocks of some kinds, the title and the filler left out."""
    blocks = [b for b in page.blocks if b.kind in kinds]
    return [w for b in blocks if (w := page.text[b.start : b.end]) not in ("Les aides", FILLER[3:-4])]


def under(page: Page, words: str) -> str:
    """The heading under which some words stand."""
    block = next(b for b in page.blocks if words in page.text[b.start : b.end] and b.kind != "heading")
    return block.section[-1]


# --- headings and sections


def test_anchors_and_signs_are_no_part_of_a_heading() -> None:
    page = read(
        '<h2 id="a"><a class="x" href="#a">#</a> Coût</h2><p>Dix euros.</p>'
        '<h2 id="b">Lieu<a href="#b" title="Lien permanent">¶</a></h2><p>La mairie.</p>'
        '<h2>Suite <a href="/page#c">🔗</a></h2><p>Rien de plus.</p>'
        '<h2>Fin <a class="anchor" href="#d"><span>Lien vers cette partie</span></a></h2><p>Au revoir.</p>'
        '<h2><a class="anchor" href="#e">Merci</a></h2><p>À bientôt.</p>'
    )
    assert said(page, "heading") == ["Coût", "Lieu", "Suite", "Fin", "Merci"]


def test_a_summary_and_a_button_head_their_panels() -> None:
    page = read(
        "<h2>Démarches</h2>"
        "<details><summary>Par courrier</summary><p>Écrire au maire.</p></details>"
        '<button aria-expanded="false" aria-controls="p1">En ligne</button>'
        '<div id="p1" hidden><p>Remplir le formulaire.</p></div>'
        '<h3><button aria-expanded="false" aria-controls="p2">Sur place</button></h3>'
        '<div id="p2" style="display:none"><p>Venir au guichet.</p></div>'
        "<p>Dans tous les cas, garder le reçu.</p>"
    )
    assert said(page, "heading") == ["Démarches", "Par courrier", "En ligne", "Sur place"]
    assert under(page, "Écrire") == "Par courrier"
    assert under(page, "Remplir") == "En ligne"
    assert under(page, "guichet") == "Sur place"
    assert under(page, "reçu") == "Démarches"


def test_tabs_name_their_panels() -> None:
    page = read(
        '<div role="tablist"><button role="tab" aria-controls="t1">Parents</button>'
        '<button role="tab" aria-controls="t2">Aînés</button></div>'
        '<div id="t1" role="tabpanel"><p>Une aide de garde.</p></div>'
        '<div id="t2" role="tabpanel" hidden><p>Un portage de repas.</p></div>'
    )
    assert under(page, "garde") == "Parents" and under(page, "repas") == "Aînés"


def test_what_follows_a_box_is_not_under_its_heading() -> None:
    page = read(
        "<h2>Durée</h2><p>Six mois.</p><div class='callout'><h3>À savoir</h3><p>Sauf en août.</p></div>"
        "<p>Elle peut être prolongée.</p>"
    )
    assert under(page, "août") == "À savoir" and under(page, "prolongée") == "Durée"
    page = read(
        "<button aria-controls='p'>Seul</button><div id='p'><p>Trois.</p></div>"
        "<div class='alert'><h3>Attention</h3><p>Avant mai.</p></div>"
    )
    assert [b.section for b in page.blocks if b.kind == "paragraph"][-1] == ("Les aides", "Attention")


# --- lists


def test_lists_are_nested_to_any_depth() -> None:
    page = read(
        "<p>Apporter :</p><ul><li>Un papier :<ul><li>une carte,<ol><li>ou sa copie</li></ol></li></ul></li>"
        "<li><p>Une preuve</p><p>de moins de trois mois</p></li></ul><p>Puis signer.</p>"
    )
    bullets = [b for b in page.blocks if b.kind == "bullet"]
    assert [b.level for b in bullets] == [1, 2, 3, 1]
    assert said(page, "bullet")[-1] == "Une preuve\nde moins de trois mois"
    assert said(page, "paragraph") == ["Apporter :", "Puis signer."]


def test_a_list_in_a_panel_in_a_cell_is_read() -> None:
    page = read(
        "<table><tr><th>Aide</th><th>Pour qui</th></tr>"
        "<tr><td>Repas</td><td><ul><li>les aînés</li><li>les malades</li></ul></td></tr></table>"
        "<details><summary>Détail</summary><ul><li>midi</li><li>soir</li></ul></details>"
    )
    assert "Repas — Pour qui : les aînés ; les malades" in said(page, "row")
    assert said(page, "bullet") == ["midi", "soir"]


def test_terms_stand_with_their_definitions() -> None:
    page = read(
        "<dl><dt>Régie</dt><dd>Service qui encaisse.</dd><div><dt>Reçu</dt><dt>Quittance</dt>"
        "<dd>Preuve du paiement.</dd><dd>À garder :<ul><li>un an</li></ul></dd></div></dl>"
    )
    assert said(page, "bullet") == [
        "Régie : Service qui encaisse.",
        "Reçu, Quittance : Preuve du paiement.",
        "Reçu, Quittance : À garder :",
        "un an",
    ]


def test_terms_that_nothing_defines_are_items() -> None:
    page = read("<dl><dt>Régie</dt><dd>Service qui encaisse.</dd><dt>Reçu</dt><dt>Quittance</dt></dl>")
    assert said(page, "bullet") == ["Régie : Service qui encaisse.", "Reçu", "Quittance"]


# --- tables

TABLE = (
    "<table><caption>Tarifs de l'année</caption><thead><tr><th>Matériel</th><th>Tarif par mois</th><th>Caution</th></tr>"
    "</thead><tbody><tr><td>Lit</td><td>31 €</td><td>400 €</td></tr>"
    "<tr><td>Fauteuil</td><td></td><td>150 €</td></tr></tbody></table>"
)


def cells(page: Page, block: Block) -> list[str]:
    """The words of a row's cells."""
    return [page.text[a:b] for a, b in block.cells]


def test_rows_carry_their_headers() -> None:
    page = read(TABLE)
    assert said(page, "row") == [
        "Matériel — Tarif par mois — Caution",
        "Lit — Tarif par mois : 31 € ; Caution : 400 €",
        "Fauteuil — Caution : 150 €",
    ]
    rows = [b for b in page.blocks if b.kind == "row"]
    assert rows[0].role == "columns"
    assert [cells(page, b) for b in rows[1:]] == [["Lit", "31 €", "400 €"], ["Fauteuil", "", "150 €"]]
    assert "Tarifs de l'année" in said(page, "paragraph")


def test_a_row_is_quoted_whole_and_its_headers_never() -> None:
    page = read(f"<h2>Prix</h2>{TABLE}")
    passage = next(p for p in split_passages(page) if "Lit" in p.text)
    quoted = [page.text[a:b] for a, b in passage.sentences]
    assert "Lit — Tarif par mois : 31 € ; Caution : 400 €" in quoted
    assert not any(words.startswith("Matériel") for words in quoted)


def test_no_sentence_of_a_long_row_runs_from_one_cell_into_the_next() -> None:
    told = " ".join(f"Le cas {n} demande une visite de plus." for n in range(12))
    page = read(
        "<table><tr><th>Mal</th><th>Signes</th><th>Soins</th></tr>"
        f"<tr><td>La rouille des voiles. Elle vient du sel</td><td>{told} Puis une tache brune</td><td>du repos</td></tr></table>"
    )
    passages = split_passages(page)
    (row,) = [b for b in page.blocks if b.kind == "row" and not b.role]
    said = [page.text[a:b] for p in passages for a, b in p.sentences if row.start <= a < row.end]
    assert said[:2] == ["La rouille des voiles.", "Elle vient du sel"]
    assert said[2].startswith("Signes : Le cas 0 demande") and said[-2:] == ["Puis une tache brune", "Soins : du repos"]
    assert all(p.start <= a < b <= p.end for p in passages for a, b in p.sentences)


def test_a_row_is_led_by_the_header_of_its_name_and_carries_the_others() -> None:
    rows = "".join(f"<tr><td>Objet {n}</td><td>{n} € par semaine de prêt</td></tr>" for n in range(40))
    page = read(f"<table><tr><th>Objet</th><th>Prix</th></tr>{rows}</table>")
    passages = [p for p in split_passages(page, 300) if "semaine" in p.text]
    assert len(passages) == 40 and {p.lead for p in passages} == {"Objet"}


def test_spans_and_two_rows_of_headers() -> None:
    page = read(
        "<table><thead><tr><th rowspan=2>Zone</th><th colspan=2>Prix</th></tr><tr><th>été</th><th>hiver</th></tr></thead>"
        "<tr><td rowspan=2>Nord</td><td>1 €</td><td>2 €</td></tr><tr><td>3 €</td><td>4 €</td></tr></table>"
    )
    assert said(page, "row")[1:] == [
        "Nord — Prix, été : 1 € ; Prix, hiver : 2 €",
        "Nord — Prix, été : 3 € ; Prix, hiver : 4 €",
    ]


def test_a_cell_over_several_columns_carries_the_header_of_each() -> None:
    page = read(
        "<table><tr><th></th><th>Été</th><th>Hiver</th></tr><tr><th>Ouverture</th><td colspan=2>8 h</td></tr>"
        "<tr><th>Fermeture</th><td>20 h</td><td>18 h</td></tr></table>"
    )
    assert said(page, "row")[1:] == ["Ouverture — Été, Hiver : 8 h", "Fermeture — Été : 20 h ; Hiver : 18 h"]


def test_a_header_reaches_over_the_empty_ones_after_it_and_is_said_once_where_it_is_long() -> None:
    page = read(
        "<table><thead><tr><th>Distance</th><th>Bruit au poste, quand il faut pour s'entendre parler à :</th><th> </th></tr></thead>"
        "<tr><td></td><td>Voix forte</td><td>Voix normale</td></tr><tr><td>1 m</td><td>70 dB</td><td>60 dB</td></tr></table>"
    )
    assert said(page, "row")[1:] == [
        "1 m — Bruit au poste, quand il faut pour s'entendre parler à, Voix forte : 70 dB ; Voix normale : 60 dB"
    ]


def test_a_name_that_is_a_figure_stands_with_its_header() -> None:
    page = read(
        "<table><tr><th>Années de service</th><th>Jours de congé</th></tr><tr><td>5</td><td>27</td></tr>"
        "<tr><td>6 ans</td><td>28</td></tr></table>"
    )
    assert said(page, "row")[1:] == ["Années de service : 5 — Jours de congé : 27", "6 ans — Jours de congé : 28"]
    assert [p.lead for p in split_passages(page)][-2:] == ["", "Années de service"]


def test_bold_first_row_and_group_rows() -> None:
    page = read(
        "<table><tr><td><b>Objet</b></td><td><b>Prix</b></td></tr><tr><td colspan=2>Enfants</td></tr>"
        "<tr><td>Vélo</td><td>5 €</td></tr></table>"
    )
    assert said(page, "row") == ["Objet — Prix", "Enfants", "Enfants — Vélo — Prix : 5 €"]


def test_lines_of_figures_that_stand_level_are_rows() -> None:
    """Whoever breaks the lines of all cells of a row alike means a row a line; of words two lines are two lines."""
    page = read(
        "<table><tr><td></td><td><b>Avant</b></td><td><b>Total</b></td></tr><tr><td>Cas général<br>1<sup>re</sup> naissance<br>"
        "3<sup>e</sup> naissance</td><td><br>6 semaines<br>8 semaines</td><td><br>16 semaines<br>26 semaines</td></tr>"
        "<tr><td>Jumeaux</td><td>12 semaines</td><td>34 semaines<br>ou 36</td></tr>"
        "<tr><td>Médecin<br>du travail</td><td>prévenu<br>avant</td><td>oui<br>toujours</td></tr></table>"
    )
    assert said(page, "row")[1:] == [
        "Cas général",
        "1re naissance — Avant : 6 semaines ; Total : 16 semaines",
        "3e naissance — Avant : 8 semaines ; Total : 26 semaines",
        "Jumeaux — Avant : 12 semaines ; Total : 34 semaines ou 36",
        "Médecin du travail — Avant : prévenu avant ; Total : oui toujours",
    ]


def test_layout_tables_are_plain_text() -> None:
    page = read("<table role='presentation'><tr><td><p>À gauche.</p></td><td><p>À droite.</p></td></tr></table>")
    assert said(page, "paragraph") == ["À gauche.", "À droite."] and not said(page, "row")


# --- words in a line


def test_a_break_parts_words_and_sentences() -> None:
    page = read("<p>Mairie annexe<br>3 rue Basse<br/>Ouvert le<br>lundi</p><p>Un<br><br>Deux</p>")
    assert said(page, "paragraph") == ["Mairie annexe\n3 rue Basse\nOuvert le lundi", "Un", "Deux"]


@pytest.mark.parametrize(
    ("html", "text", "notes"),
    [
        ("En 2020<sup>1</sup>, 360<sup>2</sup> lits.", "En 2020, 360 lits.", ["1", "2"]),
        ("Il y a 12<sup><a href='#n3'>[3]</a></sup> lits.", "Il y a 12 lits.", ["[3]"]),
        ("Une salle de 40 m<sup>2</sup> au 1<sup>er</sup> étage.", "Une salle de 40 m² au 1er étage.", []),
        (
            "Soit 10<sup>6</sup> pas, n<sup>o</sup> 7, le 2<sup>e </sup>jour.",
            "Soit 10⁶ pas, n° 7, le 2e jour.",
            [],
        ),
        ("Du CO<sub>2</sub>.", "Du CO2.", []),
    ],
)
def test_notes_and_exponents(html: str, text: str, notes: list[str]) -> None:
    page = read(f"<p>{html}</p>")
    assert said(page, "paragraph") == [text]
    assert [m.value for m in page.marks if m.kind == "note"] == notes


def test_struck_words_are_shown_and_never_quoted() -> None:
    page = read("<p>Le prix est de <del>90</del> 80 euros.</p>")
    assert said(page, "paragraph") == ["Le prix est de 80 euros."]
    mark = next(m for m in page.marks if m.kind == "struck")
    assert mark.value == "90" and page.text[: mark.start].endswith("est de")


def test_marks_cover_their_words() -> None:
    page = read(
        "<p>Voir <strong>le règlement </strong>et <a href='/suite'>la <em>suite</em></a>, <code>a=1</code>.</p>",
        "<link rel='canonical' href='https://exemple.test/aides'>",
    )
    covered = {m.kind: (page.text[m.start : m.end], m.value) for m in page.marks}
    assert covered["strong"] == ("le règlement", "") and covered["em"] == ("suite", "")
    assert covered["link"] == ("la suite", "https://exemple.test/suite") and covered["code"] == ("a=1", "")


def test_abbreviations_pictures_quotations_and_code() -> None:
    page = read(
        "<p>L'<abbr title='Allocation de rentrée'>ADR</abbr> est versée. L'<abbr title='Allocation de rentrée'>ADR</abbr> aide.</p>"
        "<figure><img alt='Schéma des trois étapes du prêt'></figure><p><img alt='logo'> Suite.</p>"
        "<blockquote><p>Un prêt est un prêt.</p></blockquote><pre># commentaire\n  code</pre>"
    )
    assert said(page, "paragraph") == [
        "L'ADR (Allocation de rentrée) est versée. L'ADR aide.",
        "Schéma des trois étapes du prêt", "Suite.", "Un prêt est un prêt.", "# commentaire\n  code",
    ]  # fmt: skip
    assert any(m.kind == "quote" for m in page.marks) and any(b.role == "code" for b in page.blocks)


# --- what is dropped


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>{}</p>", "<template><p>{}</p></template>", "<p style='display: none'>{}</p>", "<!-- {} -->",
        "<div aria-hidden='true'>{}</div>", "<p class='sr-only'>{}</p>", "<script>'{}'</script>",
        "<nav><p>{}</p></nav>", "<div class='cookie-banner'>{}</div>", "<ul class='share'><li><a href='/x'>{}</a></li></ul>",
        "<style>.cache, #x {{ color: red; display:none }}</style><p class='cache'>{}</p>",
        "<div role='dialog'><p>{}</p></div>",
        "<dialog>{}</dialog>", "<span style='font-size:0'>{}</span>", "<button>{}</button>", "<p><del>{}</del></p>",
    ],
)  # fmt: skip
def test_what_no_reader_sees_is_dropped(hidden: str) -> None:
    page = read(hidden.format("La caution est de 8 888 euros.") + "<p>Elle est de 150 euros.</p>")
    assert "8 888" not in page.text and "150" in page.text


def test_the_same_text_twice_for_two_screens_is_read_once() -> None:
    inside = "<p>Le guichet ouvre à neuf heures tous les jours.</p>"
    page = read(f"<div class='desk'>{inside}</div><div class='phone'>{inside}</div><h2>A</h2>{inside}")
    assert page.text.count("neuf heures") == 2  # under another heading it is said again


def test_main_content_is_chosen_and_nothing_of_it_lost() -> None:
    page = parse_html(
        "<html><body><header><h1>Le prêt</h1></header><div class='menu main-menu'><ul><li><a href='/'>Accueil</a></li></ul></div>"
        f"<div class='content'><article><p>Un chapeau.</p></article>{FILLER * 3}<h2>Coût</h2><p>Dix euros.</p></div>"
        "<footer><p>Mentions légales</p></footer></body></html>"
    )
    assert page.title == "Le prêt" and "Dix euros." in page.text and "Un chapeau." in page.text
    assert "Accueil" not in page.text and "Mentions" not in page.text


def test_metadata() -> None:
    page = read(
        "<p>Mis à jour le 12 avril 2025</p>",
        "<meta property='og:site_name' content='Ville de Test'><link rel='canonical' href='https://exemple.test/a'>",
    )
    assert (page.title, page.publisher, page.url, page.updated, page.language) == (
        "Les aides", "Ville de Test", "https://exemple.test/a", "12/04/2025", "fr",
    )  # fmt: skip
    named = parse_html(
        f"<html><head><title>Le prêt | Ville de Test</title></head><body><h1>Le prêt</h1>{FILLER}</body></html>"
    )
    assert (named.title, named.publisher) == ("Le prêt", "Ville de Test")
    footed = parse_html(
        f"<html><body><main><h1>Le prêt</h1>{FILLER}</main><footer>Contenus sous licence etalab-2.0, 2024.</footer></body></html>"
    )
    assert footed.licence == "licence etalab-2.0" and "Contenus" not in footed.text
    dated = read("", '<script type="application/ld+json">{"dateModified": "2024-02-03T10:00"}</script>')
    assert dated.updated == "03/02/2024"


# --- all of it


def _nested(depth: int, width: int) -> str:
    """Lists, tables, panels and boxes in each other, each text of its own."""
    if not depth:
        return f"<p>Feuille {width} <b>grasse</b> et la suite.</p>"
    inner = "".join(_nested(depth - 1, 10 * width + n) for n in range(2))
    return (
        f"<section><h{min(depth + 1, 6)}>Titre {depth}.{width}</h{min(depth + 1, 6)}>{inner}"
        f"<ul><li>Point {depth}.{width}<ol><li>sous-point {depth}.{width}</li></ol>après {depth}.{width}</li></ul>"
        f"<details><summary>Volet {depth}.{width}</summary><div>Dans le volet {depth}.{width}<br>ligne {width}</div></details>"
        f"<table><tr><th>Nom {width}</th><th>Valeur {width}</th></tr><tr><td>Rang {depth}</td><td>Case {width}</td></tr></table>"
        f"<dl><dt>Terme {width}</dt><dd>Sens {width}</dd></dl></section>"
    )


def test_every_word_is_kept_once_in_order() -> None:
    html = f"<html><body><main><h1>Tout</h1>{_nested(4, 1)}</main></body></html>"
    kept = Kept()
    kept.add(source_words(html), page_words(parse_html(html)))
    assert kept.share == 1 and not kept.more, (kept.lost, kept.added)


def test_a_tree_too_deep_is_read_or_refused_in_french() -> None:
    page = read("<div>" * 1500 + "<p>Au fond du puits.</p>" + "</div>" * 1500 + "<p>Et dehors.</p>")
    assert said(page, "paragraph") == ["Au fond du puits.", "Et dehors."]
    with pytest.raises(ParseError, match="profondément"):
        read("<ul><li>un" * 900)


def _calls(html: str) -> int:
    """How many functions are called to parse it: the same on every machine, which no time is."""
    called = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal called
        called += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        parse_html(html)
    finally:
        sys.setprofile(before)
    return called


def test_a_page_eight_times_as_long_takes_eight_times_the_work() -> None:
    def page(times: int) -> str:
        return f"<html><body><main><h1>Tout</h1>{_nested(4, 1) * times}</main></body></html>"

    _calls(page(1))  # what is loaded or compiled once is no work of a page
    short, long = page(4), page(32)
    assert _calls(long) < 8 * _calls(short)
