"""Who may sign in: a file with a line for each user, name and scrypt hash. Gradio's own sign-in asks it.

The file is read again when it has changed. A line is ``name:n:r:p:salt:hash``, salt and hash in hexadecimal.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ui import words

if TYPE_CHECKING:
    from ui.metrics import Metrics

log = logging.getLogger(__name__)

NAME = re.compile(r"[\w.@+-]{1,64}")
SHORTEST = 10
"""Characters of a password."""
LONGEST = 1000
MOST_MEMORY = 2**28
"""Bytes that one hash may take."""
MOST_SIGN_INS = 20
"""Tries a minute of one address."""


@dataclass(frozen=True)
class Hashed:
    """A password's scrypt hash. The cost is OWASP's for 32 MB: n 2^15, r 8, p 3, a fifth of a second."""

    salt: bytes
    hash: bytes
    n: int = 2**15
    r: int = 8
    p: int = 3

    @classmethod
    def of(cls, password: str) -> Hashed:
        """The hash of a new password."""
        salt = secrets.token_bytes(16)
        return cls(salt, _scrypt(password, salt, cls.n, cls.r, cls.p))

    @classmethod
    def read(cls, line: str) -> Hashed:
        """What :meth:`line` wrote.

        Raises:
            ValueError: it did not.
        """
        n, r, p, salt, made = line.split(":")
        read = cls(bytes.fromhex(salt), bytes.fromhex(made), int(n), int(r), int(p))
        if (
            read.n < 2
            or read.n & (read.n - 1)
            or 128 * read.n * read.r > MOST_MEMORY // 2
            or min(read.r, read.p) < 1
            or not made
        ):
            raise ValueError("no scrypt hash")
        return read

    def line(self) -> str:
        """As the file holds it."""
        return f"{self.n}:{self.r}:{self.p}:{self.salt.hex()}:{self.hash.hex()}"

    def is_of(self, password: str) -> bool:
        """Whether ``password`` is the one, in a time that does not tell how far it is."""
        return hmac.compare_digest(_scrypt(password, self.salt, self.n, self.r, self.p), self.hash)


def _scrypt(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    told = password[:LONGEST].encode("utf-8", "surrogatepass")
    return hashlib.scrypt(told, salt=salt, n=n, r=r, p=p, maxmem=MOST_MEMORY)


def read_users(file: Path) -> Mapping[str, Hashed]:
    """The users of ``file``.

    Raises:
        ValueError: it cannot be read, or a line of it; in French.
    """
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(words.USERS_UNREADABLE.format(file=file)) from error
    users = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, hashed = line.strip().partition(":")
        try:
            users[name] = Hashed.read(hashed)
        except ValueError as error:
            raise ValueError(words.USERS_BAD_LINE.format(file=file, number=number)) from error
    return users


def put_user(file: Path, name: str, password: str) -> None:
    """Write ``name`` with its password's hash into ``file``, in place of an earlier one; only its owner may read it.

    Raises:
        ValueError: the name or the password will not do, or the file cannot be written; in French.
    """
    if not NAME.fullmatch(name):
        raise ValueError(words.USERS_BAD_NAME)
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(words.USERS_BAD_PASSWORD.format(most=LONGEST, least=SHORTEST))
    users = {**(read_users(file) if file.exists() else {}), name: Hashed.of(password)}
    told = "".join(f"{who}:{hashed.line()}\n" for who, hashed in users.items())
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # mkstemp makes a file that only its owner may read; a running server finds the old one or the new one
        handle, made = tempfile.mkstemp(dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(told)
        Path(made).replace(file)
    except OSError as error:
        raise ValueError(words.USERS_UNWRITABLE.format(file=file)) from error


class SignIn:
    """Whether a name and a password belong together; its :meth:`check` is Gradio's ``auth``."""

    def __init__(self, file: Path, metrics: Metrics) -> None:
        self.file = file
        self.metrics = metrics
        self._users = read_users(file)
        self._read = file.stat().st_mtime_ns
        self._nobody = Hashed.of(secrets.token_hex(8))
        self._one_by_one = asyncio.Semaphore()

    async def check(self, name: str, password: str) -> bool:
        """One try. As slow for a name that nobody has; one at a time, for each takes 32 MB."""
        async with self._one_by_one:
            self._refresh()
            known = self._users.get(name)
            right = await asyncio.to_thread((known or self._nobody).is_of, password) and known is not None
        self.metrics.signed_in(right=right)
        log.info("sign-in", extra={"fields": {"right": right}})
        return right

    def _refresh(self) -> None:
        try:
            if (changed := self.file.stat().st_mtime_ns) != self._read:
                self._users, self._read = read_users(self.file), changed
        except (OSError, ValueError):
            log.exception("the users cannot be read again: those of before may still sign in")
