"""Choose and embed the cohort: ``python -m rag.training.cohort`` rewrites ``cohort.safetensors``.

A section each of fiches and Labour pages, and paragraphs of an encyclopaedia, of the pages that are trained on alone.
"""

from __future__ import annotations

import argparse
import random
import sys
from pathlib import Path

import numpy as np

from index.encoder import Encoder
from index.settings import Settings
from rag.evaluate.squad import read_articles
from rag.retrieve.cohort import FILE
from rag.training.administration import kept_aside, real_pages
from rag.training.data import held_out

SECTIONS = 500
PARAGRAPHS = 4
"""Of each article. With all 2,833 pages beside them the bundled page's questions are told from others a little worse."""
CHARS = 450
"""About the length of a passage."""


def passages(data: Path, seed: int = 1) -> list[str]:
    """The passages of the cohort, as an index embeds them: where each stands, then its text."""
    rng = random.Random(seed)
    pages = [page for page in real_pages(data) if page.sections and not kept_aside(page.key)]
    found = []
    for page in rng.sample(pages, min(SECTIONS, len(pages))):
        section = rng.choice(page.sections)
        found.append(f"{page.title} › {section.title}\n{section.text[:CHARS]}")
    for article in read_articles(data / "piaf11_train.json"):
        if not held_out(article["title"]):
            paragraphs = [paragraph["context"] for paragraph in article["paragraphs"]]
            chosen = rng.sample(paragraphs, min(PARAGRAPHS, len(paragraphs)))
            found += [f"{article['title']}\n{text[:CHARS]}" for text in chosen]
    return found


def write(data: Path, out: Path) -> int:
    """Embed the cohort and write it to ``out``; how many passages it has."""
    from safetensors.numpy import save_file

    encoder = Encoder.load(Settings.from_env(precision="float32"))
    vectors = encoder.encode_document(passages(data))
    scaled = np.round(vectors / np.abs(vectors).max(1, keepdims=True) * 127).astype(np.int8)
    save_file({"vectors": scaled}, out, {"encoder": encoder.trained_for})
    return len(scaled)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rag.training.cohort", description="Embed the cohort.")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the data sets")
    parser.add_argument("--out", type=Path, default=FILE)
    a = parser.parse_args(argv)
    print(write(a.data, a.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
