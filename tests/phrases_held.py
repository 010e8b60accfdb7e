"""``python -m tests.phrases_held FILE...``: whether what we say in our own name is ours, and true of the page.

A file is one of questions (JSON lines, as the batch contract has them) or in SQuAD's layout. Asks every
question on the bundled page and looks at each said part and each suggestion: a phrase of
``rag.compose.phrases`` with its template filled, each slot verbatim on the page or the user's question.
Prints counts as one JSON line, and the faults; exits 1 where there is one.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.page import MISSING, Page
from index.settings import Settings
from index.words import fold
from rag import Answer, Assistant, QuestionError
from rag.answer import OMITTED, Quoted, Said, Written
from rag.compose.phrases import PHRASES
from rag.evaluate.squad import read_articles, read_collection
from rag.support.rules import written_fault

NEVER_PRINTED = ("sealed", "strangers")
"""How the files begin whose questions nobody reads: their faults name the place alone."""
_SUGGESTED = (
    r"Que dit la page sous «\u00a0(.+)\u00a0»\u202f\?",
    r"Qu’est-ce que «\u00a0(.+)\u00a0»\u202f\?",
    r"Que signifie (.+)\u202f\?",
    r"De quoi parle cette page\u202f\?",
    r"Quand la page a-t-elle été mise à jour\u202f\?",
)


@dataclass(frozen=True)
class Asked:
    """A question with the user's earlier ones."""

    question: str
    history: tuple[str, ...] = ()


def read(file: Path, limit: int | None = None) -> list[Asked]:
    """The questions of a file, ``limit`` of them at regular distances."""
    if file.suffix == ".jsonl":
        lines = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
        asked = [Asked(line["question"], tuple(line.get("history", ()))) for line in lines]
    else:
        asked = [Asked(question.text) for question in read_collection(read_articles(file)).questions]
    step = max(1.0, len(asked) / limit) if limit else 1.0
    return [asked[int(n * step)] for n in range(int(len(asked) / step))]


def faults(answer: Answer, page: Page) -> Iterator[str]:
    """What is said in the answer, or suggested after it, that is not ours or not on the page."""
    for part in answer.parts():
        if isinstance(part, Said):
            yield from _said(part, answer, page)
        elif isinstance(part, Quoted):
            yield from _quoted(part, page)
        else:
            yield from _written(part)
    for suggestion in answer.suggestions:
        if why := not_allowed(suggestion, page):
            yield f"suggests {suggestion!r}: {why}"
    for passage in answer.nearby:
        if page.text[passage.start : passage.end] != passage.text:
            yield f"shows what is not on the page: {passage.text[:60]!r}"


def _said(part: Said, answer: Answer, page: Page) -> Iterator[str]:
    phrase = PHRASES.get(part.phrase)
    if phrase is None:
        yield f"{part.phrase!r} is no phrase"
        return
    template = phrase.english if answer.question.english else phrase.french
    slots = dict(part.slots)
    if set(slots) != phrase.slots or part.text != template.format(**slots) or part.strong != phrase.strong:
        yield f"{part.phrase!r} is not its template filled: {part.text[:80]!r}"
    for name, words in slots.items():
        if name == "typed":  # what the page is said not to hold
            if words not in answer.question.repaired or fold(words) in fold(page.text):
                yield f"{part.phrase!r} says of {words!r} what is not so"
            continue
        known = (answer.question.text, answer.question.repaired, page.updated, page.publisher, page.licence)
        if not stands(words, page) and words not in known:
            yield f"{part.phrase!r} fills {name!r} with {words!r}, which is not on the page"
    if part.phrase in ("yes", "no") and answer.question.form != "yes_no":
        yield f"says {part.text!r} where nobody asks for it"
    if part.strong and answer.certainty != "sure":
        yield f"{part.phrase!r} is strong in an answer that is {answer.certainty}"


def _quoted(part: Quoted, page: Page) -> Iterator[str]:
    if " ".join(page.text[part.start : part.end].split()) != part.words:
        yield f"quotes what is not on the page: {part.words[:60]!r}"
    if {part.before, part.after} - {"", OMITTED, MISSING}:
        yield f"surrounds a quote with {part.before!r}, {part.after!r}"


def _written(part: Written) -> Iterator[str]:
    told = "\n".join(f"{c.passage.context}\n{c.passage.text}" for c in part.citations)
    if reason := written_fault(part.text, told):
        yield f"writes what is not on the page: {part.text[:60]!r} ({reason})"


def not_allowed(suggestion: str, page: Page) -> str:
    """Why a suggestion cannot stand, "" where it can: one of few templates, or a heading of the page that asks."""
    for template in _SUGGESTED:
        if found := re.fullmatch(template, suggestion):
            return "" if all(stands(slot, page) for slot in found.groups()) else "its words are not on the page"
    headings = {page.text[b.start : b.end] for b in page.blocks if b.kind == "heading"}
    return "" if suggestion in headings and suggestion.endswith("?") else "not a template"


def stands(words: str, page: Page) -> bool:
    """Whether ``words`` stand on the page as they are, line ends aside."""
    spaced = " ".join(words.split())
    return bool(spaced) and spaced in " ".join(f"{page.title} {page.text}".split())


def ask_all(assistant: Assistant, asked: Iterable[Asked], *, shown: bool = True) -> tuple[Counter[str], list[str]]:
    """Counts by phrase and certainty, and the faults; without the questions' words where not ``shown``."""
    counts: Counter[str] = Counter()
    found: list[str] = []
    for number, one in enumerate(asked, 1):
        try:
            answer = assistant.ask(one.question, one.history)
        except QuestionError:
            counts["invalid"] += 1
            continue
        counts[answer.certainty] += 1
        counts.update(f"said {part.phrase}" for part in answer.parts() if isinstance(part, Said))
        whys = list(faults(answer, assistant.page))
        found += [f"{one.question} — {why}" if shown else f"question {number}" for why in whys]
    return counts, found


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.phrases_held", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", type=Path, nargs="+", help="questions, as JSON lines or in SQuAD's layout")
    parser.add_argument("--limit", type=int, help="questions of each file, at regular distances")
    arguments = parser.parse_args(argv)
    try:
        files = [(file, read(file, arguments.limit)) for file in arguments.files]
        assistant = Assistant.load(Settings.from_env())
    except (OSError, ValueError, KeyError) as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 2
    wrong = 0
    for file, asked in files:
        counts, found = ask_all(assistant, asked, shown=not file.name.startswith(NEVER_PRINTED))
        figures = {"file": file.name, "questions": len(asked), "faults": len(found), **dict(sorted(counts.items()))}
        print(json.dumps(figures, ensure_ascii=False), *found, sep="\n", flush=True)
        wrong += len(found)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
