"""Where a page comes from: the bundled one, a file, or an address; and what its bytes become."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from index.cache import reason
from index.decode import UnreadableError, decode, kind_of
from index.draft import ParseError
from index.dump import parse_dump
from index.page import Page
from index.plain import is_plain, parse_plain
from index.settings import BUNDLED, Settings

DATA = Path(__file__).parent / "data"
MOST_BYTES = 20_000_000


class PageError(ValueError):
    """The page cannot be had; the message says why, in French."""


def load_page(settings: Settings) -> Page:
    """The page that ``settings.page`` names.

    Raises:
        PageError: not found, not readable, or nothing to read in it.
    """
    if settings.page == BUNDLED:
        about = json.loads((DATA / "ia-sante.json").read_text(encoding="utf-8"))
        dump = (DATA / "ia-sante.txt").read_text(encoding="utf-8")
        return replace(parse_dump(dump, url=settings.page_url, **about), health=True)
    try:
        if urlsplit(settings.page).scheme in ("http", "https"):
            page = _fetched(settings)
        else:
            path = Path(settings.page).expanduser()
            page = parse_page(_read(path), ending=path.suffix, url=settings.page_url)
    except (ParseError, UnreadableError) as error:
        raise PageError(f"{settings.page} : {error}") from error
    return replace(page, health=settings.health)


def parse_page(data: bytes, *, ending: str = "", content_type: str = "", url: str = "") -> Page:
    """The page in ``data``, whatever kind of file it is.

    ``ending`` is that of its name (".md"), ``content_type`` the header that came with it.

    Raises:
        UnreadableError: a kind of file that is not read.
        ParseError: no words to read.
    """
    kind = kind_of(data, ending.lower(), content_type)
    if kind == "pdf":
        from index.pdf.parse import parse_pdf

        return parse_pdf(data, url=url)
    if kind == "docx":
        from index.docx import parse_docx

        return parse_docx(data, url=url)
    text = decode(data, content_type)
    if kind == "html":
        from index.html.parse import parse_html

        return parse_html(text, url=url)
    if kind == "markdown" and not _is_dump(text):
        from index.markdown import parse_markdown

        return parse_markdown(text, url=url)
    return parse_plain(text, url=url) if is_plain(text) else parse_dump(text, url=url)


def _is_dump(text: str) -> bool:
    """Whether text that calls itself Markdown is what a text browser printed: all prose indented alike."""
    lines = [line for line in text.splitlines() if line.strip()]
    indented = sum(line.startswith("   ") for line in lines)
    return indented > 0.6 * len(lines) and "(BUTTON)" in text


def _read(path: Path) -> bytes:
    if not path.exists():
        raise PageError(f"le fichier {path} n'existe pas")
    if not path.is_file():
        raise PageError(f"{path} n'est pas un fichier")
    if path.stat().st_size > MOST_BYTES:
        raise PageError(f"le fichier {path} est trop gros (plus de 20 Mo)")
    try:
        return path.read_bytes()
    except OSError as error:
        raise PageError(f"le fichier {path} ne peut pas être lu : {reason(error)}") from error


def _fetched(settings: Settings) -> Page:
    from index.fetching import FetchError, fetch

    try:
        came = fetch(settings.page, settings.cache_dir / "pages", allow_private=settings.allow_private)
    except FetchError as error:
        raise PageError(str(error)) from error
    ending = PurePosixPath(urlsplit(came.url).path).suffix
    return parse_page(came.data, ending=ending, content_type=came.content_type, url=settings.page_url or came.url)
