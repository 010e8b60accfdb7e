"""``python -m rag.evaluate FILE.json``: retrieval and reading measured on a file in SQuAD's layout.

Each paragraph is one passage of one collection; each question is asked on the whole collection.
Prints one JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder
from index.settings import Settings
from index.store import Index
from index.unpack import UnpackError
from rag.answer import Evidence, Hit
from rag.compose.trim import whole_words
from rag.evaluate.squad import Collection, SquadError, f1, read_articles, read_collection
from rag.loading import load_judge
from rag.question.understanding import Understanding
from rag.question.vocabulary import Vocabulary
from rag.retrieve.hybrid import Retriever

DEPTH = 10


def evaluate(collection: Collection, encoder: Encoder, settings: Settings, asked: Sequence[int]) -> dict[str, Any]:
    """The figures for the questions at the places ``asked`` of the collection."""
    begin = time.perf_counter()
    index = Index.build(collection.page, collection.passages, encoder)
    built = time.perf_counter() - begin
    retriever = Retriever(index, settings.dense_weight)
    judge = load_judge(settings, encoder, index)
    understanding = Understanding(encoder, Vocabulary(collection.passages))
    found: list[int] = []
    read: list[int] = []
    on_passage: list[float] = []
    end_to_end: list[float] = []
    begin = time.perf_counter()
    for number in asked:
        question = collection.questions[number]
        expected = [text for _, text in question.answers]
        wanted = understanding.understand(question.text)
        read_at_most = settings.read_passages + settings.read_further
        hits = retriever.search(wanted, max(DEPTH, read_at_most))
        order = [hit.passage.id for hit in hits]
        found.append(_rank(order, question.passage))
        evidence = judge.judge(
            wanted, hits[: settings.read_passages], hits[settings.read_passages : read_at_most]
        ).evidence
        first = [e.hit.passage.id for e in evidence]
        read.append(_rank(first + [i for i in order if i not in first], question.passage))
        end_to_end.append(f1(_words(collection, evidence[0]), expected))
        right = next((e for e in evidence if e.hit.passage.id == question.passage), None)
        if right is None:
            hit = Hit(collection.passages[question.passage], 0.0, 0.0, 0.0)
            right = judge.judge(wanted, [hit]).evidence[0]
        on_passage.append(f1(_words(collection, right), expected))
    spent = time.perf_counter() - begin
    return {
        "passages": len(collection.passages),
        "questions": len(asked),
        **_ranking("", found),
        **_ranking("reader_", read),
        "span_f1": _mean(on_passage),
        "end_to_end_f1": _mean(end_to_end),
        "index_passages_per_s": round(len(collection.passages) / built, 1),
        "ms_per_question": round(1000 * spent / max(1, len(asked)), 1),
        "precision": encoder.precision,
    }


def _words(collection: Collection, evidence: Evidence) -> str:
    return collection.page.text[slice(*whole_words(collection.page.text, evidence.span))]


def _rank(order: Sequence[int], wanted: int) -> int:
    """Place from 0, or DEPTH and more where it is not among the first."""
    return order.index(wanted) if wanted in order else 10**6


def _ranking(prefix: str, ranks: Sequence[int]) -> dict[str, float]:
    places = np.asarray(ranks, dtype=float)
    return {
        f"{prefix}hit@1": _mean(places < 1),
        f"{prefix}hit@5": _mean(places < 5),
        f"{prefix}mrr@10": _mean(np.where(places < DEPTH, 1 / (places + 1), 0.0)),
    }


def _mean(values: Any) -> float:
    return round(float(np.mean(values)), 4) if len(values) else 0.0


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m rag.evaluate",
        description="Mesure la recherche et la lecture sur un fichier de questions de la forme de SQuAD.",
    )
    parser.add_argument("file", type=Path, help="fichier JSON de la forme de SQuAD")
    parser.add_argument("--limit", type=int, help="nombre de questions, tirées à intervalles réguliers")
    arguments = parser.parse_args(argv)
    try:
        settings = Settings.from_env()
        collection = read_collection(read_articles(arguments.file))
        places = [i for i, q in enumerate(collection.questions) if q.answers]
        if not places:
            raise SquadError(f"le fichier {arguments.file} ne contient aucune question qui ait une réponse")
        if arguments.limit is not None:
            if arguments.limit < 1:
                raise ValueError("--limit doit valoir au moins 1")
            step = max(1.0, len(places) / arguments.limit)
            places = [places[int(i * step)] for i in range(min(arguments.limit, len(places)))]
        encoder = Encoder.load(settings)
        figures = evaluate(collection, encoder, settings, places)
    except (ValueError, UnpackError, OSError) as error:
        print(f"Erreur : {error}", file=sys.stderr)
        return 2
    print(json.dumps(figures, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
