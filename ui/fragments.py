"""Addresses that open a public page at a quote (URL text fragments, ``#:~:text=``)."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

WHOLE = 100
"""Longest quote, in characters, that is put whole into the address."""
EDGE = 6
"""Words kept from each end of a longer quote."""

_WORD = re.compile(r"\S+")
_EDGES = '«»"“”()[]:;,.!?…–— \u00a0\u202f'


def web_address(url: str) -> str:
    """``url`` if it is one that a link may carry (http or https with a host), else nothing."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"[\s\x00-\x1f\x7f]", url)
    return url if good else ""


def text_directive(words: str) -> str:
    """The ``text=`` directive of a quote.

    A short quote on one line is given whole. A longer one, or one of several blocks, is given by
    its first and last words: a browser matches a whole text only inside one block, and the range
    keeps the address short.
    """
    line = " ".join(words.split())
    lines = [" ".join(x.split()) for x in words.splitlines() if x.strip()]
    if len(lines) < 2 and (len(line) <= WHOLE or len(_WORD.findall(line)) <= 2 * EDGE):
        return "text=" + encode(line)
    first = _WORD.findall(lines[0])[:EDGE]
    last = _WORD.findall(lines[-1])[-EDGE:]
    start, end = " ".join(first), " ".join(last)
    start, end = start.rstrip(_EDGES) or start, end.lstrip(_EDGES) or end
    return f"text={encode(start)},{encode(end)}"


def encode(words: str) -> str:
    """Percent-encoded UTF-8; comma, dash and ampersand too, for they are syntax in a directive."""
    return quote(words, safe="").replace("-", "%2D").replace("~", "%7E")


def fragment_address(url: str, words: str) -> str:
    """``url`` opened at ``words``; nothing where the address is unknown or not of the web."""
    url = web_address(url)
    if not url or not words.strip():
        return url
    base = url.split(":~:", 1)[0]
    return f"{base}{'' if '#' in base else '#'}:~:{text_directive(words)}"
