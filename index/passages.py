"""From a page to passages: sentences and bullets of one section, grouped to be read at a glance."""

from __future__ import annotations

from dataclasses import dataclass

from index.page import Block, Page, Passage, Span
from index.sentences import split_sentences


@dataclass(frozen=True)
class _Unit:
    """Blocks that stay together: a paragraph, or a bullet with its sub-bullets."""

    blocks: tuple[Block, ...]

    @property
    def start(self) -> int:
        return self.blocks[0].start

    @property
    def end(self) -> int:
        return self.blocks[-1].end


def split_passages(page: Page, most_chars: int = 700) -> tuple[Passage, ...]:
    """The passages of ``page``, in order.

    None crosses a section or a gap. A paragraph that introduces bullets stays with them as long
    as the whole is at most ``most_chars`` characters; past that each bullet is a passage and the
    introduction is its ``lead``. Sub-bullets never leave their bullet. A paragraph longer than
    ``most_chars`` is split between sentences.
    """
    passages: list[Passage] = []
    for group in _groups(page):
        for units, lead in _pack(page, _units(group), most_chars):
            for span in _split_long(page, units, most_chars):
                passages.append(_passage(page, len(passages), units, span, lead))
    return tuple(passages)


def _groups(page: Page) -> list[list[Block]]:
    """Runs of paragraphs and bullets between headings and gaps, one role at a time."""
    groups: list[list[Block]] = [[]]
    for block in page.blocks:
        if block.kind in ("heading", "gap"):
            groups.append([])
            continue
        if groups[-1] and groups[-1][-1].role != block.role:
            groups.append([])
        groups[-1].append(block)
    return [group for group in groups if group]


def _units(blocks: list[Block]) -> list[_Unit]:
    units: list[list[Block]] = []
    for block in blocks:
        if block.kind == "bullet" and block.level > 1 and units:
            units[-1].append(block)
        else:
            units.append([block])
    return [_Unit(tuple(unit)) for unit in units]


def _pack(page: Page, units: list[_Unit], most: int) -> list[tuple[list[_Unit], str]]:
    packed: list[tuple[list[_Unit], str]] = []
    position = 0
    while position < len(units):
        unit = units[position]
        after = position + 1
        if unit.blocks[0].kind == "paragraph":
            while after < len(units) and units[after].blocks[0].kind == "bullet":
                after += 1
            bullets = units[position + 1 : after]
            if bullets and bullets[-1].end - unit.start <= most:
                packed.append((units[position:after], ""))
            else:
                lead = page.text[unit.start : unit.end]
                introduces = bool(bullets) and lead.rstrip().endswith(":")
                if not introduces or len(lead) > most // 4:
                    packed.append(([unit], ""))
                packed += [([bullet], lead if introduces else "") for bullet in bullets]
            position = after
            continue
        # Bullets without an introduction: short ones (key words) read together, others alone.
        run = [unit]
        short = most // 6
        while (
            after < len(units)
            and max(u.end - u.start for u in (*run, units[after])) <= short
            and units[after].end - run[0].start <= most
        ):
            run.append(units[after])
            after += 1
        packed.append((run, ""))
        position = after
    return packed


def _split_long(page: Page, units: list[_Unit], most: int) -> list[Span]:
    start, end = units[0].start, units[-1].end
    if end - start <= most or len(units) > 1 or len(units[0].blocks) > 1:
        return [(start, end)]
    spans: list[Span] = []
    for a, b in split_sentences(page.text[start:end]):
        if spans and start + b - spans[-1][0] <= most:
            spans[-1] = (spans[-1][0], start + b)
        else:
            spans.append((start + a, start + b))
    return spans


def _passage(page: Page, number: int, units: list[_Unit], span: Span, lead: str) -> Passage:
    start, end = span
    blocks = [block for unit in units for block in unit.blocks]
    sentences = [
        (block.start + a, block.start + b)
        for block in blocks
        for a, b in split_sentences(page.text[block.start : block.end])
        if start <= block.start + a and block.start + b <= end
    ]
    first, last = blocks[0], blocks[-1]
    return Passage(
        id=number,
        text=page.text[start:end],
        start=start,
        end=end,
        section=first.section,
        sentences=tuple(sentences),
        lead=lead,
        role=first.role,
        cut_start=first.cut_start and start == first.start,
        cut_end=last.cut_end and end == last.end,
    )
