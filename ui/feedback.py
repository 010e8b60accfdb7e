"""What readers think of answers, in one small SQLite file of the operator's. Nothing else is kept."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE = "feedback.sqlite"
MOST_WORD = 500
"""Longest free word kept, in characters."""
MOST_KEY = 64

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
    """One reader's opinion of one answer. ``at`` is UTC, to the second.

    ``key`` is drawn by the reader's browser for this one answer, so that the opinion can be changed;
    it says nothing about who it is.
    """

    useful: bool
    word: str
    question: str
    answer: str
    page: str
    at: str = ""
    key: str = ""


class FeedbackStore:
    """Opinions in ``data_dir/feedback.sqlite``; the file is made with the first opinion."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / FILE
        self._lock = threading.Lock()

    def add(self, opinion: Opinion) -> None:
        """Keep ``opinion``, in place of an earlier one with its key.

        Raises:
            OSError, sqlite3.Error: the file cannot be written.
        """
        at = opinion.at or _stamp(datetime.now(UTC))
        key = opinion.key[:MOST_KEY] or None
        row = (at, int(opinion.useful), opinion.word.strip()[:MOST_WORD])
        with self._lock:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self._open() as db:
                db.execute("DELETE FROM feedback WHERE key = ?", (key,))
                db.execute(
                    "INSERT INTO feedback (at, useful, word, question, answer, page, key) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (*row, opinion.question, opinion.answer, opinion.page, key),
                )

    def purge(self, days: int) -> int:
        """Forget opinions older than ``days``; how many they were."""
        if not self.path.is_file():
            return 0
        before = _stamp(datetime.now(UTC) - timedelta(days=days))
        with self._lock:
            with self._open() as db:
                count = db.execute("DELETE FROM feedback WHERE at < ?", (before,)).rowcount
            with closing(sqlite3.connect(self.path, timeout=5)) as db:
                db.execute("VACUUM")  # else the words stay in the file's free pages
        return count

    def all(self) -> tuple[Opinion, ...]:
        """Every opinion, oldest first."""
        if not self.path.is_file():
            return ()
        with self._lock, self._open() as db:
            rows = db.execute(
                "SELECT useful, word, question, answer, page, at, COALESCE(key, '') FROM feedback ORDER BY id"
            )
            return tuple(Opinion(bool(useful), *rest) for useful, *rest in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=5)) as db, db:
            db.execute(_SCHEMA)
            columns = {row[1] for row in db.execute("PRAGMA table_info(feedback)")}
            if "key" not in columns:  # a file of before votes could be changed
                db.execute("ALTER TABLE feedback ADD COLUMN key TEXT")
            db.execute("CREATE UNIQUE INDEX IF NOT EXISTS feedback_key ON feedback (key)")
            yield db


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
