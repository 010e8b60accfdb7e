"""The reader: one cross-encoder pass tells whether a passage answers a question, and by which words.

The same encoder as retrieval with its layers adapted: the word embeddings are shared with it, the
rest is stored as 8-bit differences from it (``reader.safetensors``). Three heads: answered or not,
start and end of the span, affirmed or denied.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from index.page import Passage, Span
from index.words import term_spans

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from index.encoder import Encoder

MAX_TOKENS = 512
MAX_SPAN_TOKENS = 160
MAX_QUESTION_TOKENS = 96
MAX_PREVIOUS_TOKENS = 48
SEPARATOR = 2
"""The token ``</s>``."""
LENGTH_COST = 0.3
"""What a span pays for its length, times its logarithm: start and end are chosen apart, so that a
doubtful pair stands too far apart. Chosen on held-out pages."""
MATCHES = 4
_UNMATCHED, _SAME_TOKEN, _SAME_TERM = 1, 2, 3


class ReaderMismatch(RuntimeError):
    """The weights are missing, damaged, or were trained for another encoder."""


@dataclass(frozen=True)
class Reading:
    """What the reader says of one passage.

    ``logit`` grows with the certainty that the passage answers; ``span`` are offsets into the
    text of the passage; ``polarity`` are the probabilities that a yes/no question is denied, affirmed,
    or not settled by the passage.
    """

    logit: float
    span: Span
    span_score: float
    polarity: tuple[float, float, float]


@dataclass(frozen=True)
class Output:
    """Raw outputs for a batch: (batch,), (batch, tokens), (batch, tokens), (batch, 3)."""

    answer: torch.Tensor
    start: torch.Tensor
    end: torch.Tensor
    polarity: torch.Tensor


@dataclass(frozen=True)
class Encoding:
    """One (question, passage) pair as the model takes it.

    ``offsets`` are those of each token in the passage's text, or (-1, -1) where the token is not
    of that text (question, section path, special tokens).
    """

    ids: list[int]
    matches: list[int]
    offsets: list[Span]


class ReaderModel(nn.Module):
    """The encoder's layers, word-match embeddings and three heads.

    The layers below ``match_layer`` are the encoder's own, untouched; the embeddings that tell
    which words question and passage share are added above them.
    """

    def __init__(self, bert: nn.Module, hidden: int, match_layer: int = 0) -> None:
        super().__init__()
        self.bert: Any = bert
        self.match_layer = match_layer
        self.match = nn.Embedding(MATCHES, hidden)
        nn.init.zeros_(self.match.weight)
        self.pool = nn.Linear(3 * hidden, hidden)
        self.answer = nn.Linear(hidden, 1)
        self.polarity = nn.Linear(hidden, 3)
        self.span = nn.Linear(hidden, 2)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, matches: torch.Tensor) -> Output:
        states = self.bert.embeddings(input_ids=ids)
        least = torch.finfo(states.dtype).min
        hidden_keys = ((1 - mask) * least).to(states.dtype)[:, None, None, :]
        for number, layer in enumerate(self.bert.encoder.layer):
            if number == self.match_layer:
                states = states + self.match(matches)
            given = layer(states, hidden_keys)
            states = given[0] if isinstance(given, tuple) else given  # transformers 4 and 5
        shown = mask.unsqueeze(-1).to(states.dtype)
        mean = (states * shown).sum(1) / shown.sum(1)
        most = states.masked_fill(shown == 0, torch.finfo(states.dtype).min).amax(1)
        pooled = torch.nn.functional.gelu(self.pool(torch.cat([states[:, 0], mean, most], -1)))
        start, end = self.span(states).unbind(-1)
        return Output(self.answer(pooled)[:, 0], start, end, self.polarity(pooled))


class PairEncoder:
    """Turns (question, passage) into tokens, with a flag for words that the two share."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        self.tokenizer = tokenizer
        self.max_tokens = max_tokens
        self._passages: dict[tuple[str, str], tuple[list[int], list[Span], list[str]]] = {}

    def encode(self, question: str, context: str, text: str, previous: str = "") -> Encoding:
        """The pair ``<s> previous </s> question </s></s> context, text </s>``, cut at ``max_tokens``.

        ``previous`` is the question that this one leans on: without one the pair begins with the question.
        """
        q_ids, q_terms = self._question(question, MAX_QUESTION_TOKENS)
        if previous:
            before, before_terms = self._question(previous, MAX_PREVIOUS_TOKENS)
            q_ids, q_terms = [*before, SEPARATOR, *q_ids], [*before_terms, "", *q_terms]
        p_ids, p_offsets, p_terms = self._passage(context, text)
        room = self.max_tokens - len(q_ids) - 4
        p_ids, p_offsets, p_terms = p_ids[:room], p_offsets[:room], p_terms[:room]
        asked, told = {t for t in q_terms if t}, {t for t in p_terms if t}
        q_set, p_set = set(q_ids), set(p_ids)
        q_match = [_match(i, t, p_set, told, _UNMATCHED) for i, t in zip(q_ids, q_terms, strict=True)]
        p_match = [_match(i, t, q_set, asked, 0) for i, t in zip(p_ids, p_terms, strict=True)]
        nowhere: list[Span] = [(-1, -1)]
        return Encoding(
            [0, *q_ids, SEPARATOR, SEPARATOR, *p_ids, SEPARATOR],
            [0, *q_match, 0, 0, *p_match, 0],
            nowhere * (len(q_ids) + 3) + p_offsets + nowhere,
        )

    def _question(self, text: str, most: int) -> tuple[list[int], list[str]]:
        ids, _, terms = self._tokens(text)
        return ids[:most], terms[:most]

    def _tokens(self, text: str) -> tuple[list[int], list[Span], list[str]]:
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        offsets = [(int(a), int(b)) for a, b in encoding.offsets]
        terms = [""] * len(offsets)
        words = term_spans(text)
        position = 0
        for index, (start, end) in enumerate(offsets):
            while position < len(words) and words[position][1] <= start:
                position += 1
            if position < len(words) and words[position][0] < end:
                terms[index] = words[position][2]
        return list(encoding.ids), offsets, terms

    def _passage(self, context: str, text: str) -> tuple[list[int], list[Span], list[str]]:
        key = (context, text)
        known = self._passages.get(key)
        if known is None:
            if len(self._passages) > 20_000:
                self._passages.clear()
            ids, offsets, terms = self._tokens(text)
            if context:
                c_ids, _, c_terms = self._tokens(context + " :")
                c_ids, c_terms = c_ids[:64], c_terms[:64]
                nowhere: list[Span] = [(-1, -1)] * len(c_ids)
                ids, offsets, terms = c_ids + ids, nowhere + offsets, c_terms + terms
            known = self._passages[key] = ids, offsets, terms
        return known


def _match(token: int, term: str, tokens: set[int], terms: set[str], otherwise: int) -> int:
    if not term:
        return 0
    if term in terms:
        return _SAME_TERM
    return _SAME_TOKEN if token in tokens else otherwise


def collate(
    encodings: Sequence[Encoding], pad: int, device: torch.device | str = "cpu", multiple: int = 1
) -> tuple[torch.Tensor, ...]:
    """Token ids, attention mask and matches, each of shape (batch, longest).

    ``longest`` is rounded up to a ``multiple``: a processor prepares its kernels once per shape.
    """
    longest = -(-max(len(e.ids) for e in encodings) // multiple) * multiple
    ids = torch.full((len(encodings), longest), pad, dtype=torch.long)
    mask = torch.zeros((len(encodings), longest), dtype=torch.long)
    matches = torch.zeros((len(encodings), longest), dtype=torch.long)
    for row, encoding in enumerate(encodings):
        n = len(encoding.ids)
        ids[row, :n] = torch.tensor(encoding.ids)
        mask[row, :n] = 1
        matches[row, :n] = torch.tensor(encoding.matches)
    return ids.to(device), mask.to(device), matches.to(device)


def best_span(
    start: NDArray[np.float32], end: NDArray[np.float32], offsets: Sequence[Span], most: int = MAX_SPAN_TOKENS
) -> tuple[Span, float]:
    """The span (offsets into the passage's text) with the highest start plus end score, less its length's cost."""
    places = [i for i, (a, _) in enumerate(offsets) if a >= 0]
    if not places:
        return (0, 0), float("-inf")
    first, last = places[0], places[-1] + 1
    s, e = start[first:last], end[first:last]
    count = len(s)
    lengths = np.arange(count)[None, :] - np.arange(count)[:, None] + 1
    scores = s[:, None] + e[None, :] - LENGTH_COST * np.log(np.maximum(lengths, 1))
    allowed = np.triu(np.ones((count, count), dtype=bool)) & ~np.triu(
        np.ones((count, count), dtype=bool), most
    )
    scores = np.where(allowed, scores, -np.inf)
    a, b = divmod(int(scores.argmax()), count)
    return (offsets[first + a][0], offsets[first + b][1]), float(scores[a, b])


@dataclass(frozen=True)
class Calibration:
    """Log odds that a passage answers, from the reader's logit, the hit's score and what it leaves out.

    ``unsaid`` weighs the part of the question that the page knows but the sentence does not say.
    ``threshold`` is the least probability of what is answered, ``sure`` of what is affirmed or denied: a
    wrong "Oui" misleads more than a wrong quote. All by ``python -m rag.training.calibrate``.
    """

    scale: float = 1.0
    retrieval: float = 0.0
    unsaid: float = 0.0
    shift: float = 0.0
    threshold: float = 0.5
    sure: float = 0.5

    def log_odds(self, logit: float, score: float, unsaid: float) -> float:
        return self.scale * logit + self.retrieval * score + self.unsaid * unsaid + self.shift


class Reader:
    """The trained model with its tokenizer and its calibration."""

    def __init__(
        self,
        model: ReaderModel,
        pairs: PairEncoder,
        *,
        pad: int,
        calibration: Calibration | None = None,
    ) -> None:
        self.model = model.eval()
        self.pairs = pairs
        self.pad = pad
        self.calibration = calibration or Calibration()

    def read(self, question: str, passages: Sequence[Passage], previous: str = "") -> list[Reading]:
        """Judge each passage, in one batch. Spans are offsets into the passage's text."""
        if not passages:
            return []
        return self.read_pairs([(question, p.context, p.text, previous) for p in passages])

    @torch.inference_mode()
    def read_pairs(self, pairs: Sequence[tuple[str, str, str, str]]) -> list[Reading]:
        """Judge (question, context, text, previous question) rows, in one batch."""
        device = next(self.model.parameters()).device
        encodings = [self.pairs.encode(*pair) for pair in pairs]
        output = self.model(*collate(encodings, self.pad, device))
        answer = output.answer.float().cpu().numpy()
        polarity = torch.softmax(output.polarity.float(), -1).cpu().tolist()
        start, end = output.start.float().cpu().numpy(), output.end.float().cpu().numpy()
        readings = []
        for row, encoding in enumerate(encodings):
            n = len(encoding.ids)
            span, score = best_span(start[row, :n], end[row, :n], encoding.offsets)
            readings.append(Reading(float(answer[row]), span, score, tuple(polarity[row])))
        return readings


def own_bert(encoder: Encoder) -> tuple[nn.Module, int]:
    """A copy of the encoder's network that shares its word embeddings, and its hidden size."""
    import copy

    network: Any = encoder.model[0].model
    words = network.embeddings.word_embeddings
    memo = {id(words.weight): words.weight, id(words): words}
    return copy.deepcopy(network, memo), int(network.config.hidden_size)


def pair_encoder(encoder: Encoder, max_tokens: int = MAX_TOKENS) -> PairEncoder:
    """The encoder's own tokenizer, for pairs."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(encoder.model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return PairEncoder(tokenizer, max_tokens)


# --- weights: 8-bit differences from the encoder -----------------------------------------------


def pack(model: ReaderModel, base: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """What to store: for a matrix of the encoder, int8 differences with a scale per row; else float16."""
    packed: dict[str, torch.Tensor] = {}
    for name, value in model.state_dict().items():
        if "word_embeddings" in name or name.endswith("position_ids"):
            continue
        value = value.detach().float().cpu()
        origin = base.get(name.removeprefix("bert."))
        if origin is None:
            packed[name] = value.half()
            continue
        difference = value - origin.float().cpu()
        if not difference.any():
            continue  # a frozen layer
        if difference.ndim < 2:
            packed[name + ".delta"] = difference.half()
            continue
        scale = difference.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        packed[name + ".delta8"] = torch.round(difference / scale).to(torch.int8)
        packed[name + ".scale"] = scale.squeeze(1)
    return packed


def unpack(model: ReaderModel, packed: dict[str, torch.Tensor]) -> None:
    """Apply what :func:`pack` stored to a model fresh from the encoder, in place."""
    state = model.state_dict()
    for name in state:
        if not name.startswith("bert.") and name not in packed:
            raise KeyError(name)
    with torch.no_grad():
        for name, value in packed.items():
            if name.endswith(".scale"):
                continue
            if name.endswith(".delta8"):
                target = state[name.removesuffix(".delta8")]
                scale = packed[name.removesuffix(".delta8") + ".scale"].unsqueeze(1)
                target.copy_((target.float() + value.float() * scale).to(target.dtype))
            elif name.endswith(".delta"):
                target = state[name.removesuffix(".delta")]
                target.copy_((target.float() + value.float()).to(target.dtype))
            else:
                state[name].copy_(value.to(state[name].dtype))


def load_reader(folder: Path, encoder: Encoder) -> Reader:
    """The reader in ``folder`` on top of ``encoder``.

    Raises:
        ReaderMismatch: no weights there, not readable, or trained on another encoder.
    """
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        calibration = Calibration(**{name: float(config[name]) for name in Calibration.__dataclass_fields__})
        packed: dict[str, torch.Tensor] = {}
        for file in sorted(folder.glob("reader*.safetensors")):
            packed.update(load_file(file))
        if not packed:
            raise FileNotFoundError("reader.safetensors")
    except Exception as error:  # whatever a missing or broken file makes its reader raise
        raise ReaderMismatch(f"les poids du lecteur sont absents ou abîmés dans {folder}") from error
    if config["encoder"] != encoder.checksum:
        raise ReaderMismatch("le lecteur n'a pas été entraîné pour ce modèle d'encodeur")
    bert, hidden = own_bert(encoder)
    model = ReaderModel(bert, hidden, int(config.get("match_layer", 0)))
    reference = next(bert.parameters())
    model.to(device=reference.device, dtype=reference.dtype)
    try:
        unpack(model, packed)
    except (KeyError, RuntimeError) as error:
        raise ReaderMismatch(f"les poids du lecteur dans {folder} ne conviennent pas") from error
    return Reader(model, pair_encoder(encoder), pad=int(config["pad"]), calibration=calibration)
