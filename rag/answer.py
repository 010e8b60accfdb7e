"""What the chain hands over: hits, evidence, citations and answers. Frozen; invariants on the type.

An answer is made of parts, each said by us, quoted from the page, or written by a language model and checked.
A grounded answer cannot be made without a citation, nor a written part, nor a citation or a quoted part whose words
are not the page's at their offsets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from index.page import MISSING, Page, Passage, Span
from rag.question.asked import Question

Reason = Literal["", "not_on_page", "off_topic", "medical", "chat", "invalid"]
"""Why nothing is claimed: the page does not say (near the topic), another topic, a medical worry,
small talk or a request about the conversation, unusable input."""

Certainty = Literal["sure", "likely", "none"]
"""Answered; the best passages shown and nothing claimed; nothing to show as an answer."""

OMITTED = "…"
"""How words that we leave out of a sentence are shown; where the page lacks words it is ``MISSING``."""
MOST_LIKELY = 3
"""Quotes of an answer that is only likely."""


@dataclass(frozen=True)
class Hit:
    """A passage with its scores: cosine, BM25, and the two fused (higher is better)."""

    passage: Passage
    score: float
    dense: float
    bm25: float


@dataclass(frozen=True)
class Evidence:
    """A hit that was judged: calibrated probability that it answers, and by which words.

    ``span`` is the short answer and ``sentence`` the unit that holds it, both offsets into the page's
    text; ``beside`` another sentence of the passage, where it may be the one that answers.
    ``polarity`` are the probabilities that a yes/no question is denied, affirmed, not settled.
    ``weighed`` are the figures that the decision saw, by name.
    """

    hit: Hit
    probability: float
    span: Span
    sentence: Span
    beside: Span | None = None
    polarity: tuple[float, float, float] = (0.0, 0.0, 1.0)
    weighed: Mapping[str, float] = field(default_factory=dict, compare=False)


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
        if not inside or passage.at((self.start, self.end)) != self.quote:
            raise ValueError(f"the quote is not the page's text at {self.start}-{self.end}")

    @classmethod
    def of(cls, n: int, page: Page, passage: Passage, span: Span) -> Citation:
        """The citation of ``page.text[span]``."""
        start, end = span
        return cls(n, page.text[start:end], passage, start, end, page.address_at(start))

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
class Said:
    """One of our fixed sentences (``rag.compose.phrases``): its name, and what fills its slots."""

    phrase: str
    text: str
    slots: tuple[tuple[str, str], ...] = ()
    strong: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"said": self.text, "strong": self.strong}


@dataclass(frozen=True)
class Quoted:
    """Words of the page, of one citation's passage. ``marked`` says that its number follows them.

    ``before`` and ``after`` are shown around them: ``OMITTED`` for words that we leave out,
    ``MISSING`` for those that the page lacks.
    """

    citation: Citation
    start: int
    end: int
    strong: bool = False
    marked: bool = True
    before: str = ""
    after: str = ""

    def __post_init__(self) -> None:
        if not self.citation.passage.start <= self.start < self.end <= self.citation.passage.end:
            raise ValueError(f"the passage of the citation does not hold {self.start}-{self.end}")

    @property
    def words(self) -> str:
        """The page's words, on one line."""
        return " ".join(self.citation.passage.at((self.start, self.end)).split())

    @property
    def text(self) -> str:
        """The words with what stands around them, without the mark."""
        return " ".join(part for part in (self.before, self.words, self.after) if part)

    def to_json(self) -> dict[str, Any]:
        return {
            "quoted": self.words, "n": self.citation.n, "start": self.start, "end": self.end,
            "strong": self.strong, "marked": self.marked, "before": self.before, "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True)
class Written:
    """A sentence of a language model that the check let through: ``citations`` quote the words that support it."""

    text: str
    citations: tuple[Citation, ...]
    strong: Literal[False] = False

    def __post_init__(self) -> None:
        if not self.text.strip() or "\n" in self.text:
            raise ValueError("a written sentence has words, on one line")
        if not self.citations:
            raise ValueError("a written sentence without a citation cannot be made")

    def to_json(self) -> dict[str, Any]:
        return {"written": self.text, "citations": [citation.n for citation in self.citations]}


Part = Said | Quoted | Written


def marks_of(part: Part) -> tuple[Citation, ...]:
    """The citations whose numbers follow a part."""
    if isinstance(part, Written):
        return part.citations
    return (part.citation,) if isinstance(part, Quoted) and part.marked else ()


def cited_by(part: Part) -> tuple[Citation, ...]:
    """The citations that a part rests on."""
    return (part.citation,) if isinstance(part, Quoted) else marks_of(part)


@dataclass(frozen=True)
class Checked:
    """A sentence that a language model wrote, whether it was shown, and why not."""

    sentence: str
    shown: bool
    reason: str = ""
    probability: float = 0.0
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Line:
    """Parts in a row: a paragraph (``level`` 0) or an item of a list (1, or 2 under another)."""

    parts: tuple[Part, ...]
    level: int = 0

    @property
    def indent(self) -> str:
        """What stands before the first word of an item."""
        return "  " * (self.level - 1) + "- " if self.level else ""

    @property
    def text(self) -> str:
        """The line for whoever wants text: nobody reads parts back out of it."""
        out = ""
        for part in self.parts:
            joint = " — " if out and self.parts[0].strong and out == self.parts[0].text else " "
            out += (joint if out else "") + part.text
            out += "".join(f" [{citation.n}]" for citation in marks_of(part))
        return self.indent + out

    def to_json(self) -> dict[str, Any]:
        return {"level": self.level, "parts": [part.to_json() for part in self.parts]}


@dataclass(frozen=True)
class Answer:
    """What the user gets: lines of parts, the citations that they quote, and how sure it is.

    ``nearby`` are the closest passages, shown where the page does not answer. ``suggestions`` are
    questions that the page answers. ``quotes`` is the answer in the page's words alone, where ``lines`` hold
    sentences of a language model; ``checked`` are all that it wrote. ``hits`` and ``evidence`` are what was found and
    how it was judged, ``timings`` milliseconds by step.
    """

    question: Question
    lines: tuple[Line, ...]
    certainty: Certainty
    citations: tuple[Citation, ...] = ()
    reason: Reason = ""
    nearby: tuple[Passage, ...] = ()
    suggestions: tuple[str, ...] = ()
    quotes: tuple[Line, ...] = ()
    checked: tuple[Checked, ...] = field(default=(), compare=False)
    hits: tuple[Hit, ...] = field(default=(), compare=False, repr=False)
    evidence: tuple[Evidence, ...] = field(default=(), compare=False, repr=False)
    timings: Mapping[str, float] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if not self.lines or not all(line.parts for line in self.lines):
            raise ValueError("an answer has lines, each of parts")
        parts = [part for line in (*self.lines, *self.quotes) for part in line.parts]
        quoted = {citation for part in parts for citation in cited_by(part)}
        marked = {citation for part in parts for citation in marks_of(part)}
        if any(isinstance(part, Written) for line in self.quotes for part in line.parts):
            raise ValueError("the page's words alone hold none of a language model")
        if self.certainty == "none":
            if self.citations or quoted:
                raise ValueError("a refusal cites nothing")
            if not self.reason:
                raise ValueError("a refusal says why")
            return
        if not self.citations:
            raise ValueError("an answer without a citation cannot be made")
        if len({c.n for c in self.citations}) != len(self.citations):
            raise ValueError("two citations bear the same number")
        if quoted != set(self.citations) or marked != quoted:
            raise ValueError("each citation is quoted and marked, and nothing else is quoted")
        if self.certainty == "likely":
            if any(part.strong for part in self.parts()):
                raise ValueError("what is only likely claims nothing")
            if len(self.citations) > MOST_LIKELY:
                raise ValueError(f"what is only likely shows {MOST_LIKELY} quotes at most")

    def parts(self) -> Iterator[Part]:
        """Every part, in order."""
        return (part for line in self.lines for part in line.parts)

    @property
    def cited(self) -> tuple[Citation, ...]:
        """The citations whose numbers stand in ``lines``: without those of ``quotes`` alone."""
        marked = {citation for part in self.parts() for citation in marks_of(part)}
        return tuple(citation for citation in self.citations if citation in marked)

    @property
    def dropped(self) -> int:
        """How many sentences of the language model were not shown."""
        return sum(not checked.shown for checked in self.checked)

    @property
    def text(self) -> str:
        """The answer as text with its marks [n], made from the parts."""
        return "\n".join(line.text for line in self.lines)

    @property
    def refused(self) -> bool:
        return self.certainty == "none"

    @property
    def latency_ms(self) -> float:
        return round(self.timings.get("total", 0.0), 2)

    def to_json(self) -> dict[str, Any]:
        """The line of the batch contract (without ``id``), with what programs also need."""
        return {
            "question": self.question.text,
            "answer": self.text,
            "certainty": self.certainty,
            "refused": self.refused,
            "reason": self.reason,
            "form": self.question.form,
            "previous": self.question.previous,
            "lines": [line.to_json() for line in self.lines],
            "quotes": [line.to_json() for line in self.quotes],
            "dropped": self.dropped,
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
    """One exchange of a conversation: what was asked as it was understood, and what was answered."""

    question: Question
    answer: Answer
