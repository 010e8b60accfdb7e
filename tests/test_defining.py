"""Whether a sentence says what a thing is, or only names it."""

from __future__ import annotations

import pytest

from index.words import terms
from rag.read.decision import load_decision
from rag.read.defining import Defining, around
from rag.read.weights import WEIGHTS
from rag.training.defining import LEAST_SEEN, Example, learn


def name(words: str) -> frozenset[str]:
    return frozenset(terms(words))


def test_what_stands_around_the_name_is_seen() -> None:
    seen = around(name("bac jaune"), "Un bac jaune est une boîte pour le papier.")
    assert {"X est", "X est une", "un X", "^ un X", "un X est"} <= seen.keys()
    assert (seen["named"], seen["whole"], seen["row"]) == (1, 1, 0)
    assert around(name("bac jaune"), "Bac jaune — Prix : 3 €")["row"] == 1


def test_small_words_inside_a_name_are_of_it() -> None:
    seen = around(name("conseil vie sociale"), "Le conseil de la vie sociale réunit les familles.")
    assert "le X reunit" in seen and not any("conseil" in what for what in seen)


def test_a_sentence_that_does_not_name_it_shows_nothing() -> None:
    assert around(name("bac jaune"), "La benne est levée le lundi.") == {}
    assert around(name("grand bac jaune"), "La benne jaune est levée le lundi.") == {}
    assert around(frozenset(), "La benne est levée le lundi.") == {}
    assert Defining(-2.0, {"X est": 1.0}).of(name("bac jaune"), "La benne est levée.") is None


@pytest.mark.parametrize(
    ("named", "defines", "names"),
    [
        ("estran", "L’estran est la bande de rivage que la marée couvre et découvre.", "Les chiens ne vont pas sur l’estran."),
        ("régisseur", "Un régisseur est un agent chargé d’encaisser les recettes.", "La liste est remise au régisseur."),
        ("halage", "Le halage consiste à tirer un bateau depuis la rive.", "Le chemin longe l’ancien poste de halage."),
        ("ADUT", "L’agence d’urbanisme (ADUT), qui conseille les communes, publie un atlas.", "Les statuts de l’ADUT sont revus."),
        ("livret vert", "On appelle « livret vert » le carnet où sont notées les visites.", "Livret vert — Prix : 4 € ; Délai : 3 jours"),
        ("prime d’ancrage", "La prime d’ancrage est une aide versée aux nouveaux médecins.", "Les dossiers de prime d’ancrage sont closes en mai."),
    ],
)  # fmt: skip
def test_a_sentence_that_defines_is_told_from_one_that_names(named: str, defines: str, names: str) -> None:
    defining = load_decision(WEIGHTS / "decision.json").defining
    told, named_only = (defining.of(name(named), sentence) for sentence in (defines, names))
    assert told is not None and named_only is not None and told > named_only + 1


def test_what_defines_is_learnt_from_what_is_seen_often() -> None:
    examples = [
        Example(name(word), sentence.format(word), defines)
        for word in ("bac", "quai", "phare", "port", "môle")[:LEAST_SEEN]
        for sentence, defines in (("Le {} est un ouvrage.", True), ("Le prix du {} est fixe.", False))
    ]
    learnt = learn([*examples, Example(name("digue"), "Digue !", False)])
    told, named = (learnt.of(name("canal"), s) for s in ("Le canal est un ouvrage.", "Le bord du canal est plat."))
    assert told is not None and named is not None and told > named
    assert not any("!" in what for what in learnt.weights)
