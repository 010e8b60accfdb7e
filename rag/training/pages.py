"""The project's own training pages: fictitious French administration pages, written by hand.

A file is one page::

    # title
    ## section
    > a line of the passage
    kind | question | answer copied from the passage, or "-" where it is not told
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.page import Span

FOLDER = Path(__file__).parent / "pages"

ANSWERED = frozenset(
    (
        "fait",
        "definition",
        "sigle",
        "liste",
        "pourquoi",
        "objectif",
        "oui",
        "non",
        "motscles",
        "sms",
        "anglais",
        "detour",
        "paraphrase",
    )
)
UNANSWERED = frozenset(("attribut", "change", "sigle-absent", "presuppose", "ouinon", "general"))


@dataclass(frozen=True)
class WrittenQuestion:
    """``span`` are offsets into the passage's text, None where it does not answer."""

    kind: str
    text: str
    span: Span | None


@dataclass(frozen=True)
class WrittenPassage:
    title: str
    section: str
    text: str
    questions: tuple[WrittenQuestion, ...]


def read_page(path: Path) -> tuple[WrittenPassage, ...]:
    """The passages of one file, in order. Raises ValueError with file and line where it is wrong."""
    title = section = ""
    lines: list[str] = []
    questions: list[WrittenQuestion] = []
    passages: list[WrittenPassage] = []

    def close() -> None:
        if lines:
            text = _passage_text(lines)
            passages.append(WrittenPassage(title, section, text, tuple(questions)))
        lines.clear()
        questions.clear()

    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        if line.startswith("## "):
            close()
            section = line[3:].strip()
        elif line.startswith("# "):
            title = line[2:].strip()
        elif line.startswith("> "):
            if questions:
                close()
            lines.append(line[2:].strip())
        else:
            parts = [part.strip() for part in line.split("|")]
            if len(parts) != 3 or parts[0] not in ANSWERED | UNANSWERED:
                raise ValueError(f"{path}:{number}: expected 'kind | question | answer'")
            kind, question, answer = parts
            span = None if kind in UNANSWERED else _find(_passage_text(lines), answer, kind)
            if kind in ANSWERED and span is None:
                raise ValueError(f"{path}:{number}: the answer is not in the passage")
            questions.append(WrittenQuestion(kind, question, span))
    close()
    return tuple(passages)


def _passage_text(lines: list[str]) -> str:
    """Bullets lose their dash, as they do in a parsed page."""
    return "\n".join(line.removeprefix("- ") for line in lines)


def _find(text: str, answer: str, kind: str) -> Span | None:
    flat = text.replace("\n", " ")  # an answer may run over bullets
    items = [part.strip().removeprefix("- ") for part in answer.split(" // ")] if kind == "liste" else [answer]
    first = flat.find(items[0].replace("\n", " "))
    if first < 0:
        first = flat.find(items[0].replace(" - ", " "))
    if first < 0:
        return None
    last = flat.find(items[-1], first)
    if last < 0:
        last, items = first, items[:1]
    return first, last + len(items[-1])
