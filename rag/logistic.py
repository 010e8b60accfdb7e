"""The logistic function and its inverse: what turns a weighted sum into a probability, here as everywhere, and back."""

from math import exp, log


def logistic(z: float) -> float:
    """From 0 to 1; past 30 either way nothing changes that a float could show, and nothing overflows."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, z))))


def log_odds(probability: float, least: float) -> float:
    """The sum that ``probability`` comes of, taken as no nearer to 0 or 1 than ``least``."""
    kept = min(max(probability, least), 1 - least)
    return log(kept / (1 - kept))
