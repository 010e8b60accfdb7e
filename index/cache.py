"""The cache folder: whether it can be written, what serves in its place where it cannot, and why, in French."""

from __future__ import annotations

import atexit
import contextlib
import errno
import re
import shutil
import socket
import tempfile
from pathlib import Path

from index.notices import warn
from index.settings import Settings

_REASONS = {
    errno.ENOSPC: "le disque est plein",
    errno.EDQUOT: "le quota du disque est atteint",
    errno.EFBIG: "le fichier serait trop gros",
    errno.EROFS: "le disque est en lecture seule",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.ENOTDIR: "ce n'est pas un dossier",
    errno.EEXIST: "ce n'est pas un dossier",
    errno.ENOENT: "il n'existe pas",
    errno.EIO: "le disque a une panne",
    errno.EADDRNOTAVAIL: "cette adresse n'est pas une adresse de cette machine",
}
_PROBE = bytes(64 * 1024)
_COPIED = ("index", "pages")
"""Small, and written at each change; all else is large, and read where it stands."""


class CacheError(ValueError):
    """Neither the cache folder nor a temporary one can be written; the message says why, in French."""


def reason(error: BaseException) -> str:
    """Why a file could not be written or read, in a few words."""
    if isinstance(error, socket.gaierror):
        return "cette machine est introuvable"
    number = getattr(error, "errno", None)
    if number is None and (found := re.search(r"os error (\d+)", str(error))):  # libraries written in Rust
        number = int(found[1])
    return _REASONS.get(number or 0, f"erreur {number}" if number else "l'écriture a échoué")


def writable_cache(settings: Settings) -> Settings:
    """``settings``, with a temporary cache folder where theirs cannot be written; one line says so.

    What the other already holds serves. The temporary one is deleted when the process ends.

    Raises:
        CacheError: no temporary folder can be had.
    """
    try:
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".probe-", dir=settings.cache_dir) as probe:
            probe.write(_PROBE)
            probe.flush()
        return settings
    except OSError as error:
        why = reason(error)
    try:
        instead = Path(tempfile.mkdtemp(prefix="pageqa-"))
        atexit.register(shutil.rmtree, instead, ignore_errors=True)
        _borrow(settings.cache_dir, instead)
    except OSError as error:
        raise CacheError(
            f"ni le dossier de cache {settings.cache_dir} ({why}) ni un dossier temporaire ne peuvent être écrits"
        ) from error
    warn(
        f"Le dossier de cache {settings.cache_dir} ne peut pas être écrit ({why}) : un dossier temporaire le remplace."
    )
    return settings.with_(cache_dir=instead)


def _borrow(cache: Path, instead: Path) -> None:
    """What ``cache`` holds, in ``instead``: copied where it is small, linked where it is large."""
    if not cache.is_dir():
        return
    for folder in cache.iterdir():
        if not folder.is_dir() or folder.name.startswith("."):
            continue
        if folder.name in _COPIED:
            with contextlib.suppress(OSError, shutil.Error):  # made anew
                shutil.copytree(folder, instead / folder.name)
        elif folder.name == "engines":
            (instead / folder.name).mkdir()
            for network in folder.iterdir():
                if network.is_dir() and not network.name.startswith("."):
                    (instead / folder.name / network.name).symlink_to(network.resolve())
        else:
            (instead / folder.name).symlink_to(folder.resolve())
