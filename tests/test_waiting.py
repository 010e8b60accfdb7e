"""Many at once: a place in line or a sentence, places that are freed, answers that are kept."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from gradio_client import Client

from index.settings import Settings
from rag import Assistant, QuestionError, Turn
from tests.conftest import CAMPUS, HUB, NOT_SAID, OFF_TOPIC, Live, live
from tests.load import Load, Running, press
from ui import words
from ui.waiting import TooMany, WaitingLine


def apart(work: Coroutine[Any, Any, Any]) -> Any:
    """What ``work`` gives, run in a thread of its own: a browser of another test may have a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


MOST = 3


class Held:
    """The real assistant, which answers when it is let go, one after another."""

    at_once = 1

    def __init__(self, real: Assistant) -> None:
        self.real = real
        self.go = threading.Event()
        self.begun: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def ask(self, question: str, history: Any = ()) -> Any:
        self.begun.append(question)
        self.go.wait(60)
        return self.real.ask(question, history)


@pytest.fixture
def held(assistant: Assistant, settings: Settings) -> Iterator[tuple[Held, Live]]:
    """A server with ``MOST`` places, whose assistant is held at a first question."""
    patient = Held(assistant)
    with live(settings.with_(most_waiting=MOST), lambda *_: patient) as server:
        server.loader.wait(10)
        server.loader.ask(OFF_TOPIC)
        until(lambda: patient.begun == [OFF_TOPIC])
        yield patient, server
        patient.go.set()


def until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def running(server: Live) -> Running:
    """The server as the clients of ``tests.load`` know it."""
    url = server.url.rstrip("/")
    components = httpx.get(f"{url}/config").json()["components"]
    return Running(url, 1, next(c["id"] for c in components if c["props"].get("elem_id") == "app"), 0.0)


def test_questions_are_taken_in_their_order_and_a_cancelled_one_leaves_the_line() -> None:
    line = WaitingLine(MOST)
    first, second, third = (line.join(question) for question in (HUB, CAMPUS, NOT_SAID))
    with pytest.raises(TooMany, match="attendent"):
        line.join(OFF_TOPIC)
    assert second.cancel() and len(line) == 2
    fourth = line.join(OFF_TOPIC)
    taken = [line.next() for _ in range(3)]
    assert [t.question for t in taken] == [HUB, NOT_SAID, OFF_TOPIC] and len(line) == 0
    assert [t.answer for t in taken] == [first, third, fourth]
    assert not first.cancel()  # begun
    with pytest.raises(CancelledError):
        second.result()


def test_past_the_limit_a_sentence_says_so_at_once(held: tuple[Held, Live]) -> None:
    patient, server = held
    coming = [server.loader.ask(question) for question in (HUB, CAMPUS, NOT_SAID)]
    browser = running(server)

    async def one_more() -> Any:
        body = {
            "session_hash": "x",
            "component_id": browser.component,
            "fn_name": "ask_page",
            "data": {"question": HUB},
        }
        async with httpx.AsyncClient() as client:
            return (await client.post(f"{browser.url}/gradio_api/component_server", json=body)).json()

    told = apart(one_more())
    assert told["state"] == "invalid" and words.TOO_MANY in told["html"]
    with pytest.raises(Exception, match="Beaucoup de questions"):
        Client(server.url, verbose=False).predict(HUB, [], api_name="/ask")
    patient.go.set()
    assert all(answer.result(60).lines for answer in coming)
    assert server.loader.ask(HUB).result(60).certainty != "none"  # there is room again


def test_a_closed_tab_frees_its_place(held: tuple[Held, Live]) -> None:
    patient, server = held
    browser = running(server)

    async def leave() -> None:
        async with httpx.AsyncClient(timeout=2.0) as client:
            with pytest.raises(httpx.ReadTimeout):
                await browser.ask(client, HUB)

    apart(leave())
    until(lambda: len(server.loader.waiting) == 0)
    patient.go.set()
    assert server.loader.ask(CAMPUS).result(60).certainty == "sure"
    assert HUB not in patient.begun


def test_the_same_question_gets_the_same_answer_kept(assistant: Assistant) -> None:
    settings = assistant.settings.with_(answers_kept=8)
    fresh = Assistant(settings, assistant.encoder, assistant.index, assistant.judge)
    first = fresh.ask(CAMPUS)
    again = fresh.ask(CAMPUS)
    assert again == first and "kept" in again.timings and "kept" not in first.timings
    turn = Turn(first.question, first)
    follow = fresh.ask("Et par qui ?", [turn])
    assert "kept" not in follow.timings and fresh.ask("Et par qui ?", [turn]) == follow
    assert "kept" in fresh.ask("Et par qui ?", [turn]).timings
    alone = fresh.ask("Et par qui ?")
    assert "kept" not in alone.timings  # another conversation
    for _ in range(2):
        with pytest.raises(QuestionError):
            fresh.ask("")


def test_kept_answers_are_bounded_and_may_be_none(assistant: Assistant) -> None:
    def made(kept: int) -> Assistant:
        settings = assistant.settings.with_(answers_kept=kept)
        return Assistant(settings, assistant.encoder, assistant.index, assistant.judge)

    none, two = made(0), made(2)
    assert none.ask(HUB) == none.ask(HUB) and "kept" not in none.ask(HUB).timings
    for question in (HUB, CAMPUS, OFF_TOPIC):
        two.ask(question)
    assert "kept" not in two.ask(HUB).timings and "kept" in two.ask(OFF_TOPIC).timings
    with pytest.raises(ValueError, match="answers_kept"):
        Settings(answers_kept=-1)


def test_the_load_is_told_in_figures(server: Live) -> None:
    there = running(server)
    figures = apart(press(Running(there.url, os.getpid(), there.component, 1.0), Load(3, 0.0, 3.0), [HUB, CAMPUS]))
    assert figures["requests"] >= 3 and not figures["errors"]
    assert 0 < figures["p50_s"] <= figures["p95_s"] and figures["most_per_second"] >= 1
    assert figures["memory_minute_one_mb"] > 100 and figures["memory_end_mb"] > 100
