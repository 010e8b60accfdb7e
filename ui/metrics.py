"""What is counted of questions and answers, for Prometheus. No label holds what anybody asks, or who."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import choose_encoder, start_http_server

from rag.answer import Answer, Reason, Said
from ui.binding import LOCAL, PUBLIC

Unanswered = Literal["too_many", "too_fast", "invalid", "left", "fault"]
"""Why a question got no answer: the line was full; one address asked too fast; no usable question; whoever asked
went away; a fault of ours."""

FAILED = "generator_"
"""How the phrases are named that say that a language model failed, or that nothing of it could be shown."""
FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""Headers by which a proxy shows itself."""
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.2, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = own = CollectorRegistry()
        ProcessCollector(registry=own)
        labels = ("certainty", "reason", "form")
        self._answers = Counter("pageqa_answers", "Questions that were answered or refused.", labels, registry=own)
        self._unanswered = Counter("pageqa_unanswered", "Questions without an answer, by why.", ("why",), registry=own)
        self._steps = Histogram(
            "pageqa_step_seconds", "Time by step; total is from the question to its answer.", ("step",),
            buckets=BUCKETS_S, registry=own,
        )  # fmt: skip
        self._kept = Counter("pageqa_kept_answers", "Answers that were had from memory.", registry=own)
        why = ("why",)
        self._drops = Counter("pageqa_generator_drops", "Generated sentences not shown, by why.", why, registry=own)
        self._failures = Counter(
            "pageqa_generator_failures", "Answers whose language model failed, by how.", why, registry=own
        )
        self._opinions = Counter("pageqa_opinions", "Readers' opinions, kept or not.", ("kept",), registry=own)
        self._sign_ins = Counter("pageqa_sign_ins", "Tries to sign in, right or not.", ("right",), registry=own)
        self._waiting = Gauge("pageqa_waiting", "Questions that wait for their turn.", registry=own)
        self._ready = Gauge("pageqa_ready", "1 once questions can be answered.", registry=own)
        # a rate begins at 0 only where the series is there before its first event
        for why in get_args(Unanswered):
            self._unanswered.labels(why)
        for word in ("yes", "no"):
            self._opinions.labels(word)
            self._sign_ins.labels(word)

    def watch(self, waiting: Callable[[], int], ready: Callable[[], bool]) -> None:
        """Ask these for the length of the line, and for whether there is an assistant, whenever somebody looks."""
        self._waiting.set_function(waiting)
        self._ready.set_function(ready)

    def answered(self, answer: Answer, steps: Mapping[str, float]) -> None:
        """Count ``answer``; ``steps`` are its milliseconds by step, ``total`` the time from question to answer."""
        reason: Reason = answer.reason
        self._answers.labels(answer.certainty, reason, answer.question.form).inc()
        if "kept" in answer.timings:
            self._kept.inc()
        for checked in answer.checked:
            if not checked.shown:
                self._drops.labels(checked.reason).inc()
        for part in answer.parts():
            if isinstance(part, Said) and part.phrase.startswith(FAILED):
                self._failures.labels(part.phrase.removeprefix(FAILED)).inc()
        for step, taken_ms in steps.items():
            self._steps.labels(step).observe(taken_ms / 1000)

    def unanswered(self, why: Unanswered) -> None:
        """Count a question that got no answer."""
        self._unanswered.labels(why).inc()

    def opinion(self, *, kept: bool) -> None:
        """Count a reader's opinion."""
        self._opinions.labels("yes" if kept else "no").inc()

    def signed_in(self, *, right: bool) -> None:
        """Count a try to sign in."""
        self._sign_ins.labels("yes" if right else "no").inc()

    def page(self, accept: str = "") -> tuple[bytes, str]:
        """What Prometheus reads, in the format that it asks for; and that format's media type."""
        encode, kind = choose_encoder(accept)
        return encode(self.registry), kind


def shown_to(setting: str, host: str, headers: Mapping[str, str]) -> bool:
    """Whether ``/metrics`` is for who asks: from ``host``, straight or through a proxy.

    ``local`` is this machine and private networks, and nobody who comes through a proxy: its own address is
    private, and says nothing of who is behind it.
    """
    if setting != LOCAL:
        return setting == PUBLIC
    if any(name in headers for name in FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_private or address.is_loopback


def serve(metrics: Metrics, place: tuple[str, int]) -> None:
    """Serve ``metrics`` on a port of their own, beside the application.

    Raises:
        OSError: it is taken, or not of this machine.
    """
    start_http_server(place[1], place[0], metrics.registry)
