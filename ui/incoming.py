"""What comes from a client, made fit to be written again: into JSON, a page, a database."""

from __future__ import annotations

import unicodedata
from typing import Any

DEEPEST = 12
"""Lists and objects inside one another; a conversation needs eight."""
_KEPT = "\n\t\u200c\u200d\u200e\u200f"
"""Of the characters that cannot be seen: those that a text needs (lines, joiners, directions)."""


def incoming(value: Any, deep: int = DEEPEST) -> Any:
    """``value`` of a JSON body with its texts written clean (:func:`clean_text`); None for what stands too deep."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(name)): incoming(item, deep - 1) for name, item in value.items()} if deep else None
    if isinstance(value, list):
        return [incoming(item, deep - 1) for item in value] if deep else None
    return value if value is None or isinstance(value, (bool, int, float)) else None


def clean_text(text: str) -> str:
    """``text`` without NUL and other control characters (a space for those that are one), nor the halves of characters that no UTF-8 can hold."""
    if text.isprintable():
        return text
    unseen = (c not in _KEPT and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn") for c in text)
    return "".join((" " if c.isspace() else "") if u else c for c, u in zip(text, unseen, strict=True))


def mapping(request: Any) -> dict[str, Any]:
    """A request of the browser: an object, whatever came."""
    found = incoming(request)
    return found if isinstance(found, dict) else {}


def text_of(value: Any, most: int) -> str:
    """``value`` where it is a text, cut to ``most`` characters; nothing where it is something else."""
    return value[:most] if isinstance(value, str) else ""
