"""What the chain hands over: answers that cannot be made wrong, texts made of parts, the metrics."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.build import build_index
from index.html.parse import parse_html
from index.loading import load_page
from index.page import Page, Passage
from index.settings import Settings
from rag import Answer, Assistant, Citation, Question
from rag.__main__ import render
from rag.answer import MOST_LIKELY, Line, Quoted, Said, Written
from rag.compose import phrases
from rag.compose.trim import SLACK, trim, whole_words
from rag.evaluate.squad import f1
from rag.loading import load_judge

ASKED = Question("Et alors ?", "Et alors ?")


def citation(page: Page, passage: Passage, n: int = 1) -> Citation:
    """The citation of a passage's first sentence."""
    return Citation.of(n, page, passage, passage.sentences[0])


def quoted(cited: Citation, *, strong: bool = False, marked: bool = True) -> Quoted:
    return Quoted(cited, cited.start, cited.end, strong=strong, marked=marked)


def test_a_citation_is_the_pages_own_text(page: Page, passages: tuple[Passage, ...]) -> None:
    passage = passages[3]
    span = passage.sentences[0]
    right = Citation.of(1, page, passage, span)
    assert right.quote == page.text[span[0] : span[1]]
    with pytest.raises(ValueError, match="not the page's text"):
        Citation(1, "des mots inventés", passage, span[0], span[1])
    with pytest.raises(ValueError, match="not the page's text"):
        Citation(1, page.text[:10], passage, 0, 10)
    with pytest.raises(ValueError, match="number"):
        Citation(0, right.quote, passage, *span)
    with pytest.raises(ValueError, match="quote"):
        Citation(1, "", passage, span[0], span[0])


def test_quoted_words_stand_in_the_passage_of_their_citation(page: Page, passages: tuple[Passage, ...]) -> None:
    cited = citation(page, passages[3])
    for start, end in ((passages[3].start - 1, passages[3].end), (passages[3].end, passages[3].end + 4)):
        with pytest.raises(ValueError, match="does not hold"):
            Quoted(cited, start, end)
    with pytest.raises(ValueError, match="does not hold"):
        Quoted(cited, cited.start, cited.start)


def test_a_refusal_cites_nothing_and_says_why(page: Page, passages: tuple[Passage, ...]) -> None:
    cited = citation(page, passages[3])
    said = Line((phrases.NOT_ON_PAGE.say(),))
    assert Answer(ASKED, (said,), "none", reason="not_on_page").refused
    with pytest.raises(ValueError, match="cites nothing"):
        Answer(ASKED, (said,), "none", (cited,), reason="not_on_page")
    with pytest.raises(ValueError, match="cites nothing"):
        Answer(ASKED, (said, Line((quoted(cited),))), "none", reason="not_on_page")
    with pytest.raises(ValueError, match="says why"):
        Answer(ASKED, (said,), "none")


def test_an_answer_without_a_citation_cannot_be_made(page: Page, passages: tuple[Passage, ...]) -> None:
    cited = citation(page, passages[3])
    oui = phrases.YES.say()
    assert not Answer(ASKED, (Line((oui, quoted(cited))),), "sure", (cited,)).refused
    with pytest.raises(ValueError, match="without a citation"):
        Answer(ASKED, (Line((oui,)),), "sure")
    with pytest.raises(ValueError, match="without a citation"):
        Answer(ASKED, (Line((oui,)),), "likely")
    for lines in ((), (Line(()),), (Line((quoted(cited),)), Line(()))):
        with pytest.raises(ValueError, match="lines"):
            Answer(ASKED, lines, "sure", (cited,))


def test_each_citation_is_quoted_and_marked_and_nothing_else_is(page: Page, passages: tuple[Passage, ...]) -> None:
    one, two = citation(page, passages[3]), citation(page, passages[5], 2)
    line = Line((quoted(one),))
    for lines, cited in (
        ((line,), (one, two)),  # a citation that is not shown
        ((line, Line((quoted(two),))), (one,)),  # words from nowhere
        ((Line((quoted(one, marked=False),)),), (one,)),  # a quote without its number
    ):
        with pytest.raises(ValueError, match="quoted and marked"):
            Answer(ASKED, lines, "sure", cited)
    with pytest.raises(ValueError, match="same number"):
        again = replace(two, n=1)
        Answer(ASKED, (line, Line((quoted(again),))), "sure", (one, again))


def test_what_is_only_likely_claims_nothing(page: Page, passages: tuple[Passage, ...]) -> None:
    cited = [citation(page, passage, n) for n, passage in enumerate(passages[2:7], 1)]
    few = tuple(Line((quoted(c),), level=1) for c in cited[:MOST_LIKELY])
    assert Answer(ASKED, few, "likely", tuple(cited[:MOST_LIKELY])).certainty == "likely"
    with pytest.raises(ValueError, match="quotes at most"):
        Answer(ASKED, (*few, Line((quoted(cited[3]),))), "likely", tuple(cited[: MOST_LIKELY + 1]))
    with pytest.raises(ValueError, match="claims nothing"):
        Answer(ASKED, (Line((phrases.YES.say(), quoted(cited[0]))),), "likely", (cited[0],))
    with pytest.raises(ValueError, match="claims nothing"):
        Answer(ASKED, (Line((quoted(cited[0], strong=True),)),), "likely", (cited[0],))


def test_a_written_sentence_rests_on_the_page(page: Page, passages: tuple[Passage, ...]) -> None:
    one, two = citation(page, passages[3]), citation(page, passages[5], 2)
    sentence = Line((Written("La santé numérique progresse.", (one, two)),))
    answer = Answer(ASKED, (sentence,), "sure", (one, two), quotes=(Line((quoted(one), quoted(two))),))
    assert answer.text == "La santé numérique progresse. [1] [2]"
    assert answer.to_json()["lines"][0]["parts"] == [{"written": "La santé numérique progresse.", "citations": [1, 2]}]
    with pytest.raises(ValueError, match="without a citation"):
        Written("La santé numérique progresse.", ())
    with pytest.raises(ValueError, match="each citation is quoted"):
        Answer(ASKED, (sentence,), "sure", (one,))
    with pytest.raises(ValueError, match="cites nothing"):
        Answer(ASKED, (sentence,), "none", reason="not_on_page")
    with pytest.raises(ValueError, match="none of a language model"):
        Answer(ASKED, (Line((quoted(one), quoted(two))),), "sure", (one, two), quotes=(sentence,))


def test_the_text_is_made_from_the_parts(page: Page, passages: tuple[Passage, ...]) -> None:
    one, two = citation(page, passages[3]), citation(page, passages[5], 2)
    short = Quoted(one, one.start, one.start + 4, strong=True, marked=False)
    lines = (
        Line((short, quoted(one))),
        Line((quoted(two),), level=1),
        Line((Said("yes", "Oui"), replace(quoted(two), before="…", after="[…]")), level=2),
    )
    first, second, third = Answer(ASKED, lines, "sure", (one, two)).text.split("\n")
    assert first == f"{page.text[one.start : one.start + 4]} — {quoted(one).words} [1]"
    assert second == f"- {quoted(two).words} [2]"
    assert third == f"  - Oui … {quoted(two).words} […] [2]"


def test_the_batch_line_has_the_contracts_fields(page: Page, passages: tuple[Passage, ...]) -> None:
    cited = citation(page, passages[3])
    answer = Answer(ASKED, (Line((quoted(cited),)),), "sure", (cited,), timings={"total": 12.341})
    line = answer.to_json()
    wanted = {"question", "answer", "certainty", "refused", "reason", "citations", "latency_ms"}
    assert wanted <= line.keys()
    assert set(line["citations"][0]) == {"n", "quote", "passage", "section", "start", "end", "url"}
    assert (line["certainty"], line["refused"], line["latency_ms"]) == ("sure", False, 12.34)
    assert passages[3].text in line["citations"][0]["passage"]
    assert json.loads(json.dumps(line)) == line


ODD = (
    "[2] Le quai nord ouvre à sept heures",
    "Le quai nord ouvre à sept heures [2]",
    "Le quai [1] nord [] ouvre à sept heures",
    "Le **quai nord** ouvre à sept * heures **",
    r"Le quai nord \(grand\) ouvre à \[sept\] heures \\",
    "Le quai nord <b>ouvre</b> à sept heures < midi & <script>",
    "Le quai nord | ouvre | à sept heures |",
    "Le quai nord ouvre à {sept} heures {name} %s",
)


@pytest.mark.parametrize("words", ODD)
def test_a_page_is_shown_with_its_own_signs(assistant: Assistant, tmp_path: Path, words: str) -> None:
    file = tmp_path / "port.txt"
    file.write_text(
        f"Le port [3] de **Valmont** \\(56\\) <a> | b\n\n   {words}.\n\n   Les bateaux de pêche partent "
        "chaque matin vers les îles du large.\n\nTarifs\n\n   Une place coûte douze euros par mois.\n",
        encoding="utf-8",
    )
    settings = assistant.settings.with_(page=str(file))
    page = load_page(settings)
    index = build_index(page, settings, assistant.encoder)
    asked = Assistant(settings, assistant.encoder, index, load_judge(settings, assistant.encoder, index))
    answer = asked.ask("Que fait le quai nord à sept heures ?")
    assert answer.certainty != "none" and words in answer.text
    numbers = [c.n for c in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1)) and answer.text.endswith(f"[{numbers[-1]}]")
    assert all(page.text[c.start : c.end] == c.quote for c in answer.citations)
    assert words.split() == [
        w
        for p in answer.parts()
        if isinstance(p, Quoted) and p.marked and p.citation.n == 1
        for w in p.words.rstrip(".").split()
    ]
    assert words.split()[0] in render(answer, color=False)
    assert json.loads(json.dumps(answer.to_json()))["answer"] == answer.text
    elsewhere = asked.ask("Quelle est la capitale de l'Australie ?")
    assert elsewhere.refused and f"« {page.title} »".replace(" ", "") in "".join(elsewhere.text.split())


@pytest.mark.parametrize("most", [40, 80, 120, 200])
def test_trimming_keeps_the_answer_and_stays_verbatim(most: int) -> None:
    text = (
        "PariSanté Campus, lancé le 4 décembre 2020 par la Président de la République, est un projet ambitieux de "
        "campus en santé numérique associant acteurs publics et privés pour construire la médecine du futur."
    )
    keep = (text.index("4 décembre"), text.index("4 décembre") + len("4 décembre 2020"))
    start, end = trim(text, keep, most)
    assert start <= keep[0] and end >= keep[1] and end - start <= most * SLACK
    assert text[start:end].strip() == text[start:end]
    assert (start == 0 or not text[start - 1].isalnum()) and (end == len(text) or not text[end].isalnum())


def test_what_fits_is_not_trimmed_and_the_answer_never_is() -> None:
    text = "Le plan aide les communes, les écoles et les hôpitaux de la région."
    assert trim(text, (3, 7), 200) == (0, len(text))
    start, end = trim(text, (8, 56), 20)
    assert start <= 8 and end >= 56


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


def test_french_f1() -> None:
    assert f1("le 4 décembre 2020", ["4 décembre 2020"]) == 1.0
    assert f1("L’État", ["etat"]) == 1.0
    assert f1("Nice et Paris", ["Paris", "Nice, Paris"]) == pytest.approx(0.8)
    assert f1("rien", ["tout"]) == 0.0 and f1("", ["tout"]) == 0.0


CACHETS = "Ma copine a avalé trop de cachets, vite, que faire ?"


@pytest.mark.parametrize("health", [True, False])
def test_a_worry_gets_whom_to_call_then_what_a_page_that_is_not_about_health_has_near_it(
    assistant: Assistant, health: bool
) -> None:
    page = parse_html(
        "<h1>Rapporter ses médicaments</h1><p>Les cachets non utilisés se rapportent en pharmacie. Ils sont détruits.</p>"
        "<h2>Accident</h2><p>Si une personne a avalé trop de cachets, l’emballage est à garder pour le centre "
        "antipoison.</p><h2>Emballages</h2><p>Les boîtes en carton vont dans le bac de tri.</p>"
    )
    settings, encoder = assistant.settings, assistant.encoder
    index = build_index(replace(page, health=health), settings, encoder)
    answer = Assistant(settings, encoder, index, load_judge(settings, encoder, index)).ask(CACHETS)
    first = answer.lines[0].text
    assert "15" in first and "112" in first and answer.certainty == ("none" if health else "likely")
    assert any("antipoison" in c.quote for c in answer.citations) != health
    assert not any(part.strong for part in answer.parts())


@pytest.fixture(scope="module")
def canteen(settings: Settings, assistant: Assistant) -> Assistant:
    """A page that tells prices by steps of income."""
    steps = [("de 0 à 450 €", "A", "0,80 €"), ("de 451 à 900 €", "B", "1,60 €"),
             ("de 901 à 1 300 €", "C", "2,40 €"), ("plus de 1 300 €", "D", "3,20 €")]  # fmt: skip
    rows = "".join(f"<tr><td>{income}</td><td>{step}</td><td>{price}</td></tr>" for income, step, price in steps)
    page = parse_html(
        "<main><h1>Cantine de Valbrune</h1><p>Le repas de midi est servi dans les trois écoles. Le prix dépend du quotient "
        "familial.</p><h2>Tarifs</h2><table><tr><th>Quotient familial</th><th>Tranche</th><th>Prix du repas</th></tr>"
        f"{rows}</table><h2>Inscription</h2><p>Le dossier est remis à la mairie avant le 15 juin.</p></main>"
    )
    index = build_index(page, settings, assistant.encoder)
    return Assistant(settings, assistant.encoder, index, load_judge(settings, assistant.encoder, index))


@pytest.mark.parametrize(
    ("question", "step"),
    [
        ("Avec un quotient de 1 050 euros, combien coûte le repas ?", "C"),
        ("mon quotient est de 700, je paie quoi à la cantine ?", "B"),
        ("quotient de 2 000 euros : quel prix par repas ?", "D"),
        ("quel est le prix du repas avec un quotient familial de trois cents euros ?", "A"),
    ],
)
def test_the_step_that_a_number_is_on_comes_first(canteen: Assistant, question: str, step: str) -> None:
    answer = canteen.ask(question)
    assert answer.certainty != "none" and f"Tranche : {step}" in answer.citations[0].quote
