"""``python -m tests.fuzz page|request --seconds 60``: coverage-guided bytes for the parser, or for what a client sends.

Needs ``pip install atheris``. It begins with the files of ``tests/pages`` or with questions and bodies made by
``tests.hostile_inputs``, and ends with an error at the first fault, whose bytes it writes to ``crash-…``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

try:
    import atheris
except ImportError:
    sys.exit("tests.fuzz needs atheris: pip install atheris")

with atheris.instrument_imports(include=["index", "rag.question", "rag.answer", "ui"]):
    from index.loading import parse_page
    from index.settings import Settings
    from rag.question.cleaning import QuestionError, clean
    from tests.hostile import fault_of_page
    from tests.hostile_inputs import Hostile
    from ui.calls import BadCall, Function, checked
    from ui.incoming import incoming
    from ui.record import asked_before, from_record

ENDINGS = (".html", ".md", ".txt", "")
LONGEST = 20_000
SEEDS = 200


def fuzz_page(data: bytes) -> None:
    """A page is read, each word where its offsets say, or refused by a sentence of ours."""
    ending = ENDINGS[data[0] % len(ENDINGS)] if data else ""
    try:
        fault = fault_of_page(parse_page(data[1:], ending=ending))
    except ValueError as error:
        if not type(error).__module__.startswith("index."):
            raise
        return
    if fault:
        raise AssertionError(fault)


def request_fuzzer() -> Callable[[bytes], None]:
    """What a client sends is taken or refused, and can be written again."""
    from index.loading import load_page
    from index.passages import split_passages

    page = load_page(Settings())
    passages = split_passages(page)

    def fuzz_request(data: bytes) -> None:
        with contextlib.suppress(BadCall):
            checked("queue/join", data, (Function(0, "ask", 2),))
        try:
            body = json.loads(data)
        except (ValueError, RecursionError):
            body = data.decode("utf-8", "replace")
        taken = incoming(body)
        json.dumps(taken, ensure_ascii=False).encode()
        asked_before(taken, page, passages, 12)
        turn = from_record(taken, page, passages)
        if turn is not None and any(page.text[c.start : c.end] != c.quote for c in turn.answer.citations):
            raise AssertionError("uncited")
        if isinstance(taken, str):
            with contextlib.suppress(QuestionError):
                clean(taken)

    return fuzz_request


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("what", choices=("page", "request"))
    parser.add_argument("--seconds", type=int, default=60)
    asked = parser.parse_args()
    hostile = Hostile(18)
    with tempfile.TemporaryDirectory() as corpus:
        for number in range(SEEDS):
            data = hostile.broken_page()[1] if asked.what == "page" else hostile.batch_line().encode("utf-8", "replace")
            (Path(corpus) / str(number)).write_bytes(data[:LONGEST])
        fuzz = fuzz_page if asked.what == "page" else request_fuzzer()
        options = [f"-max_total_time={asked.seconds}", f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=4096"]
        atheris.Setup([sys.argv[0], *options, corpus], fuzz)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
