"""All dates, amounts or figures of a page, where every one of a kind is asked for."""

from __future__ import annotations

import pytest

from index.markdown import parse_markdown
from index.page import Page, Passage
from index.passages import split_passages
from rag import Assistant, Question
from rag.answer import Quoted
from rag.compose.measures import measures
from rag.compose.quotes import Quotes

RENT = parse_markdown(
    "# Le loyer\n\nDepuis le 3 mai 2021, le dépôt est de 450 € au plus, soit un mois de loyer.\n\n"
    "Il est rendu en deux mois (article L. 1242, Covid-19).\n\nLe domaine public n'en demande pas.\n\n"
    "La hausse est limitée à 3,5 % par an, certaines années à 2 %.\n"
)


def told(kind: str, page: Page, passages: tuple[Passage, ...] | None = None) -> list[tuple[str, str]]:
    """What is in bold, and the sentence."""
    quotes = Quotes(page, passages or split_passages(page))
    lines = measures(Question("?", "?", kinds={"every": kind}), quotes)
    parts = [[part for part in line.parts if isinstance(part, Quoted)] for line in lines]
    return [(" ".join(p.words for p in quoted if p.strong), quoted[-1].words) for quoted in parts]


@pytest.mark.parametrize(
    ("kind", "bold"),
    [
        ("date", ["3 mai 2021"]),
        ("money", ["450 €"]),
        ("duration", ["un mois", "deux mois"]),
        ("percentage", [""]),  # two in one sentence: which of them is meant is not for us to say
        ("specific", []),
        ("", []),
    ],
)
def test_the_sentences_that_tell_one_of_the_kind_are_listed(kind: str, bold: list[str]) -> None:
    assert [strong for strong, _ in told(kind, RENT)] == bold


def test_a_figure_of_a_date_a_reference_or_a_name_is_no_number() -> None:
    page = parse_markdown(
        "# Santé\n\nLe plan de 2021 compte douze mesures.\n\nLe Covid-19 y est (article R. 4412-1).\n\nLe domaine est vaste.\n"
    )
    assert told("number", page) == [("douze", "Le plan de 2021 compte douze mesures.")]


def test_too_many_are_no_list_that_is_read_at_a_glance() -> None:
    page = parse_markdown("# Frise\n\n" + "\n\n".join(f"En {1990 + n}, la ville change." for n in range(15)))
    assert told("date", page) == []


def test_every_date_of_the_page_is_told_each_with_its_mark(assistant: Assistant) -> None:
    answer = assistant.ask("Quelles sont les dates importantes ?")
    assert answer.certainty == "sure" and answer.question.form == "list"
    years = ("2018", "2019", "janvier 2020", "4 décembre 2020", assistant.page.updated)
    assert all(any(year in citation.quote for citation in answer.citations) for year in years)
    assert all(any(digit in citation.quote for digit in "0123456789") for citation in answer.citations)
    starts = [citation.start for citation in answer.citations]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "question", ["Quelles sont les dates du festival de Cannes ?", "Quels sont les montants des bourses du Crous ?"]
)
def test_those_of_a_subject_that_the_page_lacks_are_not_all_of_the_page(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.question.kinds["every"] == "" and answer.certainty != "sure"


def test_what_the_page_has_none_of_is_not_made_up(assistant: Assistant) -> None:
    answer = assistant.ask("Quels sont tous les montants cités ?")
    assert answer.question.kinds["every"] == "money" and answer.certainty != "sure"
