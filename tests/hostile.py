"""``python -m tests.hostile``: inputs that mean harm, made from a seed, through batch, parser and a real server.

Prints one JSON line of counts a part. Fails where something crashed, a stack was shown, an answer had no citation
that stands word for word in the page, or memory grew.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import httpx

from index.loading import parse_page
from index.page import Page
from index.passages import split_passages
from index.settings import Settings
from rag import Assistant
from rag.batch import answer_lines
from tests.hostile_inputs import Hostile
from tests.served import Served, served

STACK = ("Traceback (most recent call last)", 'File "/', '.py", line ')
FAULTS = ("crashes", "stacks_shown", "uncited", "slow", "server_errors")
SLOWEST_S = 10.0
"""A page that takes longer of the processor's time to be read is counted."""


def shows_a_stack(text: str) -> bool:
    """Whether what somebody reads tells of our code."""
    return any(mark in text.replace('\\"', '"') for mark in STACK)


def fault_of(answer: dict[str, Any], page_text: str) -> str:
    """What is wrong with an answer as a program gets it: "uncited", "stacks_shown", or nothing."""
    if shows_a_stack(json.dumps(answer, ensure_ascii=False)):
        return "stacks_shown"
    if "error" in answer:
        return ""
    citations = answer["citations"]
    verbatim = all(page_text[c["start"] : c["end"]] == c["quote"] != "" for c in citations)
    return "" if verbatim and bool(citations) == (answer["certainty"] != "none") else "uncited"


def through_batch(assistant: Assistant, lines: Iterable[str]) -> Counter[str]:
    """Each line answered as ``python -m rag --batch`` does."""
    told: Counter[str] = Counter()
    for line in lines:
        told["inputs"] += 1
        try:
            answers = [json.loads(json.dumps(answer)) for answer in answer_lines(assistant, [line])]
        except Exception:
            told["crashes"] += 1
            _show(line)
            continue
        for answer in answers:
            told["error" if "error" in answer else answer["certainty"]] += 1
            if fault := fault_of(answer, assistant.page.text):
                told[fault] += 1
                print(f"{fault}: {line[:300]!r}", file=sys.stderr)
    return told


def fault_of_page(page: Page) -> str:
    """What is wrong with a page that was read: an offset that does not hold."""
    for passage in split_passages(page):
        inside = all(passage.start <= a < b <= passage.end for a, b in passage.sentences)
        if passage.text != page.text[passage.start : passage.end] or not inside:
            return "uncited"
    page.text.encode()  # what cannot be written cannot be shown
    return ""


def through_parser(files: Iterable[tuple[str, bytes]]) -> Counter[str]:
    """Each file read as a page, or refused in French."""
    told: Counter[str] = Counter()
    for ending, data in files:
        told["inputs"] += 1
        begin = time.process_time()
        try:
            fault = fault_of_page(parse_page(data, ending=ending))
            told["read"] += 1
        except ValueError as error:
            # ParseError and UnreadableError; one of Python's own would be no French sentence
            fault = "" if type(error).__module__.startswith("index.") else "crashes"
            told["refused"] += 1
            if fault:
                _show((ending, data))
        except Exception:
            fault = "crashes"
            _show((ending, data))
        if time.process_time() - begin > SLOWEST_S:
            fault = fault or "slow"
        if fault:
            told[fault] += 1
            with tempfile.NamedTemporaryFile(prefix="page-", suffix=ending, delete=False) as kept:
                kept.write(data)
            print(f"{fault}: {kept.name}", file=sys.stderr)
    return told


def requests_of(hostile: Hostile, number: int, component: int, record: Any) -> Iterator[tuple[str, bytes]]:
    """Requests to a server: path and body. A third are well made around a bad question, the rest are not."""
    chance = hostile.chance
    for _ in range(number):
        functions = ("ask_page", "ask_page", "ask_page", "restore_turns", "keep_opinion", "give_up", "start_up")
        name = chance.choice(functions)
        data: Any = {"question": hostile.question(), "number": 1, "id": "h", "history": hostile.history()}
        if name in ("restore_turns", "keep_opinion") or chance.random() < 0.1:
            turns = [hostile.broken(record) for _ in range(chance.randrange(4))]
            data |= {"turns": turns, "record": hostile.broken(record), "vote": "up", "history": turns}
            data |= {"word": hostile.junk(), "key": "hostile"}
        body: Any = {"session_hash": "h", "component_id": component, "fn_name": name, "data": data}
        path = "component_server"
        if chance.random() < 0.25:
            path, body = "call/ask", {"data": [hostile.question(), hostile.history()]}
        if chance.random() < 0.15:
            body = {**body, chance.choice((*body, "data")): hostile.value()}
        sent = json.dumps(body).encode()
        if chance.random() < 0.1:
            sent = chance.choice((sent[: chance.randrange(len(sent))], chance.randbytes(200), b"[" * 50_000))
        yield path, sent


def through_server(server: Served, hostile: Hostile, number: int) -> Counter[str]:
    """Requests one after the other, each answer looked at; the server lives on and keeps its memory."""
    told: Counter[str] = Counter()
    with httpx.Client(base_url=server.url, timeout=120, headers={"content-type": "application/json"}) as client:
        record = server.ask(client, "Qu’est-ce que le Health Data Hub ?")["record"]
        text = {p["id"]: p for p in server.passages(client)}
        for count, (path, body) in enumerate(requests_of(hostile, number, server.component, record)):
            if count == number // 4 and server.process:
                told["memory_first_quarter_mb"] = server.memory_mb
            told["inputs"] += 1
            answered = client.post(f"/gradio_api/{path}", content=body)
            shown = answered.text
            if path == "call/ask" and answered.status_code == 200:
                shown = client.get(f"/gradio_api/call/ask/{answered.json()['event_id']}").text
            told[f"status_{answered.status_code}"] += 1
            told["server_errors"] += answered.status_code >= 500 and answered.status_code != 503
            told["stacks_shown"] += shows_a_stack(shown)
            told["uncited"] += _uncited(answered, path, shown, text)
        if server.process:
            told["memory_end_mb"] = server.memory_mb
        told["crashes"] += client.get("/health").status_code != 200
        told["answers_after_it"] = server.ask(client, "Qu’est-ce que le Health Data Hub ?")["state"] == "done"
    return told


def _uncited(answered: httpx.Response, path: str, shown: str, passages: dict[int, dict[str, Any]]) -> bool:
    """Whether an answer came without a citation that stands in its passage."""
    if answered.status_code != 200:
        return False
    if path == "call/ask":
        event, _, data = shown.partition("\n")
        if "complete" not in event:
            return False
        answer = json.loads(data.removeprefix("data: "))[0]
        citations = answer["citations"]
        held = all(any(c["quote"] in p["text"] for p in passages.values()) for c in citations)
        return not held or bool(citations) != (answer["certainty"] != "none")
    record = answered.json().get("record") if isinstance(answered.json(), dict) else None
    if not record:
        return False
    inside = [
        passages[c["passage"]]["start"] <= c["start"] < c["end"] <= passages[c["passage"]]["end"]
        for c in record["citations"]
    ]
    return not all(inside) or bool(inside) != (record["certainty"] != "none")


def _show(item: object) -> None:
    print(f"crash: {repr(item)[:300]}\n{traceback.format_exc(limit=-4)}", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--inputs", type=int, default=10_000, help="four tenths batch, three parser, three server")
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--only", choices=("batch", "parser", "server"))
    asked = parser.parse_args()
    failed = 0

    def report(part: str, told: Counter[str]) -> None:
        nonlocal failed
        faults = {name: told.pop(name, 0) for name in FAULTS}
        grown = told["memory_end_mb"] > 1.05 * told["memory_first_quarter_mb"] if "memory_end_mb" in told else False
        failed += sum(faults.values()) + grown
        print(json.dumps({"part": part, "seed": asked.seed, **dict(sorted(told.items())), **faults}), flush=True)

    if asked.only in (None, "parser"):
        hostile = Hostile(asked.seed)
        report("parser", through_parser(hostile.broken_page() for _ in range(asked.inputs * 3 // 10)))
    if asked.only in (None, "server"):
        with (
            tempfile.TemporaryDirectory() as data,
            served({"PAGEQA_QUESTIONS_PER_MINUTE": "0", "PAGEQA_DATA_DIR": data}) as server,
        ):
            told = through_server(server, Hostile(asked.seed + 1), asked.inputs * 3 // 10)
            told["stacks_in_the_log"] = server.log.count(STACK[0])
        report("server", told)
    if asked.only in (None, "batch"):
        hostile = Hostile(asked.seed + 2)
        assistant = Assistant.load(Settings.from_env(answers_kept=0))
        report("batch", through_batch(assistant, (hostile.batch_line() for _ in range(asked.inputs * 4 // 10))))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
