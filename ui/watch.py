"""What becomes of each question: one line in the log, and the counters."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from rag import QuestionError
from rag.answer import Answer
from ui.asker import ASKER, Asker
from ui.metrics import Metrics, Unanswered
from ui.waiting import TooMany

log = logging.getLogger(__name__)


class Watch:
    """Counts and logs. ``texts`` puts question, answer and address into the log."""

    def __init__(self, *, texts: bool = False) -> None:
        self.texts = texts
        self.metrics = Metrics()

    def follow(self, question: str, exchanges: int, join: Callable[[], Future[Answer]]) -> Future[Answer]:
        """The answer that ``join`` promises, counted and logged once it is there, or once it is known that it is not.

        Raises:
            TooMany: what ``join`` raises.
        """
        begin = time.perf_counter()
        asker = ASKER.get() or Asker(secrets.token_hex(8))
        told: dict[str, Any] = {"request": asker.request, "exchanges": exchanges}
        if self.texts:
            told |= {"address": asker.address, "question": question}
        try:
            coming = join()
        except TooMany:
            self._lost("too_many", told)
            raise
        coming.add_done_callback(lambda done: self._done(done, begin, told))
        return coming

    def _done(self, coming: Future[Answer], begin: float, told: Mapping[str, Any]) -> None:
        if coming.cancelled():
            self._lost("left", told)
        elif error := coming.exception():  # whoever waits for the answer logs its trace
            self._lost("invalid" if isinstance(error, QuestionError) else "fault", told)
        else:
            self._answered(coming.result(), (time.perf_counter() - begin) * 1000, told)

    def _answered(self, answer: Answer, total_ms: float, told: Mapping[str, Any]) -> None:
        steps = {name: taken for name, taken in answer.timings.items() if name != "total"}
        steps |= {"waiting": max(total_ms - answer.timings.get("total", 0.0), 0.0), "total": total_ms}
        self.metrics.answered(answer, steps)
        fields = {
            **told, "certainty": answer.certainty, "reason": answer.reason, "form": answer.question.form,
            "intent": answer.question.intent, "ms": {name: round(taken, 1) for name, taken in steps.items()},
        }  # fmt: skip
        if self.texts:
            fields["answer"] = answer.text
        log.info("answer", extra={"fields": fields})

    def _lost(self, why: Unanswered, told: Mapping[str, Any]) -> None:
        self.metrics.unanswered(why)
        log.info("no answer", extra={"fields": {**told, "why": why}})
