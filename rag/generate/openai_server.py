"""Any server that speaks OpenAI's chat protocol: Ollama, vLLM, llama.cpp, Albert."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import Any

from rag.generate.prompt import Messages
from rag.generate.writer import MOST_TOKENS, WriterError

TRIES = 3
FIRST_PAUSE = 0.4
"""Seconds before the second try; twice as many before the third."""
_AGAIN = frozenset((408, 409, 429, 500, 502, 503, 504))


class OpenAIWriter:
    """The official client on one server. ``seconds`` are for a whole answer, tries included."""

    def __init__(self, address: str, model: str, key: str, seconds: float) -> None:
        try:
            from openai import OpenAI
        except ImportError as error:
            raise ValueError("il manque la bibliothèque « openai » : pip install 'pageqa[llm]'") from error
        self.model = model
        self.seconds = seconds
        # without retries of its own, which know no time limit over all of them
        self.client = OpenAI(base_url=address, api_key=key or "none", timeout=seconds, max_retries=0)

    def write(self, messages: Messages, stopped: Callable[[], bool]) -> Generator[str]:
        """Pieces of the answer. A server that is not there is tried again while there is time, one that began is not."""
        stream = self._begun(messages, stopped)
        try:
            for event in stream:
                if stopped():
                    return
                piece = event.choices[0].delta.content if event.choices else None
                if piece:
                    yield piece
                if event.choices and event.choices[0].finish_reason:
                    return
        except Exception as error:  # whatever the client, its transport or its parser meet in the middle
            raise WriterError("cut", f"{type(error).__name__}: {error}") from error
        finally:
            stream.close()
        if not stopped():
            raise WriterError("cut", "the stream ended without a reason")

    def _begun(self, messages: Messages, stopped: Callable[[], bool]) -> Any:
        import openai

        over = time.monotonic() + self.seconds
        pause = FIRST_PAUSE
        for attempt in range(TRIES):
            try:
                chat: Any = self.client.with_options(timeout=max(0.1, over - time.monotonic())).chat.completions
                return chat.create(
                    model=self.model, messages=messages, stream=True, temperature=0.0, max_tokens=MOST_TOKENS
                )
            except openai.APITimeoutError as error:
                raise WriterError("slow", str(error)) from error
            except (openai.APIConnectionError, openai.APIStatusError) as error:
                status = getattr(error, "status_code", 0)
                if status and status not in _AGAIN:
                    raise WriterError("refused", str(error)) from error
                if attempt == TRIES - 1 or stopped() or time.monotonic() + pause >= over:
                    raise WriterError("down", str(error)) from error
            except openai.OpenAIError as error:
                raise WriterError("down", str(error)) from error
            time.sleep(pause)
            pause *= 2
        raise WriterError("down")
