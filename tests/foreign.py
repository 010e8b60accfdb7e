"""Questions about anything else, asked of the page: each that is answered is a mistake.

``python -m tests.foreign ../shared/data`` asks 1,000 questions of PIAF and 500 titles of service-public.fr, prints
how many are sure, likely and refused, and each that is sure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rag import Assistant
from rag.evaluate.squad import read_articles

PIAF, TITLES = 1000, 500


def questions(data: Path) -> list[str]:
    """The questions, drawn at even intervals."""
    piaf = [
        qa["question"]
        for article in read_articles(data / "piaf11_train.json")
        for paragraph in article["paragraphs"]
        for qa in paragraph["qas"]
    ]
    with gzip.open(data / "service_public_fiches.jsonl.gz", "rt", encoding="utf-8") as file:
        titles = [title for line in file if (title := json.loads(line)["title"]).rstrip().endswith("?")]
    return [*_spread(piaf, PIAF), *_spread(titles, TITLES)]


def _spread(rows: Sequence[str], count: int) -> list[str]:
    step = max(1.0, len(rows) / count)
    return [rows[int(number * step)] for number in range(min(count, len(rows)))]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.foreign")
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("--limit", type=int, help="every so many questions only")
    arguments = parser.parse_args(argv)
    asked = questions(arguments.data)
    if arguments.limit:
        asked = _spread(asked, arguments.limit)
    assistant = Assistant.load()
    counts: Counter[str] = Counter()
    for question in asked:
        answer = assistant.ask(question)
        counts[answer.certainty] += 1
        if answer.certainty == "sure":
            print(f"{question}\n    {' '.join(answer.text.split())}", file=sys.stderr)
    print(json.dumps({"questions": len(asked), **counts}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
