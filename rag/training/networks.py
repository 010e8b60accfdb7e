"""The networks behind the heads: one hidden layer and softmax, several of other seeds side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from rag.question.heads import Head, Layer

HIDDEN, DROPOUT, EPOCHS, ROWS, RATE = 128, 0.3, 10, 64, 2e-3
"""A linear layer in place of the hidden one knows the intent of 0.938 of the questions, this one of 0.951."""
LEAST_STEPS = 500
"""A few hundred rows are learnt from oftener than ``EPOCHS`` times: of small talk 0.87 are told apart in place of 0.76."""
TOGETHER = 3
"""Networks of other seeds whose mean is kept: what one of them learns of a rare wording by chance, another does not."""
RARE = ("intent", "leans")
"""Heads with a class that is rare and not to be missed."""


@dataclass(frozen=True)
class Taught:
    """Questions with the label that each head is taught, -1 where it is taught none: shape (questions, heads). ``texts`` are as
    they were typed."""

    features: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: Sequence[str]
    classes: dict[str, tuple[str, ...]]
    texts: Sequence[str] = ()


def fit(data: Taught, choices: Sequence[NDArray[np.int64]], units: int = HIDDEN) -> list[tuple[Layer, dict[str, Head]]]:
    """For each of ``choices`` (places of questions) the hidden layer and the heads, learnt from those: side by side as one
    network, whose logits are the means of several of so many ``units``. As many at once as
    ``joblib.parallel_config`` says, by default one."""
    from joblib import Parallel, delayed

    seeds = range(1, TOGETHER + 1)
    networks = Parallel()(delayed(_fit)(data, chosen, units, seed) for chosen in choices for seed in seeds)
    return [_side_by_side(networks[first : first + TOGETHER]) for first in range(0, len(networks), TOGETHER)]


def _side_by_side(fitted: Sequence[tuple[Layer, dict[str, Head]]]) -> tuple[Layer, dict[str, Head]]:
    """Several networks as one, whose logits are their means."""
    hidden = Layer(np.concatenate([h.weights for h, _ in fitted]), np.concatenate([h.biases for h, _ in fitted]))
    joined = {
        name: Head(
            head.classes,
            Layer(
                np.concatenate([heads[name].layer.weights for _, heads in fitted], 1).astype(np.float32)
                / np.float32(TOGETHER),
                np.stack([heads[name].layer.biases for _, heads in fitted]).mean(0).astype(np.float32),
            ),
        )
        for name, head in fitted[0][1].items()
    }
    return hidden, joined


def _fit(data: Taught, chosen: NDArray[np.int64], units: int, seed: int) -> tuple[Layer, dict[str, Head]]:
    """One network."""
    torch.manual_seed(seed)
    features, labels = torch.from_numpy(data.features[chosen]), torch.from_numpy(data.labels[chosen])
    sizes = [len(labels_) for labels_ in data.classes.values()]
    hidden, heads = nn.Linear(features.shape[1], units), nn.Linear(units, sum(sizes))
    network = nn.Sequential(nn.Dropout(DROPOUT), hidden, nn.ReLU(), nn.Dropout(DROPOUT), heads)
    weights = [
        _weights(labels[:, n], size) if name in RARE else None
        for n, (name, size) in enumerate(zip(data.classes, sizes, strict=True))
    ]
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=1e-3)
    epochs = max(EPOCHS, -(-LEAST_STEPS * ROWS // len(features)))
    batches = [b for _ in range(epochs) for b in torch.split(torch.randperm(len(features)), ROWS)]
    for done, batch in enumerate(batches):
        for part in optimizer.param_groups:
            part["lr"] = RATE * (1 - done / len(batches))
        loss = torch.zeros(())
        for n, logits in enumerate(torch.split(network(features[batch]), sizes, 1)):
            own = labels[batch, n] >= 0
            if own.any():
                loss = (
                    loss
                    + functional.cross_entropy(
                        logits[own], labels[batch, n][own], weight=weights[n], label_smoothing=0.02
                    )
                    * own.float().mean().sqrt()
                )
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    parts = zip(
        data.classes.items(),
        torch.split(heads.weight.detach(), sizes),
        torch.split(heads.bias.detach(), sizes),
        strict=True,
    )
    made = {name: Head(labels_, Layer(w.numpy(), b.numpy())) for (name, labels_), w, b in parts}
    return Layer(hidden.weight.detach().numpy(), hidden.bias.detach().numpy()), made


def _weights(labels: torch.Tensor, size: int) -> torch.Tensor:
    """Rare labels weigh more: of what is no question about the page few are to be missed."""
    counts = torch.bincount(labels[labels >= 0], minlength=size).clamp(min=1)
    return (counts.sum() / size / counts).sqrt()
