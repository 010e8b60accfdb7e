"""Behind a proxy that serves the chat under a path of its own."""

from __future__ import annotations

import http.client
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import CAMPUS, HUB, Live, Opener, live
from ui import words
from ui.mend import root_of

HOP = ("connection", "transfer-encoding", "keep-alive", "date", "server", "content-length")


@contextmanager
def proxy(port: int, strip: bool) -> Iterator[str]:
    """``/assistant/…`` of another port, as nginx passes it on; its prefix is taken away or left."""

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if not self.path.startswith("/assistant/"):
                self.send_error(404)
                return
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            there = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            kept = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
            kept |= {"X-Forwarded-Host": self.headers["host"], "X-Forwarded-Proto": "http"}
            path = self.path.removeprefix("/assistant") if strip else self.path
            there.request(self.command, path, body or None, kept)
            answer = there.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            there.close()

        do_POST = do_GET

        def log_message(self, *_: Any) -> None: ...

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{site.server_port}/assistant/"
    finally:
        site.shutdown()


@pytest.fixture
def under(settings: Settings, assistant: Assistant) -> Iterator[Live]:
    with live(settings.with_(root_path="/assistant"), lambda *_: assistant) as running:
        running.loader.wait(10)
        yield running


@pytest.mark.parametrize("strip", [True, False])
def test_the_chat_under_a_path(reader: Opener, under: Live, strip: bool) -> None:
    port = under.server.bound.getsockname()[1]
    with proxy(port, strip) as url:
        person = reader(url)
        person.ask(HUB).locator("a.mark").first.click()
        assert "Health Data Hub" in person.marked()
        person.page.reload()
        person.answered(1)
        assert person.page.url == url
        # what another assistant of the same host keeps is not mixed up with this one's
        kept = person.js("Object.keys(localStorage)")
        assert "pageqa.conversations/assistant/" in kept
        assert all(name.endswith("/assistant/") for name in kept)
        person.page.get_by_role("link", name=words.DATA).click()
        person.page.get_by_role("link", name=words.BACK_TO_APP).click()
        person.answered(1)
        person.page.goto(url + "embed?q=" + CAMPUS)
        person.answered(1)
        assert person.page.url.startswith(url)


@pytest.mark.parametrize(("given", "root"), [("", ""), ("/", ""), ("assistant/", "/assistant"), ("/a/b", "/a/b")])
def test_a_root_path_is_written_as_one_likes(given: str, root: str) -> None:
    assert root_of(given) == root


def test_a_root_path_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="chemin"):
        root_of("/a b?c")
