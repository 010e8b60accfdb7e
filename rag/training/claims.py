"""Claims about passages, each labelled as supported or not: what the support check learns from.

``claims/*.in.jsonl`` hold the passages (``id``, ``page``, ``title``, ``passage``), ``*.out.jsonl`` the claims
about them (``id``, ``claim``, ``supported``, ``kind``), written by hand.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.page import Passage
from index.sentences import split_sentences
from rag.training.administration import kept_aside, real_pages
from rag.training.data import Source
from rag.training.negatives import changed

FOLDER = Path(__file__).parent / "claims"
MOST_CHARS = 320
"""Of a sentence that is taken from a page as a claim."""


@dataclass(frozen=True)
class Claim:
    """A sentence about a passage, whether the passage supports it, and how it was made."""

    text: str
    passage: Passage
    supported: bool
    kind: str
    page: str


def passage_of(context: str, text: str) -> Passage:
    """A passage that stands alone."""
    return Passage(0, text, 0, len(text), (context,) if context else (), tuple(split_sentences(text)))


def written_claims(folder: Path, pattern: str) -> list[Claim]:
    """The claims of the files ``pattern`` (of ``.out.jsonl``), an unfinished last line aside."""
    passages = {}
    for file in sorted(folder.glob("*.in.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            passages[row["id"]] = row["page"], passage_of(row["title"].replace(" > ", " › "), row["passage"])
    claims = []
    for out in sorted(folder.glob(f"{pattern}.out.jsonl")):
        for line in out.read_text(encoding="utf-8").splitlines():
            try:
                row = json.loads(line)
            except ValueError:
                continue
            page, passage = passages[row["id"]]
            claims.append(Claim(row["claim"], passage, bool(row["supported"]), row["kind"], page))
    return claims


def settles(page: str) -> bool:
    """Whether a page's claims choose the threshold instead of training: one in six, by the hash of its name."""
    return int(hashlib.sha1(page.encode()).hexdigest(), 16) // 60 % 6 == 3


def inference_claims(folder: Path) -> list[Claim]:
    """RTE3-FR, and of DACCORD the pairs that contradict: "compatible" is not yet "supported"."""
    claims = []
    for name in ("rte3_fr_dev", "daccord"):
        with (folder / "nli" / f"{name}.tsv").open(encoding="utf-8", newline="") as opened:
            for row in csv.DictReader(opened, delimiter="\t"):
                follows = name.startswith("rte3") and row["label_text"] == "entailment"
                if follows or name.startswith("rte3") or row["label_text"] == "contradiction":
                    claims.append(
                        Claim(row["hypothesis"], passage_of("", row["premise"]), follows, name, row["premise"])
                    )
    return claims


def copied_claims(data: Path, most: int, rng: random.Random) -> list[Claim]:
    """Sentences of administration pages: of the passage itself, of a neighbour of it, and with one thing changed."""
    pages = [page for page in real_pages(data) if not kept_aside(page.key) and len(page.sections) > 1]
    claims: list[Claim] = []
    while len(claims) < most:
        page = rng.choice(pages)
        here, there = rng.sample(range(len(page.sections)), 2)
        section, other = page.sections[here], page.sections[there]
        if not 200 <= len(section.text) <= 700:
            continue
        passage = passage_of(f"{page.title} › {section.title}", section.text)
        own, foreign = _sentences(section.text), _sentences(other.text)
        if own:
            claims.append(Claim(rng.choice(own), passage, True, "copied", page.key))
            if new := changed(rng.choice(own), section.text, [], rng):
                claims.append(Claim(new, passage, False, "copied-changed", page.key))
        if (new := rng.choice(foreign) if foreign else "") and new not in section.text:
            claims.append(Claim(new, passage, False, "copied-neighbour", page.key))
    return claims


def _sentences(text: str) -> list[str]:
    found = (text[a:b] for a, b in split_sentences(text))
    return [s for s in found if 50 <= len(s) <= MOST_CHARS and s[0].isupper() and s.endswith(".")]


def answered_claims(sources: Sequence[Source], rng: random.Random) -> Iterator[Claim]:
    """Questions with their answers; not supported with another answer that was marked in the same passage."""
    for source in sources:
        marked: dict[int, list[tuple[int, int]]] = {}
        for item in source.items:
            if item.passage >= 0:
                marked.setdefault(item.passage, []).extend(item.spans)
        for item in source.items:
            if not item.spans or item.previous or item.passage < 0:
                continue
            text = source.texts[item.passage]
            a, b = item.spans[0]
            if b - a > 200 or len(text.text) > 1200:
                continue
            passage = passage_of(text.context, text.text)
            yield Claim(f"{item.question} {text.text[a:b]}.", passage, True, "answered", text.article)
            others = [s for s in marked[item.passage] if s[1] <= a or s[0] >= b]
            if others:
                c, d = rng.choice(others)
                if text.text[c:d] != text.text[a:b] and d - c <= 200:
                    yield Claim(f"{item.question} {text.text[c:d]}.", passage, False, "answered-other", text.article)
