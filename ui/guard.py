"""What the server lets in: the addresses that the application has, bodies that are not too long, no fault shown.

Gradio serves files, proxies, uploads and streams for applications that need them. This one does not: what is not
named in :data:`OPEN` is closed, whatever Gradio may add.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import words
from ui.calls import BadCall, Function, checked
from ui.visitors import TooFast, Visitors

log = logging.getLogger(__name__)

GRADIO = "/gradio_api/"
OPEN = ("info", "openapi.json", "app_id", "startup-events", "theme.css", "user", "login_check")
"""What may be read of Gradio's own, below :data:`GRADIO`."""
CALLS = ("component_server", "queue/join", "queue/data", "queue/status", "cancel", "call", "mcp")
"""How functions are called: by the browser, by a program, by an MCP client."""
CLOSED = ("/monitoring", "/svelte", "/pwa_icon", "/custom_component")
"""Beside :data:`GRADIO`, what Gradio has and the application does not."""
COUNTED = ("queue/join", "call", "mcp")
"""Programs' questions, which count for their address; the browser's are counted where they are answered."""
MOST_BODY = 2_000_000
"""Longest body of a request, in bytes: a long conversation that is opened again takes a tenth of it."""
MOST_SECONDS = 30.0
"""How long a body may take to arrive."""

_SAID = {
    400: words.API_MALFORMED, 401: words.API_SIGN_IN, 404: words.API_CLOSED, 405: words.API_CLOSED, 408: words.API_SLOW, 413: words.API_LONG,
    422: words.API_MALFORMED, 429: words.TOO_FAST, 500: words.ERROR, 503: words.TOO_MANY,
}  # fmt: skip


class _RefusedError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Guard:
    """ASGI middleware: what is closed, too long, too slow, malformed or too much gets a status and a French sentence."""

    def __init__(
        self, app: ASGIApp, visitors: Visitors, functions: tuple[Function, ...] = (), tries: Visitors | None = None
    ) -> None:
        self.app = app
        self.tries = tries or visitors
        self.visitors = visitors
        self.functions = functions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        called = _under(path, CALLS)
        answer = _Answer(send, programs=path.startswith(GRADIO) and not _under(path, ("mcp",)), called=called)
        try:
            if not is_open(path):
                raise _RefusedError(404)
            if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
                receive = await self._received(scope, receive)
                if _under(path, COUNTED):
                    self.visitors.take(address_of(scope))
                if path.rstrip("/") == "/login":
                    self.tries.take(address_of(scope))
            await self.app(scope, receive, answer)
        except (_RefusedError, BadCall) as refused:
            await answer.refuse(refused.status)
        except TooFast:
            await answer.refuse(429)
        except Exception as error:
            # Gradio lets what a body should not hold raise whatever it does; its functions' own faults it catches
            log.log(
                logging.INFO if called else logging.ERROR, "%s: %s", path, type(error).__name__, exc_info=not called
            )
            await answer.refuse(500)

    async def _received(self, scope: Scope, receive: Receive) -> Receive:
        """The whole body, to be read again by whoever asks for it."""
        headers = dict(scope["headers"])
        told = headers.get(b"content-length", b"0")
        if not told.isdigit() or int(told) > MOST_BODY:
            raise _RefusedError(413)
        if _under(scope["path"], CALLS) and b"multipart" in headers.get(b"content-type", b""):
            raise _RefusedError(400)  # it would be written to disk
        try:
            body = await asyncio.wait_for(_body(receive), MOST_SECONDS)
        except TimeoutError as error:
            raise _RefusedError(408) from error
        if _under(scope["path"], ("queue/join", "call")):
            body = checked(scope["path"].removeprefix(GRADIO), body, self.functions)
            length = (b"content-length", str(len(body)).encode())
            scope["headers"] = [*(h for h in scope["headers"] if h[0] != b"content-length"), length]
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        return again


class _Answer:
    """What is sent back; an error of Gradio's own, in English or with what was asked in it, is said anew."""

    def __init__(self, send: Send, *, programs: bool, called: bool) -> None:
        self._send = send
        self._called = called
        self._programs = programs
        self._begun = False
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self._begun:
            status = int(message["status"])
            plain = any(
                value.startswith(b"text/plain") for name, value in message["headers"] if name == b"content-type"
            )
            if (status >= 500 and plain) or (self._programs and status >= 400):
                await self.refuse(status)
                self._replaced = True
                return
            self._begun = True
        if not self._replaced:
            await self._send(message)

    async def refuse(self, status: int) -> None:
        """A status and its sentence; where an answer has begun, its end."""
        if self._replaced:
            return
        status = 400 if status == 500 and self._called else status  # what is asked for, no function can take
        if self._begun:
            await self._send({"type": "http.response.body", "body": b""})
            return
        self._begun = True
        body = json.dumps({"detail": _SAID.get(status, words.ERROR)}, ensure_ascii=False).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if status in (429, 503):
            headers.append((b"retry-after", b"10"))
        if status in (408, 413):  # the rest of the body is not read
            headers.append((b"connection", b"close"))
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def is_open(path: str) -> bool:
    """Whether the application has anything at ``path``."""
    if path.startswith(GRADIO.rstrip("/")):
        return _under(path, (*OPEN, *CALLS))
    return not any(path == closed or path.startswith(closed + "/") for closed in CLOSED)


def _under(path: str, names: tuple[str, ...]) -> bool:
    inner = path.removeprefix(GRADIO)
    return inner != path and any(inner == name or inner.startswith(name + "/") for name in names)


def address_of(scope: Any) -> str:
    """The address of whoever asks; what a trusted proxy says of it, the server has put there already."""
    client = scope.get("client")
    return str(client[0]) if client else ""


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)  # gone: nobody reads the answer
        body += message.get("body", b"")
        if len(body) > MOST_BODY:
            raise _RefusedError(413)
        if not message.get("more_body"):
            return bytes(body)
