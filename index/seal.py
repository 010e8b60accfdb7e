"""A folder that is whole: one file, written last, tells the length and the checksum of all others."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

SEAL = "seal"
GONE = ".gone-"
"""How the name begins of what is being deleted."""


def seal(folder: Path) -> None:
    """Say of every file in ``folder`` what it holds."""
    told = {
        str(file.relative_to(folder)): [file.stat().st_size, file.stat().st_mtime_ns, _checksum(file)]
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file.name != SEAL
    }
    (folder / SEAL).write_text(json.dumps(told), encoding="utf-8")


def is_whole(folder: Path, *, by_time: bool = False) -> bool:
    """Whether every file that was sealed is as it was; others may have come.

    ``by_time`` takes a file that was not written since for what it was: for the large ones, read at each start.
    """
    try:
        told = json.loads((folder / SEAL).read_text(encoding="utf-8"))
        return all(_same(folder / name, *facts, by_time=by_time) for name, facts in told.items())
    except (OSError, ValueError, TypeError, AttributeError):
        return False


def _same(file: Path, size: int, time: int, checksum: str, *, by_time: bool) -> bool:
    found = file.stat()
    if found.st_size != size:
        return False
    return (by_time and found.st_mtime_ns == time) or _checksum(file) == checksum


def _checksum(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def put(temporary: Path, folder: Path) -> None:
    """Seal ``temporary`` and give it its place. Whatever stood there is damaged, and goes."""
    seal(temporary)
    drop(folder)
    temporary.replace(folder)


def drop(path: Path) -> None:
    """Take away a folder, or a link to one, by its name first: nobody finds half of it."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.exists():
        gone = path.with_name(f"{GONE}{path.name}")
        shutil.rmtree(gone, ignore_errors=True)
        path.replace(gone)
        shutil.rmtree(gone, ignore_errors=True)


def sweep(folder: Path, *prefixes: str) -> None:
    """Take away what a process that was killed has left; whoever calls holds the lock under which it was made."""
    for prefix in prefixes:
        for left in folder.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
