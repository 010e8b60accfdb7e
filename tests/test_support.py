"""The check: what a language model writes is shown only where the passages that it cites say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.page import Passage
from index.sentences import split_sentences
from rag import Assistant
from rag.support.check import SupportCheck, announced, is_statement, load_check
from rag.support.cues import difference
from rag.support.english import in_french_figures
from rag.support.marks import without_marks
from rag.support.rules import Quantities, written_fault
from rag.support.weighing import FEATURES, Weighing, window

CAMPUS = (
    "PariSanté Campus, lancé le 4 décembre 2020, réunit dix laboratoires. L'État y consacre 360 millions d'euros. "
    "Le campus ne délivre pas de diplôme. Les start-up peuvent y louer des bureaux pendant deux ans."
)
ALL = Weighing((0.0,) * len(FEATURES), 10.0, 0.5)
"""A weighing that lets everything through: what is refused with it, a written rule refuses."""
NONE = Weighing((0.0,) * len(FEATURES), -10.0, 0.5)


def calm(claim: str, passage: Passage) -> float:
    """A head that has no opinion."""
    return 0.5


def passage(text: str, context: str = "Santé numérique") -> Passage:
    return Passage(0, text, 0, len(text), (context,), tuple(split_sentences(text)))


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("Le campus réunit dix laboratoires [1].", "Le campus réunit dix laboratoires.", (1,)),
        ("Le campus réunit dix laboratoires. [1][2]", "Le campus réunit dix laboratoires.", (1, 2)),
        ("- **Le campus** réunit dix laboratoires [1, 3].", "Le campus réunit dix laboratoires.", (1, 3)),
        ("Le campus réunit dix laboratoires [Extrait 2].", "Le campus réunit dix laboratoires.", (2,)),
        ("Le campus réunit dix laboratoires 【1】.", "Le campus réunit dix laboratoires.", (1,)),
        ("Le campus (3) réunit dix laboratoires (1).", "Le campus (3) réunit dix laboratoires.", (1,)),
        ("Le campus réunit dix laboratoires.", "Le campus réunit dix laboratoires.", ()),
    ],
)  # fmt: skip
def test_marks_are_read_however_a_model_writes_them(written: str, text: str, marks: tuple[int, ...]) -> None:
    assert without_marks(written) == (text, marks)


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        ("Il réunit 10 laboratoires.", CAMPUS),
        ("Il a été lancé en décembre 2020.", CAMPUS),
        ("Il a été lancé le 04/12/2020.", CAMPUS),
        ("L'État y met trois cent soixante millions d'euros.", CAMPUS),
        ("L'aide est de 1 500 €.", "Son montant : mille cinq cents euros."),
        ("Le taux est de 50 %.", "Le taux est de cinquante pour cent."),
        ("La remise est possible au 1er mars.", "À partir du 1 er mars, la remise est possible."),
        ("Il dure une semaine.", "La durée est d'une semaine."),
        ("L'amende est de quatre mille euros.", "Une amende de 4 000 Euros."),
        ("Une pause est due après quatre heures trente.", "Au-delà de 4h30, une pause est due."),
        (
            "Elle a commencé il y a 180 millions d'années.",
            "Elle a commencé il y a cent quatre-vingts millions d’années.",
        ),
        ("La période va du 3 mars 2023 au 5 mars 2023.", "Du 3 au 5 mars 2023."),
    ],
)
def test_a_number_or_date_is_the_same_in_either_way_of_writing(claim: str, told: str) -> None:
    assert Quantities.of(told).tell(Quantities.of(claim))


@pytest.mark.parametrize(
    "claim",
    [
        "Il réunit douze laboratoires.",
        "Il a été lancé le 4 janvier 2020.",
        "Il a été lancé en décembre 2021.",
        "L'État y consacre 360 milliards d'euros.",
        "Le bail dure 10 mois.",
        "Le bail dure deux mois.",
        "Il reçoit 10 % des dossiers.",
        "C'est la vingt et unième édition.",
    ],
)
def test_another_number_date_or_unit_is_found(claim: str) -> None:
    assert not Quantities.of(CAMPUS).tell(Quantities.of(claim))


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("PariSanté Campus réunit dix laboratoires.", ""),
        ("Le campus de Lyon réunit dix laboratoires.", "name"),
        ("Selon l'INSERM, le campus réunit dix laboratoires.", "name"),
        ("Lyonbiopôle réunit dix laboratoires.", "name"),
        ("Les start-up doivent y louer des bureaux.", "modality"),
        ("Il est obligatoire d'y louer des bureaux.", "modality"),
    ],
)
def test_names_and_obligations_must_stand_in_the_passage(claim: str, reason: str) -> None:
    assert written_fault(claim, CAMPUS) == reason


def test_a_denial_must_stand_in_the_passage() -> None:
    told = "Les start-up peuvent louer des bureaux."
    assert written_fault("Les start-up ne peuvent pas louer de bureaux.", told) == "negation"
    assert written_fault("Aucune start-up ne peut louer de bureaux.", told) == "negation"
    # "ne … que" denies nothing, but the page does not say that there is nothing else
    assert written_fault("Les start-up ne peuvent louer que des bureaux.", told) == "altered"


GRANT = (
    "Une telle aide ne peut toutefois être versée sans l’accord du maire. Le service, créé par la région en 2019, a retenu dix "
    "projets en soutenant les associations et leur entrée sur le marché local (par opposition aux projets retenus par le préfet)."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Une telle aide peut toutefois être versée sans l’accord du maire.",
        "Le service, créé pour la région en 2019, a retenu dix projets en soutenant les associations.",
        "Le service, créé par la région en 2019, a retenu dix projets en freinant les associations.",
        "Le service, créé par le préfet en 2019, a retenu dix projets en soutenant les associations.",
        "Le service, créé par la région en 2019, retiendra dix projets en soutenant les associations.",
        "Le service, créé par la région en 2019, aurait retenu dix projets en soutenant les associations.",
        "Le service, créé par la région en 2019, a retenu dix anciens projets en soutenant les associations.",
    ],
)
def test_a_copy_with_something_changed_is_refused(claim: str) -> None:
    assert written_fault(claim, GRANT) == "altered"


@pytest.mark.parametrize(
    "claim",
    [
        "L’aide ne peut être versée sans l’accord du maire.",
        "Le service a retenu dix projets en soutenant les associations.",
        "Créé par la région en 2019, le service a retenu dix projets.",
    ],
)
def test_a_copy_that_only_leaves_words_out_is_not(claim: str) -> None:
    assert written_fault(claim, GRANT) == ""


@pytest.mark.parametrize("text", ["Oui, le campus réunit dix laboratoires.", "Que voulez-vous savoir du campus ?", "Voici.", "Le campus réunit",
    "Le campus (source :) réunit dix laboratoires.", "Le campus réunit dix laboratoires;.", "réunit dix grands laboratoires.",
    "Le campus réunit <b>dix</b> laboratoires.", "Le campus réunit réunit dix laboratoires.", "Le campus réunit dix laboratoires 🎉.",
    "Le campus réunit dix laboratoires (https://exemple.fr).", "Le campus réunit\u202e dix laboratoires.", "[1]"])  # fmt: skip
def test_what_is_no_whole_statement_is_not_shown(text: str) -> None:
    assert not is_statement(text)
    assert SupportCheck(ALL, calm).check(text, [passage(CAMPUS)]).reason == "form"


def test_a_supported_sentence_comes_with_the_words_that_support_it() -> None:
    place = passage(CAMPUS)
    verdict = SupportCheck(ALL, calm).check("L'État consacre 360 millions d'euros au campus [1].", [place])
    assert verdict.supported and verdict.marks == (1,)
    ((start, end),) = verdict.spans
    assert place.text[start:end] == "L'État y consacre 360 millions d'euros."


def test_a_mark_that_is_none_is_not_followed_and_one_that_lacks_is_found() -> None:
    places = [passage("Les hôpitaux signent une charte."), passage(CAMPUS)]
    check = SupportCheck(ALL, calm)
    assert check.check("Le campus réunit dix laboratoires [7].", places).reason == "mark"
    assert check.check("Le campus réunit dix laboratoires.", places).marks == (2,)
    assert check.check("Le campus réunit dix laboratoires [1].", places).reason == "number"
    assert check.check("Le campus réunit dix laboratoires [1].", []).reason == "mark"


LEAVE = "La durée du congé ne peut pas être déduite des congés payés."


@pytest.mark.parametrize(
    ("claim", "sentence", "reason"),
    [
        ("The duration of the leave cannot be deducted from paid leave.", LEAVE, ""),
        ("The duration of the leave can be deducted from paid leave.", LEAVE, "negation"),
        ("Such an objective cannot be pursued without the citizens.", "Un tel objectif ne peut être poursuivi sans les citoyens.", ""),
        ("Such an objective can be pursued without the citizens.", "Un tel objectif ne peut être poursuivi sans les citoyens.", "negation"),
        ("No condition of seniority is required.", "Aucune condition d'ancienneté n'est exigée.", ""),
        ("A condition of seniority is required.", "Aucune condition d'ancienneté n'est exigée.", "negation"),
        ("The tenant must contact his insurer.", "Le locataire doit contacter son assureur.", ""),
        ("The tenant may contact his insurer.", "Le locataire doit contacter son assureur.", "modality"),
        ("The tenant contacts his insurer.", "Le locataire peut contacter son assureur.", "modality"),
        ("He must contribute to French insurance.", "Il peut choisir de cotiser à l'assurance française.", "modality"),
        ("Only the passport can be issued urgently.", "Seul le passeport peut être délivré en urgence.", ""),
        ("The passport can be issued urgently.", "Seul le passeport peut être délivré en urgence.", "negation"),
        ("The debtor can no longer sell it.", "Le débiteur ne peut plus le vendre, sauf accord du juge.", "negation"),
        ("The debtor can no longer sell it, except with the judge's agreement.", "Le débiteur ne peut plus le vendre, sauf accord du juge.", ""),
        ("The authorities are responsible for its use.", "Vous êtes responsable de son utilisation.", "agent"),
        ("You are responsible for its use.", "Vous êtes responsable de son utilisation.", ""),
        ("You must contact the insurer.", "Le locataire doit contacter son assureur.", "agent"),
    ],
)  # fmt: skip
def test_an_english_sentence_denies_obliges_and_permits_as_the_french_one_does(
    claim: str, sentence: str, reason: str
) -> None:
    assert difference(claim, sentence) == reason


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("PariSanté Campus, launched on 4 December 2020, brings ten laboratories together.", ""),
        ("PariSanté Campus was launched on December 4th, 2020.", ""),
        ("PariSanté Campus was launched on 4 November 2020.", "number"),
        ("PariSanté Campus was launched on December 4.", ""),
        ("PariSanté Campus was launched on November 4.", "number"),
        ("PariSanté Campus was launched on 4 December 17.", "number"),
        ("PariSanté Campus brings twelve laboratories together.", "number"),
        ("The State puts €360 million into it.", ""),
        ("The State puts €360 billion into it.", "number"),
        ("Start-ups may rent offices there for two years.", ""),
        ("Start-ups may rent offices there for two months.", "number"),
        ("Start-ups may rent offices in London.", "name"),
    ],
)
def test_figures_and_names_of_an_english_sentence_are_those_of_the_page(claim: str, reason: str) -> None:
    assert written_fault(claim, CAMPUS) == reason


def test_english_figures_are_read_as_french_ones() -> None:
    assert in_french_figures("The first of ten devices, for a thirty-day period from May 2021.") == (
        "The un of 10 devices, for a 30 jours period from mai 2021."
    )


def test_an_english_sentence_rests_on_the_one_nearest_in_meaning() -> None:
    meant = {
        "Start-ups may rent offices there.": "Les start-up peuvent",
        "The campus awards no degree.": "Le campus ne délivre",
        "The campus awards a degree.": "Le campus ne délivre",
    }

    def likeness(text: str, others: Sequence[str]) -> list[float]:
        return [float(other.startswith(meant[text])) for other in others]

    def head(claim: str, passage: Passage) -> float:
        return float(meant[claim] in passage.text)

    place, check = passage(CAMPUS), SupportCheck(ALL, head, likeness)
    verdicts = {claim: check.check(claim, [place]) for claim in meant}
    assert [v.reason for v in verdicts.values()] == ["", "", "negation"]
    for claim, verdict in verdicts.items():
        ((start, end),) = verdict.spans
        assert place.text[start:end].startswith(meant[claim])


def test_an_item_obliges_or_denies_as_what_announces_it_does() -> None:
    place = passage("La carte est gratuite. Ne sont pas admis :\nles chiens de garde,\nles chats.")
    dogs = passage("les chiens de garde,")
    item = replace(dogs, start=place.text.index(dogs.text), end=place.text.index(dogs.text) + len(dogs.text))
    assert announced(item, place) == "Ne sont pas admis : les chiens de garde,"
    assert difference("Guard dogs are admitted.", announced(item, place)) == "negation"
    led = replace(passage("les chats", "Règles"), lead="Vous devez garder :")
    assert announced(led, led) == "Vous devez garder : les chats"


@pytest.fixture(scope="module")
def shipped(assistant: Assistant) -> SupportCheck:
    """The check with what was learnt."""
    return load_check(assistant.encoder)


@pytest.mark.parametrize(
    ("number", "claim", "shown"),
    [
        (4, "Such an objective cannot be pursued without the full involvement of citizens.", True),
        (4, "Such an objective can be pursued without the full involvement of citizens.", False),
        (8, "The analysis of health data also makes it possible to manage the system as a whole better.", True),
        (8, "The analysis of health data does not make it possible to manage the system as a whole better.", False),
        (6, "The practitioner may then arbitrate in order to offer the best treatment.", False),
        (3, "Access to health data and data sharing are not essential to the development of effective digital solutions.", False),
        (19, "PariSanté Campus was launched on 4 November 2020 by the President of the Republic.", False),
        (19, "PariSanté Campus was never launched by the President of the Republic on 4 December 2020.", False),
    ],
)  # fmt: skip
def test_a_translation_that_says_the_contrary_is_not_shown(
    shipped: SupportCheck, passages: tuple[Passage, ...], number: int, claim: str, shown: bool
) -> None:
    assert shipped.check(claim, [passages[number]]).supported is shown


def test_in_doubt_nothing_is_shown() -> None:
    verdict = SupportCheck(NONE, calm).check("Le campus réunit dix laboratoires [1].", [passage(CAMPUS)])
    assert (verdict.supported, verdict.reason) == (False, "follows")


def test_the_head_is_asked_and_its_doubt_counts() -> None:
    def head(claim: str, passage: Passage) -> float:
        return 0.01 if "gratuit" in claim else 0.99

    weighing = Weighing(tuple(float(name == "passage") for name in FEATURES), 0.0, 0.9)
    check = SupportCheck(weighing, head)
    assert check.check("Le campus réunit dix laboratoires [1].", [passage(CAMPUS)]).supported
    assert not check.check("Le campus, gratuit, réunit dix laboratoires [1].", [passage(CAMPUS)]).supported


def test_a_claim_rests_on_as_few_sentences_as_say_it() -> None:
    found, _ = window("Les start-up louent des bureaux", passage(CAMPUS))
    assert found.text == "Les start-up peuvent y louer des bureaux pendant deux ans."
    both, _ = window("L'État consacre 360 millions au campus, qui ne délivre pas de diplôme", passage(CAMPUS))
    assert both.text.startswith("L'État") and both.text.endswith("diplôme.")
