"""Questions that a row of a table answers: ``python -m tests.table_questions PAGES.json``.

``questions/tables.json`` names a page of ``PAGES.json``, asks as a person would, and says with which words
the row that answers begins or is named. Counted is whether the first citation stands in that row, by certainty.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

from index.build import build_index
from index.encoder import Encoder
from index.html.parse import parse_html
from index.page import Page
from index.settings import Settings
from rag.assistant import Assistant
from rag.loading import load_judge
from tests.pages_kept import page_html

QUESTIONS = Path(__file__).parent / "questions" / "tables.json"
LEAST = 0.8


def main(argv: list[str] | None = None) -> int:
    """Print a line a question, then the totals; the exit status says whether enough rows are right."""
    parser = argparse.ArgumentParser(prog="python -m tests.table_questions", description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--questions", type=Path, default=QUESTIONS, help="other questions in the same form")
    arguments = parser.parse_args(argv)
    pages = {page["title"]: page for page in json.loads(arguments.pages.read_text(encoding="utf-8"))}
    questions = json.loads(arguments.questions.read_text(encoding="utf-8"))
    settings = Settings.from_env(data_dir=Path(tempfile.mkdtemp()))
    encoder = Encoder.load(settings)
    right: Counter[str] = Counter()
    for title in dict.fromkeys(asked["page"] for asked in questions):
        index = build_index(parse_html(page_html(pages[title])), settings, encoder)
        assistant = Assistant(settings, encoder, index, load_judge(settings, encoder, index))
        for asked in (one for one in questions if one["page"] == title):
            answer = assistant.ask(asked["question"])
            first = answer.citations[0] if answer.citations else None
            quote = first.quote if first else ""
            best = max((e.probability for e in answer.evidence), default=0.0)
            is_right = first is not None and _row(index.page, asked["row"], first.start)
            right[answer.certainty if is_right else f"{answer.certainty}, not right"] += 1
            print(
                f"{'right' if is_right else '-':5} {answer.certainty:6} {best:.2f} {asked['question']} « {quote[:90]} »",
                flush=True,
            )
    share = (right["sure"] + right["likely"]) / len(questions)
    print(f"{len(questions)} questions: right row first {share:.2f}; {dict(right)}")
    return 0 if share >= LEAST else 1


def _row(page: Page, words: str, place: int) -> bool:
    """Whether the row, or what a row without a table was read as, that holds ``words`` holds ``place`` too."""
    return any(b.start <= place < b.end and words in page.text[b.start : b.end] for b in page.blocks)


if __name__ == "__main__":
    sys.exit(main())
