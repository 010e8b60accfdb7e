"""The Gradio application: one ``gr.HTML`` whose HTML is ours, with functions that its script calls.

``gr.Chatbot`` is not used: it renders Markdown and HTML that we must not trust, and has no place for
marks that point into a page. Nor are events, ``gr.State`` and the queue: each keeps a connection open
for a tab, and a browser has six for all its tabs on one host. ``server_functions`` are short requests.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.utils import LRUCache

from ui import api, render
from ui.feedback import FeedbackStore
from ui.incoming import mapping
from ui.loading import Loader
from ui.look import Look
from ui.service import Service
from ui.visitors import Visitors

FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Arial", "sans-serif")
MONO = ("ui-monospace", "Menlo", "Consolas", "monospace")


def theme() -> gr.themes.Base:
    """Gradio's plain theme on system fonts: its own would ask Google for theirs."""
    base = gr.themes.Base(font=FONT, font_mono=MONO, radius_size=gr.themes.sizes.radius_sm)
    return base.set(
        body_background_fill="#f5f6f7",
        body_background_fill_dark="#14181c",
        body_text_color="#1d252c",
        body_text_color_dark="#e7eaed",
    )


MOST_PROGRAMS = 2000
"""Programs whose answer Gradio holds until it is fetched."""
MOST_SESSIONS = 100
"""Sessions that Gradio remembers, for nothing: the application keeps no state."""


def build(loader: Loader, feedback: FeedbackStore, look: Look, visitors: Visitors) -> gr.Blocks:
    """The application on an assistant that may still be loading."""
    service = Service(loader, feedback, visitors)

    def address_of(http: gr.Request) -> str:
        return str(http.client.host) if http.client else ""

    # Gradio marks each function with an attribute and calls it by its name: methods could not be marked
    def start_up(_request: Any) -> dict[str, Any]:
        return service.start()

    async def ask_page(request: Any, http: gr.Request) -> dict[str, Any]:
        return await service.ask(mapping(request), address_of(http), http.is_disconnected)

    def so_far(request: Any) -> dict[str, Any]:
        return service.so_far(mapping(request))

    def give_up(request: Any) -> dict[str, Any]:
        return service.stop(mapping(request))

    def restore_turns(request: Any, http: gr.Request) -> dict[str, Any]:
        return service.restore(mapping(request), address_of(http))

    def keep_opinion(request: Any, http: gr.Request) -> dict[str, Any]:
        return service.opinion(mapping(request), address_of(http))

    demo: gr.Blocks
    # analytics_enabled: Gradio would otherwise report each start and ask for its newest version
    with gr.Blocks(title=look.name, analytics_enabled=False, fill_width=True) as demo:
        gr.HTML(
            html_template=str(render.shell(look, sign_out=bool(loader.settings.users))),
            js_on_load="(window.pageqa ??= []).push([element, server]);",
            server_functions=[start_up, ask_page, so_far, give_up, restore_turns, keep_opinion],
            elem_id="app",
            apply_default_css=False,
        )
        api.offer(loader)
        demo.queue(default_concurrency_limit=4, max_size=loader.waiting.most, api_open=False)
    demo.state_session_capacity = MOST_SESSIONS
    # Gradio never forgets the session of a program that has its answer, and each has one of its own
    demo._queue.pending_event_ids_session = LRUCache(MOST_PROGRAMS)
    return demo
