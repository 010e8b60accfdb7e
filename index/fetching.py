"""A page from its address: what is asked for, of whom, how much of it, and the copy that is kept."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import os
import socket
import time
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from urllib.request import getproxies

from index.cache import reason
from index.notices import warn

MOST_BYTES = 20_000_000
MOST_SECONDS = 30.0
MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_AGENT = "pageqa (lecture d'une page publique)"
_ACCEPT = "text/html,application/xhtml+xml,text/markdown,text/plain;q=0.9,application/pdf;q=0.9,*/*;q=0.5"


class FetchError(ValueError):
    """The address gave no page; the message says why, in French."""


class _AwayError(FetchError):
    """Nobody answered: a copy that was kept may serve."""


@dataclass(frozen=True)
class Fetched:
    """What came from an address. ``url`` is where it stood after redirects, ``fetched`` a day (ISO)."""

    url: str
    data: bytes
    content_type: str
    fetched: str = ""
    etag: str = ""
    last_modified: str = ""


def fetch(url: str, folder: Path, *, allow_private: bool = False) -> Fetched:
    """What stands at ``url``, or the copy in ``folder`` where it has not changed or nobody answers.

    Only http and https; at most :data:`MOST_BYTES`, :data:`MOST_SECONDS` and
    :data:`MOST_REDIRECTS`. Addresses inside the operator's network are refused unless
    ``allow_private``, again after each redirect; the machine itself may be named (127.0.0.1,
    localhost), for whoever types that means it, but no redirect may lead there.

    Raises:
        FetchError: refused, too long, an error of the server, or nobody answered and no copy is kept.
    """
    kept = _kept(url, folder)
    try:
        came = _follow(url, kept, allow_private)
    except _AwayError as error:
        if kept is None:
            raise
        day = "/".join(reversed(kept.fetched[:10].split("-")))
        warn(f"{error} : la copie du {day} est lue.")
        return kept
    if came is None and kept is not None:
        return kept
    if came is None:
        raise FetchError(f"la page {url} n'a rien donné")
    _keep(url, folder, came)
    return came


def _follow(url: str, kept: Fetched | None, allow_private: bool) -> Fetched | None:
    """The answer at the end of the redirects; ``None`` where the kept copy still stands."""
    import httpx

    named = urlsplit(url)
    until = time.monotonic() + MOST_SECONDS
    here = url
    with httpx.Client(timeout=httpx.Timeout(10.0), trust_env=True, follow_redirects=False) as client:
        for _ in range(MOST_REDIRECTS + 1):
            own = (urlsplit(here).scheme, urlsplit(here).netloc) == (named.scheme, named.netloc)
            check_address(here, allow_private=allow_private, allow_loopback=own)
            try:
                inner = allow_private or (own and _names_itself(named.hostname or ""))
                came = _get(client, here, kept, until, inner)
            except (httpx.TransportError, OSError) as error:
                raise _AwayError(f"la page {url} ne répond pas ({type(error).__name__})") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise FetchError(f"la page {url} ne peut pas être lue : {error}") from error
            if not isinstance(came, str):
                return came
            here = urljoin(here, came)
    raise FetchError(f"la page {url} renvoie sans fin d'une adresse à une autre")


def check_address(url: str, *, allow_private: bool, allow_loopback: bool) -> None:
    """Refuse what is not http(s), and hosts that stand inside the operator's network.

    Raises:
        FetchError: refused, or no such host.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FetchError(f"l'adresse {url} n'est pas une adresse http ou https")
    if allow_private:
        return
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or parts.scheme, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, ValueError) as error:
        raise _AwayError(f"le site {parts.hostname} est introuvable") from error
    for entry in found:
        address = ipaddress.ip_address(str(entry[4][0]).split("%")[0])
        itself = address.is_loopback and allow_loopback and _names_itself(parts.hostname)
        if not address.is_global and not itself:
            raise FetchError(
                f"l'adresse {url} est dans le réseau interne ({address}) : posez PAGEQA_ALLOW_PRIVATE=1 pour l'accepter"
            )


def _names_itself(host: str) -> bool:
    """Whether a host is this machine by its very name, not by what a name server says."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_peer(response: Any, url: str, allow: bool) -> None:
    """Refuse an answer from inside the network: a name may have led elsewhere since it was checked."""
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    if allow or not peer or getproxies():
        return
    if not ipaddress.ip_address(str(peer[0]).split("%")[0]).is_global:
        raise FetchError(f"l'adresse {url} mène dans le réseau interne")


def _get(client: Any, url: str, kept: Fetched | None, until: float, allow: bool) -> Fetched | str | None:
    """One request: what came, the address it redirects to, or ``None`` where nothing changed."""
    headers = {"user-agent": _AGENT.encode(), "accept": _ACCEPT, "accept-language": "fr"}
    if kept is not None and kept.url == url:
        headers |= {"if-none-match": kept.etag} if kept.etag else {}
        headers |= {"if-modified-since": kept.last_modified} if kept.last_modified else {}
    with client.stream("GET", url, headers=headers) as response:
        _check_peer(response, url, allow)
        if response.status_code in _REDIRECTS and "location" in response.headers:
            return str(response.headers["location"])
        if response.status_code == 304 and kept is not None:
            return None
        if response.status_code >= 500:
            raise _AwayError(f"le site de {url} est en panne (erreur {response.status_code})")
        if response.status_code >= 400:
            raise FetchError(f"la page {url} n'est pas donnée (erreur {response.status_code})")
        return Fetched(
            url=url,
            data=_body(response, url, until),
            content_type=response.headers.get("content-type", ""),
            fetched=datetime.now(UTC).isoformat(timespec="seconds"),
            etag=response.headers.get("etag", ""),
            last_modified=response.headers.get("last-modified", ""),
        )


def _body(response: Any, url: str, until: float) -> bytes:
    """The body, as long as it is neither too long nor too slow."""
    parts: list[bytes] = []
    size = 0
    for part in response.iter_bytes():
        size += len(part)
        if size > MOST_BYTES:
            raise FetchError(f"la page {url} est trop grosse (plus de {MOST_BYTES // 1_000_000} Mo)")
        if time.monotonic() > until:
            raise FetchError(f"la page {url} est trop lente (plus de {MOST_SECONDS:.0f} secondes)")
        parts.append(part)
    return b"".join(parts)


def _paths(url: str, folder: Path) -> tuple[Path, Path]:
    name = hashlib.sha256(url.encode()).hexdigest()[:16]
    return folder / f"{name}.json", folder / f"{name}.page"


def _kept(url: str, folder: Path) -> Fetched | None:
    about, body = _paths(url, folder)
    try:
        facts = json.loads(about.read_text(encoding="utf-8"))
        data = body.read_bytes()
        if hashlib.sha256(data).hexdigest() != facts.pop("sha256"):
            return None
        return Fetched(data=data, **facts)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(url: str, folder: Path, came: Fetched) -> None:
    """Keep a copy; where the disk refuses, the page is read all the same."""
    about, body = _paths(url, folder)
    facts = {name: value for name, value in asdict(came).items() if name != "data"}
    facts["sha256"] = hashlib.sha256(came.data).hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in ((body, came.data), (about, json.dumps(facts).encode())):
            temporary = path.with_suffix(f"{path.suffix}.{os.getpid()}")
            temporary.write_bytes(content)
            temporary.replace(path)
    except OSError as error:
        warn(f"la copie de {url} ne peut pas être gardée : {reason(error)}.")
