"""Pages from an address: what is refused, what is kept, what happens offline."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from index import fetching
from index.fetching import FetchError, check_address, fetch
from index.loading import PageError, load_page
from index.settings import Settings

PAGE = "# Les agences\n\n## Nord\n\nL’agence du Nord ouvre à 8 h.\n".encode()


class _Site(BaseHTTPRequestHandler):
    """Serves a page, redirects, errors and floods; notes what was asked."""

    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("if-none-match", "")))
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        away = {"/loin": "/page.md", "/ronde": "/ronde", "/interne": "http://10.0.0.1/secret", "/fichier": "file:///etc/passwd",
                "/autre": here.replace("127.0.0.1", "127.0.0.2") + "/page.md"}  # fmt: skip
        if self.path in away:
            self._send(302, b"", location=away[self.path])
        elif self.path == "/absente":
            self._send(404, b"non")
        elif self.path == "/panne":
            self._send(503, b"non")
        elif self.headers.get("if-none-match") == '"un"':
            self._send(304, b"")
        else:
            self._send(200, PAGE, etag='"un"', content_type="text/plain")

    def _send(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a server on this machine."""
    _Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_that_ends_in_md_is_markdown(site: str, tmp_path: Path) -> None:
    page = load_page(Settings(page=f"{site}/page.md", cache_dir=tmp_path))
    assert page.title == "Les agences" and page.url == f"{site}/page.md"
    assert [page.text[b.start : b.end] for b in page.blocks if b.kind == "heading"] == ["Les agences", "Nord"]
    assert load_page(Settings(page=f"{site}/loin", cache_dir=tmp_path)).url == f"{site}/page.md"


def test_a_second_start_asks_only_whether_it_changed(site: str, tmp_path: Path) -> None:
    first = fetch(f"{site}/page.md", tmp_path)
    second = fetch(f"{site}/page.md", tmp_path)
    assert first == second and first.fetched
    assert _Site.asked == [("/page.md", ""), ("/page.md", '"un"')]


def test_offline_the_kept_copy_is_read_and_said_so(
    site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = fetch(f"{site}/page.md", tmp_path)

    def unreachable(*_: object, **__: object) -> None:
        raise socket.gaierror(-3, "no network")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)
    assert fetch(f"{site}/page.md", tmp_path) == first
    assert "copie du" in capsys.readouterr().err
    with pytest.raises(FetchError, match="introuvable"):
        fetch("http://jamais.vu.test/", tmp_path)


def test_a_damaged_copy_is_not_read(site: str, tmp_path: Path) -> None:
    fetch(f"{site}/page.md", tmp_path)
    next(tmp_path.glob("*.page")).write_bytes(b"autre chose")
    assert fetch(f"{site}/page.md", tmp_path).data == PAGE


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/ronde", "sans fin"),
        ("/interne", "réseau interne"),
        ("/autre", "réseau interne"),
        ("/fichier", "http ou https"),
        ("/absente", "erreur 404"),
        ("/panne", "en panne"),
    ],
)
def test_what_is_refused_is_said_in_french(site: str, tmp_path: Path, path: str, why: str) -> None:
    with pytest.raises(PageError, match=why):
        load_page(Settings(page=f"{site}{path}", cache_dir=tmp_path))


@pytest.mark.parametrize(
    "url",
    [
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest",
        "http://[fd00::1]/",
        "http://0.0.0.0/",
    ],
)
def test_inner_addresses_need_the_flag(url: str) -> None:
    with pytest.raises(FetchError, match="PAGEQA_ALLOW_PRIVATE"):
        check_address(url, allow_private=False, allow_loopback=True)
    check_address(url, allow_private=True, allow_loopback=False)


def test_a_name_that_leads_to_this_machine_is_no_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)
    with pytest.raises(FetchError, match="réseau interne"):
        check_address("http://exemple.test/", allow_private=False, allow_loopback=True)
    check_address("http://localhost/", allow_private=False, allow_loopback=True)


def test_too_much_or_too_slow_is_cut(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 10)
    with pytest.raises(FetchError, match="trop grosse"):
        fetch(f"{site}/page.md", tmp_path)
    monkeypatch.setattr(fetching, "MOST_BYTES", 10_000)
    monkeypatch.setattr(fetching, "MOST_SECONDS", -1.0)
    with pytest.raises(FetchError, match="trop lente"):
        fetch(f"{site}/page.md", tmp_path)
