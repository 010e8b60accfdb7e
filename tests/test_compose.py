"""How an answer is put together from evidence, on the real page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.page import Passage
from rag import Assistant, compose, forms
from rag.answer import Answer, Evidence, Hit
from rag.judge import _consistent, _cut_off, _out_of_place
from rag.question import analyse


def evidence(assistant: Assistant, words: str, polarity: float = 1.0) -> Evidence:
    """Evidence whose span is the first place of ``words`` in a passage."""
    start = assistant.page.text.index(words)
    passage = next(p for p in assistant.passages if p.start <= start < p.end)
    sentence = next(s for s in passage.sentences if s[0] <= start < s[1])
    return Evidence(Hit(passage, 0.0, 0.0, 0.0), 0.9, (start, start + len(words)), sentence, polarity)


def fact(assistant: Assistant, question: str, found: Evidence) -> Answer:
    quotes = compose.Quotes(assistant.page, assistant.passages)
    text = compose.fact(analyse(question), found, quotes)
    return Answer(question, text, tuple(quotes.citations))


def test_a_sentence_that_leans_brings_the_one_before(assistant: Assistant) -> None:
    found = evidence(assistant, "arbitrer pour offrir le meilleur traitement")
    answer = fact(assistant, "Que doit faire le praticien ?", found)
    assert "pluralité de pathologies" in answer.text and "arbitrer" in answer.text
    assert len(answer.citations) == 1 and len(answer.text) < 400


def test_the_sentence_before_may_stand_in_the_passage_before(assistant: Assistant) -> None:
    answer = fact(
        assistant, "Pourquoi impliquer les citoyens ?", evidence(assistant, "l’implication pleine et entière")
    )
    first, second = answer.citations
    assert first.passage.id == second.passage.id - 1
    assert answer.text.index("[1]") < answer.text.index("Un tel objectif") < answer.text.index("[2]")


def test_a_sentence_that_stands_alone_stays_alone(assistant: Assistant) -> None:
    answer = fact(assistant, "Qui a lancé le master ?", evidence(assistant, "l’EMLyon"))
    assert len(answer.citations) == 1 and answer.text.startswith("**")


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("PariSanté Campus associe-t-il des acteurs privés ?", True),
        ("PariSanté Campus n'associe-t-il que des acteurs privés ?", None),
        ("Est-ce que tous les hôpitaux participent à PariSanté Campus ?", None),
        ("PariSanté Campus est-il antérieur au Grand défi ?", None),
    ],
)
def test_yes_needs_the_page_to_affirm_all_of_it(
    assistant: Assistant, question: str, yes: bool | None
) -> None:
    asked = analyse(question)
    assert asked.kind == "yes_no"
    assert (
        compose.verdict(asked, assistant.page, evidence(assistant, "associant acteurs publics et privés"))
        is yes
    )


def test_what_is_not_yet_so_is_not_affirmed(assistant: Assistant) -> None:
    found = evidence(assistant, "pour devenir un leader")
    assert compose.verdict(analyse("La France est-elle un leader mondial ?"), assistant.page, found) is None
    assert compose.verdict(analyse("La France peut-elle devenir un leader ?"), assistant.page, found) is True


def test_no_needs_words_that_deny(assistant: Assistant) -> None:
    found = evidence(assistant, "associant acteurs publics et privés", polarity=0.0)
    assert (
        compose.verdict(analyse("Le campus associe-t-il des acteurs privés ?"), assistant.page, found) is None
    )


@pytest.mark.parametrize(
    ("question", "words", "trusted"),
    [
        (
            "Quelle entreprise fabrique le dispositif autorisé par la FDA ?",
            "Food\nand Drug Administration",
            False,
        ),
        ("Qui a autorisé le premier dispositif ?", "FDA", True),
        ("Qui de l'EMLyon ou de la FDA a lancé un master ?", "l’EMLyon", True),
        ("Quels sont les noms des projets ?", "10 projets innovants", False),
        ("Comment s'appelle le master ?", "Master in\nHealth and Data Intelligence", True),
        ("Combien de projets ont été soutenus ?", "10 projets innovants", True),
        ("Combien d'étudiants ont été soutenus ?", "10 projets innovants", False),
    ],
)
def test_an_answer_is_of_the_kind_that_is_asked(
    assistant: Assistant, question: str, words: str, trusted: bool
) -> None:
    text = assistant.page.text
    start = text.find(words) if words in text else text.find(words.replace("\n", " "))
    passage: Passage = next(p for p in assistant.passages if p.start <= start < p.end)
    _, left = _consistent(analyse(question), passage, (start, start + len(words)))
    assert (left > 0.7) is trusted


def test_a_date_is_of_the_item_that_names_the_thing(assistant: Assistant) -> None:
    text = assistant.page.text
    start = text.find("2019 par l’EMLyon")
    passage: Passage = next(p for p in assistant.passages if p.start <= start < p.end)
    told = {}
    for question in ("Quand le D.U. a-t-il été lancé ?", "Quand le master de l'EMLyon a-t-il été lancé ?"):
        span, left = _consistent(analyse(question), passage, (start, start + 4))
        told[text[slice(*span)]] = left
    assert told == {"janvier 2020": 0.7, "2019": 1.0}


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("L’Etat a un devoir de garantir", False),
        ("l’efficacité thérapeutique", True),
        ("et éviter des crises", False),
        ("les contextes cliniques", True),
        ("l’EMLyon", True),
    ],
)
def test_an_answer_that_runs_into_a_gap_is_doubted(assistant: Assistant, words: str, whole: bool) -> None:
    found = evidence(assistant, words)
    assert (_cut_off(found.hit.passage, found.span) == 1.0) is whole


def test_a_list_takes_what_is_nearly_as_sure(assistant: Assistant) -> None:
    found = [replace(evidence(assistant, words), probability=p) for words, p in
             (("l’EMLyon", 0.85), ("Création du Health Data Hub", 0.7), ("PariSanté", 0.5), ("AI4Health", 0.2))]  # fmt: skip
    kept = forms.several(found, threshold=0.4)
    assert [e.probability for e in kept] == [0.85, 0.7]
    assert len(forms.several(found[2:], threshold=0.4)) == 1


def test_a_list_of_one_year_leaves_other_years_out() -> None:
    asked = analyse("Qu'est-ce qui a été lancé en 2020 ?")
    assert forms.of_other_years(asked, "Un master lancé en 2019")
    assert not forms.of_other_years(asked, "Le campus, lancé en 2020") and not forms.of_other_years(
        asked, "Le campus"
    )
    assert not forms.of_other_years(analyse("Qu'est-ce qui a été lancé ?"), "Un master lancé en 2019")


def test_two_passages_as_likely_are_both_shown(assistant: Assistant) -> None:
    least = assistant.judge.threshold
    found = [
        replace(evidence(assistant, words), probability=p)
        for words, p in (("l’EMLyon", least + 0.06), ("l’accès aisé et unifié", least + 0.01))
    ]
    rival = assistant._rival(found)
    assert rival is found[1]
    quotes = compose.Quotes(assistant.page, assistant.passages)
    text = compose.either(analyse("Qui forme les médecins ?"), found[0], found[1], quotes)
    assert text.startswith("Deux passages") and "[1]" in text and "[2]" in text and len(text) <= 420
    assert "EMLyon" in text and "l’accès aisé et unifié" in text


@pytest.mark.parametrize("odds", [(0.9, 0.5), (0.5, 0.01)])
def test_one_passage_that_is_surer_stands_alone(assistant: Assistant, odds: tuple[float, float]) -> None:
    found = [
        replace(evidence(assistant, words), probability=p)
        for words, p in zip(("l’EMLyon", "l’accès aisé"), odds, strict=True)
    ]
    assert assistant._rival(found) is None


@pytest.mark.parametrize(
    ("role", "question", "meant"),
    [
        ("link", "Où en savoir plus ?", True),
        ("link", "De quoi la médecine a-t-elle besoin ?", False),
        ("credit", "À qui doit-on la photo ?", True),
        ("credit", "Qui a lancé le campus ?", False),
        ("updated", "De quand date la page ?", True),
        ("updated", "Qui finance la recherche ?", False),
        ("keywords", "Quels sont les mots clés ?", True),
        ("keywords", "Pourquoi partager les données ?", False),
    ],
)
def test_the_furniture_of_a_page_answers_questions_about_it_alone(
    assistant: Assistant, role: str, question: str, meant: bool
) -> None:
    passage = next(p for p in assistant.passages if p.role == role)
    left = _out_of_place(analyse(question), passage, (passage.start, passage.end))
    assert (left == 1.0) is meant
