"""From a page to passages: sentences, bullets and rows of one section, grouped to be read at a glance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from index.page import Block, Page, Passage, Role, Span
from index.sentences import split_sentences

MOST_CHARS = 700
_LONGEST_NAME = 120
_BETWEEN_CELLS = " \n—;"
_LONGEST_ROW = 350
"""A table row up to here is quoted whole; the cells of a longer one are read sentence by sentence."""


@dataclass(frozen=True)
class _Unit:
    """Blocks that stay together: a paragraph, a bullet with its sub-bullets, a row.

    ``columns`` are the headers of the row's table.
    """

    blocks: tuple[Block, ...]
    columns: Block | None = None

    @property
    def start(self) -> int:
        return self.blocks[0].start

    @property
    def end(self) -> int:
        return self.blocks[-1].end

    @property
    def is_led(self) -> bool:
        """Whether a paragraph may introduce it."""
        return self.blocks[0].kind != "paragraph"

    @property
    def is_row(self) -> bool:
        return self.blocks[0].kind == "row"


@dataclass(frozen=True)
class _Pack:
    """Units of one passage, or of several where they are too long, and what introduces them."""

    units: tuple[_Unit, ...]
    lead: str = ""


def split_passages(page: Page, most_chars: int = MOST_CHARS) -> tuple[Passage, ...]:
    """The passages of ``page``, in order.

    None crosses a section or a gap. A paragraph that introduces bullets stays with them as long
    as the whole is at most ``most_chars`` characters; past that each bullet is a passage and the
    introduction is its ``lead``. Sub-bullets never leave their bullet where the whole is short
    enough; past that the bullet is their lead. Each row of a table is a passage of its own, for a
    question is answered by one of them; caption and the header of its name lead it, the other headers
    stand in it. A paragraph longer than ``most_chars`` is split between sentences.
    """
    passages: list[Passage] = []
    for group in _groups(page):
        for pack in _packs(page, _units(group), most_chars):
            for part in _parts(page, pack, most_chars):
                quotable = [s for unit in part.units for block in unit.blocks for s in _quotable(page, block)]
                for span in _spans(page, part.units, most_chars):
                    passages.append(_passage(page, len(passages), part, span, quotable))
    return tuple(passages)


def _groups(page: Page) -> list[list[Block]]:
    """Runs of blocks between headings and gaps, under one heading, one role at a time."""
    groups: list[list[Block]] = [[]]
    for block in page.blocks:
        if block.kind in ("heading", "gap"):
            groups.append([])
            continue
        last = groups[-1][-1] if groups[-1] else block
        if _role(last) != _role(block) or last.heading != block.heading:
            groups.append([])
        groups[-1].append(block)
    return [group for group in groups if group]


def _role(block: Block) -> Role:
    return "" if block.role in ("columns", "caption") else block.role


def _units(blocks: list[Block]) -> list[_Unit]:
    units: list[_Unit] = []
    columns: Block | None = None
    for block in blocks:
        if block.kind != "row" or block.role == "columns":
            columns = block if block.role == "columns" else None
        if block.kind == "bullet" and block.level > 1 and units and units[-1].blocks[0].kind == "bullet":
            units[-1] = _Unit((*units[-1].blocks, block))
        elif block.role != "columns":
            units.append(_Unit((block,), columns))
    return units


def _packs(page: Page, units: list[_Unit], most: int) -> list[_Pack]:
    packs: list[_Pack] = []
    position = 0
    while position < len(units):
        unit = units[position]
        after = position + 1
        if unit.is_led:
            after = _end_of_run(units, position, most)
            packs.append(_Pack(tuple(units[position:after]), _header(page, unit)))
            position = after
            continue
        while after < len(units) and units[after].is_led and units[after].is_row == units[position + 1].is_row:
            after += 1
        packs += _introduced(page, unit, units[position + 1 : after], most)
        position = after
    return packs


def _introduced(page: Page, intro: _Unit, listed: list[_Unit], most: int) -> list[_Pack]:
    """A paragraph with the bullets or rows after it: one pack where that is short enough."""
    if listed and not listed[0].is_row and listed[-1].end - intro.start <= most:
        return [_Pack((intro, *listed))]
    words = page.text[intro.start : intro.end]
    introduces = bool(listed) and (words.rstrip().endswith(":") or intro.blocks[0].role == "caption")
    lead = words if introduces else ""
    packs = [] if introduces and len(words) <= most // 4 else [_Pack((intro,))]
    if listed and listed[0].is_row:
        return packs + [
            replace(pack, lead=" ".join(filter(None, (lead, pack.lead)))) for pack in _packs(page, listed, most)
        ]
    return packs + [_Pack((unit,), lead) for unit in listed]


def _end_of_run(units: list[_Unit], first: int, most: int) -> int:
    """Where bullets without an introduction, or rows, that are read together end.

    Short bullets (key words) are read together, others and rows alone.
    """
    if units[first].is_row:
        return first + 1
    short = most // 6
    after = first + 1
    while (
        after < len(units)
        and units[after].is_row == units[first].is_row
        and units[after].is_led
        and max(u.end - u.start for u in (units[after - 1], units[after])) <= short
        and units[after].end - units[first].start <= most
    ):
        after += 1
    return after


def _header(page: Page, unit: _Unit) -> str:
    """The header of the column that names the rows, where the row does not carry it with the others."""
    row, columns = unit.blocks[0], unit.columns
    if columns is None or not columns.cells or not row.cells:
        return ""
    header = page.text[slice(*columns.cells[0])]
    return "" if header in page.text[row.start : row.cells[0][0]] else header


def _parts(page: Page, pack: _Pack, most: int) -> list[_Pack]:
    """``pack`` as it is, or, where a bullet with its sub-bullets is too long, in runs that fit."""
    blocks = pack.units[0].blocks
    if len(pack.units) > 1 or len(blocks) == 1 or blocks[-1].end - blocks[0].start <= most:
        return [pack]
    head = page.text[blocks[0].start : blocks[0].end]
    runs: list[list[Block]] = []
    for block in blocks:
        if runs and block.end - runs[-1][0].start <= most:
            runs[-1].append(block)
        else:
            runs.append([block])
    inner = " ".join(filter(None, (pack.lead, head if len(head) <= most // 4 else "")))
    return [_Pack((_Unit(tuple(run)),), inner if number else pack.lead) for number, run in enumerate(runs)]


def _spans(page: Page, units: tuple[_Unit, ...], most: int) -> list[Span]:
    """Offsets of the passages that ``units`` make: one, or several of a long paragraph's sentences."""
    start, end = units[0].start, units[-1].end
    if end - start <= most or len(units) > 1 or len(units[0].blocks) > 1:
        return [(start, end)]
    spans: list[Span] = []
    for a, b in _sentences(page, units[0].blocks[0]):
        if spans and b - spans[-1][0] <= most:
            spans[-1] = (spans[-1][0], b)
        else:
            spans.append((a, b))
    return spans


def _quotable(page: Page, block: Block) -> list[Span]:
    """Offsets of what may be quoted of ``block``."""
    if block.kind == "row" and block.end - block.start <= _LONGEST_ROW:
        return [(block.start, block.end)]
    return _sentences(page, block)


def _sentences(page: Page, block: Block) -> list[Span]:
    """Offsets of the block's sentences; none runs from one cell of a row into the next."""
    ends = [b for _, b in block.cells[:-1]]
    found: list[Span] = []
    for start, end in pairwise((block.start, *ends, block.end)):
        words = page.text[start:end]
        begin = start + len(words) - len(words.lstrip(_BETWEEN_CELLS))
        found += [(begin + a, begin + b) for a, b in split_sentences(page.text[begin:end])]
    return found


def _name(page: Page, row: Block, start: int) -> str:
    """What a row is about, for a passage that begins at ``start`` in the middle of it."""
    a, b = row.cells[0] if row.cells else (row.start, row.start)
    return page.text[row.start : b] if start >= b > a and b - row.start <= _LONGEST_NAME else ""


def _passage(page: Page, number: int, pack: _Pack, span: Span, quotable: list[Span]) -> Passage:
    start, end = span
    blocks = [block for unit in pack.units for block in unit.blocks]
    sentences = [(a, b) for a, b in quotable if start <= a and b <= end]
    first, last = blocks[0], blocks[-1]
    return Passage(
        id=number,
        text=page.text[start:end],
        start=start,
        end=end,
        section=first.section,
        sentences=tuple(sentences),
        lead=" ".join(filter(None, (pack.lead, _name(page, first, start)))),
        role=_role(first),
        cut_start=first.cut_start and start == first.start,
        cut_end=last.cut_end and end == last.end,
        heading=first.heading,
    )
