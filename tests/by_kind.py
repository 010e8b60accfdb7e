"""``python -m tests.by_kind FILE...``: questions right, by kind, as the table of the README.

Files are those of the batch contract with what ``score.py`` wants; the judge is ``score.py`` itself.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.loading import DATA
from index.settings import Settings
from rag import Assistant
from rag.batch import answer_lines

ROOT = Path(__file__).parents[1]
SCORE = ROOT.parent / "shared" / "eval" / "score.py"
OPEN = ROOT / "tests" / "questions" / "open.jsonl"

Table = dict[tuple[bool, str], list[bool]]


def score_module(path: Path) -> Any:
    """``score.py`` as a module."""
    spec = importlib.util.spec_from_file_location("score", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def asked(file: Path, assistant: Assistant, score: Any, page: str) -> Table:
    """Whether each question of ``file`` came out right, by (answerable, kind)."""
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    table: Table = {}
    for line, answer in zip(lines, answer_lines(assistant, lines), strict=True):
        question = json.loads(line)
        right = not score.judge(question, answer, page)
        table.setdefault((bool(question["answerable"]), question["kind"]), []).append(right)
    return table


def markdown(tables: dict[str, Table]) -> str:
    """A row per kind, a column per file; the totals last."""

    def cell(results: Sequence[bool]) -> str:
        return f"{sum(results)}/{len(results)}" if results else "–"

    lines = [f"| kind | {' | '.join(tables)} |", "|---|" + "---|" * len(tables)]
    for answerable, total in ((True, "**answered rightly**"), (False, "**rightly refused**")):
        kinds = sorted({kind for table in tables.values() for right, kind in table if right is answerable})
        for kind in kinds:
            lines.append(
                f"| {kind} | {' | '.join(cell(t.get((answerable, kind), [])) for t in tables.values())} |"
            )
        sums = [[r for (a, _), rs in t.items() if a is answerable for r in rs] for t in tables.values()]
        shares = (f"**{cell(results)} = {sum(results) / max(1, len(results)):.3f}**" for results in sums)
        lines.append(f"| {total} | {' | '.join(shares)} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.by_kind", description="Questions right, by kind.")
    parser.add_argument("files", type=Path, nargs="*", default=[OPEN], help="files of questions (JSON lines)")
    parser.add_argument("--score", type=Path, default=SCORE, help="score.py")
    arguments = parser.parse_args(argv)
    try:
        score = score_module(arguments.score)
        page = score.squeeze((DATA / "ia-sante.txt").read_text(encoding="utf-8"))
        assistant = Assistant.load(Settings.from_env())
        tables = {file.name: asked(file, assistant, score, page) for file in arguments.files}
    except OSError as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 2
    print(markdown(tables))
    return 0


if __name__ == "__main__":
    sys.exit(main())
