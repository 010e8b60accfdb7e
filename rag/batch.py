"""A file of questions in, a file of answers out: the contract that measures the project."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

from rag.answer import Turn
from rag.assistant import Assistant
from rag.question.cleaning import QuestionError


def answer_lines(assistant: Assistant, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """An answer for each line that is not blank, in order; a line that is not valid gets an ``error``."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        identity: Any = None
        try:
            data = json.loads(line.removeprefix("\ufeff"))  # a BOM, where the standard input has one
            if not isinstance(data, dict):
                raise ValueError("la ligne n'est pas un objet JSON")
            identity = data.get("id")
            question, history = data.get("question"), data.get("history", [])
            if not isinstance(question, str):
                raise ValueError("il manque « question », un texte")
            if not isinstance(history, list) or not all(isinstance(q, str) for q in history):
                raise ValueError("« history » doit être une liste de questions")
            before = _conversation(assistant, history)
            answer = assistant.ask(question, before)
            spent = answer.latency_ms + sum(turn.answer.latency_ms for turn in before)
            yield {"id": identity, **answer.to_json(), "latency_ms": round(spent, 2)}
        except json.JSONDecodeError as error:
            yield {"id": identity, "error": f"ligne {number} : ce n'est pas du JSON ({error.msg})"}
        except (QuestionError, ValueError) as error:
            yield {"id": identity, "error": f"ligne {number} : {error}"}


def _conversation(assistant: Assistant, history: Iterable[str]) -> list[Turn]:
    """The earlier questions, asked one after the other; an unusable one says nothing about the next."""
    turns: list[Turn] = []
    for question in history:
        with contextlib.suppress(QuestionError):
            answer = assistant.ask(question, turns)
            turns.append(Turn(answer.question, answer))
    return turns
