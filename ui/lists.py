"""Nested lists written from top to bottom: one item after another, each with its level."""

from __future__ import annotations

from markupsafe import Markup


class Lists:
    """Opens and closes ``<ul>`` and ``<li>`` in ``out`` as levels rise and fall."""

    def __init__(self, out: list[Markup]) -> None:
        self.out = out
        self.depth = 0

    def item(self, level: int) -> None:
        """Begin an item; one deeper than its parent at most, whatever ``level`` (from 1) says."""
        level = min(max(level, 1), self.depth + 1)
        if level > self.depth:
            self.out.append(Markup("<ul><li>"))
            self.depth += 1
        else:
            self.close(level)
            self.out.append(Markup("</li><li>"))

    def close(self, to: int = 0) -> None:
        """Close what is open above depth ``to``."""
        while self.depth > to:
            self.out.append(Markup("</li></ul>"))
            self.depth -= 1
