"""Fit the heads on the question's embedding: ``python -m rag.training.heads`` rewrites ``heads.safetensors``.

One hidden layer and softmax, on questions written for this project; prints what folds that keep pages whole give.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.passages import split_passages
from index.settings import Settings
from rag.question.heads import FILE, USUAL, Asked, Head, Heads, Layer, Scaling, load_heads
from rag.question.vocabulary import Vocabulary
from rag.training import written
from rag.training.administration import kept_aside, markdown_by_key, real_pages
from rag.training.messages import Labelled, aimed, every_words, everything, examples, frame
from rag.training.networks import HIDDEN, Taught, fit
from rag.training.written import page_of, read_questions

OWN_HEADS, OWN_UNITS = ("leans", "aim", "every", "several", "smalltalk", "reshape"), 16
"""Heads on units of their own, and how many each network of theirs has."""
FRAME = "frame"
"""What is no head: :attr:`rag.question.heads.Heads.frame`."""
FOLDS = 4
MISTAKEN = 0.02
"""Part of the questions about a page that may be taken for something else."""
SUMMARISED = 0.001
"""Part of the other questions that may be taken for a wish for a summary: of the page it is given only where no other subject is
named."""
KNOWN = 0.0005
"""Part of the other questions that may get all dates, or what is known of the page itself: no decision weighs them."""
DEFINED = 0.0005
"""Part of the other questions that may be taken for one that asks what a thing is: no decision weighs what an acronym stands
for."""


MOST_MISTAKEN = {"about": KNOWN, "every": KNOWN}
"""Heads with a bound of their own for all classes but the usual one."""
LEANING = 0.012
"""Part of the questions that stand alone that may be taken for a follow-up."""
OFF_TOPIC = 0.02
"""Part of the specific questions that may be taken for one on a subject: no sentence of the page holds all words of most."""

OWN = {
    "form": {"summary": SUMMARISED, "definition": DEFINED},
    "leans": {"leans": LEANING},
    "aim": {"topic": OFF_TOPIC},
    "intent": {"order": 0.001, "worry": 0.005, "smalltalk": 0.003, "reshape": 0.003},
}
"""Classes with a bound of their own: a question that is taken for something else is refused, what is taken for a question
is no more than looked for in the page."""


DOUBTED = 0.7
"""Where folds are so sure of another class, a label is looked at again."""
OF_NO_FORM = ("reshape", "about", "every")
"""Whose form decides nothing: a wish about the last answer, a question about the page itself, one for all dates or the like."""


class Recognition:
    """How much of a question is its page's; of one that belongs to no page, of any page that its words happen to pick."""

    def __init__(self, markdown: Mapping[str, str], work: Path) -> None:
        """``markdown`` are the pages by their keys, ``work`` a folder for them as files."""
        self.markdown = markdown
        self.work = work
        self._keys = sorted(markdown)
        self._vocabularies: dict[str, Vocabulary] = {}

    def __call__(self, text: str, group: str) -> tuple[float, float, float]:
        own = next((key for key in (group, f"own {group}") if key in self.markdown), "")
        key = own or self._keys[crc32(text.encode()) % len(self._keys)]
        if key not in self._vocabularies:
            page = page_of(self.markdown[key], self.work)
            self._vocabularies[key] = Vocabulary(split_passages(page))
        return self._vocabularies[key].recognised(text)


def pages_asked(data: Path, questions: Path = written.FOLDER) -> dict[str, str]:
    """The pages that questions were written on, by key, as Markdown; those kept aside are left out."""
    every = markdown_by_key(real_pages(data))
    asked = {read_questions(path).key for path in questions.glob("*.txt")}
    return {
        key: every[key] for key in sorted(asked | {k for k in every if k.startswith("own ")}) if not kept_aside(key)
    }


def taught(rows_of: dict[str, list[Labelled]], known: Mapping[tuple[str, str], NDArray[np.float32]]) -> Taught:
    """The labelled questions of each head side by side; ``known`` are the features of each text in its group."""
    classes = {name: tuple(sorted({row.label for row in rows})) for name, rows in rows_of.items()}
    found: dict[tuple[str, str], list[int]] = {}
    for number, (name, rows) in enumerate(rows_of.items()):
        for row in rows:
            found.setdefault((row.text, row.group), [-1] * len(classes))[number] = classes[name].index(row.label)
    features = np.stack([known[row] for row in found])
    texts, groups = [text for text, _ in found], [group for _, group in found]
    return Taught(features, np.array(list(found.values())), groups, classes, texts)


def out_of_fold(data: Taught, units: int = HIDDEN) -> dict[str, NDArray[np.float32]]:
    """By head the probabilities, shape (questions, classes), by heads that were fitted without the question's group."""
    from sklearn.model_selection import GroupKFold

    found = {name: np.zeros((len(data.features), len(c)), dtype=np.float32) for name, c in data.classes.items()}
    folds = list(GroupKFold(FOLDS).split(data.features, groups=data.groups))
    for (_, test), (hidden, heads) in zip(folds, fit(data, [train for train, _ in folds], units), strict=True):
        states = np.maximum(data.features[test] @ hidden.weights.T + hidden.biases, 0)
        for name, head in heads.items():
            logits = states @ head.layer.weights.T + head.layer.biases
            raised = np.exp(logits - logits.max(1, keepdims=True))
            found[name][test] = raised / raised.sum(1, keepdims=True)
    return found


def least_probability(unusual: Sequence[float], is_usual: Sequence[bool], most: float = MISTAKEN) -> float:
    """Above it an unusual class is believed: hardly a row of a usual one is mistaken for it."""
    mistaken = [p for p, usual in zip(unusual, is_usual, strict=True) if usual]
    return round(float(np.quantile(mistaken, 1 - most)), 3)


Read = dict[tuple[str, str], NDArray[np.float32]]
"""The features of a text in its group."""


class Embedded:
    """Embeddings of texts as questions; a ``file``, if there is one, holds those already made by this encoder."""

    def __init__(self, encoder: Encoder, file: Path | None = None) -> None:
        self.encoder = encoder
        self.file = file
        self._vectors: dict[str, NDArray[np.float32]] = {}
        if file and file.exists():
            kept = np.load(file)
            if str(kept["encoder"]) == encoder.checksum:
                self._vectors = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    def __call__(self, rows: Sequence[Labelled]) -> dict[str, NDArray[np.float32]]:
        """The vector of the text of each row, each of shape (dimension,)."""
        texts = {row.text for row in rows}
        if new := sorted(texts.difference(self._vectors)):
            self._vectors |= zip(new, self.encoder.encode_query(new), strict=True)
            if self.file:
                names, vectors = np.array(list(self._vectors)), np.stack(list(self._vectors.values()))
                np.savez(self.file, encoder=np.array(self.encoder.checksum), texts=names, vectors=vectors)
        return {text: self._vectors[text] for text in texts}


def train(embedded: Embedded, data_sets: Path, out: Path = FILE, doubtful: Path | None = None) -> dict[str, Any]:
    """Fit every head and write them; return accuracies by folds and the least probabilities. ``doubtful`` is a file for the labels
    that the folds contradict."""
    rows_of = examples(data_sets)
    rows = [row for rows in rows_of.values() for row in rows]
    vector_of = embedded(rows)
    vectors = np.stack([vector_of[text] for text in sorted(vector_of)])
    scaling = Scaling(vectors.mean(0), vectors.std(0))
    data = taught(rows_of, read(rows, scaling, vector_of, data_sets))
    found = out_of_fold(data)
    if doubtful:
        doubtful.write_text("".join(f"{line}\n" for line in doubted(data, found)), encoding="utf-8")
    figures, least = measured(data, found)
    [(hidden, heads)] = fit(data, [np.arange(len(data.features))])
    checksum = embedded.encoder.checksum
    save(Heads(scaling, hidden, heads, least), out, checksum)
    for name in OWN_HEADS:
        figures |= train_own(name, load_heads(checksum, out), embedded, data_sets, out)
    return figures


def doubted(data: Taught, found: Mapping[str, NDArray[np.float32]]) -> list[str]:
    """Labels that folds without their question contradict, the surest first: head, probability, what they think, the label, the
    group, the text. Most are mistakes of whoever wrote them, and hide how rarely a class is mistaken."""
    lines: list[tuple[float, str]] = []
    for number, (name, classes) in enumerate(data.classes.items()):
        for row in np.flatnonzero(data.labels[:, number] >= 0).tolist():
            label, best = data.labels[row, number], int(found[name][row].argmax())
            if label != best and found[name][row, best] >= DOUBTED:
                sure = float(found[name][row, best])
                told = (name, f"{sure:.2f}", classes[best], classes[label], data.groups[row], data.texts[row])
                lines.append((sure, "\t".join(told)))
    return [line for _, line in sorted(lines, reverse=True)]


def save(heads: Heads, file: Path, encoder: str) -> None:
    """Write the heads, and the checksum of the encoder whose vectors they read."""
    from safetensors.numpy import save_file

    tensors = {"mean": heads.scaling.mean, "deviation": heads.scaling.deviation}
    for name, layer in (("hidden", heads.hidden), *((n, head.layer) for n, head in heads.heads.items())):
        tensors[f"{name}.weights"] = np.ascontiguousarray(layer.weights, np.float16)
        tensors[f"{name}.biases"] = np.ascontiguousarray(layer.biases, np.float16)
    classes = {name: head.classes for name, head in heads.heads.items()}
    told = {"classes": classes, "least": heads.least, "frame": sorted(heads.frame), "every": sorted(heads.every)}
    save_file(tensors, file, {"encoder": encoder} | {name: json.dumps(value) for name, value in told.items()})


def read(
    rows: Sequence[Labelled], scaling: Scaling, vector_of: Mapping[str, NDArray[np.float32]], data_sets: Path
) -> Read:
    """The features of every row; ``vector_of`` are the embeddings of the texts."""
    with tempfile.TemporaryDirectory() as work:
        of_page = Recognition(pages_asked(data_sets), Path(work))
        asked = sorted({(row.text, row.group) for row in rows}, key=lambda row: row[1])
        return {(t, group): scaling.features(Asked(vector_of[t], t, of_page(t, group))) for t, group in asked}


def train_own(name: str, heads: Heads, embedded: Embedded, data_sets: Path, out: Path = FILE) -> dict[str, Any]:
    """Fit the head ``name`` on hidden units of its own, and write all; its figures, and the least probabilities. Few words
    tell a follow-up, or a wish for all that is said of a subject, and few rows which small talk it is: units that all heads share
    hardly learn them."""
    own_rows = {"aim": aimed, "every": everything}
    rows = own_rows[name]() if name in own_rows else examples(data_sets)[name]
    vector_of = embedded(rows)
    data = taught({name: rows}, read(rows, heads.scaling, vector_of, data_sets))
    figures, least = measured(data, out_of_fold(data, OWN_UNITS))
    [(hidden, made)] = fit(data, [np.arange(len(data.features))], OWN_UNITS)
    grown = with_own_units(heads, name, hidden, made[name], least)
    if name == "aim":
        grown = replace(grown, frame=frame())
    elif name == "every":
        grown = replace(grown, every=every_words())
    save(grown, out, embedded.encoder.checksum)
    return figures | {"least": grown.least}


def with_own_units(heads: Heads, name: str, hidden: Layer, head: Head, least: Mapping[str, float]) -> Heads:
    """``heads`` with ``head`` in place of the one of that ``name``, which reads the units of ``hidden`` alone; units that none
    of the others reads are left out. ``least`` are its least probabilities."""
    others = {n: h for n, h in heads.heads.items() if n != name}
    read_by = np.abs(np.concatenate([h.layer.weights for h in others.values()])).sum(0) > 0
    kept, new = int(read_by.sum()), len(hidden.biases)
    layer = Layer(
        np.concatenate([heads.hidden.weights[read_by], hidden.weights]),
        np.concatenate([heads.hidden.biases[read_by], hidden.biases]),
    )
    widened = {
        n: Head(h.classes, Layer(np.pad(h.layer.weights[:, read_by], ((0, 0), (0, new))), h.layer.biases))
        for n, h in others.items()
    }
    widened[name] = Head(head.classes, Layer(np.pad(head.layer.weights, ((0, 0), (kept, 0))), head.layer.biases))
    return replace(heads, hidden=layer, heads=widened, least=heads.least | dict(least))


def measured(data: Taught, found: dict[str, NDArray[np.float32]]) -> tuple[dict[str, float], dict[str, float]]:
    """Of each head how often it is right, and how often an unusual class is believed; and the least probabilities."""
    figures, least = {}, {}
    for number, (name, classes) in enumerate(data.classes.items()):
        own = data.labels[:, number] >= 0
        labels, probabilities = data.labels[own, number], found[name][own]
        figures[name] = round(float((probabilities.argmax(1) == labels).mean()), 4)
        groups = [group.rstrip("0123456789") for group, is_own in zip(data.groups, own, strict=True) if is_own]
        decides = ~np.isin(groups, OF_NO_FORM) if name == "form" else np.ones(len(labels), dtype=bool)
        for label, most in OWN.get(name, {}).items():
            place = classes.index(label)
            others = probabilities[decides & (labels != place), place]
            least[label] = round(float(np.quantile(others, 1 - most)), 3)
        if name in USUAL:
            usual = np.array([label in USUAL[name] for label in classes])
            own_least = np.array([least.get(label, 0.0) for label in classes])
            standing = np.where(probabilities >= own_least, probabilities, 0.0)  # as Heads.best has it
            unusual, is_usual = standing[:, ~usual].sum(1), usual[labels]
            most = MOST_MISTAKEN.get(name, MISTAKEN)
            least.setdefault(name, least_probability(unusual.tolist(), is_usual.tolist(), most))
            figures[f"{name} believed"] = round(float((unusual > least[name])[~is_usual].mean()), 4)
    return figures, least


def main(argv: list[str] | None = None) -> int:
    from joblib import parallel_config

    parser = argparse.ArgumentParser(prog="python -m rag.training.heads", description="Fit the question's heads.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument(
        "--only", choices=(*OWN_HEADS, FRAME), help="fit one head, or count words; the others stay as they are"
    )
    parser.add_argument(
        "--doubtful", type=Path, help="a file for the labels that folds contradict, with what they think"
    )
    parser.add_argument("--vectors", type=Path, help="an .npz file that keeps the embeddings for the next run")
    a = parser.parse_args(argv)
    embedded = Embedded(Encoder.load(Settings.from_env()), a.vectors)
    with parallel_config(n_jobs=-1):  # a core learns one network: one is too small for two
        if a.only == FRAME:
            heads = replace(load_heads(embedded.encoder.checksum), frame=frame(), every=every_words())
            save(heads, a.out, embedded.encoder.checksum)
            figures = {"words": len(heads.frame) + len(heads.every)}
        elif a.only:
            figures = train_own(a.only, load_heads(embedded.encoder.checksum), embedded, a.data, a.out)
        else:
            figures = train(embedded, a.data, a.out, a.doubtful)
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
