"""The page itself as HTML: headings, paragraphs, bullets, gaps; every word knows its offset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from index.page import Block, Page, Passage
from ui import words
from ui.fragments import web_address
from ui.html import CONTROLS, attributes, text
from ui.lists import Lists


@dataclass(frozen=True)
class _Piece:
    """A stretch of one block that lies in one passage, or in none."""

    start: int
    end: int
    passage: Passage | None
    first: bool


def _pieces(block: Block, passages: Sequence[Passage]) -> Iterator[_Piece]:
    position = block.start
    for passage in passages:
        if passage.end <= block.start or passage.start >= block.end:
            continue
        start, end = max(passage.start, block.start), min(passage.end, block.end)
        if start > position:
            yield _Piece(position, start, None, False)
        yield _Piece(start, end, passage, start == passage.start)
        position = end
    if position < block.end:
        yield _Piece(position, block.end, None, False)


def _gap() -> str:
    return f'<span class="gap" title="{words.GAP_LABEL}">{words.GAP}</span>'


def _words_of(block: Block, page: Page, passages: Sequence[Passage]) -> str:
    """The words of a block in spans that know their offsets."""
    out = []
    for piece in _pieces(block, passages):
        known = piece.passage
        span = attributes(
            id=f"p-{known.id}" if known and piece.first else None,
            class_="passage" if known else None,
            data_start=piece.start,
            data_end=piece.end,
            data_passage=known.id if known else None,
        )
        out.append(f"<span{span}>{text_at(page, piece.start, piece.end)}</span>")
    return f"{_gap() + ' ' if block.cut_start else ''}{''.join(out)}{' ' + _gap() if block.cut_end else ''}"


def text_at(page: Page, start: int, end: int) -> str:
    """The page's text between two offsets, escaped, every character kept so that offsets hold.

    Controls that :func:`text` would drop are replaced one for one.
    """
    return escape(CONTROLS.sub("\ufffd", page.text[start:end]), quote=True)


def page_article(page: Page, passages: Sequence[Passage]) -> str:
    """The page itself: headings, paragraphs, bullets, gaps; every word knows its offset."""
    out: list[str] = []
    lists = Lists(out)
    previous: Block | None = None
    for number, block in enumerate(page.blocks):
        if block.kind == "gap":
            following = page.blocks[number + 1] if number + 1 < len(page.blocks) else None
            # a cut block shows the gap itself: […] would stand there twice
            if not ((previous and previous.cut_end) or (following and following.cut_start)):
                lists.close()
                out.append(f"<p>{_gap()}</p>")
            previous = block
            continue
        inside = _words_of(block, page, passages)
        if block.kind == "bullet":
            lists.item(block.level)
            out.append(inside)
        else:
            lists.close()
            if block.kind == "heading":
                tag = f"h{min(block.level + 1, 6)}"  # the only h1 is the application's
                out.append(f"<{tag}>{inside}</{tag}>")
            else:
                out.append(
                    f"<p{attributes(class_=f'role-{block.role}' if block.role else None)}>{inside}</p>"
                )
        previous = block
    lists.close()
    return f'<article class="page-text">{"".join(out)}</article>'


def page_pane(page: Page, passages: Sequence[Passage]) -> str:
    """The pane: breadcrumb, the page, and its address where that is known."""
    crumbs = " › ".join(page.breadcrumb[:-1] if page.breadcrumb[-1:] == (page.title,) else page.breadcrumb)
    trail = f'<p class="crumbs">{text(crumbs)}</p>' if crumbs else ""
    address = web_address(page.url)
    link = attributes(class_="action", href=address, target="_blank", rel="noopener noreferrer")
    site = (
        f'<p class="page-site"><a{link}>{words.ON_THE_SITE} <span class="sr">{words.NEW_TAB}</span></a></p>'
        if address
        else ""
    )
    return f"{trail}{page_article(page, passages)}{site}"
