"""A page for a terminal: headings underlined, lists indented, tables in columns, gaps as […]."""

from __future__ import annotations

import textwrap

from index.page import MISSING, Block, Page, Passage

_MARGIN = 6
_WIDEST_CELL = 30


def show(page: Page, passages: tuple[Passage, ...], width: int = 88) -> str:
    """The blocks of ``page`` as a person would want to read them; each passage numbered where it begins."""
    lines = [page.title, "=" * min(width, len(page.title)), *_about(page)]
    numbers = {passage.start: passage.id + 1 for passage in passages}
    position = 0
    while position < len(page.blocks):
        block = page.blocks[position]
        if block.kind == "row":
            after = position + 1
            while after < len(page.blocks) and page.blocks[after].kind == "row" and page.blocks[after].role == "":
                after += 1
            lines += ["", *_table(page, page.blocks[position:after], numbers)]
            position = after
            continue
        if not (block.kind == "heading" and block.level == 1 and page.text[block.start : block.end] == page.title):
            lines += _block(page, block, numbers.get(block.start), width)
        position += 1
    return "\n".join(lines)


def _about(page: Page) -> list[str]:
    facts = {
        "Source": page.publisher,
        "Adresse": page.url,
        "Mise à jour": page.updated,
        "Licence": page.licence,
        "Fil d'Ariane": " › ".join(page.breadcrumb),
    }
    return [f"{name} : {value}" for name, value in facts.items() if value]


def _block(page: Page, block: Block, number: int | None, width: int) -> list[str]:
    text = page.text[block.start : block.end]
    if block.kind == "gap":
        return ["", f"        {MISSING}"]
    if block.kind == "heading":
        return ["", f"{'#' * block.level} {text}"]
    sign = f"{'  ' * (block.level - 1)}• " if block.kind == "bullet" else ""
    head = f"{number if number else '':>4}  {sign}"
    lines = [] if block.kind == "bullet" else [""]
    for line in text.split("\n"):
        shown = (
            [head + line]
            if block.role == "code"
            else textwrap.wrap(line, width, initial_indent=head, subsequent_indent=" " * len(head))
        )
        lines += shown
        head = " " * len(head)
    return lines


def _table(page: Page, rows: tuple[Block, ...], numbers: dict[int, int]) -> list[str]:
    """Rows of a table, its columns as wide as their longest cell, or cut with « … »."""
    cells = [[_shortened(page.text[a:b]) for a, b in row.cells] for row in rows]
    columns = max(map(len, cells), default=0)
    widths = [max((len(row[n]) for row in cells if n < len(row)), default=0) for n in range(columns)]
    lines = []
    for block, row in zip(rows, cells, strict=True):
        number = numbers.get(block.start, "")
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        lines.append(f"{number:>4}  | {' | '.join(padded)} |")
        if block.role == "columns":
            lines.append(f"{'':>{_MARGIN}}|{'|'.join('-' * (width + 2) for width in widths)}|")
    return lines


def _shortened(cell: str) -> str:
    cell = " ".join(cell.split())
    return cell if len(cell) <= _WIDEST_CELL else cell[: _WIDEST_CELL - 1] + "…"
