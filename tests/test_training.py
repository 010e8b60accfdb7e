"""The training: what it learns from, and a short run on the real encoder, cut off and gone on with."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.encoder import Encoder
from index.settings import Settings
from rag.assistant import WEIGHTS
from rag.reader import load_reader, pair_encoder
from rag.squad import read_articles
from rag.training.calibrate import Curve, calibrate, choose
from rag.training.data import Source, group, held_out, held_out_page, load_sources, pages_source, squad_source
from rag.training.negatives import changed
from rag.training.noise import noisy
from rag.training.pages import FOLDER, read_page
from rag.training.train import Options, find_hard, find_unrelated, train

PAGES = ("A-01.txt", "B-01.txt", "V-01.txt")


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(Settings.from_env())


@pytest.fixture(scope="module")
def written() -> Source:
    return pages_source([FOLDER / name for name in PAGES])


def article(title: str, *facts: tuple[str, str, str]) -> dict[str, Any]:
    """An article of SQuAD's layout: (text, question, answer) of each paragraph."""
    return {
        "title": title,
        "paragraphs": [
            {
                "context": text,
                "qas": [{"id": q, "question": q, "answers": [{"text": a, "answer_start": text.index(a)}]}],
            }
            for text, q, a in facts
        ],
    }


ARTICLES = [
    article(
        title,
        (
            f"Le pont de {town} fut ouvert en {year} par la reine.",
            f"Quand le pont de {town} fut-il ouvert ?",
            str(year),
        ),
        (
            f"L’église de {town}, en grès rose, domine le marché.",
            f"En quoi est bâtie l’église de {town} ?",
            "grès rose",
        ),
    )
    for title, town, year in (
        ("Ponts", "Vire", 1823),
        ("Gares", "Dole", 1854),
        ("Tours", "Auch", 1907),
        ("Ports", "Sète", 1666),
    )
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ../shared/data, of four tiny articles."""
    assert {held_out(a["title"]) for a in ARTICLES} == {True, False}
    folder = tmp_path_factory.mktemp("squad")
    for name in (
        "piaf_train.json",
        "jaquad.ja.json",
        "fairytale.en.json",
        "xquad.en.json",
        "xquad.es.json",
        "xquad.ro.json",
    ):
        (folder / name).write_text(json.dumps({"data": ARTICLES}), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name in (*PAGES[:2], "A-12.txt"):
        lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join(lines[:28]), encoding="utf-8")
    return folder


def test_every_written_page_can_be_read_and_holds_its_answers() -> None:
    files = sorted(FOLDER.glob("*.txt"))
    assert len(files) > 250 and any(held_out_page(f) for f in files)
    for file in files:
        for passage in read_page(file):
            assert passage.text and passage.questions
            for question in passage.questions:
                assert question.span is None or passage.text[slice(*question.span)].strip()


def test_held_out_articles_are_never_trained_on(data: Path, pages: Path) -> None:
    train_on, held = load_sources(data, pages)
    for source, kept in zip(train_on, held, strict=False):
        assert source.items and kept.items
        assert not {t.article for t in source.texts} & {t.article for t in kept.texts}


def test_a_group_is_a_true_pair_then_passages_that_do_not_answer(
    written: Source, encoder: Encoder, tmp_path: Path
) -> None:
    piaf = squad_source("piaf", ARTICLES, titled=True)
    find_hard([written], encoder, tmp_path)
    find_unrelated([written, piaf], encoder, tmp_path)
    pairs = pair_encoder(encoder)
    rng = random.Random(3)
    sizes = set()
    for number, item in enumerate(written.items):
        rows = group(written, number, pairs, rng)
        assert [r.answered for r in rows] == [bool(item.spans)] + [False] * (len(rows) - 1)
        sizes.add(len(rows))
        if not item.spans:
            assert len(rows) == 1 and rows[0].span is None
            continue
        text = written.texts[item.passage].text
        assert rows[0].span is not None
        offsets = rows[0].encoding.offsets
        told = text[offsets[rows[0].span[0]][0] : offsets[rows[0].span[1]][1]]
        assert any(text[a:b] in told for a, b in item.spans)
    assert sizes == {1, 2, 3}  # alone; with a near passage; with one about something else as well


def test_unrelated_passages_are_of_the_other_set(written: Source, encoder: Encoder, tmp_path: Path) -> None:
    piaf = squad_source("piaf", ARTICLES, titled=True)
    find_unrelated([written, piaf], encoder, tmp_path)
    own, other = {t.text for t in written.texts}, {t.text for t in piaf.texts}
    for source, texts in ((written, other), (piaf, own)):
        for item, near in zip(source.items, source.unrelated, strict=True):
            assert bool(near) == bool(item.spans) and {t.text for t in near} <= texts


def test_near_passages_are_the_others_of_the_article(
    written: Source, encoder: Encoder, tmp_path: Path
) -> None:
    find_hard([written], encoder, tmp_path)
    for item, near in zip(written.items, written.near, strict=True):
        assert set(near) == (set(written.siblings[item.passage]) if item.spans else set())
    assert any(len(near) > 1 for near in written.near)


def test_calibration_fits_what_the_chain_will_load(
    data: Path, pages: Path, encoder: Encoder, tmp_path: Path
) -> None:
    for name in ("reader.json", "reader.safetensors"):
        shutil.copy(WEIGHTS / name, tmp_path)
    found = calibrate(tmp_path, data, pages, most=24)
    loaded = load_reader(tmp_path, encoder).calibration
    assert (loaded.scale, loaded.threshold) == (found["scale"], found["threshold"])
    assert loaded.scale > 0 and 0 < loaded.threshold <= loaded.sure < 1
    assert loaded.log_odds(2.0, 1.0, 0.0) > loaded.log_odds(-2.0, 1.0, 0.0)
    assert f"threshold {loaded.threshold:.2f}" in (tmp_path / "threshold.svg").read_text(encoding="utf-8")


def test_the_threshold_balances_what_is_lost_and_what_is_let_through() -> None:
    steps, none = np.array([0.2, 0.4, 0.6, 0.8]), np.zeros(4)
    kept, through = np.array([0.99, 0.95, 0.90, 0.40]), np.array([0.60, 0.20, 0.11, 0.01])
    assert steps[choose(Curve(steps, kept, through, none))] == 0.6
    assert steps[choose(Curve(steps, kept, np.array([0.60, 0.05, 0.15, 0.01]), none))] == 0.4
    # Of equals the middle one.
    flat = np.full(4, 0.1)
    assert steps[choose(Curve(steps, np.array([0.90, 0.89, 0.90, 0.40]), flat, none))] == 0.4
    # Foreign questions must hardly get through, whatever it costs.
    assert steps[choose(Curve(steps, kept, through, np.array([0.30, 0.10, 0.02, 0.001])))] == 0.8


def test_a_changed_question_differs_in_one_thing_and_a_noisy_one_means_the_same() -> None:
    rng = random.Random(5)
    question = "Quand le pont de Vire fut-il ouvert par la reine en 1823 ?"
    new = changed(question, ARTICLES[0]["paragraphs"][0]["context"], ["Auch", "Dole"], rng)
    assert new and new != question
    kept = [w for w in question.split() if w in new.split()]
    assert len(kept) >= len(question.split()) - 3
    assert any(noisy(question, random.Random(i)) != question for i in range(10))


def test_a_run_is_seeded_and_goes_on_where_it_was_cut(data: Path, pages: Path, tmp_path: Path) -> None:
    options = Options(stages="foreign:1,french:9", steps=4, rows=4, warm_up=2, fairytale=3, xquad=3, jaquad=3)
    figures = train(options, data, pages, tmp_path / "whole", tmp_path / "work")
    assert {"auc piaf", "auc pages", "span_f1 piaf", "span_f1 pages"} <= figures.keys()
    weights = (tmp_path / "whole" / "reader.safetensors").read_bytes()

    train(options, data, pages, tmp_path / "again", tmp_path / "work2")
    assert (tmp_path / "again" / "reader.safetensors").read_bytes() == weights

    longer = Options(**{**options.__dict__, "steps": 6})
    train(longer, data, pages, tmp_path / "more", tmp_path / "work")
    journal = [json.loads(line) for line in (tmp_path / "work" / "journal.jsonl").read_text().splitlines()]
    assert [e["resumed"] for e in journal if "resumed" in e] == [4]
    assert (tmp_path / "more" / "reader.safetensors").read_bytes() != weights

    encoder = Encoder.load(Settings.from_env())
    reader = load_reader(tmp_path / "more", encoder)
    collection = read_articles(data / "piaf_train.json")
    text = collection[0]["paragraphs"][0]["context"]
    (reading,) = reader.read_pairs([("Quand le pont de Vire fut-il ouvert ?", "", text)])
    assert 0 <= reading.span[0] < reading.span[1] <= len(text)
