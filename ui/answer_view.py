"""An exchange as HTML: the question, the answer's parts with their marks, its sources and its tools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from index.page import Page, Passage
from rag.answer import Answer, Citation, Line, Quoted, Said, Turn, Written
from rag.compose.phrases import follows
from ui import words
from ui.export import answer_copy, citation_copy
from ui.fragments import fragment_address
from ui.html import attributes, prose, render
from ui.lists import Lists
from ui.parts import doubtful, joined, quote_of, section_name, section_path, understood

OF_THE_PAGE = ("not_on_page", "off_topic")
"""Why an answer without a quote is one about the page: its source stands under it."""
NEARBY_CHARS = 220
"""Most characters of a passage shown under a refusal."""


def place(start: int, end: int, passage: Passage, n: int, turn: int) -> dict[str, object]:
    """The attributes by which the page finds a quote: offsets, never its words."""
    return {"data_n": n, "data_turn": turn, "data_start": start, "data_end": end, "data_passage": passage.id}


def cited(citation: Citation, turn: int) -> dict[str, object]:
    """Where a citation leads: a link's address and :func:`place`."""
    where = place(citation.start, citation.end, citation.passage, citation.n, turn)
    return {"href": f"#p-{citation.passage.id}", **where}


def mark_name(citation: Citation) -> str:
    """What a mark is called by who does not see it."""
    return words.MARK.format(n=citation.n, section=section_name(citation.passage))


def mark(citation: Citation, turn: int) -> Markup:
    """The link [n] of a citation. The no-break space keeps it on the line of the word it supports."""
    named = attributes(
        class_="mark",
        aria_label=mark_name(citation),
        data_quote=citation.quote,
        data_section=section_path(citation.passage),
        **cited(citation, turn),
    )
    return Markup("{}<a{}>[{}]</a>").format(words.NBSP, named, citation.n)


def quoted(part: Quoted, turn: int) -> Markup:
    """The page's words, what stands around them, and their mark."""
    pieces = [_around(part.before), prose(part.words), _around(part.after)]
    html = Markup(" ").join(piece for piece in pieces if piece)
    html = Markup("<strong>{}</strong>").format(html) if part.strong else html
    return html + mark(part.citation, turn) if part.marked else html


def _around(sign: str) -> Markup:
    if not sign:
        return Markup("")
    label = words.GAP_LABEL if sign == words.GAP else words.OMITTED_LABEL
    return Markup('<span class="gap" title="{}">{}</span>').format(label, sign)


def line_html(line: Line, turn: int) -> Markup:
    """A line's parts in a row."""
    out = Markup("")
    for joint, part in joined(line):
        if isinstance(part, Quoted):
            out += joint + quoted(part, turn)
        elif isinstance(part, Said):
            tag = "strong" if part.strong else "span"
            out += joint + Markup('<{0} class="said">{1}</{0}>').format(Markup(tag), prose(part.text))
        else:
            out += joint + Markup('<span class="written">{}</span>').format(prose(part.text))
            out += Markup("").join(mark(citation, turn) for citation in part.citations)
    return out


def body_of(lines: Sequence[Line], turn: int) -> Markup:
    """The lines of an answer; where a language model wrote some, they and those of the page stand apart, and say so."""
    if not any(_is_written(line) for line in lines):
        return answer_body(lines, turn)
    out = Markup("")
    for written, group in groupby(lines, _is_written):
        inside = list(group)
        quotes = any(isinstance(part, Quoted) for line in inside for part in line.parts)
        kind, label = ("by-model", words.BY_MODEL) if written else ("by-page", words.BY_PAGE if quotes else "")
        named = Markup('<p class="by">{}</p>').format(label) if label else ""
        out += Markup('<div class="{}">{}{}</div>').format(kind, named, answer_body(inside, turn))
    return out


def _is_written(line: Line) -> bool:
    return any(isinstance(part, Written) for part in line.parts)


def so_far(quoted: Answer, written: Sequence[Written], turn: int) -> Markup:
    """What can be read of an answer that is still being written."""
    lines = [Line(tuple(written))] if written else quoted.lines
    return Markup('<div class="answer so-far">{}</div>').format(body_of(lines, turn))


def answer_body(lines: Sequence[Line], turn: int) -> Markup:
    """The lines of an answer: paragraphs, and bullets of up to two levels."""
    out: list[Markup] = []
    lists = Lists(out)
    for line in lines:
        html = line_html(line, turn)
        if line.level:
            lists.item(line.level)
            out.append(html)
        else:
            lists.close()
            out.append(Markup("<p>{}</p>").format(html))
    lists.close()
    return Markup("").join(out)


def kind_of(answer: Answer) -> str:
    """The class of an exchange: answered, likely, refused. Small talk is no refusal."""
    if answer.refused:
        return "is-answer is-chat" if answer.reason == "chat" else "is-refusal"
    return "is-answer is-likely" if doubtful(answer) else "is-answer"


def label_of(answer: Answer) -> str:
    """The words above an answer that is not sure; nothing above one that is."""
    if answer.refused:
        return words.REFUSALS.get(answer.reason, "")
    return words.LIKELY if doubtful(answer) else ""


@dataclass(frozen=True)
class Source:
    """One entry of an answer's list of sources, ready for the template."""

    n: int
    quote: str
    name: str
    path: str
    where: dict[str, object]
    site: str
    copied: str

    @classmethod
    def of(cls, citation: Citation, quote: str, page: Page, turn: int) -> Source:
        """The entry of ``citation``, with its ``quote`` as it is shown."""
        return cls(
            citation.n, quote, mark_name(citation), section_path(citation.passage), cited(citation, turn),
            fragment_address(citation.url or page.url, citation.quote), citation_copy(citation, page),
        )  # fmt: skip


def shorten(shown: str, most: int = NEARBY_CHARS) -> str:
    """At most ``most`` characters, cut between words."""
    if len(shown) <= most:
        return shown
    return shown[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def exchange(number: int, turn: Turn, page: Page) -> Markup:
    """A question with its whole answer: text, sources, tools, suggestions."""
    answer = turn.answer
    refused = answer.refused and answer.reason != "chat"
    near = [
        (section_path(p), shorten(p.shown), {"href": f"#p-{p.id}", **place(p.start, p.end, p, n, number)})
        for n, p in enumerate(answer.nearby if refused else (), 1)
    ]
    return render(
        "exchange.html",
        turn=number,
        kind=kind_of(answer),
        question=answer.question,
        follows=follows(answer.question),
        understood=understood(answer.question),
        label=label_of(answer),
        body=body_of(answer.lines, number),
        quotes=answer_body(answer.quotes, number),
        near=near,
        sources=[Source.of(citation, quote_of(answer, citation), page, number) for citation in answer.citations],
        copied=answer_copy(turn, page),
        origin=origin(page) if answer.citations or answer.reason in OF_THE_PAGE else "",
        suggestions=[s for s in answer.suggestions if s.strip()],
    )


def origin(page: Page) -> str:
    """Where an answer comes from and of what date it is."""
    date = words.ORIGIN_DATE.format(date=page.updated) if page.updated else words.ORIGIN_UNDATED
    return words.ORIGIN.format(title=page.title, date=date)


def stale(turn: int, question: str, answered: str) -> Markup:
    """An exchange that was kept and that the page, changed since, does not bear out any more."""
    return render("stale.html", turn=turn, asked=question, answered=answered)


def error(turn: int, question: str, why: str = "") -> Markup:
    """A question that could not be asked (``why`` says it), or that met a fault of ours."""
    return render("error.html", turn=turn, asked=question, why=why)
