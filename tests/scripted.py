"""A language model's server that writes what a test hands it, over OpenAI's protocol on loopback: what an excellent, a lying,
a slow or a broken model would send. The client, the network and everything behind them are real."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Script:
    """``text`` is streamed word by word with ``pause`` seconds between; broken off after ``break_after`` words."""

    text: str = ""
    pause: float = 0.0
    break_after: int = 0
    statuses: list[int] = field(default_factory=list)
    """Of the next requests: those that are not 200 are answered by an error."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Requests that came, with their ``Authorization`` under "key"."""
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when a client left before the end."""


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script = self.script
        script.asked.append({**body, "key": self.headers["Authorization"]})
        status = script.statuses.pop(0) if script.statuses else 200
        self.send_response(status)
        self.send_header("Content-Type", "text/event-stream" if status == 200 else "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        if status != 200:
            self.wfile.write(b'{"error": {"message": "no", "type": "test"}}')
            return
        try:
            self._stream(script)
        except (BrokenPipeError, ConnectionResetError):
            script.gone.set()

    def _stream(self, script: Script) -> None:
        for number, word in enumerate(script.text.split(" "), 1):
            if script.break_after and number > script.break_after:
                self.close_connection = True
                return
            self._send({"delta": {"content": ("" if number == 1 else " ") + word}, "index": 0, "finish_reason": None})
            time.sleep(script.pause)
        self._send({"delta": {}, "index": 0, "finish_reason": "stop"})
        self.wfile.write(b"data: [DONE]\n\n")

    def _send(self, choice: dict[str, Any]) -> None:
        event = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "script", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def scripted(script: Script) -> Iterator[str]:
    """A server for a ``with`` block: the setting ``generator`` that uses it."""
    handler = type("Handler", (_Handler,), {"script": script})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"openai:http://127.0.0.1:{server.server_port}/v1#script"
    finally:
        server.shutdown()
        server.server_close()
