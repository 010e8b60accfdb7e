"""The passages nearest to each question: what a wrong answer would be taken from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.store import document_text
from index.words import terms
from rag.question.encoding import QuestionEncoder, question_encoder
from rag.training.data import Source
from rag.training.evaluation import PAD

NEAREST = 12
"""Hard negatives found for a question."""
AT_ONCE = 1024
"""Questions whose scores are in memory together."""
TOGETHER = 32
"""Questions that are embedded together."""
Floats = NDArray[np.float32]
Measure = Callable[[Sequence[str]], Floats]
BY_MEANING = ("piaf", "written")
"""Sources whose hard negatives are found by the encoder; those of the others by words, which is faster."""


def find_hard(sources: Sequence[Source], encoder: Encoder, cache: Path) -> None:
    """Fill ``hard`` and ``near``: for each item the passages nearest to it.

    ``hard`` of its source, ``near`` of its article and not its own. For a question that leans on another, the nearest is
    what answers that one: nothing else is mistaken for its answer so often.
    """
    for source in sources:
        asked = [number for number, item in enumerate(source.items) if item.answered or item.passage < 0]
        best = _nearest("hard", source, source, asked, encoder, cache)
        source.hard = [best.get(number, []) for number in range(len(source.items))]
        siblings = [source.around(source.items[number]) for number in asked]
        best = _nearest("near", source, source, asked, encoder, cache, siblings)
        source.near = [best.get(number, []) for number in range(len(source.items))]
        answers = {(source.article(item), item.searched): item.passage for item in source.items if item.answered}
        for number, item in enumerate(source.items):
            before = answers.get((source.article(item), item.previous))
            if before is not None and before in source.around(item):
                source.near[number] = [before, *(place for place in source.near[number] if place != before)]


def find_unrelated(sources: Sequence[Source], encoder: Encoder, cache: Path) -> None:
    """Fill ``unrelated``: for each answered item the passages of the next source nearest to it."""
    for source, other in zip(sources, [*sources[1:], *sources[:1]], strict=True):
        asked = [number for number, item in enumerate(source.items) if item.answered]
        best = _nearest("unrelated", source, other, asked, encoder, cache)
        source.unrelated = [[other.texts[n] for n in best.get(i, ())] for i in range(len(source.items))]


def _nearest(
    name: str,
    source: Source,
    other: Source,
    asked: Sequence[int],
    encoder: Encoder,
    cache: Path,
    among: Sequence[Sequence[int]] | None = None,
) -> dict[int, list[int]]:
    """For each item of ``source`` that is asked the nearest passages of ``other``, nearest first.

    Only those of ``among``, one list for each, where it is given.
    """
    cache.mkdir(parents=True, exist_ok=True)
    texts = [document_text(text) for text in other.texts]
    questions = [source.items[number].searched for number in asked]
    digest = hashlib.sha256("\0".join([*texts, *questions]).encode()).hexdigest()[:16]
    file = cache / f"{name}-{source.name}-{digest}.npy"
    if file.is_file():
        best = np.load(file)
    else:
        meaning = source.name in BY_MEANING and other is source
        measure = _by_encoder(encoder, texts) if meaning else _by_words(texts)
        parts = range(0, len(questions), AT_ONCE)
        best = np.concatenate(
            [_best(measure(questions[n : n + AT_ONCE]), among and among[n : n + AT_ONCE]) for n in parts]
            or [np.empty((0, NEAREST), dtype=int)]
        )
        np.save(file, best)
    return {n: [place for place in row if place >= 0] for n, row in zip(asked, best.tolist(), strict=True)}


def _best(scores: Floats, among: Sequence[Sequence[int]] | None) -> Any:
    """The places of the highest ``scores``, (questions, ``NEAREST``), -1 where no more are among those that count."""
    if among is not None:
        for row, places in zip(scores, among, strict=True):
            outside = np.ones(len(row), dtype=bool)
            outside[places] = False
            row[outside] = -np.inf
    most = min(2 * NEAREST, scores.shape[1])
    best = np.sort(np.argpartition(-scores, most - 1, axis=1)[:, :most], axis=1)
    order = np.argsort(-np.take_along_axis(scores, best, axis=1), axis=1, kind="stable")
    best = np.take_along_axis(best, order, axis=1)[:, :NEAREST]
    best[np.isneginf(np.take_along_axis(scores, best, axis=1))] = -1
    return best


def _by_encoder(encoder: Encoder, texts: Sequence[str]) -> Measure:
    """How near each text is to each question by its embedding, (questions, texts)."""
    documents = _embedded(encoder, "document", tuple(texts)).T
    return lambda questions: _embedded(encoder, "query", tuple(questions)) @ documents


@lru_cache(maxsize=256)
def _embedded(encoder: Encoder, side: str, texts: tuple[str, ...]) -> Any:
    """Vectors of ``texts`` as queries or documents, kept for the next search among the same.

    Those that the chain searches by: the reader learns on what it will be offered.
    """
    if side == "document":
        return encoder.encode_document(texts, batch_size=32)
    if not encoder.is_learnt_on:  # the question encoder was learnt on another
        return np.concatenate([encoder.encode_query(texts[i : i + 512]) for i in range(0, len(texts), 512)])
    return searched(question_encoder(encoder), texts)


def searched(asking: QuestionEncoder, texts: Sequence[str]) -> Floats:
    """What ``texts`` are searched for by, (texts, dimension); those of like length go through the network together."""
    ids = [asking.ids(text) for text in texts]
    order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
    vectors: dict[int, Floats] = {}
    for begin in range(0, len(order), TOGETHER):
        part = order[begin : begin + TOGETHER]
        tokens = np.full((len(part), len(ids[part[-1]])), PAD, dtype=np.int64)
        for row, number in enumerate(part):
            tokens[row, : len(ids[number])] = ids[number]
        vectors |= zip(part, asking.run(tokens, (tokens != PAD).astype(np.int64))[1], strict=True)
    return np.stack([vectors[number] for number in range(len(texts))])


def _by_words(texts: Sequence[str]) -> Measure:
    """How near each text is to each question by BM25, (questions, texts)."""
    import bm25s

    ranked = bm25s.BM25()
    ranked.index([terms(text) or [""] for text in texts], show_progress=False)
    known = ranked.vocab_dict
    nothing = np.zeros(len(texts), dtype=np.float32)

    def measure(questions: Sequence[str]) -> Floats:
        asked = ([term for term in terms(question) if term in known] for question in questions)
        return np.stack([ranked.get_scores(found) if found else nothing for found in asked])

    return measure
