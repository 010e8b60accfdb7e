"""``python -m tests.screenshots``: the pictures of the README, taken of the real application."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PIL import Image

from index.settings import Settings
from rag import Assistant
from tests.conftest import CAMPUS, HUB, NOT_SAID, PHONE, WIDE, Reader, launched, live

if TYPE_CHECKING:
    from playwright.sync_api import ViewportSize

FOLDER = Path(__file__).parent / "screenshots"
LIST = "Quelles sont les actions clés ?"


def main() -> int:
    """Take every picture and say where it went."""
    from playwright.sync_api import sync_playwright

    with TemporaryDirectory() as data, sync_playwright() as playwright:
        settings = Settings.from_env().with_(data_dir=Path(data), port=0)
        assistant = Assistant.load(settings)
        with live(settings, lambda *_: assistant) as server:
            server.loader.wait(10)
            browser = launched(playwright)
            for name, viewport, scheme, scene in SCENES:
                page = browser.new_page(viewport=viewport, color_scheme=scheme, reduced_motion="reduce", locale="fr-FR")
                scene(Reader(page, server.url).open())
                page.wait_for_timeout(300)
                FOLDER.mkdir(exist_ok=True)
                file = FOLDER / f"{name}.png"
                page.screenshot(path=file)
                Image.open(file).convert("RGB").quantize(96).save(file, optimize=True)
                page.close()
                print(file)
            browser.close()
    return 0


def first(person: Reader) -> None:
    """Nothing asked yet."""


def checked(person: Reader) -> None:
    """An answer, and its quote in the page."""
    person.ask(CAMPUS)
    person.ask(HUB).locator("a.mark").first.click()


def listed(person: Reader) -> None:
    """A list."""
    person.ask(LIST)


def answered(person: Reader) -> None:
    """An answer with its sources."""
    person.ask(HUB).locator("summary").click()


def refused(person: Reader) -> None:
    """A question that the page does not answer."""
    person.ask(NOT_SAID)


def about(person: Reader) -> None:
    """« À propos »."""
    person.page.locator("#open-about").click()


SCENES: tuple[tuple[str, ViewportSize, Any, Any], ...] = (
    ("first", WIDE, "light", first),
    ("wide", WIDE, "light", checked),
    ("list", WIDE, "light", listed),
    ("refusal", WIDE, "light", refused),
    ("dark", WIDE, "dark", checked),
    ("about", WIDE, "light", about),
    ("phone", PHONE, "light", answered),
    ("phone-page", PHONE, "light", checked),
    ("phone-refusal", PHONE, "dark", refused),
)

if __name__ == "__main__":
    sys.exit(main())
