"""How well the support check tells supported claims from others, and from which probability on it lets them through."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import Encoder
from index.settings import Settings
from rag.read.weights import load_reader
from rag.support.rules import written_fault
from rag.support.weighing import FEATURES, FILE, Head, Weighing, figures, follows, window
from rag.training.claims import Claim
from rag.training.evaluation import area

MOST_FALSE = 0.007
"""Part of the unsupported claims that may be let through: a third of what is promised, for those that settle it are by the
hands that wrote the training's, and of another's claims two to three times as many pass."""
FOLDS = 10
STRENGTH = 1.0


class Rows:
    """Claims as the check sees them: refused by a written rule, or figures to weigh."""

    def __init__(self, claims: Sequence[Claim], head: Head) -> None:
        self.claims = claims
        self.supported = np.array([c.supported for c in claims], dtype=bool)
        told = [f"{c.passage.context}\n{c.passage.text}" for c in claims]
        self.faults = [written_fault(c.text, words) for c, words in zip(claims, told, strict=True)]
        weighed = [figures(c.text, c.passage, window(c.text, c.passage)[0], head) for c in claims]
        self.figures = np.array(weighed).reshape(-1, len(FEATURES))

    @property
    def left(self) -> Any:
        """Those that no rule refuses."""
        return np.array([not fault for fault in self.faults], dtype=bool)

    def passed(self, weighing: Weighing) -> Any:
        return self.left & (self.probabilities(weighing) >= weighing.least)

    def probabilities(self, weighing: Weighing) -> Any:
        return np.array([weighing.of(row.tolist()) for row in self.figures])


def fitted(rows: Rows) -> Weighing:
    """The weights on all rows, and the least probability by probabilities that were found without a row's own page."""
    from sklearn.model_selection import GroupKFold

    use = np.flatnonzero(rows.left)
    groups = np.array([c.page for c in rows.claims])
    found = np.zeros(len(rows.claims))
    folds = min(FOLDS, len(set(groups[use])))
    for train, test in GroupKFold(folds).split(use, groups=groups[use]):
        model = _model(rows.figures[use[train]], rows.supported[use[train]])
        found[use[test]] = model.predict_proba(rows.figures[use[test]])[:, 1]
    false = np.sort(found[use][~rows.supported[use]])[::-1]
    allowed = int(MOST_FALSE * np.count_nonzero(~rows.supported))
    least = float(false[allowed]) + 1e-6 if len(false) > allowed else 0.5
    model = _model(rows.figures[use], rows.supported[use])
    return Weighing(tuple(float(w) for w in model.coef_[0]), float(model.intercept_[0]), least)


def _model(features: Any, labels: Any) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=STRENGTH, max_iter=1000).fit(features, labels)


def measured(rows: Rows, weighing: Weighing) -> dict[str, float]:
    """Parts let through of the supported and of the others, by kind too, and areas under the curve."""
    passed = rows.passed(weighing)
    true, false = rows.supported, ~rows.supported
    figures: dict[str, float] = {
        "claims": len(true),
        "true let through": float(passed[true].mean()) if true.any() else 0.0,
        "false let through": float(passed[false].mean()) if false.any() else 0.0,
        "true refused by rules": float((~rows.left)[true].mean()) if true.any() else 0.0,
        "false refused by rules": float((~rows.left)[false].mean()) if false.any() else 0.0,
    }
    scores = np.where(rows.left, rows.probabilities(weighing), 0.0)
    figures["auc"] = area(scores[true].tolist(), scores[false].tolist())
    kinds, through = Counter(c.kind for c in rows.claims), Counter[str]()
    through.update(c.kind for c, p in zip(rows.claims, passed, strict=True) if p)
    return figures | {f"let through {kind}": through[kind] / count for kind, count in sorted(kinds.items())}


def choose(folder: Path, settling: Sequence[Claim], held: Sequence[Claim], inferred: Sequence[Claim]) -> dict[str, Any]:
    """Fit what weighs the learnt head in ``folder``, and write it with its figures.

    Raises:
        WeightsMismatch: no head there.
    """
    network = load_reader(folder, Encoder.load(Settings.from_env()), "support")
    return chosen(
        folder, partial(follows, network), network.version, {"settling": settling, "held": held, "inferred": inferred}
    )


def chosen(folder: Path, head: Head, version: str, sets: Mapping[str, Sequence[Claim]]) -> dict[str, Any]:
    """The same for ``head``; of ``sets`` the first is fitted on."""
    rows = {name: Rows(claims, head) for name, claims in sets.items() if claims}
    weighing = fitted(next(iter(rows.values())))
    told: dict[str, Any] = {
        "head": version, "features": FEATURES, "weights": weighing.weights, "bias": weighing.bias,
        "least": weighing.least,
        "figures": {n: {k: round(v, 4) for k, v in measured(some, weighing).items()} for n, some in rows.items()},
    }  # fmt: skip
    (folder / FILE).write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return told
