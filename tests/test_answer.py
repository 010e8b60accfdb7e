"""The invariants of answers, the composer's trimming, the metrics."""

from __future__ import annotations

import math

import pytest

from index.page import Page, Passage
from rag.answer import Answer, Citation
from rag.compose import Quotes
from rag.metrics import f1, roc_auc
from rag.trim import trim, whole_words


def test_a_citation_is_the_pages_own_text(page: Page, passages: tuple[Passage, ...]) -> None:
    passage = passages[3]
    span = passage.sentences[0]
    citation = Citation.of(1, page, passage, span)
    assert citation.quote == page.text[span[0] : span[1]]
    with pytest.raises(ValueError, match="not the page's text"):
        Citation(1, "des mots inventés", passage, span[0], span[1])
    with pytest.raises(ValueError, match="not the page's text"):
        Citation(1, page.text[:10], passage, 0, 10)
    with pytest.raises(ValueError, match="number"):
        Citation(0, citation.quote, passage, *span)


def test_an_answer_without_a_citation_cannot_be_made(page: Page, passages: tuple[Passage, ...]) -> None:
    citation = Citation.of(1, page, passages[3], passages[3].sentences[0])
    assert Answer("?", "Oui [1]", (citation,)).citations
    with pytest.raises(ValueError, match="without a citation"):
        Answer("?", "Oui")
    with pytest.raises(ValueError, match="do not match"):
        Answer("?", "Oui [2]", (citation,))
    with pytest.raises(ValueError, match="do not match"):
        Answer("?", "Oui", (citation,))
    with pytest.raises(ValueError, match="cites nothing"):
        Answer("?", "Non [1]", (citation,), refused=True, reason="not_on_page")
    with pytest.raises(ValueError, match="says why"):
        Answer("?", "Non", refused=True)
    with pytest.raises(ValueError, match="has a text"):
        Answer("?", " ", refused=True, reason="off_topic")


def test_the_batch_line_has_the_contracts_fields(page: Page, passages: tuple[Passage, ...]) -> None:
    citation = Citation.of(1, page, passages[3], passages[3].sentences[0])
    line = Answer("?", "Oui [1]", (citation,), timings={"total": 12.345}).to_json()
    assert {"answer", "refused", "reason", "citations", "latency_ms"} <= line.keys()
    assert set(line["citations"][0]) == {"n", "quote", "passage", "section", "start", "end", "url"}
    assert line["latency_ms"] == 12.35 or line["latency_ms"] == 12.34
    assert passages[3].text in line["citations"][0]["passage"]


@pytest.mark.parametrize("most", [40, 80, 120, 200])
def test_trimming_keeps_the_answer_and_stays_verbatim(most: int) -> None:
    text = (
        "PariSanté Campus, lancé le 4 décembre 2020 par la Président de la République, est un projet ambitieux de "
        "campus en santé numérique associant acteurs publics et privés pour construire la médecine du futur."
    )
    keep = (text.index("4 décembre"), text.index("4 décembre") + len("4 décembre 2020"))
    start, end = trim(text, keep, most)
    assert start <= keep[0] and end >= keep[1] and end - start <= most
    assert text[start:end].strip() == text[start:end]
    assert (start == 0 or not text[start - 1].isalnum()) and (end == len(text) or not text[end].isalnum())


@pytest.mark.parametrize(
    ("text", "rough", "whole"),
    [
        ("lancé le 4 décembre 2020 par", "décembre 202", "décembre 2020"),
        ("dans 1 250,50 € par an", "250", "250,50"),
        ("la faculté, de Paris,", "faculté,", "faculté"),
        ("le projet « Santé numérique » continue", "« Santé numérique", "« Santé numérique »"),
        ("la FDA (Food and Drug Administration) a", "(Food and Drug", "(Food and Drug Administration)"),
        ("le D.U. existe", "D.U.", "D.U."),
        ("un sous-préfet dit", "préfet", "sous-préfet"),
        ("soit 30 % des cas.", "30 % des cas.", "30 % des cas"),
    ],
)
def test_short_answers_are_whole(text: str, rough: str, whole: str) -> None:
    at = text.index(rough)
    start, end = whole_words(text, (at, at + len(rough)))
    assert text[start:end] == whole


def test_quotes_say_where_words_are_missing(page: Page, passages: tuple[Passage, ...]) -> None:
    quotes = Quotes(page, passages)
    cut = next(p for p in passages if p.text.startswith("et éviter"))
    assert quotes.quote(cut.sentences[0]) == "[…] et éviter des crises. [1]"
    open_ended = next(p for p in passages if p.cut_end and p.text.endswith("trentaine"))
    assert quotes.quote(open_ended.sentences[-1]).endswith("une trentaine […] [2]")
    assert quotes.quote(cut.sentences[0]).endswith("[1]") and len(quotes.citations) == 2


def test_french_f1() -> None:
    assert f1("le 4 décembre 2020", ["4 décembre 2020"]) == 1.0
    assert f1("L’État", ["etat"]) == 1.0
    assert f1("Nice et Paris", ["Paris", "Nice, Paris"]) == pytest.approx(0.8)
    assert f1("rien", ["tout"]) == 0.0 and f1("", ["tout"]) == 0.0


def test_roc_auc() -> None:
    assert roc_auc([3, 4], [1, 2]) == 1.0 and roc_auc([1, 2], [3, 4]) == 0.0
    assert roc_auc([1, 1], [1, 1]) == 0.5 and math.isnan(roc_auc([], [1]))
    assert roc_auc([1, 3], [2]) == 0.5
