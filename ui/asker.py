"""Who asks: a name for each request, which its answer bears and the log tells, and the address that it comes from."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

NAME = "x-request-id"
READABLE = re.compile(r"[\w.:-]{1,64}", re.A)
"""A request's name that is taken from who asks: nothing in it can break a line or hide a sentence."""


@dataclass(frozen=True)
class Asker:
    """Whose question it is: the request's name, and the address, which is logged only where the operator wants so."""

    request: str
    address: str = ""


def asker_of(headers: Mapping[str, str], host: str) -> Asker:
    """The asker of a request; it keeps the name that a proxy gave it."""
    given = headers.get(NAME, "")
    return Asker(given if READABLE.fullmatch(given) else secrets.token_hex(8), host)


ASKER: ContextVar[Asker | None] = ContextVar("asker", default=None)
"""Of the request that is being served."""


class Named:
    """ASGI middleware: gives each request its name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asker = asker_of(Headers(scope=scope), (scope.get("client") or ("",))[0])
        # in the request too: Gradio's queue calls a function elsewhere, and hands it the headers
        MutableHeaders(scope=scope)[NAME] = asker.request

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[NAME] = asker.request
            await send(message)

        token = ASKER.set(asker)
        try:
            await self.app(scope, receive, named)
        finally:
            ASKER.reset(token)
