"""What writes: one seam for every language model, whoever runs it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator
from contextlib import closing, suppress
from typing import Literal, Protocol

from rag.generate.prompt import Messages

Failure = Literal["down", "refused", "slow", "cut"]
"""It cannot be had; it refuses what is asked (key, name of the model); it takes too long; it broke off."""

MOST_TOKENS = 260


class WriterError(RuntimeError):
    """The language model failed; ``failure`` says how, the message what, for the operator."""

    def __init__(self, failure: Failure, told: str = "") -> None:
        super().__init__(told or failure)
        self.failure: Failure = failure


class Writer(Protocol):
    """A language model."""

    def write(self, messages: Messages, stopped: Callable[[], bool]) -> Generator[str]:
        """Pieces of text as they come; ends early once ``stopped()``.

        Raises:
            WriterError: it cannot be had, or breaks off.
        """
        ...


def within(pieces: Generator[str], seconds: float, stopped: Callable[[], bool]) -> Generator[str]:
    """``pieces``, read in a thread of their own, for ``seconds`` at most or until ``stopped()``.

    Whoever waits for them is let go in time even where their source hangs.

    Raises:
        WriterError: "slow" when time is up; what the source raises.
    """
    arrived: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
    over = time.monotonic() + seconds
    left = threading.Event()

    def read() -> None:
        try:
            with closing(pieces):
                for piece in pieces:
                    if left.is_set():
                        break
                    arrived.put(piece)
            arrived.put(None)
        except Exception as error:  # told to whoever waits
            arrived.put(error)

    threading.Thread(target=read, name="writer", daemon=True).start()
    try:
        while not stopped():
            piece: str | Exception | None = ""
            with suppress(queue.Empty):
                piece = arrived.get(timeout=max(0.0, min(0.1, over - time.monotonic())))
            if isinstance(piece, Exception):
                raise piece
            if piece is None:
                return
            if piece:
                yield piece
            if time.monotonic() >= over:
                raise WriterError("slow", f"plus de {seconds:g} secondes")
    finally:
        left.set()
