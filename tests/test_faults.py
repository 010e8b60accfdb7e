"""What goes wrong on a machine: each with one clear line, and a behaviour. Full disks and read-only ones are real."""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save_file

from index.build import index_folder, open_index, version_of
from index.cache import CacheError, writable_cache
from index.encoder import Encoder
from index.seal import is_whole, put
from index.settings import Settings
from index.store import Index
from index.unpack import UnpackError, unpacked_folder
from rag import Assistant
from tests.conftest import HUB, Live, live
from tests.served import ROOT, Served
from ui import words

INDEX = [sys.executable, "-m", "index"]


class Remembering(Encoder):
    """The real encoder, which embeds the passages of a page once: the same index is built here again and again."""

    @cached_property
    def known(self) -> dict[tuple[str, ...], NDArray[np.float32]]:
        return {}

    def encode_document(self, texts: Sequence[str], batch_size: int = 32) -> NDArray[np.float32]:
        key = tuple(texts)
        if key not in self.known:
            self.known[key] = super().encode_document(texts, batch_size)
        return self.known[key].copy()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Remembering.load(Settings.from_env())


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache that has the encoder and nothing else."""
    whole = unpacked_folder(Settings.from_env().cache_dir)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / whole.name).symlink_to(whole)
    return tmp_path / "cache"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["-t", "tmpfs", "-o", "size=2m", "tmpfs"]
    if subprocess.run(["mount", *options, str(disk)], capture_output=True).returncode:
        pytest.skip("mounting is not allowed here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# --- a disk that is full, or cannot be written


def test_a_full_disk_for_the_cache(
    small_disk: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def weights(source: Path, folder: Path, progress: object) -> None:
        save_file({"a": np.zeros(500_000, np.float32)}, folder / "model.safetensors")  # 2 MB stand for 470

    (small_disk / "others").write_bytes(bytes(shutil.disk_usage(small_disk).free - 50_000))
    settings = Settings(cache_dir=small_disk)
    assert len(open_index(settings, encoder)) > 15
    said = lines(capsys.readouterr().err)
    assert len(said) == 1 and "ne peut pas être enregistré" in said[0] and "le disque est plein" in said[0]
    assert not list(index_folder(settings).iterdir())  # nothing half-written
    monkeypatch.setattr("index.unpack.unpack", weights)
    with pytest.raises(UnpackError, match="le disque est plein"):
        unpacked_folder(small_disk)
    assert not [p for p in small_disk.iterdir() if p.is_dir() and p.name != "index"]
    (small_disk / "rest").write_bytes(bytes(shutil.disk_usage(small_disk).free))
    elsewhere = writable_cache(settings)
    said = lines(capsys.readouterr().err)
    assert len(said) == 1 and "le disque est plein" in said[0] and "temporaire" in said[0]
    assert len(open_index(elsewhere, encoder)) > 15 and not capsys.readouterr().err


def test_a_file_that_grows_too_large(cache: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, before[1]))
    try:
        assert len(open_index(Settings(cache_dir=cache), encoder)) > 15
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    said = lines(capsys.readouterr().err)
    assert len(said) == 1 and "le fichier serait trop gros" in said[0]


def test_a_read_only_cache_serves_from_a_temporary_one(
    small_disk: Path, cache: Path, encoder: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    there = Settings(cache_dir=small_disk)
    (small_disk / next(cache.iterdir()).name).symlink_to(next(cache.iterdir()))
    open_index(there, encoder)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    settings = writable_cache(there)
    said = lines(capsys.readouterr().err)
    assert len(said) == 1 and "lecture seule" in said[0] and "dossier temporaire" in said[0]
    # what the read-only one holds serves: nothing is unpacked or built
    kept = index_folder(settings) / version_of(Index.load(next(index_folder(there).iterdir())).manifest)
    assert settings.cache_dir != small_disk and is_whole(kept)
    assert unpacked_folder(settings.cache_dir).is_symlink()
    seen: list[float] = []
    assert len(open_index(settings, encoder, lambda message, fraction: seen.append(fraction))) > 15 and not seen


def test_a_cache_that_is_no_folder_and_no_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    settings = Settings(cache_dir=tmp_path / "file")
    assert writable_cache(settings).cache_dir.is_dir()
    assert "ce n'est pas un dossier" in capsys.readouterr().err
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "file"))
    with pytest.raises(CacheError, match="ni un dossier temporaire"):
        writable_cache(settings)


# --- what is damaged, deleted or replaced


@pytest.mark.parametrize("damage", ["cut", "gone", "changed", "unsealed"])
def test_a_damaged_encoder_is_unpacked_again(
    tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def small(source: Path, folder: Path, progress: object) -> None:
        (folder / "model.safetensors").write_bytes(b"weights" * 1000)
        (folder / "config.json").write_text("{}")

    monkeypatch.setattr("index.unpack.unpack", small)  # the weights take five seconds and change nothing here
    folder = unpacked_folder(tmp_path)
    file = folder / "model.safetensors"
    whole = file.read_bytes()
    (tmp_path / ".unpack-killed").mkdir()
    damages: dict[str, Callable[[], object]] = {
        "cut": lambda: file.write_bytes(whole[:-5]),
        "gone": file.unlink,
        "changed": lambda: file.write_bytes(whole[:-1] + b"X"),
        "unsealed": (folder / "seal").unlink,
    }
    damages[damage]()
    capsys.readouterr()
    assert unpacked_folder(tmp_path) == folder and file.read_bytes() == whole
    said = lines(capsys.readouterr().err)
    assert len(said) == 1 and "abîmé" in said[0] and "préparé à nouveau" in said[0]
    assert not (tmp_path / ".unpack-killed").exists()
    assert unpacked_folder(tmp_path) == folder and not capsys.readouterr().err


def test_a_file_that_was_only_touched_is_whole(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "a").write_text("x")
    put(tmp_path / "made", tmp_path / "there")
    os.utime(tmp_path / "there" / "a", (1, 1))
    (tmp_path / "there" / "later").write_text("y")
    assert is_whole(tmp_path / "there", by_time=True) and is_whole(tmp_path / "there")
    assert not is_whole(tmp_path) and not is_whole(tmp_path / "absent")


def test_an_index_under_a_running_server(
    settings: Settings, assistant: Assistant, cache: Path, encoder: Encoder
) -> None:
    there = settings.with_(cache_dir=cache)
    home = index_folder(there)
    own = Assistant(there, assistant.encoder, open_index(there, encoder), assistant.judge)
    with live(there, lambda *_: own) as running:
        running.loader.wait(120)
        expected = running.loader.ask(HUB).result(60)

        def same() -> bool:
            return running.loader.ask(HUB).result(60).citations == expected.citations

        for file in home.rglob("*"):
            if file.is_file():
                file.write_bytes(b"\x00")
        assert same()  # damaged
        shutil.rmtree(home)
        assert same()  # deleted
        open_index(there.with_(passage_chars=120), encoder)
        assert same()  # replaced
        assert httpx.get(running.url + "health").status_code == 200
    assert open_index(there, encoder).passages == own.passages


def test_readers_of_an_index_that_changes_get_the_old_or_the_new_one(cache: Path, encoder: Encoder) -> None:
    """Four readers without a lock, while versions come and go."""
    settings = Settings(cache_dir=cache)
    home = index_folder(settings)
    sizes = {len(open_index(settings.with_(passage_chars=n), encoder)): n for n in (120, 700)}
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not done.is_set():
            for folder in [p for p in home.iterdir() if not p.name.startswith(".")]:
                try:
                    before = folder.stat().st_ctime_ns
                    index = Index.load(folder)
                except FileNotFoundError:
                    continue
                except Exception:  # it went while it was read; one of that name may have come since
                    with contextlib.suppress(FileNotFoundError):
                        assert folder.stat().st_ctime_ns != before
                    continue
                assert sizes[len(index)] == index.manifest["passage_chars"]
                seen.append(len(index))

    with ThreadPoolExecutor(2) as threads:
        readers = [threads.submit(read) for _ in range(2)]
        for turn in range(24):
            open_index(settings.with_(passage_chars=(120, 700)[turn % 2]), encoder)
        done.set()
        for reader in readers:
            reader.result(30)
    assert set(seen) <= set(sizes) and seen


# --- two at once, and one that is stopped


def test_two_processes_begin_on_an_empty_cache(tmp_path: Path) -> None:
    environment = {**os.environ, "PAGEQA_CACHE_DIR": str(tmp_path), "PAGEQA_ENGINE": "torch"}
    both = [
        subprocess.Popen(INDEX, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=180) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert not any(err for _, err in told) and all("Passages" in out for out, _ in told)
    folders = [p for p in tmp_path.iterdir() if p.is_dir()]
    assert sorted(p.name.split("-")[0] for p in folders) == ["index", "multilingual"]
    assert not list(tmp_path.rglob(".*"))
    versions = [p for p in index_folder(Settings(cache_dir=tmp_path)).iterdir() if p.is_dir()]
    assert len(versions) == 1 and is_whole(versions[0])


def test_a_server_that_is_stopped_finishes_its_answers(tmp_path: Path) -> None:
    server = Served({"PAGEQA_DATA_DIR": str(tmp_path)}).begin()
    connected = threading.Barrier(8)

    def ask(number: int) -> Any:
        with httpx.Client(timeout=60) as client:
            client.get(f"{server.url}/health")
            connected.wait(60)
            return server.ask(client, f"{HUB} {number}")["state"]

    try:
        with ThreadPoolExecutor(8) as threads:
            asking = [threads.submit(ask, number) for number in range(8)]
            # one is answered, the others are in line
            assert next(as_completed(asking)).result() == "done", server.log
            begin = time.monotonic()
            code = server.end(signal.SIGTERM)
            assert code == 0 and time.monotonic() - begin < 20
            states = [asked.result() for asked in asking]
        assert states == ["done"] * 8 and "Traceback" not in server.log
    finally:
        server.end(signal.SIGKILL)


# --- opinions


def opinion(server: Live) -> tuple[dict[str, Any], float]:
    """What the browser is told of an opinion, and after how many seconds."""
    there = Served(port=int(httpx.URL(server.url).port or 0))
    with httpx.Client(timeout=60) as client:
        there.find_component(client)
        record = there.ask(client, HUB)["record"]
        begin = time.monotonic()
        told = there.call(client, "keep_opinion", {"vote": "up", "key": "k", "record": record})
        return told, time.monotonic() - begin


def test_opinions_without_their_database(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    import sqlite3

    with live(settings.with_(data_dir=tmp_path / "data"), lambda *_: assistant) as running:
        running.loader.wait(10)
        kept = {"kept": True, "note": words.FEEDBACK_THANKS}
        lost = {"kept": False, "note": words.FEEDBACK_FAILED}
        assert opinion(running)[0] == kept
        file = next((tmp_path / "data").iterdir())
        held = sqlite3.connect(file)
        held.execute("BEGIN EXCLUSIVE")
        told, seconds = opinion(running)
        assert told == lost and seconds < 15  # locked
        held.rollback()
        held.close()
        assert opinion(running)[0] == kept
        shutil.rmtree(tmp_path / "data")
        assert opinion(running)[0] == kept  # gone, and made anew
        shutil.rmtree(tmp_path / "data")
        (tmp_path / "data").write_text("no folder")
        assert opinion(running)[0] == lost
