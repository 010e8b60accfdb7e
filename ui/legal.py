"""The pages that a public body must offer: accessibility, legal notices, personal data."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from index.settings import Settings
from rag.compose.talk import kept
from ui import words
from ui.assets import address
from ui.html import render
from ui.look import Look

RESULTS = "accessibility.json"
"""What ``python -m tests.accessibility`` found, kept in ``ui/data``."""


@dataclass(frozen=True)
class Legal:
    """The three pages, as this operator's settings fill them."""

    settings: Settings
    look: Look

    def page(self, name: str) -> str | None:
        """The HTML of ``name``; None where there is no such page."""
        title = words.LEGAL_PAGES.get(name)
        if title is None:
            return None
        return str(
            render(
                f"{name}.html",
                title=title,
                look=self.look,
                address=address,
                who=self.settings,
                kept=kept_of(self.settings),
                results=accessibility(),
            )
        )


def kept_of(settings: Settings) -> dict[str, str]:
    """What is said to be kept of questions, under these settings: it fills the slots of ``words.DATA_PARTS``."""
    asked, about = words.ASKED_KEPT[kept(settings)]
    host = urlsplit(settings.generator.removeprefix("openai:").rpartition("#")[0]).hostname or ""
    outside = words.DATA_OUTSIDE_MODEL.format(host=host) if settings.sends else words.DATA_OUTSIDE_NONE
    made = words.ABOUT_WRITTEN if settings.writes else words.ABOUT_QUOTED
    content = words.LEGAL_CONTENT_WRITTEN if settings.writes else words.LEGAL_CONTENT_QUOTED
    cookies = words.DATA_COOKIES if settings.users else words.DATA_NO_COOKIE
    told = {"asked": asked, "asked_briefly": about, "cookies": cookies}
    return {**told, "outside": outside, "made": made, "content": content}


@cache
def accessibility() -> dict[str, Any]:
    """The results of the tests: date, tools, states looked at, what was found. Empty where none were kept."""
    try:
        told = files("ui").joinpath("data", RESULTS).read_text(encoding="utf-8")
    except OSError:
        return {}
    found: dict[str, Any] = json.loads(told)
    return found if "looks" in found else {}
