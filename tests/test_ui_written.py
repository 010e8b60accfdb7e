"""In the browser, with a language model: sentences appear as they are checked, told apart from the page's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rag import Assistant
from tests.conftest import CAMPUS, OFF_TOPIC, Live, Opener, live
from tests.scripted import Script, scripted
from tests.test_generate import FALSE, TRUE, with_generator
from ui import words

SHOWN = TRUE.removesuffix(" [1].") + "."


@pytest.fixture(scope="module")
def script() -> Script:
    return Script()


@pytest.fixture(scope="module")
def writing(assistant: Assistant, script: Script) -> Iterator[Live]:
    """The application with a language model's server that writes ``script``."""
    with scripted(script) as generator:
        phrasing = with_generator(assistant, generator, 20.0)
        with live(phrasing.settings, lambda *_: phrasing) as server:
            server.loader.wait(10)
            yield server


@pytest.fixture(autouse=True)
def fresh(script: Script) -> None:
    script.__init__()  # type: ignore[misc]


def test_a_checked_sentence_is_on_screen_before_the_next_is_written(
    reader: Opener, writing: Live, script: Script
) -> None:
    script.text, script.pause = f"{TRUE} {TRUE} " + "Encore" + " encore" * 40 + ".", 0.06
    person = reader(writing.url)
    person.box.fill(CAMPUS)
    person.box.press("Enter")
    early = person.page.locator("#turn-1.is-pending .so-far")
    early.locator(".by-model").wait_for()
    assert SHOWN in early.inner_text() and words.BY_MODEL in early.inner_text()
    assert words.WRITING in person.turn.inner_text()
    turn = person.answered(1)
    assert (
        SHOWN in turn.locator(".by-model").inner_text().replace("\u00a0[1]", "") and "encore" not in turn.inner_text()
    )
    assert person.page.locator(".so-far").count() == 0


def test_who_wrote_what_is_told_apart_and_a_switch_shows_the_page_alone(
    reader: Opener, writing: Live, script: Script
) -> None:
    script.text = "PariSanté Campus est un projet ambitieux de campus en santé numérique [1]."
    person = reader(writing.url)
    turn = person.ask(CAMPUS)
    model, page = turn.locator(".answer:visible .by-model"), turn.locator(".answer:visible .by-page")
    assert words.BY_MODEL in model.inner_text() and "4 décembre" not in model.inner_text()
    assert words.BY_PAGE in page.inner_text() and "4 décembre 2020" in page.inner_text()
    switch = turn.get_by_role("button", name=words.QUOTES_ALONE)
    switch.click()
    assert switch.get_attribute("aria-pressed") == "true" and not model.count()
    assert "4 décembre 2020" in page.inner_text()
    switch.click()
    assert switch.get_attribute("aria-pressed") == "false" and model.count()
    model.locator("a.mark").first.click()
    assert "projet ambitieux" in person.marked()
    person.page.reload()
    person.page.locator("#turn-1 .by-model").wait_for()
    assert "projet ambitieux" in person.page.locator("#turn-1 .by-model").inner_text()


def test_what_the_page_does_not_say_never_reaches_the_screen(reader: Opener, writing: Live, script: Script) -> None:
    script.text = f"{FALSE} <img src=x onerror=alert(1)> Le campus est gratuit à Lyon [1]."
    person = reader(writing.url)
    turn = person.ask(CAMPUS)
    told = turn.inner_text()
    assert "Villejuif" not in told and "Lyon" not in told and "4 décembre 2020" in told
    assert "n’a pu être vérifié" in told and not turn.locator(".by-model, img, .switch").count()
    asked = len(script.asked)
    assert "is-refusal" in person.ask(OFF_TOPIC).get_attribute("class") and len(script.asked) == asked


def test_stop_stops_the_writing(reader: Opener, writing: Live, script: Script) -> None:
    script.text, script.pause = f"{TRUE} " + "Encore" + " encore" * 400 + ".", 0.05
    person = reader(writing.url)
    person.box.fill(CAMPUS)
    person.box.press("Enter")
    person.page.locator(".so-far").wait_for()
    person.page.locator("#stop").click()
    assert script.gone.wait(5) and not person.page.locator(".turn").count()
    assert person.box.input_value() == CAMPUS
    script.text, script.pause = TRUE, 0.0
    assert SHOWN in person.ask(CAMPUS).inner_text().replace("\u00a0[1]", "")


def test_what_is_said_of_the_application_is_true_with_a_model(reader: Opener, writing: Live) -> None:
    person = reader(writing.url)
    person.page.locator("#open-about").click()
    told = person.page.locator("#about").inner_text()
    assert words.ABOUT_WRITTEN in told and words.ABOUT_QUOTED not in told
    person.page.locator("#close-about").click()
    assert "un modèle de langue écrit" in person.ask("Es-tu un robot ?").inner_text()
    for path, sentence in (
        ("donnees", "transmis au modèle de langue"),
        ("mentions-legales", words.LEGAL_CONTENT_WRITTEN),
    ):
        person.page.goto(writing.url + path)
        assert sentence in person.page.locator("main").inner_text()
