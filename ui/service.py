"""What the browser asks of the server. Nothing is kept from one request to the next."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from typing import Any

from rag import QuestionError
from rag.answer import Answer, Turn
from ui import answer_view, page_view, render, words
from ui.export import heading_markdown, turn_markdown
from ui.feedback import MOST_KEY, MOST_WORD, FeedbackError, FeedbackStore, Opinion
from ui.guard import MOST_BODY
from ui.incoming import text_of
from ui.loading import Answering, Loader
from ui.record import answered_of, asked_before, from_record, question_of, to_record
from ui.visitors import TooFast, Visitors
from ui.waiting import Progress, TooMany

log = logging.getLogger(__name__)

MOST_HISTORY = 12
"""Exchanges before a question that its answer may lean on."""
MOST_RESTORED = 200
"""Exchanges of a conversation that is opened again."""

MOST_ID = 64
"""Characters of the name that a browser gives to a question."""
MOST_TEXT = 4000
"""Characters of a question that is shown again with what is wrong with it."""
BETWEEN_LOOKS = 1.0
"""Seconds after which it is asked again whether whoever waits is still there."""

Told = dict[str, Any]
Gone = Callable[[], Awaitable[bool]]


class Service:
    """Answers, conversations drawn again, opinions. Every value that comes in is a browser's: checked, bounded."""

    def __init__(self, loader: Loader, feedback: FeedbackStore, visitors: Visitors) -> None:
        self.loader = loader
        self.feedback = feedback
        self.visitors = visitors
        self.waited: dict[str, Future[Answer]] = {}
        self.written: dict[str, Progress] = {}

    def start(self) -> Told:
        """The first screen: how far loading is, or the page and the first questions."""
        stage = self.loader.stage
        if stage.state == "loading":
            return {"state": "loading", "intro": render.progress(stage.message, stage.fraction)}
        if stage.assistant is None:
            return {"state": "failed", "intro": render.load_error(stage.message)}
        page = stage.assistant.page
        return {
            "state": "ready",
            "writes": stage.assistant.writes,
            "intro": render.welcome(stage.assistant.starters, page),
            "page": page_view.page_pane(page, stage.assistant.passages),
            "facts": render.facts(page),
            "about": render.about(page, self.loader.settings),
            "title": page.title,
            "markdown": heading_markdown(page),
        }

    async def ask(self, request: Told, address: str, gone: Gone | None = None) -> Told:
        """The answer to ``question`` after ``history``, drawn as exchange ``number``.

        Whoever is ``gone`` before his turn, a closed tab, gives up his place.
        """
        assistant = self.loader.stage.assistant
        if assistant is None:
            return {"state": "loading"}
        question, number = text_of(request.get("question"), MOST_BODY), _number(request)
        name = text_of(request.get("id"), MOST_ID)
        try:
            self.visitors.take(address)
            history = asked_before(request.get("history"), assistant.page, assistant.passages, MOST_HISTORY)
            with self.visitors.place(address):
                progress = self.written[name] = Progress()
                coming = self.waited[name] = self.loader.ask(question, history, progress)
                answer = await _answer(coming, progress, gone)
        except (QuestionError, TooMany, TooFast) as error:
            question = question[:MOST_TEXT]
            return {"state": "invalid", "html": answer_view.error(number, question, str(error))}
        except (CancelledError, asyncio.CancelledError):
            return {"state": "stopped"}
        except Exception:
            # the reader gets a French sentence and keeps the question; the operator the trace
            log.exception("fault")
            return {"state": "error", "html": answer_view.error(number, question)}
        finally:
            self.waited.pop(name, None)
            self.written.pop(name, None)
        return {"state": "done", **self._drawn(Turn(answer.question, answer), number, assistant)}

    def so_far(self, request: Told) -> Told:
        """What a language model has written of an answer under way, each sentence checked; its quotes before that."""
        progress = self.written.get(text_of(request.get("id"), MOST_ID))
        if progress is None or progress.quoted is None or progress.quoted.refused:
            return {"html": ""}
        return {"html": answer_view.so_far(progress.quoted, tuple(progress.written), _number(request))}

    def stop(self, request: Told) -> Told:
        """Forget a question that has not been begun; one under way is let go, its answer not shown."""
        name = text_of(request.get("id"), MOST_ID)
        coming = self.waited.get(name)
        if progress := self.written.get(name):
            progress.left.set()
        return {"stopped": bool(coming and coming.cancel())}

    def restore(self, request: Told, address: str) -> Told:
        """Exchanges that a browser kept, drawn again from the page."""
        assistant = self.loader.stage.assistant
        if assistant is None:
            return {"state": "loading"}
        try:
            self.visitors.take(address)
        except TooFast as error:
            return {"state": "invalid", "note": str(error)}
        items = request.get("turns")
        turns = [
            self._again(item, number, assistant)
            for number, item in enumerate((items if isinstance(items, list) else [])[:MOST_RESTORED], 1)
        ]
        return {"state": "done", "turns": turns}

    def _again(self, record: Any, number: int, assistant: Answering) -> Told:
        if turn := from_record(record, assistant.page, assistant.passages):
            return self._drawn(turn, number, assistant)
        question, answered = question_of(record), answered_of(record)
        return {"html": answer_view.stale(number, question, answered), "markdown": ""}

    def _drawn(self, turn: Turn, number: int, assistant: Answering) -> Told:
        return {
            "html": answer_view.exchange(number, turn, assistant.page),
            "markdown": "\n".join(turn_markdown(turn, assistant.page)) + "\n",
            "record": to_record(turn, assistant.page),
        }

    def opinion(self, request: Told, address: str) -> Told:
        """Keep what a reader thinks of an answer, in place of what he thought before."""
        assistant = self.loader.stage.assistant
        record = request.get("record")
        if assistant is None or request.get("vote") not in ("up", "down") or not question_of(record):
            return {"kept": False, "note": words.FEEDBACK_FAILED}
        turn = from_record(record, assistant.page, assistant.passages)
        answered = turn.answer.text if turn else answered_of(record)
        kept = Opinion(
            request["vote"] == "up", text_of(request.get("word"), MOST_WORD), question_of(record), answered,
            assistant.page.title, key=text_of(request.get("key"), MOST_KEY),
        )  # fmt: skip
        try:
            self.visitors.take(address)
            self.feedback.add(kept)
            self.loader.watch.metrics.opinion(kept=True)
        except TooFast as error:
            return {"kept": False, "note": str(error)}
        except FeedbackError:
            self.loader.watch.metrics.opinion(kept=False)
            log.exception("feedback was not kept")
            return {"kept": False, "note": words.FEEDBACK_FAILED}
        return {"kept": True, "note": words.FEEDBACK_THANKS}


async def _answer(coming: Future[Answer], progress: Progress, gone: Gone | None) -> Answer:
    waiting = asyncio.wrap_future(coming)
    while gone and not (await asyncio.wait([waiting], timeout=BETWEEN_LOOKS))[0]:
        if await gone():
            progress.left.set()
            waiting.cancel()
    return await waiting


def _number(request: Told) -> int:
    number = request.get("number", 1)
    return number if isinstance(number, int) and 0 < number < 100_000 else 1
