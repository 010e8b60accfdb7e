"""It fits: from 320 x 256 pixels to a wide screen, on paper, in a frame; and the page is read as one reads."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import CAMPUS, HUB, NOT_SAID, PHONE, WIDE, Live, Opener, live
from tests.test_ui_chat import flat
from ui import words

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

SMALL = ((320, 256), (360, 370), (720, 450), (844, 390), (640, 480), (900, 700), (1280, 480))

COVERED = """() => { const question = document.querySelector('#composer').getBoundingClientRect();
  const view = document.querySelector('.conversation').getBoundingClientRect();
  return { sideways: document.documentElement.scrollWidth - innerWidth, down: document.documentElement.scrollHeight - innerHeight,
    overlap: view.bottom - question.top, below: question.bottom - innerHeight, view: view.height,
    inner: document.querySelector('.conversation').scrollWidth - document.querySelector('.conversation').clientWidth } }"""


@pytest.mark.parametrize("size", SMALL)
def test_the_answer_scrolls_and_nothing_is_covered(reader: Opener, size: tuple[int, int]) -> None:
    person = reader(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    turn = person.ask(HUB)
    turn.locator("summary").click()
    state = person.js(COVERED)
    assert state["sideways"] <= 0 and state["down"] <= 0 and state["inner"] <= 0, state
    assert state["overlap"] <= 1 and state["below"] <= 1 and state["view"] >= 100, state
    turn.get_by_role("button", name=words.REPORT).scroll_into_view_if_needed()
    box = turn.get_by_role("button", name=words.REPORT).bounding_box()
    view = person.page.locator(".conversation").bounding_box()
    assert view["y"] <= box["y"] and box["y"] + box["height"] <= view["y"] + view["height"] + 1
    turn.locator("a.mark").first.click()
    assert "Health Data Hub" in person.marked()
    assert person.js("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [320, 900, 1000, 1280, 1440])
def test_the_header_does_not_wrap(reader: Opener, width: int) -> None:
    person = reader(viewport={"width": width, "height": 800})
    person.ask(HUB)
    assert person.page.locator("#top").bounding_box()["height"] <= 64
    name = person.page.locator("#top h1")
    assert name.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_what_is_pressed_is_large_enough(reader: Opener) -> None:
    person = reader()
    turn = person.ask(HUB)
    turn.locator("a.mark").first.click()
    small = person.js(
        """() => [...document.querySelectorAll('a.mark, .chip, .action, .vote, .ask, .back, #ask, .legal a, summary')]
        .filter(e => e.checkVisibility()).map(e => [e.className || e.id, e.getBoundingClientRect()])
        .filter(([_, r]) => r.width < 24 || r.height < 24).map(([name]) => name)"""
    )
    assert small == []


def test_the_first_screen_of_a_phone_names_the_page_and_shows_questions(reader: Opener, assistant: Assistant) -> None:
    viewport: ViewportSize = {"width": 375, "height": 667}
    person = reader(viewport=viewport)
    view = person.page.locator(".conversation").bounding_box()
    assert assistant.page.title in person.page.locator(".welcome").inner_text()
    for number in range(2):
        box = person.page.locator(".welcome [data-ask]").nth(number).bounding_box()
        assert box["y"] + box["height"] <= view["y"] + view["height"]
    assert person.page.locator("#caution").is_visible()


def test_source_and_date_stand_under_every_answer(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    for question in (HUB, NOT_SAID):
        told = flat(person.ask(question).locator(".origin").inner_text())
        assert assistant.page.updated in told and flat(assistant.page.title) in told
    for said in ("J'ai mal à la poitrine", "Merci !"):  # the page says nothing of it
        assert not person.ask(said).locator(".origin").count()


def test_sources_that_are_opened_are_seen(reader: Opener) -> None:
    person = reader(viewport={"width": 1000, "height": 600})
    turn = person.ask(HUB)
    turn.locator(".sources summary").press("Enter")
    person.page.wait_for_function(
        "() => document.querySelector('.sources').getBoundingClientRect().bottom"
        " <= document.querySelector('.conversation').getBoundingClientRect().bottom + 1"
    )


def test_the_page_shows_what_is_cited_first_and_keeps_it_where_the_words_grow(reader: Opener) -> None:
    person = reader(viewport={"width": 1440, "height": 700})
    turn = person.ask("Quelles caractéristiques a cette technologie ?")
    passage = turn.locator("a.mark").first.get_attribute("data-passage")
    seen = """passage => { const cited = document.querySelector(`span.passage[data-passage="${passage}"]`).getBoundingClientRect();
        const view = document.querySelector('.page-scroll').getBoundingClientRect();
        return cited.bottom > view.top && cited.top < view.bottom }"""
    person.page.wait_for_function(seen, arg=passage)
    for _ in range(3):
        person.page.locator("#larger").click()
    assert person.js(seen, passage)


# --- the page as a reader


def test_the_outline_leads_to_a_heading(reader: Opener) -> None:
    person = reader()
    headings = [flat(t) for t in person.page.locator(".page-text :is(h3, h4, h5, h6)").all_inner_texts()]
    person.page.locator("#outline summary").click()
    entries = person.page.locator("#outline li button")
    assert [flat(t) for t in entries.all_inner_texts()] == headings
    entries.last.click()
    assert flat(person.js("document.activeElement.textContent")) == headings[-1]
    assert not entries.last.is_visible()


@pytest.mark.parametrize("size", [(390, 844), (320, 256), (844, 390)])
def test_the_bar_of_the_drawer_leaves_room_to_read(reader: Opener, size: tuple[int, int]) -> None:
    person = reader(viewport={"width": size[0], "height": size[1]})
    person.page.locator("#open-page").click()
    assert person.page.locator(".page-bar").bounding_box()["height"] <= 80
    assert person.page.locator("#find input").bounding_box()["width"] >= 96


def test_search_counts_and_goes_on(reader: Opener) -> None:
    person = reader()
    person.page.locator("#find input").fill("sante")  # without its accent
    text = person.js("document.querySelector('.page-text').textContent.normalize('NFD').replace(/\\p{M}/gu, '')")
    count = str(text).lower().count("sante")
    output = person.page.locator("#find output")
    assert output.inner_text() == words.FOUND.format(n=1, count=count)
    person.page.get_by_role("button", name=words.FIND_NEXT).click()
    assert output.inner_text() == words.FOUND.format(n=2, count=count)
    for n in (3, 4):
        person.page.locator("#find input").press("Enter")
        assert output.inner_text() == words.FOUND.format(n=n, count=count)
    person.page.get_by_role("button", name=words.FIND_PREVIOUS).click()
    for _ in range(3):
        person.page.locator("#find input").press("Shift+Enter")
    assert output.inner_text() == words.FOUND.format(n=count, count=count)
    assert person.js("[...CSS.highlights.get('found-now')].map(r => r.toString().toLowerCase())")[0] in (
        "santé",
        "sante",
    )
    person.page.locator("#find input").fill("zwyxw")
    assert output.inner_text() == words.NOT_FOUND


def test_text_size_width_and_hiding_are_remembered(reader: Opener) -> None:
    person = reader()
    size = "parseFloat(getComputedStyle(document.querySelector('.page-text')).fontSize)"
    before = person.js(size)
    person.page.locator("#larger").click()
    person.page.locator("#larger").click()
    assert person.js(size) == before * 1.25
    person.page.locator("#splitter").focus()
    person.page.keyboard.press("ArrowLeft")
    assert person.page.locator("#splitter").get_attribute("aria-valuenow") == "45"
    edge = person.page.locator("#page").bounding_box()["x"]
    assert abs(edge - 0.45 * WIDE["width"]) < 3
    person.page.locator("#toggle-page").click()
    assert not person.page.locator("#page").is_visible()
    person.page.reload()
    person.page.locator(".welcome").wait_for()
    assert not person.page.locator("#page").is_visible() and person.js(size) == before * 1.25
    person.ask(HUB).locator("a.mark").first.click()  # a mark shows the page again
    assert person.page.locator("#page").is_visible()


def test_the_width_is_dragged(reader: Opener) -> None:
    person = reader()
    box = person.page.locator("#splitter").bounding_box()
    person.page.mouse.move(box["x"] + 6, 300)
    person.page.mouse.down()
    person.page.mouse.move(500, 300, steps=4)
    person.page.mouse.up()
    assert abs(person.page.locator("#page").bounding_box()["x"] - 500) < 20


# --- paper


def test_print_has_every_source_and_the_page(reader: Opener) -> None:
    person = reader()
    person.ask(HUB)
    person.ask(CAMPUS).locator("a.mark").first.click()
    person.page.emulate_media(media="print")
    person.js("dispatchEvent(new Event('beforeprint'))")
    for number in (1, 2):
        assert person.page.locator(f"#turn-{number} .source blockquote").first.is_visible()
    assert person.page.locator(".page-text").is_visible() and person.page.locator("mark.quote").first.is_visible()
    for hidden in ("#composer", "#menu", ".tools", ".page-bar"):
        assert not person.page.locator(hidden).first.is_visible(), hidden
    heights = person.js("[document.documentElement.scrollHeight, document.querySelector('#page').offsetTop]")
    assert heights[0] > WIDE["height"] and heights[1] > 300  # nothing is cut off at the height of the window
    person.js("dispatchEvent(new Event('afterprint'))")
    person.page.emulate_media(media="screen")
    assert not person.page.locator("#turn-1 .source").first.is_visible()


# --- in a frame of another page


@pytest.fixture
def host(settings: Settings, assistant: Assistant) -> Iterator[tuple[str, Live]]:
    """A site of another origin with the application in a frame, between two links."""
    page = b""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page if self.path == "/" else b"")

        def log_message(self, *_: Any) -> None: ...

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{site.server_port}"
    with live(settings.with_(frame_origins=url), lambda *_: assistant) as running:
        running.loader.wait(10)
        page = (
            f"<!doctype html><html lang=fr><title>Site</title><a id=before href=#>avant</a>"
            f'<iframe src="{running.url}embed" title="Assistant" width="420" height="600"></iframe><a id=after href=#>après</a>'
        ).encode()
        yield url + "/", running
    site.shutdown()


def test_embedded_in_another_site(chromium: Any, host: tuple[str, Live]) -> None:
    """One column, citations inside; the focus comes in, goes through and leaves."""
    context = chromium.new_context(viewport={"width": 1200, "height": 800})
    page = context.new_page()
    page.goto(host[0])
    frame = page.frame_locator("iframe")
    frame.locator(".welcome").wait_for(timeout=20_000)
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # it does not take the focus by itself
    assert not frame.locator("#page").is_visible()
    frame.locator("#question").fill(HUB)
    frame.locator("#question").press("Enter")
    frame.locator("#turn-1.is-answer").wait_for(timeout=20_000)
    frame.locator("#turn-1 a.mark").first.click()
    assert frame.locator("#page").is_visible() and "Health Data Hub" in frame.locator("mark.quote").first.inner_text()
    frame.locator("#close-page").click()
    page.locator("#before").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "after":
            break
    assert page.evaluate("document.activeElement.id") == "after"
    context.close()


def test_another_site_may_not_frame_it_unasked(chromium: Any, host: tuple[str, Live], server: Live) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(host[0])
    page.evaluate("url => { document.querySelector('iframe').src = url }", server.url + "embed")
    page.wait_for_timeout(1500)
    assert not any(frame.url.startswith(server.url) and frame.locator("#app").count() for frame in page.frames)
    context.close()


def test_a_phone_has_its_buttons_behind_one(reader: Opener) -> None:
    person = reader(viewport=PHONE)
    person.ask(HUB)
    assert not person.page.locator("#new").is_visible()
    person.page.locator("#open-menu").click()
    person.page.locator("#new").click()
    person.page.locator(".welcome").wait_for()
    assert not person.page.locator("#new").is_visible()
