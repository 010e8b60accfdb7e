"""What nobody should send: a status and a French sentence, never a stack, and no file of the machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import HUB, Live, live
from ui import words
from ui.calls import BadCall, Function, checked
from ui.guard import MOST_BODY, is_open
from ui.incoming import DEEPEST, clean_text, incoming
from ui.visitors import MOST_ADDRESSES, TooFast, Visitors, group_of, proxies_of

SECRET = "root:"
"""What /etc/passwd begins with."""
FILES = (
    "gradio_api/file=/etc/passwd", "gradio_api/file/etc/passwd", "gradio_api/%66ile=/etc/passwd",
    "gradio_api//file=/etc/passwd", "/gradio_api/file=/etc/passwd", "gradio_api/proxy=http://127.0.0.1:1/",
    "gradio_api/upload", "gradio_api/upload_progress?upload_id=x", "gradio_api/heartbeat/x", "gradio_api/token",
    "gradio_api/stream/x/y/1/playlist.m3u8", "gradio_api/custom_component/1/client/component/index.js",
    "gradio_api/dev/reload", "gradio_api/deep_link?session_hash=x", "gradio_api/runs", "monitoring", "monitoring/x",
    "static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "assets/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "ui/x/..%2f..%2f..%2fetc%2fpasswd", "svelte/..%2f..%2fetc%2fpasswd", "gradio_api/run/ask", "gradio_api/api/ask",
)  # fmt: skip


class Program:
    """Whoever calls what the browser and programs call, with whatever body."""

    def __init__(self, url: str, **headers: str) -> None:
        self.http = httpx.Client(base_url=url, timeout=60, headers=headers)
        components = self.http.get("/config").json()["components"]
        self.component = next(c["id"] for c in components if c["props"].get("elem_id") == "app")

    def browser(self, **changed: Any) -> httpx.Response:
        body = {"session_hash": "x", "component_id": self.component, "fn_name": "ask_page", "data": {}, **changed}
        return self.http.post("/gradio_api/component_server", content=json.dumps(body))

    def ask(self, **data: Any) -> Any:
        answered = self.browser(data=data)
        assert answered.status_code == 200
        return answered.json()

    def call(self, body: Any, name: str = "ask") -> tuple[int, str]:
        """Status and body of a call, or the event that answers it."""
        kind = {"content-type": "application/json"}
        joined = self.http.post(f"/gradio_api/call/{name}", content=json.dumps(body), headers=kind)
        if joined.status_code != 200:
            return joined.status_code, joined.text
        answered = self.http.get(f"/gradio_api/call/{name}/{joined.json()['event_id']}")
        return answered.status_code, json.dumps(json.loads(answered.text.split("data: ", 1)[1]), ensure_ascii=False)


@pytest.fixture(scope="module")
def program(server: Live) -> Iterator[Program]:
    made = Program(server.url)
    yield made
    made.http.close()


@pytest.mark.parametrize("path", FILES)
def test_no_file_of_the_machine_and_nothing_to_fill_it(server: Live, path: str) -> None:
    for answered in (httpx.get(server.url + path), httpx.post(server.url + path, files={"files": b"x" * 100})):
        assert answered.status_code in (403, 404, 405) and SECRET not in answered.text


def test_what_is_not_named_is_closed() -> None:
    assert all(is_open(path) for path in ("/", "/config", "/health", "/gradio_api/info", "/gradio_api/call/ask/1"))
    assert not any(is_open(path) for path in ("/gradio_api", "/gradio_api/new", "/gradio_api/calls", "/gradio_apix"))


def deep(levels: int) -> Any:
    made: Any = []
    for _ in range(levels):
        made = [made]
    return made


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"fn_name": "no_such"}, 404), ({"fn_name": "__init__"}, 404), ({"fn_name": [1]}, 400),
        ({"session_hash": [1]}, 400), ({"session_hash": None}, 400), ({"component_id": 10**9}, 400),
        ({"component_id": {}}, 400),
    ],
)  # fmt: skip
def test_a_malformed_call_of_the_browser(program: Program, changed: dict[str, Any], status: int) -> None:
    answered = program.browser(**changed)
    assert answered.status_code == status
    assert answered.json() == {"detail": words.API_CLOSED if status == 404 else words.API_MALFORMED}


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff\xfe", b"null", b"a=b", b""])
@pytest.mark.parametrize("path", ["component_server", "queue/join", "call/ask", "call/v2/ask"])
def test_what_is_no_json(program: Program, body: bytes, path: str) -> None:
    answered = program.http.post("/gradio_api/" + path, content=body)
    assert answered.status_code == 400 and answered.json() == {"detail": words.API_MALFORMED}


def test_a_body_of_ten_megabytes(program: Program) -> None:
    for path in ("component_server", "call/ask", "queue/join"):
        # told of beforehand, or not
        for content in (b"a" * 10_000_000, iter([b"a" * 1_000_000] * (MOST_BODY // 1_000_000 + 1))):
            try:
                answered = program.http.post("/gradio_api/" + path, content=content)
            except httpx.WriteError:
                continue  # the server hung up before all was sent
            assert answered.status_code == 413 and answered.json() == {"detail": words.API_LONG}


def test_files_in_a_form_are_not_taken(program: Program) -> None:
    fields = {"component_id": str(program.component), "session_hash": "x", "fn_name": "ask_page"}
    answered = program.http.post("/gradio_api/component_server", data=fields, files={"data": b"x"})
    assert answered.status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"data": ["Bonjour"]}, 200, "Bonjour"),
        ({"data": [["a"], {}]}, 200, words.API_TEXT),
        ({"data": [None, None]}, 200, words.API_TEXT),
        ({"data": []}, 200, words.API_TEXT),
        ({"data": [1] * 1000}, 200, words.API_TEXT),
        ({"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}, []]}, 200, words.API_TEXT),
        ({"data": [HUB, deep(200)]}, 200, words.API_HISTORY),
        ({"data": [HUB, [1, 2]]}, 200, words.API_HISTORY),
        ({"data": [HUB, "x"]}, 200, words.API_HISTORY),
        ({"data": ["\ud800\x00 \x1b", []]}, 200, "Posez une question"),
        ({"data": ["mot " * 300_000, []]}, 200, "trop longue"),
        ({"data": ["Bonjour", ["\ud800"] * 500]}, 200, "Bonjour"),
        ({}, 400, words.API_MALFORMED),
        ({"data": "x"}, 400, words.API_MALFORMED),
        ({"data": [], "session_hash": ["x"]}, 400, words.API_MALFORMED),
        ({"data": [], "session_hash": "x" * 1000}, 400, words.API_MALFORMED),
    ],
)
def test_a_program_s_call(
    program: Program, body: Any, status: int, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    found, text = program.call(body)
    assert found == status and said in text and "Traceback" not in text and SECRET not in text
    assert "Traceback" not in capfd.readouterr().err  # nor in the operator's log, with what was asked


def test_a_call_of_what_is_not_there(program: Program) -> None:
    assert program.call({"data": []}, "no_such") == (404, json.dumps({"detail": words.API_CLOSED}, ensure_ascii=False))
    joined = {"data": ["x"], "session_hash": "s"}
    for changed in ({"fn_index": 999}, {"fn_index": "x"}, {}):
        assert program.http.post("/gradio_api/queue/join", json={**joined, **changed}).status_code == 404
    assert program.http.post("/gradio_api/call/v2/ask", json={"x": 1}).status_code == 400
    assert program.http.put("/gradio_api/queue/join", json={}).status_code in (400, 404, 405)
    with pytest.raises(BadCall):
        checked("queue/join", b'{"fn_index": 1e999, "data": []}', (Function(0, "ask", 2),))


@pytest.mark.parametrize("question", ["mot " * 250_000, "a" * 1_000_000, "\ud800", "\x00\x01", " ", 3, None, ["x"], {}])
def test_a_question_that_is_none_is_said_in_few_words(program: Program, question: Any) -> None:
    told = program.ask(question=question, number=1)
    assert told["state"] == "invalid" and len(told["html"]) < 6000
    assert "trop longue" in told["html"] or "Posez une question" in told["html"]


@pytest.mark.parametrize(
    "data",
    [
        {"history": deep(300)}, {"history": [deep(90)] * 50}, {"history": ["x" * 100_000] * 10},
        {"history": [{"question": {"text": "x"}, "citations": [{"n": 10**400}]}]}, {"history": "x"}, {"number": -1},
        {"number": 10**300}, {"id": ["x"]}, {"id": "x" * 100_000}, {"history": [float("inf"), None, True, {}]},
    ],
)  # fmt: skip
def test_what_comes_with_a_question_is_bounded(program: Program, data: dict[str, Any]) -> None:
    assert program.ask(question="Bonjour", **data)["state"] == "done"


def test_texts_that_nothing_can_hold_are_mended(program: Program, server: Live) -> None:
    told = program.ask(question="Bon\ud800jour\x00 !", number=1)
    assert told["state"] == "done" and "Bonjour !" in told["record"]["question"]["text"]
    record = {**told["record"], "page": "another", "text": "vu\udfff\x00"}
    again = program.browser(
        fn_name="restore_turns", data={"turns": [record, None, 3, {"question": {"text": "\ud800"}}]}
    )
    assert again.status_code == 200 and len(again.json()["turns"]) == 4 and "vu" in again.json()["turns"][0]["html"]
    broken = {**told["record"], "citations": [{"n": 1, "start": 1e999, "end": 2, "passage": 0}]}
    kept = program.browser(
        fn_name="keep_opinion", data={"vote": "up", "word": "a\ud800\x00b", "key": "k-abuse", "record": broken}
    )
    assert kept.json()["kept"] is True
    from ui.feedback import FeedbackStore

    assert [o.word for o in FeedbackStore(server.settings.data_dir).all() if o.key == "k-abuse"] == ["ab"]


def test_nothing_of_a_header_becomes_markup(server: Live) -> None:
    bad = '"</script><script>alert(1)</script>'
    for name in ("x-forwarded-host", "x-forwarded-proto", "x-forwarded-for", "referer", "x-forwarded-prefix"):
        answered = httpx.get(server.url, headers={name: bad})
        assert answered.status_code < 500 and "<script>alert(1)" not in answered.text


# --- how much one address may ask


def test_a_bucket_for_each_address() -> None:
    now = [0.0]
    visitors = Visitors(per_minute=60, at_once=2, clock=lambda: now[0])
    for _ in range(60):
        visitors.take("192.0.2.1")
    with pytest.raises(TooFast, match="votre adresse"):
        visitors.take("192.0.2.1")
    visitors.take("192.0.2.2")
    now[0] += 1.01
    visitors.take("192.0.2.1")
    with visitors.place("192.0.2.1"), visitors.place("192.0.2.1"):
        with pytest.raises(TooFast), visitors.place("192.0.2.1"):
            pass
        with visitors.place("192.0.2.2"):
            pass
    with visitors.place("192.0.2.1"):
        pass
    for number in range(MOST_ADDRESSES + 5):
        visitors.take(f"2001:db8:{number:x}::1")
    assert len(visitors._buckets) == MOST_ADDRESSES
    unbounded = Visitors(0, 1)
    for _ in range(1000):
        unbounded.take("192.0.2.1")


def test_a_subscriber_of_ipv6_is_one_address() -> None:
    assert group_of("2001:db8::1") == group_of("2001:db8::ffff:2") != group_of("2001:db8:0:1::1")
    assert group_of("::ffff:192.0.2.1") == group_of("192.0.2.1") and len(group_of("x" * 500)) == 64
    assert proxies_of("10.0.0.0/8, ::1") == ["10.0.0.0/8", "::1"]
    with pytest.raises(ValueError, match="serveur mandataire"):
        proxies_of("nginx")


@pytest.mark.parametrize("trusted", ["127.0.0.1", "192.0.2.1"])
def test_too_many_questions_of_one_address(settings: Settings, assistant: Assistant, trusted: str) -> None:
    few = settings.with_(questions_per_minute=3, trusted_proxies=trusted)
    with live(few, lambda *_: assistant) as running:
        running.loader.wait(10)
        first = Program(running.url, **{"x-forwarded-for": "198.51.100.1"})
        other = Program(running.url, **{"x-forwarded-for": "198.51.100.2"})
        for _ in range(3):
            assert first.ask(question="Bonjour")["state"] == "done"
        told = first.ask(question="Bonjour")
        assert told["state"] == "invalid" and words.TOO_FAST in told["html"]
        status, text = first.call({"data": ["Bonjour"]})
        assert status == 429 and words.TOO_FAST in text
        assert first.browser(fn_name="restore_turns", data={"turns": []}).json()["note"] == words.TOO_FAST
        assert first.http.get("/health").status_code == 200
        # another reader behind the same proxy is not held for it, where the proxy is believed
        assert other.ask(question="Bonjour")["state"] == ("done" if trusted == "127.0.0.1" else "invalid")


# --- what comes in, made fit


def test_incoming_is_bounded_and_clean() -> None:
    assert incoming({"a\x00": ["é\ud800\n", 1, True, None, 1.5]}) == {"a": ["é\n", 1, True, None, 1.5]}
    value, levels = incoming(deep(5000)), 0
    while isinstance(value, list) and value:
        value, levels = value[0], levels + 1
    assert levels <= DEEPEST and clean_text("c’est « bon »\u00a0!\u202f👩‍⚕️") == "c’est « bon »\u00a0!\u202f👩‍⚕️"
