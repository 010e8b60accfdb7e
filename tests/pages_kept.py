"""How much of real pages the walk keeps: ``python -m tests.pages_kept PAGES.json [-v]``.

``PAGES.json`` is a list of pages, each with ``title``, ``intro`` and ``sections`` (``title``,
``html``). Every word of their HTML is looked for in the parsed page, in order; words of the page
that stand for none of the source are counted as said twice. Headers that a table's rows carry
are said again on purpose and left out of the count.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from index.html.parse import parse_html
from index.html.tags import BLOCKS
from index.page import Page

_WORD = re.compile(r"\w+")
_LINES = ("br", "img", "h1", "h2", "h3", "h4", "h5", "h6")
LEAST_KEPT = 0.995


@dataclass
class Kept:
    """Characters of words: in the source, found in order, and in the page without being in the source."""

    source: int = 0
    found: int = 0
    more: int = 0
    lost: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)

    def add(self, source: list[str], page: list[str]) -> None:
        """Count one page."""
        for tag, a, b, c, d in SequenceMatcher(None, source, page, autojunk=False).get_opcodes():
            self.source += sum(map(len, source[a:b]))
            if tag == "equal":
                self.found += sum(map(len, source[a:b]))
                continue
            self.more += sum(map(len, page[c:d]))
            if b > a:
                self.lost[" ".join(source[a:b])[:100]] += 1
            if d > c:
                self.added[" ".join(page[c:d])[:100]] += 1

    @property
    def share(self) -> float:
        """Share of the source that is kept, in order."""
        return self.found / max(1, self.source)


def page_html(page: dict[str, Any]) -> str:
    """One page of the file as a site would serve it."""
    sections = "".join(f"<h2>{s['title']}</h2>{s['html']}" for s in page["sections"])
    return (
        f"<!doctype html><html lang='fr'><head><title>{page['title']}</title></head><body><main>"
        f"<h1>{page['title']}</h1>{page['intro']}{sections}</main></body></html>"
    )


def source_words(html: str) -> list[str]:
    """The words of an HTML page in the order of its source, blocks kept apart."""
    body = lxml_html.document_fromstring(html).find("body")
    return _WORD.findall("".join(_strings(body)).replace("\u00ad", ""))


def _strings(node: Any) -> list[str]:
    if not isinstance(node.tag, str) or node.tag in ("script", "style", "template"):
        return [node.tail or ""]
    apart = " " if node.tag in BLOCKS or node.tag in _LINES else ""
    inner = [piece for child in node for piece in _strings(child)]
    return [apart, node.text or "", *inner, apart, node.tail or ""]


def page_words(page: Page) -> list[str]:
    """The words of a parsed page, each once: of a table's rows, what stands in their cells."""
    aside = [(m.start, m.value) for m in page.marks if m.kind in ("note", "struck")]
    words: list[str] = []
    for block in page.blocks:
        spans = block.cells if block.kind == "row" else ((block.start, block.end),)
        for start, end in spans:
            inside = [(at, value) for at, value in aside if start <= at <= end]
            text, last = "", start
            for at, value in inside:
                text += f"{page.text[last:at]} {value} "
                last = at
            words += _WORD.findall(text + page.text[last:end])
    return words


def main(argv: list[str] | None = None) -> int:
    """Print the figures; the exit status says whether enough is kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.pages_kept", description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="the commonest losses and additions")
    arguments = parser.parse_args(argv)
    kept, seconds, characters = Kept(), 0.0, 0
    pages = json.loads(arguments.pages.read_text(encoding="utf-8"))
    worst: list[tuple[float, str]] = []
    for page in pages:
        html = page_html(page)
        begin = time.perf_counter()
        parsed = parse_html(html)
        seconds += time.perf_counter() - begin
        characters += len(html)
        alone = Kept()
        for counted in (kept, alone):
            counted.add(source_words(html), page_words(parsed))
        worst.append((alone.share, page["title"]))
    print(
        f"{len(pages)} pages: kept in order {kept.share:.4%} of {kept.source} characters of words, "
        f"said more than once {kept.more / max(1, kept.source):.4%}; "
        f"{seconds / characters * 300_000:.2f} s for 300,000 characters of HTML"
    )
    if arguments.verbose:
        for name, counts in (("lost", kept.lost), ("added", kept.added)):
            print(f"\n{name}:")
            for words, count in counts.most_common(40):
                print(f"  {count:>4}  {words}")
        print("\nworst:", *(f"  {share:.4%}  {title}" for share, title in sorted(worst)[:5]), sep="\n")
    return 0 if kept.share >= LEAST_KEPT else 1


if __name__ == "__main__":
    sys.exit(main())
