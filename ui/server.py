"""The HTTP server around the application: its own files and pages, ``/health``, and Gradio."""

from __future__ import annotations

import json
import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

# read by Gradio and by huggingface_hub when they are imported; nothing may leave the machine
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
# Gradio keeps a table of past events and sums it up with pandas after each one, ever slower
os.environ["GRADIO_ANALYTICS_MAX_EVENTS"] = "1"
os.environ["GRADIO_ANALYTICS_CACHE_FREQUENCY"] = "1000000000"

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from index.settings import Settings
from ui import api, assets, words
from ui.app import build, theme
from ui.asker import Named
from ui.binding import place_of
from ui.calls import functions_of
from ui.feedback import FeedbackStore
from ui.guard import Guard
from ui.legal import Legal
from ui.loading import Loader
from ui.look import Look
from ui.mend import Mend, origins_of, root_of
from ui.metrics import Metrics, shown_to
from ui.users import MOST_SIGN_INS, SignIn
from ui.visitors import Visitors, proxies_of


def create(settings: Settings, loader: Loader, *, mcp: bool = False) -> FastAPI:
    """The whole web application.

    Raises:
        ValueError: a setting of its look cannot be had; in French.
    """
    look = Look.of(settings)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _own_pages(app, loader, Legal(settings, look))
    if place_of(settings.metrics) is None:
        _metrics(app, settings.metrics, loader.watch.metrics)
    feedback = FeedbackStore.of(settings)
    if settings.retention_days:
        feedback.purge_daily(settings.retention_days)
    counted = loader.watch.metrics
    visitors = Visitors(
        settings.questions_per_minute,
        settings.most_waiting // 2 or 1,
        refused=lambda: counted.unanswered("too_fast"),
    )
    sign_in = SignIn(Path(settings.users).expanduser(), counted) if settings.users else None
    demo = build(loader, feedback, look, visitors)
    root = root_of(settings.root_path)
    gr.mount_gradio_app(
        app,
        demo,
        path="/",
        root_path=root or None,
        server_name=settings.host,
        server_port=settings.port,
        footer_links=[],
        run_history=False,  # Gradio would keep every question in the browser's storage
        enable_monitoring=False,
        show_error=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=mcp,
        theme=theme(),
        auth=sign_in.check if sign_in else None,
        auth_message=words.SIGN_IN.format(most=MOST_SIGN_INS),
    )
    if mcp:
        _answer_mcp_in_json(demo)
    tries = Visitors(MOST_SIGN_INS, 1, refused=lambda: counted.signed_in(right=False))
    app.add_middleware(Guard, visitors=visitors, functions=functions_of(demo), tries=tries)
    app.add_middleware(Mend, head=assets.head(look), origins=origins_of(settings.frame_origins), root=root)
    app.add_middleware(Named)
    return app


def _own_pages(app: FastAPI, loader: Loader, legal: Legal) -> None:
    """Everything that is served beside Gradio."""

    @app.get("/health")
    def health() -> JSONResponse:
        status, body = api.health(loader)
        return JSONResponse(body, status_code=status)

    @app.get("/ui/{version}/{name:path}")
    def asset(version: str, name: str) -> Response:
        if name not in assets.contents():
            return Response(status_code=404)
        content, kind = assets.contents()[name]
        current = version == assets.version()
        kept = "public, max-age=31536000, immutable" if current else "no-cache"
        return Response(content, media_type=kind, headers={"cache-control": kept})

    @app.get("/embed")
    def embed(request: Request) -> Response:
        """The application for a frame: the same page, which then has one column."""
        query = "&".join(part for part in ("embed=1", request.url.query) if part)
        return RedirectResponse(f"./?{query}")

    for name in words.LEGAL_PAGES:
        app.add_api_route(f"/{name}", _page(legal, name), methods=["GET"])


def _metrics(app: FastAPI, shown: str, metrics: Metrics) -> None:
    @app.get("/metrics")
    def counted(request: Request) -> Response:
        if not shown_to(shown, request.client.host if request.client else "", request.headers):
            return Response(status_code=404)
        content, kind = metrics.page(request.headers.get("accept", ""))
        return Response(content, headers={"content-type": kind, "cache-control": "no-store"})


def _page(legal: Legal, name: str) -> Callable[[], HTMLResponse]:
    return lambda: HTMLResponse(legal.page(name))


def _answer_mcp_in_json(demo: gr.Blocks) -> None:
    """Gradio gives MCP clients Python's ``str`` of a result; a program on the other side wants JSON."""
    from mcp.types import TextContent  # type: ignore[import-not-found,unused-ignore]

    def as_json(data: list[Any], _root_url: str) -> list[TextContent]:
        return [TextContent(type="text", text=json.dumps(item, ensure_ascii=False)) for item in data]

    server = demo.mcp_server_obj
    if server is None:
        raise RuntimeError(demo.mcp_error or words.CLI_NO_MCP)
    setattr(server, "postprocess_output_data", as_json)  # noqa: B010 - a method, replaced on this one object


KEPT_ALIVE_S = 30
"""How long a connection may be idle: longer than a reader thinks, or the next question may meet it as it closes."""
MOST_FINISH_S = 10
"""How long answers under way may take to be finished once the server is told to stop."""


class Server(uvicorn.Server):
    """uvicorn on a socket that is already bound, so that a taken port is known at once."""

    def __init__(self, app: FastAPI, bound: socket.socket, settings: Settings) -> None:
        config = uvicorn.Config(
            app,
            log_config=None,
            log_level="warning",
            access_log=False,  # it would keep what people ask (?q=)
            timeout_graceful_shutdown=MOST_FINISH_S,
            timeout_keep_alive=KEPT_ALIVE_S,
            forwarded_allow_ips=proxies_of(settings.trusted_proxies),
        )
        super().__init__(config)
        self.bound = bound

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop. Open browsers hold a connection each; that they are cut is no error to report."""
        log = logging.getLogger("uvicorn.error")
        level = log.level
        log.setLevel(logging.CRITICAL + 1)
        try:
            await super().shutdown(sockets)
        finally:
            log.setLevel(level)

    def run_on_socket(self) -> None:
        """Serve until told to stop."""
        self.run(sockets=[self.bound])
