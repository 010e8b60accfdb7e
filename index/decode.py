"""Bytes: what they are, and the text in them."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from typing import Literal

Kind = Literal["html", "markdown", "text", "docx", "pdf"]

_HTML_START = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)\b", re.I | re.S)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_META = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffd]")
_MOST_UNPRINTED = 0.01
_FRENCH = re.compile(
    r"[àâæçéèêëîïôœùûüÿ]|(?<![a-zà-öø-ÿœ])[ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ]|[«»’“”–—…€°•\xa0]",
)
"""What French text writes beyond ASCII; in a wrong encoding é is « ‚ », « Ž » or « È » amid small letters."""
_LEAST_FRENCH = 0.7
_OF_ONE_BYTE = ("cp1252", "mac_roman", "cp850")
_HEAD = 4096
_ENDINGS: dict[str, Kind] = {
    ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "markdown", ".markdown": "markdown", ".mkd": "markdown",
    ".txt": "text", ".text": "text",
}  # fmt: skip
_TYPES: dict[str, Kind] = {
    "text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown", "text/x-markdown": "markdown",
}  # fmt: skip
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        "ce fichier est d'un ancien format de Microsoft Office : enregistrez-le en .docx ou en PDF",
    ),
    (b"{\\rtf", "ce fichier est en RTF : enregistrez-le en .docx ou en PDF"),
    (b"\x89PNG", "ce fichier est une image : il n'y a pas de texte à lire"),
    (b"\xff\xd8\xff", "ce fichier est une image : il n'y a pas de texte à lire"),
    (b"GIF8", "ce fichier est une image : il n'y a pas de texte à lire"),
)


class UnreadableError(ValueError):
    """The bytes are of no kind that is read; the message says so, in French."""


def kind_of(data: bytes, ending: str = "", content_type: str = "") -> Kind:
    """What ``data`` is: by its first bytes, then by its header, then by the ending of its name.

    ``text/plain`` says nothing: the ending decides, and without one it is Markdown, for whoever
    writes plain text on the web writes that.

    Raises:
        UnreadableError: an image, an old office format, an archive.
    """
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_archive(data)
    for start, why in _REFUSED:
        if data.startswith(start):
            raise UnreadableError(why)
    declared = content_type.split(";")[0].strip().lower()
    if _HTML_START.match(data[:_HEAD].removeprefix(codecs.BOM_UTF8)):
        return "html"
    if declared in _TYPES and not (declared == "text/html" and ending in (".md", ".markdown")):
        return _TYPES[declared]
    if content_type:
        return _ENDINGS.get(ending, "markdown") if _ENDINGS.get(ending) != "text" else "markdown"
    return _ENDINGS.get(ending, "text")


def _kind_of_archive(data: bytes) -> Kind:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except Exception as error:  # zipfile lets damaged names and numbers raise whatever they do
        raise UnreadableError("ce fichier est abîmé") from error
    if "word/document.xml" in names:
        return "docx"
    raise UnreadableError(
        "ce fichier est une archive ou un format qui n'est pas lu : enregistrez-le en .docx ou en PDF"
    )


def decode(data: bytes, content_type: str = "") -> str:
    """The text in ``data``: by its BOM, its declared encoding, or what its bytes tell.

    Bytes that are UTF-8 beyond ASCII are read so whatever is declared: no other French text looks
    like that by chance, and servers declare what they were installed with.

    Raises:
        UnreadableError: the bytes are no text.
    """
    text = _decoded(data, content_type)
    if len(_UNPRINTED.findall(text)) > _MOST_UNPRINTED * len(text):
        raise UnreadableError("ce fichier n'est pas du texte : enregistrez-le en .docx, en PDF ou en HTML")
    return text


def _decoded(data: bytes, content_type: str) -> str:
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, "replace").lstrip("\ufeff")
    for name, others in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        if 2 * others.count(0) > len(others) > 1:
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if (mended := _nearly_utf8(data)) is not None:
        return mended
    for name in _declared(data, content_type):
        try:
            return data.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return _guessed(data)


def _nearly_utf8(data: bytes) -> str | None:
    """UTF-8 with a stray byte or a cut end; in other encodings hardly a letter beyond ASCII is valid."""
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    beyond = sum(map(len, _BEYOND_ASCII.findall(text))) - bad
    return text.replace("\ufffd", "") if beyond >= 2 * bad else None


def _declared(data: bytes, content_type: str) -> list[str]:
    names = []
    if found := _CHARSET.search(content_type):
        names.append(found[1])
    if meta := _META.search(data[:_HEAD]):
        names.append((meta[1] or meta[2]).decode("ascii"))
    # browsers read Latin-1 as Windows-1252, which holds it but for control characters
    return ["cp1252" if re.fullmatch(r"(?:iso-?8859-?1|latin-?1|us-ascii|ascii)", n, re.I) else n for n in names]


def _guessed(data: bytes) -> str:
    """Read as most of its letters beyond ASCII are French; where they hardly are, as ``charset-normalizer`` reads it."""
    from charset_normalizer import from_bytes

    texts = [data.decode(name, "replace") for name in _OF_ONE_BYTE]
    french = max(texts, key=lambda text: len(_FRENCH.findall(text)))
    beyond = sum(map(len, _BEYOND_ASCII.findall(french)))
    if len(_FRENCH.findall(french)) >= _LEAST_FRENCH * beyond:
        return french
    best = from_bytes(data).best()
    return str(best) if best is not None else french
