"""One JSON line for each thing that happens, on stderr. None holds what anybody asks, or who, unless the operator wants it.

Fields: ``at`` (UTC), ``level``, ``event``, then those of the event; of a fault, ``fault`` (its type) and ``trace``
(file, line and function, no values).
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from index import notices
from ui.asker import ASKER

OURS = ("ui", "rag", "index")
MOST_FRAMES = 12
MOST_FOREIGN = 200
"""Characters of what a library says."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON."""

    def __init__(self, *, texts: bool) -> None:
        super().__init__()
        self.texts = texts

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "event": self._event(record)}
        if asker := ASKER.get():
            line["request"] = asker.request
        line |= getattr(record, "fields", {})
        if not _ours(record.name):
            line["logger"] = record.name
        if record.exc_info and record.exc_info[1]:
            line |= self._fault(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)

    def _event(self, record: logging.LogRecord) -> str:
        if self.texts or _ours(record.name):
            return record.getMessage()
        # what a library fills in may be a question: only its own words are kept
        said = record.getMessage() if record.name == "py.warnings" else str(record.msg)
        return said.partition("\n")[0][:MOST_FOREIGN]

    def _fault(self, error: BaseException, where: TracebackType | None) -> dict[str, Any]:
        told: dict[str, Any] = {"fault": type(error).__name__}
        # a message may quote a question; what the system says of a file or a database does not
        if self.texts or isinstance(error, OSError):
            told["why"] = str(error)
        frames = traceback.extract_tb(where)[-MOST_FRAMES:]
        told["trace"] = [f"{Path(f.filename).parent.name}/{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        return told


def _ours(name: str) -> bool:
    return name.partition(".")[0] in OURS


def configure(level: str) -> None:
    """Log to stderr from now on: ``faults``, ``answers`` (a line each, without its words), or ``texts`` (with them)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(texts=level == "texts"))
    # a library may set the level of its own logger, whatever the root's is
    handler.addFilter(lambda record: _ours(record.name) or record.levelno >= logging.WARNING)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for room in OURS:
        logging.getLogger(room).setLevel(logging.WARNING if level == "faults" else logging.INFO)
    logging.captureWarnings(True)
    notices.to_the_log()
