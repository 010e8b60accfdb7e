"""From pages, passages and answers to HTML. Pure functions; everything that is not ours is escaped.

No Markdown library touches an answer: its text is a small language (bold, two levels of bullets,
marks) and what is not of that language is shown as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Literal

from index.page import Page, Passage
from ui import words
from ui.export import answer_copy, citation_copy
from ui.fragments import fragment_address
from ui.lists import Lists

if TYPE_CHECKING:  # rag brings torch, which takes seconds: the server must not wait for it
    from rag.answer import Answer, Citation, Turn

Vote = Literal["", "up", "down"]

_BULLET = re.compile(r"^( *)- +(.*)$")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_MARK = re.compile(r" ?\[(\d+)\]")
_GAP_SECTION = words.GAP


def text(value: str) -> str:
    """``value`` as HTML text or attribute value.

    Bidirectional controls are dropped: they could reorder the words around them, up to turning
    a refusal into its contrary on the screen.
    """
    return escape(_CONTROLS.sub("", value), quote=True)


def prose(value: str) -> str:
    """``value`` as HTML text whose high punctuation never starts a line.

    The words stay as they are, without no-break spaces put in: what is selected, searched or
    compared is what was written.
    """
    return "".join(
        f'<span class="nb">{text(piece)}</span>' if number % 2 else text(piece)
        for number, piece in enumerate(_HELD.split(value))
    )


_HELD = re.compile(r"(« \S{1,20}|(?<!« )\S{1,20} [;:!?»](?!\S))")
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def attributes(**values: object) -> str:
    """HTML attributes; ``data_n=3`` gives `` data-n="3"``, True a bare name, None and False nothing."""
    parts = []
    for name, value in values.items():
        if value is None or value is False:
            continue
        key = name.rstrip("_").replace("_", "-")
        parts.append(f" {key}" if value is True else f' {key}="{text(str(value))}"')
    return "".join(parts)


def section_name(passage: Passage) -> str:
    """The nearest heading above ``passage``: what a mark is named after."""
    named = [part for part in passage.section if part != _GAP_SECTION]
    return named[-1] if named else words.THE_PAGE


def section_path(passage: Passage) -> str:
    """The headings above ``passage``, the page's title left out where others follow."""
    named = [part for part in passage.section if part != _GAP_SECTION]
    return " › ".join(named[1:] or named) or words.THE_PAGE


# --- an answer


def inline(line: str, marks: dict[int, str]) -> str:
    """One line of an answer: escaped, with its **bold** and its known marks."""
    out = []
    for number, piece in enumerate(_BOLD.split(line)):
        html = prose(piece)
        # neither escape() nor prose() touches brackets and digits: marks are found in the HTML
        html = _MARK.sub(lambda m: marks.get(int(m[1]), m[0]), html)
        out.append(f"<strong>{html}</strong>" if number % 2 else html)
    return "".join(out)


def answer_body(source: str, marks: dict[int, str]) -> str:
    """The text of an answer: paragraphs and bullets of up to two levels."""
    out: list[str] = []
    paragraph: list[str] = []
    lists = Lists(out)

    def flush() -> None:
        if paragraph:
            out.append(f"<p>{' '.join(paragraph)}</p>")
            paragraph.clear()

    for line in source.splitlines():
        bullet = _BULLET.match(line)
        if bullet is None:
            if not line.strip():
                flush()
                lists.close()
            elif lists.depth:  # the second line of a bullet
                out.append(" " + inline(line.strip(), marks))
            else:
                paragraph.append(inline(line.strip(), marks))
            continue
        flush()
        lists.item(2 if len(bullet[1]) >= 2 else 1)
        out.append(inline(bullet[2], marks))
    flush()
    lists.close()
    return "".join(out)


def place(start: int, end: int, passage: Passage, n: int, turn: int) -> str:
    """The attributes by which the page finds a quote: offsets, never its words."""
    return attributes(data_n=n, data_turn=turn, data_start=start, data_end=end, data_passage=passage.id)


def mark(citation: Citation, turn: int) -> str:
    """The link [n] of a citation."""
    label = words.MARK.format(n=citation.n, section=section_name(citation.passage))
    where = place(citation.start, citation.end, citation.passage, citation.n, turn)
    named = attributes(
        class_="mark", href=f"#p-{citation.passage.id}", aria_label=label, data_quote=citation.quote
    )
    # the no-break space keeps a mark on the line of the word it supports
    return f"{words.NBSP}<a{named}{where}>[{citation.n}]</a>"


def _site_link(page_url: str, quote: str) -> str:
    address = fragment_address(page_url, quote)
    if not address:
        return ""
    link = attributes(class_="action", href=address, target="_blank", rel="noopener noreferrer")
    return f'<a{link}>{words.ON_THE_SITE} <span class="sr">{words.NEW_TAB}</span></a>'


def _copy_button(label: str, copied: str, name: str = "") -> str:
    values = attributes(type="button", class_="action", data_copy=copied, aria_label=name or None)
    return f"<button{values}>{label}</button>"


def source(citation: Citation, page: Page, turn: int) -> str:
    """One entry of an answer's list of sources."""
    where = place(citation.start, citation.end, citation.passage, citation.n, turn)
    number = f'<span class="source-n" aria-hidden="true">{citation.n}</span>'
    name = text(words.MARK.format(n=citation.n, section=section_name(citation.passage)))
    read = (
        f"<a{attributes(class_='action to-page', href=f'#p-{citation.passage.id}')}{where}>{words.IN_THE_PAGE}"
        f'<span class="sr"> ({name})</span></a>'
    )
    return (
        f'<li class="source">{number}<p class="source-path">{text(section_path(citation.passage))}</p>'
        f"<blockquote>{prose(citation.quote)}</blockquote>"
        f'<p class="actions">{read}{_site_link(citation.url or page.url, citation.quote)}'
        f"{_copy_button(words.COPY_CITATION, citation_copy(citation, page))}</p></li>"
    )


def nearby(passages: Sequence[Passage], turn: int) -> str:
    """What the page does say, under a refusal."""
    if not passages:
        return ""
    items = []
    for number, passage in enumerate(passages, 1):
        where = place(passage.start, passage.end, passage, number, turn)
        link = attributes(class_="nearby-link to-page", href=f"#p-{passage.id}")
        items.append(
            f'<li><a{link}{where}><span class="source-path">{text(section_path(passage))}</span>'
            f'<span class="nearby-text">{prose(shorten(passage.shown))}</span></a></li>'
        )
    return f'<section class="nearby"><h4>{words.NEARBY}</h4><ul>{"".join(items)}</ul></section>'


def shorten(shown: str, most: int = 220) -> str:
    """At most ``most`` characters, cut between words."""
    if len(shown) <= most:
        return shown
    return shown[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def questions(asked: Iterable[str], title: str) -> str:
    """Questions to press."""
    buttons = "".join(
        f"<li><button{attributes(type='button', class_='ask', data_ask=question)}>{prose(question)}</button></li>"
        for question in asked
        if question.strip()
    )
    return f'<div class="asks"><h4>{title}</h4><ul>{buttons}</ul></div>' if buttons else ""


def feedback(turn: int, vote: Vote, note: str) -> str:
    """The two buttons and their little form, or what became of the opinion."""
    if note:
        return f'<p class="feedback-note" tabindex="-1">{text(note)}</p>' + ("" if vote else _votes(turn))
    return _votes(turn)


# drawn, not 👍: a machine without an emoji font would show an empty box
_THUMB = (
    '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    '<path d="M7 11v9H4v-9zM7 11l4-8c1.5 0 2.600 1 2.6 2.6'
    'V9h4.9c1.3 0 2.2 1.1 2 2.3l-1.2 6.8c-.2 1.1-1.1 1.9-2.2 1.9H7z"/></svg>'
)


def _votes(turn: int) -> str:
    form = f"feedback-{turn}"
    buttons = "".join(
        f"<button{attributes(type='button', class_='vote', data_vote=vote, data_turn=turn, aria_expanded='false')}"
        f' aria-controls="{form}" aria-label="{label}" title="{label}">{_THUMB}</button>'
        for vote, label in (("up", words.USEFUL), ("down", words.NOT_USEFUL))
    )
    return (
        f'<span class="votes">{buttons}</span>'
        f'<form class="feedback" id="{form}" data-turn="{turn}" hidden><p><label for="{form}-word">'
        f'{words.FEEDBACK_WORD}</label><input id="{form}-word" name="word" maxlength="500" autocomplete="off"></p>'
        f'<p class="kept">{words.FEEDBACK_KEPT}</p><p class="actions">'
        f'<button type="submit" class="small-primary">{words.FEEDBACK_SEND}</button>'
        f'<button type="button" class="action" data-cancel>{words.FEEDBACK_CANCEL}</button></p></form>'
    )


def _article(turn: int, question: str, inside: str, kind: str) -> str:
    return (
        f'<article class="turn {kind}" id="turn-{turn}" data-turn="{turn}" aria-labelledby="turn-{turn}-q">'
        f'<h3 class="question" id="turn-{turn}-q"><span class="sr">{words.QUESTION_PREFIX}</span>'
        f"<bdi>{prose(question)}</bdi></h3>{inside}</article>"
    )


def pending(turn: int, question: str, message: str = words.PENDING) -> str:
    """A question that has no answer yet."""
    return _article(turn, question, f'<p class="pending">{text(message)}</p>', "is-pending")


def error(turn: int, question: str, why: str = "") -> str:
    """A question that could not be asked (``why`` says it), or that met a fault of ours."""
    if why:
        inside = f'<div class="error"><p>{text(why)}</p></div>'
    else:
        button = attributes(type="button", class_="ask", data_ask=question)
        inside = (
            f'<div class="error"><p><strong>{words.ERROR}</strong></p><p>{words.ERROR_TEXT}</p>'
            f"<button{button}>{words.ERROR_RETRY}</button></div>"
        )
    return _article(turn, question, inside, "is-error")


def partial(turn: int, question: str, answer: Answer, shown: str) -> str:
    """The beginning ``shown`` of an answer that is on its way."""
    return _article(turn, question, _said(turn, answer, shown), "is-streaming")


def _said(turn: int, answer: Answer, shown: str) -> str:
    marks = {citation.n: mark(citation, turn) for citation in answer.citations}
    refusal = words.REFUSALS.get(answer.reason, "") if answer.refused else ""
    label = f'<p class="refusal-label">{refusal}</p>' if refusal else ""
    understood = (
        f'<p class="understood">{text(words.UNDERSTOOD.format(question=answer.understood))}</p>'
        if answer.understood and answer.understood.strip() != answer.question.strip()
        else ""
    )
    return f'{understood}<div class="answer">{label}{answer_body(shown, marks)}</div>'


def exchange(number: int, turn: Turn, page: Page, vote: Vote = "", note: str = "") -> str:
    """A question with its whole answer: text, sources, tools, suggestions."""
    answer = turn.answer
    said = _said(number, answer, answer.text)
    sources = ""
    if answer.citations:
        count = len(answer.citations)
        title = words.SOURCES_ONE if count == 1 else words.SOURCES.format(count=count)
        entries = "".join(source(citation, page, number) for citation in answer.citations)
        sources = f'<details class="sources"><summary>{title}</summary><ol>{entries}</ol></details>'
    link = attributes(
        type="button", class_="action", data_link=turn.question, aria_label=words.COPY_LINK_LABEL
    )
    tools = (
        f'<div class="tools" role="group" aria-label="{words.ANSWER_TOOLS}">'
        + _copy_button(words.COPY_ANSWER, answer_copy(turn, page), words.COPY_ANSWER_LABEL)
        + f"<button{link}>{words.COPY_LINK}</button>{feedback(number, vote, note)}</div>"
    )
    refused = answer.refused and answer.reason != "chat"
    near = nearby(answer.nearby, number) if refused else ""
    inside = said + near + sources + tools + questions(answer.suggestions, words.SUGGESTIONS)
    return _article(number, turn.question, inside, "is-refusal" if refused else "is-answer")


# --- what stands before the first question


def welcome(starters: Sequence[str]) -> str:
    """The first screen."""
    return (
        f'<div class="welcome"><h3>{words.WELCOME}</h3><p>{words.WELCOME_TEXT}</p>'
        f"{questions(starters, words.STARTERS)}</div>"
    )


def progress(message: str, fraction: float) -> str:
    """How far the assistant is with getting ready."""
    percent = round(100 * min(1.0, max(0.0, fraction)))
    bar = attributes(role="progressbar", aria_valuemin=0, aria_valuemax=100, aria_valuenow=percent)
    return (
        f'<div class="preparing"><h3>{words.PREPARING}</h3><div class="bar"{bar} aria-label="{words.PREPARING}">'
        f'<span style="width:{percent}%"></span></div><p class="step">{text(message)}</p>'
        f"<p>{words.PREPARING_TEXT}</p></div>"
    )


def load_error(why: str) -> str:
    """The assistant could not be loaded."""
    return (
        f'<div class="error" role="alert"><p><strong>{words.LOAD_FAILED}</strong></p><p>{text(why)}</p></div>'
    )


# --- the page: see ui.page_view


def text_at(page: Page, start: int, end: int) -> str:
    """The page's text between two offsets, escaped, every character kept so that offsets hold.

    Controls that :func:`text` would drop are replaced one for one.
    """
    return escape(_CONTROLS.sub("\ufffd", page.text[start:end]), quote=True)


# --- the frame


def facts(page: Page) -> str:
    """Date, source, licence, and, of a page about health, what it is not: always visible."""
    items = (*_facts_of(page), *([words.NOT_MEDICAL] if page.health else []))
    return "".join(f"<li>{text(item)}</li>" for item in items)


def _facts_of(page: Page) -> tuple[str, str, str]:
    updated = words.UPDATED.format(date=page.updated) if page.updated else words.UPDATED_UNKNOWN
    publisher = words.SOURCE.format(source=page.publisher or words.SOURCE_UNKNOWN)
    licence = page.licence or words.LICENCE_UNKNOWN
    if not licence.lower().startswith("licence"):
        licence = words.LICENCE.format(licence=licence)
    return updated, publisher, licence[:1].upper() + licence[1:]


def about(page: Page) -> str:
    """The words of the « À propos » dialog."""
    updated, publisher, licence = _facts_of(page)
    values = {"title": page.title, "source": publisher, "updated": updated, "licence": licence}
    return "".join(
        f"<h3>{heading}</h3><p>{text(body.format(**values))}</p>" for heading, body in words.ABOUT_PARTS
    )
