"""One reader's conversation, held in the server's memory for as long as the tab lives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from index.page import Page
from rag.answer import Turn
from ui import answer_view
from ui.export import conversation_markdown


@dataclass(frozen=True)
class Entry:
    """One exchange as the reader sees it: an answered turn, or a question that failed."""

    question: str
    turn: Turn | None = None
    vote: answer_view.Vote = ""
    note: str = ""

    def html(self, number: int, page: Page) -> str:
        """What the browser draws."""
        if self.turn is None:
            return answer_view.error(number, self.question, self.note)
        return answer_view.exchange(number, self.turn, page, self.vote, self.note)


@dataclass(frozen=True)
class Session:
    """The entries so far, oldest first.

    ``before`` counts exchanges that the browser still shows and the server has forgotten: Gradio
    drops the state of a tab that slept for long. Numbers go on from there.
    """

    entries: tuple[Entry, ...] = ()
    before: int = 0

    @property
    def count(self) -> int:
        """The number of the last exchange."""
        return self.before + len(self.entries)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What was answered: the history of the next question."""
        return tuple(entry.turn for entry in self.entries if entry.turn is not None)

    def after(self, shown: int) -> Session:
        """The same conversation where the browser already shows ``shown`` exchanges."""
        return self if shown <= self.count else replace(self, before=shown - len(self.entries))

    def get(self, number: int) -> Entry | None:
        """Exchange ``number``, if it is remembered."""
        place = number - self.before - 1
        return self.entries[place] if 0 <= place < len(self.entries) else None

    def add(self, entry: Entry) -> Session:
        """The conversation with one more entry."""
        return replace(self, entries=(*self.entries, entry))

    def change(self, number: int, **changes: Any) -> Session:
        """Exchange ``number`` with some fields changed."""
        entries = list(self.entries)
        place = number - self.before - 1
        entries[place] = replace(entries[place], **changes)
        return replace(self, entries=tuple(entries))

    def show(self, page: Page, number: int | None = None) -> dict[str, Any]:
        """What the browser draws when exchange ``number`` (the last) is done: that one only.

        The others stand on the screen already: sending them again would cost more with each answer.
        """
        number = self.count if number is None else number
        entry = self.get(number)
        if entry is None:
            return {"count": self.count, "turn": None}
        state = "done" if entry.turn else "error"
        turn = {"id": number, "html": entry.html(number, page), "state": state, "asked": entry.question}
        return {"count": self.count, "turn": turn, "markdown": conversation_markdown(self.turns, page)}

    def under_way(self, html: str, state: str) -> dict[str, Any]:
        """What the browser draws while the next exchange is not done."""
        number = self.count + 1
        return {"count": number, "turn": {"id": number, "html": html, "state": state, "asked": ""}}
