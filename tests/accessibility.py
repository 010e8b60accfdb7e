"""``python -m tests.accessibility``: looks at every state with axe-core and writes what /accessibilite declares.

The same looks are a test (``tests/test_ui_axe.py``): what is declared is what is tested.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from index.settings import Settings
from rag import Assistant
from tests.conftest import HUB, NOT_SAID, PHONE, WIDE, Live, Reader, launched, live
from ui import legal, words

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

FILE = Path(legal.__file__).parent / "data" / legal.RESULTS
TOOL = "axe-core"
NARROW: ViewportSize = {"width": 320, "height": 640}
ZOOMED: ViewportSize = {"width": 320, "height": 256}

Act = Callable[[Reader], object]
Looks = dict[str, list[str]]
"""What was found, by state."""

LIKELY = """() => { const kept = JSON.parse(localStorage['pageqa.conversations']); const { record } = kept[0].turns[0];
  record.certainty = 'likely'; record.lines = record.quotes; record.quotes = []; record.lines.forEach(line => line.parts.forEach(part => part.strong = false));
  localStorage['pageqa.conversations'] = JSON.stringify(kept) }"""
"""The last conversation's first answer, as if it had been only likely: which are depends on the weights."""
WRITTEN = """() => { const kept = JSON.parse(localStorage['pageqa.conversations']); const { record } = kept[0].turns[0];
  record.quotes = record.lines; const written = record.citations.map(({ n }) => (
    { written: 'Une phrase.', citations: [n] })); record.lines = [{ level: 0, parts: written }, ...record.quotes];
  localStorage['pageqa.conversations'] = JSON.stringify(kept) }"""
"""The same as if a language model had written part of it; the next state takes that away again."""
STALE = """() => { const kept = JSON.parse(localStorage['pageqa.conversations']);
  kept[0].turns[0].record.page = 'ancienne'; localStorage['pageqa.conversations'] = JSON.stringify(kept) }"""


def press(person: Reader, selector: str) -> None:
    """Press what may be behind the menu of a small window."""
    person.js("selector => document.querySelector(selector).click()", selector)


def again(person: Reader, change: str, turn: str) -> None:
    """The conversation on the screen, changed where it is kept, and opened again."""
    person.js(change)
    person.page.reload()
    person.page.locator(turn).wait_for(timeout=20_000)


def first(_: Reader) -> None:
    """Nothing asked yet."""


def empty(person: Reader) -> None:
    person.box.press("Enter")
    person.page.locator("#empty").wait_for()


def answered(person: Reader) -> None:
    turn = person.ask(HUB)
    turn.locator("summary").click()
    turn.locator("a.mark").first.click()


def carded(person: Reader) -> None:
    press(person, "#close-page")
    person.page.locator("#turn-1 a.mark").first.focus()


def reported(person: Reader) -> None:
    person.page.locator("#turn-1 .report").click()


def edited(person: Reader) -> None:
    press(person, "#turn-1 [data-edit]")


def refused(person: Reader) -> None:
    person.ask(NOT_SAID)


def written(person: Reader) -> None:
    again(person, WRITTEN, "#turn-1 .by-model")
    person.page.locator("#turn-1 [data-quotes]").click()
    person.page.locator("#turn-1 [data-quotes]").click()


def likely(person: Reader) -> None:
    again(person, LIKELY, "#turn-1.is-likely")


def stale(person: Reader) -> None:
    again(person, STALE, "#turn-1.is-stale")


def read(person: Reader) -> None:
    press(person, "#open-page")
    person.page.locator("#find input").fill("santé")
    person.page.locator("#outline summary").click()


def renewed(person: Reader) -> None:
    press(person, "#close-page")
    press(person, "#new")
    person.page.locator(".welcome").wait_for()


def listed(person: Reader) -> None:
    press(person, "#open-list")


def renamed(person: Reader) -> None:
    person.page.locator(".kept-list button", has_text=words.RENAME).first.click()


def about(person: Reader) -> None:
    person.page.keyboard.press("Escape")
    press(person, "#list .close-dialog")
    press(person, "#open-about")


STATES: tuple[tuple[str, Act], ...] = (
    (words.A11Y_FIRST, first),
    (words.A11Y_EMPTY, empty),
    (words.A11Y_ANSWER, answered),
    (words.A11Y_CARD, carded),
    (words.A11Y_REPORT, reported),
    (words.A11Y_EDIT, edited),
    (words.A11Y_REFUSAL, refused),
    (words.A11Y_WRITTEN, written),
    (words.A11Y_LIKELY, likely),
    (words.A11Y_STALE, stale),
    (words.A11Y_READER, read),
    (words.A11Y_NEW, renewed),
    (words.A11Y_LIST, listed),
    (words.A11Y_RENAME, renamed),
    (words.A11Y_ABOUT, about),
)
"""One after the other, each from the one before it."""

CONDITIONS: tuple[tuple[str, ViewportSize, dict[str, Any]], ...] = (
    (words.A11Y_LIGHT, WIDE, {}),
    (words.A11Y_DARK, WIDE, {"color_scheme": "dark"}),
    (words.A11Y_PHONE, PHONE, {}),
    (words.A11Y_NARROW, NARROW, {}),
    (words.A11Y_NARROW_DARK, NARROW, {"color_scheme": "dark"}),
    (words.A11Y_ZOOMED, ZOOMED, {}),
    (words.A11Y_FORCED, WIDE, {"forced_colors": "active"}),
)


class Axe:
    """axe-core, put into a page once and run in it for each state."""

    def __init__(self) -> None:
        from axe_playwright_python.base import AXE_SCRIPT

        self.script = AXE_SCRIPT
        self.version = ""

    def violations(self, page: Any) -> list[str]:
        """What is found on the page as it is: rule and first place."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.script)
        told = page.evaluate("axe.run({ resultTypes: ['violations'] })")
        self.version = f"{TOOL} {told['testEngine']['version']}"
        return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in told["violations"]]


def examine(browser: Any, server: Live, condition: str, axe: Axe) -> Looks:
    """Every state under one condition, and the pages of a public body."""
    _, viewport, more = next(c for c in CONDITIONS if c[0] == condition)
    context = browser.new_context(viewport=viewport, reduced_motion="reduce", locale="fr-FR", **more)
    person = Reader(context.new_page(), server.url).open()
    found: Looks = {}

    def look(name: str) -> None:
        person.page.wait_for_timeout(100)
        found[name] = axe.violations(person.page)

    for name, act in STATES:
        act(person)
        look(name)
    for address, title in words.LEGAL_PAGES.items():
        person.page.goto(server.url + address)
        look(title)
    context.close()
    return found


def main() -> int:
    """Look, write, say; 1 where something was found."""
    from playwright.sync_api import sync_playwright

    axe, looks = Axe(), {}
    with TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = Settings.from_env().with_(data_dir=Path(data), port=0)
        assistant = Assistant.load(settings)
        with live(settings, lambda *_: assistant) as server:
            server.loader.wait(10)
            browser = launched(playwright)
            for condition, *_ in CONDITIONS:
                looks[condition] = examine(browser, server, condition, axe)
                print(condition, looks[condition], flush=True)
            browser.close()
    count = sum(len(found) for states in looks.values() for found in states.values())
    told = {"date": date.today().strftime("%d/%m/%Y"), "tool": axe.version, "found": count, "looks": looks}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(FILE, count)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
