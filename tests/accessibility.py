"""``python -m tests.accessibility``: looks at every state with axe-core and writes what /accessibilite declares."""

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
from tests.conftest import CHROMIUM, HUB, NOT_SAID, PHONE, WIDE, Reader, live
from ui import legal, words

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

FILE = Path(legal.__file__).parent / "data" / legal.RESULTS
TOOL = "axe-core"
ZOOMED: ViewportSize = {"width": 320, "height": 256}

Act = Callable[[Reader], object]


def first(_: Reader) -> None:
    """Nothing asked yet."""


def answered(person: Reader) -> None:
    turn = person.ask(HUB)
    turn.locator("summary").click()
    turn.locator("a.mark").first.click()


def refused(person: Reader) -> None:
    person.ask(NOT_SAID).locator("[data-vote]").first.click()


def listed(person: Reader) -> None:
    person.ask(HUB)
    person.js("document.querySelector('#open-list').click()")


def about(person: Reader) -> None:
    person.js("document.querySelector('#open-about').click()")


STATES: tuple[tuple[str, ViewportSize, dict[str, Any], Act], ...] = (
    (words.A11Y_FIRST, WIDE, {}, first),
    (words.A11Y_ANSWER, WIDE, {}, answered),
    (words.A11Y_ANSWER_DARK, WIDE, {"color_scheme": "dark"}, answered),
    (words.A11Y_REFUSAL, WIDE, {}, refused),
    (words.A11Y_LIST, WIDE, {}, listed),
    (words.A11Y_ABOUT, WIDE, {}, about),
    (words.A11Y_PHONE, PHONE, {}, answered),
    (words.A11Y_ZOOMED, ZOOMED, {}, answered),
    (words.A11Y_FORCED, WIDE, {"forced_colors": "active"}, answered),
)


def main() -> int:
    """Look, write, say; 1 where something was found."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    axe, states = Axe(), []
    with TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = Settings.from_env().with_(data_dir=Path(data), port=0)
        assistant = Assistant.load(settings)
        with live(settings, lambda *_: assistant) as server:
            server.loader.wait(10)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for name, viewport, more, act in STATES:
                context = browser.new_context(
                    viewport=viewport, reduced_motion="reduce", locale="fr-FR", **more
                )
                page = context.new_page()
                act(Reader(page, server.url).open())
                page.wait_for_timeout(200)
                found = axe.run(page).response
                states.append({"name": name, "violations": [v["id"] for v in found["violations"]]})
                tool = f"{TOOL} {found['testEngine']['version']}"
                context.close()
            browser.close()
    count = sum(len(state["violations"]) for state in states)
    told = {"date": date.today().strftime("%d/%m/%Y"), "tool": tool, "found": count, "states": states}
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(FILE, count)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
