"""The Gradio application: what stands on the screen, and what happens when something is pressed.

Gradio carries the events, the queue and the session; the HTML is ours (``ui.answer_view``, ``ui.page_view``), drawn by
``script.js``. ``gr.Chatbot`` is not used: it renders Markdown and HTML that we must not trust,
redraws whole messages while they stream, and has no place for marks that point into a page.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

import gradio as gr

from rag import QuestionError, Turn
from ui import answer_view, api, page_view, render, words
from ui.feedback import FeedbackStore, Opinion
from ui.loading import Loader
from ui.session import Entry, Session

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 0.25
"""An answer that takes longer is announced: « Je cherche dans la page… »."""
POLL_SECONDS = 0.15
SESSION_SECONDS = 6 * 3600
"""A conversation is forgotten this long after its tab was last heard of."""

FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")

Shown = tuple[Any, Any]


def theme() -> gr.themes.Base:
    """Gradio's plain theme on system fonts: its own would ask Google for theirs."""
    base = gr.themes.Base(font=FONT, font_mono=MONO, radius_size=gr.themes.sizes.radius_sm)
    return base.set(
        body_background_fill="#f5f6f7",
        body_background_fill_dark="#14181c",
        body_text_color="#1d252c",
        body_text_color_dark="#e7eaed",
    )


def build(loader: Loader, feedback: FeedbackStore) -> gr.Blocks:
    """The application on an assistant that may still be loading."""
    # analytics_enabled: Gradio would otherwise report each start and ask for its newest version
    demo: gr.Blocks
    with gr.Blocks(title=words.APP, analytics_enabled=False, fill_width=True) as demo:
        session = gr.State(Session(), time_to_live=SESSION_SECONDS)
        gr.HTML(_header(), elem_id="top", apply_default_css=False)
        with gr.Row(elem_id="workspace"):
            with gr.Column(elem_id="chat", min_width=0):
                conversation = gr.HTML(
                    {"count": 0, "turn": None},
                    html_template=_CONVERSATION,
                    # Gradio redraws a template by position and drops attributes it does not know;
                    # this one never changes, and the script draws turn by turn: focus, opened
                    # sources and half-written opinions stay as they are
                    js_on_load="pageqa.conversation(element, props, watch, trigger); /* 'ask' 'opinion' 'restart' */",
                    elem_id="conversation",
                    apply_default_css=False,
                )
                with gr.Row(elem_id="composer"):
                    box = gr.Textbox(
                        label=words.QUESTION,
                        placeholder=words.PLACEHOLDER,
                        show_label=False,
                        container=False,
                        lines=1,
                        max_lines=6,
                        autofocus=False,
                        elem_id="question",
                        scale=1,
                        min_width=0,
                    )
                    press = gr.Button(words.ASK, variant="primary", elem_id="ask", scale=0, min_width=0)
            pane = gr.HTML(
                {"state": "loading"},
                html_template=_PAGE,
                js_on_load="pageqa.page(element, props, watch);",
                elem_id="page",
                apply_default_css=False,
            )
        gr.HTML(_footer(), elem_id="bottom", apply_default_css=False)

        def boot() -> Iterator[dict[str, str]]:
            """Progress until the assistant is there, then the page and the starters."""
            seen: tuple[str, float] | None = None
            while (stage := loader.stage).state == "loading":
                if seen != (stage.message, stage.fraction):
                    seen = (stage.message, stage.fraction)
                    yield {"state": "loading", "intro": render.progress(stage.message, stage.fraction)}
                loader.wait(POLL_SECONDS)
            if stage.assistant is None:
                yield {"state": "failed", "intro": render.load_error(stage.message)}
                return
            page = stage.assistant.page
            yield {
                "state": "ready",
                "intro": render.welcome(stage.assistant.starters),
                "page": page_view.page_pane(page, stage.assistant.passages),
                "facts": render.facts(page),
                "about": render.about(page),
                "title": page.title,
            }

        def respond(question: str, state: Session, shown: dict[str, Any] | None) -> Iterator[Shown]:
            question = (question or "").strip()
            if not question:
                yield gr.skip(), gr.skip()
                return
            state = state.after(int((shown or {}).get("count", 0)))
            number = state.count + 1
            while (stage := loader.stage).state == "loading":
                yield (
                    state.under_way(answer_view.pending(number, question, stage.message), "pending"),
                    gr.skip(),
                )
                loader.wait(POLL_SECONDS)
            page = api.ready(loader).page
            coming = loader.ask(question, state.turns)
            try:
                try:
                    answer = coming.result(PATIENCE_SECONDS)
                except TimeoutError:
                    yield state.under_way(answer_view.pending(number, question), "pending"), gr.skip()
                    answer = coming.result()
            except QuestionError as error:
                state = state.add(Entry(question, note=str(error)))
                yield state.show(page), state
                return
            except Exception:
                # the reader gets a French sentence and keeps the question; the operator the trace
                log.exception("no answer")
                state = state.add(Entry(question))
                yield state.show(page), state
                return
            state = state.add(Entry(question, Turn(answer.question, answer)))
            yield state.show(page), state

        def pressed(state: Session, shown: dict[str, Any] | None, event: gr.EventData) -> Iterator[Shown]:
            """A starter, a suggestion, « Réessayer », or the address's ``?q=``."""
            yield from respond(str(event.question), state, shown)

        def opinion(state: Session, event: gr.EventData) -> Shown:
            number = int(event.turn)
            vote: answer_view.Vote = "up" if event.vote == "up" else "down"
            entry = state.get(number)
            if entry is None or entry.turn is None:
                return gr.skip(), gr.skip()
            page, turn = api.ready(loader).page, entry.turn
            kept = Opinion(vote == "up", str(event.word), turn.question.text, turn.answer.text, page.title)
            try:
                feedback.add(kept)
            except (OSError, sqlite3.Error):
                log.exception("feedback was not kept")
                state = state.change(number, note=words.FEEDBACK_FAILED)
            else:
                state = state.change(number, vote=vote, note=words.FEEDBACK_THANKS)
            return state.show(page, number), state

        def restart() -> Shown:
            return {"count": 0, "turn": None}, Session()

        # private: programs have /ask and /passages; these need a session and answer in HTML
        common: dict[str, Any] = {
            "outputs": [conversation, session],
            "show_progress": "hidden",
            "api_visibility": "private",
            "concurrency_limit": 4,
        }
        asked = [
            box.submit(respond, [box, session, conversation], **common),
            press.click(respond, [box, session, conversation], **common),
            conversation.ask(pressed, [session, conversation], **common),
            conversation.opinion(opinion, [session], **common),
            conversation.restart(restart, **common),
        ]
        booting = demo.load(
            boot,
            outputs=[pane],
            show_progress="hidden",
            api_visibility="private",
            concurrency_limit=None,
        )
        for event in (*asked, booting):
            event.failure(fn=None, js="() => pageqa.trouble('.fault')")
        api.offer(loader)
        demo.queue(default_concurrency_limit=4)
    return demo


# --- the frame: no word of a question or a page in it


_CONVERSATION = f"""
<section class="conversation" aria-label="{words.CONVERSATION}" tabindex="0">
  <h2 class="sr">{words.CONVERSATION}</h2>
  <div class="intro"></div>
  <div class="turns"></div>
  <div class="lost error" hidden><p><strong>{words.LOST}</strong></p><p>{words.LOST_TEXT}</p></div>
  <div class="fault error" hidden><p><strong>{words.FAULT}</strong></p><p>{words.FAULT_TEXT}</p></div>
</section>
<p class="sr" id="said" role="status" aria-live="polite"></p>
<p class="sr" id="alerted" role="alert"></p>
"""

_PAGE = f"""
<div class="page-bar">
  <h2 class="page-bar-title" id="page-label">{words.THE_PAGE}</h2>
  <button type="button" class="action" id="close-page">{words.CLOSE_PAGE}</button>
</div>
<div class="page-scroll" tabindex="0" role="group" aria-labelledby="page-label"><div class="page-body"></div></div>
"""


def _header() -> str:
    return f"""
<a class="skip" href="#question">{words.SKIP_TO_QUESTION}</a>
<a class="skip" href="#page">{words.SKIP_TO_PAGE}</a>
<div class="bar-in">
  <div class="brand"><h1>{words.APP}</h1><p class="about-page"></p></div>
  <div class="bar-actions bar-conversation">
    <button type="button" class="action" id="new" hidden>{words.NEW}</button>
    <button type="button" class="action" id="download" hidden>{words.DOWNLOAD}</button>
  </div>
  <div class="bar-actions">
    <button type="button" class="action" id="open-page" hidden>{words.THE_PAGE}</button>
    <button type="button" class="action" id="open-about" aria-haspopup="dialog" hidden>{words.ABOUT}</button>
  </div>
</div>
<dialog id="about" aria-labelledby="about-title">
  <div class="about-head"><h2 id="about-title">{words.ABOUT}</h2>
  <button type="button" class="action" id="close-about">{words.CLOSE}</button></div>
  <div class="about-body"></div>
</dialog>
<div id="card" role="tooltip" hidden></div>
"""


def _footer() -> str:
    return f'<ul class="facts" aria-label="{words.FACTS}"></ul>'
