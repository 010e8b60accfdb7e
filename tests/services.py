"""Debian's PostgreSQL and HAProxy, run for a test in a folder of their own; a stated skip where they are not installed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import free_port

NOBODY = "nobody"


def program(name: str, *folders: str) -> str:
    """The path of ``name``; CI must have it, elsewhere the test is skipped."""
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ["PATH"], "/usr/sbin"]))
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI needs {name}")
    pytest.skip(f"{name} is not installed")


def listens(port: int, seconds: float = 15.0) -> bool:
    """Whether somebody answers at ``port`` within ``seconds``."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        time.sleep(0.02)
    return False


class Postgres:
    """A PostgreSQL server of this test run, that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        binaries = [str(found) for found in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
        self._postgres = program("postgres", *binaries)
        # PostgreSQL refuses to run as root
        self._user = NOBODY if os.getuid() == 0 else None
        self._data = folder / "data"
        if self._user:
            shutil.chown(folder, self._user)
        made = [program("initdb", *binaries), "--pgdata", str(self._data), "--username", "pageqa", "--encoding", "UTF8"]
        subprocess.run(
            [*made, "--locale", "C", "--auth", "trust", "--no-sync", "--no-instructions"],
            user=self._user, cwd=folder, check=True, capture_output=True,
        )  # fmt: skip
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Serve; returns once it does."""
        options = {
            "listen_addresses": "127.0.0.1", "port": str(self.port), "unix_socket_directories": "",
            "fsync": "off", "shared_buffers": "16MB", "log_min_messages": "panic",
        }  # fmt: skip
        set_ = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        command = [self._postgres, "-D", str(self._data), *set_]
        self._process = subprocess.Popen(command, user=self._user, cwd=self._data, stderr=subprocess.DEVNULL)
        assert listens(self.port)
        self.run("SELECT 1", "postgres")

    def stop(self) -> None:
        """Cut every connection and stop."""
        if self._process:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(15)
            self._process = None

    def address(self, database: str) -> str:
        """The address of a new, empty database."""
        self.run(f"CREATE DATABASE {database}", "postgres")
        return f"postgresql+psycopg://pageqa@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str) -> None:
        """One statement outside of a transaction; waits while the server starts."""
        import psycopg

        where = f"postgresql://pageqa@127.0.0.1:{self.port}/{database}"
        for left in range(100, -1, -1):
            try:
                with psycopg.connect(where, autocommit=True) as connection:
                    connection.execute(statement.encode())
                return
            except psycopg.OperationalError:
                if not left:
                    raise
                time.sleep(0.05)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for a ``with`` block. Not in pytest's folder, which only its owner may enter."""
    with tempfile.TemporaryDirectory(prefix="pageqa-postgres-") as folder:
        server = Postgres(Path(folder))
        try:
            yield server
        finally:
            server.stop()
