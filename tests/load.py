"""``python -m tests.load``: many clients press on a real server. One JSON line at the end for each way of keeping answers.

Each client asks as the browser does, waits for the answer, then thinks; ``--think 0`` finds the most a second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from ui.binding import address_of, bind

ROOT = Path(__file__).parents[1]
QUESTIONS = tuple(ROOT / "tests" / "questions" / f"{name}.jsonl" for name in ("open", "kept", "fresh"))
FIRST = "Quand PariSanté Campus a-t-il été lancé ?"


@dataclass
class Told:
    """What the clients met: seconds of each answer, the second in which it came, and what was no answer."""

    seconds: list[float] = field(default_factory=list)
    moments: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Load:
    """How hard to press: clients, seconds that each thinks on average, and how long."""

    users: int
    think: float
    duration: float


@dataclass(frozen=True)
class Running:
    """A server in a process of its own, ready, and how long it took to give its first answer."""

    url: str
    process: int
    component: int
    first_answer_s: float

    @property
    def memory_mb(self) -> int:
        """Resident memory of its process."""
        told = Path(f"/proc/{self.process}/status").read_text(encoding="utf-8")
        return next(int(line.split()[1]) // 1024 for line in told.splitlines() if line.startswith("VmRSS"))

    async def ask(self, client: httpx.AsyncClient, question: str) -> str:
        """What became of it: "done", or another state of ``ui.service``."""
        request = {"id": f"{random.random()}", "question": question, "number": 1, "history": []}
        body = {"session_hash": "load", "component_id": self.component, "fn_name": "ask_page", "data": request}
        answered = await client.post(f"{self.url}/gradio_api/component_server", json=body)
        answered.raise_for_status()
        return str(answered.json()["state"])


@contextmanager
def running(kept: int) -> Iterator[Running]:
    """The server as an operator starts it, with ``kept`` answers kept."""
    bound = bind("127.0.0.1", 0)
    url = address_of(bound).rstrip("/")
    bound.close()
    begin = time.perf_counter()
    environment = {**os.environ, "PAGEQA_ANSWERS_KEPT": str(kept)}
    command = [sys.executable, "-m", "ui", "--port", url.rsplit(":", 1)[1]]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        component = _wait(url, process)
        started = Running(url, process.pid, component, 0.0)
        asyncio.run(_first(started))
        yield Running(url, process.pid, component, round(time.perf_counter() - begin, 2))
    finally:
        process.terminate()
        process.wait(20)


def _wait(url: str, process: subprocess.Popen[bytes], most: float = 300.0) -> int:
    """The number of the application's component, once the server is ready."""
    until = time.monotonic() + most
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                components: list[dict[str, Any]] = httpx.get(f"{url}/config").json()["components"]
                return next(int(c["id"]) for c in components if c["props"].get("elem_id") == "app")
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise RuntimeError("the server did not start")


async def _first(server: Running) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        await server.ask(client, FIRST)


async def _client(server: Running, load: Load, questions: Sequence[str], seed: int, until: float, told: Told) -> None:
    chance = random.Random(seed)
    whoever = {"x-forwarded-for": f"198.18.{seed // 256 % 256}.{seed % 256}"}  # an address of its own, as readers have
    async with httpx.AsyncClient(timeout=60, headers=whoever) as client:
        await asyncio.sleep(chance.uniform(0, load.think))
        while (begin := time.monotonic()) < until:
            try:
                state = await server.ask(client, chance.choice(questions))
            except httpx.HTTPError as error:
                state = type(error).__name__
            done = time.monotonic()
            if state == "done":
                told.seconds.append(done - begin)
                told.moments[int(done)] += 1
            else:
                told.errors[state] += 1
                await asyncio.sleep(0.2)
            # a question every ``think`` seconds, whatever its answer took
            await asyncio.sleep(max(0.0, load.think * chance.uniform(0.8, 1.2) - (done - begin)))


async def press(server: Running, load: Load, questions: Sequence[str]) -> dict[str, Any]:
    """The figures of one run."""
    told = Told()
    begin = time.monotonic()
    clients = [
        asyncio.create_task(_client(server, load, questions, seed, begin + load.duration, told))
        for seed in range(load.users)
    ]
    await asyncio.sleep(min(60.0, load.duration / 2))
    at_first = server.memory_mb
    await asyncio.gather(*clients)
    taken = sorted(told.seconds) or [0.0]
    return {
        "users": load.users, "think_s": load.think, "duration_s": round(time.monotonic() - begin),
        "first_answer_s": server.first_answer_s, "requests": len(told.seconds), "errors": dict(told.errors),
        "p50_s": round(taken[len(taken) // 2], 3), "p95_s": round(taken[int(0.95 * (len(taken) - 1))], 3),
        "per_second": round(len(told.seconds) / (time.monotonic() - begin), 1),
        "most_per_second": max(told.moments.values(), default=0),
        "memory_minute_one_mb": at_first, "memory_end_mb": server.memory_mb,
    }  # fmt: skip


def read_questions(files: Sequence[Path]) -> list[str]:
    """The questions of JSON lines files, those that need an earlier one left out."""
    rows = [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    return [row["question"] for row in rows if not row.get("history")]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0, help="seconds from one question of a user to the next")
    parser.add_argument("--duration", type=float, default=300.0, help="seconds")
    parser.add_argument("--kept", type=int, action="append", help="answers that are kept: 0, then 256")
    parser.add_argument("--questions", type=Path, action="append", help="JSON lines with a question each")
    asked = parser.parse_args()
    load, questions = Load(asked.users, asked.think, asked.duration), read_questions(asked.questions or QUESTIONS)
    failed = 0
    for kept in asked.kept if asked.kept is not None else (0, 256):
        with running(kept) as server:
            figures = asyncio.run(press(server, load, questions))
        failed += sum(figures["errors"].values())
        print(json.dumps({"answers_kept": kept, **figures}), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
