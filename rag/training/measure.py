"""Measure the shipped reader on what was held out, and keep the figures in ``reader.json``.

``python -m rag.training.measure``: readings, and the chain over the articles of PIAF that were kept aside, as one
collection (what ``python -m rag.evaluate`` measures on a whole file).
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from index.encoder import Encoder
from index.settings import Settings
from rag.evaluate.__main__ import evaluate
from rag.evaluate.squad import read_articles, read_collection
from rag.read.pairs import PairEncoder
from rag.read.weights import WEIGHTS, load_model
from rag.training.data import held_out
from rag.training.evaluation import Evaluation
from rag.training.nearest import find_hard, find_unrelated
from rag.training.pages import FOLDER
from rag.training.sources import load_sources


def measure(weights: Path, data: Path, pages: Path, work: Path) -> dict[str, Any]:
    """AUC by kind of "not answered here", span F1 on the right passage, polarity; the chain on held-out PIAF."""
    encoder = Encoder.load(Settings.from_env())
    model = load_model(weights, encoder)
    _, held = load_sources(data, pages, work=work)
    find_hard(held, encoder, work)
    find_unrelated(held, encoder, work)
    figures: dict[str, Any] = Evaluation(held, PairEncoder(encoder.tokenizer)).run(
        model, encoder.model.device, ranking=False
    )
    settings = Settings.from_env(reader=str(weights))
    collection = read_collection(a for a in read_articles(data / "piaf11_train.json") if held_out(a["title"]))
    asked = [number for number, question in enumerate(collection.questions) if question.answers]
    figures |= evaluate(collection, encoder, settings, asked)
    file = weights / "reader.json"
    description = json.loads(file.read_text(encoding="utf-8"))
    description["figures"] = figures
    file.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
    return figures


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.measure", description="Measure the reader.")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the reader")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the SQuAD files")
    parser.add_argument("--pages", type=Path, default=FOLDER, help="folder of the written pages")
    parser.add_argument("--work", type=Path, default=Path(".work/training"), help="what is computed once")
    a = parser.parse_args(argv)
    a.work.mkdir(parents=True, exist_ok=True)
    print(json.dumps(measure(a.weights, a.data, a.pages, a.work), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
