"""What the chain hands over: hits, evidence, citations and answers. Frozen; invariants on the type.

An answer that is not a refusal cannot be made without a citation, nor a citation whose quote is
not the page's text at its offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from math import log
from typing import Any, Literal

from index.page import MISSING, Page, Passage, Span

Reason = Literal["", "not_on_page", "off_topic", "medical", "chat", "invalid"]
"""Why nothing is claimed: the page does not say (near the topic), another topic, a medical worry,
small talk (greeting, thanks, about the assistant), unusable input."""

Kind = Literal["fact", "definition", "list", "summary", "yes_no", "chat"]

MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Hit:
    """A passage with its scores: cosine, BM25, and the two fused (higher is better)."""

    passage: Passage
    score: float
    dense: float
    bm25: float


@dataclass(frozen=True)
class Evidence:
    """A hit that was judged: probability that it answers, and by which words.

    ``span`` is the short answer and ``sentence`` the unit that holds it, both offsets into the
    page's text. ``polarity`` is the probability that a yes/no question is affirmed.
    """

    hit: Hit
    probability: float
    span: Span
    sentence: Span
    polarity: float = 1.0

    @property
    def log_odds(self) -> float:
        p = min(max(self.probability, 1e-6), 1 - 1e-6)
        return log(p / (1 - p))


@dataclass(frozen=True)
class Citation:
    """A numbered quote with its passage and its place in the page.

    ``start`` and ``end`` are offsets of the quote into the page's text; ``url`` is empty where
    the page's address is not known.
    """

    n: int
    quote: str
    passage: Passage
    start: int
    end: int
    url: str = ""

    def __post_init__(self) -> None:
        passage = self.passage
        if self.n < 1 or not self.quote:
            raise ValueError("a citation has a number from 1 and a quote")
        inside = passage.start <= self.start < self.end <= passage.end
        if not inside or passage.text[self.start - passage.start : self.end - passage.start] != self.quote:
            raise ValueError(f"the quote is not the page's text at {self.start}-{self.end}")

    @classmethod
    def of(cls, n: int, page: Page, passage: Passage, span: Span) -> Citation:
        """The citation of ``page.text[span]``."""
        start, end = span
        return cls(n, page.text[start:end], passage, start, end, page.url)

    def to_json(self) -> dict[str, Any]:
        """The citation as the batch contract has it; ``passage`` is read under its own headings."""
        path = () if self.passage.role else self.passage.section[1:]
        headings = [heading for heading in path if heading != MISSING]
        return {
            "n": self.n,
            "quote": self.quote,
            "passage": "\n".join([*headings, self.passage.text]),
            "section": " › ".join(self.passage.section),
            "start": self.start,
            "end": self.end,
            "url": self.url,
        }


@dataclass(frozen=True)
class Answer:
    """What the user gets. ``text`` is Markdown limited to **bold**, bullets (``- ``) and marks [n].

    ``nearby`` are the closest passages, shown where the page does not answer. ``understood`` is
    the question as it was understood where that differs from what was typed. ``suggestions`` are
    questions that the page answers. ``timings`` are milliseconds by step.
    """

    question: str
    text: str
    citations: tuple[Citation, ...] = ()
    refused: bool = False
    reason: Reason = ""
    kind: Kind = "fact"
    understood: str = ""
    nearby: tuple[Passage, ...] = ()
    suggestions: tuple[str, ...] = ()
    timings: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an answer has a text")
        if self.refused:
            if self.citations:
                raise ValueError("a refusal cites nothing")
            if not self.reason:
                raise ValueError("a refusal says why")
            return
        if not self.citations:
            raise ValueError("an answer without a citation cannot be made")
        known = {c.n for c in self.citations}
        marks = {int(m) for m in MARK.findall(self.text)}
        if len(known) != len(self.citations) or not marks or not marks <= known:
            raise ValueError(f"marks {sorted(marks)} do not match citations {sorted(known)}")

    @property
    def latency_ms(self) -> float:
        return round(self.timings.get("total", 0.0), 2)

    def to_json(self) -> dict[str, Any]:
        """The line of the batch contract (without ``id``), with what programs also need."""
        return {
            "answer": self.text,
            "refused": self.refused,
            "reason": self.reason,
            "kind": self.kind,
            "understood": self.understood,
            "citations": [c.to_json() for c in self.citations],
            "nearby": [
                {"passage": p.shown, "section": " › ".join(p.section), "start": p.start, "end": p.end}
                for p in self.nearby
            ],
            "suggestions": list(self.suggestions),
            "latency_ms": self.latency_ms,
        }


@dataclass(frozen=True)
class Turn:
    """One exchange of a conversation: what was asked, and what was answered."""

    question: str
    answer: Answer
