"""``python -m tests.generated QUESTIONS.jsonl… --generator openai:ADDRESS#MODEL``: what a language model changes.

Every question is asked without the model and with it; ``--model FILE.gguf`` serves one for the run. Writes every sentence that
was shown, with the words of the page that support it, and every one that was dropped (``--out``); prints, for both, what is
correct, shown, refused and wrong by ``score.py``, whether the refusals are the same, and how long writing took.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from index.settings import Settings
from rag import Answer, Assistant, Turn
from rag.answer import Written
from rag.training.sealed import score_module
from tests.by_kind import OPEN, SCORE
from tests.llm_server import served


def asked(assistant: Assistant, line: dict[str, Any]) -> Answer:
    """The answer to a line of the batch contract, after its history."""
    turns: list[Turn] = []
    for question in line.get("history", []):
        answer = assistant.quoted(question, turns)
        turns.append(Turn(answer.question, answer))
    return assistant.quoted(line["question"], turns)


def told(line: dict[str, Any], answer: Answer) -> Iterator[dict[str, Any]]:
    """A record for each sentence that the model wrote."""
    shown = {part.text: part for part in answer.parts() if isinstance(part, Written)}
    supports = iter(shown.values())
    for checked in answer.checked:
        record: dict[str, Any] = {
            "id": line["id"], "question": line["question"], "sentence": checked.sentence, "shown": checked.shown,
            "reason": checked.reason, "probability": round(checked.probability, 4),
        }  # fmt: skip
        if checked.shown:
            part = next(supports)
            record["support"] = [{"n": c.n, "quote": c.quote, "start": c.start, "end": c.end} for c in part.citations]
            record["passages"] = [c.passage.text for c in part.citations]
        yield record


def figures(outcomes: Counter[str], answerable: int, others: int) -> str:
    correct, shown = outcomes["correct"], outcomes["correct"] + outcomes["shown"]
    refused, wrong = outcomes["refused"] + outcomes["hedged"], outcomes["wrong"]
    rates = correct / max(1, answerable), shown / max(1, answerable), refused / max(1, others)
    total = answerable + others
    return (
        f"correct {correct}/{answerable} = {rates[0]:.3f}, shown {shown}/{answerable} = {rates[1]:.3f}, "
        f"refused {refused}/{others} = {rates[2]:.3f}, wrong {wrong}/{total} = {wrong / max(1, total):.3f}"
    )


def compare(assistant: Assistant, files: Sequence[Path], score: Any, page: str, out: Path) -> bool:
    """Ask, write ``out``, print; whether the refusals are the same."""
    lines = [
        json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    without, with_it = Counter[str](), Counter[str]()
    same, shown, dropped, reasons, times = True, 0, 0, Counter[str](), []
    with out.open("w", encoding="utf-8") as written:
        for line in lines:
            plain = asked(assistant, line)
            answer = assistant.phrased(plain)
            same &= plain.certainty == answer.certainty and plain.reason == answer.reason
            for outcomes, one in ((without, plain), (with_it, answer)):
                outcome, why = score.judge(line, {"id": line["id"], **one.to_json()}, page)
                outcomes[outcome] += 1
                if one is answer and outcome == "wrong":
                    print(f"  {line['id']}: {line['question']}\n    {why}", flush=True)
            for record in told(line, answer):
                shown, dropped = shown + record["shown"], dropped + (not record["shown"])
                reasons[record["reason"]] += 1
                print(json.dumps(record, ensure_ascii=False), file=written, flush=True)
            if "writing" in answer.timings:
                times.append(answer.timings["writing"])
    yes = sum(bool(line["answerable"]) for line in lines)
    print(f"without  {figures(without, yes, len(lines) - yes)}")
    print(f"with     {figures(with_it, yes, len(lines) - yes)}")
    print(f"refusals the same: {same}; sentences shown {shown}, dropped {dropped}: {dict(reasons)}")
    print(f"writing: median {median(times or [0]):.0f} ms over {len(times)} answers; {out}")
    return same


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.generated", description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", default=[OPEN], help="files of questions (JSON lines)")
    parser.add_argument("--generator", help="the setting")
    parser.add_argument("--model", type=Path, help="a GGUF file to serve instead; SmolLM2 if neither is given")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=120.0, help="that an answer may take")
    parser.add_argument("--out", type=Path, default=Path("generated.jsonl"))
    parser.add_argument("--score", type=Path, default=SCORE, help="score.py")
    arguments = parser.parse_args(argv)
    with ExitStack() as stack:
        generator = arguments.generator
        if not generator:
            generator = stack.enter_context(served(arguments.model, arguments.threads)).generator
        score = score_module(arguments.score)
        assistant = Assistant.load(Settings.from_env(generator=generator, generator_seconds=arguments.seconds))
        page = score.squeeze(assistant.page.text)
        return 0 if compare(assistant, arguments.files, score, page, arguments.out) else 1


if __name__ == "__main__":
    sys.exit(main())
