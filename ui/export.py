"""Answers and conversations as text that a person takes away."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.page import Page, Passage
from ui import words
from ui.fragments import fragment_address

if TYPE_CHECKING:  # rag brings torch, which takes seconds: the server must not wait for it
    from rag.answer import Citation, Turn

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+!|~])")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_BULLET = re.compile(r" *- +")
_OWN = re.compile(r"(\*\*[^*\[\]<>`]+?\*\*|\[\d+\])")


def _path(passage: Passage) -> str:
    return " › ".join(part for part in passage.section if part != words.GAP)


def _one_line(value: str) -> str:
    return " ".join(value.split())


def _quoted(quote: str) -> str:
    return f"«{words.NBSP}{_one_line(quote)}{words.NBSP}»"


def _page_line(page: Page) -> str:
    parts = [page.title]
    if page.publisher:
        parts.append(page.publisher)
    if page.updated:
        parts.append(words.EXPORT_UPDATED.format(date=page.updated))
    return ", ".join(parts)


def citation_copy(citation: Citation, page: Page) -> str:
    """Quote, section, title, address where known, date of update: what « Copier la citation » gives."""
    address = fragment_address(citation.url or page.url, citation.quote)
    lines = [_quoted(citation.quote), f"{_page_line(page)} ({_path(citation.passage)})"]
    return "\n".join([*lines, address] if address else lines)


def answer_copy(turn: Turn, page: Page) -> str:
    """The answer as plain text with its numbered sources."""
    answer = turn.answer
    lines = [turn.question, "", _BOLD.sub(r"\1", answer.text)]
    if answer.citations:
        lines += ["", words.EXPORT_SOURCES]
        lines += [f"[{c.n}] {_path(c.passage)}{words.NBSP}: {_quoted(c.quote)}" for c in answer.citations]
    lines += ["", words.EXPORT_PAGE.format(title=_page_line(page))]
    if page.url:
        lines.append(words.EXPORT_ADDRESS.format(url=page.url))
    return "\n".join(lines)


def escape_markdown(value: str) -> str:
    """``value`` so that a Markdown reader shows it as typed: no image, link, tag or heading of it."""
    return _SPECIAL.sub(r"\\\1", value)


def _markdown(source: str) -> str:
    """An answer's own bold, bullets and marks kept; anything else escaped."""
    out = []
    for line in source.splitlines():
        bullet = _BULLET.match(line)
        start = bullet[0] if bullet else ""
        pieces = _OWN.split(line[len(start) :])
        out.append(start + "".join(p if n % 2 else escape_markdown(p) for n, p in enumerate(pieces)))
    return "\n".join(out)


def conversation_markdown(turns: Sequence[Turn], page: Page) -> str:
    """The whole conversation with its sources."""
    out = [f"# {escape_markdown(words.EXPORT_TITLE.format(title=page.title))}", ""]
    out.append(escape_markdown(words.EXPORT_PAGE.format(title=_page_line(page))))
    if page.url:
        out += ["", words.EXPORT_ADDRESS.format(url=f"<{page.url}>")]
    out += ["", f"*{words.NOT_MEDICAL}*"]
    for turn in turns:
        answer = turn.answer
        out += ["", f"## {escape_markdown(_one_line(turn.question))}", "", _markdown(answer.text)]
        if answer.citations:
            out += ["", words.EXPORT_SOURCES, ""]
            for c in answer.citations:
                address = fragment_address(c.url or page.url, c.quote)
                where = f" <{address}>" if address else ""
                out.append(
                    f"{c.n}. {escape_markdown(_path(c.passage))}{words.NBSP}: "
                    f"{escape_markdown(_quoted(c.quote))}{where}"
                )
        elif answer.nearby and answer.reason != "chat":
            out += ["", words.EXPORT_NEARBY, ""]
            out += [f"- {escape_markdown(_one_line(p.shown))}" for p in answer.nearby]
    return "\n".join(out) + "\n"
