"""Things asked at once: known as several, taken apart, and told together or not at all."""

from __future__ import annotations

import pytest

from index.settings import Settings
from rag import Assistant
from rag.answer import Said
from rag.compose import phrases
from rag.logistic import Logistic
from rag.question.parts import Cuts, load_cuts
from rag.question.understanding import MOST_PARTS
from rag.training.messages import CUT
from rag.training.parts import Known, Message, learn, messages, weighed
from rag.training.together import FOLDS, Told, fit_together

PAGE = """# La médiathèque Simone-Weil

## L'inscription
L'inscription est ouverte à tous les habitants du canton. Elle se fait à l'accueil, du mardi au samedi.

La carte coûte 12 euros par an pour un adulte. Elle est gratuite pour les moins de 18 ans.

## Les prêts
Chaque lecteur emprunte huit documents à la fois. La durée du prêt est de trois semaines.

Un document rendu en retard donne lieu à une amende de 20 centimes par jour.

## Le portage
Le service de portage à domicile est assuré par l'association Livre en main, le jeudi après-midi.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    page = tmp_path_factory.mktemp("several") / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    return Assistant.load(Settings.from_env(page=str(page)))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Combien coûte la carte pour un adulte, et combien de documents peut-on emprunter ?", ("12 euros", "huit documents")),
        ("La carte est à combien pour un adulte, et l'amende en cas de retard ?", ("12 euros", "20 centimes")),
        ("Bonjour, je voudrais m'inscrire. Où est-ce que ça se fait ? Et combien coûte la carte ?", ("à l'accueil", "12 euros")),
        ("Qui assure le portage à domicile et quel jour ?", ("Livre en main", "le jeudi")),
        ("Combien de temps dure un prêt et combien paie-t-on par jour de retard ?", ("trois semaines", "20 centimes")),
    ],
)  # fmt: skip
def test_two_things_that_the_page_tells_are_both_answered(
    library: Assistant, question: str, told: tuple[str, ...]
) -> None:
    answer = library.ask(question)
    assert answer.question.form == "several" and answer.certainty == "sure"
    assert all(words in answer.text.replace("’", "'") for words in told)


@pytest.mark.parametrize(
    "question",
    [
        "Combien coûte la carte pour un adulte, et qui dirige la médiathèque ?",
        "Qui assure le portage à domicile, et combien de livres la médiathèque possède-t-elle ?",
        "Combien coûte la carte, et qui a été Simone Weil ?",
    ],
)
def test_where_the_page_tells_one_of_two_things_nothing_is_claimed_of_the_other(
    library: Assistant, question: str
) -> None:
    answer = library.ask(question)
    assert answer.certainty != "none" and answer.citations
    names = [part.phrase for part in answer.parts() if isinstance(part, Said)]
    assert answer.certainty == "likely" or (
        names[0] in (phrases.REST.name, phrases.REST_NO_OTHER.name) and not names[1:]
    )
    said = next(n for n, line in enumerate(answer.lines) if isinstance(line.parts[0], Said))
    assert not any(part.strong for line in answer.lines[said:] for part in line.parts)


HALVES = (
    "Combien coûte la carte pour un adulte, et combien d'habitants l'ont prise ?",
    "Qui assure le portage à domicile, et depuis combien d'années ?",
    "Combien de documents peut-on emprunter, et combien la médiathèque en possède-t-elle ?",
    "De combien est l'amende par jour de retard, et combien de lecteurs l'ont payée ?",
    "Quel jour a lieu le portage à domicile, et combien de lecteurs en profitent ?",
    "Combien coûte la carte, et qui dirige la médiathèque ?",
)


@pytest.mark.parametrize("question", HALVES)
def test_where_a_half_gets_nothing_that_is_said(library: Assistant, question: str) -> None:
    answer = library.ask(question)
    assert answer.question.form == "several" and answer.certainty != "none"
    said = {part.phrase for part in answer.parts() if isinstance(part, Said)}
    rest = {phrases.REST.name, phrases.REST_NO_OTHER.name, phrases.REST_NOT_FOUND.name}
    assert said & ({phrases.LIKELY.name, phrases.LIKELY_PART.name} if answer.certainty == "likely" else rest)


def test_the_same_few_words_tell_one_of_two_things(assistant: Assistant) -> None:
    for question in (
        "Combien de projets ont été retenus, et sur combien de candidats ?",
        "Combien de startups ont participé à l'appel à projets, et combien de projets ont été soutenus ?",
    ):
        answer = assistant.ask(question)
        assert answer.certainty == "sure" and "10 projets innovants" in answer.text
        assert [part.text for part in answer.parts() if part.strong] == ["10"]
        assert answer.lines[-1].text == phrases.REST_NO_OTHER.say().text


def test_what_both_halves_are_told_of_is_all(library: Assistant) -> None:
    answer = library.ask("Combien de temps dure un prêt et combien paie-t-on par jour de retard ?")
    assert not any(isinstance(part, Said) for part in answer.parts())


@pytest.mark.parametrize(
    "question",
    [
        "Je suis retraitée et j'habite le canton : combien coûte la carte ?",
        "Quelle est la durée du prêt ?",
        "Les enfants et les adultes paient-ils la carte ?",
        "Bonjour, vous pouvez m'aider ? Combien coûte la carte ?",
        "Quelle différence y a-t-il entre un prêt et un portage ?",
    ],
)
def test_one_thing_is_not_taken_for_two(library: Assistant, question: str) -> None:
    assert library.understanding.understand(question).form != "several"


def test_the_parts_of_a_follow_up_lean_on_what_was_asked_before(library: Assistant) -> None:
    before = library.understanding.understand("Combien coûte la carte pour un adulte ?")
    asked = library.understanding.understand("et pour un enfant, et où la demander ?", [before])
    (first,), *_ = library.understanding.apart(asked)
    assert asked.previous == before.repaired and first.previous == before.repaired


def test_a_message_full_of_questions_is_read_as_one(library: Assistant) -> None:
    asked = library.understanding.understand("Combien coûte la carte ? " * (MOST_PARTS + 1))
    assert len(library.understanding.cuts.parts(asked.repaired)) == MOST_PARTS + 1
    assert library.understanding.apart(asked) == [(asked,)]
    assert "12 euros" in library.ask(asked.text).text


def test_a_follow_up_searches_by_its_own_words_too(library: Assistant) -> None:
    before = library.understanding.understand("Combien coûte la carte pour un adulte ?")
    asked = library.understanding.understand("et le portage ?", [before])
    alone, both = (library.understanding.encoder.encode(text)[1] for text in (asked.repaired, asked.searched))
    assert asked.previous and asked.vector is not None
    assert asked.vector @ asked.vector == pytest.approx(1, abs=1e-3)
    assert asked.vector @ alone > both @ alone and asked.vector @ both > alone @ both


def test_every_message_reads_back_and_marks_its_cuts_between_words() -> None:
    found = messages()
    assert len(found) > 1500 and len({message.text for message in found}) == len(found)
    assert all(CUT.strip() not in message.text and all(message.parts) for message in found)
    cut = [message for message in found if len(message.parts) > 1]
    right = sum(tuple(load_cuts().parts(message.text)) == message.parts for message in cut)
    assert len(cut) > 900 and right > 0.9 * len(cut)


def test_cuts_are_learnt_from_both_sides_of_a_place() -> None:
    lines = [f"Combien coûte {thing}{CUT}et où est {thing} ?" for thing in ("l'eau", "le gaz", "la clé", "le pass")]
    lines += [f"Combien coûtent l'eau et {thing} ?" for thing in ("le gaz", "la clé", "le pass", "le bus")]
    cuts = learn([Message(line.replace(CUT, " "), tuple(line.split(CUT))) for line in lines * 2])
    assert cuts.parts("Combien coûte le bois et où est le bois ?") == ["Combien coûte le bois", "et où est le bois ?"]
    assert cuts.parts("Combien coûtent l'eau et le bois ?") == ["Combien coûtent l'eau et le bois ?"]
    assert cuts.parts("") == [""] and cuts.parts("Où ?") == ["Où ?"]


def test_head_and_cuts_tell_together_whether_several_things_are_asked() -> None:
    one = [Known(-4.0 + n / 50, -3.0, False) for n in range(100)]
    both, known = weighed([*one, *(Known(0.0 + n / 50, 2.0, True) for n in range(100))])
    cuts = Cuts(-4.0, {"> et": 6.0}, both)
    assert known == 1 and cuts.several("Combien et où ?", 0.9) and not cuts.several("Combien ça ?", 0.01)
    assert not Cuts(-1.0, {}, Logistic((1.0, 0.0), 0.0)).several("", 0.4)


def test_what_is_told_of_several_things_is_learnt_from_the_least_trusted() -> None:
    cases = [
        Told(f"page {n % FOLDS}", (2.0, least, 2.0, 0.0, 0.0), told)
        for n in range(60)
        for least, told in ((1.0 + n / 60, True), (-3.0 + n / 60, False))
    ]
    together, report = fit_together(cases, 0.1)
    assert together.weights[1] > 0 and report["several: all that can be told, surely"] == 1
    assert report["several: sure and not all told"] <= 0.1 and 0 < together.least < 1
    assert fit_together(cases[::2], 0.1)[1] == {}


def test_a_date_that_is_read_in_what_is_quoted_for_the_rest_is_not_told_to_be_missing(assistant: Assistant) -> None:
    answer = assistant.ask("Combien de projets ont été retenus par l'appel, et en quelle année ?")
    assert answer.certainty == "sure" and "10 projets" in answer.text and "2020" in answer.text
    assert not any(isinstance(part, Said) for part in answer.parts())


def test_a_date_of_another_thing_is_no_answer_to_when(assistant: Assistant) -> None:
    answer = assistant.ask("Quand a été lancé PariSanté Campus et quand ouvre-t-il ?")
    assert "4 décembre 2020" in answer.text and phrases.REST_NO_OTHER.name in {
        part.phrase for part in answer.parts() if isinstance(part, Said)
    }
