"""The page beside the chat: its text as HTML, with tables, nested lists, emphasis and links.

Every word of the page stands in an element that knows its offsets (``data-start``, ``data-end``),
once and in order; what is shown without being of the text (numbers of notes, struck words, the
page of a PDF) stands outside of those.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from html import escape

from index.language import remark
from index.page import Block, Mark, Page, Passage, Span
from ui import words
from ui.fragments import web_address
from ui.html import CONTROLS, attributes, text
from ui.lists import Lists

_TAGS = {"strong": "strong", "em": "em", "code": "code"}


def page_pane(page: Page, passages: Sequence[Passage]) -> str:
    """The pane: breadcrumb, the page, and its address where that is known."""
    crumbs = " › ".join(page.breadcrumb[:-1] if page.breadcrumb[-1:] == (page.title,) else page.breadcrumb)
    trail = f'<p class="crumbs">{text(crumbs)}</p>' if crumbs else ""
    noticed = remark(page.language)
    note = f'<p class="remark">{text(words.fr(noticed[:1].upper() + noticed[1:]))}.</p>' if noticed else ""
    address = web_address(page.url)
    link = attributes(class_="action", href=address, target="_blank", rel="noopener noreferrer")
    site = (
        f'<p class="page-site"><a{link}>{words.ON_THE_SITE} <span class="sr">{words.NEW_TAB}</span></a></p>'
        if address
        else ""
    )
    return f"{trail}{note}{page_article(page, passages)}{site}"


def page_article(page: Page, passages: Sequence[Passage]) -> str:
    """The page itself: headings, paragraphs, lists, tables, gaps."""
    return _Article(page, passages).written()


class _Article:
    """The HTML under way, block after block."""

    def __init__(self, page: Page, passages: Sequence[Passage]) -> None:
        self.page = page
        self.passages = passages
        self._ends = [passage.end for passage in passages]
        self._marks = page.marks
        self._starts = [mark.start for mark in page.marks]
        self._longest = max((mark.end - mark.start for mark in page.marks), default=0)
        self.out: list[str] = []
        self.lists = Lists(self.out)

    def written(self) -> str:
        """The whole article."""
        blocks = self.page.blocks
        position = 0
        while position < len(blocks):
            block = blocks[position]
            if block.kind != "bullet":
                self.lists.close()
            after = position + 1
            if block.kind == "row":
                while after < len(blocks) and blocks[after].kind == "row" and not blocks[after].role:
                    after += 1
                self._table(blocks[position:after])
            else:
                self._block(position)
            position = after
        self.lists.close()
        return f'<article class="page-text">{"".join(self.out)}</article>'

    def _block(self, position: int) -> None:
        block = self.page.blocks[position]
        if block.kind == "gap":
            self._gap(position)
            return
        inside = self._words(block)
        if block.kind == "bullet":
            self.lists.item(block.level)
            self.out.append(inside)
        elif block.kind == "heading":
            tag = f"h{min(block.level + 1, 6)}"  # the only h1 is the application's
            self.out.append(f"<{tag}{attributes(id=f'h-{position}')}>{inside}</{tag}>")
        elif block.role == "code":
            self.out.append(f"<pre><code>{inside}</code></pre>")
        else:
            paragraph = f"<p{attributes(class_=f'role-{block.role}' if block.role else None)}>{inside}</p>"
            self.out.append(
                f"<blockquote>{paragraph}</blockquote>" if self._is_quotation(block) else paragraph
            )

    def _gap(self, position: int) -> None:
        blocks = self.page.blocks
        before = blocks[position - 1] if position else None
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        # a cut block shows the gap itself: […] would stand there twice
        if not ((before and before.cut_end) or (after and after.cut_start)):
            self.out.append(f"<p>{_gap_sign()}</p>")

    def _table(self, rows: Sequence[Block]) -> None:
        columns = max(len(row.cells) for row in rows)
        head = [row for row in rows if row.role == "columns"]
        body = [row for row in rows if row.role != "columns"]
        self.out.append('<div class="table" tabindex="0"><table>')
        if head:
            self.out.append(f"<thead>{self._row(head[0], columns)}</thead>")
        self.out.append(f"<tbody>{''.join(self._row(row, columns) for row in body)}</tbody></table></div>")

    def _row(self, row: Block, columns: int) -> str:
        """A row; the headers that its text carries are there for the offsets, and out of sight."""
        cells = []
        position = row.start
        for number, (start, end) in enumerate(row.cells):
            carried = self._leaves((position, start), "carried") if start > position and end > start else ""
            inside = self._leaves((start, end)) if end > start else ""
            position = max(position, end)
            scope = "col" if row.role else "row" if number == 0 and columns > 1 and end > start else ""
            tag = "th" if scope else "td"
            span = columns if len(row.cells) == 1 < columns else None
            cells.append(f"<{tag}{attributes(scope=scope or None, colspan=span)}>{carried}{inside}</{tag}>")
        return f"<tr>{''.join(cells)}</tr>"

    def _words(self, block: Block) -> str:
        before = _gap_sign() + " " if block.cut_start else ""
        after = " " + _gap_sign() if block.cut_end else ""
        return f"{before}{self._leaves((block.start, block.end))}{after}"

    def _leaves(self, span: Span, kind: str = "") -> str:
        """The words of ``span`` in elements that know their offsets, and what stands between them."""
        marks = self._marks_in(span)
        between = [] if kind else [mark for mark in marks if mark.start == mark.end]
        covering = [mark for mark in marks if mark.start < mark.end]
        out = []
        for start, end, passage in self._pieces(span):
            position = start
            for mark in between:
                if start <= mark.start < end or mark.start == end == span[1]:
                    out.append(self._leaf((position, mark.start), passage, covering, kind))
                    out.append(_shown_between(mark))
                    position = max(position, mark.start)
            out.append(self._leaf((position, end), passage, covering, kind))
        return "".join(out)

    def _leaf(self, span: Span, passage: Passage | None, marks: Sequence[Mark], kind: str) -> str:
        start, end = span
        if start >= end:
            return ""
        about = attributes(
            id=f"p-{passage.id}" if passage and start == passage.start else None,
            class_=" ".join(filter(None, ("passage" if passage else "", kind))) or None,
            data_start=start,
            data_end=end,
            data_passage=passage.id if passage else None,
        )
        return f"<span{about}>{self._dressed(span, marks)}</span>"

    def _dressed(self, span: Span, marks: Sequence[Mark]) -> str:
        """The words of ``span`` in the elements of the marks that cover them, cut to it, one in another."""
        out = []
        at, number = span[0], 0
        while number < len(marks):
            mark = marks[number]
            start, end = max(mark.start, at), min(mark.end, span[1])
            number += 1
            opening, closing = _element(mark)
            if start >= end or not opening:
                continue
            inner = []
            while number < len(marks) and marks[number].start < end:
                inner.append(marks[number])
                number += 1
            out.append(text_at(self.page, at, start))
            out.append(opening + self._dressed((start, end), inner) + closing)
            at = end
        return "".join(out) + text_at(self.page, at, span[1])

    def _pieces(self, span: Span) -> Iterator[tuple[int, int, Passage | None]]:
        """``span`` cut where passages begin and end; what lies in none is a piece too."""
        position, last = span
        for passage in self.passages[bisect_right(self._ends, position) :]:
            if passage.start >= last:
                break
            if passage.start > position:
                yield position, passage.start, None
                position = passage.start
            yield position, min(passage.end, last), passage
            position = min(passage.end, last)
        if position < last:
            yield position, last, None

    def _marks_in(self, span: Span) -> list[Mark]:
        first = bisect_left(self._starts, span[0] - self._longest)
        last = bisect_right(self._starts, span[1])
        return [m for m in self._marks[first:last] if m.end > span[0] or m.start == m.end >= span[0]]

    def _is_quotation(self, block: Block) -> bool:
        return any(
            mark.kind == "quote" and mark.start <= block.start and mark.end >= block.end
            for mark in self._marks_in((block.start, block.end))
        )


def _element(mark: Mark) -> tuple[str, str]:
    """The tags of a mark that covers words; empty for what is shown otherwise or leads nowhere."""
    if mark.kind == "link":
        address = web_address(mark.value)
        link = attributes(href=address, target="_blank", rel="noopener noreferrer", title=words.NEW_TAB)
        return (f"<a{link}>", "</a>") if address else ("", "")
    tag = _TAGS.get(mark.kind)
    return (f"<{tag}>", f"</{tag}>") if tag else ("", "")


def _shown_between(mark: Mark) -> str:
    """What stands between two words without being of the text."""
    if mark.kind == "note":
        return f"<sup>{text(mark.value)}</sup>"
    if mark.kind == "struck":
        return f" <s>{text(mark.value)}</s>"
    return f'<span class="sheet">{escape(words.SHEET.format(number=mark.value))}</span>' if mark.value else ""


def _gap_sign() -> str:
    return f'<span class="gap" title="{words.GAP_LABEL}">{words.GAP}</span>'


def text_at(page: Page, start: int, end: int) -> str:
    """The page's text between two offsets, escaped, every character kept so that offsets hold.

    Controls that :func:`ui.html.text` would drop are replaced one for one.
    """
    return escape(CONTROLS.sub("\ufffd", page.text[start:end]), quote=True)
