"""Word documents become HTML by mammoth, and are then read as any page is."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from lxml import etree

from index.dates import date_in
from index.draft import ParseError
from index.html.about import About
from index.html.parse import parse_html
from index.page import Page

# French Word names its styles in French; a deleted word is kept out by mammoth itself
_STYLES = "\n".join(
    (
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='Titre'] => h1:fresh",
        "p[style-name='Subtitle'] => p:fresh",
        *(f"p[style-name='Titre {n}'] => h{n}:fresh" for n in range(1, 7)),
        "strike => s",
        "u => u",
    )
)
_CORE = "docProps/core.xml"
_PART = re.compile(r"word/(?:document\d*|footnotes|endnotes|comments)\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def parse_docx(data: bytes, *, url: str = "") -> Page:
    """The page in a Word document.

    Raises:
        ParseError: a damaged file, or no words in it.
    """
    import mammoth

    try:
        made = mammoth.convert_to_html(
            io.BytesIO(_as_shown(data)),
            style_map=_STYLES,
            convert_image=mammoth.images.img_element(lambda _: {"src": ""}),
        )
        about = _about(data)
    except Exception as error:  # whatever a damaged archive makes its reader raise
        raise ParseError("ce document Word est abîmé") from error
    return parse_html(_flat_headings(made.value), url=url, whole=True, about=about)


def _as_shown(data: bytes) -> bytes:
    """The document without its hidden words, those struck out twice struck once: mammoth knows neither."""
    shown = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(shown, "w") as written:
        for part in archive.infolist():
            if part.filename.endswith((".xml", ".rels")):  # pictures are not looked at
                words = archive.read(part)
                written.writestr(part.filename, _words_as_shown(words) if _PART.fullmatch(part.filename) else words)
    return shown.getvalue()


def _words_as_shown(part: bytes) -> bytes:
    if not (b"vanish" in part or b"dstrike" in part):
        return part
    tree = etree.fromstring(part, _PARSER)
    for run in tree.iter(f"{_W}r"):
        if _is_on(run.find(f"{_W}rPr/{_W}vanish")):
            for words in run.iterchildren(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}sym"):
                run.remove(words)
        twice = run.find(f"{_W}rPr/{_W}dstrike")
        if twice is not None and _is_on(twice):
            twice.tag = f"{_W}strike"
    return bytes(etree.tostring(tree))


def _is_on(setting: Any) -> bool:
    return setting is not None and setting.get(f"{_W}val", "1") not in ("0", "false", "off")


def _flat_headings(html: str) -> str:
    """Documents without a title style begin at « Titre 1 »: several of them are no page's title."""
    if len(re.findall(r"<h1[ >]", html)) < 2:
        return html
    return re.sub(r"<(/?)h([1-5])(?=[ >])", lambda m: f"<{m[1]}h{int(m[2]) + 1}", html)


def _about(data: bytes) -> About:
    """Title and date of the last change, as the document's properties say them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if _CORE not in archive.namelist():
            return About()
        core = etree.fromstring(archive.read(_CORE), _PARSER)
    return About(updated=date_in(core.findtext("{http://purl.org/dc/terms/}modified") or ""))
