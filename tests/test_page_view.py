"""The page pane: tables, lists, emphasis, links, and every word at its offsets."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

from index.html import parse_html
from index.page import Page
from index.passages import split_passages
from ui import page_view, words
from ui.page_view import outline, page_article, page_pane

UI = Path(page_view.__file__).parent
_LEAF = re.compile(r'<span[^>]*data-start="(\d+)" data-end="(\d+)"[^>]*>((?:[^<]|<(?!/?span))*)</span>')


def read(inside: str) -> Page:
    """A page of some HTML."""
    return parse_html(
        f"<html><body><main><h1>Les aides</h1>{inside}</main></body></html>", url="https://exemple.test/a"
    )


def shown(page: Page) -> str:
    """Its article, after a check that every word stands once at its offsets."""
    html = page_article(page, split_passages(page))
    position = 0
    covered = 0
    for start, end, inside in _LEAF.findall(html):
        assert unescape(re.sub(r"<[^>]+>", "", inside)) == page.text[int(start) : int(end)]
        assert int(start) >= position
        position = int(end)
        covered += int(end) - int(start)
    assert covered == sum(block.end - block.start for block in page.blocks)
    return html


def bare(html: str) -> str:
    """Without the spans."""
    return re.sub(r"</?span[^>]*>", "", html)


def test_a_table_is_a_table() -> None:
    html = shown(
        read(
            "<p>Voici les prix.</p><table><tr><th>Objet</th><th>Prix</th></tr><tr><td colspan=2>Enfants</td></tr>"
            "<tr><td>Vélo</td><td>5 €</td></tr></table>"
        )
    )
    assert '<thead><tr><th scope="col">' in html and html.count("<tr>") == 3
    assert '<th scope="row" colspan="2">' in html
    visible = re.sub(r"<span[^>]*carried[^>]*>[^<]*</span>", "", html)
    assert bare(visible).endswith(
        '<tr><th scope="row">Vélo</th><td>5 €</td></tr></tbody></table></div></article>'
    )


def test_emphasis_links_code_quotations_notes_and_struck_words() -> None:
    html = bare(
        shown(
            read(
                "<p>Voir <strong>le <em>bon</em> guide</strong>, <a href='/g'>ici</a>, <a href='mailto:a@b.fr'>écrire</a>.</p>"
                "<p>Il y a 12<sup>3</sup> prêts à <s>90</s> 80 euros.</p><blockquote><p>Un mot.</p></blockquote>"
                "<pre>a = 1\n  b</pre><ul><li>un<ul><li>deux</li></ul></li></ul>"
            )
        )
    )
    assert "<strong>le <em>bon</em> guide</strong>" in html
    assert re.search(
        r'<a href="https://exemple.test/g" target="_blank" rel="noopener noreferrer"[^>]*>ici</a>', html
    )
    assert "mailto" not in html and "écrire" in html
    assert "12<sup>3</sup> prêts à <s>90</s> 80 euros" in html
    assert "<blockquote><p>Un mot.</p></blockquote>" in html and "<pre><code>a = 1\n  b</code></pre>" in html
    assert "<ul><li>un<ul><li>deux</li></ul></li></ul>" in html


def test_marks_across_passages_are_closed_in_each() -> None:
    sentences = " ".join(f"La phrase numéro {n} dit une chose assez longue pour compter." for n in range(30))
    html = shown(read(f"<p><strong>{sentences}</strong></p>"))
    assert html.count("<strong>") == html.count("</strong>") > 1


def test_a_long_page_has_an_outline() -> None:
    page = read(
        "".join(f"<h2>Partie {n}</h2><p>Un mot.</p><h3>Détail {n}</h3><p>Deux mots.</p>" for n in range(4))
    )
    html = outline(page)
    assert words.OUTLINE in html and html.count("<a href=") == 8
    for target in re.findall(r'href="#([^"]+)"', html):
        assert page_article(page, ()).count(f'id="{target}"') == 1
    assert not outline(read("<h2>Un</h2><p>Mot.</p>"))


def test_another_language_is_said() -> None:
    english = (
        "The town lends bikes to all of the people who live in it, and you can ask for one with your card. "
        * 4
    )
    assert "en anglais" in page_pane(read(f"<p>{english}</p>"), ())


def test_a_long_page_in_the_browser(chromium: Any) -> None:
    table = "<table><tr><th>Objet</th><th>Prix</th></tr><tr><td>Vélo électrique</td><td>5 €</td></tr></table>"
    parts = "".join(
        f"<h2>Partie {n}</h2><p>L’été, la régie numéro {n} <b>prê</b>te des objets aux habitants de la commune.</p>"
        for n in range(90)
    )
    page = read(parts + table)
    pane = page_pane(page, split_passages(page))
    tab = chromium.new_page()
    tab.set_content(
        f"<style>{(UI / 'style.css').read_text()} #page .page-scroll {{ height: 500px; overflow: auto }}</style>"
        f"<div id='page'><div class='page-scroll'>{pane}</div></div><script>{(UI / 'page_find.js').read_text()}</script>"
    )

    def finding(asked: str) -> str:
        tab.fill("#page-find", asked)
        return str(tab.inner_text(".page-find [role=status]"))

    assert finding("REGIE NUMERO 7") == "1 sur 11"
    tab.press("#page-find", "Enter")
    assert tab.inner_text(".page-find [role=status]") == "2 sur 11"
    assert finding("prete des objets").endswith("sur 90")
    assert finding("tarif") == words.FIND_NONE and finding("") == ""
    assert finding("prix") == "1 sur 1"  # the header, not the words that a row carries out of sight
    tab.click(".outline summary")
    tab.locator(".outline a").last.click()
    box = tab.locator("#page table").bounding_box()
    assert box is not None and 0 < box["y"] < 600
    tab.close()
