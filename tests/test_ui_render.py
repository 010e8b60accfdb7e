"""Pure functions of the interface: HTML, text to take away, addresses, words."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest

from index.page import Block, Page, Passage
from rag import Assistant
from rag.answer import Answer, Citation, Turn
from ui import export, page_view, render, words
from ui.app import beginnings
from ui.fragments import encode, fragment_address, text_directive, web_address
from ui.session import Entry, Session

UI = Path(render.__file__).parent


def cited(assistant: Assistant, text: str, which: int = 1, **more: object) -> Answer:
    """An answer that quotes the first sentence of some passages of the real page."""
    chosen = [p for p in assistant.passages if not p.role][:which]
    citations = tuple(Citation.of(n, assistant.page, p, p.sentences[0]) for n, p in enumerate(chosen, 1))
    return Answer("Une question ?", text, citations, **more)  # type: ignore[arg-type]


# --- the page


def test_every_word_of_the_page_stands_at_its_offsets(assistant: Assistant) -> None:
    from html import unescape

    html = page_view.page_article(assistant.page, assistant.passages)
    found = re.findall(r'<span[^>]*data-start="(\d+)" data-end="(\d+)"[^>]*>([^<]*)</span>', html)
    covered = 0
    for start, end, inside in found:
        assert unescape(inside) == assistant.page.text[int(start) : int(end)]
        covered += int(end) - int(start)
    assert covered == sum(block.end - block.start for block in assistant.page.blocks)


def test_every_passage_is_in_the_page(assistant: Assistant) -> None:
    html = page_view.page_article(assistant.page, assistant.passages)
    for passage in assistant.passages:
        assert html.count(f'id="p-{passage.id}"') == 1


def test_gaps_are_shown_and_the_title_is_no_h1(assistant: Assistant) -> None:
    html = page_view.page_article(assistant.page, assistant.passages)
    gaps = sum(block.kind == "gap" for block in assistant.page.blocks)
    assert html.count(words.GAP + "</span>") >= gaps > 0
    assert "<h1" not in html and html.count("<h2") == 1


def test_lists_are_nested_and_closed(assistant: Assistant) -> None:
    html = page_view.page_article(assistant.page, assistant.passages)
    assert html.count("<ul>") == html.count("</ul>") and html.count("<li>") == html.count("</li>")
    assert "<ul><li>" in html.split("<ul><li>", 1)[1]  # a list inside a list


def test_a_gap_between_whole_blocks_is_shown() -> None:
    text = "Un.\n\nDeux."
    blocks = (Block("paragraph", 0, 3), Block("gap", 3, 3), Block("paragraph", 5, 10))
    html = page_view.page_article(Page("T", text, blocks), ())
    assert html.count(words.GAP) == 1


# --- answers


def test_bold_bullets_and_marks() -> None:
    body = render.answer_body("**Un** mot [1].\n- a [1]\n  - b\n- c\n\nFin.", {1: "<a>1</a>"})
    assert body == (
        "<p><strong>Un</strong> mot<a>1</a>.</p><ul><li>a<a>1</a><ul><li>b</li></ul></li><li>c</li></ul><p>Fin.</p>"
    )


def test_nothing_else_is_markdown() -> None:
    source = "# a ![x](y) [t](javascript:alert(1)) <b>`c`</b> [9]"
    assert render.answer_body(source, {}) == (
        "<p># a ![x](y) [t](javascript:alert(1)) &lt;b&gt;`c`&lt;/b&gt; [9]</p>"
    )


def test_a_mark_says_what_it_is_and_where_it_leads(assistant: Assistant) -> None:
    answer = cited(assistant, "Voilà [1].")
    citation = answer.citations[0]
    html = render.exchange(7, Turn("Une question ?", answer), assistant.page)
    mark = re.search(r'<a class="mark"[^>]*>\[1\]</a>', html)
    assert mark is not None
    name = words.MARK.format(n=1, section=render.section_name(citation.passage))
    assert f'aria-label="{render.text(name)}"' in mark[0]
    assert f'data-start="{citation.start}"' in mark[0] and 'data-turn="7"' in mark[0]


def test_small_talk_is_not_dressed_as_a_refusal(assistant: Assistant) -> None:
    chat = Answer(
        "Bonjour", "Bonjour !", refused=True, reason="chat", kind="chat", nearby=assistant.passages[:2]
    )
    html = render.exchange(1, Turn("Bonjour", chat), assistant.page)
    assert "is-refusal" not in html and words.NEARBY not in html and "refusal-label" not in html


def test_a_refusal_shows_what_the_page_says(assistant: Assistant) -> None:
    no = Answer(
        "?", "La page ne le dit pas.", refused=True, reason="not_on_page", nearby=assistant.passages[:2]
    )
    html = render.exchange(1, Turn("Une ?", no), assistant.page)
    assert words.NEARBY in html and html.count("nearby-link") == 2 and "is-refusal" in html


def test_understood_is_said_only_when_it_differs(assistant: Assistant) -> None:
    same = cited(assistant, "a [1]", understood="Une question ?")
    other = replace(same, understood="Une autre question ?")
    assert "understood" not in render.exchange(1, Turn("Une question ?", same), assistant.page)
    assert "Une autre question" in render.exchange(1, Turn("Une question ?", other), assistant.page)


def test_beginnings_grow_and_close_their_bold() -> None:
    text = "**Un gras assez long pour être coupé en deux** puis " + "un mot " * 40 + "[1]"
    steps = beginnings(text)
    assert 2 <= len(steps) <= 8
    assert all(step.count("**") % 2 == 0 for step in steps)
    assert all(text.startswith(step.removesuffix("**")) for step in steps)


def test_high_punctuation_is_held_without_changing_the_words() -> None:
    html = render.prose("Qui dit « oui » ?")
    assert re.sub(r"<[^>]+>", "", html) == "Qui dit « oui » ?"
    assert '<span class="nb">« oui</span>' in html


# --- taking away


def test_citation_has_quote_title_date_and_address(assistant: Assistant) -> None:
    citation = cited(assistant, "a [1]").citations[0]
    page = replace(assistant.page, url="https://exemple.fr/page")
    plain, addressed = export.citation_copy(citation, assistant.page), export.citation_copy(citation, page)
    for copied in (plain, addressed):
        assert citation.quote in copied and page.title in copied and page.updated in copied
    assert "http" not in plain
    assert "https://exemple.fr/page#:~:text=" in addressed


def test_answer_copy_has_numbered_sources(assistant: Assistant) -> None:
    answer = cited(assistant, "**Deux** choses [1] et [2].", 2)
    copied = export.answer_copy(Turn("Une question ?", answer), assistant.page)
    assert "Deux choses [1] et [2]." in copied
    for citation in answer.citations:
        assert f"[{citation.n}] " in copied and citation.quote in copied


def test_conversation_as_markdown(assistant: Assistant) -> None:
    answer = cited(assistant, "**Gras** et une\n- puce [1]")
    turns = (Turn("<img src=x> ![a](b) # c", answer), Turn("Deux ?", replace(answer, question="Deux ?")))
    markdown = export.conversation_markdown(turns, assistant.page)
    assert "**Gras** et une\n- puce [1]" in markdown
    assert r"## \<img src=x\> \!\[a\]\(b\) \# c" in markdown
    assert markdown.count("\n## ") == 2 and assistant.page.updated in markdown


# --- text fragments


@pytest.mark.parametrize(
    ("words_", "directive"),
    [
        ("été", "text=%C3%A9t%C3%A9"),
        ("un, deux - trois & quatre", "text=un%2C%20deux%20%2D%20trois%20%26%20quatre"),
        ("l’œuvre : « a »", "text=l%E2%80%99%C5%93uvre%20%3A%20%C2%AB%20a%20%C2%BB"),
        ("a#b?c=d~e", "text=a%23b%3Fc%3Dd%7Ee"),
        ("  deux \u00a0 espaces ", "text=deux%20espaces"),
    ],
)
def test_short_quotes_are_encoded_whole(words_: str, directive: str) -> None:
    assert text_directive(words_) == directive


def test_long_quotes_are_given_by_their_ends() -> None:
    quote = "Le début d'une très longue phrase " + "qui continue " * 20 + "jusqu'à sa toute dernière fin."
    start, end = text_directive(quote).removeprefix("text=").split(",")
    assert unquote(start) == "Le début d'une très longue phrase" and unquote(end).endswith(
        "sa toute dernière fin."
    )
    assert len(text_directive(quote)) < 200


def test_quotes_of_several_blocks_are_a_range() -> None:
    start, end = (
        text_directive("Une puce :\nla première chose\nla dernière chose").removeprefix("text=").split(",")
    )
    assert unquote(start) == "Une puce" and unquote(end) == "la dernière chose"


def test_nothing_is_left_that_a_directive_would_read() -> None:
    assert not set(encode("a-b,c&d~e=f#g")) & set("-,&~=#")


@pytest.mark.parametrize(
    "url",
    ["", "javascript:alert(1)", "data:text/html,x", "//exemple.fr", "http://", "https://a b", "fichier.txt"],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_address(url) == "" and fragment_address(url, "mots") == ""


def test_an_anchor_or_an_older_fragment_is_kept_or_replaced() -> None:
    assert fragment_address("https://a.fr/p#ici", "mot") == "https://a.fr/p#ici:~:text=mot"
    assert fragment_address("https://a.fr/p#:~:text=vieux", "mot") == "https://a.fr/p#:~:text=mot"


# --- words


def phrases() -> list[str]:
    """Every string of ``ui.words``."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, tuple):
            for item in value:
                walk(item)

    for name, value in vars(words).items():
        if name.isupper() and not name.startswith("_") and name not in ("NBSP", "NNBSP"):
            walk(value)
    return found


def test_typography_is_french() -> None:
    assert len(phrases()) > 60
    for phrase in phrases():
        if phrase.startswith(words.CLI_NO_MCP[:12]):
            continue  # holds a shell command
        assert "'" not in phrase, phrase
        assert not re.search(r" [;:!?»]|« |\w[;!?](?:\s|$)", phrase), phrase
        assert not re.search(r"\w:\s", phrase), phrase


def test_all_words_are_in_one_place() -> None:
    accents = re.compile("[àâçéèêëîïôûùœÀÇÉÈÊ]")
    for path in UI.glob("*.py"):
        if path.name == "words.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
                assert not accents.search(node.value), (path.name, node.value)


def test_no_passage_without_a_name() -> None:
    bare = Passage(0, "a", 0, 1, (), ((0, 1),))
    assert render.section_name(bare) == words.THE_PAGE and render.section_path(bare) == words.THE_PAGE


# --- the conversation


def test_numbers_go_on_after_the_server_forgot(assistant: Assistant) -> None:
    session = Session().after(3).add(Entry("Q", Turn("Q", cited(assistant, "a [1]"))))
    assert session.count == 4 and session.get(3) is None
    shown = session.show(assistant.page)
    assert shown["count"] == 4 and shown["turn"]["id"] == 4
    assert session.after(4) == session and session.after(2) == session
    voted = session.change(4, vote="up", note="merci").get(4)
    assert voted is not None and voted.vote == "up"
    assert session.under_way("<p>", "pending")["turn"]["id"] == 5
