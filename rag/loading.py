"""What an assistant needs that is learnt or far away, loaded by its settings."""

from __future__ import annotations

from pathlib import Path

from index.encoder import Encoder
from index.notices import warn
from index.packing import WeightsMismatch
from index.settings import BUNDLED, Settings
from index.store import Index
from rag.generate.phrasing import Phraser
from rag.generate.writer import Writer
from rag.read.decision import Judge, load_decision
from rag.read.weights import WEIGHTS, load_reader
from rag.retrieve.cohort import load_cohort
from rag.support.check import load_check


def load_judge(settings: Settings, encoder: Encoder, index: Index) -> Judge:
    """The trained reader and its decision, with the cohort where ``encoder`` embedded ``index``."""
    folder = WEIGHTS if settings.reader == BUNDLED else Path(settings.reader).expanduser()
    reader, decision = load_reader(folder, encoder), load_decision(folder / "decision.json")
    embedded = index.manifest.get("model_checksum") == encoder.checksum
    cohort = load_cohort(encoder.trained_for) if embedded else None
    return Judge(reader, decision, index.passages, cohort)


def load_phraser(settings: Settings, encoder: Encoder, index: Index) -> Phraser | None:
    """What phrases answers with the language model of ``settings``; None where there is none."""
    writer = load_writer(settings)
    if writer is None:
        return None
    try:
        check = load_check(encoder)
    except WeightsMismatch as error:
        warn(f"{error} : aucune phrase ne peut être vérifiée, la page répond seule.")
        return None
    return Phraser(writer, check, index.page, index.passages, settings.generator_seconds)


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
