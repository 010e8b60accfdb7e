"""Where a page comes from: the bundled one, a file, or an address."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from index.page import Page
from index.parser import Draft, ParseError, assemble, parse_dump
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
    try:
        if settings.page == BUNDLED:
            about = json.loads((DATA / "ia-sante.json").read_text(encoding="utf-8"))
            dump = (DATA / "ia-sante.txt").read_text(encoding="utf-8")
            return parse_dump(dump, url=settings.page_url, **about)
        if urlsplit(settings.page).scheme in ("http", "https"):
            url = settings.page_url or settings.page
            return parse_html(_fetch(settings.page), url=url)
        path = Path(settings.page).expanduser()
        text = _read(path)
        if path.suffix.lower() in (".html", ".htm", ".xhtml"):
            return parse_html(text, url=settings.page_url)
        if path.suffix.lower() in (".md", ".markdown"):
            return parse_markdown(text, url=settings.page_url)
        return parse_dump(text, url=settings.page_url)
    except ParseError as error:
        raise PageError(f"{settings.page} : {error}") from error


def _read(path: Path) -> str:
    if not path.exists():
        raise PageError(f"le fichier {path} n'existe pas")
    if not path.is_file():
        raise PageError(f"{path} n'est pas un fichier")
    if path.stat().st_size > MOST_BYTES:
        raise PageError(f"le fichier {path} est trop gros (plus de 20 Mo)")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PageError(f"le fichier {path} n'est pas du texte en UTF-8") from error
    except OSError as error:
        raise PageError(f"le fichier {path} ne peut pas être lu : {error.strerror}") from error


def _fetch(url: str) -> str:
    import httpx

    try:
        response = httpx.get(url, follow_redirects=True, timeout=20.0)
        response.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PageError(f"la page {url} ne peut pas être lue : {error}") from error
    return response.text


def parse_html(html: str, *, url: str = "") -> Page:
    """The main content of an HTML page; trafilatura tells it from menus and footers.

    Raises:
        ParseError: no content found.
    """
    import trafilatura
    from lxml import etree

    xml = trafilatura.extract(
        html, output_format="xml", include_tables=True, include_comments=False, favor_recall=True
    )
    if not xml:
        raise ParseError("cette page ne contient aucun texte à lire")
    root = etree.fromstring(xml.encode())
    drafts: list[Draft] = []
    for node in root.iter("head", "p", "item", "cell", "quote"):
        if node.tag != "item" and any(a.tag in ("item", "quote") for a in node.iterancestors()):
            continue
        # The words of a nested list belong to its own items.
        inner: Any = (
            node.xpath(".//text()[not(ancestor::list[ancestor::item])]")
            if node.tag == "item"
            else node.itertext()
        )
        words = " ".join("".join(inner).split())
        if not words:
            continue
        if node.tag == "head":
            drafts.append(Draft("heading", [words], level=max(2, int(node.get("rend", "h2")[-1]))))
        elif node.tag == "item":
            depth = sum(1 for a in node.iterancestors() if a.tag == "list")
            drafts.append(Draft("bullet", [words], level=max(1, depth)))
        else:
            drafts.append(Draft("paragraph", [words]))
    title = root.get("title") or next((d.text for d in drafts if d.kind == "heading"), "")
    if not title and drafts:
        title = drafts[0].text[:80]
    if drafts and drafts[0].kind == "heading" and drafts[0].text == title:
        drafts = drafts[1:]
    return assemble(
        title,
        [Draft("heading", [title], level=1), *drafts],
        url=url,
        publisher=root.get("sitename") or urlsplit(url).netloc,
    )


_MD_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_MD_BULLET = re.compile(r"^(\s*)(?:[-*+]|\d+[.)])\s+(\S.*)$")


def parse_markdown(text: str, *, url: str = "") -> Page:
    """Headings, paragraphs and bullets of plain Markdown.

    Raises:
        ParseError: no content found.
    """
    drafts: list[Draft] = []
    current: Draft | None = None
    for line in text.splitlines():
        if heading := _MD_HEADING.match(line):
            drafts.append(Draft("heading", [heading[2]], level=len(heading[1])))
            current = None
        elif bullet := _MD_BULLET.match(line):
            current = Draft("bullet", [bullet[2]], level=1 + len(bullet[1].expandtabs(4)) // 2)
            drafts.append(current)
        elif not line.strip():
            current = None
        elif current is not None:
            current.words.append(line.strip())
        else:
            current = Draft("paragraph", [line.strip()])
            drafts.append(current)
    if not drafts:
        raise ParseError("ce fichier ne contient aucun texte à lire")
    title = drafts[0].text
    if drafts[0].kind == "heading":
        drafts = drafts[1:]
    rest = [Draft("heading", d.words, max(2, d.level)) if d.kind == "heading" else d for d in drafts]
    return assemble(title, [Draft("heading", [title], level=1), *rest], url=url)
