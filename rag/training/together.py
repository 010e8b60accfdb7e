"""Whether several things that are asked at once are all told: fitted on the questions of pages kept aside that the chain takes
for such (``python -m rag.training.decision``, last)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from index.encoder import Encoder
from index.page import Span
from index.settings import Settings
from index.store import Index
from rag.answer import Evidence
from rag.question.asked import Question
from rag.question.understanding import Understanding
from rag.question.vocabulary import Vocabulary
from rag.read.decision import Decision, Judge, Verdict
from rag.read.reader import Reader
from rag.read.together import Together, figures
from rag.retrieve.cohort import load_cohort
from rag.retrieve.hybrid import Retriever
from rag.training.cases import HeldPage

FOLDS = 6


class Told(NamedTuple):
    """Of a question for several things on a page, asked of it or of it without what answers one of them: the figures, and
    whether what would be quoted tells all."""

    page: str
    figures: tuple[float, ...]
    all: bool


class _Chain:
    """What is needed to ask one page."""

    def __init__(self, held: HeldPage, encoder: Encoder, reader: Reader, decision: Decision) -> None:
        self.settings = Settings.from_env()
        self.understanding = Understanding(encoder, Vocabulary(held.passages))
        self.retriever = Retriever(Index.build(held.page, held.passages, encoder), self.settings.dense_weight)
        self.judge = Judge(reader, decision, held.passages, load_cohort(encoder.trained_for))

    def judged(self, question: Question, without: Sequence[Span]) -> Verdict:
        count, further = self.settings.read_passages, self.settings.read_further
        hits = self.retriever.search(question, count + further + len(without))
        left = [h for h in hits if not any(h.passage.start < end and start < h.passage.end for start, end in without)]
        return self.judge.judge(question, left[:count], left[count : count + further])

    def quoted(self, evidence: Sequence[Evidence]) -> list[Span]:
        """The sentences that an answer would quote."""
        each = self.judge.answering(evidence)
        return [span for found in each for span in (found.sentence, found.beside) if span]


def ask_several(held: Sequence[HeldPage], encoder: Encoder, reader: Reader, decision: Decision) -> Iterator[Told]:
    """Every question that is taken for several things, each of its page, and of it without what answers one of them."""
    for page in held:
        chain = _Chain(page, encoder, reader, decision)
        for number, asked in enumerate(page.questions):
            past: list[Question] = []
            for earlier in asked.history:
                past.append(chain.understanding.understand(earlier, past))
            question = chain.understanding.understand(asked.text, past)
            if question.form != "several":
                continue
            yield _told(page, chain, question, asked.answers, ())
            if len(asked.answers) > 1:
                yield _told(page, chain, question, asked.answers, asked.answers[number % 2 :: 2])


def _told(page: HeldPage, chain: _Chain, question: Question, answers: Sequence[Span], without: Sequence[Span]) -> Told:
    meant = chain.understanding.apart(question)
    read = ([chain.judged(part, without) for part in each] for each in meant)
    parts = [max(each, key=lambda verdict: verdict.evidence[0].probability) for each in read]
    whole = parts[0] if len(parts) == 1 else chain.judged(question, without)
    spans = [span for verdict in (*parts, whole) for span in chain.quoted(verdict.evidence)]
    told = [any(a < end and start < b for a, b in spans) for start, end in answers]
    seen = figures(whole.evidence[0], [verdict.evidence[0] for verdict in parts])
    return Told(page.name, seen, bool(told) and all(told))


def fit_together(cases: Sequence[Told], wrong: float) -> tuple[Together, dict[str, float]]:
    """The regression, and what folds that keep pages whole give; at most the part ``wrong`` of what is sure, as of other
    questions, does not tell all."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    if len({case.all for case in cases}) < 2:
        return Together(), {}
    x, y = np.array([case.figures for case in cases]), np.array([case.all for case in cases])
    model = LogisticRegression().fit(x, y)
    found = np.zeros(len(cases))
    for train, test in GroupKFold(FOLDS).split(x, y, [case.page for case in cases]):
        found[test] = LogisticRegression().fit(x[train], y[train]).predict_proba(x[test])[:, 1]
    order = np.argsort(-found)
    kept = np.flatnonzero(np.cumsum(~y[order]) <= wrong * np.arange(1, len(order) + 1))
    least = float(found[order[kept[-1]]]) if len(kept) else 1.0
    above = found >= least
    report = {
        "several things": float(len(cases)),
        "several: all that can be told, surely": round(float((above & y).sum() / y.sum()), 4),
        "several: sure and not all told": round(float((above & ~y).sum() / max(1, above.sum())), 4),
    }
    weights = tuple(round(float(weight), 3) for weight in model.coef_[0])
    return Together(weights, round(float(model.intercept_[0]), 3), round(least, 3)), report
