"""The questions that wait for their turn: in the order in which they came, and no more than can be answered soon."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Event

from rag.answer import Answer, Turn, Written
from ui import words


class TooMany(RuntimeError):
    """As many questions wait as may; the message says so, in French."""


@dataclass(eq=False)
class Progress:
    """How far an answer is that a language model writes: the quoted one, and the sentences that were checked."""

    quoted: Answer | None = None
    written: list[Written] = field(default_factory=list)
    left: Event = field(default_factory=Event)
    """Set by whoever does not want the rest."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A question that waits, and the answer to come."""

    question: str
    history: Sequence[Turn | str]
    progress: Progress
    answer: Future[Answer] = field(default_factory=Future)


class WaitingLine:
    """At most ``most`` questions. One whose answer is cancelled leaves the line at once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._line: deque[Asked] = deque()
        self._changed = Condition()

    def __len__(self) -> int:
        return len(self._line)

    def join(
        self, question: str, history: Sequence[Turn | str] = (), progress: Progress | None = None
    ) -> Future[Answer]:
        """A place at the end.

        Raises:
            TooMany: there is none.
        """
        asked = Asked(question, history, progress or Progress())
        with self._changed:
            if len(self._line) >= self.most:
                raise TooMany(words.TOO_MANY)
            self._line.append(asked)
            self._changed.notify()
        asked.answer.add_done_callback(lambda answer: self._leave(asked) if answer.cancelled() else None)
        return asked.answer

    def next(self) -> Asked:
        """The first of the line, begun; waits until there is one."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._line)
                asked = self._line.popleft()
            if asked.answer.set_running_or_notify_cancel():
                return asked

    def _leave(self, asked: Asked) -> None:
        with self._changed:
            if asked in self._line:
                self._line.remove(asked)
