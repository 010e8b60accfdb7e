"""Markdown becomes HTML by markdown-it, and is then read as any page is."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from index.about import About
from index.dates import date_in
from index.html import parse_html
from index.page import Page

_FRONT = re.compile(r"\A(?:---|\+\+\+)[ \t]*\n(.*?)\n(?:---|\+\+\+|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(\w[\w -]*?)\s*[:=]\s*(\S.*?)\s*$", re.MULTILINE)
_FENCED_BOX = re.compile(r"^:{3,}.*$", re.MULTILINE)
_HEADING_NAME = re.compile(r"^(#{1,6}\s.*?)\s*\{[#.][^}]*\}\s*$", re.MULTILINE)
_DATES = (
    "updated",
    "lastmod",
    "modified",
    "last_modified",
    "date_modified",
    "last_reviewed_on",
    "mise_a_jour",
    "date",
)


def parse_markdown(source: str, *, url: str = "") -> Page:
    """The page in a Markdown file; its front matter is metadata.

    Raises:
        ParseError: no words to read.
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    front = _FRONT.match(source)
    about = _about(front[1] if front else "")
    return parse_html(
        markdown_to_html(source[front.end() :] if front else source), url=url, whole=True, about=about
    )


def markdown_to_html(source: str) -> str:
    """HTML of the CommonMark in ``source``, with tables, footnotes, definitions and struck words."""
    source = _HEADING_NAME.sub(r"\1", _FENCED_BOX.sub("", source))
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return str(parser.use(footnote_plugin).use(deflist_plugin).render(source))


def _about(front: str) -> About:
    """What the front matter says; of its fields, those that are a word or a line."""
    fields = {name.lower().replace("-", "_"): words.strip("\"'") for name, words in _FIELD.findall(front)}
    return About(
        title=fields.get("title", "") or fields.get("titre", ""),
        publisher=fields.get("publisher", "") or fields.get("organisation", ""),
        url=fields.get("canonical", "") or fields.get("url", ""),
        licence=fields.get("licence", "") or fields.get("license", ""),
        updated=next((day for name in _DATES if (day := date_in(fields.get(name, "")))), ""),
    )
