"""The reader's model, tokens, spans and stored weights, on a network of a few thousand weights."""

from __future__ import annotations

import copy
from typing import Any, cast

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel

from rag.reader import PairEncoder, Reader, ReaderModel, best_span, collate, pack, unpack

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
    stored = pack(model, base)
    assert not any("word_embeddings" in name or "layer.0." in name for name in stored)
    again = ReaderModel(copy.deepcopy(bert), 16, 1)
    unpack(again, stored)
    asked = [("quand", "", "le programme vega est lancé en mars ."), ("à Brest", "", "le programme")]
    before = Reader(model, pairs, pad=1).read_pairs(asked)
    after = Reader(again, pairs, pad=1).read_pairs(asked)
    assert [r.span for r in before] == [r.span for r in after]
    assert np.allclose([r.logit for r in before], [r.logit for r in after], atol=1e-2)


def test_incomplete_weights_are_refused(bert: BertModel) -> None:
    stored = pack(trained(bert), dict(bert.state_dict()))
    del stored["answer.weight"]
    with pytest.raises(KeyError):
        unpack(ReaderModel(copy.deepcopy(bert), 16, 1), stored)


def test_offsets_are_of_the_passage_and_shared_words_are_marked(pairs: PairEncoder) -> None:
    text = "le programme est lancé en mars"
    encoding = pairs.encode("programme quand", "vega", text)
    shown = [text[a:b] for a, b in encoding.offsets if a >= 0]
    assert shown == text.split()
    marked = {encoding.ids[i] for i, m in enumerate(encoding.matches) if m == 3}
    assert marked == {WORDS.index("programme")}


def test_the_best_span_is_ordered_and_short_enough() -> None:
    offsets = [(-1, -1), (0, 2), (3, 5), (6, 8), (-1, -1)]
    start = np.array([9, 0, 0, 5, 9], dtype=np.float32)
    end = np.array([9, 4, 1, 0, 9], dtype=np.float32)
    assert best_span(start, end, offsets)[0] == (6, 8)
    start = np.array([0, 3, 1, 0, 0], dtype=np.float32)
    end = np.array([0, 0, 0, 5, 0], dtype=np.float32)
    assert best_span(start, end, offsets)[0] == (0, 8)
    nearly = np.array([0, 0.1, 0, 0, 0], dtype=np.float32)
    assert best_span(nearly, end, offsets)[0] == (6, 8)  # two words more for a tenth: too long
    assert best_span(start, end, offsets, most=2)[0] == (3, 8)
    assert best_span(start, end, [(-1, -1)] * 5)[0] == (0, 0)
