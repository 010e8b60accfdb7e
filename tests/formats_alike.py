"""The same quotes of a page, whatever file it is in: ``python -m tests.formats_alike PAGES.json [--pages N]``.

Each of some pages of ``PAGES.json`` is written as HTML and made into Markdown and Word by pandoc, into
PDF by Chromium's print and by LibreOffice from the Word file; each is then read, and what may be quoted
of it is compared with what may be quoted of the HTML. With ``--ask`` the titles of its sections are asked of
each, and what they first quote is compared. The tools must be installed.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from index.build import build_index
from index.encoder import Encoder
from index.loading import parse_page
from index.passages import split_passages
from index.settings import Settings
from rag.assistant import Assistant
from rag.loading import load_judge
from tests.pages_kept import page_html

_STYLE = "<meta charset='utf-8'><style>body{font:11pt serif}td,th{padding:3px 12px;text-align:left}</style>"
LEAST = {"md": 0.99, "docx": 0.99, "print.pdf": 0.95, "office.pdf": 0.9}
"""Least share of the quotes of HTML that another format must give; PDF knows no paragraphs, only lines, and of
the headings only those that look like some."""


def quotes(file: Path) -> list[tuple[str, str]]:
    """What may be quoted of a page, with its heading; typographic signs made one."""
    page = parse_page(file.read_bytes(), ending=file.suffix)
    return [
        (plain(passage.section[-1]), plain(page.text[a:b]))
        for passage in split_passages(page)
        for a, b in passage.sentences
    ]


def plain(words: str) -> str:
    """One line with straight apostrophes and single spaces."""
    return re.sub(r"\s+", " ", words.replace("’", "'")).strip()


def shared(first: Path, second: Path) -> tuple[float, float]:
    """Share of the quotes of ``first`` that ``second`` gives too, and of those under the same heading."""
    wanted, given = quotes(first), set(quotes(second))
    words = {quote for _, quote in given}
    return sum(quote in words for _, quote in wanted) / len(wanted), sum(q in given for q in wanted) / len(wanted)


class Asking:
    """The assistant on any file."""

    def __init__(self) -> None:
        self.settings = Settings.from_env(data_dir=Path(tempfile.mkdtemp()))
        self.encoder = Encoder.load(self.settings)

    def first_quotes(self, file: Path, questions: Sequence[str]) -> list[str]:
        """What each question is first shown of the page in ``file``, "" where it does not answer."""
        index = build_index(parse_page(file.read_bytes(), ending=file.suffix), self.settings, self.encoder)
        assistant = Assistant(self.settings, self.encoder, index, load_judge(self.settings, self.encoder, index))
        answers = [assistant.ask(question) for question in questions]
        return [plain(answer.citations[0].quote) if answer.citations else "" for answer in answers]


def alike(asking: Asking, html: Path, files: dict[str, Path], questions: Sequence[str]) -> dict[str, list[bool]]:
    """Whether each question is first shown the same quote in each format as in HTML."""
    wanted = asking.first_quotes(html, questions)
    return {
        name: [a == b for a, b in zip(wanted, asking.first_quotes(file, questions), strict=True)]
        for name, file in files.items()
    }


def made(html: str, folder: Path) -> dict[str, Path]:
    """One page in all formats."""
    source = folder / "page.html"
    source.write_text(html.replace("<head>", f"<head>{_STYLE}"), encoding="utf-8")
    for command in (
        ["pandoc", "page.html", "-t", "gfm", "--wrap=none", "-o", "page.md"],
        ["pandoc", "page.html", "-o", "page.docx"],
        ["soffice", "--headless", "--convert-to", "pdf", "page.docx"],
        ["mv", "page.pdf", "page.office.pdf"],
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         "--print-to-pdf=page.print.pdf", f"file://{source}"],
    ):  # fmt: skip
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120)
    return {name: folder / f"page.{name}" for name in LEAST}


def main(argv: list[str] | None = None) -> int:
    """Print a line a page; the exit status says whether enough is the same."""
    parser = argparse.ArgumentParser(prog="python -m tests.formats_alike", description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--pages", type=int, default=12, dest="count")
    parser.add_argument("--ask", action="store_true", help="ask the titles of the sections, too")
    arguments = parser.parse_args(argv)
    asking = Asking() if arguments.ask else None
    answered: dict[str, list[bool]] = {name: [] for name in LEAST}
    pages = json.loads(arguments.pages.read_text(encoding="utf-8"))
    shares: dict[str, list[float]] = {name: [] for name in LEAST}
    headed: dict[str, list[float]] = {name: [] for name in LEAST}
    for page in pages[:: max(1, len(pages) // arguments.count)][: arguments.count]:
        with tempfile.TemporaryDirectory() as folder:
            files = made(page_html(page), Path(folder))
            for name, file in files.items():
                same, under = shared(Path(folder) / "page.html", file)
                shares[name].append(same)
                headed[name].append(under)
            if asking:
                titles = [section["title"] for section in page["sections"]]
                for name, equal in alike(asking, Path(folder) / "page.html", files, titles).items():
                    answered[name] += equal
        print(page["title"][:60], {name: round(found[-1], 3) for name, found in shares.items()}, flush=True)
    mean = {name: sum(found) / len(found) for name, found in shares.items()}
    print("mean", {name: round(share, 4) for name, share in mean.items()})
    print("under the same heading", {name: round(sum(found) / len(found), 4) for name, found in headed.items()})
    if asking:
        print("same first quote", {name: f"{sum(found)} of {len(found)}" for name, found in answered.items()})
    return 0 if all(mean[name] >= least for name, least in LEAST.items()) else 1


if __name__ == "__main__":
    sys.exit(main())
