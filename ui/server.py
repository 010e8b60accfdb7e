"""The HTTP server around the application: its own files, ``/health``, and what Gradio's page lacks."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
from html import escape
from importlib.resources import files
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
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.settings import Settings
from ui import api, words
from ui.app import build, theme
from ui.feedback import FeedbackStore
from ui.loading import Loader

FILES = {
    "style.css": "text/css", "script.js": "text/javascript", "page_find.js": "text/javascript", "assets/icon.svg": "image/svg+xml",
}  # fmt: skip

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio compiles templates in the browser
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
"""The browser itself then refuses any request to another host, whatever Gradio may try."""

_METAS = re.compile(rb"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*", re.S)
_VIEWPORT = b"width=device-width, initial-scale=1, shrink-to-fit=no"


def french_page(html: bytes) -> bytes:
    """Gradio's HTML page, mended before it leaves.

    Gradio fixes ``lang="en"``, advertises itself in its metas and puts custom styles in only once
    its script runs: a screen reader would begin with an English voice, and the page would jump.
    """
    html = html.replace(b'lang="en"', b'lang="fr"', 1)
    html = _METAS.sub(b"", html)
    # the keyboard of a phone then shrinks the page instead of covering the question
    html = html.replace(
        _VIEWPORT, b"width=device-width, initial-scale=1, interactive-widget=resizes-content", 1
    )
    head = (
        f"<title>{words.APP}</title>"
        '<link rel="icon" href="./ui/assets/icon.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="./ui/style.css">'
        f'<script src="./ui/script.js" data-words="{escape(json.dumps(words.SCRIPT, ensure_ascii=False))}"></script>'
        '<script src="./ui/page_find.js"></script>'
        f"<noscript>{words.JAVASCRIPT}</noscript></head>"
    )
    return html.replace(b"</head>", head.encode(), 1)


class Mend:
    """ASGI middleware: :func:`french_page` on the page, and the policy on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        page = scope["path"] in ("", "/") and scope["method"] == "GET"
        if page:  # compressed bytes could not be mended
            scope = dict(scope, headers=[h for h in scope["headers"] if h[0] != b"accept-encoding"])
        start: Message = {}
        body = b""

        async def mended(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                headers = [h for h in message["headers"] if h[0].lower() != b"content-security-policy"]
                headers += [
                    (b"content-security-policy", POLICY.encode()),
                    (b"referrer-policy", b"no-referrer"),
                    (b"x-content-type-options", b"nosniff"),
                ]
                start = dict(message, headers=headers)
                if not page:
                    await send(start)
                return
            if not page or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = french_page(body)
            kept = [h for h in start["headers"] if h[0].lower() != b"content-length"]
            await send(dict(start, headers=[*kept, (b"content-length", str(len(body)).encode())]))
            await send({"type": "http.response.body", "body": body})

        await self.app(scope, receive, mended)


def create(settings: Settings, loader: Loader, *, mcp: bool = False) -> FastAPI:
    """The whole web application."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def health() -> JSONResponse:
        status, body = api.health(loader)
        return JSONResponse(body, status_code=status)

    @app.get("/ui/{name:path}")
    def asset(name: str, request: Request) -> Response:
        if name not in FILES:
            return Response(status_code=404)
        content = files("ui").joinpath(name).read_bytes()
        return Response(content, media_type=FILES[name], headers={"cache-control": "no-cache"})

    demo = build(loader, FeedbackStore(settings.data_dir))
    gr.mount_gradio_app(
        app,
        demo,
        path="/",
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
    )
    if mcp:
        _answer_mcp_in_json(demo)
    app.add_middleware(Mend)
    return app


def _answer_mcp_in_json(demo: gr.Blocks) -> None:
    """Gradio gives MCP clients Python's ``str`` of a result; a program on the other side wants JSON."""
    from mcp.types import TextContent  # type: ignore[import-not-found,unused-ignore]

    def as_json(data: list[Any], _root_url: str) -> list[TextContent]:
        return [TextContent(type="text", text=json.dumps(item, ensure_ascii=False)) for item in data]

    server = demo.mcp_server_obj
    if server is None:
        raise RuntimeError(demo.mcp_error or words.CLI_NO_MCP)
    setattr(server, "postprocess_output_data", as_json)  # noqa: B010 - a method, replaced on this one object


class Server(uvicorn.Server):
    """uvicorn on a socket that is already bound, so that a taken port is known at once."""

    def __init__(self, app: FastAPI, bound: socket.socket) -> None:
        # warnings only: an access log would keep what people ask (?q=)
        super().__init__(
            uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        )
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
