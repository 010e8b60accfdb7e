"""The cohort: a page is nearer to what is asked of it than other pages are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.packing import WeightsMismatch
from index.store import Index
from rag import Assistant
from rag.loading import load_judge
from rag.retrieve.cohort import FILE, load_cohort

OWN = (
    "Quels instituts travaillent sur la santé ?",
    "Où se former à l'IA médicale ?",
    "À quoi sert le Health Data Hub ?",
)
OTHERS = ("Qui n'aime pas Kaya ?", "Comment renouveler son passeport ?", "Quand finit la guerre de Cent Ans ?")


def contrast(assistant: Assistant, text: str) -> float:
    asked = assistant.understanding.understand(text)
    hits = assistant.retriever.search(asked, 4)
    assert asked.vector is not None
    return load_cohort(assistant.encoder.trained_for).contrast(asked.vector, hits)


def test_a_page_is_nearer_to_its_own_questions_than_the_cohort_is(assistant: Assistant) -> None:
    own = [contrast(assistant, text) for text in OWN]
    assert min(own) > 0 > max(contrast(assistant, text) for text in OTHERS)
    for text, expected in zip(OWN, own, strict=True):
        assert assistant.quoted(text).evidence[0].weighed["contrast"] == pytest.approx(expected, abs=1e-6)


def test_a_page_that_another_model_embedded_has_the_usual_contrast(assistant: Assistant) -> None:
    index = assistant.index
    manifest = {**index.manifest, "model_checksum": "another"}
    foreign = Index(index.page, index.passages, index._dense, index._bm25, manifest)
    judge = load_judge(assistant.settings, assistant.encoder, foreign)
    asked = assistant.understanding.understand(OWN[0])
    hits = assistant.retriever.search(asked, 4)
    told = judge.judge(asked, hits).evidence[0].weighed["contrast"]
    assert told == judge.decision.usual != assistant.judge.judge(asked, hits).evidence[0].weighed["contrast"]
    assert judge.version != assistant.judge.version


def test_a_cohort_that_does_not_fit_is_told(tmp_path: Path, assistant: Assistant) -> None:
    with pytest.raises(WeightsMismatch):
        load_cohort("another encoder")
    broken = tmp_path / "cohort.safetensors"
    broken.write_bytes(FILE.read_bytes()[:-1000])
    with pytest.raises(WeightsMismatch):
        load_cohort(assistant.encoder.trained_for, broken)


def test_the_cohort_is_of_unit_vectors_of_many_subjects(assistant: Assistant) -> None:
    vectors = load_cohort(assistant.encoder.trained_for).vectors
    assert vectors.shape[1] == assistant.encoder.dimension and len(vectors) > 500
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert len({row.tobytes() for row in vectors}) == len(vectors)
