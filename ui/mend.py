"""Gradio's page, mended on its way out, and the security policy on every response.

What is touched of Gradio's page is named in :data:`TOUCHED`; ``tests/test_ui_gradio.py`` says of each
whether it is still there.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui import words

LANGUAGE = b'lang="en"'
VIEWPORT = b"width=device-width, initial-scale=1, shrink-to-fit=no"
METAS = re.compile(rb"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*", re.S)
END_OF_HEAD = b"</head>"
TOUCHED = (LANGUAGE, VIEWPORT, END_OF_HEAD)

_POLICY = (
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
"""The browser itself then refuses any request to another host, whatever Gradio may try."""


def french_page(html: bytes, head: str) -> bytes:
    """Gradio's HTML page with our ``head``.

    Gradio fixes ``lang="en"``, advertises itself in its metas and puts custom styles in only once
    its script runs: a screen reader would begin with an English voice, and the page would jump.
    """
    html = html.replace(LANGUAGE, b'lang="fr"', 1)
    html = METAS.sub(b"", html)
    # the keyboard of a phone then shrinks the page instead of covering the question
    html = html.replace(VIEWPORT, b"width=device-width, initial-scale=1, interactive-widget=resizes-content", 1)
    return html.replace(END_OF_HEAD, head.encode() + END_OF_HEAD, 1)


class Mend:
    """ASGI middleware: :func:`french_page` on the page, and the policy on every response."""

    def __init__(self, app: ASGIApp, head: str, origins: tuple[str, ...] = (), root: str = "") -> None:
        self.app = app
        self.head = head
        self.origins = origins
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope = self._under_root(scope)
        page = scope["path"] in ("", "/") and scope["method"] == "GET"
        if page:  # compressed bytes could not be mended
            scope = dict(scope, headers=[h for h in scope["headers"] if h[0] != b"accept-encoding"])
        headers = self._headers(scope)
        start: Message = {}
        body = b""

        async def mended(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0].lower() != b"content-security-policy"]
                start = dict(message, headers=[*kept, *headers])
                if not page:
                    await send(start)
                return
            if not page or message["type"] != "http.response.body":
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            whole = french_page(body, self.head)
            kept = [h for h in start["headers"] if h[0].lower() != b"content-length"]
            await send(dict(start, headers=[*kept, (b"content-length", str(len(whole)).encode())]))
            await send({"type": "http.response.body", "body": whole})

        await self.app(scope, receive, mended)

    def _under_root(self, scope: Scope) -> Scope:
        """The request as if the app had its host to itself, for a proxy that passes the path on whole."""
        path: str = scope["path"]
        if not self.root or not (path + "/").startswith(self.root + "/"):
            return scope
        inner = path[len(self.root) :] or "/"
        return dict(scope, path=inner, raw_path=quote(inner).encode())

    def _headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        embed = b"embed" in scope["query_string"] and "embed" in parse_qs(
            scope["query_string"].decode("latin-1"), keep_blank_values=True
        )
        framed = " ".join(("frame-ancestors 'self'", *(self.origins if embed else ())))
        return [
            (b"content-security-policy", "; ".join((*_POLICY, framed)).encode()),
            (b"referrer-policy", b"no-referrer"),
            (b"x-content-type-options", b"nosniff"),
        ]


def root_of(setting: str) -> str:
    """``root_path`` with a slash before it and none after.

    Raises:
        ValueError: it is no path; in French.
    """
    root = "/".join(part for part in setting.split("/") if part)
    if root and not re.fullmatch(r"[\w.~-]+(?:/[\w.~-]+)*", root, re.A):
        raise ValueError(words.BAD_ROOT.format(root=setting))
    return "/" + root if root else ""


def origins_of(setting: str) -> tuple[str, ...]:
    """The web sites of ``frame_origins``.

    Raises:
        ValueError: one is not of the form ``https://host``; in French.
    """
    found = tuple(setting.split())
    for origin in found:
        if not re.fullmatch(r"https?://(?:\*\.)?[\w.-]+(?::\d+)?", origin, re.A):
            raise ValueError(words.BAD_ORIGIN.format(origin=origin))
    return found
