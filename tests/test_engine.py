"""The engines: the same vectors and verdicts whichever runs the networks, and torch where the other cannot."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index import engine
from index.encoder import Encoder
from index.engine import OpenVino
from index.settings import Settings
from index.unpack import PROMPTS, unpacked_folder
from rag import Assistant
from rag.question.encoding import question_encoder
from tests.conftest import CAMPUS, HUB, NOT_SAID, OFF_TOPIC

ASKED = (
    CAMPUS,
    HUB,
    NOT_SAID,
    OFF_TOPIC,
    "Quels sont les objectifs du Health Data Hub ?",
    "Qui finance les instituts 3IA ?",
)
needs_openvino = pytest.mark.skipif(not OpenVino.is_installed(), reason="openvino is not installed")


@pytest.fixture(scope="module")
def exact() -> Settings:
    return Settings.from_env(precision="float32", engine="torch")


@pytest.fixture
def apart(tmp_path: Path) -> Settings:
    """Settings with a cache of their own, in which the encoder is unpacked."""
    unpacked = unpacked_folder(Settings.from_env().cache_dir)
    (tmp_path / unpacked.name).symlink_to(unpacked)
    return Settings.from_env(cache_dir=tmp_path)


@pytest.fixture
def untried(apart: Settings, settings: Settings) -> Settings:
    """The same with the exports of both networks, of which neither was tried against torch."""
    Assistant.load(settings.with_(engine="openvino"))  # what is not exported yet is
    shutil.copytree(
        settings.cache_dir / "engines", apart.cache_dir / "engines", ignore=shutil.ignore_patterns("*.json", "*.lock")
    )
    return apart


def verdict(assistant: Assistant, question: str) -> tuple[str, str]:
    answer = assistant.ask(question)
    return answer.certainty, answer.citations[0].quote if answer.citations else ""


def test_one_pass_gives_both_vectors_of_a_question(exact: Settings) -> None:
    encoder = Encoder.load(exact)
    for question in ASKED:
        meaning, vector = question_encoder(encoder).encode(question)
        assert float(meaning @ encoder.encode_query([question])[0]) > 0.9999
        assert vector.shape == meaning.shape and np.isclose(np.linalg.norm(vector), 1, atol=1e-5)
        assert float(meaning @ vector) < 0.999  # the upper layers are adapted


def test_a_question_has_the_tokens_of_its_model(exact: Settings) -> None:
    encoder = Encoder.load(exact)
    for text in (*ASKED, "", "œuvre", "mot " * 2000):
        ours, theirs = (
            encoder.tokenizer.encode(PROMPTS["query"] + text).ids,
            encoder.model.tokenizer(PROMPTS["query"] + text),
        )
        assert ours[:400] == theirs["input_ids"][:400]
    assert question_encoder(encoder).encode("mot " * 2000)[1].shape == (encoder.dimension,)


@needs_openvino
def test_openvino_gives_the_verdicts_of_the_exact_model(exact: Settings) -> None:
    fast, slow = Assistant.load(exact.with_(precision="auto", engine="openvino")), Assistant.load(exact)
    assert [verdict(fast, q) for q in ASKED] == [verdict(slow, q) for q in ASKED]


@needs_openvino
def test_questions_at_once_get_the_same_verdicts(settings: Settings) -> None:
    assistant = Assistant.load(settings.with_(engine="openvino"))
    assert assistant.at_once == engine.cores()
    alone = [verdict(assistant, q) for q in ASKED]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(partial(verdict, assistant), ASKED * 3)) == alone * 3


def test_torch_answers_one_after_another(exact: Settings) -> None:
    assert Assistant.load(exact).at_once == 1


def test_turns_count_who_runs_now() -> None:
    turns = engine.Turns()
    with turns.one() as first, turns.one() as second:
        assert first and not second
    with suppress(ValueError), turns.one():
        raise ValueError
    with turns.one() as again:
        assert again


@needs_openvino
def test_torch_is_not_loaded_where_it_does_no_work(settings: Settings) -> None:
    Assistant.load(settings.with_(engine="openvino"))  # index and exports are there
    code = (
        "import sys; from index.settings import Settings; from rag import Assistant;"
        f"a = Assistant.load(Settings.from_env(engine='openvino')).ask({CAMPUS!r});"
        "print(a.certainty, 'torch' in sys.modules, 'transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["sure", "False", "False"]


@needs_openvino
def test_the_faster_engine_is_found_once(untried: Settings) -> None:
    Assistant.load(untried)
    trials = sorted(untried.cache_dir.glob("engines/*/*.json"))
    assert len(trials) == 2  # the network of questions and the reader's
    kept = [json.loads(file.read_text(encoding="utf-8")) for file in trials]
    assert all(min((trial["torch"], "torch"), (trial["openvino"], "openvino"))[1] == trial["engine"] for trial in kept)
    for file in trials:
        file.write_text('{"engine": "torch"}', encoding="utf-8")
    assert verdict(Assistant.load(untried), CAMPUS)[0] == "sure"
    assert all(file.read_text(encoding="utf-8") == '{"engine": "torch"}' for file in trials)


@needs_openvino
def test_a_damaged_export_is_said_and_made_anew(untried: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    there = untried.with_(engine="openvino")

    def vector() -> list[float]:
        found: list[float] = question_encoder(Encoder.load(there)).encode(CAMPUS)[1].tolist()
        return found

    expected = vector()
    capsys.readouterr()
    for network in there.cache_dir.glob("engines/*/network.bin"):
        with network.open("r+b") as file:
            file.truncate(1000)
    assert vector() == expected
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1 and "abîmé" in said[0] and "refait" in said[0]
    assert vector() == expected and not capsys.readouterr().err


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="moteur inconnu"):
        Settings(engine="autre")  # type: ignore[arg-type]
