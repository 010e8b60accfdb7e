"""A program's call, checked before Gradio sees it: Gradio would print what it cannot use, the question with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import gradio as gr

MOST_NAME = 64
"""Characters of a session's name."""


class BadCall(ValueError):
    """A call that no function can take: 404 where there is no such function, else 400."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Function:
    """A function of the application's: its number, its name, and how many values it takes."""

    number: int
    name: str
    takes: int


def functions_of(demo: gr.Blocks) -> tuple[Function, ...]:
    """The functions that programs may call."""
    return tuple(Function(number, str(fn.api_name), len(fn.inputs)) for number, fn in demo.fns.items())


def checked(path: str, body: bytes, functions: tuple[Function, ...]) -> bytes:
    """The body of a call at ``path`` (``queue/join``, ``call/NAME``, ``call/v2/NAME``), with as many values as its
    function takes: missing ones are null.

    Raises:
        BadCall: not JSON, not an object, no such function, or a field of the wrong kind.
    """
    try:
        call = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadCall(400) from error
    if not isinstance(call, dict):
        raise BadCall(400)
    by_number = path == "queue/join"
    wanted = call.get("fn_index") if by_number else path.rstrip("/").rsplit("/", 1)[1]
    found = [f for f in functions if wanted == (f.number if by_number else f.name)]
    if not found:
        raise BadCall(404)
    session = call.get("session_hash")
    if session is not None and (not isinstance(session, str) or len(session) > MOST_NAME):
        raise BadCall(400)
    if path.startswith("call/v2/"):
        return body
    if not isinstance(call.get("data"), list):
        raise BadCall(400)
    call["data"] = _as_many(call["data"], found[0].takes)
    return json.dumps(call).encode()


def _as_many(values: list[Any], number: int) -> list[Any]:
    return [*values[:number], *[None] * (number - len(values))]
