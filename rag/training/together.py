"""Whether several things that are asked at once are all told: fitted on the questions of pages kept aside that the chain takes
for such (``python -m rag.training.decision``, last)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from index.encoder import Encoder
from index.page import Span
from index.settings import Settings
from rag.answer import Evidence
from rag.question.asked import Question
from rag.read.decision import Decision, Judge, Verdict
from rag.read.reader import Reader
from rag.read.together import FEATURES, Together, figures
from rag.retrieve.cohort import load_cohort
from rag.training.cases import Asking, HeldPage, overlap

FOLDS = 6
NOTHING_TOLD = Together((0.0,) * len(FEATURES), 0.0, 1.0)


class Told(NamedTuple):
    """Of a question for several things on a page, asked of it or of it without what answers one of them: the figures, and
    whether what would be quoted tells all."""

    page: str
    figures: tuple[float, ...]
    all: bool


class _Chain:
    """One page with what judges it."""

    def __init__(self, held: HeldPage, encoder: Encoder, reader: Reader, decision: Decision) -> None:
        self.settings = Settings.from_env()
        self.asking = Asking(held, encoder, reader, decision.defining, self.settings)
        self.judge = Judge(reader, decision, held.passages, load_cohort(encoder.trained_for))

    def judged(self, question: Question, without: Sequence[Span]) -> Verdict:
        count = self.settings.read_passages
        hits = self.asking.hits(question, count + self.settings.read_further, without)
        return self.judge.judge(question, hits[:count], hits[count:])

    def quoted(self, evidence: Sequence[Evidence]) -> list[Span]:
        """The sentences that an answer would quote."""
        each = self.judge.answering(evidence)
        return [span for found in each for span in (found.sentence, found.beside) if span]


def ask_several(held: Sequence[HeldPage], encoder: Encoder, reader: Reader, decision: Decision) -> Iterator[Told]:
    """Every question that is taken for several things, each of its page, and of it without what answers one of them."""
    for page in held:
        chain = _Chain(page, encoder, reader, decision)
        for number, asked in enumerate(page.questions):
            question = chain.asking.understood(asked)
            if question.form == "several":
                yield _told(chain, question, asked.answers, ())
                if len(asked.answers) > 1:
                    yield _told(chain, question, asked.answers, asked.answers[number % 2 :: 2])


def _told(chain: _Chain, question: Question, answers: Sequence[Span], without: Sequence[Span]) -> Told:
    meant = chain.asking.understanding.apart(question)
    read = ([chain.judged(part, without) for part in each] for each in meant)
    parts = [max(each, key=lambda verdict: verdict.evidence[0].probability) for each in read]
    whole = parts[0] if len(parts) == 1 else chain.judged(question, without)
    spans = [span for verdict in (*parts, whole) for span in chain.quoted(verdict.evidence)]
    seen = figures(whole.evidence[0], [verdict.evidence[0] for verdict in parts])
    return Told(chain.asking.held.name, seen, bool(answers) and all(overlap(answer, spans) for answer in answers))


def fit_together(cases: Sequence[Told], wrong: float) -> tuple[Together, dict[str, float]]:
    """The regression, and what folds that keep pages whole give; at most the part ``wrong`` of what is sure, as of other
    questions, does not tell all."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold

    if len({case.all for case in cases}) < 2:
        return NOTHING_TOLD, {}
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
