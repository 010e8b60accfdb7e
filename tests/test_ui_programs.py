"""What programs and operators use: endpoints, health, MCP, the command line, the look."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import CAMPUS, HUB, OFF_TOPIC, Live, free_port, live
from ui import assets, words
from ui.__main__ import main
from ui.look import Look, contrast


def same(told: dict[str, Any], expected: dict[str, Any]) -> bool:
    """Equal but for the time it took."""
    return {**told, "latency_ms": 0} == {**expected, "latency_ms": 0}


# --- endpoints


def test_ask_from_a_program(server: Live, assistant: Assistant) -> None:
    from gradio_client import Client

    client = Client(server.url, verbose=False)
    for question in (HUB, OFF_TOPIC):
        assert same(client.predict(question=question, api_name="/ask"), assistant.ask(question).to_json())
    told = client.predict("Et quand ?", [CAMPUS], api_name="/ask")
    assert same(told, assistant.ask("Et quand ?", [CAMPUS]).to_json())
    with pytest.raises(Exception, match=r"\w"):
        client.predict(" ", [], api_name="/ask")


def test_passages_from_a_program(server: Live, assistant: Assistant) -> None:
    from gradio_client import Client

    told = Client(server.url, verbose=False).predict(api_name="/passages")
    assert told["title"] == assistant.page.title and told["updated"] == assistant.page.updated
    assert [p["text"] for p in told["passages"]] == [p.text for p in assistant.passages]
    assert all(assistant.page.text[p["start"] : p["end"]] == p["text"] for p in told["passages"])


def test_only_two_endpoints_are_offered(server: Live) -> None:
    info = httpx.get(server.url + "gradio_api/info").json()
    assert set(info["named_endpoints"]) == {"/ask", "/passages"} and not info["unnamed_endpoints"]


def test_health(server: Live, assistant: Assistant) -> None:
    answer = httpx.get(server.url + "health")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ready",
        "page": assistant.page.title,
        "updated": assistant.page.updated,
        "passages": len(assistant.passages),
    }


def test_programs_are_told_to_wait(settings: Settings, assistant: Assistant) -> None:
    from gradio_client import Client

    go = threading.Event()

    def slowly(*_: object) -> Assistant:
        go.wait(30)
        return assistant

    with live(settings, slowly) as young:
        client = Client(young.url, verbose=False)
        with pytest.raises(Exception, match="se prépare"):
            client.predict(HUB, [], api_name="/ask")
        go.set()
        young.loader.wait(5)
        assert client.predict(HUB, [], api_name="/ask")["citations"]


# --- what Gradio would do by itself


def test_the_page_is_french_and_forbids_other_hosts(server: Live) -> None:
    answer = httpx.get(server.url)
    assert '<html lang="fr"' in " ".join(answer.text.split())
    assert "og:" not in answer.text.split("<body")[0].replace("gradio_config", "")[:1500]
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy and "connect-src 'self'" in policy and "http" not in policy
    style = httpx.get(server.url + assets.address("css/app.css"))
    assert style.headers["content-type"].startswith("text/css") and "immutable" in style.headers["cache-control"]
    assert "no-cache" in httpx.get(server.url + "ui/old/css/app.css").headers["cache-control"]
    for other in ("ui/x/../pyproject.toml", "ui/x/__main__.py", "ui/x/templates/shell.html"):
        assert httpx.get(server.url + other).status_code == 404


def test_gradio_keeps_and_reports_nothing(server: Live) -> None:
    config = httpx.get(server.url + "config").json()
    assert config["analytics_enabled"] is False and not config.get("run_history")
    assert httpx.get(server.url + "gradio_api/runs").status_code == 404
    assert httpx.get(server.url + "monitoring/summary").status_code in (401, 403, 404)
    fonts = httpx.get(server.url + "theme.css").text
    assert not re.search(r"@import|@font-face|url\(['\"]?(?:https?:)?//", fonts)


# --- MCP


def test_mcp_tools_give_the_same(settings: Settings, assistant: Assistant) -> None:
    pytest.importorskip("mcp", reason="the mcp extra is not installed")
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def talk(url: str) -> tuple[set[str], Any, Any]:
        async with (
            streamablehttp_client(url + "gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = {tool.name for tool in (await session.list_tools()).tools}
            asked = await session.call_tool("ask", {"question": HUB})
            passages = await session.call_tool("passages", {})
            return tools, asked.content[0], passages.content[0]

    result: list[Any] = []
    with live(settings, lambda *_: assistant, mcp=True) as running:
        running.loader.wait(5)
        # its own thread: Playwright's event loop lives in this one
        thread = threading.Thread(target=lambda: result.append(asyncio.run(talk(running.url))))
        thread.start()
        thread.join(30)
    tools, asked, passages = result[0]
    assert tools == {"ask", "passages"}
    assert same(json.loads(asked.text), assistant.ask(HUB).to_json())
    assert len(json.loads(passages.text)["passages"]) == len(assistant.passages)


# --- the command line


def test_a_taken_port_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    said = capsys.readouterr()
    assert said.err.strip() == words.CLI_PORT_BUSY.format(host="127.0.0.1", port=port) and not said.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "99999"],
        ["--page", "absente.txt"],
        ["--host", "203.0.113.7"],
        ["--host", "pas une machine"],
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    said = capsys.readouterr().err.strip()
    assert said and "\n" not in said and "Traceback" not in said


def test_mcp_without_its_extra_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import importlib.util

    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "mcp" else real(name, *a))
    assert main(["--mcp", "--port", "0"]) == 2
    assert capsys.readouterr().err.strip() == words.CLI_NO_MCP


def test_the_command_opens_at_once_answers_and_stops(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "ui", "--port", str(port)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PAGEQA_DATA_DIR": str(tmp_path)},
    )
    try:
        url, seen, deadline = f"http://127.0.0.1:{port}/", set(), time.monotonic() + 90
        while "ready" not in seen and time.monotonic() < deadline:
            try:
                seen.add(httpx.get(url + "health", timeout=30).json()["status"])
            except httpx.TransportError:
                time.sleep(0.05)
            time.sleep(0.05)
        # it loads beside Gradio's import, and may be there first
        assert "ready" in seen and seen <= {"loading", "ready"}
        from gradio_client import Client

        assert Client(url, verbose=False).predict(HUB, api_name="/ask")["citations"]
        process.send_signal(signal.SIGINT)
        told, logged = process.communicate(timeout=15)
        assert process.returncode == 0, logged
        assert words.CLI_READY.format(url=url) in told
        assert [json.loads(line)["event"] for line in logged.splitlines()] == ["ready", "answer", "stopped"]
    finally:
        process.kill()


def test_a_bad_page_stops_the_command(tmp_path: Path) -> None:
    empty = tmp_path / "vide.txt"
    empty.write_text("", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "ui", "--port", "0", "--page", str(empty)],
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr


# --- the look, and the pages of a public body


def test_the_look_is_checked_at_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert contrast("#777777", "#ffffff") == 4.48
    for name, value in (
        ("ACCENT", "#9fd0ff"),
        ("ACCENT", "bleu"),
        ("LOGO", str(tmp_path / "absent.svg")),
        ("FRAME_ORIGINS", "https://a.fr; script-src *"),
    ):
        with monkeypatch.context() as patch:
            patch.setenv("PAGEQA_" + name, value)
            assert main(["--port", "0"]) == 2
        said = capsys.readouterr().err.strip()
        assert said and "\n" not in said


@pytest.mark.parametrize("accent", ["#0b5566", "#000091", "#7a1fa2", "#8a2c0d", "#1a1a1a"])
def test_a_dark_colour_is_found_for_every_readable_one(accent: str) -> None:
    look = Look.of(Settings(accent=accent))
    assert contrast(look.accent_dark, "#1b2126") >= 4.5 and contrast(look.accent_dark, "#0d2128") >= 4.5


def test_nothing_is_pledged_for_an_operator_that_is_not_named(settings: Settings, assistant: Assistant) -> None:
    with live(settings, lambda *_: assistant) as running:
        running.loader.wait(10)
        access, legal = (httpx.get(running.url + name).text for name in ("accessibilite", "mentions-legales"))
        assert "engage à rendre" not in access and "pas indiqué d" in access
        assert legal.count("<p>Non indiqué</p>") == 4


def test_pages_of_a_public_body(settings: Settings, assistant: Assistant) -> None:
    filled = settings.with_(
        operator="Mairie <d'Essai>",
        contact="aide@exemple.fr",
        director="A. B.",
        retention_days=90,
        app_name="Ma & page",
        frame_origins="https://www.exemple.fr",
    )
    with live(filled, lambda *_: assistant) as running:
        running.loader.wait(10)
        legal, data, access = (
            httpx.get(running.url + name).text for name in ("mentions-legales", "donnees", "accessibilite")
        )
        assert "Mairie &lt;d&#39;Essai&gt;" in legal and "A. B." in legal and 'lang="fr"' in legal
        assert "90 jours" in data and "intérêt légitime" in data
        assert "aide@exemple.fr" in access and "Défenseur des droits" in access and "engage à rendre" in access
        assert "Ma &amp; page" in httpx.get(running.url).text
        framed = httpx.get(running.url + "embed?q=x", follow_redirects=True)
        assert "embed=1&q=x" in str(framed.url)
        assert "frame-ancestors 'self' https://www.exemple.fr" in framed.headers["content-security-policy"]
        assert "exemple.fr" not in httpx.get(running.url).headers["content-security-policy"]
