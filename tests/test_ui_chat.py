"""The chat beside the page, in a real browser, on the real assistant."""

from __future__ import annotations

import re
import sqlite3
import threading
from typing import Any
from urllib.parse import quote

import pytest

from index.settings import Settings
from rag import Assistant
from rag.compose.phrases import follows
from tests.conftest import (
    ADDRESS,
    CAMPUS,
    HUB,
    NOT_SAID,
    OFF_TOPIC,
    PHONE,
    WIDE,
    Live,
    Opener,
    Reader,
    free_port,
    live,
)
from ui import words


def flat(text: str) -> str:
    """Text with every run of white space as one plain space."""
    return " ".join(text.split())


def place_of(mark: Any) -> tuple[int, int]:
    return int(mark.get_attribute("data-start")), int(mark.get_attribute("data-end"))


# --- the first screen


def test_first_screen(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    page = assistant.page
    assert person.js("document.documentElement.lang") == "fr"
    assert person.page.locator("h1").count() == 1
    assert page.title in person.page.title()
    for role in ("banner", "main", "complementary", "contentinfo"):
        assert person.page.get_by_role(role).count() == 1, role
    foot = flat(person.page.locator("#bottom").inner_text())
    for fact in (page.updated, page.publisher, words.NOT_MEDICAL):
        assert flat(fact) in foot
    assert flat(page.licence.removeprefix("Licence")).lower() in foot.lower()
    shown = flat(person.page.locator("#page").inner_text())
    for block in page.blocks:
        if block.kind != "gap":
            assert flat(page.text[block.start : block.end]) in shown
    assert shown.count(words.GAP) >= 4


def test_starters_are_pressed(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    buttons = person.page.locator(".welcome [data-ask]")
    assert [flat(t) for t in buttons.all_inner_texts()] == [flat(s) for s in assistant.starters]
    buttons.first.click()
    turn = person.answered(1)
    assert flat(assistant.starters[0]) in flat(turn.locator(".question").inner_text())
    assert not person.page.locator(".welcome").is_visible()


def test_chat_left_page_right_each_scrolls_alone(reader: Opener) -> None:
    person = reader(viewport={"width": 1280, "height": 640})
    chat, page = (person.page.locator(s).bounding_box() for s in ("#chat", "#page"))
    assert chat["x"] + chat["width"] <= page["x"] + 1 and abs(chat["y"] - page["y"]) < 2
    person.ask(HUB)
    person.ask(CAMPUS)
    person.ask(OFF_TOPIC)
    scroll = "s => { const e = document.querySelector(s); e.scrollTop = 0; e.scrollTop = 60; return e.scrollTop }"
    person.page.wait_for_timeout(700)  # smooth scrolling of the last answer ends
    assert person.js(scroll, ".page-scroll") == 60
    person.js("document.querySelector('.conversation').scrollTop = 0")
    assert person.js("document.querySelector('.page-scroll').scrollTop") == 60
    assert person.js(scroll, ".conversation") == 60
    assert person.js("[scrollY, document.documentElement.scrollHeight - innerHeight]") == [0, 0]


# --- an answer and its marks


def test_ask_read_press_a_mark_see_the_words(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    turn = person.ask(HUB)
    assert "Health Data Hub" in turn.locator(".answer").inner_text()
    assert person.box.input_value() == ""
    mark = turn.locator("a.mark").first
    start, end = place_of(mark)
    passage = mark.get_attribute("data-passage")
    mark.click()
    assert person.marked() == assistant.page.text[start:end]
    chip = person.page.locator(f"#p-{passage}").locator("xpath=preceding-sibling::*[1]")
    assert "1" in chip.inner_text().split()
    assert chip.bounding_box()["x"] < person.page.locator(f"#p-{passage}").bounding_box()["x"]
    person.page.wait_for_timeout(600)
    view = person.page.locator(".page-scroll").bounding_box()
    words_ = person.page.locator("mark.quote").first.bounding_box()
    assert view["y"] <= words_["y"] <= view["y"] + view["height"]
    assert person.focused() == "quote"


def test_passages_of_the_answer_are_tinted_and_numbered(reader: Opener) -> None:
    person = reader()
    turn = person.ask(HUB)
    cited = set(turn.locator("a.mark").evaluate_all("ms => ms.map(m => m.dataset.passage)"))
    tinted = set(person.page.locator("#page .is-cited").evaluate_all("ps => ps.map(p => p.dataset.passage)"))
    assert tinted == cited
    numbers = set(turn.locator("a.mark").evaluate_all("ms => ms.map(m => m.dataset.n)"))
    assert set(person.page.locator("#page .chip").all_inner_texts()) == numbers
    person.ask(OFF_TOPIC)
    assert person.page.locator("#page .chip").count() == 0


def test_marks_of_earlier_answers_work_as_well(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    first = person.ask(HUB)
    person.ask(CAMPUS)
    person.ask(OFF_TOPIC)
    mark = first.locator("a.mark").first
    start, end = place_of(mark)
    mark.click()
    assert person.marked() == assistant.page.text[start:end]
    tinted = set(person.page.locator("#page .is-cited").evaluate_all("ps => ps.map(p => p.dataset.passage)"))
    assert mark.get_attribute("data-passage") in tinted


@pytest.mark.parametrize("way", ["a.back", "a.chip"])
def test_from_the_passage_back_to_the_answer(reader: Opener, way: str) -> None:
    person = reader()
    turn = person.ask(HUB)
    person.ask(OFF_TOPIC)
    turn.locator("a.mark").first.click()
    person.page.locator(f"#page {way}").first.click()
    assert person.js("document.activeElement.matches('#turn-1 a.mark')")
    person.page.wait_for_timeout(600)
    box, view = (
        turn.locator("a.mark").first.bounding_box(),
        person.page.locator(".conversation").bounding_box(),
    )
    assert view["y"] <= box["y"] <= view["y"] + view["height"]


def test_the_card_of_a_mark(reader: Opener, assistant: Assistant) -> None:
    """Section, quote and the words around it; beside the answer, never over the lines that come next."""
    person = reader()
    turn = person.ask(HUB)
    mark = turn.locator("a.mark").first
    start, end = place_of(mark)
    card = person.page.locator("#card")
    assert not card.is_visible()
    mark.hover()
    assert card.locator("strong").inner_text() == assistant.page.text[start:end]
    passage = assistant.passages[int(mark.get_attribute("data-passage"))]
    assert passage.section[-1] in card.locator(".source-path").inner_text()
    answer, box = turn.locator(".answer").bounding_box(), card.bounding_box()
    assert box["x"] >= answer["x"] + answer["width"]
    card.hover()  # the pointer may move onto it (WCAG 1.4.13)
    person.page.wait_for_timeout(300)
    assert card.is_visible()
    person.page.keyboard.press("Escape")
    assert not card.is_visible()
    person.page.mouse.move(5, 5)
    mark.focus()
    assert card.is_visible() and mark.get_attribute("aria-describedby") == "card"
    person.box.focus()
    card.wait_for(state="hidden")


def test_the_card_shows_the_words_around_a_part_of_a_passage(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    mark = person.ask(HUB).locator("a.mark").first
    passage = next(p for p in assistant.passages if len(p.sentences) > 2 and not p.role)
    start, end = passage.sentences[1]
    mark.evaluate("(m, d) => Object.assign(m.dataset, d)", {"start": start, "end": end, "passage": passage.id})
    mark.focus()
    told = flat(person.page.locator("#card").inner_text())
    before = flat(assistant.page.text[passage.sentences[0][0] : passage.sentences[0][1]])
    assert flat(assistant.page.text[start:end]) in told and before[-20:] in told


def test_with_reduced_motion_nothing_moves(reader: Opener) -> None:
    person = reader(reduced_motion="reduce", open_=False)
    person.page.add_init_script(
        "window.smooth = 0; const old = Element.prototype.scrollTo;"
        "Element.prototype.scrollTo = function (o) { if (o?.behavior === 'smooth') window.smooth++; old.apply(this, arguments) }"
    )
    person.open()
    person.ask(HUB).locator("a.mark").first.click()
    assert person.js("window.smooth") == 0
    assert person.js("getComputedStyle(document.querySelector('#page')).transitionDuration") == "0s"


# --- refusals, small talk, errors


def test_a_refusal(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    turn = person.ask(OFF_TOPIC)
    assert "is-refusal" in turn.get_attribute("class")
    assert words.REFUSALS["off_topic"] in turn.locator(".certainty").inner_text()
    assert turn.locator("a.mark").count() == 0


def test_a_refusal_leads_to_what_the_page_says_nearby(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    turn = person.ask(NOT_SAID)
    assert words.NEARBY in turn.inner_text()
    turn.locator(".nearby-link").first.click()
    passage = assistant.ask(NOT_SAID).nearby[0]
    assert person.marked() == "".join(
        assistant.page.text[max(b.start, passage.start) : min(b.end, passage.end)]
        for b in assistant.page.blocks
        if b.start < passage.end and b.end > passage.start
    )


def test_small_talk_is_plain(reader: Opener) -> None:
    turn = reader().ask("Bonjour")
    assert "is-refusal" not in turn.get_attribute("class")
    assert turn.locator(".certainty").count() == 0


def test_markup_is_text(reader: Opener) -> None:
    person = reader()
    typed = "<img src=x onerror=\"alert('oh')\"> <b>Health Data Hub</b> ?"
    turn = person.ask(typed)
    assert turn.locator(".question").inner_text().endswith(typed)
    assert turn.locator("img, b").count() == 0


def test_a_fault_of_ours_is_said_and_the_question_stays(
    reader: Opener, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = reader()

    def broken(*_: object) -> None:
        raise RuntimeError("le lecteur a disparu")

    with monkeypatch.context() as patch:
        patch.setattr(type(assistant), "ask", broken)
        turn = person.ask(HUB)
    assert words.ERROR in turn.inner_text() and "disparu" not in turn.inner_text()
    assert person.box.input_value() == HUB
    person.page.get_by_role("alert").get_by_text(words.ERROR).wait_for(state="attached")
    turn.locator("[data-ask]").click()  # « Réessayer »
    assert "Health Data Hub" in person.answered(2).locator(".answer").inner_text()


@pytest.mark.parametrize("typed", ["?!", "mot " * 2000])
def test_a_question_that_cannot_be_asked_stays(reader: Opener, typed: str) -> None:
    person = reader()
    turn = person.ask(typed)
    assert "is-error" in turn.get_attribute("class")
    assert person.box.input_value() == typed


def test_an_empty_question_is_said(reader: Opener) -> None:
    person = reader()
    person.box.fill("   ")
    person.box.press("Enter")
    note = person.page.locator("#empty")
    assert note.inner_text() == words.EMPTY and person.focused() == "question"
    person.page.get_by_role("alert").get_by_text(words.EMPTY).wait_for(state="attached")
    assert person.page.locator(".turn").count() == 0
    assert person.ask(HUB).locator("a.mark").count()
    assert not note.is_visible()


def test_what_is_typed_meanwhile_stays(reader: Opener) -> None:
    person = reader()
    person.box.fill(HUB)
    person.box.press("Enter")
    person.page.locator(".turn").wait_for()
    person.box.fill("La suivante")
    person.answered(1)
    assert person.box.input_value() == "La suivante"


def test_a_lost_server_is_said_in_french_and_nothing_is_lost(
    reader: Opener, assistant: Assistant, settings: Settings
) -> None:
    settings = settings.with_(port=free_port())
    with live(settings, lambda *_: assistant) as mortal:
        person = reader(mortal.url, faults=True)
        person.ask(CAMPUS)
        mortal.stop()
        person.box.fill("Et quand ?")
        person.box.press("Enter")
        lost = person.page.locator(".lost")
        lost.wait_for(timeout=20_000)
        assert words.LOST in lost.inner_text()
        assert person.box.input_value() == "Et quand ?"
        assert not person.page.locator(".toast-wrap").is_visible()
    with live(settings, lambda *_: assistant):
        person.page.get_by_text(words.FOUND_AGAIN).first.wait_for(timeout=60_000)
        assert person.box.input_value() == "Et quand ?" and CAMPUS in person.answered(1).inner_text()
        person.box.press("Enter")  # the new server knows nothing of what was asked before
        assert CAMPUS in flat(person.answered(2).locator(".follows").inner_text())


# --- the first run


def test_progress_is_shown_and_an_early_question_is_answered(
    reader: Opener, assistant: Assistant, settings: Settings
) -> None:
    go = threading.Event()

    def slowly(_: Settings, progress: Any) -> Assistant:
        progress("Préparation de l’encodeur", 0.42)
        go.wait(30)
        return assistant

    with live(settings, slowly) as young:
        person = reader(young.url, open_=False).open(ready=".preparing")
        bar = person.page.get_by_role("progressbar")
        assert bar.get_attribute("aria-valuenow") == "42"
        assert "Préparation de l’encodeur" in person.page.locator(".preparing").inner_text()
        health = person.page.request.get(young.url + "health")
        assert health.status == 503 and health.json()["progress"] == 0.42
        person.box.fill(HUB)
        person.box.press("Enter")
        person.page.get_by_text(words.WAITING).first.wait_for()
        go.set()
        assert "Health Data Hub" in person.answered(1).locator(".answer").inner_text()
        person.page.locator(".page-text").wait_for()
        assert person.page.locator(".preparing").count() == 0 or not person.page.locator(".preparing").is_visible()
        assert person.page.request.get(young.url + "health").status == 200


def test_a_failed_start_is_said(reader: Opener, settings: Settings) -> None:
    def never(*_: object) -> Assistant:
        raise ValueError("le fichier page.txt n’existe pas")

    with live(settings, never) as dead:
        person = reader(dead.url, open_=False).open(ready=".intro .error")
        assert "page.txt" in person.page.locator(".intro .error").inner_text()
        assert person.page.request.get(dead.url + "health").json()["status"] == "failed"


# --- taking away


def clipboard(person: Reader) -> str:
    return str(person.js("navigator.clipboard.readText()"))


CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def test_sources(reader: Opener, assistant: Assistant) -> None:
    person = reader(**CLIPBOARD)
    turn = person.ask(HUB)
    turn.locator("summary").click()
    source = turn.locator(".source").first
    start, end = place_of(turn.locator("a.mark").first)
    assert flat(source.locator("blockquote").inner_text()) == flat(assistant.page.text[start:end])
    assert source.locator(".source-path").inner_text()
    assert words.ON_THE_SITE not in source.inner_text()  # the address of the bundled page is not known
    source.get_by_role("button", name=words.COPY_CITATION).click()
    source.get_by_text(words.COPIED).wait_for()
    copied = clipboard(person)
    assert flat(assistant.page.text[start:end]) in copied
    assert assistant.page.title in copied and assistant.page.updated in copied
    source.locator(".to-page").click()
    assert person.marked() == assistant.page.text[start:end]


def test_copy_the_answer_with_its_sources(reader: Opener) -> None:
    person = reader(**CLIPBOARD)
    turn = person.ask(HUB)
    turn.get_by_role("button", name=words.COPY_ANSWER_LABEL).click()
    person.page.get_by_role("status").get_by_text(words.COPIED).wait_for(state="attached")
    copied = clipboard(person)
    assert HUB in copied and "[1] " in copied and words.EXPORT_SOURCES in copied


def test_the_link_to_a_question_opens_on_it(reader: Opener) -> None:
    person = reader(**CLIPBOARD)
    turn = person.ask(HUB)
    turn.get_by_role("button", name=words.COPY_LINK_LABEL).click()
    person.page.wait_for_timeout(150)
    link = clipboard(person)
    assert link.startswith(person.url + "?q=")
    other = reader(link, open_=False).open(ready="#turn-1.is-answer")
    assert flat(HUB) in flat(other.page.locator(".question").inner_text())


def test_q_opens_on_a_question_once(reader: Opener) -> None:
    person = reader(open_=False).open("?q=" + quote(HUB), ready="#turn-1.is-answer")
    assert person.page.locator(".turn").count() == 1
    person.page.locator("#new").click()
    person.page.locator(".welcome").wait_for()
    assert person.page.url == person.url and person.page.locator(".turn").count() == 0


def test_download_and_new_conversation(reader: Opener) -> None:
    person = reader()
    assert not person.page.locator("#download").is_visible()
    person.ask(HUB)
    person.ask(OFF_TOPIC)
    with person.page.expect_download() as waiting:
        person.page.locator("#download").click()
    assert waiting.value.suggested_filename.endswith(".md")
    markdown = waiting.value.path().read_text(encoding="utf-8")
    assert "Health Data Hub" in markdown and words.EXPORT_SOURCES in markdown and markdown.count("\n## ") == 2
    person.page.locator("#new").click()
    person.page.locator(".welcome").wait_for()
    assert person.page.locator(".turn").count() == 0
    assert person.page.locator("#page .is-cited, #page mark").count() == 0
    assert person.ask(CAMPUS).get_attribute("id") == "turn-1"


def test_a_follow_up_says_what_it_leans_on(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    person.ask(CAMPUS)
    follow = "Et quand ?"
    turn = person.ask(follow)
    expected = assistant.ask(follow, [CAMPUS])
    assert ("is-refusal" in turn.get_attribute("class")) == (expected.refused and expected.reason != "chat")
    assert expected.question.previous
    told = flat(turn.locator(".follows").inner_text())
    assert told == flat(follows(expected.question))


def test_about_explains_the_two_signs(reader: Opener) -> None:
    person = reader()
    person.page.get_by_role("button", name=words.ABOUT).click()
    told = person.page.get_by_role("dialog", name=words.ABOUT).inner_text()
    assert "[…] veut dire" in told and "… veut dire" in told.replace("[…] veut dire", "")


def test_feedback_is_kept_only_when_sent_and_can_be_changed(reader: Opener, server: Live) -> None:
    person = reader()
    file = server.settings.data_dir / "feedback.sqlite"
    before = rows(file)
    turn = person.ask(HUB)
    turn.locator("summary").click()
    turn.get_by_role("button", name=words.USEFUL, exact=True).click()
    form = turn.locator("form.feedback")
    assert words.FEEDBACK_KEPT in form.inner_text()
    assert rows(file) == before
    form.get_by_role("button", name=words.CANCEL).click()
    assert not form.is_visible()
    down = turn.get_by_role("button", name=words.NOT_USEFUL)
    down.click()
    person.page.keyboard.type("Trop court, l’ami")
    person.page.keyboard.press("Enter")
    turn.get_by_text(words.FEEDBACK_THANKS).wait_for()
    added = rows(file)[len(before) :]
    assert len(added) == 1
    assert (added[0]["useful"], added[0]["word"], added[0]["question"]) == (0, "Trop court, l’ami", HUB)
    assert down.get_attribute("aria-pressed") == "true"
    assert turn.locator(".source").first.is_visible()  # a vote does not close the sources
    up = turn.get_by_role("button", name=words.USEFUL, exact=True)
    up.click()
    person.page.keyboard.press("Enter")
    person.page.wait_for_function("() => document.querySelector('[data-vote=up]').ariaPressed === 'true'")
    changed = rows(file)[len(before) :]
    assert len(changed) == 1 and changed[0]["useful"] == 1
    person.page.reload()
    person.answered(1)
    assert up.get_attribute("aria-pressed") == "true" and down.get_attribute("aria-pressed") == "false"


def test_an_error_can_be_reported(reader: Opener, server: Live) -> None:
    person = reader()
    file = server.settings.data_dir / "feedback.sqlite"
    before = len(rows(file))
    turn = person.ask(CAMPUS)
    turn.get_by_role("button", name=words.REPORT).click()
    assert turn.locator("form.feedback label").inner_text() == words.REPORT_WORD
    person.page.keyboard.type("La date est fausse")
    person.page.keyboard.press("Enter")
    turn.get_by_text(words.FEEDBACK_THANKS).wait_for()
    kept = rows(file)[before:]
    assert [(row["useful"], row["word"]) for row in kept] == [(0, "La date est fausse")]


def rows(file: Any) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    with sqlite3.connect(file) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute("SELECT * FROM feedback ORDER BY id")]


def test_only_the_readers_own_browser_keeps_what_is_asked(
    reader: Opener, server: Live, capfd: pytest.CaptureFixture[str]
) -> None:
    person = reader()
    secret = "Le Health Data Hub garde-t-il mon secret zwyxw ?"
    person.ask(secret)
    assert person.js("document.cookie") == "" and person.page.context.cookies() == []
    assert person.js("async () => (await indexedDB.databases()).length") == 0
    assert person.js("Object.keys(localStorage)") == ["pageqa.conversations"]
    assert [f.name for f in server.settings.data_dir.iterdir() if f.name != "feedback.sqlite"] == []
    file = server.settings.data_dir / "feedback.sqlite"
    assert not file.exists() or b"zwyxw" not in file.read_bytes()
    captured = capfd.readouterr()
    assert "zwyxw" not in captured.out + captured.err


# --- where the address is known


def test_a_link_to_the_public_page_at_the_quote(reader: Opener, addressed: Live) -> None:
    person = reader(addressed.url)
    turn = person.ask(HUB)
    turn.locator("summary").click()
    link = turn.locator(".source a", has_text=words.ON_THE_SITE).first
    assert str(link.get_attribute("href")).startswith(ADDRESS + "#:~:text=")
    assert link.get_attribute("target") == "_blank" and "noopener" in str(link.get_attribute("rel"))
    assert person.page.locator(".page-site a").get_attribute("href") == ADDRESS


def test_browsers_find_the_quote_by_its_fragment(chromium: Any, assistant: Assistant, tmp_path: Any) -> None:
    """Chromium scrolls to what a text fragment names: each passage's sentences, on a page made of them."""
    from ui.fragments import text_directive

    blocks = "".join(
        f'<p id="b{n}" style="margin:150vh 0">{assistant.page.text[b.start : b.end]}</p>'
        for n, b in enumerate(assistant.page.blocks)
        if b.kind != "gap"
    )
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><meta charset=utf-8><body>{blocks}", encoding="utf-8")
    page = chromium.new_page(viewport=WIDE)
    spans = [s for p in assistant.passages for s in p.sentences][::2]
    spans += [(p.start, p.end) for p in assistant.passages if "\n" in p.text]
    missed = []
    for start, end in spans:
        page.goto("about:blank")
        page.goto(f"{file.as_uri()}#:~:{text_directive(assistant.page.text[start:end])}")
        home = next(n for n, b in enumerate(assistant.page.blocks) if b.start <= start < b.end)
        try:
            page.wait_for_function(
                f"() => {{ const r = document.querySelector('#b{home}').getBoundingClientRect();"
                "return r.bottom > 0 && r.top < innerHeight }",
                timeout=6000,
            )
        except Exception:
            missed.append(assistant.page.text[start:end])
    page.close()
    assert not missed


# --- about


def test_about_is_one_press_away(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    person.page.get_by_role("button", name=words.ABOUT).click()
    dialog = person.page.get_by_role("dialog", name=words.ABOUT)
    told = flat(dialog.inner_text())
    for heading, _ in words.ABOUT_PARTS:
        assert flat(heading) in told
    assert flat(assistant.page.title) in told and assistant.page.updated in told
    person.page.keyboard.press("Escape")
    assert not dialog.is_visible()
    assert person.focused() == "open-about"


# --- phone


def test_phone_has_one_column_and_no_sideways_scroll(reader: Opener) -> None:
    person = reader(viewport=PHONE)
    assert not person.page.locator("#page").is_visible()
    person.ask("Qu'est-ce que le Health Data Hub ? " + "anticonstitutionnellement" * 12)
    person.ask(HUB).locator("summary").click()
    wide = person.js(
        """() => [document.documentElement.scrollWidth, ...[...document.querySelectorAll('.conversation, #page .page-scroll')]
        .map(e => e.scrollWidth - e.clientWidth)]"""
    )
    assert wide[0] <= 375 and all(extra <= 0 for extra in wide[1:])


def test_phone_a_mark_opens_the_drawer_and_escape_closes_it(reader: Opener, assistant: Assistant) -> None:
    person = reader(viewport=PHONE)
    turn = person.ask(HUB)
    mark = turn.locator("a.mark").first
    start, end = place_of(mark)
    mark.click()
    drawer = person.page.get_by_role("dialog", name=words.THE_PAGE_LABEL)
    assert drawer.is_visible() and person.marked() == assistant.page.text[start:end]
    person.page.wait_for_timeout(500)
    box = person.page.locator("mark.quote").first.bounding_box()
    assert 0 <= box["y"] <= 812 and 0 <= box["x"] <= 375
    for _ in range(12):  # the focus cannot leave
        person.page.keyboard.press("Tab")
        assert person.js("document.activeElement === document.body || !!document.activeElement.closest('#page')")
    person.page.keyboard.press("Escape")
    assert not person.page.locator("#page").is_visible()
    assert person.js("document.activeElement.matches('a.mark')")


def test_phone_the_drawer_by_its_button_and_back(reader: Opener) -> None:
    person = reader(viewport=PHONE)
    person.page.locator("#open-page").click()
    assert person.focused() == "close-page"
    person.page.get_by_role("button", name=words.CLOSE_PAGE).click()
    assert person.focused() == "open-page"
    person.ask(HUB).locator("a.mark").first.click()
    person.page.locator("#page a.back").click()
    assert not person.page.locator("#page").is_visible()
    assert person.js("document.activeElement.matches('#turn-1 a.mark')")
    assert not person.page.locator("#card").is_visible()  # it would lie over the answer


def test_phone_the_input_stays_above_the_keyboard(reader: Opener) -> None:
    person = reader(viewport=PHONE)
    person.ask(HUB)
    person.page.set_viewport_size({"width": 375, "height": 430})  # what a keyboard leaves
    person.page.wait_for_timeout(200)
    box = person.box.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 430
    viewport = person.js("document.querySelector('meta[name=viewport]').content")
    assert "interactive-widget=resizes-content" in viewport and "maximum-scale" not in viewport


# --- everyone


def test_keyboard_from_the_question_to_the_quote_and_back(reader: Opener, assistant: Assistant) -> None:
    person = reader()
    press = person.page.keyboard.press
    assert person.focused() == "question"  # on a wide screen one types at once
    person.page.locator(".skip").first.focus()
    assert person.js("document.activeElement.textContent") == words.SKIP_TO_QUESTION
    press("Enter")
    assert person.js("document.activeElement.matches('#question')")
    person.page.keyboard.type(HUB)
    press("Enter")
    person.answered(1)
    for _ in range(30):
        press("Shift+Tab")
        if person.js("document.activeElement.matches('a.mark')"):
            break
    assert person.js("document.activeElement.matches('a.mark')")
    start, end = place_of(person.page.locator("a.mark:focus"))
    assert person.page.locator("#card").is_visible()
    press("Enter")
    assert person.marked() == assistant.page.text[start:end] and person.focused() == "quote"
    press("Tab")
    assert person.focused() == "back"
    assert person.js("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press("Enter")
    assert person.js("document.activeElement.matches('#turn-1 a.mark')")
    press("Enter")
    press("Escape")
    assert person.js("document.activeElement.matches('#turn-1 a.mark')")


def test_the_answer_is_announced_and_marks_have_names(reader: Opener) -> None:
    person = reader()
    turn = person.ask(HUB)
    said = person.page.locator("#said")
    person.page.wait_for_function("document.querySelector('#said').textContent.includes('Health Data Hub')")
    assert said.get_attribute("aria-live") == "polite"
    for mark in turn.locator("a.mark").all():
        name = str(mark.get_attribute("aria-label"))
        assert re.fullmatch(r"Source \d+, .+", name)
        assert str(mark.get_attribute("href")).startswith("#p-")
    assert turn.get_by_role("link", name="Source 1, Actions clés").count() == 1


def test_text_at_200_percent(reader: Opener) -> None:
    person = reader(viewport={"width": 1280, "height": 900})
    person.ask(HUB).locator("summary").click()
    person.page.add_style_tag(content="html { font-size: 200% !important }")
    person.page.wait_for_timeout(200)
    assert person.js("document.documentElement.scrollWidth") <= 1280
    assert person.js("parseFloat(getComputedStyle(document.querySelector('.answer')).fontSize)") >= 32
    box, view = person.box.bounding_box(), person.page.locator(".conversation").bounding_box()
    assert box["y"] + box["height"] <= 900 and view["height"] > 200
    cut = person.js(
        """() => [...document.querySelectorAll('#top button, .answer, .source, #bottom li')].filter(e =>
        e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline').map(e => e.outerHTML)"""
    )
    assert cut == []


def test_dark_follows_the_system_and_the_address(reader: Opener) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light, dark = reader().js(ground), reader(color_scheme="dark").js(ground)
    forced = reader(open_=False).open("?__theme=dark").js(ground)
    assert light != dark and dark == forced


def test_one_question_at_a_time(reader: Opener) -> None:
    person = reader()
    person.box.fill("Une autre question")
    # Both at once: an answer may come between two commands of a test.
    person.box.evaluate(
        """box => {
            document.querySelector(".welcome [data-ask]").click();
            box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
        }"""
    )  # too early: it waits in the box
    person.answered(1)
    assert person.page.locator(".turn").count() == 1
    assert person.box.input_value() == "Une autre question"
    person.page.wait_for_timeout(300)
    person.box.press("Enter")
    person.answered(2)


def test_copying_where_there_is_no_clipboard_api(reader: Opener) -> None:
    person = reader(open_=False)
    person.page.add_init_script("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    turn = person.open().ask(HUB)
    turn.get_by_role("button", name=words.COPY_ANSWER_LABEL).click()
    person.page.get_by_role("status").get_by_text(words.COPIED).wait_for(state="attached")
    person.box.focus()
    person.page.keyboard.press("Control+V")
    assert "Health Data Hub" in person.box.input_value() and "[1]" in person.box.input_value()
