"""One reader's conversation, held in the server's memory for as long as the tab lives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from index.page import Page
from rag.answer import Turn
from ui import render, words
from ui.export import conversation_markdown


@dataclass(frozen=True)
class Entry:
    """One exchange as the reader sees it: an answered turn, or a question that failed."""

    question: str
    turn: Turn | None = None
    vote: render.Vote = ""
    note: str = ""

    def html(self, number: int, page: Page) -> str:
        """What the browser draws."""
        if self.turn is None:
            return render.error(number, self.question, self.note)
        return render.exchange(number, self.turn, page, self.vote, self.note)


@dataclass(frozen=True)
class Session:
    """The entries so far, oldest first; the first is number 1."""

    entries: tuple[Entry, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was answered: the history of the next question."""
        return tuple(entry.turn for entry in self.entries if entry.turn is not None)

    def add(self, entry: Entry) -> Session:
        """The conversation with one more entry."""
        return replace(self, entries=(*self.entries, entry))

    def change(self, number: int, **changes: Any) -> Session:
        """Entry ``number`` (from 1) with some fields changed."""
        entries = list(self.entries)
        entries[number - 1] = replace(entries[number - 1], **changes)
        return replace(self, entries=tuple(entries))

    def show(self, page: Page, last: tuple[str, str] | None = None) -> dict[str, Any]:
        """What the browser draws; ``last`` is the HTML and state of a turn still under way."""
        turns = [
            {
                "id": n,
                "html": entry.html(n, page),
                "state": "done" if entry.turn else "error",
                "asked": entry.question,
            }
            for n, entry in enumerate(self.entries, 1)
        ]
        if last is not None:
            turns.append({"id": len(turns) + 1, "html": last[0], "state": last[1], "asked": ""})
        markdown = conversation_markdown(self.turns, page) if self.turns and last is None else ""
        return {"turns": turns, "markdown": markdown, "file": words.FILE_NAME}
