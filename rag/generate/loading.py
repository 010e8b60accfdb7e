"""The language model that the settings name."""

from __future__ import annotations

from index.settings import Settings
from rag.generate.writer import Writer


def load_writer(settings: Settings) -> Writer | None:
    """The writer that ``settings.generator`` names; None where there is none.

    Raises:
        ValueError: the setting cannot be read, or its library is not installed; said in French.
        OSError: no such local model.
    """
    kind, _, name = settings.generator.partition(":")
    if kind == "openai":
        from rag.generate.openai_server import OpenAIWriter

        address, _, model = name.rpartition("#")
        return OpenAIWriter(address, model, settings.generator_key, settings.generator_seconds)
    if kind == "transformers":
        from rag.generate.local import LocalWriter

        return LocalWriter.load(name)
    return None
