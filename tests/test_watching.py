"""What an operator sees: a line for each question that holds none of its words, and counters for Prometheus."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from index.notices import warn
from index.settings import Settings
from rag import Assistant
from rag.answer import Checked, Line
from rag.compose import phrases
from tests.conftest import HUB, OFF_TOPIC, Live, Opener, free_port, live
from ui import logs, words
from ui.__main__ import main
from ui.loading import Loader
from ui.metrics import serve, shown_to

SECRET = "Le Health Data Hub garde-t-il mon secret zwyxw ?"


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What the server logs, at the level that the test names."""
    root, notices, told = logging.getLogger(), logging.getLogger("index.notices"), io.StringIO()
    before, level, plain = root.handlers, root.level, notices.handlers[:]
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", told)
        logs.configure(getattr(request, "param", "answers"))
    yield told
    logging.captureWarnings(False)
    root.handlers = before
    notices.handlers, notices.propagate = plain, False
    root.setLevel(level)
    for room in logs.OURS:
        logging.getLogger(room).setLevel(logging.NOTSET)


def lines(told: io.StringIO) -> list[dict[str, Any]]:
    """Each line, read as JSON."""
    return [json.loads(line) for line in told.getvalue().splitlines()]


@pytest.fixture(scope="module")
def server(settings: Settings, assistant: Assistant) -> Iterator[Live]:
    """One that keeps no answers: what each step takes is counted."""
    with live(settings, lambda *_: assistant) as running:
        running.loader.wait(10)
        yield running


def counted(server: Live) -> dict[tuple[str, ...], float]:
    """Each sample of ``/metrics`` by its name and the values of its labels."""
    answer = httpx.get(server.url + "metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(sample.labels[label] for label in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def ask(server: Live, question: Any, **headers: str) -> httpx.Response:
    """Ask as the browser does."""
    config = httpx.get(server.url + "config").json()
    app = next(c["id"] for c in config["components"] if c["props"].get("elem_id") == "app")
    data = {"question": question, "number": 1, "history": []}
    body = {"component_id": app, "fn_name": "ask_page", "session_hash": "s", "data": data}
    return httpx.post(server.url + "gradio_api/component_server", json=body, headers=headers, timeout=60)


# --- the log


def test_a_question_is_one_line_without_its_words(server: Live, logged: io.StringIO) -> None:
    answer = ask(server, SECRET, **{"x-request-id": "proxy-42"})
    assert answer.headers["x-request-id"] == "proxy-42"
    (line,) = lines(logged)
    assert line["event"] == "answer" and line["request"] == "proxy-42" and line["level"] == "info"
    assert line["certainty"] in ("sure", "likely", "none") and {"reason", "form", "intent", "exchanges"} <= set(line)
    assert {"understanding", "waiting", "total"} <= set(line["ms"]) and line["ms"]["total"] > 0
    assert "zwyxw" not in logged.getvalue() and "127.0.0.1" not in logged.getvalue()


def test_a_program_s_question_is_a_line_too(server: Live, logged: io.StringIO) -> None:
    from gradio_client import Client

    client = Client(server.url, verbose=False, headers={"x-request-id": "program-7"})
    client.predict(SECRET, ["Et zwyxw ?"], api_name="/ask")
    (line,) = [line for line in lines(logged) if line["event"] == "answer"]
    assert line["request"] == "program-7" and line["exchanges"] == 1 and "zwyxw" not in logged.getvalue()


def test_a_name_that_could_forge_a_line_is_not_taken(server: Live, logged: io.StringIO) -> None:
    answer = ask(server, HUB, **{"x-request-id": 'x" , "level": "error'})
    (line,) = lines(logged)
    assert line["request"] == answer.headers["x-request-id"] and '"' not in line["request"]
    assert len(line["request"]) == 16


def test_no_answer_is_a_line_that_says_why(server: Live, logged: io.StringIO) -> None:
    ask(server, " ")
    (line,) = lines(logged)
    assert (line["event"], line["why"]) == ("no answer", "invalid")


class Broken:
    """The real assistant, whose answers all meet the same fault."""

    def __init__(self, assistant: Assistant) -> None:
        self.page, self.passages, self.starters = assistant.page, assistant.passages, assistant.starters

    writes = False
    at_once = 1

    def ask(self, question: str, history: Any = ()) -> Any:
        raise RuntimeError(f"what broke on {question}")


def test_a_fault_is_a_line_that_says_where_and_not_on_what(
    settings: Settings, assistant: Assistant, logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    from gradio_client import Client

    with live(settings, lambda *_: Broken(assistant)) as running:
        running.loader.wait(10)
        assert ask(running, SECRET).json()["state"] == "error"
        with pytest.raises(Exception, match=words.ERROR):
            Client(running.url, verbose=False).predict(SECRET, api_name="/ask")
        assert counted(running)["pageqa_unanswered_total", "fault"] == 2
    told = [line for line in lines(logged) if line["level"] == "error"]
    asked = [line for line in lines(logged) if line["event"] == "no answer"]
    assert [(line["request"], line["why"]) for line in asked] == [(line["request"], "fault") for line in told]
    assert [line["fault"] for line in told] == ["RuntimeError", "RuntimeError"]
    assert all(any("test_watching.py" in frame for frame in line["trace"]) for line in told)
    captured = capfd.readouterr()
    assert "zwyxw" not in logged.getvalue() + captured.out + captured.err and "Traceback" not in captured.err


@pytest.mark.parametrize("logged", ["texts"], indirect=True)
def test_the_words_are_logged_where_the_operator_wants_and_readers_are_told(
    settings: Settings, assistant: Assistant, logged: io.StringIO, reader: Opener
) -> None:
    with live(settings.with_(log="texts"), lambda *_: assistant) as running:
        running.loader.wait(10)
        ask(running, SECRET)
        line = next(line for line in lines(logged) if line["event"] == "answer")
        assert line["question"] == SECRET and line["answer"] and line["address"] == "127.0.0.1"
        told = httpx.get(running.url + "donnees").text
        assert words.DATA_ASKED not in told and "adresse IP" in told
        person = reader(running.url)
        person.page.locator("#open-about").click()
        about = person.page.locator("#about").inner_text()
        assert words.ABOUT_ASKED_LOGGED in about and words.ABOUT_ASKED not in about


def test_a_notice_is_a_line_too(logged: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    warn("L'index est refait.")
    (line,) = lines(logged)
    assert (line["event"], line["level"]) == ("L'index est refait.", "warning") and not capsys.readouterr().err


def test_a_library_that_chatters_is_not_logged(logged: io.StringIO) -> None:
    library = logging.getLogger("a_library")
    library.setLevel(logging.DEBUG)
    library.debug("this and that")
    library.warning("broken")
    assert [line["event"] for line in lines(logged)] == ["broken"]


@pytest.mark.parametrize("logged", ["faults"], indirect=True)
def test_faults_alone_may_be_logged(server: Live, logged: io.StringIO) -> None:
    ask(server, HUB)
    assert lines(logged) == []


def test_readers_are_told_what_is_kept_in_memory(settings: Settings) -> None:
    from ui.legal import Legal
    from ui.look import Look

    plain, kept = (Legal(settings.with_(answers_kept=n), Look.of(settings)).page("donnees") or "" for n in (0, 256))
    assert "n’y sont pas gardées" in plain and "n’y sont pas gardées" not in kept and "en mémoire" in kept


# --- the counters


def test_questions_are_counted_by_certainty_and_reason(server: Live) -> None:
    before = counted(server)
    for question in (HUB, OFF_TOPIC, " "):
        ask(server, question)
    after = counted(server)
    grown = {name: after[name] - before.get(name, 0.0) for name in after if after[name] != before.get(name, 0.0)}
    answers = {(name[1], name[3]): value for name, value in grown.items() if name[0] == "pageqa_answers_total"}
    assert answers == {("sure", ""): 1, ("none", "off_topic"): 1}
    assert grown["pageqa_unanswered_total", "invalid"] == 1
    for step in ("understanding", "retrieval", "reading", "waiting", "total"):
        assert after["pageqa_step_seconds_count", step] >= 1
    assert after["pageqa_waiting",] == 0 and after["pageqa_ready",] == 1
    assert after["process_resident_memory_bytes",] > 1e8
    assert HUB not in httpx.get(server.url + "metrics").text


def test_who_asks_too_fast_is_counted(settings: Settings, assistant: Assistant) -> None:
    with live(settings.with_(questions_per_minute=1), lambda *_: assistant) as running:
        running.loader.wait(10)
        assert [ask(running, HUB).json()["state"] for _ in range(3)] == ["done", "invalid", "invalid"]
        assert counted(running)["pageqa_unanswered_total", "too_fast"] == 2


def test_a_full_line_and_an_answer_from_memory_are_counted(settings: Settings, assistant: Assistant) -> None:
    loader = Loader(settings.with_(most_waiting=1), lambda *_: assistant)
    waits = loader.ask(HUB)
    with pytest.raises(RuntimeError, match=words.TOO_MANY):
        loader.ask(HUB)
    told = loader.watch.metrics.page()[0].decode()
    assert "pageqa_waiting 1.0" in told and 'pageqa_unanswered_total{why="too_many"} 1.0' in told
    assert "pageqa_ready 0.0" in told
    waits.cancel()
    told = loader.watch.metrics.page()[0].decode()
    assert "pageqa_waiting 0.0" in told and 'pageqa_unanswered_total{why="left"} 1.0' in told
    kept = Assistant(settings.with_(answers_kept=4), assistant.encoder, assistant.index, assistant.judge)
    for _ in range(3):
        answer = kept.ask(HUB)
        loader.watch.metrics.answered(answer, answer.timings)
    assert "pageqa_kept_answers_total 2.0" in loader.watch.metrics.page()[0].decode()


def test_what_a_language_model_wrote_and_is_not_shown_is_counted(settings: Settings, assistant: Assistant) -> None:
    metrics = Loader(settings, lambda *_: assistant).watch.metrics
    answer = assistant.ask(HUB)
    written = (Checked("Vrai.", True), Checked("Faux.", False, "again"), Checked("Faux.", False, "again"))
    failed = Line((phrases.GENERATOR_SLOW.say(False),))
    metrics.answered(replace(answer, checked=written, lines=(*answer.lines, failed)), {"writing": 1200.0})
    told = metrics.page()[0].decode()
    assert 'pageqa_generator_drops_total{why="again"} 2.0' in told
    assert 'pageqa_generator_failures_total{why="slow"} 1.0' in told
    assert 'pageqa_step_seconds_sum{step="writing"} 1.2' in told


@pytest.mark.parametrize(
    ("setting", "host", "headers", "shown"),
    [
        ("local", "127.0.0.1", {}, True),
        ("local", "::ffff:10.2.3.4", {}, True),
        ("local", "172.18.0.5", {}, True),
        ("local", "8.8.8.8", {}, False),
        ("local", "2001:4860:4860::8888", {}, False),
        ("local", "127.0.0.1", {"x-forwarded-for": "8.8.8.8"}, False),
        ("local", "10.0.0.1", {"via": "1.1 proxy"}, False),
        ("local", "", {}, False),
        ("none", "127.0.0.1", {}, False),
        ("public", "8.8.8.8", {"x-forwarded-for": "8.8.8.8"}, True),
    ],
)
def test_who_may_read_the_counters(setting: str, host: str, headers: dict[str, str], shown: bool) -> None:
    assert shown_to(setting, host, headers) is shown


def test_the_counters_are_hidden_from_who_comes_through_a_proxy(server: Live) -> None:
    assert httpx.get(server.url + "metrics").status_code == 200
    assert httpx.get(server.url + "metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404


def test_the_counters_may_have_a_port_of_their_own(settings: Settings, assistant: Assistant) -> None:
    port = free_port()
    with live(settings.with_(metrics=f"127.0.0.1:{port}"), lambda *_: assistant) as running:
        running.loader.wait(10)
        serve(running.loader.watch.metrics, ("127.0.0.1", port))
        assert "pageqa_ready 1.0" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert httpx.get(running.url + "metrics").status_code == 404


@pytest.mark.parametrize(("name", "value"), [("METRICS", "partout"), ("METRICS", "127.0.0.1:0"), ("LOG", "tout")])
def test_a_setting_that_is_none_is_refused_at_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAGEQA_" + name, value)
    assert main(["--port", "0"]) == 2
    said = capsys.readouterr().err.strip()
    assert value in said and "\n" not in said and "Traceback" not in said
