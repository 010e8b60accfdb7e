"""A slice of ``python -m tests.hostile``: what means harm or nothing gets an answer with its words, or a sentence."""

from __future__ import annotations

from collections import Counter

import httpx
import pytest

from rag import Assistant
from tests.conftest import Live
from tests.hostile import FAULTS, fault_of, shows_a_stack, through_batch, through_parser, through_server
from tests.hostile_inputs import Hostile
from tests.served import Served


def faults(told: Counter[str]) -> dict[str, int]:
    return {name: told[name] for name in FAULTS if told[name]}


def test_questions_and_lines(assistant: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    hostile = Hostile(7)
    told = through_batch(assistant, (hostile.batch_line() for _ in range(24)))
    assert not faults(told), capsys.readouterr().err
    assert told["inputs"] == 24 and told["sure"] + told["likely"] and told["none"] and told["error"]


def test_files_that_are_damaged(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = Hostile(8)
    told = through_parser(hostile.broken_page() for _ in range(80))
    assert not faults(told), capsys.readouterr().err
    assert told["read"] > 20 and told["refused"] > 5


def test_requests_to_a_server(server: Live) -> None:
    there = Served(port=httpx.URL(server.url).port or 0)
    with httpx.Client(timeout=30) as client:
        there.find_component(client)
    told = through_server(there, Hostile(9), 50)
    assert not faults(told) and told["answers_after_it"] and told["status_200"] > 20 and told["status_400"] > 2


def test_the_same_seed_gives_the_same_inputs() -> None:
    one, other = Hostile(3), Hostile(3)
    assert [one.batch_line() for _ in range(50)] == [other.batch_line() for _ in range(50)]
    assert [one.broken_page() for _ in range(50)] == [other.broken_page() for _ in range(50)]


def test_faults_are_seen() -> None:
    """The checks themselves fail where they should."""
    citation = {"start": 0, "end": 3, "quote": "abc"}
    good = {"certainty": "sure", "citations": [citation], "answer": "abc [1]"}
    assert not fault_of(good, "abcdef")
    assert fault_of(good, "xbcdef") == fault_of({**good, "citations": []}, "abc") == "uncited"
    assert fault_of({**good, "certainty": "none"}, "abc") == "uncited"
    assert fault_of({**good, "answer": 'File "/x.py", line 3'}, "abc") == "stacks_shown"
    assert shows_a_stack("Traceback (most recent call last):\n") and not shows_a_stack("La page ne le dit pas.")
