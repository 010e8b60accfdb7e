"""Small decision trees whose leaves are added up: gradient boosting, fitted by scikit-learn, run without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEAF = -1


@dataclass(frozen=True)
class Trees:
    """All nodes in one row. Of each: the number of the figure that it looks at (:data:`LEAF` for none), the value up to
    which the next node is ``lower``, else ``upper``, and what a leaf adds. ``roots`` are where the trees begin."""

    base: float
    roots: tuple[int, ...]
    figure: tuple[int, ...]
    value: tuple[float, ...]
    lower: tuple[int, ...]
    upper: tuple[int, ...]
    adds: tuple[float, ...]

    def __post_init__(self) -> None:
        """Every way leads on, to a leaf."""
        count = len(self.figure)
        whole = all(len(row) == count for row in (self.value, self.lower, self.upper, self.adds))
        nodes = enumerate(zip(self.figure, self.lower, self.upper, strict=True)) if whole else ()
        onward = all(f == LEAF or (n < low < count and n < up < count) for n, (f, low, up) in nodes)
        if not whole or not onward or not all(0 <= root < count for root in self.roots):
            raise ValueError("trees that lead nowhere")

    def of(self, figures: Sequence[float]) -> float:
        """The sum for one row of figures."""
        total = self.base
        for node in self.roots:
            while (number := self.figure[node]) != LEAF:
                node = self.lower[node] if figures[number] <= self.value[node] else self.upper[node]
            total += self.adds[node]
        return total
