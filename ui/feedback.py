"""What readers think of answers, in one small SQLite file of the operator's. Nothing else is kept."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = "feedback.sqlite"
MOST_WORD = 500
"""Longest free word kept, in characters."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    useful INTEGER NOT NULL CHECK (useful IN (0, 1)),
    word TEXT NOT NULL DEFAULT '',
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    page TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class Opinion:
    """One reader's opinion of one answer. ``at`` is UTC, to the second."""

    useful: bool
    word: str
    question: str
    answer: str
    page: str
    at: str = ""


class FeedbackStore:
    """Opinions in ``data_dir/feedback.sqlite``; the file is made with the first opinion."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / FILE
        self._lock = threading.Lock()

    def add(self, opinion: Opinion) -> None:
        """Keep ``opinion``.

        Raises:
            OSError, sqlite3.Error: the file cannot be written.
        """
        at = opinion.at or datetime.now(UTC).isoformat(timespec="seconds")
        row = (at, int(opinion.useful), opinion.word.strip()[:MOST_WORD])
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as db:
                db.execute(
                    "INSERT INTO feedback (at, useful, word, question, answer, page) VALUES (?, ?, ?, ?, ?, ?)",
                    (*row, opinion.question, opinion.answer, opinion.page),
                )

    def all(self) -> tuple[Opinion, ...]:
        """Every opinion, oldest first."""
        if not self.path.is_file():
            return ()
        with self._lock, self._open() as db:
            rows = db.execute("SELECT useful, word, question, answer, page, at FROM feedback ORDER BY id")
            return tuple(Opinion(bool(useful), *rest) for useful, *rest in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=5)) as db, db:
            db.execute(_SCHEMA)
            yield db
