"""Answers and conversations as text that a person takes away."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.page import Page, Passage
from rag.answer import Citation, Line, Turn, Written, marks_of
from rag.compose.phrases import follows
from ui import words
from ui.fragments import fragment_address
from ui.parts import doubtful, joined, quote_of

_SPECIAL = re.compile(r"[\\`*\[\]<]|(?<!\w)_|_(?!\w)|~(?=~)|&(?=#?\w+;)")
_LEADING = re.compile(r"^(?:[>#+=~-]|\d+(?=[.)]))")


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
    leant_on = follows(turn.question)
    lines = [
        turn.question.text,
        *([f"({leant_on})"] if leant_on else []),
        "",
        *([f"({words.BY_MODEL})"] if _is_written(turn) else []),
        answer.text,
    ]
    if answer.citations:
        lines += ["", words.EXPORT_SOURCES]
        lines += [f"[{c.n}] {_path(c.passage)}{words.NBSP}: {_quoted(quote_of(answer, c))}" for c in answer.cited]
    lines += ["", words.EXPORT_PAGE.format(title=_page_line(page))]
    if page.url:
        lines.append(words.EXPORT_ADDRESS.format(url=page.url))
    return "\n".join(lines)


def escape_markdown(value: str) -> str:
    """``value``, one line, so that a Markdown reader shows it as typed: no image, link, tag or heading of it.

    Only what Markdown would read is escaped: brackets but not parentheses, the beginning of a line.
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", value)
    leading = _LEADING.match(escaped)
    if leading is None:
        return escaped
    sign = leading[0]
    return (f"{sign}\\" if sign.isdigit() else f"\\{sign}") + escaped[leading.end() :]


def _line_markdown(line: Line) -> str:
    """A line with our own bold, bullets and marks; the words of others as typed."""
    out = ""
    for joint, part in joined(line):
        words_ = escape_markdown(_one_line(part.text))
        out += joint + (f"**{words_}**" if part.strong else words_)
        out += "".join(f" [{citation.n}]" for citation in marks_of(part))
    return "  " * (line.level - 1) + "- " + out if line.level else out


def heading_markdown(page: Page) -> str:
    """What stands above a conversation: which page, its address and date."""
    out = [f"# {escape_markdown(words.EXPORT_TITLE.format(title=page.title))}", ""]
    out.append(escape_markdown(words.EXPORT_PAGE.format(title=_page_line(page))))
    if page.url:
        out += ["", words.EXPORT_ADDRESS.format(url=f"<{page.url}>")]
    if page.health:
        out += ["", f"*{words.NOT_MEDICAL}*"]
    return "\n".join(out) + "\n"


def conversation_markdown(turns: Sequence[Turn], page: Page) -> str:
    """The whole conversation with its sources."""
    return heading_markdown(page) + "".join("\n" + "\n".join(turn_markdown(t, page)) + "\n" for t in turns)


def _is_written(turn: Turn) -> bool:
    return any(isinstance(part, Written) for part in turn.answer.parts())


def turn_markdown(turn: Turn, page: Page) -> list[str]:
    """The lines of one exchange."""
    answer = turn.answer
    out = [f"## {escape_markdown(_one_line(turn.question.text))}", ""]
    if leant_on := follows(turn.question):
        out += [f"*{escape_markdown(leant_on)}*", ""]
    if doubtful(answer):
        out += [f"*{words.LIKELY}*", ""]
    if _is_written(turn):
        out += [f"*{words.BY_MODEL}*", ""]
    for number, line in enumerate(answer.lines):
        if number and not (line.level and answer.lines[number - 1].level):
            out.append("")  # a paragraph stands apart from what is before and after it
        out.append(_line_markdown(line))
    if answer.citations:
        out += ["", words.EXPORT_SOURCES, ""]
        out += [f"{c.n}. {_source_markdown(c, quote_of(answer, c), page)}" for c in answer.cited]
    elif answer.nearby and answer.reason != "chat":
        out += ["", words.EXPORT_NEARBY, ""]
        out += [f"- {escape_markdown(_one_line(p.shown))}" for p in answer.nearby]
    return out


def _source_markdown(citation: Citation, quote: str, page: Page) -> str:
    address = fragment_address(citation.url or page.url, citation.quote)
    where = f" <{address}>" if address else ""
    path = escape_markdown(_path(citation.passage))
    return f"{path}{words.NBSP}: {escape_markdown(_quoted(quote))}{where}"
