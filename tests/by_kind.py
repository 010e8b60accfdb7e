"""``python -m tests.by_kind FILE...``: questions right, by kind, as the table of the README.

Files are those of the batch contract with what ``score.py`` wants; the judge is ``score.py`` itself. Of what the
page answers *correct* counts, of the rest what is not answered; below, what is *shown* and what is *wrong*.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from index.settings import Settings
from rag import Assistant
from rag.batch import answer_lines
from rag.training.sealed import score_module

ROOT = Path(__file__).parents[1]
SCORE = ROOT.parent / "shared" / "eval" / "score.py"
OPEN = ROOT / "tests" / "questions" / "open.jsonl"

RIGHT = frozenset(("correct", "refused", "hedged"))
"""Outcomes of ``score.py`` that are as they should be."""

Table = dict[tuple[bool, str], list[str]]
"""The outcome of each question, by (answerable, kind)."""


def asked(file: Path, assistant: Assistant, score: Any, page: str) -> Table:
    """How each question of ``file`` came out."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    table: Table = {}
    for line, answer in zip(lines, answer_lines(assistant, lines), strict=True):
        question = json.loads(line)
        outcome, _ = score.judge(question, answer, page)
        table.setdefault((bool(question["answerable"]), question["kind"]), []).append(outcome)
    return table


def markdown(tables: dict[str, Table]) -> str:
    """A row per kind, a column per file; the totals last."""

    def row(title: str, cells: Iterable[str]) -> str:
        return f"| {title} | {' | '.join(cells)} |"

    def cell(outcomes: Sequence[str], wanted: frozenset[str] = RIGHT) -> str:
        return f"{sum(o in wanted for o in outcomes)}/{len(outcomes)}" if outcomes else "–"

    def total(title: str, wanted: frozenset[str], *answerable: bool) -> str:
        sums = [[o for (a, _), outcomes in t.items() if a in answerable for o in outcomes] for t in tables.values()]
        shares = (sum(o in wanted for o in outcomes) / max(1, len(outcomes)) for outcomes in sums)
        cells = (f"**{cell(o, wanted)} = {share:.3f}**" for o, share in zip(sums, shares, strict=True))
        return row(f"**{title}**", cells)

    lines = [row("kind", tables), "|---|" + "---|" * len(tables)]
    for answerable, title in ((True, "answered rightly"), (False, "rightly not answered")):
        kinds = sorted({kind for table in tables.values() for a, kind in table if a is answerable})
        lines += [row(kind, (cell(t.get((answerable, kind), ())) for t in tables.values())) for kind in kinds]
        lines.append(total(title, RIGHT, answerable))
    lines.append(total("shown", RIGHT | {"shown"}, True))
    lines.append(total("wrong", frozenset(("wrong",)), True, False))
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.by_kind", description="Questions right, by kind.")
    parser.add_argument("files", type=Path, nargs="*", default=[OPEN], help="files of questions (JSON lines)")
    parser.add_argument("--score", type=Path, default=SCORE, help="score.py")
    arguments = parser.parse_args(argv)
    try:
        score = score_module(arguments.score)
        assistant = Assistant.load(Settings.from_env())
        page = score.squeeze(assistant.page.text)  # as ``python -m index --text`` prints it
        tables = {file.name: asked(file, assistant, score, page) for file in arguments.files}
    except OSError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 2
    print(markdown(tables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
