"""``--explain``: everything that led to an answer, for a person and for programs."""

from __future__ import annotations

import json

import pytest

from rag import Assistant
from rag.explain import explained, told
from tests.conftest import CAMPUS, OFF_TOPIC


@pytest.mark.parametrize(("question", "certainty"), [(CAMPUS, "sure"), (OFF_TOPIC, "none")])
def test_what_led_to_an_answer_is_told(assistant: Assistant, question: str, certainty: str) -> None:
    answer = assistant.ask(question)
    found = explained(answer, assistant.judge.thresholds)
    assert json.loads(json.dumps(found)) == found
    assert found["decision"]["certainty"] == certainty and found["question"]["form"] == "fact"
    assert len(found["hits"]) >= len(found["evidence"]) > 0
    best = found["evidence"][0]
    assert (best["probability"] >= found["decision"]["thresholds"]["sure"]) == (certainty == "sure")
    assert set(best["weighed"]) >= {"logit", "margin"}
    assert {"understanding", "retrieval", "reading", "total"} <= set(found["timings"])
    text = told(found)
    assert "Décision : " + certainty in text and f"n° {found['hits'][0]['passage']}" in text
    assert answer.text in text and "Durées (ms)" in text
