"""The chain, from a question to an answer."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from index.build import open_index
from index.encoder import Encoder
from index.page import Page, Passage
from index.settings import BUNDLED, Settings
from index.store import Index
from rag import compose, phrases
from rag.answer import Answer, Evidence, Hit, Reason, Turn
from rag.judge import Judge, ReaderJudge, RuleJudge
from rag.question import Asked, analyse, clean
from rag.reader import ReaderMismatch, load_reader
from rag.retrieval import Retriever
from rag.smalltalk import is_medical_worry, is_order, small_talk

WEIGHTS = Path(__file__).parent / "weights"

Progress = Callable[[str, float], None]


class Assistant:
    """Answers questions about one page, citing it; says so where the page does not answer."""

    def __init__(self, settings: Settings, encoder: Encoder, index: Index, judge: Judge) -> None:
        self.settings = settings
        self.encoder = encoder
        self.index = index
        self.judge = judge
        self.retriever = Retriever(index, encoder, settings.dense_weight)
        self.starters: tuple[str, ...] = ("De quoi parle cette page ?",)

    @classmethod
    def load(cls, settings: Settings | None = None, progress: Progress | None = None) -> Assistant:
        """Encoder, index and reader, ready to answer.

        Raises:
            PageError, UnpackError, OSError: page or model cannot be had.
        """
        settings = settings or Settings.from_env()
        tell = progress or (lambda message, fraction: None)
        tell("Chargement de l’encodeur", 0.05)
        encoder = Encoder.load(settings, lambda message, fraction: tell(message, 0.05 + 0.65 * fraction))
        tell("Ouverture de l’index", 0.75)
        index = open_index(settings, encoder, progress)
        tell("Chargement du lecteur", 0.85)
        judge = load_judge(settings, encoder, index)
        assistant = cls(settings, encoder, index, judge)
        assistant.ask("Prêt ?")  # the first pass of a network is slow: not at the user's expense
        tell("Prêt", 1.0)
        return assistant

    @property
    def page(self) -> Page:
        return self.index.page

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self.index.passages

    def ask(self, question: str, history: Sequence[Turn | str] = ()) -> Answer:
        """The answer to ``question``. Questions of the history that come without an answer are asked first.

        Raises:
            QuestionError: the question is empty or too long.
        """
        begin = time.perf_counter()
        text = clean(question)
        answer = self._answer(text)
        timings = {**answer.timings, "total": (time.perf_counter() - begin) * 1000}
        return replace(answer, question=question, timings=timings)

    def _answer(self, text: str) -> Answer:
        if said := small_talk(text, self.page):
            return Answer(text, said, refused=True, reason="chat", kind="chat")
        asked = analyse(text)
        if is_medical_worry(text):
            return self._refusal(asked, "medical", [], phrases.MEDICAL_EN if asked.english else phrases.MEDICAL)
        if is_order(text):
            return self._refusal(asked, "off_topic", [], phrases.INSTRUCTION)
        begin = time.perf_counter()
        hits = self.retriever.search(asked.text, self.settings.read_passages)
        found = time.perf_counter()
        evidence = self.judge.judge(asked, hits)
        read = time.perf_counter()
        timings = {"retrieval": (found - begin) * 1000, "reading": (read - found) * 1000}
        best = evidence[0]
        if best.probability < self.judge.threshold:
            return replace(self._refusal(asked, "not_on_page", hits), timings=timings)
        return replace(self._composed(asked, evidence), timings=timings)

    def _composed(self, asked: Asked, evidence: list[Evidence]) -> Answer:
        quotes = compose.Quotes(self.page, self.passages)
        text = compose.fact(asked, evidence[0], quotes)
        return Answer(asked.text, compose.framed(text, asked), tuple(quotes.citations), kind=asked.kind)

    def _refusal(self, asked: Asked, reason: Reason, hits: Sequence[Hit], text: str = "") -> Answer:
        said = text or (phrases.NOT_ON_PAGE_EN if asked.english else phrases.NOT_ON_PAGE)
        nearby = tuple(hit.passage for hit in hits[:2])
        return Answer(asked.text, said, refused=True, reason=reason, kind=asked.kind, nearby=nearby)


def load_judge(settings: Settings, encoder: Encoder, index: Index) -> Judge:
    """The trained reader where it fits the encoder, else the rule, with one line that says so."""
    rule = RuleJudge(index.passages)
    if settings.reader == "none":
        return rule
    folder = WEIGHTS if settings.reader == BUNDLED else Path(settings.reader).expanduser()
    try:
        return ReaderJudge(load_reader(folder, encoder), settings.threshold)
    except ReaderMismatch as error:
        print(f"{error} : la règle simple le remplace.", file=sys.stderr)
        return rule
