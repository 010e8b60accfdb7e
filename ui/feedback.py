"""What readers think of answers: in one small SQLite file, or in the operator's PostgreSQL. Nothing else is kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from index.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

log = logging.getLogger(__name__)

FILE = "feedback.sqlite"
MOST_WORD = 500
"""Longest free word kept, in characters."""
MOST_KEY = 64
DAY_S = 24 * 3600.0


class FeedbackError(RuntimeError):
    """The database is locked, gone or full, or refuses what is asked of it."""


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
    """Opinions at ``address`` (as SQLAlchemy writes it), or in ``data_dir/feedback.sqlite`` where there is none.

    The file is made with the first opinion; SQLAlchemy, a fifth of a second, is loaded with it.
    """

    def __init__(self, data_dir: Path, address: str = "") -> None:
        self.path = data_dir / FILE
        self.address = address

    @classmethod
    def of(cls, settings: Settings) -> FeedbackStore:
        """Where the operator wants them."""
        return cls(settings.data_dir, settings.feedback)

    @cached_property
    def engine(self) -> Engine:
        """The database.

        Raises:
            ValueError: the address is none; in French.
        """
        from ui.opinions import file_address, open_engine

        return open_engine(self.address or file_address(self.path))

    def add(self, opinion: Opinion) -> None:
        """Keep ``opinion``, in place of an earlier one with its key.

        Raises:
            FeedbackError: it cannot be kept.
        """
        from ui import opinions

        row = {
            "at": opinion.at or _stamp(datetime.now(UTC)),
            "useful": int(opinion.useful),
            "word": _storable(opinion.word.strip()[:MOST_WORD]),
            "question": _storable(opinion.question),
            "answer": _storable(opinion.answer),
            "page": _storable(opinion.page),
            "key": _storable(opinion.key[:MOST_KEY]) or None,
        }
        with _faults():
            if not self.address:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            with opinions.transaction(self.engine) as connection:
                opinions.put(connection, row)

    def purge(self, days: int) -> int:
        """Forget opinions older than ``days``; how many they were.

        Raises:
            FeedbackError: it cannot be done.
        """
        if self._nothing:
            return 0
        from ui import opinions

        before = _stamp(datetime.now(UTC) - timedelta(days=days))
        with _faults():
            with opinions.transaction(self.engine) as connection:
                count = opinions.drop_before(connection, before)
            if count:
                opinions.wipe(self.engine)
        return count

    def purge_daily(self, days: int) -> None:
        """Purge now and each day, beside whatever else is done; a database that is away is tried again the day after."""

        def purge() -> None:
            try:
                self.purge(days)
            except FeedbackError:
                log.exception("old opinions were not forgotten")
            again = threading.Timer(DAY_S, purge)
            again.daemon = True
            again.start()

        threading.Thread(target=purge, name="retention", daemon=True).start()

    def all(self) -> tuple[Opinion, ...]:
        """Every opinion, oldest first.

        Raises:
            FeedbackError: they cannot be read.
        """
        if self._nothing:
            return ()
        from ui import opinions

        with _faults(), opinions.transaction(self.engine) as connection:
            return tuple(
                Opinion(
                    bool(row["useful"]), row["word"], row["question"], row["answer"], row["page"], row["at"],
                    row["key"] or "",
                )
                for row in opinions.rows(connection)
            )  # fmt: skip

    @property
    def _nothing(self) -> bool:
        return not self.address and not self.path.is_file()


@contextmanager
def _faults() -> Iterator[None]:
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (OSError, SQLAlchemyError) as error:
        raise FeedbackError(str(error)) from error


def _storable(words: str) -> str:
    """Without what no database takes: NUL, and halves of a character."""
    return words.encode("utf-8", "replace").decode().replace("\0", "")


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
