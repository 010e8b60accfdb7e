"""``python -m tests.kills``: a server under load and a run of the index, killed (SIGKILL) again and again.

Prints one JSON line for each: what was killed in what state, and what was found afterwards. Fails where a file was
damaged, an opinion that was acknowledged is gone, or an index is a mix of two.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import httpx

from index.build import index_folder, version_of
from index.loading import load_page
from index.settings import Settings
from index.store import TEMPORARY, Index, IndexDamaged
from index.unpack import unpacked_folder
from tests.served import ROOT, Served
from ui.feedback import FeedbackError, FeedbackStore, Opinion

QUESTION = "Qu’est-ce que le Health Data Hub ?"
PRESSING = 4
"""Clients while the server is killed: half of them ask, half send opinions."""
MOST_WAIT_S = 60.0
"""How long opinions are waited for before a kill."""
FIRST, SECOND = "Le plan dit un.", "Le plan dit deux."


class Pressing:
    """Clients that ask and give opinions; the keys of those that were acknowledged are remembered."""

    def __init__(self, server: Served) -> None:
        self.server = server
        self.acknowledged: set[str] = set()
        self.told: Counter[str] = Counter()
        with httpx.Client(timeout=120) as client:
            self.record = server.ask(client, QUESTION)["record"]
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._press, args=(n,), daemon=True) for n in range(PRESSING)]
        for thread in self._threads:
            thread.start()

    def _press(self, number: int) -> None:
        count = 0
        with httpx.Client(timeout=30) as client:
            while not self._done.is_set():
                count += 1
                try:
                    if number % 2:
                        self.told["answers"] += self.server.ask(client, QUESTION)["state"] == "done"
                        continue
                    key = f"{number}-{count}-{self.server.process.pid if self.server.process else 0}"
                    given = {"vote": "up", "key": key, "record": self.record, "word": "tué"}
                    if self.server.call(client, "keep_opinion", given)["kept"]:
                        self.acknowledged.add(key)
                except (httpx.HTTPError, KeyError, ValueError):
                    self.told["cut"] += 1  # the server was killed, or is starting
                    time.sleep(0.2)

    def end(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(40)


def kill_servers(times: int, seed: int) -> Counter[str]:
    """A server killed under load and started again, ``times``."""
    told: Counter[str] = Counter()
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as data:
        server = Served({"PAGEQA_DATA_DIR": data, "PAGEQA_QUESTIONS_PER_MINUTE": "0"}).begin()
        pressing = Pressing(server)
        try:
            for _ in range(times):
                before = len(pressing.acknowledged)
                until = time.monotonic() + MOST_WAIT_S
                while len(pressing.acknowledged) < before + 3 and time.monotonic() < until:
                    time.sleep(0.01)
                time.sleep(chance.uniform(0.0, 1.0))
                server.end(signal.SIGKILL)
                told["kills"] += 1
                told["kills_while_opinions_came"] += len(pressing.acknowledged) > before
                told["damaged"] += _damaged(Settings.from_env())
                server.begin()
                told["restarts"] += 1
        finally:
            pressing.end()
            told["exit_code"] = server.end()
        kept = {opinion.key for opinion in _opinions(Path(data))}
        told["acknowledged"] = len(pressing.acknowledged)
        told["lost"] = len(pressing.acknowledged - kept)
        told["said_damaged"] = server.log.count("abîmé")
        told |= pressing.told
    return told


def _opinions(data: Path) -> tuple[Opinion, ...]:
    try:
        return FeedbackStore(data).all()
    except FeedbackError:
        return ()


def _damaged(settings: Settings) -> bool:
    """Whether an index that has its place is not whole; an absent one is built anew."""
    try:
        for folder in _versions(settings):
            Index.load(folder)
    except IndexDamaged:
        return True
    return False


def _versions(settings: Settings) -> list[Path]:
    home = index_folder(settings)
    return [p for p in home.iterdir() if p.is_dir() and not p.name.startswith(".")] if home.is_dir() else []


def kill_indexing(times: int, seed: int) -> Counter[str]:
    """``python -m index`` killed at any moment, its page changed each time: the old or the new index, never a mix."""
    told: Counter[str] = Counter()
    chance = random.Random(seed)
    encoder = unpacked_folder(Settings.from_env().cache_dir)
    with tempfile.TemporaryDirectory() as made:
        cache, page = Path(made) / "cache", Path(made) / "page.txt"
        cache.mkdir()
        (cache / encoder.name).symlink_to(encoder)
        settings = Settings(cache_dir=cache, page=str(page))
        taken = _indexed(settings, page, FIRST)
        while told["kills"] < times and told["ended_before"] < 2 * times:
            number = told["kills"] + told["ended_before"] + 1  # a page that was indexed before is not indexed again
            _write(page, SECOND if number % 2 else FIRST, number)
            _run(settings, taken, chance, told)
            found = []
            for folder in _versions(settings):
                try:
                    index = Index.load(folder)
                except IndexDamaged:
                    told["damaged"] += 1
                    continue
                whole = (
                    folder.name == version_of(index.manifest) and index.manifest["page_checksum"] == index.page.checksum
                )
                told["mixed"] += not whole or len({FIRST in index.page.text, SECOND in index.page.text}) != 2
                found.append(index.page.checksum)
            told["none" if not found else "new" if load_page(settings).checksum in found else "old"] += 1
        _indexed(settings, page, FIRST)
        told["left_behind"] = sum(p.name.startswith(".") for p in index_folder(settings).iterdir())
    return told


def _write(page: Path, sentence: str, number: int = 0) -> None:
    page.write_text(
        f"Le plan {number}\n\n" + "".join(f"{sentence} Il vaut {n} euros.\n\n" for n in range(150)), encoding="utf-8"
    )


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PAGEQA_CACHE_DIR": str(settings.cache_dir), "PAGEQA_PAGE": settings.page}
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", "index"], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


def _indexed(settings: Settings, page: Path, sentence: str) -> float:
    """Seconds of a run that is not killed."""
    _write(page, sentence)
    begin = time.monotonic()
    if _start(settings).wait(300):
        raise RuntimeError("the index could not be built")
    return time.monotonic() - begin


def _run(settings: Settings, taken: float, chance: random.Random, told: Counter[str]) -> None:
    """A run that is killed: half of them at any moment, half while the index is written and given its place."""
    home, at_writing = index_folder(settings), chance.random() < 0.5
    until = time.monotonic() + taken * chance.uniform(0.1, 0.9)
    process = _start(settings)
    while process.poll() is None:
        if any(home.glob(f"{TEMPORARY}*")) if at_writing else time.monotonic() > until:
            time.sleep(chance.uniform(0, 0.03) if at_writing else 0)
            process.kill()
            break
        time.sleep(0.0005)
    killed = process.wait() == -signal.SIGKILL
    told["kills" if killed else "ended_before"] += 1
    told["kills_while_writing"] += killed and at_writing


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--only", choices=("server", "index"))
    asked = parser.parse_args()
    bad = 0
    for name, kill in (("index", kill_indexing), ("server", kill_servers)):
        if asked.only in (None, name):
            told = kill(asked.times, asked.seed)
            faults = {fault: told.pop(fault, 0) for fault in ("damaged", "mixed", "lost", "said_damaged")}
            bad += sum(faults.values())
            print(json.dumps({"killed": name, **dict(sorted(told.items())), **faults}), flush=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
