"""What programs may call: ``/ask`` and ``/passages`` of Gradio (and of MCP), ``/health`` over HTTP."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from rag import QuestionError
from ui import words
from ui.asker import ASKER, asker_of
from ui.incoming import incoming
from ui.loading import Answering, Loader
from ui.parts import section_path
from ui.waiting import TooMany

log = logging.getLogger(__name__)

MOST_HISTORY = 20
"""Earlier questions that a program may send with one."""


def ready(loader: Loader) -> Answering:
    """The assistant.

    Raises:
        gradio.Error: it is still loading, or could not be loaded; said in French.
    """
    stage = loader.stage
    if stage.assistant is None:
        failed = stage.state == "failed"
        said = f"{words.LOAD_FAILED}{words.NBSP}: {stage.message}" if failed else words.NOT_READY
        raise gr.Error(said, print_exception=False)
    return stage.assistant


def offer(loader: Loader) -> None:
    """Declare the named endpoints inside the current Blocks."""

    def ask(question: str, history: list[str] | None = None, http: gr.Request | None = None) -> dict[str, Any]:
        """Answer a question about the page from its own words, or say that it does not tell.

        Args:
            question: A question about the page, in French.
            history: The earlier questions of the conversation, oldest first.
        """
        ready(loader)
        if http is not None:  # a thread of Gradio's queue, which does not know of the request
            ASKER.set(asker_of(http.headers, http.client.host if http.client else ""))
        asked, earlier = incoming(question), incoming(history or [])
        if not isinstance(asked, str):
            raise gr.Error(words.API_TEXT, print_exception=False)
        if not isinstance(earlier, list) or not all(isinstance(item, str) for item in earlier):
            raise gr.Error(words.API_HISTORY, print_exception=False)
        try:
            return loader.ask(asked, earlier[-MOST_HISTORY:]).result().to_json()
        except (QuestionError, TooMany) as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception as error:
            log.exception("fault")
            raise gr.Error(words.ERROR, print_exception=False) from error

    def passages() -> dict[str, Any]:
        """The page with its passages: section, text and offsets of each."""
        assistant = ready(loader)
        page = assistant.page
        return {
            "title": page.title,
            "url": page.url,
            "publisher": page.publisher,
            "licence": page.licence,
            "updated": page.updated,
            "passages": [
                {"id": p.id, "section": section_path(p), "text": p.text, "start": p.start, "end": p.end}
                for p in assistant.passages
            ],
        }

    gr.events.api(ask, api_name="ask", api_description=words.API_ASK, concurrency_limit=4)
    gr.events.api(passages, api_name="passages", api_description=words.API_PASSAGES, concurrency_limit=4)


def health(loader: Loader) -> tuple[int, dict[str, Any]]:
    """HTTP status and body of ``/health``: 200 once questions can be answered, else 503."""
    stage = loader.stage
    body: dict[str, Any] = {"status": stage.state}
    if stage.assistant is not None:
        page = stage.assistant.page
        body |= {"page": page.title, "updated": page.updated, "passages": len(stage.assistant.passages)}
    elif stage.state == "loading":
        body |= {"message": stage.message, "progress": round(stage.fraction, 3)}
    else:
        body |= {"message": stage.message}
    return (200 if stage.state == "ready" else 503), body
