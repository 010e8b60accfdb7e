"""The main paths in Firefox: ask, read, press a mark, come back; on a phone's width; nothing lost by a reload."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from rag import Assistant
from tests.conftest import CAMPUS, HUB, NOT_SAID, Live
from tests.firefox import ENTER, ESCAPE, FIREFOX, TAB, UP, Tab, firefox
from tests.test_ui_chat import flat
from ui import words

MARKED = "[...document.querySelectorAll('#page mark')].map(m => m.textContent).join('')"


@pytest.fixture(scope="module")
def browser() -> Iterator[Tab]:
    """One Firefox for the module: it takes seconds to start."""
    missing = "" if Path(FIREFOX).exists() else f"no Firefox at {FIREFOX}"
    missing = missing or ("" if find_spec("websockets") else "websockets is not installed")
    if missing:
        pytest.skip(missing)
    with firefox() as tab:
        yield tab


@pytest.fixture
def tab(browser: Tab, server: Live) -> Iterator[Tab]:
    """The application in a wide window, without what an earlier test left; at the end, no error was met."""
    browser.size(1280, 800)
    browser.go(server.url)
    browser.js("(localStorage.clear(), sessionStorage.clear(), 1)")
    browser.go(server.url)
    browser.wait("!!document.querySelector('.welcome')?.checkVisibility()")
    browser.errors.clear()
    yield browser
    assert not browser.errors


def ask(tab: Tab, question: str, number: int) -> str:
    """Type a question and press Enter; gives where its exchange is."""
    tab.wait("!document.querySelector('.is-pending')")
    tab.js("document.querySelector('#question').focus()")
    tab.press(question, ENTER)
    turn = f"#turn-{number}"
    tab.wait(f"!!document.querySelector('{turn}:is(.is-answer, .is-refusal)')")
    return turn


def quote_of(tab: Tab, mark: str, assistant: Assistant) -> str:
    start, end = tab.js(f"['start', 'end'].map(name => Number(document.querySelector({mark!r}).dataset[name]))")
    return assistant.page.text[start:end]


def test_ask_press_a_mark_see_the_words_and_come_back(tab: Tab, assistant: Assistant) -> None:
    assert tab.js("document.documentElement.lang") == "fr"
    tab.wait("document.activeElement.id === 'question'")
    turn = ask(tab, HUB, 1)
    mark = f"{turn} a.mark"
    assert "Health Data Hub" in tab.text(f"{turn} .answer")
    tab.click(mark)
    assert tab.js(MARKED) == quote_of(tab, mark, assistant)
    inside = (
        "(() => { const q = document.querySelector('mark.quote').getBoundingClientRect();"
        "const v = document.querySelector('.page-scroll').getBoundingClientRect();"
        "return v.top <= q.top && q.top <= v.bottom })()"
    )
    tab.wait(inside)
    assert tab.js("document.activeElement.matches('mark.quote')")
    tab.press(TAB, ENTER)  # « Revenir à la réponse »
    assert tab.js(f"document.activeElement.matches({mark!r})")


def test_the_conversation_survives_a_reload_and_goes_on(tab: Tab, assistant: Assistant) -> None:
    ask(tab, CAMPUS, 1)
    ask(tab, NOT_SAID, 2)
    tab.reload()
    tab.wait("document.querySelectorAll('.turn').length === 2")
    assert flat(CAMPUS) in tab.text("#turn-1 .question") and flat(NOT_SAID) in tab.text("#turn-2 .question")
    tab.click("#turn-1 a.mark")
    assert tab.js(MARKED) == quote_of(tab, "#turn-1 a.mark", assistant)
    ask(tab, "Et quand ?", 3)
    assert tab.text("#turn-3 .follows")
    tab.js("document.querySelector('#question').focus()")
    tab.press(UP)
    assert tab.js("document.querySelector('#question').value") == "Et quand ?"


def test_search_in_the_page(tab: Tab) -> None:
    tab.js("document.querySelector('#find input').focus()")
    tab.press("sante")
    assert " sur " in tab.text("#find output")
    assert tab.js("[...CSS.highlights.get('found-now')].length") == 1
    tab.press("zwyxw")
    assert tab.text("#find output") == words.NOT_FOUND


def test_the_drawer_of_a_phone_by_back_and_by_escape(tab: Tab, server: Live) -> None:
    tab.size(390, 700)
    tab.go(server.url)
    tab.wait("!!document.querySelector('.welcome')?.checkVisibility()")
    turn = ask(tab, HUB, 1)
    assert not tab.seen("#page") and tab.js("document.documentElement.scrollWidth <= innerWidth")
    tab.click(f"{turn} a.mark")
    assert tab.seen("#page") and "Health Data Hub" in tab.js(MARKED)
    tab.back()
    tab.wait("!document.querySelector('#page').checkVisibility()")
    assert tab.js("document.querySelectorAll('.turn').length") == 1
    tab.click(f"{turn} a.mark")
    tab.press(ESCAPE)
    tab.wait("!document.querySelector('#page').checkVisibility()")
    assert tab.js(f"document.activeElement.matches({turn + ' a.mark'!r})")
