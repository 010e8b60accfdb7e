"""How far something slow is: told as a sentence and a fraction from 0 to 1."""

from __future__ import annotations

import sys
from collections.abc import Callable

Progress = Callable[[str, float], None]


def print_progress(message: str, fraction: float) -> None:
    """One line of a terminal, gone when all is done; nothing where standard error is no terminal."""
    if sys.stderr.isatty():
        end = "\r\033[K" if fraction >= 1 else ""
        print(f"\r\033[K{message} … {fraction:4.0%}", end=end, file=sys.stderr, flush=True)
