"""The assistant, loaded beside the server so that the port opens at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal, Protocol

from index.page import Page, Passage
from index.settings import Settings
from rag.answer import Answer, Turn, Written
from ui import words
from ui.waiting import Asked, Progress, WaitingLine
from ui.watch import Watch


class Answering(Protocol):
    """What the interface needs of ``rag.Assistant``."""

    @property
    def page(self) -> Page:
        """The page that is asked about."""

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Its passages, in order."""

    @property
    def starters(self) -> tuple[str, ...]:
        """Questions that the page answers, for the first screen."""

    @property
    def writes(self) -> bool:
        """Whether a language model phrases the answers."""

    @property
    def at_once(self) -> int:
        """Questions that are well answered at the same time."""

    def ask(self, question: str, history: Sequence[Turn | str] = ()) -> Answer:
        """The answer to ``question`` after ``history``."""

    def quoted(self, question: str, history: Sequence[Turn | str] = ()) -> Answer:
        """The same in the page's words alone."""

    def phrased(
        self, answer: Answer, history: Sequence[Turn | str] = (), tell: Callable[[Written], None] = ...,
        stopped: Callable[[], bool] = ...,
    ) -> Answer:  # fmt: skip
        """``answer`` as the language model phrases it; ``tell`` gets each sentence once it is checked."""


Load = Callable[[Settings, Callable[[str, float], None]], Answering]


@dataclass(frozen=True)
class Stage:
    """How far loading is. ``assistant`` is there when ``state`` is ``ready``."""

    state: Literal["loading", "ready", "failed"]
    message: str = ""
    fraction: float = 0.0
    assistant: Answering | None = None


def load_assistant(settings: Settings, progress: Callable[[str, float], None]) -> Answering:
    """The real one. Imported here: torch takes seconds, and the port must not wait for it."""
    from rag import Assistant

    assistant: Answering = Assistant.load(settings, progress)
    return assistant


AT_ONCE = 4
"""Answers that language models write at the same time: each mostly waits for its model."""


def _written(assistant: Answering, asked: Asked, answer: Answer) -> None:
    progress = asked.progress
    try:
        phrased = assistant.phrased(answer, asked.history, progress.written.append, progress.left.is_set)
        asked.answer.set_result(phrased)
    except Exception as error:
        asked.answer.set_exception(error)


class Loader:
    """Loads an assistant in a thread of its own, says how far it is, and asks it there afterwards.

    As many threads ask as the assistant's engine runs well at once; others write with a language model.
    """

    def __init__(self, settings: Settings, load: Load = load_assistant) -> None:
        self.settings = settings
        self._load = load
        self._stage = Stage("loading", words.PREPARING)
        self._finished = threading.Event()
        self.waiting = WaitingLine(settings.most_waiting)
        self.watch = Watch(texts=settings.log == "texts")
        self.watch.metrics.watch(lambda: len(self.waiting), lambda: self._stage.state == "ready")
        self.error: BaseException | None = None

    @property
    def stage(self) -> Stage:
        """How far loading is now."""
        return self._stage

    def start(self) -> Loader:
        """Begin; returns at once."""
        threading.Thread(target=self._run, name="assistant", daemon=True).start()
        return self

    def wait(self, seconds: float | None = None) -> Stage:
        """The stage once loading is over, or after ``seconds``."""
        self._finished.wait(seconds)
        return self._stage

    def ask(
        self, question: str, history: Sequence[Turn | str] = (), progress: Progress | None = None
    ) -> Future[Answer]:
        """The answer to come; whoever waits for it gets what ``Assistant.ask`` raises.

        Raises:
            TooMany: as many questions wait as may.
        """
        return self.watch.follow(question, len(history), lambda: self.waiting.join(question, history, progress))

    def _run(self) -> None:
        try:
            assistant = self._load(self.settings, self._progress)
        except Exception as error:  # whatever it is, the browser and the terminal must say so
            self.error = error
            self._stage = Stage("failed", str(error) or type(error).__name__)
            self._finished.set()
            return
        self._stage = Stage("ready", "", 1.0, assistant)
        self._finished.set()
        self._writers = ThreadPoolExecutor(AT_ONCE, "writer")
        self._room = threading.Semaphore(AT_ONCE + assistant.at_once - 1)
        for number in range(1, assistant.at_once):
            threading.Thread(target=self._answer, args=(assistant,), name=f"assistant {number}", daemon=True).start()
        self._answer(assistant)

    def _answer(self, assistant: Answering) -> None:
        """Answers one question after another, for ever."""
        room, writers = self._room, self._writers
        while True:
            room.acquire()  # while every writer is busy, questions wait in the line, which is bounded
            asked = self.waiting.next()
            try:
                if assistant.writes:
                    asked.progress.quoted = assistant.quoted(asked.question, asked.history)
                    writers.submit(_written, assistant, asked, asked.progress.quoted).add_done_callback(
                        lambda _: room.release()
                    )
                    continue
                asked.answer.set_result(assistant.ask(asked.question, asked.history))
            except Exception as error:
                asked.answer.set_exception(error)
            room.release()

    def _progress(self, message: str, fraction: float) -> None:
        self._stage = Stage("loading", message, fraction)
