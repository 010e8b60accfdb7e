"""The logistic function and its inverse: what turns a weighted sum into a probability, here as everywhere, and back."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log


def logistic(z: float) -> float:
    """From 0 to 1; past 30 either way nothing changes that a float could show, and nothing overflows."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, z))))


def log_odds(probability: float, least: float) -> float:
    """The sum that ``probability`` comes of, taken as no nearer to 0 or 1 than ``least``."""
    kept = min(max(probability, least), 1 - least)
    return log(kept / (1 - kept))


@dataclass(frozen=True)
class Logistic:
    """Logistic regression: what each figure weighs, and what is added to their sum."""

    weights: tuple[float, ...]
    bias: float

    def log_odds(self, figures: Iterable[float]) -> float:
        return self.bias + sum(w * x for w, x in zip(self.weights, figures, strict=True))

    def of(self, figures: Iterable[float]) -> float:
        """The probability."""
        return logistic(self.log_odds(figures))
