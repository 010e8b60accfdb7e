"""The reader's model, tokens, spans and stored weights on a network of a few thousand weights; the decision and the rule."""

from __future__ import annotations

import copy
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel

from index.engine import torch_run
from index.packing import WeightsMismatch, pack, unpack
from index.page import Passage, Span
from index.settings import Settings
from rag import Assistant, Evidence, Hit, Question
from rag.question.asked import EXPECTED, Expected
from rag.read.decision import (
    ADDED,
    ALSO_CHARS,
    FEATURES,
    FIRST,
    TOGETHER_CHARS,
    Decision,
    Judge,
    Weigher,
    load_decision,
    rival_of,
    sentence_of,
)
from rag.read.defining import Defining
from rag.read.model import ReaderModel
from rag.read.nearness import Nearness
from rag.read.pairs import MAX_PREVIOUS_TOKENS, SEPARATOR, PairEncoder
from rag.read.reader import Reader, Reading, best_span, sentence_scores
from rag.read.together import Together, figures
from rag.read.trees import LEAF, Trees
from rag.read.types import MEASURED, can_be, find
from rag.read.weights import load_reader
from rag.training.evaluation import collate
from rag.training.keeping import packed
from rag.training.verdicts import save

WORDS = "<s> <pad> </s> <unk> quand le programme vega est lancé en mars à Brest .".split()


@pytest.fixture
def bert() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        intermediate_size=32,
    )
    model: Any = BertModel(config, add_pooling_layer=False)
    model.eval()
    return cast(BertModel, model)


@pytest.fixture
def pairs() -> PairEncoder:
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return PairEncoder(tokenizer)


def trained(bert: BertModel, match_layer: int = 1) -> ReaderModel:
    model = ReaderModel(copy.deepcopy(bert), 16, match_layer).eval()
    torch.manual_seed(1)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if not name.startswith(("bert.embeddings.", "bert.encoder.layer.0.")):
                parameter.add_(0.05 * torch.randn_like(parameter))
    return model


def test_without_marks_the_states_are_those_of_the_encoder(bert: BertModel) -> None:
    model = ReaderModel(bert, 16, 1).eval()
    ids = torch.tensor([[0, 4, 5, 2, 1], [0, 6, 7, 8, 2]])
    mask = torch.tensor([[1, 1, 1, 1, 0], [1, 1, 1, 1, 1]])
    with torch.no_grad():
        states = bert(input_ids=ids, attention_mask=mask).last_hidden_state
        output = model(ids, mask, torch.zeros_like(ids))
        start = model.span(states)[..., 0]
    assert torch.allclose(output.start[mask == 1], start[mask == 1], atol=1e-5)


def test_padding_changes_nothing(bert: BertModel, pairs: PairEncoder) -> None:
    model = trained(bert)
    encoding = pairs.encode("quand", "", "le programme est lancé en mars")
    with torch.no_grad():
        alone = model(*collate([encoding], 1))
        padded = model(*collate([encoding], 1, multiple=32))
    assert padded.start.shape[1] == 32
    assert torch.allclose(alone.answer, padded.answer, atol=1e-5)


def test_stored_weights_answer_as_the_trained_ones(bert: BertModel, pairs: PairEncoder) -> None:
    model = trained(bert)
    base = {name: value.clone() for name, value in bert.state_dict().items()}
    stored = packed(model, base)
    assert not any("word_embeddings" in name or "layer.0." in name for name in stored)
    again = ReaderModel(copy.deepcopy(bert), 16, 1)
    unpack(again.state_dict(), stored)
    asked = [("quand", "", "le programme vega est lancé en mars .", ""), ("à Brest", "", "le programme", "quand")]
    before = Reader(torch_run(model), pairs, pad=1).read_pairs(asked)
    after = Reader(torch_run(again), pairs, pad=1).read_pairs(asked)
    assert [r.span for r in before] == [r.span for r in after]
    assert np.allclose([r.logit for r in before], [r.logit for r in after], atol=1e-2)


def test_what_is_stored_is_small_and_close_to_what_was_learnt() -> None:
    torch.manual_seed(3)
    base = {"matrix": torch.randn(6, 5), "vector": torch.randn(5), "same": torch.randn(2, 2)}
    state = {
        **base,
        "matrix": base["matrix"] + 0.1 * torch.randn(6, 5),
        "vector": base["vector"] + 0.1,
        "own": torch.randn(3),
    }
    stored = pack(state, base)
    assert stored["matrix.delta8"].dtype == torch.int8 and not any(name.startswith("same") for name in stored)
    again = {**{name: value.clone() for name, value in base.items()}, "own": torch.zeros(3)}
    unpack(again, stored)
    assert all(torch.allclose(again[name], value, atol=2e-3) for name, value in state.items())
    with pytest.raises(KeyError):
        unpack({"vector": base["vector"]}, stored)
    with pytest.raises(RuntimeError):
        unpack({**again, "own": torch.zeros(4)}, stored)


def test_offsets_are_of_the_passage_and_shared_words_are_marked(pairs: PairEncoder) -> None:
    text = "le programme est lancé en mars"
    encoding = pairs.encode("programme quand", "vega", text)
    shown = [text[a:b] for a, b in encoding.offsets if a >= 0]
    assert shown == text.split()
    marked = {encoding.ids[i] for i, m in enumerate(encoding.matches) if m == 3}
    assert marked == {WORDS.index("programme")}


def test_the_best_span_is_ordered_and_short_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    offsets = [(-1, -1), (0, 2), (3, 5), (6, 8), (-1, -1)]
    start = np.array([9, 0, 0, 5, 9], dtype=np.float32)
    end = np.array([9, 4, 1, 0, 9], dtype=np.float32)
    assert best_span(start, end, offsets)[0] == (6, 8)
    start = np.array([0, 3, 1, 0, 0], dtype=np.float32)
    end = np.array([0, 0, 0, 5, 0], dtype=np.float32)
    assert best_span(start, end, offsets)[0] == (0, 8)
    nearly = np.array([0, 0.1, 0, 0, 0], dtype=np.float32)
    assert best_span(nearly, end, offsets)[0] == (6, 8)  # two words more for a tenth: too long
    assert best_span(start, end, [(-1, -1)] * 5)[0] == (0, 0)
    monkeypatch.setattr("rag.read.reader.MAX_SPAN_TOKENS", 2)
    assert best_span(start, end, offsets)[0] == (3, 8)


def test_the_question_before_comes_first_and_its_words_are_not_the_passages(pairs: PairEncoder) -> None:
    text = "le programme est lancé en mars"
    alone = pairs.encode("en mars", "", text)
    both = pairs.encode("en mars", "", text, "le programme vega")
    before = [WORDS.index(w) for w in "le programme vega".split()]
    assert both.ids == [0, *before, SEPARATOR, *alone.ids[1:]]
    assert [o for o in both.offsets if o[0] >= 0] == [o for o in alone.offsets if o[0] >= 0]
    told = {both.ids[i] for i, (a, _) in enumerate(both.offsets) if a >= 0 and both.matches[i] == 3}
    assert WORDS.index("programme") in told
    long = pairs.encode("quand", "", text, "programme " * 500)
    assert long.ids.index(SEPARATOR) == MAX_PREVIOUS_TOKENS + 1 and len(long.offsets) == len(long.ids)


def test_a_pair_is_cut_at_the_end_of_the_passage(pairs: PairEncoder) -> None:
    short = PairEncoder(pairs.tokenizer, max_tokens=12)
    encoding = short.encode("quand le programme", "", "le programme est lancé en mars à Brest .")
    assert len(encoding.ids) == len(encoding.matches) == len(encoding.offsets) == 12
    assert encoding.ids[-1] == SEPARATOR and encoding.offsets[-2] == (23, 25)


def test_a_reader_for_another_encoder_is_refused(assistant: Assistant, tmp_path: Path) -> None:
    source = Path(Settings.from_env().reader)
    if not source.is_dir():
        source = Path(__file__).parents[1] / "rag" / "weights"
    with pytest.raises(WeightsMismatch, match="absents"):
        load_reader(tmp_path, assistant.encoder)
    for file in source.glob("reader*"):
        shutil.copy(file, tmp_path)
    described = json.loads((tmp_path / "reader.json").read_text(encoding="utf-8"))
    weights = load_file(tmp_path / "reader.safetensors")
    save_file({n: v for n, v in weights.items() if n != "answer.weight"}, tmp_path / "reader.safetensors")
    with pytest.raises(WeightsMismatch, match="ne conviennent pas"):
        load_reader(tmp_path, assistant.encoder)
    (tmp_path / "reader.json").write_text(json.dumps({**described, "encoder": "other"}), encoding="utf-8")
    with pytest.raises(WeightsMismatch, match="pas été entraîné"):
        load_reader(tmp_path, assistant.encoder)
    (tmp_path / "reader.safetensors").write_bytes(b"{}")
    with pytest.raises(WeightsMismatch, match="abîmés"):
        load_reader(tmp_path, assistant.encoder)


# --- what is regular in a page's text


@pytest.mark.parametrize(
    ("expected", "text", "found"),
    [
        ("date", "Le campus a ouvert le 4 décembre 2020 à Paris", "4 décembre 2020"),
        ("date", "un master lancé en 2019 par l'école", "2019"),
        ("date", "Mis à jour le 01/03/2023", "01/03/2023"),
        ("number", "a soutenu 10 projets innovants", "10"),
        ("number", "Trois instituts ont mis l'accent", "Trois"),
        ("number", "soit 1 250,5 habitants", "1 250,5"),
        ("number", "une aide pour une trentaine de villes", "une trentaine"),
        ("money", "une aide de 1 500 euros par an", "1 500 euros"),
        ("money", "l'inscription est gratuite", "gratuite"),
        ("duration", "la formation dure six mois environ", "six mois"),
        ("percentage", "près de 12,5 % des cas", "12,5 %"),
    ],
)
def test_measures_are_found_as_they_are_written(expected: Expected, text: str, found: str) -> None:
    assert can_be(expected, text)
    span = find(expected, text, set())
    assert span is not None and text[slice(*span)].strip() == found


@pytest.mark.parametrize(("expected", "text", "can"), [
    ("person", "4 décembre 2020", False), ("organisation", "10 %", False), ("place", "deux ans", False),
    ("number", "une pluralité de cas", False), ("organisation", "le 4 de la rue Basse", True), ("statement", "4 décembre 2020", True), ("reason", "car il pleut", True),
])  # fmt: skip
def test_a_bare_date_or_figure_is_nobody_and_nowhere(expected: Expected, text: str, can: bool) -> None:
    assert can_be(expected, text) is can


def test_what_the_question_already_says_is_no_answer() -> None:
    text = "En 2019 l'école a ouvert, en 2021 elle a fermé."
    span = find("date", text, {"2019"})
    assert span is not None and text[slice(*span)] == "2021"
    assert find("date", "En 2019 elle a ouvert.", {"2019"}) is None


def test_only_measures_can_be_told_by_how_they_are_written() -> None:
    words = "l'école de médecine"
    assert {e for e in EXPECTED if not can_be(e, words)} == MEASURED
    assert find("person", words, set()) is None


# --- the decision

LOGIT, UNSAID = FEATURES.index("logit"), FEATURES.index("unsaid")
TREES = Trees(
    -0.5, (0, 5),
    figure=(LOGIT, LEAF, LOGIT, LEAF, LEAF, UNSAID, LEAF, LEAF), value=(-1.0, 0.0, 1.0, 0.0, 0.0, 0.5, 0.0, 0.0),
    lower=(1, 0, 3, 0, 0, 6, 0, 0), upper=(2, 0, 4, 0, 0, 7, 0, 0), adds=(0.0, -3.0, 0.0, 0.0, 3.0, 0.0, 0.0, -4.0),
)  # fmt: skip
DEFINING = Defining(-1.0, {"X a ete": -2.0, "master X": 3.0})
DECISION = Decision(
    TREES,
    (0.2, 1.0, -1.5, 0.1, 0.5),
    DEFINING,
    0.6,
    0.2,
    0.9,
    0.8,
    0.7,
    2.0,
    0.4,
    0.0,
    Nearness((1.0, 2.0, 0.0, 0.0, 0.0), 0.0, 0.5, 0.7),
    Together((0.5, 1.0, 0.2, 1.0, -2.0), 0.5, 0.6),
)


def test_near_is_what_the_page_knows_the_words_of_or_what_may_well_answer() -> None:
    def near(best: float, known: float, *logits: float, contrast: float = 0.1) -> float:
        hits = [{"logit": logit, "known": known, "terms": 1.0, "contrast": contrast} for logit in logits]
        return Nearness((1.0, 2.0, 0.5, 0.3, 9.0), -1.0, 0.5, 0.7).probability(best, hits)

    assert near(0.2, 0.5, -1.0, contrast=0.2) > near(0.2, 0.5, -1.0)
    assert near(0.2, 0.9, -1.0, -3.0) > near(0.2, 0.1, -1.0, -3.0) > near(0.01, 0.1, -1.0, -3.0)
    assert near(0.2, 0.9, -1.0, -1.0) > near(0.2, 0.9, -1.0, -3.0)
    assert 0 < near(0.0, 0.0, -50.0) < near(1.0, 1.0, 50.0) < 1


def weigh(assistant: Assistant, question: Question, words: str, **reading: Any) -> dict[str, float]:
    """The figures of a hit whose span is the first place of ``words``, beside another hit."""
    start = assistant.page.text.index(words)
    passage = next(p for p in assistant.passages if p.start <= start < p.end)
    other = next(p for p in assistant.passages if p is not passage)
    span = (start - passage.start, start - passage.start + len(words))
    readings = [Reading(1.5, span, 3.0, (0.1, 0.2, 0.7)), Reading(-2.0, (0, 5), 1.0, (0.0, 0.0, 1.0))]
    readings[0] = replace(readings[0], **reading)
    hits = [Hit(passage, 2.0, 0.85, 3.0), Hit(other, 0.5, 0.8, 1.0)]
    weighed = Weigher(assistant.passages, None, DEFINING).weigh(question, hits, readings)
    assert all(set(figures) == {*FEATURES, *ADDED} for _, figures in weighed)
    (a, b), figures = weighed[0]
    assert passage.start <= a < b <= passage.end
    return {**figures, "start": a, "end": b}


def asks(text: str, **changes: Any) -> Question:
    return replace(Question(text, text), **changes)


def test_a_hit_is_weighed_against_the_others(assistant: Assistant) -> None:
    figures = weigh(assistant, asks("Qui a lancé le master ?"), "l’EMLyon")
    assert (figures["margin"], figures["lead"]) == (3.5, 1.5)
    assert (figures["yes_no"], figures["unsettled"], figures["leans"]) == (0, 0, 0)
    assert figures["second"] == figures["logit"] - figures["margin"]
    assert 0 < figures["said"] <= figures["known"] <= 1
    assert figures["said"] + figures["unsaid"] == pytest.approx(figures["known"])


def test_words_that_the_page_knows_are_shared_out(assistant: Assistant) -> None:
    known = weigh(assistant, asks("master EMLyon"), "l’EMLyon")
    assert (known["known"], known["unsaid"]) == (1, 0)
    half = weigh(assistant, asks("master zébulon"), "l’EMLyon")
    assert 0 < half["known"] < 1
    english = weigh(assistant, asks("master zébulon Toulouse", english=True), "l’EMLyon")
    assert (english["known"], english["said"], english["english"]) == (0, 0, 1)


def test_a_follow_up_is_weighed_by_its_own_words_too(assistant: Assistant) -> None:
    alone = weigh(assistant, asks("master EMLyon"), "l’EMLyon")
    assert alone["said_alone"] == alone["said"] > 0
    elsewhere = weigh(assistant, asks("et à Toulouse ?", previous="master EMLyon"), "l’EMLyon")
    assert elsewhere["said_alone"] == 0 < elsewhere["said"]
    assert weigh(assistant, asks("et où ?", previous="master EMLyon"), "l’EMLyon")["said_alone"] == 1


def test_each_hit_is_weighed_by_itself_wherever_it_stands(assistant: Assistant) -> None:
    question = assistant.understanding.understand("Qui a lancé le master en IA et santé ?")
    hits = assistant.retriever.search(question, 4)
    readings = assistant.judge.reader.read(question.repaired, [hit.passage for hit in hits])
    weigher = Weigher(assistant.passages, None, DEFINING)
    for found in (weigher.weigh(question, hits, readings), weigher.weigh(question, hits[::-1], readings[::-1])):
        assert all(figures["said_alone"] == figures["said"] for _, figures in found)
        assert any(figures["said"] > 0 for _, figures in found[1:])


def test_a_yes_or_no_that_is_not_settled_counts_only_where_it_is_asked(assistant: Assistant) -> None:
    assert weigh(assistant, asks("Un master ?", form="yes_no"), "l’EMLyon")["unsettled"] == 0.7
    assert weigh(assistant, asks("Quel master ?"), "l’EMLyon")["unsettled"] == 0


def test_a_date_beside_the_span_is_taken_where_a_date_is_asked(assistant: Assistant) -> None:
    dated = weigh(assistant, asks("Quand le master a-t-il été lancé ?", expected="date"), "l’EMLyon")
    assert assistant.page.text[int(dated["start"]) : int(dated["end"])] == "2019" and dated["mistyped"] == 0
    none = weigh(assistant, asks("Quand ?", expected="date"), "l’accès aisé")
    assert none["mistyped"] == 1
    half = asks("Quand ?", expected="date", types={"date": 0.5, "place": 0.5})
    assert weigh(assistant, half, "l’accès aisé")["mistyped"] == 0.5 and assistant.page.text[
        int(none["start"]) :
    ].startswith("l’accès aisé")


def test_the_amounts_of_a_question_are_looked_for_in_the_sentence(assistant: Assistant) -> None:
    same = weigh(assistant, asks("Un master lancé en 2019 ?", previous="Et en 2021 ?"), "l’EMLyon")
    assert (same["equal"], same["inside"], same["outside"]) == (1, 0, 0)
    other = weigh(assistant, asks("Un master lancé en 2021 ?"), "l’EMLyon")
    assert (other["equal"], other["inside"], other["outside"]) == (0, 0, 0)


def test_whether_a_sentence_defines_counts_only_where_a_definition_is_asked(assistant: Assistant) -> None:
    asked = asks("Qu'est-ce que l'EMLyon ?", form="definition")
    unknown = asks("Qu'est-ce qu'un zébulon ?", form="definition")
    found = [weigh(assistant, one, "l’EMLyon") for one in (asked, replace(asked, form="fact"), unknown)]
    assert [(figures["names"], figures["defines"]) for figures in found] == [(1, -1), (0, 0), (0, 0)]


def test_probability_grows_with_what_speaks_for_a_hit() -> None:
    none = dict.fromkeys((*FEATURES, *ADDED), 0.0)
    low, mid, high = (DECISION.probability({**none, "logit": x}) for x in (-3.0, 0.0, 3.0))
    assert 0 < low < mid < high < 1 and mid == pytest.approx(0.3775, abs=1e-3)
    assert DECISION.probability({**none, "logit": 3.0, "unsaid": 2.0}) < mid
    inside, outside = (DECISION.probability({**none, name: 1.0}) for name in ("inside", "outside"))
    assert DECISION.probability({**none, "defines": 2.0}) == inside
    assert outside < mid < inside == pytest.approx(0.6225, abs=1e-3)
    far = replace(DECISION, trees=replace(TREES, base=-1e9))
    assert 0 <= far.probability({**none, "logit": -1e9}) < 1e-9


def test_trees_that_lead_nowhere_are_refused() -> None:
    assert TREES.of([0.0] * len(FEATURES)) == -0.5
    for wrong in (
        {"upper": TREES.lower[:-1]},
        {"lower": (0, *TREES.lower[1:])},
        {"upper": (8, *TREES.upper[1:])},
        {"roots": (8,)},
    ):
        with pytest.raises(ValueError, match="nowhere"):
            replace(TREES, **wrong)


def test_a_sentence_that_the_reader_likes_as_well_is_quoted_beside(assistant: Assistant) -> None:
    passage = next(
        p for p in assistant.passages if len(p.sentences) > 2 and len(p.text) < TOGETHER_CHARS and not p.role
    )
    first, second, third = passage.sentences[:3]
    fact = asks("Qui ?")
    scores = (3.0, 2.5, -1.0, *[-9.0] * (len(passage.sentences) - 3))
    reading = Reading(1.0, (0, 5), 3.0, (0.0, 0.0, 1.0), scores)
    assert rival_of(fact, passage, first, reading) == (second, 0.5)
    assert rival_of(fact, passage, third, reading) == (first, -4.0)
    assert rival_of(fact, passage, first, replace(reading, sentences=())) is None
    assert rival_of(fact, replace(passage, sentences=(first,)), first, replace(reading, sentences=(3.0,))) is None
    long = replace(passage, sentences=(first, (second[0], second[0] + TOGETHER_CHARS)))
    assert rival_of(fact, long, first, replace(reading, sentences=(3.0, 2.5))) is None
    asked = assistant.understanding.understand("Quand PariSanté Campus a-t-il été lancé ?")
    hits = assistant.retriever.search(asked, 4)

    def judged(beside: float, question: Question = asked) -> list[Evidence]:
        decision = replace(assistant.judge.decision, beside=beside, enough=1.0)
        return Judge(assistant.judge.reader, decision, assistant.passages).judge(question, hits).evidence

    assert not any(e.beside for e in judged(-1e9))
    told = [e for e in judged(1e9) if e.beside]
    assert told and all(e.beside in e.hit.passage.sentences and e.beside != e.sentence for e in told)
    assert not any(e.beside for e in judged(1e9, replace(asked, form="list")))


def test_the_next_passage_belongs_to_the_answer_where_it_may_be_the_one_that_answers(assistant: Assistant) -> None:
    one, other = [p for p in assistant.passages if p.sentences and len(p.text) < ALSO_CHARS // 3][:2]
    judge = Judge(assistant.judge.reader, DECISION, assistant.passages)

    def found(probability: float, passage: Passage, sentence: Span | None = None) -> Evidence:
        near = {"logit": 9.0, "known": 1.0, "terms": 0.0, "contrast": 0.0}
        sentence = sentence or passage.sentences[0]
        return Evidence(Hit(passage, 0.0, 0.0, 0.0), probability, sentence, sentence, weighed=near)

    best, probable, improbable = found(0.45, one), found(0.2, other), found(0.1, other)
    assert judge.answering([best, probable, improbable]) == (best, probable)
    assert judge.answering([best, improbable, improbable]) == (best,) == judge.answering([best])
    assert judge.certainty([best, probable]) == "sure" and judge.certainty([best, improbable]) == "likely"
    long = found(0.2, other, (other.start, other.start + ALSO_CHARS))
    assert judge.answering([best, long]) == (best,) and judge.certainty([best, long]) == "likely"
    credit = found(0.2, replace(other, role="credit"))
    assert judge.answering([best, credit]) == (best,) and judge.certainty([]) == "none"
    known = replace(credit, probability=0.9)
    unknown = replace(known, weighed={**known.weighed, "known": 0.0})
    assert judge.certainty([known]) == "sure" and judge.certainty([unknown]) == "likely"


def test_several_things_are_told_where_each_is_and_not_by_the_same_words(assistant: Assistant) -> None:
    passage = next(p for p in assistant.passages if len(p.sentences) > 1)
    first, second = passage.sentences[:2]

    def found(probability: float, sentence: Span, words: Span | None = None) -> Evidence:
        return Evidence(Hit(passage, 0.0, 0.0, 0.0), probability, words or sentence, sentence)

    judge = Judge(assistant.judge.reader, DECISION, assistant.passages)
    whole = found(0.7, first)
    assert judge.tells_all(whole, [found(0.8, first), found(0.6, second)])
    assert not judge.tells_all(whole, [found(0.8, first), found(0.1, second)])
    assert judge.tells_all(whole, [whole]) and not judge.tells_all(found(0.4, first), [found(0.4, first)])
    start = first[0]
    halves = found(0.8, first, (start, start + 4)), found(0.5, first, (start + 5, start + 9))
    overlapping = found(0.8, first, (start, start + 6)), found(0.5, first, (start + 5, start + 9))
    assert figures(whole, halves)[-2:] == (1.0, 0.0) and figures(whole, overlapping)[-2:] == (1.0, 1.0)
    assert figures(whole, [whole])[-2:] == (0.0, 0.0) and figures(found(1.0, first), [found(0.0, first)])[1] > -10
    assert judge.tells_all(whole, halves) and not judge.tells_all(whole, overlapping)


def test_each_sentence_has_the_score_of_its_best_span() -> None:
    offsets = [(-1, -1), (0, 2), (3, 6), (7, 9), (10, 14)]
    start, end = (np.array(row, np.float32) for row in ([9, 1, 0, 4, 0], [9, 0, 2, 0, 3]))
    first, second, none = sentence_scores(start, end, offsets, [(0, 6), (7, 14), (20, 22)])
    span, score = best_span(start, end, offsets)
    assert span == (7, 14) and second == pytest.approx(score) and second > first and none == -np.inf
    assert first == pytest.approx(best_span(start[:3], end[:3], offsets[:3])[1])


def test_a_decision_is_stored_and_another_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "decision.json"
    with pytest.raises(WeightsMismatch, match="décision"):
        load_decision(file)
    save(DECISION, file)
    assert load_decision(file) == DECISION
    stored = json.loads(file.read_text(encoding="utf-8"))
    wrong: list[Any] = [{**stored, "features": FEATURES[:-1]}, {"features": FEATURES}, {**stored, "sure": "haut"}, []]
    for broken in wrong:
        file.write_text(json.dumps(broken), encoding="utf-8")
        with pytest.raises(WeightsMismatch):
            load_decision(file)


def test_the_sentence_of_a_span_is_the_one_that_holds_most_of_it(assistant: Assistant) -> None:
    passage = next(p for p in assistant.passages if len(p.sentences) > 1 and not p.role)
    first, second = passage.sentences[:2]
    assert sentence_of(passage, (first[1] - 2, second[1])) == second
    assert sentence_of(passage, (first[0], second[0] + 2)) == first
    assert sentence_of(replace(passage, sentences=()), first) == (passage.start, passage.end)


def test_the_rest_is_read_only_where_the_first_hits_leave_it_open(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, decision = assistant.judge.reader, assistant.judge.decision
    asked = assistant.understanding.understand("Quand PariSanté Campus a-t-il été lancé ?")
    hits = assistant.retriever.search(asked, 8)

    def judged(enough: float, **changes: Any) -> tuple[int, list[Evidence]]:
        judge = Judge(reader, replace(decision, enough=enough), assistant.passages)
        read: list[str] = []
        once = reader.read_pairs

        def counted(pairs: Any, sentences: Any) -> list[Reading]:
            read.extend(text for _, _, text, _ in pairs)
            return once(pairs, sentences)

        with monkeypatch.context() as patch:
            patch.setattr(reader, "read_pairs", counted)
            evidence = judge.judge(replace(asked, **changes), hits).evidence
        assert len(read) == len(set(read)) == len(evidence)
        assert [e.probability for e in evidence] == sorted((e.probability for e in evidence), reverse=True)
        return len(evidence), evidence

    assert judged(0.0)[0] == FIRST and judged(1.1)[0] == 8 and judged(0.0, form="list")[0] == 8
    assert Judge(reader, decision, assistant.passages).judge(asked, []) == ("none", [])
    assert "4 décembre 2020" in judged(0.0)[1][0].hit.passage.text


def test_more_is_read_where_an_answer_is_only_likely_and_makes_nothing_sure(assistant: Assistant) -> None:
    asked = assistant.understanding.understand("Quand PariSanté Campus a-t-il été lancé ?")
    hits = assistant.retriever.search(asked, 6)
    holds = next(hit for hit in hits if "4 décembre 2020" in hit.passage.text)
    others = [hit for hit in hits if hit is not holds][:3]
    judge = assistant.judge
    trusted = judge.judge(asked, [holds, *others]).evidence[0].probability
    strict = Judge(
        judge.reader,
        replace(judge.decision, sure=trusted - 0.01, enough=1.0),
        assistant.passages,
        judge.weigher._cohort,
    )
    assert strict.judge(asked, [holds, *others]).certainty == "sure"
    assert strict.judge(asked, others).certainty == "likely"
    certainty, evidence = strict.judge(asked, others, [holds])
    assert certainty == "likely" and evidence[0].hit is holds and len(evidence) == 4
    sure = strict.judge(asked, [holds, *others[:1]], others[1:])
    assert (sure.certainty, len(sure.evidence)) == ("sure", 2), "what is sure needs no more"
