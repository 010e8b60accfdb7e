"""What a page says of itself: title, publisher, address, licence, date of its last change."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from index.dates import date_in, update_in
from index.html.tags import BLOCKS, SILENT, words_of

_SEPARATORS = re.compile(r"\s+[|–—•·»-]\s+|\s+::\s+")
_BEFORE_HEADING = re.compile(r"(?:\s+[|–—•·»:-]|:)\s+$")
_LICENCE = re.compile(
    r"\blicence\s+ouverte(?:\s*/\s*open\s+licen[cs]e)?(?:\s+(?:version\s+)?\d(?:\.\d)?)?"
    r"|\b(?:licence\s+)?etalab[- ]?\d(?:\.\d)?|\bCC[ -](?:BY|0)(?:-[A-Z]{2})*(?:\s\d\.\d)?",
    re.IGNORECASE,
)
_CHANGED = (
    "article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified", "last-modified", "datemodified",
)  # fmt: skip
_LONGEST_FOOT = 6000
"""How much of the end of a page is searched for a date and a licence that stand around its content."""


@dataclass(frozen=True)
class About:
    """Metadata of a page; what it does not say is empty. ``updated`` is ``dd/mm/yyyy``."""

    title: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""
    updated: str = ""
    breadcrumb: tuple[str, ...] = ()
    language: str = ""


def read_about(tree: Any, base: str = "") -> About:
    """The metadata of a whole HTML tree that came from ``base``."""
    metas = _metas(tree)
    linked = _linked_data(tree)
    site = (
        metas.get("og:site_name", "") or metas.get("application-name", "") or _publisher(linked) or _site_in_title(tree)
    )
    link = tree.xpath("string(.//link[@rel='canonical']/@href)").strip() or metas.get("og:url", "")
    canonical = urljoin(base, link) if link else ""
    return About(
        title=_title(tree, metas, site),
        publisher=site or metas.get("dc.publisher", "") or urlsplit(canonical or base).netloc,
        url=canonical if canonical.startswith(("http://", "https://")) else base,
        licence=_licence(tree, metas, linked),
        updated=_updated(tree, metas, linked),
        breadcrumb=_breadcrumb(tree),
        language=(tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:2].lower(),
    )


def _metas(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            found.setdefault(name, content)
    return found


def _linked_data(tree: Any) -> list[dict[str, Any]]:
    """The objects of the page's JSON-LD, whatever they are nested in."""
    objects: list[dict[str, Any]] = []
    for script in tree.xpath(".//script[@type='application/ld+json']"):
        try:
            waiting = [json.loads(script.text or "")]
        except ValueError:
            continue
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                objects.append(value)
                waiting += value.get("@graph", []) if isinstance(value.get("@graph"), list) else []
    return objects


def _title(tree: Any, metas: dict[str, str], site: str) -> str:
    """The name that the page gives itself: its one ``h1``, else its metadata without the site's name."""
    named = metas.get("og:title", "") or " ".join((tree.findtext(".//title") or "").split())
    firsts = [words for h1 in tree.iter("h1") if (words := words_of(h1)) and words != site]
    if firsts and (len(firsts) == 1 or not named):
        return firsts[0]
    for words in firsts:
        if words in named:
            return words
    if own := _heading_in_title(tree)[0]:
        return own
    parts = _SEPARATORS.split(named)
    if len(parts) > 1 and (not site or site.lower() in (parts[-1].lower(), parts[0].lower())):
        kept = parts[1:] if site and parts[0].lower() == site.lower() else parts[:1]
        return " - ".join(kept)
    return named


def _site_in_title(tree: Any) -> str:
    """What the window's title says beside the page's own heading: « Le prêt | Ville de Valbrise »."""
    own_words, site = _heading_in_title(tree)
    parts = _SEPARATORS.split(_window_title(tree))
    if own_words or len(parts) != 2:
        return site
    headings = _main_headings(tree)
    own = [part for part in parts if part in headings]
    return next((part for part in reversed(parts) if part not in own[:1]), "")


def _heading_in_title(tree: Any) -> tuple[str, str]:
    """The heading of the page with which its window's title ends, or which is all of it, and what stands before: « Manuel de
    notation: 1.6 Écriture »."""
    named = _window_title(tree)
    headings = _main_headings(tree)
    for heading in sorted(headings, key=len, reverse=True):
        before = named.removesuffix(heading)
        if not before:
            return heading, ""
        site = _BEFORE_HEADING.sub("", before)
        if before not in (named, site) and site not in headings:
            return heading, site
    return "", ""


def _main_headings(tree: Any) -> set[str]:
    """The words of the highest headings and of the first, but for one that leads to the site's first page."""
    headings = [heading for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6") if words_of(heading)]
    homeward = {words_of(h) for h in headings if h.tag == "h1" and h.xpath(".//a[@href='/' or @href='./']")}
    return {words_of(h) for h in headings[:1] + [h for h in headings if h.tag in ("h1", "h2")]} - homeward


def _window_title(tree: Any) -> str:
    return " ".join((tree.findtext(".//title") or "").split())


def _publisher(linked: list[dict[str, Any]]) -> str:
    for item in linked:
        publisher = item.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            return str(publisher["name"])
    return ""


def _licence(tree: Any, metas: dict[str, str], linked: list[dict[str, Any]]) -> str:
    declared = metas.get("dc.rights", "") or metas.get("dcterms.license", "")
    if declared:
        return declared
    for item in linked:
        if isinstance(item.get("license"), str):
            return str(item["license"])
    link = tree.xpath(".//a[contains(@rel, 'license')]")
    words = words_of(link[0]) if link else ""
    found = _LICENCE.search(_foot(tree))
    return words or (found[0].strip() if found else "")


def _updated(tree: Any, metas: dict[str, str], linked: list[dict[str, Any]]) -> str:
    """The day of the last change that metadata tell, else the page's own words, else the day of publication."""
    changed = [
        *(metas.get(name, "") for name in _CHANGED),
        *(str(item.get("dateModified", "")) for item in linked),
        *_marked(tree, "dateModified"),
    ]
    published = [
        *(metas.get(name, "") for name in ("article:published_time", "dcterms.date", "dc.date", "datepublished")),
        *(str(item.get("datePublished", "")) for item in linked),
        *_marked(tree, "datePublished"),
    ]
    return _first_day(changed) or update_in(_lines(tree)) or _first_day(published)


def _first_day(texts: list[str]) -> str:
    return next((day for text in texts if (day := date_in(text))), "")


def _marked(tree: Any, name: str) -> list[str]:
    """What the elements say that are marked as the page's ``name``."""
    return [
        node.get("datetime") or node.get("content") or words_of(node)
        for node in tree.xpath(".//*[@itemprop=$name]", name=name)
    ]


def _lines(tree: Any) -> str:
    """The words of a tree, each block on a line of its own."""
    parts: list[str] = []
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        ends_line = node.tag in BLOCKS or node.tag in ("br", "h1", "h2", "h3", "h4", "h5", "h6")
        parts.append("\n" if ends_line else " ")
        words = node.tail if event == "end" else node.text if node.tag not in SILENT else ""
        parts.append(" ".join((words or "").split()))
    return "".join(parts)


def _foot(tree: Any) -> str:
    return str(tree.text_content())[-_LONGEST_FOOT:]


def _breadcrumb(tree: Any) -> tuple[str, ...]:
    """The names of the pages above, from the trail that the page shows."""
    trails = tree.xpath(
        ".//*[contains(@class, 'breadcrumb') or contains(@class, 'ariane') or contains(@aria-label, 'Ariane')]"
    )
    if not trails:
        return ()
    parts = trails[0].xpath(".//li") or trails[0].xpath(".//a")
    words = (words_of(part).strip("›>/ ") for part in parts)
    return tuple(word for word in words if word)
