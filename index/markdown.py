"""Markdown becomes HTML by markdown-it, and is then read as any page is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from index.front import split_front
from index.html.parse import parse_html
from index.html.tags import LEAST_YEAR
from index.page import Page

_FENCED_BOX = re.compile(r"^:{3,}[ \t]*[\w-]*[ \t]*(?:\{[^}\n]*\}[ \t]*)?\[?(.*?)\]?[ \t]*$", re.MULTILINE)
"""« ::: tip Astuce », « :::tip[Astuce] », « ::: {.tip} », « ::: »: the title is the page's."""
_CONTENTS = re.compile(r"^[ \t]*\[\[?_?toc_?\]?\][ \t]*$", re.IGNORECASE | re.MULTILINE)
_TASK = re.compile(r'<input class="task-list-item-checkbox"[^>]*?( checked="")?>')
_HEADING_NAME = re.compile(r"^(#{1,6}\s.*?)\s*\{[#.:][^}]*\}\s*$", re.MULTILINE)
_FOR_GENERATORS = re.compile(r"\A\s*(?:\{%.*%\}|\{:.*\})\s*\Z|\A\[!\w+\][+-]?", re.IGNORECASE)
"""What tells a generator of sites how to show something, and is no text."""
_HIGHLIGHTED = re.compile(r"==(?=\S)(.+?)(?<=\S)==")


def parse_markdown(source: str, *, url: str = "") -> Page:
    """The page in a Markdown file; its front matter is metadata.

    Raises:
        ParseError: no words to read.
    """
    about, body = split_front(source.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n"))
    return parse_html(markdown_to_html(body), url=url, whole=True, about=about)


def markdown_to_html(source: str) -> str:
    """HTML of the CommonMark in ``source``, with tables, footnotes, definitions, boxes and struck words."""
    source = _FENCED_BOX.sub(r"\n\1\n", _CONTENTS.sub("", source))
    source = _HEADING_NAME.sub(r"\1", source)
    parser = MarkdownIt("commonmark", {"html": True, "tasklists": True}).enable(["table", "strikethrough"])
    for plugin in (footnote_plugin, deflist_plugin, admon_plugin, sub_plugin, superscript_plugin):
        parser.use(plugin)
    environment: dict[str, object] = {}
    tokens = parser.parse(source, environment)
    _keep_years(tokens)
    for token in tokens:
        _undress(token.children or [])
    html = str(parser.renderer.render(tokens, parser.options, environment))
    return _TASK.sub(lambda box: "☑" if box[1] else "☐", html)


def _keep_years(tokens: Sequence[Token]) -> None:
    """« 1998. Le centre ouvre. » is an item to CommonMark, which numbers the next one 1999."""
    for token in tokens:
        if token.type == "list_item_open" and token.info.isdigit() and int(token.info) >= LEAST_YEAR:
            token.attrSet("value", token.info)


def _undress(inline: Sequence[Token]) -> None:
    """Take out the signs that only some readers of Markdown know."""
    for token in inline:
        if token.type == "text":
            token.content = _FOR_GENERATORS.sub("", _HIGHLIGHTED.sub(r"\1", token.content), count=1)
