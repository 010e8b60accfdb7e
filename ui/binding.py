"""The address that the server listens on, taken before anything slow is imported."""

from __future__ import annotations

import os
import socket

from ui import words

LOCAL, PUBLIC, NONE = "local", "public", "none"


def bind(host: str, port: int) -> socket.socket:
    """A listening address. Who comes before the server is up waits instead of being turned away.

    Raises:
        OSError: taken, or not an address of this machine.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(128)
    except OSError:
        bound.close()
        raise
    return bound


def address_of(bound: socket.socket) -> str:
    """What to type into a browser."""
    host, port = bound.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host}:{port}/"


def place_of(setting: str) -> tuple[str, int] | None:
    """Host and port of the metrics where they have a port of their own; None where they do not.

    Raises:
        ValueError: the setting is none of ``local``, ``public``, ``none``, ``host:port``; in French.
    """
    if setting in (LOCAL, PUBLIC, NONE):
        return None
    host, _, port = setting.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) <= 65535:
        raise ValueError(words.BAD_METRICS.format(place=setting))
    return host.strip("[]"), int(port)
