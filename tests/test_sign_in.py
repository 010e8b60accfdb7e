"""An assistant for those who have an account: Gradio's own sign-in, passwords kept as scrypt hashes."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import HUB, Live, Opener, live
from ui import words
from ui.__main__ import main
from ui.users import MOST_SIGN_INS, Hashed, put_user, read_users

NAME, PASSWORD = "camille@exemple.fr", "un long mot de passe : é"


@pytest.fixture
def closed(settings: Settings, assistant: Assistant, tmp_path: Path) -> Iterator[Live]:
    """The application with one account."""
    put_user(tmp_path / "comptes", NAME, PASSWORD)
    with live(settings.with_(users=str(tmp_path / "comptes")), lambda *_: assistant) as running:
        running.loader.wait(10)
        yield running


def sign_in(server: Live, name: str, password: str, **headers: str) -> httpx.Response:
    told = {"username": name, "password": password}
    return httpx.post(server.url + "login", data=told, headers=headers, timeout=60)


def test_a_reader_signs_in_asks_and_signs_out(reader: Opener, closed: Live) -> None:
    person = reader(closed.url, faults=True, open_=False)
    person.page.goto(closed.url)
    name, password = person.page.get_by_label("nom d'utilisateur"), person.page.get_by_label("mot de passe")
    name.wait_for()
    assert words.SIGN_IN.format(most=MOST_SIGN_INS) in person.page.inner_text("body")
    assert person.page.locator("#question").count() == 0
    name.fill(NAME)
    password.fill("un autre mot de passe")
    password.press("Enter")
    person.page.get_by_text("Identifiants incorrects").wait_for()
    name.fill(NAME)
    password.fill(PASSWORD)
    password.press("Enter")
    person.page.wait_for_selector(".welcome")
    assert person.ask(HUB).locator("a.mark").count()
    person.page.get_by_role("link", name=words.SIGN_OUT).click()
    name.wait_for()
    assert person.page.context.cookies() == []


def test_nothing_is_answered_without_an_account(server: Live, closed: Live) -> None:
    components = httpx.get(server.url + "config").json()["components"]
    app = next(c["id"] for c in components if c["props"].get("elem_id") == "app")
    body: dict[str, Any] = {"component_id": app, "session_hash": "s", "data": {"question": HUB, "number": 1}}
    for name in ("start_up", "ask_page", "restore_turns", "keep_opinion"):
        told = httpx.post(closed.url + "gradio_api/component_server", json={**body, "fn_name": name})
        assert (told.status_code, told.json()["detail"]) == (401, words.API_SIGN_IN)
    joined = {"data": [HUB, []], "session_hash": "s", "fn_index": 0}
    assert httpx.post(closed.url + "gradio_api/queue/join", json=joined).status_code == 401
    assert httpx.post(closed.url + "gradio_api/call/ask", json={"data": [HUB, []]}).status_code == 401
    for path in ("config", "gradio_api/info", "gradio_api/openapi.json"):
        assert httpx.get(closed.url + path).status_code == 401
    assert "Health Data Hub" not in httpx.get(closed.url).text
    assert closed.loader.watch.metrics.page()[0].decode().count("pageqa_answers_total{") == 0
    # what every visitor and the proxy may see
    assert httpx.get(closed.url + "health").status_code == 200
    assert "connexion" in httpx.get(closed.url + "donnees").text
    assert "connexion" not in httpx.get(server.url + "donnees").text


def test_a_program_signs_in(closed: Live) -> None:
    from gradio_client import Client

    assert Client(closed.url, auth=(NAME, PASSWORD), verbose=False).predict(HUB, api_name="/ask")["citations"]


def test_an_account_is_written_while_the_server_runs(closed: Live) -> None:
    assert sign_in(closed, "ali", PASSWORD).status_code == 400
    put_user(Path(closed.settings.users), "ali", PASSWORD)
    assert sign_in(closed, "ali", PASSWORD).status_code == 200
    Path(closed.settings.users).write_text("abîmé", encoding="utf-8")
    assert sign_in(closed, "ali", PASSWORD).status_code == 200  # the accounts of before stay


def test_guessing_is_stopped(closed: Live) -> None:
    # the limit is tried here, not the cost of a try
    Path(closed.settings.users).write_text(f"{NAME}:{Hashed(b'salt', b'hash', n=2, r=1, p=1).line()}", encoding="utf-8")

    def guess(_: int) -> int:
        return sign_in(closed, NAME, "?", **{"x-forwarded-for": "192.0.2.7"}).status_code

    # On a busy machine one after the other would outlast what is counted together.
    with ThreadPoolExecutor(8) as guessing:
        told = sorted(guessing.map(guess, range(MOST_SIGN_INS + 1)))
    assert told == [400] * MOST_SIGN_INS + [429]
    assert sign_in(closed, NAME, "?", **{"x-forwarded-for": "192.0.2.8"}).status_code == 400
    counted = closed.loader.watch.metrics.page()[0].decode()
    assert f'pageqa_sign_ins_total{{right="no"}} {MOST_SIGN_INS + 2}.0' in counted


# --- the file


def test_a_password_is_kept_as_a_hash_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "nouveau" / "comptes"
    for name in ("a", "b", "a"):
        put_user(file, name, PASSWORD)
    told = file.read_text(encoding="utf-8")
    assert PASSWORD not in told and len(told.splitlines()) == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    users = read_users(file)
    assert users["a"].hash != users["b"].hash
    assert users["a"].is_of(PASSWORD) and not users["a"].is_of(PASSWORD + " ") and not users["b"].is_of("")


@pytest.mark.parametrize(
    "line", ["a:b", "a:0:8:1:00:00", "a:3:8:1:00:00", "a:32768:8:3:zz:00", "a:1073741824:8:1:00:00"]
)
def test_a_line_that_is_none_is_refused_at_start(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "comptes").write_text(f"# notes\n{line}\n", encoding="utf-8")
    monkeypatch.setenv("PAGEQA_USERS", str(tmp_path / "comptes"))
    assert main(["--port", "0"]) == 2
    said = capsys.readouterr().err.strip()
    assert "ligne 2" in said and "\n" not in said


def test_an_account_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "comptes"
    command = [sys.executable, "-m", "ui", "--add-user", "ali"]
    environment = {**os.environ, "PAGEQA_USERS": str(file)}
    done = subprocess.run(command, input=PASSWORD + "\n", env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "ali" in done.stdout and PASSWORD not in done.stdout
    assert read_users(file)["ali"].is_of(PASSWORD)


@pytest.mark.parametrize(("name", "password"), [("a:b", PASSWORD), ("", PASSWORD), ("a", "court"), ("a", "x" * 1001)])
def test_an_account_that_will_not_do_is_said(
    name: str, password: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAGEQA_USERS", str(tmp_path / "comptes"))
    monkeypatch.setattr(sys, "stdin", io.StringIO(password))
    assert main(["--add-user", name]) == 2
    said = capsys.readouterr().err.strip()
    assert said and "\n" not in said and not (tmp_path / "comptes").exists()


def test_mcp_that_asks_for_no_account_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("mcp", reason="the mcp extra is not installed")
    put_user(tmp_path / "comptes", "a", PASSWORD)
    monkeypatch.setenv("PAGEQA_USERS", str(tmp_path / "comptes"))
    assert main(["--port", "0", "--mcp"]) == 2
    assert capsys.readouterr().err.strip() == words.CLI_MCP_OPEN
