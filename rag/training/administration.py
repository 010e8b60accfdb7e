"""Real administration text to learn from: titles that are questions, and premises with what follows from them.

The files are those of ``shared/data``; none of them is part of the project.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.training.pages import FOLDER as PAGES

TABLES = Path(__file__).parent / "tables"
"""Pages written for this project: those that hold tables, and those that tell a programme of the State."""
MOST_CHARS = 900
"""Characters of a section that are read: what follows is past what the reader sees in training."""
LEAST_CHARS = 60
_VERDICT = re.compile(r"^\W*(oui|non)\b[\s,.:;!]*", re.IGNORECASE)
_SILENT = re.compile(
    r"^(?:de quoi s'agit-il|qui est concerné|qui peut|comment|conditions|où s'adresser|démarche)",
    re.IGNORECASE,
)
"""Titles that tell nothing without the page's own before them."""


@dataclass(frozen=True)
class Section:
    """A part of a page with its title; ``verdict`` is the "oui" or "non" that opened it, taken off ``text``."""

    title: str
    text: str
    verdict: str = ""


@dataclass(frozen=True)
class AdministrationPage:
    """``key`` names the page as question files do ("travail URL", "fiche AUDIENCE ID").

    ``lines`` are Markdown: headings begin with ``## `` or ``### ``, items with ``- ``.
    """

    key: str
    title: str
    lines: tuple[str, ...]

    @property
    def markdown(self) -> str:
        """The page as a Markdown file."""
        text = f"# {self.title}\n"
        for before, line in zip(("", *self.lines), self.lines, strict=False):
            listed = line.startswith("- ") and before.startswith("- ")
            text += ("" if listed else "\n") + re.sub(r"([*_`<\\|\[\]])", r"\\\1", line) + "\n"
        return text

    @property
    def sections(self) -> tuple[Section, ...]:
        """The parts under the page's own title and its headings, those that tell next to nothing left out."""
        parts: list[tuple[str, list[str]]] = [(self.title, [])]
        for line in self.lines:
            if line.startswith("#"):
                parts.append((line.lstrip("# "), []))
            else:
                parts[-1][1].append(line.removeprefix("- "))
        sections = [_section(title, lines) for title, lines in parts]
        return tuple(section for section in sections if len(section.text) >= LEAST_CHARS)


def kept_aside(key: str) -> bool:
    """Whether a page is kept from training, to choose settings: one in six, by the hash of its key.

    Never one of our own: those are kept by their names, with the questions that stand on them.
    """
    return not key.startswith("own ") and int(hashlib.sha1(key.encode()).hexdigest(), 16) // 10 % 6 == 5


def labour_pages(path: Path) -> list[AdministrationPage]:
    """The pages of ``travail_pages.json``."""
    pages = []
    for page in json.loads(path.read_text(encoding="utf-8")):
        lines = _lines(page["intro"])
        for part in page["sections"]:
            lines += [f"## {part['title']}", *_lines(part["html"])]
        pages.append(AdministrationPage(f"travail {page['url']}", page["title"], tuple(lines)))
    return pages


def service_public_fiches(path: Path) -> list[AdministrationPage]:
    """The fiches of ``service_public_fiches.jsonl.gz``: the introduction is the section of the fiche's own title."""
    pages = []
    marks = {"heading": "## ", "item": "- "}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            fiche: dict[str, Any] = json.loads(line)
            blocks = [(marks.get(b["kind"], ""), " ".join(b["text"].split())) for b in fiche["blocks"]]
            key = f"fiche {fiche['audience']} {fiche['id']}"
            lines = tuple(mark + words for mark, words in blocks if words)
            pages.append(AdministrationPage(key, fiche["title"], lines))
    return pages


def real_pages(data: Path) -> list[AdministrationPage]:
    """The Labour pages and the fiches of service-public.fr in the folder ``data``."""
    return [*labour_pages(data / "travail_pages.json"), *service_public_fiches(data / "service_public_fiches.jsonl.gz")]


def markdown_by_key(pages: Iterable[AdministrationPage]) -> dict[str, str]:
    """The pages as Markdown files, by key, and our own: those that hold tables ("table NAME"), and the others ("own NAME")."""
    tables = {f"table {file.stem}": file.read_text(encoding="utf-8") for file in sorted(TABLES.glob("*.md"))}
    own = {page.key: page.markdown for page in map(_own_page, sorted(PAGES.glob("*.txt")))}
    return {page.key: page.markdown for page in pages} | tables | own


def _own_page(file: Path) -> AdministrationPage:
    """One of our own pages without its questions."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(("#", "> "))]
    return AdministrationPage(
        f"own {file.stem}", lines[0].lstrip("# "), tuple(line.removeprefix("> ") for line in lines[1:])
    )


def title_question(page: AdministrationPage, section: Section) -> str:
    """The section's title as a question that stands alone: after the page's own where it tells nothing."""
    asks = section.title.rstrip().endswith("?") and not _SILENT.match(section.title)
    if asks or section.title == page.title:
        return section.title
    return f"{page.title.rstrip(' ?')} : {section.title[:1].lower()}{section.title[1:]}"


@dataclass(frozen=True)
class Inference:
    """A premise and a hypothesis put as a question: polarity 1 it follows, 0 it is contradicted, 2 neither."""

    premise: str
    question: str
    polarity: int


def inferences(folder: Path) -> Iterator[Inference]:
    """The pairs of RTE3-FR and DACCORD (whose "compatible" pairs may or may not follow: only its contradictions)."""
    labels = {
        "rte3_fr_dev.tsv": {"entailment": 1, "contradiction": 0, "neutral": 2},
        "daccord.tsv": {"contradiction": 0},
    }
    for name, polarity in labels.items():
        with (folder / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if row["label_text"] in polarity and row["hypothesis"]:
                    question = row["hypothesis"].strip().rstrip(".") + " ?"
                    yield Inference(row["premise"].strip(), question, polarity[row["label_text"]])


def _section(title: str, lines: Sequence[str]) -> Section:
    text = "\n".join(lines)
    verdict = _VERDICT.match(text)
    if verdict is None or not title.rstrip().endswith("?"):
        return Section(title, text[:MOST_CHARS])
    rest = text[verdict.end() :]
    return Section(title, (rest[:1].upper() + rest[1:])[:MOST_CHARS], verdict[1].lower())


_HEADING = re.compile(r"<h[1-6][^>]*>(.*?)</h[1-6]>", re.DOTALL)
_BREAK = re.compile(r"<(?:p|br|div|tr|ul|ol|table|summary)[^>]*>|</(?:p|div|li|tr|ul|ol|table|summary)>")


def _lines(source: str) -> list[str]:
    """The words of each heading, paragraph, item and table row of simple HTML, a line each."""
    source = re.sub(r"<sup>.*?</sup>", "", source, flags=re.DOTALL)
    source = _HEADING.sub(lambda found: "\n### " + re.sub(r"<[^>]+>", "", found[1]) + "\n", source)
    source = _BREAK.sub("\n", re.sub(r"<li[^>]*>", "\n- ", source))
    source = re.sub(r"<[^>]+>", "", re.sub(r"</t[dh]>", " | ", source))
    lines = (" ".join(line.split()) for line in html.unescape(source).split("\n"))
    return [line for line in lines if line.strip(" -|#")]
