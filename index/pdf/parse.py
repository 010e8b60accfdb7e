"""PDF becomes HTML by its layout: headings by their size, paragraphs whole again, pages as anchors."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from itertools import pairwise

from index.dates import date_in
from index.html.about import About
from index.html.parse import parse_html
from index.hyphens import join_pair
from index.page import Page
from index.pdf.headings import Headings
from index.pdf.leaders import LEADER
from index.pdf.lines import read_print
from index.pdf.printed import LARGER, SENTENCE_END, Printed, PrintedCell, PrintedLine, PrintedTable, has_room
from index.pdf.title import FIRST_PAGES, Heading, title_of

_BULLET = re.compile(r"^(?:[•●▪■◦‣⁃∙·o–—-]\s+|\uf0b7\s*|—(?=[A-ZÀ-Ý]))")
_NUMBER = re.compile(r"^(\d{1,2})[.)]\s+(?=\S)")
_CUT_WORD = re.compile(r"\w-$")
_SMALLER = 0.9
"""Share of the size of most of the text under which the print at the foot of a page is a note."""
_PRICED = re.compile(rf"{LEADER}[\d\W]*\d[\d\W]*(?:euros?)?$")
"""The end of a line that says something by itself: dots and a figure."""
_APART = 0.8
"""White space between two lines, in heights of a line, that parts paragraphs."""

_MOST_BEFORE = 200
"""Characters of text over a title; one under more of it is a heading too."""
_FAR = 3
"""Sizes of a line by which two headings stand apart that only stand side by side."""


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
    printed, about = read_print(data), _about(data)
    html, title = pdf_to_html(printed, about.title)
    return parse_html(html, url=url, whole=True, about=replace(about, title=title))


def pdf_to_html(printed: list[Printed], known: str) -> tuple[str, str]:
    """HTML of lines of print, and the title where no heading says it; ``known`` is what the file calls itself.

    ``<a data-sheet="3">`` stands where page 3 begins.
    """
    lines = [line for line in printed if isinstance(line, PrintedLine)]
    headings = Headings(lines)
    parts: list[_Part] = []
    current: _Part | None = None
    numbered = _numbered(lines, headings.body)
    for line in printed:
        if isinstance(line, PrintedTable):
            parts.append(_Part("table", [], line))
            current = None
            continue
        tag = "li" if line in numbered else _tag(line, headings)
        if current is None or current.last.sheet < line.sheet:
            current = _under_way(parts, line, headings.body)
        note = line.size < _SMALLER * headings.body and _NUMBER.match(line.text) is not None
        if current and not note and _continues(current, line, tag):
            current.lines.append(line)
        else:
            current = _Part(tag, [line])
            parts.append(current)
    title = _with_title(parts, headings.body, known)
    return _written(parts).replace(LEADER, "…"), title


def _with_title(parts: list[_Part], body: float, known: str) -> str:
    """Make the heading that is the title the highest; the title where no heading is."""
    headings = {
        Heading(" ".join(line.text for line in part.lines), part.lines[0].size, part.lines[0].sheet): part
        for part in reversed(parts)
        if part.tag.startswith("h")
    }
    first_pages = " ".join(line.text for part in parts for line in part.lines if line.sheet <= FIRST_PAGES)
    title = title_of(list(reversed(headings)), body, known, first_pages)
    for part in headings.values():
        part.tag = "h2" if part.tag == "h1" and title else part.tag
    if isinstance(title, str):
        return title
    part = headings[title]
    before = parts[: parts.index(part)]
    if sum(len(line.text) for other in before if not other.tag.startswith("h") for line in other.lines) > _MOST_BEFORE:
        parts.insert(0, _Part("h1", part.lines))  # a heading in the midst of the text heads what follows, too
    else:
        part.tag = "h1"
    return ""


def _under_way(parts: list[_Part], line: PrintedLine, body: float) -> _Part | None:
    """The part that the first ``line`` of a page may go on: the last, or the one before the notes at the foot of the page that was turned."""
    for part in reversed(parts):
        if not part.lines or part.last.sheet == line.sheet or not _is_note(part, line, body):
            return part if part.lines else None
    return None


def _is_note(part: _Part, line: PrintedLine, body: float) -> bool:
    """Whether ``part``, at the foot of a page, is smaller print than ``line``, or than the text and has a number."""
    size = part.lines[0].size
    numbered = _NUMBER.match(part.lines[0].text) is not None
    return size < _SMALLER * (body if numbered else min(body, line.size))


def _numbered(lines: list[PrintedLine], body: float) -> set[PrintedLine]:
    """Lines that begin the items of a numbered list: 1, 2, … straight under each other, in the text's own size; notes are smaller."""
    items: set[PrintedLine] = set()
    run: list[PrintedLine] = []
    for line in lines:
        found = _NUMBER.match(line.text)
        if found is None or not _SMALLER * body <= line.size <= LARGER * body or line.bold:
            continue
        number = int(found[1])
        if number == len(run) + 1 and (number == 1 or abs(line.left - run[-1].left) < line.size):
            run.append(line)
        else:
            run = [line] if number == 1 else []
        if len(run) > 1:
            items.update(run)
    return items


def _tag(line: PrintedLine, headings: Headings) -> str:
    if line.bullet or _BULLET.match(line.text):
        return "li"
    level = headings.level(line)
    return f"h{level}" if level else "p"


def _continues(part: _Part, line: PrintedLine, tag: str) -> bool:
    """Whether ``line`` goes on with ``part``: the next line of its column, or of the next page."""
    last = part.last
    if tag == "li" or (part.tag == "li" and tag != "p"):
        return False
    if part.tag.startswith("h") or tag.startswith("h"):
        beside = line.top < last.bottom - line.size / 2 and line.left > last.right + _FAR * line.size
        return tag == part.tag and _gap(last, line) < _APART * line.size and last.sheet == line.sheet and not beside
    if last.sheet != line.sheet or last.box != line.box:
        # a new column or page: only a sentence that was cut goes on there, or a word
        cut = line.text[:1].islower() or line.text.startswith("(") or bool(_CUT_WORD.search(last.text))
        note = line.size < _SMALLER * last.size or last.size < _SMALLER * line.size
        return not SENTENCE_END.search(last.text) and cut and not note
    if _gap(last, line) > _APART * line.size or _PRICED.search(last.text):
        return False
    ends = SENTENCE_END.search(last.text) is not None
    right = max(other.right for other in (*part.lines, line))
    if (ends or line.text[:1].isupper()) and has_room(last, line, right):
        return False
    if part.tag == "li":
        # under a drawn dot words stand straight below each other, under a typed one they stand further in
        return part.lines[0].bullet or line.left > part.lines[0].left + 2 or not ends
    indented = line.left > min(part_line.left for part_line in part.lines) + line.size
    short = last.right < right - 6 * line.size
    return not (ends and (indented or short))


def _gap(above: PrintedLine, below: PrintedLine) -> float:
    return below.top - above.bottom


def _written(parts: list[_Part]) -> str:
    """The HTML of all parts, lists opened and closed by how far their items stand from the margin."""
    out: list[str] = []
    margins: list[float] = []
    sheet = 0
    foot = 0.0
    for part in parts:
        anchor, sheet = _anchor(part, sheet)
        if part.tag == "li":
            if part.lines[0].top < foot and not anchor:  # another column's list
                out += ["</li></ul>"] * len(margins)
                margins.clear()
            foot = part.last.top
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
    end = part.table.last_sheet if part.table else part.last.sheet
    return (f'<a data-sheet="{here}"></a>' if here != sheet else ""), end


def _joined(lines: list[PrintedLine]) -> str:
    html = lines[0].html
    for before, line in pairwise(lines):
        html = join_pair(html, line.html)
        if line.sheet != before.sheet:  # before its words: after them it would hide a hyphen from the next line
            html = f'{html.removesuffix(line.html)}<a data-sheet="{line.sheet}"></a>{line.html}'
    return html


def _table(table: PrintedTable) -> str:
    """A table; what its first row is, bold or not, is told where tables are read. Labels beside values are no table."""
    if all(len(row) == 2 and row[0].html.endswith(":") and row[1].html for row in table.rows):
        return "<dl>" + "".join(f"<dt>{a.html}</dt><dd>{b.html}</dd>" for a, b in table.rows) + "</dl>"
    first, *others = table.rows
    rows = [[_cell(f"<b>{cell.html}</b>" if table.bold_head else cell.html, cell) for cell in first]]
    rows += [[_cell(cell.html, cell) for cell in row] for row in others]
    return "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"


def _cell(words: str, cell: PrintedCell) -> str:
    spans = [f' colspan="{cell.across}"' if cell.across > 1 else "", f' rowspan="{cell.down}"' if cell.down > 1 else ""]
    return f"<td{''.join(spans)}>{words}</td>"


def _about(data: bytes) -> About:
    """The title and the date of the last change (D:20240305…), as the file says them."""
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfparser import PDFParser
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    about = About()
    for info in PDFDocument(PDFParser(io.BytesIO(data))).info:
        said = {name: resolve1(value) for name, value in info.items()}
        title = said.get("Title")
        about = replace(about, title=about.title or (decode_text(title).strip() if isinstance(title, bytes) else ""))
        for name in ("ModDate", "CreationDate"):
            raw = said.get(name)
            stamp = re.match(r"D:(\d{4})(\d{2})(\d{2})", raw.decode("latin-1") if isinstance(raw, bytes) else "")
            if stamp and not about.updated:
                about = replace(about, updated=date_in("-".join(stamp.groups())))
    return about
