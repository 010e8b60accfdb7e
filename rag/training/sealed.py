"""Score the whole product on the pages whose questions are sealed, or on those kept aside.

``python -m rag.training.sealed --score ../shared/eval/score.py`` prints the totals over all pages. What is
sealed is scored for its totals alone: nobody looks at a question of it.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from rag.assistant import Assistant
from rag.training import written
from rag.training.administration import kept_aside, markdown_by_key, real_pages
from rag.training.written import QuestionFile, WrittenQuestion, read_questions, settings_of

LONGEST = 80
"""Characters of a short answer that must stand in the answer; a longer one is known by its passage."""
_KINDS = {"list": "liste", "summary": "resume", "definition": "definition", "yes_no": "ouinon", "several": "double"}
_VERDICTS = {"yes": "not_no", "no": "not_yes", "premise": "not_yes"}


def as_scored(question: WrittenQuestion, number: int) -> dict[str, Any]:
    """The question as ``score.py`` reads it."""
    row: dict[str, Any] = {
        "id": str(number), "kind": _KINDS.get(question.form, question.kind), "question": question.text,
        "answerable": bool(question.quotes), "expect": [], "history": list(question.history),
    }  # fmt: skip
    if question.quotes:
        row["evidence"] = question.quotes[0].text
        if question.form in ("fact", "several", "list"):
            spans = (q.text[q.span[0] : q.span[1]] for q in question.quotes)
            row["expect"] = [[span] for span in spans if len(span) <= LONGEST]
    if question.kind in _VERDICTS:
        row["verdict"] = _VERDICTS[question.kind]
    return row


def outcomes(
    file: QuestionFile, markdown: str, score: ModuleType, work: Path
) -> Iterator[tuple[dict[str, Any], str, str]]:
    """Each question of the page, its outcome by ``score.judge``, and why."""
    assistant = Assistant.load(settings_of(markdown, work))
    page = score.squeeze(assistant.page.text)
    for number, question in enumerate(file.questions):
        row = as_scored(question, number)
        answer = assistant.ask(question.text, row["history"]).to_json()
        outcome, why = score.judge(row, answer, page)
        yield {**row, "answer": answer["answer"]}, outcome, why


def totals(counts: Counter[tuple[bool, str]]) -> dict[str, float]:
    """The rates that ``score.py`` prints."""
    yes = sum(n for (answerable, _), n in counts.items() if answerable) or 1
    no = sum(n for (answerable, _), n in counts.items() if not answerable) or 1
    wrong = sum(n for (_, outcome), n in counts.items() if outcome == "wrong")
    rates = {
        "correct": counts[True, "correct"] / yes,
        "shown": (counts[True, "correct"] + counts[True, "shown"]) / yes,
        "refused": (counts[False, "refused"] + counts[False, "hedged"]) / no,
        "wrong": wrong / (yes + no),
    }
    return {"answerable": yes, "not": no, **{name: round(value, 3) for name, value in rates.items()}}


def score_module(path: Path) -> ModuleType:
    """``score.py`` as a module.

    Raises:
        OSError: it cannot be read.
    """
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise OSError(f"{path} ne peut pas être lu")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.sealed")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--score", type=Path, default=Path("../shared/eval/score.py"))
    parser.add_argument(
        "--held", action="store_true", help="the pages kept aside, with every miss, not the sealed ones"
    )
    parser.add_argument("--work", type=Path, default=Path(".work/sealed"))
    a = parser.parse_args(argv)
    markdown = markdown_by_key(real_pages(a.data))
    folder = written.FOLDER if a.held else written.FOLDER / "sealed"
    counts: Counter[tuple[bool, str]] = Counter()
    for path in sorted(folder.glob("*.txt")):
        file = read_questions(path)
        if a.held and not kept_aside(file.key):
            continue
        for row, outcome, why in outcomes(file, markdown[file.key], score_module(a.score), a.work):
            counts[row["answerable"], outcome] += 1
            if a.held and why:
                print(f"{row['kind']}: {row['question']}\n    {outcome}: {why}")
    print(json.dumps(totals(counts)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
