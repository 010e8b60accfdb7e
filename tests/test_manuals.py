"""Pages of manuals, whatever made them: what binds them together is dropped, what they say is kept."""

from __future__ import annotations

import pytest

from index.html.parse import parse_html
from tests.test_walk import read, said, under

TEXT = "<h2>Demander l'aide</h2><p>La demande se fait à la mairie avant le 31 mars.</p>"
DOCBOOK = (
    "<table summary='Navigation footer'><tr><td><a accesskey='p' href='a.html'>Précédent</a> </td>"
    "<td><a accesskey='u' href='c.html'>Niveau supérieur</a></td><td><a accesskey='n' href='b.html'>Suivant</a></td></tr>"
    "<tr><td>7.1. Conditions </td><td><a accesskey='h' href='index.html'>Sommaire</a></td><td>7.3. Recours</td></tr></table>"
)


@pytest.mark.parametrize(
    "bar",
    [
        DOCBOOK,
        "<table><tr><th colspan='3'>7.2. Aides</th></tr><tr><td><a href='a.html'>Précédent</a></td><th>Chapitre 7</th>"
        "<td><a href='b.html'>Suivant</a></td></tr></table>",
        "<ul><li><a accesskey='p' href='a.html'><strong>Précédent</strong>4.1. Méthodes</a></li><li>Le cahier</li>"
        "<li><a accesskey='n' href='b.html'><strong>Suivant</strong></a></li></ul>",
        "<div><p>[<a href='x.html'>next</a>] [<a href='y.html'>prev</a>] [<a href='#t'>tail</a>] [<a href='z.html'>up</a>]</p></div>",
        "<table><tr><td>[ <a href='a.html' title='Précédent'>&lt;&lt; Notation</a> ]</td><td>[<a href='i.html'>Racine</a>]"
        "[<a href='t.html'>Table des matières</a>]</td><td>[ <a href='b.html'>Recours &gt;&gt;</a> ]</td></tr></table>",
        "<p>Suivant : <a href='b.html'>Les recours</a>, Précédent : <a href='a.html'>Les conditions</a></p>",
        "<p><a href='a.html'><img alt='Page précédente' src='a.png'></a> <a href='b.html'><img alt='Page suivante' src='b.png'></a></p>",
    ],
)
def test_a_bar_that_leads_to_the_neighbours_is_dropped(bar: str) -> None:
    page = read(f"{bar}{TEXT}{bar}")
    assert said(page, "heading", "paragraph", "bullet", "row") == [
        "Demander l'aide",
        "La demande se fait à la mairie avant le 31 mars.",
    ]


def test_neighbours_that_only_the_head_names() -> None:
    page = read(
        "<ul><li><a href='a.html'>Les conditions</a></li><li><a href='b.html'>Suivant</a></li></ul>" + TEXT,
        "<link rel='prev' href='a.html'><link rel='next' href='b.html'>",
    )
    assert said(page, "bullet") == []


@pytest.mark.parametrize(
    "inside",
    [
        "<p>Cliquer sur <a href='b.html'>Suivant</a> pour envoyer la demande.</p>",
        "<p>Lire la <a rel='next' href='b.html'>page suivante</a></p>",
        "<ul><li><a href='a.html'>Index</a></li><li><a href='b.html'>Accueil</a></li></ul>",
        "<ul><li><a href='a.html'>Le lit »</a></li><li><a href='b.html'>Le fauteuil »</a></li></ul>",
        "<ul><li><a href='a.html'>Suivant</a> : envoie la demande.</li><li><a href='b.html'>Précédent</a> : revient.</li></ul>",
        "<table><tr><th>Bouton</th><th>Effet</th></tr><tr><td><a href='a.html'>Suivant</a></td><td>Envoie.</td></tr></table>",
    ],
)
def test_links_in_a_text_are_kept(inside: str) -> None:
    before = len(said(read(FILLED), "paragraph", "bullet", "row"))
    assert len(said(read(FILLED + inside), "paragraph", "bullet", "row")) > before


FILLED = "<p>Il suffit de suivre les étapes.</p>"


def test_a_page_that_is_nothing_but_a_bar_says_so() -> None:
    page = parse_html(f"<html><head><title>Aides</title></head><body>{DOCBOOK}<p>Une aide.</p></body></html>")
    assert page.text == "Aides\n\nUne aide."


def test_a_note_laid_out_as_a_table_is_its_label_and_its_words() -> None:
    page = read(
        "<p>Choisir une zone.</p><div class='note'><table summary='Note'><tr><td rowspan='2'><img alt='[Note]' src='n.png'>"
        "</td><th>Note</th></tr><tr><td><p>Il est important de choisir.</p><ul><li>La France</li></ul></td></tr></table></div>"
        "<p>Le pays choisi sera utilisé.</p>"
    )
    assert said(page, "heading", "paragraph", "bullet", "row") == [
        "Choisir une zone.",
        "Note",
        "Il est important de choisir.",
        "La France",
        "Le pays choisi sera utilisé.",
    ]
    assert under(page, "important") == "Note" and under(page, "utilisé") == "Les aides"


def test_what_follows_a_note_with_a_heading_is_not_under_it() -> None:
    page = read("<h2>Pays</h2><div class='note'><h3>Note</h3><p>Il faut choisir.</p></div><p>Il sera utilisé.</p>")
    assert under(page, "choisir") == "Note" and under(page, "utilisé") == "Pays"


@pytest.mark.parametrize("sign", ["note", "Icône Remarque", "[Astuce]", "warning"])
def test_the_sign_of_a_note_is_no_text(sign: str) -> None:
    page = read(f"<div><div><img src='s.svg' alt='{sign}'></div><div><p>Utiliser le raccourci.</p></div></div>")
    assert said(page, "paragraph") == ["Utiliser le raccourci."]


def test_pictures_that_say_something_in_a_table_are_kept() -> None:
    page = read(
        "<table><tr><th>Porte</th><th>État</th></tr><tr><td>Nord</td><td><img src='a.png' alt='Attention'></td></tr>"
        "<tr><td>Sud</td><td><img src='b.png' alt='Libre'></td></tr></table>"
        "<table><tr><td rowspan='2'><img src='c.png' alt='Plan des portes'></td><td>Nord</td></tr><tr><td>Sud</td></tr></table>"
    )
    assert said(page, "row")[1:] == ["Nord — État : Attention", "Sud — État : Libre"]
    assert said(page, "paragraph") == ["Plan des portes", "Nord", "Sud"]


LINKS = (
    "<li><a href='#a'>1. Le lit</a></li><li><a href='#b'>2. Le fauteuil</a></li><li><a href='#c'>3. Recours</a></li>"
)
PARTS = (
    "<h2 id='a'>1 Le lit</h2><p>Il se loue.</p><h2 id='b'>Le fauteuil</h2><p>Il se vend.</p><h2 id='c'>Recours</h2>"
    "<p>Écrire au maire.</p>"
)


@pytest.mark.parametrize(
    "contents",
    [
        f"<ul>{LINKS}</ul>",
        f"<h2>Sommaire</h2><div><ol>{LINKS}</ol></div>",
        f"<div id='toc'><div>Table des matières</div><ul>{LINKS}</ul></div>",
        "<p><b>Sommaire :</b></p><ul><li><a href='#a'>Louer</a></li><li><a href='#b'>Acheter</a></li><li><a href='#c'>Écrire</a></li></ul>",
        "<div class='toc'><p><a href='../t.html'>&lt;&lt; Retour au sommaire</a></p><h4><a href='i.html'>Manuel des aides</a></h4>"
        "<ul><li><a href='x.html'>1. Louer</a></li><li><a href='y.html'>2. Acheter</a></li></ul></div>",
    ],
)
def test_a_list_of_contents_is_dropped_with_its_title(contents: str) -> None:
    page = read(contents + PARTS)
    assert said(page, "heading", "paragraph", "bullet") == said(read(PARTS), "heading", "paragraph", "bullet")


@pytest.mark.parametrize(
    "inside",
    [
        "<ul><li><a href='a.html'>Le lit</a></li><li><a href='b.html'>Le fauteuil</a></li><li><a href='c.html'>Le pied</a></li></ul>",
        "<ul><li><a href='#a'>Le lit</a> à louer</li><li><a href='#b'>Le fauteuil</a></li><li><a href='#c'>Recours</a></li></ul>",
        "<div class='toc'><ul><li><a href='a.html'>Le lit</a></li><li><a href='b.html'>Le siège</a></li><li><a href='c.html'>Le pied</a>"
        "</li></ul></div>",
        "<ul><li><a href='#x'>Le prix</a></li><li><a href='#y'>Le délai</a></li><li><a href='#z'>La caution</a></li></ul>",
    ],
)
def test_other_lists_of_links_are_kept(inside: str) -> None:
    assert len(said(read(inside + PARTS), "bullet")) == 3


def test_a_title_of_contents_with_nothing_under_it_is_dropped() -> None:
    page = read(f"<h2>Sommaire</h2><nav><ul>{LINKS}</ul></nav><p><b>Table des matières</b></p>{PARTS}")
    assert "ommaire" not in page.text and "matières" not in page.text
    page = read(f"<h2>Sommaire</h2><p>Le rapport tient en trois points.</p>{PARTS}")
    assert under(page, "trois points") == "Sommaire"


def test_a_page_of_contents_alone_is_read() -> None:
    page = parse_html(f"<html><head><title>Aides</title></head><body><h1>Sommaire</h1><ul>{LINKS}</ul></body></html>")
    assert len(said(page, "bullet")) == 3
    page = parse_html("<html><head><title>Aides</title></head><body><h1>Aides</h1><p>Sommaire</p></body></html>")
    assert page.text == "Aides\n\nSommaire"


@pytest.mark.parametrize(
    "window, heading, title, publisher",
    [
        ("Fonctions - Quatrième partie", "<h1>Fonctions - Quatrième partie</h1>", "Fonctions - Quatrième partie", ""),
        (
            "Valbrise — Manuel : 1.6 Écrire au maire",
            "<h3>1.6 Écrire au maire</h3>",
            "1.6 Écrire au maire",
            "Valbrise — Manuel",
        ),
        ("Valbrise | Le prêt", "<h1>Le prêt</h1>", "Le prêt", "Valbrise"),
        ("Le prêt | Valbrise", "<h3>Le prêt</h3>", "Le prêt", "Valbrise"),
        ("Aides : le prêt", "<h1>Le prêt de lit</h1>", "Le prêt de lit", ""),
    ],
)
def test_the_part_of_the_window_s_title_that_heads_the_page_is_its_title(
    window: str, heading: str, title: str, publisher: str
) -> None:
    page = parse_html(f"<html><head><title>{window}</title></head><body>{heading}<p>Écrire au maire.</p></body></html>")
    assert (page.title, page.publisher) == (title, publisher)


def test_a_day_of_publication_is_the_page_s_and_no_heading() -> None:
    page = read("<h3><em>Date de publication : 31-01-2024</em></h3><p>Voici le manuel.</p>")
    assert page.updated == "31/01/2024" and said(page, "heading") == [] and under(page, "Voici") == "Les aides"
    page = read("<p>Date de publication : 31-01-2024</p><p>Dernière mise à jour : 02/03/2025</p>")
    assert page.updated == "02/03/2025"
    page = read("<h3>Mise à jour du 05/03/2024</h3><p>Le délai est plus court.</p>")
    assert under(page, "délai") == "Mise à jour du 05/03/2024"


def test_words_after_a_list_in_a_definition_are_no_item_of_that_list() -> None:
    page = read(
        "<dl><dt>Fondu</dt><dd><p>Les effets :</p><ul><li>du gris.</li><li>du noir.</li></ul><p>Il ne change rien.</p></dd></dl>"
    )
    bullets = [(b.level, page.text[b.start : b.end]) for b in page.blocks if b.kind == "bullet"]
    assert bullets == [
        (1, "Fondu : Les effets :"),
        (2, "du gris."),
        (2, "du noir."),
        (1, "Fondu : Il ne change rien."),
    ]


CHOICES = (
    "<fieldset><legend>Quelle est votre situation ?</legend><div><input type='radio' id='r1' name='r'><label for='r1'>Vous êtes "
    "salarié <span class='fr-hint-text'>Contrat de plus de trois mois</span></label></div>"
    "<div><label><input type='radio' name='r'> Vous êtes étudiant</label></div></fieldset>"
)


def test_the_choices_of_a_form_are_a_list_under_their_question() -> None:
    page = read(f"<form>{CHOICES}<label for='n'>Numéro</label><input id='n'></form>")
    assert said(page, "paragraph") == ["Quelle est votre situation ?"]
    assert said(page, "bullet") == ["Vous êtes salarié\nContrat de plus de trois mois", "Vous êtes étudiant"]


@pytest.mark.parametrize(
    "form",
    [
        f"<form class='filtres'>{CHOICES}</form>",
        f"<form id='newsletter'>{CHOICES}</form>",
        f"<div role='search'>{CHOICES}</div>",
        CHOICES.replace("Quelle est votre situation", "Cette page vous a-t-elle été utile"),
    ],
)
def test_the_choices_of_other_forms_are_no_text(form: str) -> None:
    assert said(read(form), "bullet") == []
