"""A real server in a process of its own, as an operator starts it: asked, killed, stopped, and what it said."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx

from ui.binding import address_of, bind

ROOT = Path(__file__).parents[1]
MOST_START_S = 1800.0


@dataclass
class Served:
    """``python -m ui`` with ``environment`` besides the caller's."""

    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    component: int = 0
    _told: IO[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Everything that it printed."""
        if self._told is None:
            return ""
        return Path(self._told.name).read_text(encoding="utf-8", errors="replace")

    @property
    def memory_mb(self) -> int:
        """Resident memory."""
        assert self.process is not None
        told = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) // 1024 for line in told.splitlines() if line.startswith("VmRSS"))

    def begin(self, wait: bool = True) -> Served:
        """Start it; with ``wait`` until it answers.

        Raises:
            RuntimeError: it ended, or took too long.
        """
        if not self.port:
            bound = bind("127.0.0.1", 0)
            self.port = int(address_of(bound).rstrip("/").rsplit(":", 1)[1])
            bound.close()
        if self._told is None:
            self._told = tempfile.NamedTemporaryFile(prefix="served-")  # noqa: SIM115 - closed with the object
        command = [sys.executable, "-m", "ui", "--port", str(self.port)]
        environment = {**os.environ, **self.environment}
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=self._told, stderr=self._told)
        if wait:
            self.wait()
        return self

    def wait(self) -> None:
        """Until it is ready."""
        assert self.process is not None
        until = time.monotonic() + MOST_START_S
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/health", timeout=30).status_code == 200:
                    with httpx.Client(timeout=30) as client:
                        self.find_component(client)
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"the server did not start: {self.log[-500:]}")

    def find_component(self, client: httpx.Client) -> None:
        """Learn the number of the application's component."""
        components: list[dict[str, Any]] = client.get(f"{self.url}/config").json()["components"]
        self.component = next(int(c["id"]) for c in components if c["props"].get("elem_id") == "app")

    def call(self, client: httpx.Client, name: str, data: Any) -> Any:
        """What one of the browser's functions gives."""
        body = {"session_hash": "served", "component_id": self.component, "fn_name": name, "data": data}
        answered = client.post(f"{self.url}/gradio_api/component_server", json=body)
        answered.raise_for_status()
        return answered.json()

    def ask(self, client: httpx.Client, question: str) -> Any:
        return self.call(client, "ask_page", {"id": f"{time.monotonic_ns()}", "question": question, "number": 1})

    def passages(self, client: httpx.Client) -> list[dict[str, Any]]:
        """The page's passages, as programs get them."""
        called = client.post(f"{self.url}/gradio_api/call/passages", json={"data": []}).json()
        told = client.get(f"{self.url}/gradio_api/call/passages/{called['event_id']}").text
        found: list[dict[str, Any]] = json.loads(told.split("data: ", 1)[1])[0]["passages"]
        return found

    def end(self, how: signal.Signals = signal.SIGTERM, most: float = 60.0) -> int:
        """Stop it by a signal; its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(most)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[Served]:
    """A server that answers, for a ``with`` block."""
    server = Served(environment)
    try:
        yield server.begin()
    finally:
        server.end()
