"""The application's own files, at addresses that change when they do: a browser keeps them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from ui import words
from ui.html import render
from ui.look import Look

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOLDERS = ("css", "js", "assets")
APP_STYLES = ("css/app.css", "css/page.css", "css/sizes.css")


@cache
def contents() -> dict[str, tuple[bytes, str]]:
    """Content and type of every file that is served, by its path under ``ui``; of no other."""
    found = {}
    for folder in _FOLDERS:
        for item in files("ui").joinpath(folder).iterdir():
            kind = _KINDS.get(item.name[item.name.rfind(".") :])
            if kind:
                found[f"{folder}/{item.name}"] = (item.read_bytes(), kind)
    return found


@cache
def version() -> str:
    """Changes when any file does."""
    told = hashlib.sha256()
    for name, (content, _) in sorted(contents().items()):
        told.update(name.encode() + b"\0" + content)
    return told.hexdigest()[:12]


def address(name: str) -> str:
    """Where the browser finds a file."""
    return f"./ui/{version()}/{name}"


def head(look: Look) -> str:
    """What the page's ``<head>`` needs: title, icon, styles, colours, scripts and their words."""
    names = sorted(contents())
    modules = [name for name in names if name.endswith(".js") and name != "js/main.js"]
    return str(render("head.html", look=look, styles=APP_STYLES, modules=modules, told=words.SCRIPT, address=address))
