"""The page beside the chat: its text as HTML, with tables, nested lists, emphasis and links.

Every word of the page stands in an element that knows its offsets (``data-start``, ``data-end``),
once and in order; what is shown without being of the text (numbers of notes, struck words, the
page of a PDF) stands outside of those.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from index.language import remark
from index.page import Block, Mark, Page, Passage, Span
from ui import words
from ui.fragments import web_address
from ui.html import CONTROLS, attributes, held, plain, render
from ui.lists import Lists

_TAGS = {"strong": "strong", "em": "em", "code": "code"}


def page_pane(page: Page, passages: Sequence[Passage]) -> Markup:
    """The pane: breadcrumb, the page, and its address where that is known."""
    noticed = remark(page.language)
    return render(
        "page.html",
        crumbs=" › ".join(page.breadcrumb[:-1] if page.breadcrumb[-1:] == (page.title,) else page.breadcrumb),
        remark=words.fr(noticed[:1].upper() + noticed[1:]) if noticed else "",
        article=page_article(page, passages),
        address=web_address(page.url),
    )


def page_article(page: Page, passages: Sequence[Passage]) -> Markup:
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
        self.out: list[Markup] = []
        self.lists = Lists(self.out)

    def written(self) -> Markup:
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
        return Markup('<article class="page-text">{}</article>').format(_row(self.out))

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
            self.out.append(_tagged(tag, inside, id=f"h-{position}"))
        elif block.role == "code":
            self.out.append(_tagged("pre", _tagged("code", inside)))
        else:
            paragraph = _tagged("p", inside, class_=f"role-{block.role}" if block.role else None)
            self.out.append(_tagged("blockquote", paragraph) if self._is_quotation(block) else paragraph)

    def _gap(self, position: int) -> None:
        blocks = self.page.blocks
        before = blocks[position - 1] if position else None
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        # a cut block shows the gap itself: […] would stand there twice
        if not ((before and before.cut_end) or (after and after.cut_start)):
            self.out.append(_tagged("p", GAP))

    def _table(self, rows: Sequence[Block]) -> None:
        columns = max(len(row.cells) for row in rows)
        head = [row for row in rows if row.role == "columns"]
        body = [row for row in rows if row.role != "columns"]
        top = _tagged("thead", self._line(head[0], columns)) if head else Markup("")
        rest = _tagged("tbody", _row(self._line(row, columns) for row in body))
        table = _tagged("table", top + rest)
        self.out.append(_tagged("div", table, class_="table", tabindex="0", role="group", aria_label=words.TABLE))

    def _line(self, row: Block, columns: int) -> Markup:
        """A row; the headers that its text carries are there for the offsets, and out of sight."""
        cells = []
        position = row.start
        for number, (start, end) in enumerate(row.cells):
            inside = self._leaves((start, end)) if end > start else Markup("")
            if start > position and end > start:
                inside = self._leaves((position, start), "carried") + inside
            position = max(position, end)
            scope = "col" if row.role else "row" if number == 0 and columns > 1 and end > start else ""
            tag = "th" if scope else "td"
            span = columns if len(row.cells) == 1 < columns else None
            cells.append(_tagged(tag, inside, scope=scope or None, colspan=span))
        return _tagged("tr", _row(cells))

    def _words(self, block: Block) -> Markup:
        before = GAP + " " if block.cut_start else Markup("")
        after = " " + GAP if block.cut_end else Markup("")
        return before + self._leaves((block.start, block.end)) + after

    def _leaves(self, span: Span, kind: str = "") -> Markup:
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
        return _row(out)

    def _leaf(self, span: Span, passage: Passage | None, marks: Sequence[Mark], kind: str) -> Markup:
        start, end = span
        if start >= end:
            return Markup("")
        return _tagged(
            "span",
            self._dressed(span, marks),
            id=f"p-{passage.id}" if passage and start == passage.start else None,
            class_=" ".join(filter(None, ("passage" if passage else "", kind))) or None,
            data_start=start,
            data_end=end,
            data_passage=passage.id if passage else None,
        )

    def _dressed(self, span: Span, marks: Sequence[Mark]) -> Markup:
        """The words of ``span`` in the elements of the marks that cover them, cut to it, one in another."""
        out: list[Markup] = []
        at, number = span[0], 0
        while number < len(marks):
            mark = marks[number]
            start, end = max(mark.start, at), min(mark.end, span[1])
            number += 1
            if start >= end or not _shows(mark):
                continue
            inner = []
            while number < len(marks) and marks[number].start < end:
                inner.append(marks[number])
                number += 1
            out.append(text_at(self.page, at, start))
            out.append(_element(mark, self._dressed((start, end), inner)))
            at = end
        return _row(out) + text_at(self.page, at, span[1])

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


def _row(pieces: Iterable[Markup]) -> Markup:
    return Markup("").join(pieces)


def _tagged(tag: str, inside: Markup, **values: object) -> Markup:
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), attributes(**values), inside)


GAP = Markup('<span class="gap" title="{}">{}</span>').format(words.GAP_LABEL, words.GAP)


def _shows(mark: Mark) -> bool:
    """Whether a mark that covers words is an element; a link that leads nowhere is none."""
    return bool(web_address(mark.value)) if mark.kind == "link" else mark.kind in _TAGS


def _element(mark: Mark, inside: Markup) -> Markup:
    if mark.kind != "link":
        return _tagged(_TAGS[mark.kind], inside)
    address = web_address(mark.value)
    return _tagged("a", inside, href=address, target="_blank", rel="noopener noreferrer", title=words.NEW_TAB)


def _shown_between(mark: Mark) -> Markup:
    """What stands between two words without being of the text."""
    if mark.kind == "note":
        return Markup("<sup>{}</sup>").format(plain(mark.value))
    if mark.kind == "struck":
        return Markup(" <s>{}</s>").format(plain(mark.value))
    if not mark.value:
        return Markup("")
    return Markup('<span class="sheet">{}</span>').format(words.SHEET.format(number=plain(mark.value)))


def text_at(page: Page, start: int, end: int) -> Markup:
    """The page's text between two offsets, escaped, every character kept so that offsets hold.

    Controls that :func:`ui.html.plain` would drop are replaced one for one. High punctuation never starts a line.
    """
    return held(CONTROLS.sub("\ufffd", page.text[start:end]))
