"""Kinds of input that readers of pages are known to get wrong, each with its relatives.

The kinds come from bug reports of other projects; ``../shared/eval/cases`` holds one input of each.
"""

from __future__ import annotations

import random

import pytest

from index.decode import UnreadableError, decode
from index.loading import parse_page
from index.page import Page
from index.passages import split_passages
from index.sentences import LONGEST, split_sentences

FILLER = "<p>La régie prête des vélos aux habitants de la ville, toute l'année et sans rendez-vous.</p>"


def html(inside: str, head: str = "", above: str = "") -> Page:
    """A page whose ``main`` holds ``inside``."""
    source = (
        f"<!doctype html><html lang='fr'><head><meta charset='utf-8'>{head}</head>"
        f"<body>{above}<main>{inside}</main></body></html>"
    )
    return parse_page(source.encode(), ending=".html")


def markdown(source: str) -> Page:
    """A page in Markdown."""
    return parse_page(source.encode(), ending=".md")


def typed(source: str) -> Page:
    """A page in plain text."""
    return parse_page(source.encode(), ending=".txt")


def said(page: Page, *kinds: str) -> list[str]:
    """The words of its blocks of some kinds, but for the title."""
    return [page.text[b.start : b.end] for b in page.blocks[1:] if b.kind in kinds]


# --- sentences


@pytest.mark.parametrize(
    "text",
    [
        "L'art. L. 421-3 du code et l'art. 9 du décret s'appliquent.| Le maire signe.",
        "Le pont date de 38 av. J.-C.| Il a quatre arches.",
        "Ouvert dès le 1er févr. 2022 par Mgr. Petit, c.-à-d. le prêtre.| Fermé depuis.",
        "Apporter une lampe, un plan, etc.| La régie garde le double.",
        "La visite part à 14 h. 15 du quai.| Elle dure une heure.",
        "Il écrit : « Le bac est plein. Le bac est payé. » Puis il part.",
        'Il écrit : "Le bac est plein. Le bac est payé."| La règle date de 1987.',
        "Il écrit : “Le bac est plein. Le bac est payé.”| La règle date de 1987.",
        "Il écrit « le bac est plein et part.| Il revient le soir.| La règle date de 1987.",
        "Il demande : « Le bac est-il plein ? »| La règle ne dit rien.",
        "Joindre p. ex. Une copie du bail.| Rens. 01 23 45 67 89.",
        "Du lun. au ven. 9 h à 12 h, le sam. 3 mai au 1er trim. 2023.| Fin.",
        "Selon Cass. Soc. 12 mai 2010, l’ord. 2020-12 et la circ. 2012-4.| Fin.",
        "Ph. Martin, Chr. Durand et A. Le Goff, 3 r. Victor-Hugo, rés. Les Lilas, bur. 12, nos. 4 à 6.| Fin.",
        "Elle est titulaire d’un CAP.| Il faut aussi le permis.| MM. Petit et DR. MARTIN signent.",
        "Les agents de catégorie A.| Les autres attendent.",
        "Le refuge est au col.| Il ouvre en juin.| Le col. Martin aussi.",
        "Ouvert de 9 h à 17 h.| 12 agents vous accueillent.",
        "La baisse date de mars.| 30 % des communes suivent.",
        "Il faut 50 € max.| Lorsque le revenu est bas, rien.| Voir l’annexe.| Lorsque tout est complet, il part.",
        "Prix HT ........ 30 €.| Appel à témoignage....| Si besoin, écrivez.",
        "Le texte dit « I. À l’embauche, tout salarié est informé ».| Fin.",
    ],
)
def test_where_sentences_end(text: str) -> None:
    whole = text.replace("|", "")
    expected = [part.strip() for part in text.split("|")]
    if "Puis il part" in text:
        expected = [whole.replace(" Puis il part.", ""), "Puis il part."]
    assert [whole[a:b] for a, b in split_sentences(whole)] == expected


@pytest.mark.parametrize("sign", [";", ",", ""])
def test_a_sentence_too_long_is_cut_and_nothing_of_it_forgotten(sign: str) -> None:
    clause = f"vu le rapport de la régie qui demande une mesure{sign} "
    for before, after in (("", ""), ("- ", ""), ("| A | B |\n|---|---|\n| x | ", " |")):
        page = markdown(f"# Arrêté\n\n{before}{clause * 60}la dotation est de 51 300 euros{after}\n")
        passages = split_passages(page)
        assert sum("51 300 euros" in p.text for p in passages) == 1
        assert max(b - a for p in passages for a, b in p.sentences) <= LONGEST
        assert all(p.sentences for p in passages)
    spans = split_sentences("x" * 2000)
    assert max(b - a for a, b in spans) <= LONGEST and spans[-1][1] == 2000


# --- headings and titles


@pytest.mark.parametrize(
    "heading",
    [
        'Prix<a class="anchor" aria-hidden="true" href="#a"><svg><title>lien</title></svg></a>',
        'Prix <a href="#b" class="hash-link" title="Lien direct vers Prix">\u200b</a>',
        'Prix <span class="header-anchor">#</span>', "Prix ¶", "# Prix", '<a href="#c">Prix</a>',
        'Prix<a href="https://exemple.test/p#d" class="permalink">Permalien</a>',
        'Prix <a class="copy" href="#e">Copier le lien</a>', "Prix <button>Copier</button>",
        'Prix <a href="#top">Haut de page</a>', '<span>Prix</span> <a href="#f">🔗</a>',
    ],
)  # fmt: skip
def test_a_heading_is_its_words(heading: str) -> None:
    page = html(f"<h1>Le prêt</h1>{FILLER}<h2>{heading}</h2><p>Dix euros.</p><h2>Langage C#</h2><p>Non.</p>")
    assert said(page, "heading") == ["Prix", "Langage C#"]


@pytest.mark.parametrize(
    ("title", "above", "inside"),
    [
        ("Le prêt | Ville de Test", "<div class='hero'><h1>Le prêt</h1></div>", ""),
        ("Le prêt | Ville de Test", "<header><h1><a href='/'>Ville de Test</a></h1></header>", "<h2>Le prêt</h2>"),
        ("Le prêt - Ville de Test", "<header><h1><img alt='Ville de Test' src='x'></h1></header>", ""),
        ("Le prêt | Ville de Test", "<header><h1>Ville de Test</h1></header>", "<h1>Le prêt</h1>"),
        ("Le prêt – Ville de Test", "", ""),
    ],
)  # fmt: skip
def test_title_and_publisher_wherever_they_stand(title: str, above: str, inside: str) -> None:
    page = html(f"{inside}{FILLER}<h3>Prix</h3><p>Dix euros.</p>", f"<title>{title}</title>", f"{above}<p>Accueil</p>")
    assert (page.title, page.publisher) == ("Le prêt", "Ville de Test")


def test_what_stands_under_the_title_above_main_is_read() -> None:
    above = "<div class='hero'><h1>Le prêt</h1><p>Un vélo pour tous.</p></div>"
    page = html(f"{FILLER}<h2>Prix</h2><p>Dix euros.</p>", above=above)
    assert said(page, "paragraph")[0] == "Un vélo pour tous." and page.text.count("pour tous") == 1


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: Le prêt\ndate: 2023-02-01\ntags: [a, b]\n---\n",
        "\ufeff---\r\ntitle: 'Le prêt'\r\nupdated: 1 février 2023\r\nauthor:\r\n  name: Moi\r\n# rien\r\n...\r\n",
        "---\ntitle: >-\n  Le\n  prêt\nlastmod: 2023-02-01\n---\n",
        '+++\ntitle = "Le prêt"\ndate = 2023-02-01\n+++\n', '{"title": "Le prêt", "date": "2023-02-01"}\n',
        "Title: Le prêt\nDate: 2023-02-01\n",
    ],
)  # fmt: skip
def test_front_matter_is_metadata(front: str) -> None:
    page = markdown(f"{front}\nDes vélos pour tous.\n")
    assert (page.title, page.updated) == ("Le prêt", "01/02/2023")
    assert said(page, "paragraph") == ["Des vélos pour tous."]


def test_rules_around_a_text_are_no_front_matter() -> None:
    page = markdown("---\n\nÀ savoir : fermé en août.\n\n---\n\n# Le prêt\n\nDes vélos.\n")
    assert said(page, "paragraph") == ["À savoir : fermé en août.", "Des vélos."]
    assert markdown("---\ntitle: Le prêt : suite\n---\n\nDes vélos.\n").title == "Le prêt : suite"


# --- signs of Markdown, lists that are none


def test_signs_that_only_some_readers_know_are_no_words() -> None:
    page = markdown(
        "# Le prêt\n\nDes ==vélos== __neufs__ selon [la règle][r], H~2~O et 40 m^2^.[^a]\n\n- [ ] un casque\n- [x] un antivol\n\n"
        '> [!NOTE]\n> Sur rendez-vous.\n\n!!! info "À savoir"\n    Sauf en août.\n\n{% include a.html %}\n\n[[toc]]\n\n{: .lead}\nBonjour.\n\n'
        "[r]: https://exemple.test/r\n[^a]: Sauf lundi.\n"
    )
    assert said(page, "paragraph", "bullet") == [
        "Des vélos neufs selon la règle, H2O et 40 m².", "☐ un casque", "☑ un antivol", "Sur rendez-vous.", "À savoir",
        "Sauf en août.", "Bonjour.", "Sauf lundi.",
    ]  # fmt: skip


def test_years_are_no_numbers_of_items() -> None:
    page = markdown("# Dates\n\nElle a ouvert en\n1975. Elle est belle.\n\n1975. Le *quai* ouvre.\n\n1991. Il ferme.\n")
    assert said(page, "paragraph", "bullet") == [
        "Elle a ouvert en 1975. Elle est belle.", "1975. Le quai ouvre.", "1991. Il ferme.",
    ]  # fmt: skip
    page = html(
        "<h1>Dates</h1><ol start='1975'><li>Ouverture</li><li>Fermeture</li></ol><ol start='3'><li>Payer</li></ol>"
    )
    assert said(page, "bullet") == ["1975. Ouverture", "1976. Fermeture", "Payer"]


def test_the_page_s_own_marks_are_words() -> None:
    page = markdown("# Budget {0}\n\nIl verse 42 % [4]. La {ville} ajoute %s euros [3] ou $5$ (1) et [^9].\n")
    assert said(page, "paragraph") == ["Il verse 42 % [4]. La {ville} ajoute %s euros [3] ou $5$ (1) et [^9]."]


# --- words in a line


def test_cut_words_are_whole_in_every_format() -> None:
    words = "La cau-\ntion des pa-\nniers est un rendez-\nvous, dé\u00adpôt, aujour-\nd'hui, franco-\nallemand."
    whole = "La caution des paniers est un rendez-vous, dépôt, aujourd'hui, franco-allemand."
    for page in (
        typed(f"Le prêt\n\n{words}\n"),
        markdown(f"# Le prêt\n\n{words}\n"),
        html(f"<h1>Le prêt</h1><p>{words}</p>"),
    ):
        assert said(page, "paragraph") == [whole]


@pytest.mark.parametrize(
    "note",
    [
        "<sup>7</sup>", "<sup>7,8</sup>", "<sup>(a)</sup>", "<sup>*</sup>", "<sup><a href='#n7'>7</a></sup>", "<a href='#n7'>7</a>",
        "<a class='footnote-ref' href='#n7'>[7]</a>", "<span style='vertical-align: super'>7</span>", "<span class='footnote'>7</span>",
    ],
)  # fmt: skip
def test_a_note_is_no_figure(note: str) -> None:
    page = html(
        f"<h1>Le prêt</h1><p>Il y a 360{note} vélos.</p><p><sup>7</sup> Rapport de mai. <sup>8</sup> En hiver.</p>"
    )
    assert said(page, "paragraph") == ["Il y a 360 vélos.", "Rapport de mai. En hiver."]


def test_raised_letters_and_fractions_are_words() -> None:
    page = html(
        "<h1>Le prêt</h1><p>Le D<sup>r</sup> Petit, M<sup>me</sup> Roy, <sup>1</sup>/<sub>2</sub> part, XIX<sup>e</sup>.</p>"
    )
    assert said(page, "paragraph") == ["Le Dr Petit, Mme Roy, 1/2 part, XIXe."]


@pytest.mark.parametrize(
    "style",
    [
        "position:absolute;clip-path:inset(50%)", "height:0;overflow:hidden", "max-height: 0; overflow: hidden", "font-size:1px",
        "color:transparent", "transform:scale(0)", "content-visibility:hidden", "opacity:0",
    ],
)  # fmt: skip
def test_ways_of_hiding(style: str) -> None:
    page = html(
        f"<h1>Le prêt</h1>{FILLER}<div style='{style}'><p>Il coûte 777 euros.</p></div><p>Il coûte 9 euros.</p>"
    )
    assert "777" not in page.text and "9 euros" in page.text


@pytest.mark.parametrize("style", ["background-color:transparent", "min-height:0;overflow:hidden", "line-height:0;overflow:hidden",
                                   "opacity:0.9", "transform:scale(0.9)", "font-size:10px"])  # fmt: skip
def test_what_is_seen_is_read(style: str) -> None:
    assert "777" in html(f"<h1>Le prêt</h1>{FILLER}<div style='{style}'><p>Il coûte 777 euros.</p></div>").text


# --- lists, definitions, tables


def test_lists_and_tables_by_their_roles_and_lists_straight_in_lists() -> None:
    page = html(
        "<h1>Le prêt</h1><div role='list'><div role='listitem'>un<div role='list'><div role='listitem'>deux</div></div></div></div>"
        "<ul><li>trois</li><ul><li>quatre</li></ul></ul><div role='table'><div role='row'><span role='columnheader'>Objet</span>"
        "<span role='columnheader'>Prix</span></div><div role='row'><span role='cell'>Bac</span><span role='cell'>8 €</span></div></div>"
    )
    assert [(b.level, page.text[b.start : b.end]) for b in page.blocks if b.kind == "bullet"] == [
        (1, "un"), (2, "deux"), (1, "trois"), (2, "quatre"),
    ]  # fmt: skip
    assert said(page, "row") == ["Objet — Prix", "Bac — Prix : 8 €"]


def test_a_definition_in_a_paragraph_stands_with_its_term() -> None:
    for page in (
        html("<h1>A</h1><dl><dt>Bac</dt><dd><p>Un bateau plat.</p></dd></dl>"),
        markdown("# A\n\nBac\n:   Un bateau plat.\n\n    Suite.\n"),
    ):
        assert said(page, "bullet")[0].startswith("Bac : Un bateau plat.")


@pytest.mark.parametrize(
    "table",
    [
        "Objet      Prix     Dépôt\nBac        8 €      90 €\nCanoë      12 €     200 €",
        "| Objet | Prix | Dépôt |\n|-------|------|-------|\n| Bac   | 8 €  | 90 € |\n| Canoë | 12 € | 200 € |",
        "+-------+------+-------+\n| Objet | Prix | Dépôt |\n+=======+======+=======+\n| Bac | 8 € | 90 € |\n+---+---+---+\n| Canoë | 12 € | 200 € |",
        "Objet\tPrix\tDépôt\nBac\t8 €\t90 €\nCanoë\t12 €\t200 €",
    ],
)
def test_tables_in_plain_text(table: str) -> None:
    page = typed(f"Les prix\n\nVoici les prix de la régie.\n\n{table}\n\nFin de la page de la régie.\n")
    assert said(page, "row") == [
        "Objet — Prix — Dépôt", "Bac — Prix : 8 € ; Dépôt : 90 €", "Canoë — Prix : 12 € ; Dépôt : 200 €",
    ]  # fmt: skip


def test_a_wide_header_and_the_words_under_it_are_one_header() -> None:
    page = html(
        "<h1>A</h1><table><tr><th>Heure</th><th colspan='2'>Prix du bac</th></tr><tr><td></td><td>Été</td><td>Hiver</td></tr>"
        "<tr><td>Matin</td><td>8 €</td><td>5 €</td></tr></table><table><tr><td colspan='2'>Le port</td></tr>"
        "<tr><td>Quai</td><td>nord</td></tr><tr><td>Cale</td><td>sud</td></tr></table>"
    )
    assert said(page, "row")[1:] == [
        "Matin — Prix du bac, Été : 8 € ; Prix du bac, Hiver : 5 €", "Le port — Quai — nord", "Le port — Cale — sud",
    ]  # fmt: skip
    assert said(page, "paragraph") == ["Le port"]


def test_a_caption_leads_the_rows_that_stand_far_from_it() -> None:
    rows = "".join(f"<tr><td>Bac {n}</td><td>{n} € par heure de location</td></tr>" for n in range(60))
    page = html(f"<h1>A</h1><table><caption>Prix de l'été</caption><tr><th>Bateau</th><th>Prix</th></tr>{rows}</table>")
    assert {p.lead for p in split_passages(page) if "Bac 50" in p.text} == {"Prix de l'été Bateau"}


# --- plain text and encodings


@pytest.mark.parametrize(
    "source",
    [
        "Le prêt\r\n\r\nLa ville prête des bacs.\r\nC'est gratuit.\r\n", "Le prêt\r\rLa ville prête des bacs.\rC'est gratuit.\r",
        "Le prêt\nLa ville prête des bacs.\nC'est gratuit.\n", "Le prêt\n=======\nLa ville prête des bacs.\nC'est gratuit.",
        "Le prêt\n\n  La ville prête des bacs.\nC'est gratuit.\n",
    ],
)  # fmt: skip
def test_plain_text_however_it_is_typed(source: str) -> None:
    page = typed(source)
    assert (page.title, said(page, "paragraph")) == ("Le prêt", ["La ville prête des bacs. C'est gratuit."])


@pytest.mark.parametrize(
    "lines",
    [
        ["Lundi 9 h", "Mardi 10 h", "Mercredi 11 h"],
        ["Prix HT ........ 30 €", "Prix TTC ....... 36 €"],
        ["Adresse :", "Mairie de Valbrise", "12 rue Haute"],
    ],
)
def test_lines_that_were_ended_on_purpose_stay(lines: list[str]) -> None:
    wrapped = "La régie prête à tous les habitants de\nValbrise des bacs, des vélos, des pelles et\nun chariot."
    page = typed(f"Le prêt\n\n{wrapped}\n\n" + "\n".join(lines) + "\n")
    assert said(page, "paragraph") == [wrapped.replace("\n", " "), "\n".join(lines)]


@pytest.mark.parametrize(
    ("source", "title", "text"),
    [
        ("Bonjour,\n\nLa mairie ouvre à 9 h.\n", "Bonjour,", "Bonjour,\n\nLa mairie ouvre à 9 h."),
        ("Le prêt coûte 30 euros.\n", "Le prêt coûte 30 euros.", "Le prêt coûte 30 euros."),
        ("Le prêt\n\nHuit euros par mois\n", "Le prêt", "Le prêt\n\nHuit euros par mois"),
        ("Le prêt : 30 €", "Le prêt : 30 €", "Le prêt : 30 €"),
    ],
)
def test_a_text_says_its_first_line_once(source: str, title: str, text: str) -> None:
    page = typed(source)
    assert (page.title, page.text) == (title, text)
    assert page.blocks[-1].kind == "paragraph" and page.blocks[-1].section == (title,)


def test_bullets_typed_as_a_letter() -> None:
    assert said(typed("Le prêt\n\n o bail\n o RIB\n"), "bullet") == ["bail", "RIB"]


def test_numbered_headings_and_numbered_items_in_plain_text() -> None:
    page = typed("Le prêt\n\n1. Les bacs\n\nIls sont plats.\n\n2. Les prix\n\nHuit euros.\n\n1. Choisir\n\n2. Payer\n")
    assert said(page, "heading") == ["1. Les bacs", "2. Les prix"] and said(page, "bullet") == [
        "Choisir",
        "Payer",
    ]


SOURCE = '<html><head><meta charset="{}"></head><body><h1>Prêt</h1><p>À l’été, l’œuvre paie 150 € et la moitié.</p></body></html>'


@pytest.mark.parametrize(
    "data",
    [
        SOURCE.format("utf-8").encode() + b"\xff", SOURCE.format("utf-8").encode("cp1252"), SOURCE.format("").encode("cp1252"),
        SOURCE.format("inconnu").encode("cp1252"), SOURCE.format("windows-1252").encode(), ("\ufeff" + SOURCE).encode("utf-16-le"),
        SOURCE.format("iso-8859-1").encode("cp1252"), SOURCE.format("x").encode("mac_roman"),
        SOURCE.format("x").encode("utf-16-le"), SOURCE.format("x").encode("utf-16-be"),
    ],
)  # fmt: skip
def test_letters_whatever_the_encoding_is_called(data: bytes) -> None:
    page = parse_page(data, ending=".html")
    assert (page.title, said(page, "paragraph")) == ("Prêt", ["À l’été, l’œuvre paie 150 € et la moitié."])


@pytest.mark.parametrize(
    ("inside", "read"),
    [
        # an ordinary word as a name is no banner
        ("<section id='partage-des-biens'><h2>Partage</h2><p>La moitié de chacun va à l’autre.</p></section>", "La moitié"),
        ("<div class='cmp-text rgpd'><p>Le délégué est Mme Roux.</p></div>", "Le délégué est Mme Roux."),
        # seen, though not by everybody, nor at once, nor everywhere
        ("<p>Entrée : <span aria-hidden='true'>12,50 €</span><span class='sr-only'>douze euros</span>.</p>", "Entrée : 12,50 €."),
        ("<p style='opacity:0' data-aos='fade-up'>Fermé à midi.</p>", "Fermé à midi."),
        ("<p class='fr-hidden fr-unhidden-md'>Fermé en août.</p>", "Fermé en août."),
        ("<div style='margin-top:-120px'><p>Ouvert à 9 h.</p></div>", "Ouvert à 9 h."),
        # words that can be pressed
        ("<p>Il faut un <button aria-controls='m'>acte authentique</button> signé.</p><dialog id='m'>Un acte.</dialog>", "Il faut un acte authentique signé."),
        ("<p>Le dossier est <a href='#g' aria-expanded='false'>complet</a> alors.</p><div id='g'>Bien.</div>", "Le dossier est complet alors."),
        # links and exponents that are no notes
        ("<p>L’annexe n°<a href='#a'>2</a>, l’article L.<a href='#l'>123</a> (<a href='#c'>3939</a>).</p>", "L’annexe n°2, l’article L.123 (3939)."),
        ("<p>La carte coûte 12<sup>50</sup> € ou 3€<sup>90</sup>.</p>", "La carte coûte 12,50 € ou 3€90."),
        ("<p>La pièce (m<sup>2</sup>), Dép<sup>t</sup> 31.</p>", "La pièce (m²), Dépt 31."),
        ("<p>La moitié : <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math> de <math><msup><mn>10</mn><mn>3</mn></msup></math>.</p>", "La moitié : 1/2 de 10³."),
        # struck out
        ("<p>Le pass : <span class='line-through'>35 €</span> 29 €.</p>", "Le pass : 29 €."),
        # words that are drawn, and drawn apart
        ("<p>Ascenseur : <img src='x.png' alt='oui'></p>", "Ascenseur : oui"),
        ("<p><span style='display:block'>Durée</span><span style='display:block'>3 mois</span></p>", "Durée 3 mois"),
        ("<p><a href='/a'>Adultes</a><a href='/b'>Enfants</a></p>", "Adultes Enfants"),
    ],
)  # fmt: skip
def test_what_a_person_reads_is_read(inside: str, read: str) -> None:
    found = said(html(f"<h1>Le prêt</h1>{FILLER}{inside}"), "paragraph")
    assert any(words.startswith(read) for words in found), found


@pytest.mark.parametrize(
    ("sheet", "inside", "read"),
    [
        (".haut{vertical-align:super}", "<p>Il y a 480<span class='haut'>2</span> lits.</p>", "Il y a 480 lits."),
        (".barre{text-decoration:line-through}", "<p>Caution : <b class='barre'>200 €</b> 150 €.</p>", "Caution : 150 €."),
        (".grille{font-size:0}", "<div class='grille'><p>Ouvert à 8 h.</p></div>", "Ouvert à 8 h."),
        (".v{display:block}", "<div><span class='v'>Tarif</span><span class='v'>31 €</span></div>", "Tarif 31 €"),
        (".panel{display:none}", "<button class='accordion'>Qui ?</button><div class='panel'><p>Tous.</p></div>", "Tous."),
    ],
)  # fmt: skip
def test_the_style_sheet_of_the_page_is_heeded(sheet: str, inside: str, read: str) -> None:
    page = html(f"<h1>Le prêt</h1>{FILLER}{inside}", f"<style>{sheet}</style>")
    assert said(page, "paragraph")[-1] == read
    assert ("Qui ?" in said(page, "heading")) == ("accordion" in inside)


def test_what_stands_in_the_parts_of_a_page_without_main_is_read() -> None:
    source = (
        "<body><header class='page'><h1>La piscine</h1><div class='chapo'><p>Elle est chauffée.</p></div></header><div>"
        f"<section><header><h2>Horaires</h2></header>{FILLER}</section><section><h2>Abonnement</h2><p>Il vaut un an.</p>"
        "<footer>La carte perdue coûte 5 €.</footer></section><aside class='fr-callout'><p>Bonnet obligatoire.</p></aside></div>"
    )
    page = parse_page(source.encode(), ending=".html")
    assert said(page, "heading") == ["Horaires", "Abonnement"]
    for read in ("Elle est chauffée.", "La carte perdue coûte 5 €.", "Bonnet obligatoire."):
        assert read in page.text


def test_a_list_that_word_wrote_is_a_list() -> None:
    item = "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span> </span></span>{}</p>"
    page = html(f"<h1>Le prêt</h1>{FILLER}<p>Il faut :</p>{item.format('un bail ;')}{item.format('un avis.')}")
    assert said(page, "bullet") == ["un bail ;", "un avis."]


def test_what_dos_wrote() -> None:
    text = "Accueil à la mairie\n\nÉté comme hiver, elle est ouverte à tous : le coût est réduit.\n"
    assert decode(text.encode("cp850")) == text


def test_another_language_without_a_declaration_is_read_by_its_letters() -> None:
    text = "Библиотека открыта каждый день, кроме воскресенья, и принимает всех жителей города без записи. " * 3
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize("ending", [".txt", ".md", ".html", ".bin"])
def test_what_is_no_text_is_refused(ending: str) -> None:
    for data in (
        random.Random(7).randbytes(3000),
        b"RIFF$\0\0\0WEBPVP8 " + bytes(range(200)),
        b"\0\0\0\x18ftypmp42" * 9,
    ):
        with pytest.raises(UnreadableError, match="n'est pas du texte"):
            parse_page(data, ending=ending)
