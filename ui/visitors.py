"""How much one address may ask: so many questions a minute, and no more than its share of the places in line."""

from __future__ import annotations

import ipaddress
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from ui import words

MOST_ADDRESSES = 10_000
"""Addresses that are remembered; the one unseen for longest is forgotten first."""


class TooFast(RuntimeError):
    """An address asks more than it may; the message says so, in French."""


class Visitors:
    """A bucket of ``per_minute`` questions for each address, filled again as time goes; 0 sets no bound.

    At most ``at_once`` questions of one address wait at a time. Nothing but the address and its bucket is
    remembered, in memory alone. ``refused`` is called for each that asks more than it may.
    """

    def __init__(
        self,
        per_minute: int,
        at_once: int,
        clock: Callable[[], float] = time.monotonic,
        refused: Callable[[], None] = lambda: None,
    ) -> None:
        self.per_minute = per_minute
        self.at_once = at_once
        self._clock = clock
        self._refused = refused
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._waiting: Counter[str] = Counter()
        self._alone = Lock()

    def take(self, address: str) -> None:
        """One question of ``address``.

        Raises:
            TooFast: its bucket is empty.
        """
        if not self.per_minute:
            return
        name, now = group_of(address), self._clock()
        with self._alone:
            left, seen = self._buckets.pop(name, (float(self.per_minute), now))
            left = min(float(self.per_minute), left + (now - seen) * self.per_minute / 60)
            self._buckets[name] = (left - 1 if left >= 1 else left, now)
            while len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        if left < 1:
            self._refused()
            raise TooFast(words.TOO_FAST)

    @contextmanager
    def place(self, address: str) -> Iterator[None]:
        """One question of ``address`` that waits for its answer.

        Raises:
            TooFast: as many as may wait already.
        """
        name = group_of(address)
        with self._alone:
            if self.per_minute and self._waiting[name] >= self.at_once:
                self._refused()
                raise TooFast(words.TOO_FAST)
            self._waiting[name] += 1
        try:
            yield
        finally:
            with self._alone:
                self._waiting[name] -= 1
                if not self._waiting[name]:
                    del self._waiting[name]


def group_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network that a subscriber of IPv6 is given."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def proxies_of(setting: str) -> list[str]:
    """The addresses and networks of ``trusted_proxies``, whose X-Forwarded-For is believed.

    Raises:
        ValueError: one is neither; in French.
    """
    found = setting.replace(",", " ").split()
    for proxy in found:
        try:
            ipaddress.ip_network(proxy)
        except ValueError as error:
            raise ValueError(words.BAD_PROXY.format(proxy=proxy)) from error
    return found
