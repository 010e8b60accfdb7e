"""Pure functions of the interface: HTML, text to take away, addresses, words."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from index.page import Block, Page, Passage
from index.settings import Settings
from rag import Assistant
from rag.answer import OMITTED, Answer, Citation, Line, Quoted, Turn
from rag.compose import phrases
from rag.question.asked import Question
from ui import answer_view, export, html, page_view, parts, render, words
from ui.fragments import encode, fragment_address, text_directive, web_address
from ui.legal import Legal
from ui.look import Look
from ui.record import asked_before, from_record, to_record

UI = Path(html.__file__).parent
ASKED = Question("Une question ?", "Une question ?")


def quoted(page: Page, passage: Passage, n: int = 1, **more: Any) -> Quoted:
    """The first sentence of a passage, as a part."""
    start, end = passage.sentences[0]
    return Quoted(Citation.of(n, page, passage, (start, end)), start, end, **more)


def chosen(assistant: Assistant) -> list[Passage]:
    return [p for p in assistant.passages if not p.role]


def cited(assistant: Assistant, which: int = 1, question: Question = ASKED, **more: Any) -> Answer:
    """An answer that quotes the first sentence of some passages of the real page."""
    quotes = [quoted(assistant.page, p, n) for n, p in enumerate(chosen(assistant)[:which], 1)]
    lines = tuple(Line((part,)) for part in quotes)
    values = {"certainty": "sure", "citations": tuple(q.citation for q in quotes), **more}
    return Answer(question, lines, **values)


def refusal(reason: Any, **more: Any) -> Answer:
    return Answer(ASKED, (Line((phrases.NOT_ON_PAGE.say(),)),), "none", reason=reason, **more)


def shown(markup: str) -> str:
    """What is read on the screen, labels for screen readers included."""
    return unescape(re.sub(r"<[^>]+>", "", str(markup)))  # Markup would escape what re joins


# --- the page


def test_every_word_of_the_page_stands_at_its_offsets(assistant: Assistant) -> None:
    html_ = page_view.page_article(assistant.page, assistant.passages)
    assert '<span class="nb">« Amélioration</span>' in html_  # high punctuation never begins a line, nor ends one
    bare = re.sub(r'<span class="nb">([^<]*)</span>', r"\1", html_)
    found = re.findall(r'<span[^>]*data-start="(\d+)" data-end="(\d+)"[^>]*>([^<]*)</span>', bare)
    covered = 0
    for start, end, inside in found:
        assert unescape(inside) == assistant.page.text[int(start) : int(end)]
        covered += int(end) - int(start)
    assert covered == sum(block.end - block.start for block in assistant.page.blocks)


def test_every_passage_is_in_the_page(assistant: Assistant) -> None:
    html_ = page_view.page_article(assistant.page, assistant.passages)
    for passage in assistant.passages:
        assert html_.count(f'id="p-{passage.id}"') == 1


def test_gaps_are_shown_and_the_title_is_no_h1(assistant: Assistant) -> None:
    html_ = page_view.page_article(assistant.page, assistant.passages)
    gaps = sum(block.kind == "gap" for block in assistant.page.blocks)
    assert html_.count(words.GAP + "</span>") >= gaps > 0
    assert "<h1" not in html_ and html_.count("<h2") == 1


def test_lists_are_nested_and_closed(assistant: Assistant) -> None:
    html_ = page_view.page_article(assistant.page, assistant.passages)
    assert html_.count("<ul>") == html_.count("</ul>") and html_.count("<li>") == html_.count("</li>")
    assert "<ul><li>" in html_.split("<ul><li>", 1)[1]  # a list inside a list


def test_a_gap_between_whole_blocks_is_shown() -> None:
    text = "Un.\n\nDeux."
    blocks = (Block("paragraph", 0, 3), Block("gap", 3, 3), Block("paragraph", 5, 10))
    html_ = page_view.page_article(Page("T", text, blocks), ())
    assert html_.count(words.GAP) == 1


# --- answers


def test_a_short_answer_comes_first_then_its_sentence_and_mark(assistant: Assistant) -> None:
    whole = quoted(assistant.page, chosen(assistant)[3])
    short = Quoted(whole.citation, whole.start, whole.start + 9, strong=True, marked=False)
    body = answer_view.answer_body((Line((short, whole)),), 1)
    assert body.startswith(f"<p><strong>{html.text(short.words)}</strong> — ")
    assert body.count('class="mark"') == 1
    assert shown(body) == f"{short.words} — {whole.words}{words.NBSP}[1]"


def test_lines_are_paragraphs_and_bullets_of_two_levels(assistant: Assistant) -> None:
    one, two, three = (quoted(assistant.page, p, n) for n, p in enumerate(chosen(assistant)[:3], 1))
    lines = (Line((phrases.ACCORDING.say(),)), Line((one,), 1), Line((two,), 2), Line((three,), 1))
    body = answer_view.answer_body(lines, 1)
    skeleton = re.sub(r"[^<>]+(?=<|$)", "", re.sub(r"<(/?)(\w+)[^>]*>", r"<\1\2>", str(body)))
    skeleton = re.sub(r"</?(?:a|span)>", "", skeleton)
    assert skeleton == "<p></p><ul><li><ul><li></li></ul></li><li></li></ul>"
    assert words.fr("D'après la page") in shown(body)


def test_what_stands_around_a_quote_says_what_it_is(assistant: Assistant) -> None:
    part = replace(quoted(assistant.page, chosen(assistant)[0]), before=words.GAP, after=OMITTED)
    body = answer_view.answer_body((Line((part,)),), 1)
    assert shown(body).startswith("[…] ") and shown(body).endswith(f" …{words.NBSP}[1]")
    assert f'title="{words.GAP_LABEL}">[…]' in body and f'title="{words.OMITTED_LABEL}">…' in body


ODD = r"Le prix [2] **fort** \(x\) <b>`a`</b> | {{ b }} [1](javascript:x) ![i](//e.example) _c_ # 1. &lt;d"


def odd_answer() -> tuple[Page, Answer]:
    """A page whose one sentence holds what Markdown, HTML, TeX or our marks are made of."""
    page = Page("T", ODD, (Block("paragraph", 0, len(ODD)),))
    passage = Passage(0, ODD, 0, len(ODD), (ODD,), ((0, len(ODD)),))
    part = Quoted(Citation.of(1, page, passage, (0, len(ODD))), 0, len(ODD), before=OMITTED)
    asked = Question(ODD, ODD, previous=ODD)
    return page, Answer(asked, (Line((part,)),), "sure", (part.citation,), suggestions=(ODD,))


def test_words_of_the_page_are_never_taken_for_ours() -> None:
    page, answer = odd_answer()
    html_ = answer_view.exchange(1, Turn(answer.question, answer), page)
    assert html_.count('class="mark"') == 1 and "<b>" not in html_
    assert shown(html_).count(ODD) >= 6  # question, previous, answer, section, quote, suggestion
    copied = export.answer_copy(Turn(answer.question, answer), page)
    assert f"… {ODD} [1]" in copied


def test_a_mark_says_what_it_is_and_where_it_leads(assistant: Assistant) -> None:
    answer = cited(assistant)
    citation = answer.citations[0]
    html_ = answer_view.exchange(7, Turn(ASKED, answer), assistant.page)
    mark = re.search(r'<a class="mark"[^>]*>\[1\]</a>', html_)
    assert mark is not None
    name = words.MARK.format(n=1, section=parts.section_name(citation.passage))
    assert f'aria-label="{html.text(name)}"' in mark[0]
    assert f'data-start="{citation.start}"' in mark[0] and 'data-turn="7"' in mark[0]


def test_the_three_certainties_differ_in_words(assistant: Assistant) -> None:
    sure, likely = cited(assistant), cited(assistant, certainty="likely")
    none = refusal("not_on_page", nearby=assistant.passages[:2])
    pages = [answer_view.exchange(1, Turn(ASKED, a), assistant.page) for a in (sure, likely, none)]
    assert [words.LIKELY in p for p in pages] == [False, True, False]
    assert [words.REFUSALS["not_on_page"] in p for p in pages] == [False, False, True]
    assert ["is-likely" in p for p in pages] == [False, True, False]
    assert [words.NEARBY in p for p in pages] == [False, False, True]
    assert pages[2].count("nearby-link") == 2 and "is-refusal" in pages[2]


def test_what_repeats_an_answer_doubts_nothing_anew(assistant: Assistant) -> None:
    again = cited(assistant, question=replace(ASKED, intent="reshape"), certainty="likely")
    assert words.LIKELY not in answer_view.exchange(1, Turn(again.question, again), assistant.page)
    doubt = Line((phrases.RESHAPE_VERBATIM_LIKELY.say(),))
    again = replace(again, lines=(doubt, *again.lines))  # of what was only likely
    assert words.LIKELY in answer_view.exchange(1, Turn(again.question, again), assistant.page)


@pytest.mark.parametrize(
    ("changes", "leaves", "kept"),
    [
        ({}, False, words.ABOUT_ASKED),
        ({"answers_kept": 256}, False, words.ABOUT_ASKED_IN_MEMORY),
        ({"log": "texts", "answers_kept": 256}, False, words.ABOUT_ASKED_LOGGED),
        ({"generator": "openai:https://llm.example/v1#m"}, True, words.ABOUT_ASKED),
    ],
)
def test_what_leaves_the_machine_and_what_is_kept_are_told_as_the_settings_have_it(
    page: Page, changes: dict[str, Any], leaves: bool, kept: str
) -> None:
    settings = Settings(**changes)
    for told in (render.about(page, settings), Legal(settings, Look.of(settings)).page("donnees") or ""):
        assert (words.DATA_OUTSIDE_NONE in unescape(told)) is not leaves and ("llm.example" in told) is leaves
    assert kept in unescape(render.about(page, settings)) and "jamais sur le serveur" not in words.KEPT_HERE


def test_small_talk_is_not_dressed_as_a_refusal(assistant: Assistant) -> None:
    chat = refusal("chat", nearby=assistant.passages[:2])
    html_ = answer_view.exchange(1, Turn(ASKED, chat), assistant.page)
    assert "is-refusal" not in html_ and words.NEARBY not in html_ and 'class="certainty"' not in html_


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (ASKED, ()),
        (replace(ASKED, repaired="une QUESTION ?"), ()),
        (replace(ASKED, repaired="Une autre question ?"), ("Compris comme",)),
        (replace(ASKED, previous="Qui dirige ?"), ("Suite de",)),
        (replace(ASKED, repaired="Une chose ?", previous="Qui dirige ?"), ("Suite de", "Compris comme")),
    ],
)
def test_how_a_question_was_understood(assistant: Assistant, question: Question, told: tuple[str, ...]) -> None:
    answer = cited(assistant, question=question)
    said = shown(answer_view.exchange(1, Turn(question, answer), assistant.page))
    assert tuple(lead for lead in ("Suite de", "Compris comme") if lead in said) == told
    if question.previous:
        assert f"Suite de\u00a0: «\u00a0{question.previous}\u00a0»" in said


def test_high_punctuation_is_held_without_changing_the_words() -> None:
    held = html.prose("Qui dit « oui » ?")
    assert shown(held) == "Qui dit « oui » ?"
    assert '<span class="nb">« oui</span>' in held


# --- taking away


def test_citation_has_quote_title_date_and_address(assistant: Assistant) -> None:
    citation = cited(assistant).citations[0]
    page = replace(assistant.page, url="https://exemple.fr/page")
    plain, addressed = export.citation_copy(citation, assistant.page), export.citation_copy(citation, page)
    for copied in (plain, addressed):
        assert citation.quote in copied and page.title in copied and page.updated in copied
    assert "http" not in plain
    assert "https://exemple.fr/page#:~:text=" in addressed


def test_answer_copy_has_numbered_sources(assistant: Assistant) -> None:
    answer = cited(assistant, 2)
    copied = export.answer_copy(Turn(ASKED, answer), assistant.page)
    assert answer.text in copied
    for citation in answer.citations:
        assert f"[{citation.n}] " in copied and citation.quote in copied


def test_conversation_as_markdown(assistant: Assistant) -> None:
    whole = quoted(assistant.page, chosen(assistant)[3])
    short = Quoted(whole.citation, whole.start, whole.start + 9, strong=True, marked=False)
    lines = (Line((short, whole)), Line((phrases.ACCORDING.say(),)), Line((whole,), 1))
    asked = Question("<img src=x> ![a](b) # c (d)", "")
    answer = Answer(asked, lines, "sure", (whole.citation,))
    markdown = export.conversation_markdown((Turn(asked, answer), Turn(ASKED, cited(assistant))), assistant.page)
    assert f"**{export.escape_markdown(short.words)}** — " in markdown
    assert f"\n\n- {export.escape_markdown(whole.words)} [1]\n" in markdown
    assert r"## \<img src=x> !\[a\](b) # c (d)" in markdown
    assert markdown.count("\n## ") == 2 and assistant.page.updated in markdown
    assert r"\(" not in markdown and r"\." not in markdown


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("Une phrase (claire), n° 3 : « oui » !", "Une phrase (claire), n° 3 : « oui » !"),
        ("snake_case et a - b + c", "snake_case et a - b + c"),
        ("# titre", r"\# titre"),
        ("- puce", r"\- puce"),
        ("1. un", r"1\. un"),
        ("> cité", r"\> cité"),
        ("**gras** _oblique_ `code`", r"\*\*gras\*\* \_oblique\_ \`code\`"),
        ("&lt;b&gt; R&D", r"\&lt;b\&gt; R&D"),
        (r"\(x\)", r"\\(x\\)"),
    ],
)
def test_only_what_markdown_reads_is_escaped(typed: str, escaped: str) -> None:
    assert export.escape_markdown(typed) == escaped


def test_a_page_of_odd_signs_is_exported_as_it_is() -> None:
    page, answer = odd_answer()
    markdown = export.conversation_markdown((Turn(answer.question, answer),), page)
    assert not re.search(r"(?<!\\)(?:\*\*fort|<b>|\]\(|!\[)", markdown)
    assert " [1]" in markdown


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
    assert unquote(start) == "Le début d'une très longue phrase" and unquote(end).endswith("sa toute dernière fin.")
    assert len(text_directive(quote)) < 200


def test_quotes_of_several_blocks_are_a_range() -> None:
    start, end = text_directive("Une puce :\nla première chose\nla dernière chose").removeprefix("text=").split(",")
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


def interface_words() -> list[str]:
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
    assert len(interface_words()) > 60
    for phrase in interface_words():
        if phrase.startswith(words.CLI_NO_MCP[:12]):
            continue  # holds a shell command
        assert "'" not in phrase, phrase
        assert not re.search(r" [;:!?»%]|« |n° |\w[;!?](?:\s|$)", phrase), phrase
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
    assert parts.section_name(bare) == words.THE_PAGE and parts.section_path(bare) == words.THE_PAGE


# --- what the browser keeps


def test_an_exchange_survives_the_browser(assistant: Assistant) -> None:
    page, passages = assistant.page, assistant.passages
    answer = cited(
        assistant, 2, question=replace(ASKED, previous="Avant ?", follows=("Avant ?",)), suggestions=("Autre ?",)
    )
    kept = json.loads(json.dumps(to_record(Turn(answer.question, answer), page)))
    assert from_record(kept, page, passages) == Turn(answer.question, answer)
    assert all(c.quote not in str(kept["citations"]) for c in answer.citations)  # offsets, not words


@pytest.mark.parametrize(
    "change",
    [
        lambda kept: kept.update(page="autre"),
        lambda kept: kept["citations"][0].update(end=10**6),
        lambda kept: kept["citations"][0].update(passage=-1),
        lambda kept: kept["lines"][0]["parts"][0].update(start=10**6),
        lambda kept: kept["lines"][0]["parts"][0].update(after="[inventé]"),
        lambda kept: kept.update(certainty="certain"),
        lambda kept: kept["question"].update(intent="x"),
        lambda kept: kept.update(lines=[]),
        lambda kept: kept.update(lines="x" * 99),
        lambda kept: kept.pop("question"),
    ],
)
def test_what_does_not_fit_the_page_is_not_rebuilt(assistant: Assistant, change: Any) -> None:
    answer = cited(assistant)
    kept = to_record(Turn(answer.question, answer), assistant.page)
    change(kept)
    assert from_record(kept, assistant.page, assistant.passages) is None
    assert from_record("x", assistant.page, assistant.passages) is None


def test_history_is_whole_where_it_fits_and_a_question_elsewhere(assistant: Assistant) -> None:
    page, passages = assistant.page, assistant.passages
    answer = cited(assistant)
    good = to_record(Turn(answer.question, answer), page)
    old = {**good, "page": "autre"}
    history = asked_before(["Avant ?", old, good, None, 3], page, passages, 12)
    assert history == ["Avant ?", ASKED.text, Turn(ASKED, answer)]
    assert asked_before("x", page, passages, 12) == []
    assert len(asked_before(["a"] * 50, page, passages, 12)) == 12
