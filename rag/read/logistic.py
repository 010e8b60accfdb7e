"""The logistic function: what turns a weighted sum into a probability, here as everywhere."""

from math import exp


def logistic(z: float) -> float:
    """From 0 to 1; past 30 either way nothing changes that a float could show, and nothing overflows."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, z))))
