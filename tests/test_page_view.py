"""The page pane: tables, lists, emphasis, links, and every word at its offsets."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from index.html.parse import parse_html
from index.page import Page
from index.passages import split_passages
from ui import page_view
from ui.page_view import page_article, page_pane

UI = Path(page_view.__file__).parent
_LEAF = re.compile(r'<span[^>]*data-start="(\d+)" data-end="(\d+)"[^>]*>((?:[^<]|<(?!/?span))*)</span>')


def read(inside: str) -> Page:
    """A page of some HTML."""
    return parse_html(
        f"<html><body><main><h1>Les aides</h1>{inside}</main></body></html>", url="https://exemple.test/a"
    )


def shown(page: Page) -> str:
    """Its article, after a check that every word stands once at its offsets."""
    html = unheld(page_article(page, split_passages(page)))
    position = 0
    covered = 0
    for start, end, inside in _LEAF.findall(html):
        assert unescape(re.sub(r"<[^>]+>", "", inside)) == page.text[int(start) : int(end)]
        assert int(start) >= position
        position = int(end)
        covered += int(end) - int(start)
    assert covered == sum(block.end - block.start for block in page.blocks)
    return html


def unheld(html: str) -> str:
    """Without the spans that keep high punctuation on its line."""
    return re.sub(r'<span class="nb">([^<]*)</span>', r"\1", html)


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
    assert bare(visible).endswith('<tr><th scope="row">Vélo</th><td>5 €</td></tr></tbody></table></div></article>')


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
    assert re.search(r'<a href="https://exemple.test/g" target="_blank" rel="noopener noreferrer"[^>]*>ici</a>', html)
    assert "mailto" not in html and "écrire" in html
    assert "12<sup>3</sup> prêts à <s>90</s> 80 euros" in html
    assert "<blockquote><p>Un mot.</p></blockquote>" in html and "<pre><code>a = 1\n  b</code></pre>" in html
    assert "<ul><li>un<ul><li>deux</li></ul></li></ul>" in html


def test_marks_across_passages_are_closed_in_each() -> None:
    sentences = " ".join(f"La phrase numéro {n} dit une chose assez longue pour compter." for n in range(30))
    html = shown(read(f"<p><strong>{sentences}</strong></p>"))
    assert html.count("<strong>") == html.count("</strong>") > 1


def test_another_language_is_said() -> None:
    english = "The town lends bikes to all of the people who live in it, and you can ask for one with your card. " * 4
    assert "en anglais" in page_pane(read(f"<p>{english}</p>"), ())
