"""What whoever runs the program should know: one line on standard error, or a line of its log where it keeps one.

Answers on standard output stay clean.
"""

from __future__ import annotations

import logging
import sys

_log = logging.getLogger("index.notices")
_log.propagate = False


class _Plain(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        print(record.getMessage(), file=sys.stderr)


_log.addHandler(_Plain())


def warn(message: str) -> None:
    """Say ``message``, in French, without an end of line."""
    _log.warning("%s", message)


def to_the_log() -> None:
    """From now on a notice is a record like others."""
    _log.handlers.clear()
    _log.propagate = True
