"""How a network is run: by torch, or by OpenVINO where it is installed and a trial here finds it faster.

A network is exported in float32 from the weights that are there, once, into the cache folder. The vectors of the
words, four fifths of the weights, stay in the encoder's own file: rows are read from it and given to the network.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock, Thread, local
from typing import TYPE_CHECKING, Any

import numpy as np
from filelock import FileLock

from index.notices import warn
from index.seal import GONE, is_whole, put, sweep

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import nn

Run = Callable[..., "list[NDArray[np.float32]]"]
"""Token ids of shape (batch, tokens), then the network's other inputs; gives its outputs, in order."""

FORMAT = 2
"""Of what is exported: another one when the networks' code changes what they compute."""
_TRIALS = 4


@dataclass(frozen=True)
class Trial:
    """Seconds of the fastest run of each engine on the same batch."""

    torch: float
    openvino: float


def torch_run(network: nn.Module) -> Run:
    """``network`` as torch runs it, on its own device and in its own precision."""
    import torch

    network.eval()
    device = next(network.parameters()).device

    @torch.inference_mode()
    def run(*arrays: NDArray[Any]) -> list[NDArray[np.float32]]:
        outputs = network(*(torch.from_numpy(array).to(device) for array in arrays))
        return [output.float().cpu().numpy() for output in outputs]

    return run


def embedded(bert: Any, ids: Any) -> Any:
    """What the layers of ``bert`` begin with, from token ids or from the vectors of the words."""
    return bert.embeddings(inputs_embeds=ids) if ids.is_floating_point() else bert.embeddings(input_ids=ids)


def through(layers: Any, states: Any, mask: Any) -> Any:
    """``states`` (batch, tokens, hidden) after ``layers``; ``mask`` (batch, tokens) is 0 for padding."""
    import torch

    hidden_keys = ((1 - mask) * torch.finfo(states.dtype).min).to(states.dtype)[:, None, None, :]
    for layer in layers:
        given = layer(states, hidden_keys)
        states = given[0] if isinstance(given, tuple) else given  # transformers 4 and 5
    return states


class OpenVino:
    """Networks of one encoder, exported to ``folder`` and run by OpenVINO on the processor.

    Whoever runs one while no other runs gets all cores; several at once get one each, which does more in all.
    """

    def __init__(self, folder: Path, encoder: Path, *, half: bool, forced: bool) -> None:
        self.folder = folder
        self.words = word_vectors(encoder)
        self.half = half
        self.forced = forced
        self._turns = Turns()

    @staticmethod
    def is_installed() -> bool:
        return find_spec("openvino") is not None

    def network(
        self, name: str, exact: Callable[[], nn.Module], usual: Callable[[], nn.Module], example: Sequence[NDArray[Any]]
    ) -> Run | None:
        """The network ``name``, exported from ``exact()`` if it is not yet; None where torch runs ``usual()`` faster.

        Raises:
            Exception: whatever an export or the library fails with.
        """
        kept = self.folder / f"{name}-{FORMAT}"
        choice = kept / f"{self._machine()}.json"
        if not self.forced and _chosen(choice) == "torch":
            return None
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(str(kept) + ".lock"):
            if not is_whole(kept, by_time=True):
                if kept.exists():
                    warn(f"Le réseau exporté dans {kept} est abîmé : il est refait.")
                self._export(kept, exact(), example)
            run = self._compiled(kept / "network.xml")
            if self.forced or _chosen(choice) == "openvino":
                return run
            trial = _compared(torch_run(usual()), run, example)
            chosen = "openvino" if trial.openvino < trial.torch else "torch"
            with suppress(OSError):  # borrowed from a folder that cannot be written: tried again at the next start
                choice.write_text(json.dumps({"engine": chosen, **asdict(trial)}) + "\n", encoding="utf-8")
        return run if chosen == "openvino" else None

    def _export(self, kept: Path, network: nn.Module, example: Sequence[NDArray[Any]]) -> None:
        """Written to a temporary folder, then renamed: whole or absent."""
        import openvino
        import torch

        class Plain(torch.nn.Module):
            def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, ...]:
                return tuple(network.eval()(*inputs))

        plain = Plain()
        plain.network = network
        ids, *others = example
        inputs = tuple(torch.from_numpy(array) for array in (self.words[ids], *others))
        with torch.no_grad(), _quiet():
            model = openvino.convert_model(plain, example_input=inputs)
        prefix = f".engine-{kept.name}-"
        sweep(self.folder, prefix, f"{GONE}{kept.name}")
        with tempfile.TemporaryDirectory(prefix=prefix, dir=self.folder) as temporary:
            whole = Path(temporary) / "whole"
            openvino.save_model(model, whole / "network.xml", compress_to_fp16=False)
            put(whole, kept)

    def _compiled(self, file: Path) -> Run:
        options = {
            "INFERENCE_PRECISION_HINT": "bf16" if self.half else "f32",
            "INFERENCE_NUM_THREADS": cores(),
            "ENABLE_CPU_PINNING": False,  # a second process would be pinned to the same cores
        }
        alone = _Requests(file, {**options, "PERFORMANCE_HINT": "LATENCY"})
        beside = _Later(lambda: _Requests(file, {**options, "PERFORMANCE_HINT": "THROUGHPUT", "NUM_STREAMS": cores()}))

        def run(ids: NDArray[np.int64], *others: NDArray[Any]) -> list[NDArray[np.float32]]:
            inputs = [self.words[ids], *others]
            with self._turns.one() as is_alone:
                return ((None if is_alone else beside.get()) or alone).infer(inputs)

        return run

    def _machine(self) -> str:
        """What a trial's outcome depends on, for the name of a file."""
        import openvino

        told = (platform.machine(), openvino.__version__.split("-")[0], cores(), "bf16" if self.half else "f32")
        return "-".join(str(part) for part in told)


class Turns:
    """Counts who runs a network now."""

    def __init__(self) -> None:
        self._running = 0
        self._lock = Lock()

    @contextmanager
    def one(self) -> Iterator[bool]:
        """For whoever runs one: whether no other did as it began."""
        with self._lock:
            self._running += 1
            is_alone = self._running == 1
        try:
            yield is_alone
        finally:
            with self._lock:
                self._running -= 1


_COMPILING = Lock()
"""Two networks are first wanted at the same time by two threads: they are compiled one after the other."""


@cache
def _library() -> Any:
    """OpenVINO's entry, one for all networks.

    Its binding to numpy is made here, where one thread runs. Two that need it for the first time at once wait for each
    other for ever: one holds the lock of a C++ static and waits for Python's, the other the reverse.
    """
    import openvino

    _ = openvino.Tensor(np.zeros(1, np.float32)).data
    return openvino.Core()


class _Requests:
    """A compiled network that any thread may run, each by a request of its own."""

    def __init__(self, file: Path, options: dict[str, Any]) -> None:
        with _COMPILING:
            self._compiled = _library().compile_model(str(file), "CPU", options)
        self._own = local()

    def infer(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[np.float32]]:
        if not hasattr(self._own, "request"):
            self._own.request = self._compiled.create_infer_request()
        found = self._own.request.infer(inputs, share_outputs=False)
        return [found[output] for output in self._compiled.outputs]


class _Later:
    """What is compiled, in a thread of its own, once it is first wanted: None until it is there."""

    def __init__(self, make: Callable[[], _Requests]) -> None:
        self._make = make
        self._made: _Requests | None = None
        self._lock = Lock()
        self._begun = False

    def get(self) -> _Requests | None:
        with self._lock:
            begun, self._begun = self._begun, True
        if not begun:
            Thread(target=self._compile).start()  # waited for when the program ends: the library must not be cut off
        return self._made

    def _compile(self) -> None:
        self._made = self._make()


def word_vectors(encoder: Path) -> NDArray[np.float32]:
    """The word embeddings (vocabulary, hidden) of the encoder in the folder ``encoder``, read as they are needed."""
    file = encoder / "model.safetensors"
    with file.open("rb") as opened:
        size = int.from_bytes(opened.read(8), "little")
        entry = json.loads(opened.read(size))["embeddings.word_embeddings.weight"]
    if entry["dtype"] != "F32":
        raise ValueError(entry["dtype"])
    return np.memmap(file, np.float32, "r", 8 + size + entry["data_offsets"][0], tuple(entry["shape"]))


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _chosen(choice: Path) -> str:
    try:
        return str(json.loads(choice.read_text(encoding="utf-8"))["engine"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _compared(torch: Run, openvino: Run, example: Sequence[NDArray[Any]]) -> Trial:
    """Both in turns, so that whatever else the machine does weighs on both."""
    times: dict[Run, list[float]] = {torch: [], openvino: []}
    for _ in range(_TRIALS + 1):
        for run, taken in times.items():
            begin = time.perf_counter()
            run(*example)
            taken.append(time.perf_counter() - begin)
    return Trial(min(times[torch][1:]), min(times[openvino][1:]))


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the warnings of a trace: that a length is fixed in it does not hold for these networks."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before = logging.root.manager.disable
        logging.disable(logging.WARNING)
        try:
            yield
        finally:
            logging.disable(before)
