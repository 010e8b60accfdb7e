"""PDF becomes HTML by its layout: headings by their size, paragraphs whole again, pages as anchors."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from index.about import About
from index.dates import date_in
from index.html import parse_html
from index.hyphens import join_pair
from index.page import Page
from index.pdf_lines import read_print
from index.printed import Printed, PrintedLine, PrintedTable

_BULLET = re.compile(r"^(?:[•●▪■◦‣⁃∙·o–—-]\s+|\uf0b7\s*)")
_NUMBER = re.compile(r"^(\d{1,2})[.)]\s+(?=\S)")
_SENTENCE_END = re.compile(r"[.!?…:;]['»”\")\]]*$")
_CUT_WORD = re.compile(r"\w-$")
_LARGER = 1.12
"""A line this much larger than most of the text is a heading."""
_LONGEST_HEADING = 180
_APART = 0.8
"""White space between two lines, in heights of a line, that parts paragraphs."""


@dataclass
class _Part:
    """A heading, paragraph, item or table under way."""

    tag: str
    lines: list[PrintedLine]
    table: PrintedTable | None = None

    @property
    def last(self) -> PrintedLine:
        return self.lines[-1]


def parse_pdf(data: bytes, *, url: str = "") -> Page:
    """The page in a PDF; ``Page.sheet_at`` says on which of its pages a place stands.

    Raises:
        ParseError: encrypted, damaged, or nothing but pictures.
    """
    return parse_html(pdf_to_html(read_print(data)), url=url, whole=True, about=_about(data))


def pdf_to_html(printed: list[Printed]) -> str:
    """HTML of lines of print; ``<a data-sheet="3">`` stands where page 3 begins."""
    lines = [line for line in printed if isinstance(line, PrintedLine)]
    levels, body, bold_boxes = _heading_sizes(lines), _body_size(lines), _bold_boxes(lines)
    parts: list[_Part] = []
    numbered = _numbered(lines)
    for line in printed:
        if isinstance(line, PrintedTable):
            parts.append(_Part("table", [], line))
            continue
        tag = "li" if line in numbered else _tag(line, levels, body, bold_boxes)
        if parts and parts[-1].lines and _continues(parts[-1], line, tag):
            parts[-1].lines.append(line)
        else:
            parts.append(_Part(tag, [line]))
    return _written(parts)


def _body_size(lines: list[PrintedLine]) -> float:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _heading_sizes(lines: list[PrintedLine]) -> dict[float, int]:
    """The level of each size of heading, the largest 1; bold lines of the text's own size come last."""
    body = _body_size(lines)
    larger = sorted(
        {line.size for line in lines if line.size >= _LARGER * body and len(line.text) <= _LONGEST_HEADING},
        reverse=True,
    )
    return {size: min(level, 5) for level, size in enumerate(larger, 1)}


def _bold_boxes(lines: list[PrintedLine]) -> set[tuple[int, int]]:
    """Boxes of one or two lines, all in bold: a bold line among others is a part of their paragraph."""
    boxes: dict[tuple[int, int], list[PrintedLine]] = {}
    for line in lines:
        boxes.setdefault((line.sheet, line.box), []).append(line)
    return {place for place, inside in boxes.items() if len(inside) <= 2 and all(line.bold for line in inside)}


def _numbered(lines: list[PrintedLine]) -> set[PrintedLine]:
    """Lines that begin the items of a numbered list: 1, 2, … straight under each other, in the text's own size."""
    body = _body_size(lines)
    items: set[PrintedLine] = set()
    run: list[PrintedLine] = []
    for line in lines:
        found = _NUMBER.match(line.text)
        if found is None or line.size > _LARGER * body or line.bold:
            continue
        number = int(found[1])
        if number == len(run) + 1 and (number == 1 or abs(line.left - run[-1].left) < line.size):
            run.append(line)
        else:
            run = [line] if number == 1 else []
        if len(run) > 1:
            items.update(run)
    return items


def _tag(line: PrintedLine, levels: dict[float, int], body: float, bold_boxes: set[tuple[int, int]]) -> str:
    if line.bullet or _BULLET.match(line.text):
        return "li"
    if line.size in levels:
        return f"h{levels[line.size]}"
    titled = (
        (line.sheet, line.box) in bold_boxes
        and len(line.text) <= _LONGEST_HEADING / 2
        and not _SENTENCE_END.search(line.text)
    )
    if titled and line.size >= body and any(c.isalpha() for c in line.text):
        return f"h{min(len(set(levels.values())) + 1, 6)}"
    return "p"


def _continues(part: _Part, line: PrintedLine, tag: str) -> bool:
    """Whether ``line`` goes on with ``part``: the next line of its column, or of the next page."""
    last = part.last
    if tag == "li" or (part.tag == "li" and tag != "p"):
        return False
    if part.tag.startswith("h") or tag.startswith("h"):
        return tag == part.tag and _gap(last, line) < _APART * line.size and last.sheet == line.sheet
    if last.sheet != line.sheet or last.box != line.box:
        # a new column or page: only a sentence that was cut goes on there, or a word
        cut = line.text[:1].islower() or line.text.startswith("(") or bool(_CUT_WORD.search(last.text))
        return not _SENTENCE_END.search(last.text) and cut
    if _gap(last, line) > _APART * line.size:
        return False
    ends = _SENTENCE_END.search(last.text) is not None
    if (ends or line.text[:1].isupper()) and _had_room(part, line):
        return False
    if part.tag == "li":
        # under a drawn dot words stand straight below each other, under a typed one they stand further in
        return part.lines[0].bullet or line.left > part.lines[0].left + 2 or not ends
    indented = line.left > min(part_line.left for part_line in part.lines) + line.size
    short = last.right < max(part_line.right for part_line in (*part.lines, line)) - 6 * line.size
    return not (ends and (indented or short))


def _had_room(part: _Part, line: PrintedLine) -> bool:
    """Whether the first word of ``line`` would have fitted on the line before: that one was ended on purpose."""
    width = (line.right - line.left) / max(1, len(line.text))
    word = width * (len(line.text.split(maxsplit=1)[0]) + 1)
    right = max(other.right for other in (*part.lines, line))
    return part.last.right + word < right - line.size


def _gap(above: PrintedLine, below: PrintedLine) -> float:
    return below.top - above.bottom


def _written(parts: list[_Part]) -> str:
    """The HTML of all parts, lists opened and closed by how far their items stand from the margin."""
    out: list[str] = []
    margins: list[float] = []
    sheet = 0
    for part in parts:
        anchor, sheet = _anchor(part, sheet)
        if part.tag == "li":
            left = part.lines[0].left
            while margins and left < margins[-1] - 4:
                margins.pop()
                out.append("</li></ul>")
            if not margins or left > margins[-1] + 4:
                margins.append(left)
                out.append("<ul>")
            else:
                out.append("</li>")
            out.append(f"<li>{anchor}{_NUMBER.sub('', _BULLET.sub('', _joined(part.lines), count=1), count=1)}")
            continue
        out += ["</li></ul>"] * len(margins)
        margins.clear()
        if part.table is not None:
            out.append(f"<p>{anchor}</p>{_table(part.table)}")
        else:
            out.append(f"<{part.tag}>{anchor}{_joined(part.lines)}</{part.tag}>")
    out += ["</li></ul>"] * len(margins)
    return "".join(out)


def _anchor(part: _Part, sheet: int) -> tuple[str, int]:
    """The anchor of the page where ``part`` begins, if it is another than the last part's."""
    here = part.table.sheet if part.table else part.lines[0].sheet
    end = part.table.sheet if part.table else part.last.sheet
    return (f'<a data-sheet="{here}"></a>' if here != sheet else ""), end


def _joined(lines: list[PrintedLine]) -> str:
    html = lines[0].html
    for before, line in pairwise(lines):
        html = join_pair(html, line.html)
        if line.sheet != before.sheet:
            html += f'<a data-sheet="{line.sheet}"></a>'
    return html


def _table(table: PrintedTable) -> str:
    """A drawn table; what its first row is, bold or not, is told where tables are read."""
    rows = [[escape(cell) for cell in row] for row in table.rows]
    if table.bold_head:
        rows[0] = [f"<b>{cell}</b>" for cell in rows[0]]
    return "<table>" + "".join("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in rows) + "</table>"


def _about(data: bytes) -> About:
    """The date of the last change, as the file says it (D:20240305…)."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser

    for info in PDFDocument(PDFParser(io.BytesIO(data))).info:
        for name in ("ModDate", "CreationDate"):
            raw = info.get(name)
            stamp = re.match(r"D:(\d{4})(\d{2})(\d{2})", raw.decode("latin-1") if isinstance(raw, bytes) else "")
            if stamp:
                return About(updated=date_in("-".join(stamp.groups())))
    return About()
