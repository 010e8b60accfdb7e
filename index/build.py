"""Open the index that fits the settings: load it, or build and keep it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from filelock import FileLock

from index.cache import reason
from index.encoder import Encoder
from index.language import remark
from index.loading import load_page
from index.notices import warn
from index.page import Page
from index.passages import split_passages
from index.progress import Progress
from index.seal import GONE, drop, sweep
from index.settings import Settings
from index.store import TEMPORARY, Index, IndexDamaged, manifest_of


def open_index(settings: Settings, encoder: Encoder, progress: Progress | None = None) -> Index:
    """The index of the page that the settings name.

    Loaded where one is kept and fits; else built and kept. A damaged one is rebuilt, with one line
    on standard error. Each version of page, model and settings has a folder of its own, which comes whole and is
    never written again: whoever reads has the old or the new one. The old one goes once the new one is there.

    Raises:
        PageError: the page cannot be read.
    """
    page = load_page(settings)
    if said := remark(page.language):
        warn(f"{said}.")
    wanted = manifest_of(page, encoder, settings.passage_chars)
    home = index_folder(settings)
    folder = home / version_of(wanted)
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(str(home) + ".lock"):
        sweep(home, TEMPORARY, GONE)
        try:
            return Index.load(folder)
        except FileNotFoundError:
            pass
        except IndexDamaged as error:
            warn(f"{error} : il est reconstruit.")
        index = build_index(page, settings, encoder, progress)
        try:
            index.save(folder)
            for other in home.iterdir():
                if other.is_dir() and other != folder:
                    drop(other)
        except OSError as error:  # a read-only or full disk: answer all the same
            warn(f"L'index ne peut pas être enregistré dans {home} : {reason(error)}.")
    return index


def build_index(page: Page, settings: Settings, encoder: Encoder, progress: Progress | None = None) -> Index:
    """A new index of ``page``, in memory."""
    passages = split_passages(page, settings.passage_chars)
    manifest = manifest_of(page, encoder, settings.passage_chars)
    tell = progress or (lambda message, fraction: None)
    return Index.build(
        page, passages, encoder, manifest, lambda fraction: tell("Indexation de la page", 0.5 + fraction / 2)
    )


def version_of(manifest: dict[str, Any]) -> str:
    """The name of the folder of an index with this manifest."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:16]


def index_folder(settings: Settings) -> Path:
    """Where the index of these settings is kept, by version, with what else is known of the page."""
    key = hashlib.sha256(f"{settings.page}\n{settings.model}".encode()).hexdigest()[:16]
    return settings.cache_dir / "index" / key
