"""Two replicas behind Debian's HAProxy, with the configuration that we offer: one is killed, and nobody notices."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from index.settings import Settings
from tests.conftest import CAMPUS, HUB, Opener, Reader, free_port
from tests.services import Postgres, listens, program
from ui import words
from ui.feedback import FeedbackStore

CONFIGURATION = Path(__file__).parents[1] / ".deploy" / "haproxy.cfg"
TEMPLATE = re.compile(r"^ +server-template .*$", re.M)
FOLLOW_UP = "Et qui l'a lancé ?"
CLIENTS = 4


def configuration(port: int, ports: Sequence[int]) -> str:
    """The configuration that we offer, at ``port`` and with replicas at ``ports`` instead of Docker's."""
    servers = "\n".join(f"    server replica{n} 127.0.0.1:{there}" for n, there in enumerate(ports))
    told = CONFIGURATION.read_text(encoding="utf-8").replace("bind :8080", f"bind 127.0.0.1:{port}")
    told, changed = TEMPLATE.subn(servers, told)
    assert changed == 2 and f":{port}" in told
    return told


@contextmanager
def haproxy(folder: Path, replicas: Sequence[Replica]) -> Iterator[str]:
    """HAProxy before ``replicas``; its address."""
    port, file = free_port(), folder / "haproxy.cfg"
    file.write_text(configuration(port, [replica.port for replica in replicas]), encoding="utf-8")
    process = subprocess.Popen([program("haproxy"), "-db", "-f", str(file)], stderr=subprocess.DEVNULL)
    try:
        assert listens(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


@dataclass(frozen=True)
class Replica:
    """A server as an operator starts it."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def answered(self) -> int:
        """How many questions it has answered."""
        told = httpx.get(self.url + "metrics", timeout=30).text.splitlines()
        return int(sum(float(line.split()[-1]) for line in told if line.startswith("pageqa_answers_total")))


@contextmanager
def replicas(settings: Settings) -> Iterator[tuple[Replica, Replica]]:
    """Two of them, ready."""
    environment = {**os.environ, "PAGEQA_FEEDBACK": settings.feedback, "PAGEQA_DATA_DIR": str(settings.data_dir)}
    started = []
    for port in (free_port(), free_port()):
        command = [sys.executable, "-m", "ui", "--port", str(port)]
        started.append(Replica(port, subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)))
    try:
        until = time.monotonic() + 90
        for replica in started:
            assert listens(replica.port)
            while httpx.get(replica.url + "health", timeout=60).status_code != 200:
                assert replica.process.poll() is None and time.monotonic() < until
                time.sleep(0.1)
        yield started[0], started[1]
    finally:
        for replica in started:
            replica.process.kill()
            replica.process.wait(10)


def ask(url: str, component: int, question: str) -> str:
    """What becomes of a question that is asked as the browser does."""
    data = {"question": question, "number": 1, "history": []}
    body = {"component_id": component, "fn_name": "ask_page", "session_hash": "s", "data": data}
    answer = httpx.post(url + "gradio_api/component_server", json=body, timeout=60)
    return str(answer.json()["state"]) if answer.status_code == 200 else str(answer.status_code)


def program_asks(url: str) -> str:
    """What a program gets, through Gradio's queue."""
    from gradio_client import Client

    return str(Client(url, verbose=False).predict(HUB, api_name="/ask")["certainty"])


def press(url: str, component: int, until: threading.Event, told: Counter[str]) -> None:
    """Ask again and again."""
    while not until.is_set():
        try:
            told[ask(url, component, CAMPUS)] += 1
        except httpx.HTTPError as error:
            told[type(error).__name__] += 1


def test_a_replica_is_killed_and_nobody_notices(
    reader: Opener, settings: Settings, postgres: Postgres, tmp_path: Path
) -> None:
    program("haproxy")
    shared = settings.with_(feedback=postgres.address("repliques"), data_dir=tmp_path)
    with replicas(shared) as (one, other):
        # a program keeps to one replica by its address: that one shall be killed
        with haproxy(tmp_path, (one, other)) as url:
            program_asks(url)
        killed, left = (one, other) if one.answered else (other, one)
        with haproxy(tmp_path, (one, other)) as url:
            _killed(reader(url), killed, left, url)
        store = FeedbackStore.of(shared)
        assert [(opinion.question, opinion.useful) for opinion in store.all()] == [(CAMPUS, True), (FOLLOW_UP, True)]
        store.engine.dispose()


def _killed(person: Reader, killed: Replica, left: Replica, url: str) -> None:
    components: list[dict[str, Any]] = httpx.get(url + "config").json()["components"]
    component = next(int(c["id"]) for c in components if c["props"].get("elem_id") == "app")
    assert httpx.get(url + "metrics").status_code == 404
    before = killed.answered
    assert [program_asks(url) for _ in range(2)] == ["sure", "sure"]
    assert (killed.answered, left.answered) == (before + 2, 0)
    person.ask(HUB)
    vote(person, person.ask(CAMPUS))
    assert (killed.answered, left.answered) == (before + 3, 1)  # the chat asks of both

    told: Counter[str] = Counter()
    enough = threading.Event()
    with ThreadPoolExecutor(CLIENTS) as pool:
        pressing = [pool.submit(press, url, component, enough, told) for _ in range(CLIENTS)]
        time.sleep(1.0)
        before = told.total()
        killed.process.send_signal(signal.SIGKILL)
        person.ask(CAMPUS)
        enough.set()
        for one in pressing:
            one.result(60)
    assert person.ask(FOLLOW_UP).locator("a.mark").count()
    assert program_asks(url) == "sure"
    assert set(told) == {"done"} and told["done"] >= before + CLIENTS, told
    vote(person, person.turn)


def vote(person: Reader, turn: Any) -> None:
    """Say that an answer is useful."""
    turn.get_by_role("button", name=words.USEFUL, exact=True).click()
    person.page.keyboard.press("Enter")
    turn.get_by_text(words.FEEDBACK_THANKS).wait_for()


def test_the_configuration_that_we_offer_is_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [program("haproxy"), "-c", "-f", str(CONFIGURATION)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and "warning" not in done.stderr.lower(), done.stderr
