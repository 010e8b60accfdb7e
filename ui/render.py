"""What stands around the conversation as HTML: the first screen, facts about the page, « À propos »."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from index.page import Page
from index.settings import Settings
from ui import words
from ui.html import plain, render
from ui.legal import kept_of
from ui.look import Look


def welcome(starters: Sequence[str], page: Page) -> Markup:
    """The first screen: which page, what to do, questions to press."""
    return render("first.html", state="ready", title=page.title, starters=[s for s in starters if s.strip()])


def shell(look: Look, *, sign_out: bool = False) -> Markup:
    """The frame of the application, before anything is known of the page."""
    return render("shell.html", look=look, sign_out=sign_out)


def progress(message: str, fraction: float) -> Markup:
    """How far the assistant is with getting ready."""
    percent = round(100 * min(1.0, max(0.0, fraction)))
    return render("first.html", state="loading", message=message, percent=percent)


def load_error(why: str) -> Markup:
    """The assistant could not be loaded."""
    return render("first.html", state="failed", message=why)


def facts(page: Page) -> Markup:
    """Date, source, licence, and, of a page about health, what it is not: always visible."""
    kinds = ("updated", "publisher", "licence")
    items = [
        *zip(kinds, facts_of(page), strict=True),
        *([("health", words.NOT_MEDICAL)] if page.health else []),
    ]
    return Markup("").join(Markup('<li class="{}">{}</li>').format(kind, plain(item)) for kind, item in items)


def facts_of(page: Page) -> tuple[str, str, str]:
    """Date, source and licence, in words."""
    updated = words.UPDATED.format(date=page.updated) if page.updated else words.UPDATED_UNKNOWN
    publisher = words.SOURCE.format(source=page.publisher or words.SOURCE_UNKNOWN)
    licence = page.licence or words.LICENCE_UNKNOWN
    if not licence.lower().startswith("licence"):
        licence = words.LICENCE.format(licence=licence)
    return updated, publisher, licence[:1].upper() + licence[1:]


def about(page: Page, settings: Settings) -> Markup:
    """The words of the « À propos » dialog."""
    updated, publisher, licence = facts_of(page)
    values = {"title": page.title, "source": publisher, "updated": updated, "licence": licence, **kept_of(settings)}
    return Markup("").join(
        Markup("<h3>{}</h3><p>{}</p>").format(heading, plain(body.format(**values)))
        for heading, body in words.ABOUT_PARTS
    )
