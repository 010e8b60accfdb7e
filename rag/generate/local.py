"""A local model by Transformers: a name, a folder or a GGUF file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.encoder import fast_bfloat16
from rag.generate.prompt import Messages
from rag.generate.writer import MOST_TOKENS, WriterError


@dataclass
class LocalWriter:
    """A causal language model with its tokenizer's chat template; one answer at a time."""

    model: Any
    tokenizer: Any
    alone: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def load(cls, name: str) -> LocalWriter:
        """The model ``name``, on the GPU if there is one, in bfloat16 where the machine is fast at it.

        Raises:
            OSError: no such model.
            ValueError: it has no chat template.
        """
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        path = Path(name).expanduser()
        options: dict[str, Any] = {}
        source = str(path) if path.exists() else name
        if path.suffix == ".gguf":
            source, options = str(path.parent), {"gguf_file": path.name}
        tokenizer: Any = AutoTokenizer.from_pretrained(source, **options)
        if not tokenizer.chat_template:
            raise ValueError(f"le modèle {name} n'a pas de gabarit de conversation : prenez un modèle « instruct »")
        dtype = torch.bfloat16 if fast_bfloat16() else torch.float32
        model: Any = AutoModelForCausalLM.from_pretrained(source, dtype=dtype, **options)
        return cls(model.to("cuda" if torch.cuda.is_available() else "cpu").eval(), tokenizer)

    def write(self, messages: Messages, stopped: Callable[[], bool]) -> Generator[str]:
        """Pieces of the answer, the likeliest word each time."""
        from transformers import StoppingCriteria, StoppingCriteriaList, TextIteratorStreamer

        class Stop(StoppingCriteria):
            def __call__(self, *_: Any, **__: Any) -> Any:
                return left.is_set() or stopped()

        left = threading.Event()
        failed: list[BaseException] = []
        streamer: Any = TextIteratorStreamer(self.tokenizer, skip_prompt=True, skip_special_tokens=True)
        inputs = self.tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_dict=True, return_tensors="pt"
        ).to(self.model.device)

        def generate() -> None:
            try:
                with self.alone:
                    self.model.generate(
                        **inputs, streamer=streamer, max_new_tokens=MOST_TOKENS, do_sample=False,
                        stopping_criteria=StoppingCriteriaList([Stop()]),
                    )  # fmt: skip
            except Exception as error:
                failed.append(error)
                streamer.end()

        threading.Thread(target=generate, name="local model", daemon=True).start()
        try:
            yield from streamer
        finally:
            left.set()
        if failed:
            raise WriterError("cut", f"{type(failed[0]).__name__}: {failed[0]}")
