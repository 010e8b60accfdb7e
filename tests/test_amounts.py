"""Amounts: what a question counts, and the steps of a page that hold for it."""

from __future__ import annotations

from math import inf

import pytest

from rag.read.amounts import Agreement, Amount, agreement, amounts
from rag.read.numbers import in_figures, numbers


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("de 901 à 1 200 €", [Amount(901, 1200, "euro")]),
        ("cinq ans et neuf mois", [Amount(5, 5, "an"), Amount(9, 9, "mois")]),
        ("plus de 40 m²", [Amount(40, inf, "m2")]),
        ("50 salariés et plus", [Amount(50, inf, "salarie")]),
        ("jusqu’à 11 500 €", [Amount(-inf, 11500, "euro")]),
        ("moins de 11 salariés", [Amount(-inf, 11, "salarie")]),
        ("au moins deux enfants", [Amount(2, inf, "enfant")]),
        ("plus de 2 ans et moins de 5 ans", [Amount(2, 5, "an")]),
        ("de 6 mois à 2 ans", [Amount(0.5, 2, "an")]),
        ("dès 16 ans", [Amount(16, inf, "an")]),
        ("la moyenne des 25 ans", [Amount(25, 25, "an")]),
        ("entre 3 et 5", [Amount(3, 5, "")]),
        ("les 3 et 5", [Amount(3, 3, ""), Amount(5, 5, "")]),
        ("la deuxième année, puis la 3e", [Amount(2, 2, "rank"), Amount(3, 3, "rank")]),
        ("d’octobre à mars", [Amount(10, 3, "month")]),
        ("du 3 octobre au 1er mars", [Amount(10, 3, "month")]),
        ("du mardi au vendredi", [Amount(1, 4, "weekday")]),
        ("un enfant, une heure", []),
        ("la classe P1", []),
        ("en 2024", [Amount(2024, 2024, "")]),
        ("1 enfant", [Amount(1, 1, "enfant")]),
        ("deux millions d’euros", [Amount(2_000_000, 2_000_000, "euro")]),
        ("Matin : plus de 20 € ; Soir : moins de 50 €", [Amount(20, inf, "euro"), Amount(-inf, 50, "euro")]),
        (
            "Ancienneté (en années complètes) : 10 — Prime (en mois de salaire) (1) : 2,5",
            [Amount(10, 10, "an"), Amount(2.5, 2.5, "mois")],
        ),
        ("", []),
    ],
)
def test_amounts_are_numbers_and_ranges_with_what_they_count(text: str, told: list[Amount]) -> None:
    found = amounts(text)
    assert [a.unit for a in found] == [a.unit for a in told]
    assert [(a.low, a.high) for a in found] == [pytest.approx((a.low, a.high), rel=0.01) for a in told]


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Je gagne 1 050 euros, quelle catégorie ?", "B — Quotient : de 901 à 1 200 €", Agreement(0, 1, 0)),
        ("Je gagne 1 050 euros, quelle catégorie ?", "C — Quotient : plus de 1 200 €", Agreement(0, 0, 1)),
        ("Je gagne 1 050 euros, quelle catégorie ?", "Les demandes sont closes en mai.", Agreement(0, 0, 0)),
        ("employée depuis dix-huit mois", "Plus d’un an : deux mois ; de 1 à 2 ans : un mois", Agreement(0, 1, 0)),
        ("après trois ans", "36 mois : rien", Agreement(0, 0, 0)),
        ("après deux semaines", "14 jours", Agreement(1, 0, 0)),
        ("en janvier", "Octobre à mars : 9 h à 17 h", Agreement(0, 1, 0)),
        ("en juillet", "Octobre à mars : 9 h à 17 h", Agreement(0, 0, 1)),
        ("le mercredi", "Lundi : fermé ; mercredi : 9 h", Agreement(1, 0, 0)),
        ("à 17 ans", "Durée : de 10 à 20 mois", Agreement(0, 0, 1)),
        ("en deuxième année", "2e année — 51 %", Agreement(1, 0, 0)),
        ("après 10 ans", "Ancienneté (en années) : 10", Agreement(1, 0, 0)),
        ("10 ans, avec 11 salariés", "Ancienneté (en années) : 11", Agreement(0, 0, 0)),
        ("moins de 3 enfants", "moins de 3 enfants : rien", Agreement(1, 0, 0)),
        ("Combien de saisies en 2024 ?", "En 2023 : 521 ; en 2024 : 600.", Agreement(1, 0, 0)),
        ("après 3 ans", "un préavis de 2 ans", Agreement(0, 0, 0)),
        ("Qui décide ?", "Le maire, de 8 h à 9 h.", Agreement(0, 0, 0)),
    ],
)
def test_what_a_question_counts_is_looked_for_in_a_sentence(question: str, sentence: str, expected: Agreement) -> None:
    assert agreement(question, sentence) == expected


def test_numbers_are_read_in_figures_and_in_words() -> None:
    plain = in_figures("vingt-deux ans, trois cent mille euros, 2,5 % et 1 050 €")
    assert [float(number.value) for number in numbers(plain)] == [22, 300_000, 2.5, 1050]
    assert all(plain[number.start : number.end].strip() for number in numbers(plain))
