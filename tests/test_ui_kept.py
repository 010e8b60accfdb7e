"""Conversations in the reader's own browser, many tabs, stopping and asking again: nothing is lost, nothing is stuck."""

from __future__ import annotations

import threading
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import CAMPUS, HUB, NOT_SAID, OFF_TOPIC, PHONE, Live, Opener, Reader, free_port, live, remembering
from tests.test_ui_chat import CLIPBOARD, clipboard, flat, place_of
from ui import words


def questions(person: Reader) -> list[str]:
    return [flat(text) for text in person.page.locator(".turn .question bdi").all_inner_texts()]


def listed(person: Reader) -> list[str]:
    person.page.locator("#open-list").click()
    return [flat(text) for text in person.page.locator(".kept-name").all_inner_texts()]


# --- kept


def test_a_conversation_survives_a_reload(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    person.ask(CAMPUS)
    person.ask(NOT_SAID)
    person.page.reload()
    person.answered(2)
    assert questions(person) == [flat(CAMPUS), flat(NOT_SAID)]
    mark = person.page.locator("#turn-1 a.mark").first
    start, end = place_of(mark)
    mark.click()
    assert person.marked() == assistant.page.text[start:end]
    assert person.page.locator("#turn-2 .nearby-link").count()
    assert person.ask("Et quand ?").get_attribute("id") == "turn-3"


def test_a_conversation_survives_leaving_and_coming_back(reader: Opener) -> None:
    person = reader()
    person.ask(HUB)
    person.page.goto(person.url + "mentions-legales")
    person.page.go_back()
    person.answered(1)
    assert questions(person) == [flat(HUB)]


def test_a_conversation_survives_a_server_that_restarts(
    reader: Opener, assistant: Assistant, settings: Settings
) -> None:
    settings = settings.with_(port=free_port())
    with live(settings, lambda *_: assistant) as mortal:
        person = reader(mortal.url, faults=True)
        person.ask(CAMPUS)
    with live(settings, lambda *_: assistant):
        person.page.reload()
        person.answered(1)
        turn = person.ask("Et quand ?")
        assert flat(CAMPUS) in flat(turn.locator(".follows").inner_text())


def test_a_new_tab_begins_anew_and_offers_the_last_conversation(reader: Opener) -> None:
    person = reader()
    person.ask(HUB)
    other = Reader(person.page.context.new_page(), person.url).open()
    assert other.page.locator(".turn").count() == 0
    other.page.locator(".resume button").click()
    other.answered(1)
    assert questions(other) == [flat(HUB)]


def test_my_conversations_are_opened_renamed_and_deleted(reader: Opener) -> None:
    person = reader()
    for question in (HUB, CAMPUS):
        person.ask(question)
        person.page.locator("#new").click()
    assert listed(person) == [flat(CAMPUS), flat(HUB)]
    person.page.get_by_role("button", name=words.RENAME_LABEL.format(name=CAMPUS)).click()
    person.page.keyboard.type("Le campus")
    person.page.keyboard.press("Enter")
    assert [flat(t) for t in person.page.locator(".kept-name").all_inner_texts()] == ["Le campus", flat(HUB)]
    person.page.locator(".kept-open").nth(1).click()
    person.answered(1)
    assert questions(person) == [flat(HUB)]
    listed(person)
    current = person.page.locator(".kept-open[aria-current=true]")
    assert flat(words.ON_SCREEN) in flat(current.inner_text()) and flat(HUB) in flat(current.inner_text())
    assert all(b["height"] < 40 for b in (e.bounding_box() for e in person.page.locator("#list .action:visible").all()))
    person.page.get_by_role("button", name=words.FORGET_LABEL.format(name=HUB)).click()
    assert person.page.locator(".turn").count() == 0
    # the list stays, for the next that goes
    assert person.page.locator(".kept-name").all_inner_texts() == ["Le campus"]
    assert person.page.locator("#list").get_by_text(words.FORGOTTEN).is_visible()
    person.page.locator("#list").get_by_role("button", name=words.UNDO).click()
    assert [flat(t) for t in person.page.locator(".kept-name").all_inner_texts()] == ["Le campus", flat(HUB)]
    person.page.locator("#list .close-dialog").click()
    person.answered(1)
    assert questions(person) == [flat(HUB)]
    listed(person)
    person.page.locator("#forget-all").click()
    assert person.js("localStorage.getItem('pageqa.conversations')") is None


def test_a_greeting_names_no_conversation_for_long(reader: Opener) -> None:
    person = reader()
    person.ask("Bonjour")
    assert listed(person) == ["Bonjour"]
    person.page.keyboard.press("Escape")
    person.ask(HUB)
    assert listed(person) == [flat(HUB)]
    person.page.get_by_role("button", name=words.RENAME_LABEL.format(name=HUB)).click()
    person.page.keyboard.type("Le Hub")
    person.page.keyboard.press("Enter")
    person.page.keyboard.press("Escape")
    person.ask(CAMPUS)
    assert listed(person) == ["Le Hub"]


def test_a_new_conversation_can_be_undone(reader: Opener) -> None:
    person = reader()
    person.ask(HUB)
    person.page.locator("#new").click()
    assert person.page.locator(".turn").count() == 0
    person.page.locator(".notice").get_by_role("button", name=words.UNDO).first.click()
    person.answered(1)
    assert questions(person) == [flat(HUB)]


def test_the_last_twenty_are_kept(reader: Opener) -> None:
    person = reader()
    person.ask(HUB)
    person.js(
        """() => { const [c] = JSON.parse(localStorage['pageqa.conversations']);
        localStorage['pageqa.conversations'] = JSON.stringify(
          [...Array(25).keys()].map(n => ({ ...c, id: 'c' + n, name: 'N' + n, at: n }))) }"""
    )
    person.page.locator("#new").click()
    person.ask(CAMPUS)
    names = listed(person)
    assert len(names) == 20 and names[0] == flat(CAMPUS) and "N24" in names and "N5" not in names


def test_an_answer_of_a_page_that_has_changed_says_so(reader: Opener) -> None:
    person = reader()
    person.ask(HUB)
    person.js(
        """() => { const kept = JSON.parse(localStorage['pageqa.conversations']);
        kept[0].turns[0].record.page = 'ancienne'; localStorage['pageqa.conversations'] = JSON.stringify(kept) }"""
    )
    person.page.reload()
    turn = person.page.locator("#turn-1.is-stale")
    turn.wait_for()
    assert words.STALE in turn.inner_text() and "Health Data Hub" in turn.inner_text()
    assert turn.locator("a.mark").count() == 0
    turn.locator("[data-ask]").click()
    person.answered(2)


def test_a_browser_that_keeps_nothing_still_answers(reader: Opener) -> None:
    person = reader(open_=False)
    person.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })"
    )
    person.open().ask(HUB)
    person.page.locator("#open-list").click()
    assert person.page.locator(".unkept").is_visible()


def test_a_likely_answer_says_so(reader: Opener) -> None:
    """Kept as sure, opened again as likely: which questions are only likely depends on the weights."""
    person = reader()
    person.ask(HUB)
    person.js(
        """() => { const kept = JSON.parse(localStorage['pageqa.conversations']);
        const record = kept[0].turns[0].record; record.certainty = 'likely';
        record.lines.forEach(l => l.parts.forEach(p => p.strong = false));
        localStorage['pageqa.conversations'] = JSON.stringify(kept) }"""
    )
    person.page.reload()
    turn = person.answered(1)
    assert words.LIKELY in turn.locator(".certainty").inner_text()
    assert turn.locator("a.mark").count()


# --- links


def test_a_link_to_a_follow_up_carries_the_question_before_it(reader: Opener) -> None:
    person = reader(**CLIPBOARD)
    person.ask(CAMPUS)
    turn = person.ask("Et quand ?")
    turn.get_by_role("button", name=words.COPY_LINK_LABEL).click()
    turn.get_by_text(words.COPIED).wait_for()
    query = parse_qs(urlsplit(clipboard(person)).query)
    assert query == {"q": ["Et quand ?"], "after": [CAMPUS]}
    other = reader(clipboard(person), open_=False).open(ready="#turn-1:is(.is-answer, .is-refusal)")
    assert flat(CAMPUS) in flat(other.page.locator(".follows").inner_text())
    other.page.reload()  # opened, not asked again
    other.answered(1)
    assert other.page.locator(".turn").count() == 1 and "?" not in other.page.url


# --- nothing is stuck


def asked_in_tabs(person: Reader, count: int) -> list[Reader]:
    """``count`` tabs of one browser, a question under way in each."""
    tabs = [person, *(Reader(person.page.context.new_page(), person.url) for _ in range(count - 1))]
    for tab in tabs[1:]:
        tab.open()
    for tab in tabs:
        tab.box.fill(HUB)
        tab.box.press("Enter")
    return tabs


def test_twenty_tabs_are_answered(reader: Opener) -> None:
    """A browser has six connections for one host: no tab may keep one."""
    person = reader()
    tabs = asked_in_tabs(person, 20)
    for tab in tabs:
        tab.page.locator("#turn-1.is-answer, .lost:visible, .fault:visible").first.wait_for(timeout=90_000)
        assert tab.page.locator("#turn-1.is-answer").count() == 1
    assert all(not tab.faults for tab in tabs)


class Slow:
    """The assistant, which waits before it answers."""

    def __init__(self, real: Assistant) -> None:
        self.real = real
        self.go = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def ask(self, *arguments: Any) -> Any:
        self.go.wait(30)
        return self.real.ask(*arguments)


@pytest.fixture
def slow(assistant: Assistant, settings: Settings) -> Any:
    patient = Slow(remembering(assistant))
    with live(settings, lambda *_: patient) as running:
        running.loader.wait(10)
        yield patient, running
        patient.go.set()


def test_a_question_can_be_stopped(reader: Opener, slow: tuple[Slow, Live]) -> None:
    patient, running = slow
    person = reader(running.url)
    person.box.fill(OFF_TOPIC)
    person.box.press("Enter")
    person.page.locator(".is-pending").wait_for()
    assert not person.page.locator("#ask").is_visible()
    person.page.locator("#stop").click()
    assert person.page.locator(".turn").count() == 0
    assert person.box.input_value() == OFF_TOPIC
    person.box.fill(HUB)
    patient.go.set()
    person.box.press("Enter")
    assert "Health Data Hub" in person.answered(1).locator(".answer").inner_text()
    person.page.wait_for_timeout(300)
    assert person.page.locator(".turn").count() == 1


def test_a_question_is_edited_and_asked_again(reader: Opener) -> None:
    person = reader()
    person.ask(CAMPUS)
    person.ask(OFF_TOPIC)
    person.page.locator("#turn-2 [data-edit]").click()
    assert person.box.input_value() == OFF_TOPIC and person.focused() == "question"
    assert person.page.get_by_text(words.EDITING).is_visible()
    turn = person.ask("Et quand ?")
    assert turn.get_attribute("id") == "turn-3"
    assert flat(CAMPUS) in flat(turn.locator(".follows").inner_text())
    assert not person.page.get_by_text(words.EDITING).is_visible()


def test_the_up_key_recalls_questions(reader: Opener) -> None:
    person = reader()
    person.ask(HUB)
    person.ask(CAMPUS)
    press = person.box.press
    press("ArrowUp")
    assert person.box.input_value() == CAMPUS
    press("ArrowUp")
    assert person.box.input_value() == HUB
    press("ArrowDown")
    press("ArrowDown")
    assert person.box.input_value() == ""
    person.box.fill("Autre chose")
    press("ArrowUp")
    assert person.box.input_value() == "Autre chose"


def test_back_closes_the_drawer_first(reader: Opener) -> None:
    person = reader(viewport=PHONE)
    person.ask(HUB).locator("a.mark").first.click()
    assert person.page.locator("#page").is_visible()
    person.page.go_back()
    person.page.locator("#page").wait_for(state="hidden")
    assert questions(person) == [flat(HUB)] and person.page.url == person.url
    person.page.locator("#open-page").click()
    person.page.locator("#close-page").click()
    person.page.locator("#page").wait_for(state="hidden")
    person.page.locator("#turn-1 a.mark").first.click()
    assert person.page.locator("#page").is_visible()


def test_tabs_that_wait_long_are_not_told_that_the_server_is_lost(reader: Opener, slow: tuple[Slow, Live]) -> None:
    """Eight tabs hold every connection that the browser has: asking whether the server is there waits too."""
    patient, running = slow
    person = reader(running.url)
    tabs = asked_in_tabs(person, 12)
    person.page.wait_for_timeout(16_000)
    assert not any(tab.page.locator(".lost").is_visible() for tab in tabs)
    patient.go.set()
    for tab in tabs:
        tab.page.locator("#turn-1.is-answer").wait_for(timeout=60_000)
