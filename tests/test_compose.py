"""How an answer is put together from evidence, on the real page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from index.html.parse import parse_html
from index.page import MISSING, Page, Passage, Span
from index.passages import split_passages
from index.settings import Settings
from index.words import words
from rag import Answer, Assistant, Evidence, Hit, Question, Turn
from rag.answer import MOST_LIKELY, OMITTED, Line, Quoted, Said
from rag.compose import antecedents, closest, facts, lists, phrases, summary, talk, whole
from rag.compose.quotes import Quotes
from rag.compose.refusal import refusal
from rag.compose.reshape import reshaped
from rag.compose.sections import HALF, section_items, section_listed, section_named, topic_spans, under_heading
from rag.compose.suggestions import ABOUT, Suggestion, candidates, pick, pick_after, reads_well
from rag.compose.trim import trim
from rag.question.asked import Form
from rag.question.vocabulary import Vocabulary


def asks(text: str, form: Form = "fact", **changes: object) -> Question:
    return replace(Question(text, text, form=form), **changes)  # type: ignore[arg-type]


def evidence(assistant: Assistant, words: str, **changes: object) -> Evidence:
    """Evidence whose span is the first place of ``words`` in a passage."""
    start = assistant.page.text.index(words)
    passage = next(p for p in assistant.passages if p.start <= start < p.end)
    sentence = next(s for s in passage.sentences if s[0] <= start < s[1])
    found = Evidence(Hit(passage, 0.0, 0.0, 0.0), 0.9, (start, start + len(words)), sentence)
    return replace(found, **changes)  # type: ignore[arg-type]


def answered(question: Question, lines: tuple[Line, ...], quotes: Quotes) -> Answer:
    return Answer(question, lines, "sure", tuple(quotes.citations))


def fact(assistant: Assistant, question: Question, found: Evidence) -> Answer:
    quotes = Quotes(assistant.page, assistant.passages)
    return answered(question, facts.fact(question, found, quotes), quotes)


def fresh(of: Assistant | Page) -> Quotes:
    """Nothing quoted yet."""
    return Quotes(of, split_passages(of)) if isinstance(of, Page) else Quotes(of.page, of.passages)


def strong(answer: Answer) -> list[str]:
    return [part.text for part in answer.parts() if part.strong]


def test_a_short_answer_stands_before_its_sentence(assistant: Assistant) -> None:
    answer = fact(assistant, asks("Qui a lancé le master ?", expected="organisation"), evidence(assistant, "l’EMLyon"))
    assert strong(answer) == ["l’EMLyon"] and answer.text.startswith("l’EMLyon — Un master")
    assert len(answer.citations) == 1 and answer.text.count("[1]") == 1


def test_a_sentence_beside_is_quoted_with_its_neighbour_or_on_a_line_of_its_own(assistant: Assistant) -> None:
    def kinds(passage: Passage) -> list[str]:
        return [b.kind for b in assistant.page.blocks if passage.start <= b.start < passage.end]

    def answer(passage: Passage, sentence: Span, beside: Span) -> Answer:
        found = Evidence(Hit(passage, 0.0, 0.0, 0.0), 0.9, sentence, sentence, beside)
        return fact(assistant, asks("Pourquoi ?", expected="cause"), found)

    paragraph = next(p for p in assistant.passages if kinds(p) == ["paragraph"] and len(p.sentences) > 1)
    first, second = paragraph.sentences[:2]
    for sentence, beside in ((first, second), (second, first)):
        together = answer(paragraph, sentence, beside)
        assert len(together.lines) == len(together.citations) == 1
        assert assistant.page.text[first[0] : second[1]] in together.citations[0].quote
    items = next(p for p in assistant.passages if kinds(p).count("bullet") > 1)
    one, two = items.sentences[-1], items.sentences[-2]
    apart = answer(items, one, two)
    assert [(c.start, c.end) for c in apart.citations] == [one, two] and len(apart.lines) == 2


def test_a_sentence_of_another_passage_is_quoted_once_on_a_line_of_its_own(assistant: Assistant) -> None:
    master, campus = evidence(assistant, "l’EMLyon"), evidence(assistant, "4 décembre 2020")
    quotes = Quotes(assistant.page, assistant.passages)
    asked = asks("Quand le master a-t-il été lancé ?", expected="date")
    answer = Answer(asked, facts.fact(asked, master, quotes), "sure", tuple(quotes.citations))
    (line,) = facts.also(asked, [campus], quotes, answer.lines)
    assert "4 décembre 2020" in line.text and not any(part.strong for part in line.parts)
    assert line.text not in answer.text and not facts.also(asked, [campus, master], quotes, ())
    leaning = evidence(assistant, "l’implication pleine")
    told = facts.also(asked, [leaning], quotes, ())[0].text
    assert told.index("Un tel objectif") < told.index("l’implication pleine")


@pytest.fixture(scope="module")
def repeated() -> Page:
    """A page that says one thing twice, and a sentence that leans on another."""
    return parse_html(
        "<h1>Le conseil</h1><h2>Rôle</h2><p>Le conseil règle les affaires de la commune.</p>"
        "<h2>Séances</h2><p>Le conseil siège chaque mois sous la présidence du maire. Celui-ci en fixe l’ordre du jour.</p>"
        "<h2>En bref</h2><p>Le conseil règle les affaires de la commune. La loi le prévoit.</p><p>Il vote le budget.</p>"
    )


def test_what_the_page_says_twice_is_quoted_once(repeated: Page) -> None:
    passages = split_passages(repeated)
    places = [found.start() for found in re.finditer("Le conseil règle", repeated.text)]
    twice = [
        Evidence(Hit(passage, 0.0, 0.0, 0.0), 0.9, sentence, sentence)
        for place in places
        for passage in passages
        for sentence in passage.sentences
        if sentence[0] == place
    ]
    assert len(twice) == 2
    asked, quotes = asks("Que fait le conseil ?"), Quotes(repeated, passages)
    lines = facts.fact(asked, twice[0], quotes)
    assert not facts.also(asked, twice[1:], quotes, lines)
    near = closest.likely(asked, twice, Quotes(repeated, passages), MOST_LIKELY)
    assert len(near) == 2  # what it comes under, and one quote
    longer = replace(twice[1], beside=settled(repeated, "La loi").sentence)
    quotes = Quotes(repeated, passages)
    assert len(closest.likely(asked, [twice[0], longer], quotes, MOST_LIKELY)) == 2
    assert "La loi le prévoit" in quotes.citations[0].quote


def test_a_second_sentence_is_left_where_the_answer_would_be_no_short_one(repeated: Page) -> None:
    quotes, asked = Quotes(repeated, split_passages(repeated)), asks("Qui fixe l’ordre du jour ?")
    first, second = settled(repeated, "règle les affaires"), settled(repeated, "en fixe l’ordre")
    assert len(repeated.text[slice(*second.sentence)]) < 50
    lines = facts.fact(asked, first, quotes)
    (line,) = facts.also(asked, [second], quotes, lines)
    assert line.text.startswith("Le conseil siège") and "Celui-ci en fixe" in line.text
    assert not facts.also(asked, [second], Quotes(repeated, split_passages(repeated)), lines * 10)


def test_a_sentence_that_tells_two_things_is_quoted_once(assistant: Assistant) -> None:
    quotes = Quotes(assistant.page, assistant.passages)
    date, who = (
        facts.fact(asks("?", expected=expected), evidence(assistant, words), quotes)
        for expected, words in (("date", "4 décembre 2020"), ("person", "la Président de la République"))
    )
    first, second = facts.each_once((*date, *who))
    assert first == date[0] and second.text == "la Président de la République [1]"
    again = facts.fact(asks("?", expected="statement"), evidence(assistant, "4 décembre 2020"), quotes)
    assert list(facts.each_once((*again, *again))) == list(again)
    assert Answer(asks("?"), (first, second), "sure", tuple(quotes.citations)).text.count("[1]") == 2


def test_a_manner_has_no_short_answer_nor_has_a_span_that_is_the_sentence(assistant: Assistant) -> None:
    found = evidence(assistant, "l’EMLyon")
    assert not strong(fact(assistant, asks("Comment ?", expected="manner"), found))
    whole = replace(found, span=found.sentence)
    assert not strong(fact(assistant, asks("Qui ?", expected="organisation"), whole))


def test_a_sentence_that_leans_brings_the_one_before(assistant: Assistant) -> None:
    found = evidence(assistant, "arbitrer pour offrir le meilleur traitement")
    answer = fact(assistant, asks("Que doit faire le praticien ?"), found)
    assert "pluralité de pathologies" in answer.text and "arbitrer" in answer.text
    assert len(answer.text) < 2 * facts.FACT_CHARS


def test_a_paragraph_that_leans_brings_the_end_of_the_one_before(assistant: Assistant) -> None:
    answer = fact(assistant, asks("Pourquoi impliquer les citoyens ?"), evidence(assistant, "l’implication pleine"))
    assert "l’accès et le partage des données de santé sont indispensables" in answer.text
    assert answer.text.index("[1] Un tel objectif") and len(answer.citations) == 2


def test_a_sentence_without_its_beginning_is_no_antecedent(assistant: Assistant) -> None:
    page, passages = assistant.page, assistant.passages
    start = page.text.index("Enfin, elles constituent")
    passage = next(p for p in passages if p.start <= start < p.end)
    assert antecedents.antecedent(passage, Quotes(page, passages), start) is None
    whole = replace(page, blocks=tuple(replace(block, cut_start=False) for block in page.blocks))
    told = antecedents.antecedent(passage, Quotes(whole, passages), start)
    assert told is not None and page.text[slice(*told)] == "et éviter des crises."


def test_a_sentence_of_a_list_comes_after_the_one_that_it_leans_on(assistant: Assistant) -> None:
    leaning, other = evidence(assistant, "l’implication pleine").sentence, evidence(assistant, "l’EMLyon").sentence
    quotes = Quotes(assistant.page, assistant.passages)
    first, second = summary.summary(asks("Résume"), sorted((leaning, other)), quotes)
    assert "sont indispensables" in first.text and len(first.parts) == 2 and len(second.parts) == 1
    (before,) = (p for p in first.parts if isinstance(p, Quoted) and p.start < leaning[0])
    both = summary.summary(
        asks("Résume"), [(before.start, before.end), leaning], Quotes(assistant.page, assistant.passages)
    )
    assert [len(line.parts) for line in both] == [1, 1]


def test_what_begins_a_section_or_follows_a_list_leans_on_nothing_before_it() -> None:
    page = parse_html(
        "<h1>Le guide</h1><p>Avant tout le reste.</p><h2>L’aide</h2><p>Elle dure un an pour chacun.</p>"
        "<ul><li>Un premier point.</li></ul><p>Elle finit en mai de chaque année.</p><p>Ces délais sont fixes ici.</p>"
    )
    passages = split_passages(page)
    quotes = Quotes(page, passages)
    starts = {b.start: page.text[b.start : b.end] for b in page.blocks if b.kind == "paragraph"}
    before = {text[:10]: [page.text[a:b] for a, b in quotes.paragraph_before(at)] for at, text in starts.items()}
    assert before == {
        "Avant tout": [], "Elle dure ": [], "Elle finit": [], "Ces délais": ["Elle finit en mai de chaque année."],
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["Elle dure un an.", "Lors de cette visite, il parle.", "Un tel objectif est vaste.", "C’est un droit.", "Leurs missions sont trois.", "Il est donc libre."]
)  # fmt: skip
def test_what_points_back_leans(text: str) -> None:
    assert antecedents.leans(text)


@pytest.mark.parametrize("text", ["La page le dit.", "Un master existe.", "Quand vient mai, tout change.", ""])
def test_what_names_its_subject_does_not(text: str) -> None:
    assert not antecedents.leans(text)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Boîte 412", "Boîte 412 75035 PARIS CEDEX 01"),
        ("Loyer (hors charges)", "Loyer (hors charges) Montant réel, avec un justificatif"),
        ("Montant réel", "Montant réel, avec un justificatif"),
        ("Écrivez", "Écrivez à la mairie."),
        ("Étage", "Étage"),
    ],
)
def test_a_label_or_part_of_an_address_is_quoted_with_what_follows(line: str, told: str) -> None:
    page = parse_html(
        "<h1>Dossier</h1><h2>Envoi</h2><p>Écrivez à la mairie.</p><p>Boîte 412</p><p>75035 PARIS CEDEX 01</p>"
        "<h2>Budget</h2><p>Loyer (hors charges)</p><p>Montant réel, avec un justificatif</p><h2>Accès</h2><p>Étage</p><h2>Fin</h2>"
        "<p>Bonne route.</p>"
    )
    (first,) = facts.fact(asks("Quoi ?"), settled(page, line), fresh(page))
    assert " ".join(part.text for part in first.parts) == told


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("<p>Toutefois, il peut durer dix ans pour un logement.</p>", ["Le plan dure sept ans.", "Toutefois, il peut durer dix ans pour un logement."]),
        ("<p>Mais il peut durer dix ans :</p><ul><li>pour un logement ;</li><li>pour un proche.</li></ul>", ["Le plan dure sept ans.", "Mais il peut durer dix ans :", "pour un logement ;", "pour un proche."]),
        ("<p>Il est signé par tous.</p>", ["Le plan dure sept ans."]),
        ("<h2>Autre chose</h2><p>Toutefois, il peut durer dix ans.</p>", ["Le plan dure sept ans."]),
        (f"<p>Toutefois, il peut durer dix ans {'pour un logement ' * 30}.</p>", ["Le plan dure sept ans."]),
    ],
)  # fmt: skip
def test_a_rule_is_told_with_the_exception_that_follows(after: str, told: list[str]) -> None:
    page = parse_html(f"<h1>Le plan</h1><h2>Durée</h2><p>Le plan dure sept ans.</p>{after}")
    lines = facts.fact(asks("Combien de temps dure le plan ?"), settled(page, "dure sept"), fresh(page))
    assert [" ".join(part.text for part in line.parts) for line in lines] == told


def test_a_sentence_that_leans_is_not_cut_from_what_it_leans_on(assistant: Assistant) -> None:
    answer = fact(assistant, asks("Pourquoi partager ?"), evidence(assistant, "sont indispensables au développement"))
    assert answer.text.startswith("En effet") or "SNIA" in answer.text


def test_a_sentence_of_a_long_row_is_quoted_after_what_the_row_is_about() -> None:
    told = " ".join(f"Le cas {n} demande une visite de plus chez le médecin du travail." for n in range(8))
    page = parse_html(
        "<h1>Le plomb</h1><table><tr><th>Atteinte</th><th>Signes</th></tr>"
        f"<tr><td>Les reins</td><td>{told} La tension monte.</td></tr><tr><td>Le sang</td><td>Il pâlit.</td></tr></table>"
    )
    passages = split_passages(page)
    start = page.text.index("La tension")
    row = next(p for p in passages if p.start <= start < p.end)
    sentence = next(s for s in row.sentences if s[0] <= start < s[1])
    found = Evidence(Hit(row, 0.0, 0.0, 0.0), 0.9, sentence, sentence)
    ways: list[Callable[[Quotes], tuple[Line, ...]]] = [
        lambda quotes: facts.fact(asks("Que fait la tension ?"), found, quotes),
        lambda quotes: facts.yes_no(asks("La tension monte-t-elle ?", "yes_no"), found, quotes, True),
        lambda quotes: closest.likely(asks("Que fait la tension ?"), [found], quotes, MOST_LIKELY),
        lambda quotes: lists.items([sentence], found, quotes),
        lambda quotes: summary.summary(asks("Résume"), [sentence], quotes),
    ]
    for lines_of in ways:
        quotes = Quotes(page, passages)
        lines = lines_of(quotes)
        quoted = [part.words for line in lines for part in line.parts if isinstance(part, Quoted)]
        assert quoted[0] == "Les reins" and quoted[-1].endswith("La tension monte.")
        assert [c.n for c in quotes.citations] == [1, 2]
    listed = lists.items(row.sentences[-2:], found, Quotes(page, passages))
    words = [part.words for line in listed for part in line.parts if isinstance(part, Quoted)]
    assert len(words) == 3 and words.count("Les reins") == 1 and [line.level for line in listed] == [1, 2, 2]


def test_a_row_is_cut_after_its_answer_and_never_loses_its_name() -> None:
    page = parse_html(
        "<table><tr><th>Bateau</th><th>Prix de la location pour une journée entière</th><th>Conditions de remise</th></tr>"
        "<tr><td>Voilier à deux mâts</td><td>64 €</td><td>La remise se fait au quai, moteur froid, voiles pliées</td></tr></table>"
    )
    (row,) = split_passages(page)
    a = page.text.index("au quai")
    cut = Quotes(page, (row,)).trimmed(row.sentences[0], 90, (a, a + 7), row)
    assert cut.text.startswith("Voilier à deux mâts — Prix") and cut.text.endswith("au quai …")


@pytest.fixture(scope="module")
def announced() -> Page:
    """A list whose items go on the sentence before it, one inside it, and one of whole sentences."""
    return parse_html(
        "<main><h1>Prime</h1><p>Elle est due au salarié :</p><ul><li>Lié par un contrat durable ;</li>"
        "<li>Présent depuis huit mois, et dont l’une de ces pièces est signée :<ul><li>le contrat,</li>"
        "<li>l’avenant.</li></ul></li></ul><p>Trois aides existent :</p><ul><li>La prime est versée en mars.</li>"
        "<li>Le prêt est versé en mai.</li></ul></main>"
    )


@pytest.mark.parametrize(
    ("item", "before"),
    [
        ("Lié", "Elle est due au salarié :"),
        ("Présent", "Elle est due au salarié :"),
        ("le contrat", "Présent depuis huit mois, et dont l’une de ces pièces est signée :"),
        ("La prime est", None),
        ("Elle est", None),
    ],
)
def test_an_item_that_goes_on_a_sentence_has_what_announces_it(announced: Page, item: str, before: str | None) -> None:
    told = Quotes(announced, split_passages(announced)).announcing(announced.text.index(item))
    assert (told and announced.text[slice(*told)].strip()) == before


def test_an_item_that_nothing_stands_before_is_announced_by_nothing() -> None:
    page = parse_html("<ul><li>Un reçu ;</li><li>Une copie.</li></ul>")
    assert Quotes(page, split_passages(page)).announcing(page.text.index("Un reçu")) is None


def test_a_credit_comes_closest_only_where_it_is_the_first(assistant: Assistant) -> None:
    told = evidence(assistant, "dispositif médical")
    credit = next(p for p in assistant.passages if p.role == "credit")
    image = replace(told, hit=Hit(credit, 0.0, 0.0, 0.0), span=credit.sentences[0], sentence=credit.sentences[0])
    for found, count in (([told, image], 1), ([image, told], 2)):
        quotes = fresh(assistant)
        closest.likely(asks("Quel est le budget ?"), found, quotes)
        assert len(quotes.citations) == count and quotes.citations[0].start == found[0].sentence[0]


def test_such_an_item_is_quoted_after_what_announces_it(announced: Page) -> None:
    passages = split_passages(announced)
    quotes = Quotes(announced, passages)
    passage = next(p for p in passages if "huit mois" in p.text)

    def found(words: str) -> Evidence:
        start = announced.text.index(words)
        sentence = next(s for s in passage.sentences if s[0] <= start < s[1])
        span = (start, start + len(words))
        return Evidence(Hit(passage, 1, 1, 1), 0.9, span, sentence, None, (0, 0, 1), {})

    first = facts.fact(asks("Qui ?"), found("contrat durable"), quotes)
    assert [p.text for line in first for p in line.parts] == ["Elle est due au salarié : Lié par un contrat durable ;"]
    later = facts.fact(asks("Depuis quand ?"), found("huit mois"), Quotes(announced, passages))
    assert later[0].parts[0].text == "Elle est due au salarié :"
    assert later[0].parts[1].text.startswith("Présent depuis huit mois")
    beside = found("contrat durable").sentence
    _, second = facts.fact(asks("Quoi ?"), replace(found("le contrat,"), beside=beside), Quotes(announced, passages))
    assert [part.text.split(" ")[0] for part in second.parts] == ["Elle", "Lié"]
    _, second, *_ = facts.fact(asks("Quoi ?"), replace(found("huit mois"), beside=beside), Quotes(announced, passages))
    assert [part.text.split(" ")[0] for part in second.parts] == ["Lié"]
    near = closest.likely(asks("Qui ?"), [found("contrat durable")], Quotes(announced, passages), MOST_LIKELY)
    assert near[1].parts[0].text.startswith("Elle est due au salarié")


def test_an_item_of_a_long_list_comes_under_what_announces_it() -> None:
    others = "".join(
        f"<li>les contrats de la sorte {n}, conclus pour {'une mission de ' * 5}courte durée ;</li>" for n in range(9)
    )
    page = parse_html(
        f"<h1>Prime</h1><h2>Est-elle due ?</h2><p>Elle est due, sauf :</p><ul><li>aux saisonniers ;</li>{others}</ul>"
    )
    found, quotes = settled(page, "aux saisonniers"), Quotes(page, split_passages(page))
    assert found.hit.passage.lead  # what announces the list is in no passage
    for form in ("yes_no", "fact", "list"):
        (line,) = facts.fact(asks("Et les saisonniers ?", form), found, quotes)
        assert words(line.parts[0].text) == words("Sous « Elle est due, sauf : », la page dit :")
    (item,) = lists.items([found.sentence], found, quotes)
    assert item.parts[0] == line.parts[0]


@pytest.mark.parametrize("told", ["La prime est", "Le prêt est", "Trois aides"])
def test_the_list_that_comes_closest_is_shown_whole_as_one_quote(announced: Page, told: str) -> None:
    passages = split_passages(announced)
    asked, quotes = asks("Quelles aides y a-t-il ?", "list"), Quotes(announced, passages)
    near = closest.likely(asked, [settled(announced, told), settled(announced, "Le prêt est")], quotes, MOST_LIKELY)
    assert [(line.level, line.text.strip()) for line in near[1:]] == [
        (1, "- Trois aides existent :"),
        (2, "- La prime est versée en mars."),
        (2, "- Le prêt est versé en mai. [1]"),
    ]
    assert Answer(asked, near, "likely", tuple(quotes.citations)).citations[0].quote.startswith("Trois aides")
    alone = closest.likely(
        asks("Quand ?"), [settled(announced, "Le prêt est")], Quotes(announced, passages), MOST_LIKELY
    )
    assert [line.text for line in alone[1:]] == ["- Le prêt est versé en mai. [1]"]


@pytest.fixture(scope="module")
def settling() -> Page:
    return parse_html(
        "<h1>La citerne</h1><h2>Peut-on boire l’eau de pluie ?</h2><p>Non, elle est strictement interdite à la boisson.</p>"
        "<h2>Entretien</h2><p>Faut-il la vider en hiver ? Oui, avant les premières gelées.</p>"
        "<h2>Usages</h2><p>Non-salariés et salariés paient le même prix.</p><p>Oui, le jardin peut être arrosé.</p>"
    )


def settled(page: Page, words: str) -> Evidence:
    start = page.text.index(words)
    passage = next(p for p in split_passages(page) if p.start <= start < p.end)
    sentence = next(s for s in passage.sentences if s[0] <= start < s[1])
    return Evidence(Hit(passage, 1, 1, 1), 0.9, (start, start + len(words)), sentence)


@pytest.mark.parametrize(
    ("question", "previous", "words", "begins"),
    [
        ("Peut-on boire l'eau de pluie ?", "", "interdite", "Non, elle est"),
        ("Est-il interdit de boire l'eau de pluie ?", "", "interdite", "À «\u00a0Peut-on boire l’eau de pluie ?\u00a0», la page répond"),
        ("Peut-on boire l'eau de pluie ?", "Et filtrée ?", "interdite", "À «\u00a0Peut-on boire l’eau de pluie ?\u00a0»"),
        ("La laisse-t-on pleine ?", "", "gelées", "Faut-il la vider en hiver ? Oui,"),
        ("Est-il interdit d'arroser ?", "", "arrosé", "Sous «\u00a0Usages\u00a0», la page dit\u00a0: Oui, le jardin"),
        ("Qui paie ?", "", "même prix", "Non-salariés"),
    ],
)  # fmt: skip
def test_a_yes_or_no_of_the_page_stands_after_the_question_that_it_answers(
    settling: Page, question: str, previous: str, words: str, begins: str
) -> None:
    asked, found = asks(question, "yes_no", previous=previous), settled(settling, words)
    quotes = Quotes(settling, split_passages(settling))
    assert facts.fact(asked, found, quotes)[0].text.startswith(begins)
    near = closest.likely(asked, [found], Quotes(settling, split_passages(settling)), MOST_LIKELY)
    assert near[1].text.removeprefix("- ").startswith(begins)


@pytest.mark.parametrize(
    ("form", "words", "begins"),
    [
        ("yes_no", "barbecue", "Sous «\u00a0Sont interdits\u00a0», la page dit\u00a0: Un barbecue"),
        ("yes_no", "Deux pots", "Sous «\u00a0Sont interdits\u00a0», la page dit\u00a0: Deux pots"),
        ("yes_no", "linge", "Sous «\u00a0Ce qui est interdit\u00a0», la page dit\u00a0: Étendre du linge"),
        ("fact", "barbecue", "Un barbecue"),
        ("fact", "linge", "Étendre du linge"),
    ],
)
def test_an_item_that_answers_yes_or_no_stands_under_what_its_list_tells(form: Form, words: str, begins: str) -> None:
    page = parse_html(
        "<h1>Balcons</h1><h2>Règles</h2><p>Sont interdits :</p><ul><li>Un barbecue au charbon.</li><li>Deux pots sur le rebord.</li>"
        "</ul><h2>Ce qui est interdit</h2><ul><li>Étendre du linge aux fenêtres.</li><li>Fumer dans le hall.</li></ul>"
    )
    asked, found = asks("Ai-je le droit ?", form), settled(page, words)
    assert facts.fact(asked, found, Quotes(page, split_passages(page)))[0].text.startswith(begins)
    near = closest.likely(asked, [found], Quotes(page, split_passages(page)), MOST_LIKELY)
    assert near[1].text.removeprefix("- ").startswith(begins)


def test_what_several_items_stand_under_is_told_once() -> None:
    page = parse_html(
        "<h1>Balcons</h1><h2>Ce qui est interdit</h2><ul><li>Étendre du linge aux fenêtres.</li><li>Fumer dans le hall.</li></ul>"
        "<h2>Horaires</h2><p>Le hall ferme à minuit.</p>"
    )
    asked = asks("Ai-je le droit ?", "yes_no")
    found = [settled(page, word) for word in ("linge", "Fumer", "minuit")]
    near = closest.likely(asked, found, quotes := fresh(page))
    told = [
        (1, "Sous «\u00a0Ce qui est interdit\u00a0», la page dit\u00a0:"),
        (2, "Étendre du linge aux fenêtres."),
        (2, "Fumer dans le hall."),
    ]

    def shown(lines: Iterable[Line]) -> list[tuple[int, str]]:
        return [(line.level, " ".join(part.text for part in line.parts)) for line in lines]

    assert shown(near[1:]) == [*told, (1, "Le hall ferme à minuit.")]
    answer = Answer(asked, near, "likely", tuple(quotes.citations))
    again = reshaped(asks("le texte complet", intent="reshape"), "full_text", [Turn(asked, answer)], fresh(page))
    assert shown(again.lines[1:]) == shown(near[1:])
    one = closest.likely(asked, found[:1], fresh(page))
    assert shown(one[1:]) == [(1, f"{told[0][1]} {told[1][1]}")]


@pytest.mark.parametrize("wish", ["shorter", "more", "full_text", "protest"])
def test_a_reshaped_yes_or_no_of_the_page_keeps_its_question(settling: Page, wish: str) -> None:
    asked, found = asks("Est-il interdit de boire l'eau de pluie ?", "yes_no"), settled(settling, "interdite")
    quotes = Quotes(settling, split_passages(settling))
    answer = answered(asked, facts.fact(asked, found, quotes), quotes)
    again = reshaped(asks("plus court", intent="reshape"), wish, [Turn(asked, answer)], fresh(settling))
    turns = [Turn(asked, answer), Turn(again.question, again)]
    twice = reshaped(asks("plus court", intent="reshape"), wish, turns, fresh(settling))
    for told in (again, twice):
        assert told.lines[1].text.startswith(
            "- À «\u00a0Peut-on boire l’eau de pluie ?\u00a0», la page répond\u00a0: Non"
        )


def test_a_sentence_that_leans_on_a_no_stands_after_the_question_that_it_answers() -> None:
    page = parse_html(
        "<h1>Reconversion</h1><h2>Un tuteur suit-il le salarié ?</h2><p>Non, cela n’est pas prévu. Il peut, en revanche, voir "
        "un conseiller du département.</p><h2>Le salarié paie-t-il ?</h2><p>Oui. La région rend la moitié de ses frais.</p>"
    )
    asked = asks("Qui épaule le salarié ?")
    begins = "À «\u00a0Un tuteur suit-il le salarié ?\u00a0», la page répond\u00a0: Non, cela n’est pas prévu. Il peut"
    leant_on = facts.fact(asked, settled(page, "un conseiller"), Quotes(page, split_passages(page)))
    assert leant_on[0].text.startswith(begins)
    both = [settled(page, words).sentence for words in ("un conseiller", "La région")]
    told = summary.summary(asks("Que sait-on du salarié ?"), both, Quotes(page, split_passages(page)))
    assert told[0].text.startswith(f"- {begins.removesuffix(' Il peut')}") and told[1].text.startswith("- La région")
    quotes = Quotes(page, split_passages(page))
    alone = facts.fact(asks("Qui rend les frais ?"), settled(page, "La région"), quotes)
    assert alone[0].text.startswith("La région")
    answer = answered(asks("Qui rend les frais ?"), alone, quotes)
    more = reshaped(asks("plus de détails", intent="reshape"), "more", [Turn(answer.question, answer)], fresh(page))
    assert more.lines[1].text.startswith(
        "- À «\u00a0Le salarié paie-t-il ?\u00a0», la page répond\u00a0: Oui. La région"
    )


def test_a_summary_has_no_yes_or_no_without_its_question(settling: Page) -> None:
    passages = split_passages(settling)
    spans = summary.summary_spans(settling, passages, Vocabulary(passages))
    assert spans and not any(settling.text[a:b].startswith(("Oui", "Non,")) for a, b in spans)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Que veut dire PAI ?", "parcours d’accompagnement vers l’insertion"),
        ("c'est quoi le pai", "parcours d’accompagnement vers l’insertion"),
        ("Que signifie le sigle AJ ?", "Aide jeunes"),
        ("que veut dire PACEA", "parcours contractualisé d’accompagnement adapté vers l’emploi et l’autonomie"),
        ("Que veut dire PRC ?", None),
        ("C'est quoi le PAI renforcé ?", None),
    ],
)
def test_an_acronym_that_the_page_spells_out_is_told(question: str, told: str | None) -> None:
    page = parse_html(
        "<h1>Insertion</h1><p>Chaque ville finance un parcours d’accompagnement vers l’insertion (PAI). L’AJ (Aide jeunes)"
        " complète le PAI renforcé et le PRC.</p><p>La mission suit un parcours contractualisé d’accompagnement adapté vers"
        " l’emploi et l’autonomie (PACEA).</p>"
    )
    passages = split_passages(page)
    vocabulary, quotes = Vocabulary(passages), Quotes(page, passages)
    short = next((name for name in ("PACEA", "PAI", "AJ") if name.lower() in question.lower()), "PRC")
    asked = replace(asks(question, "definition"), repaired=question.replace("pai", "PAI"))
    lines = facts.spelled_out(asked, vocabulary, quotes)
    assert [p.text for line in lines for p in line.parts if isinstance(p, Quoted) and p.strong] == (
        [told] if told else []
    )
    assert all(short in line.parts[-1].text for line in lines)
    assert not facts.spelled_out(replace(asked, form="fact"), vocabulary, quotes)


def test_a_long_sentence_is_cut_around_its_answer_and_says_so(assistant: Assistant) -> None:
    quotes = Quotes(assistant.page, assistant.passages)
    found = evidence(assistant, "dispositif médical")
    cut = quotes.trimmed(found.sentence, 110, found.span, found.hit.passage)
    assert "dispositif médical" in cut.words and len(cut.words) <= 110
    assert OMITTED in (cut.before, cut.after) and MISSING not in cut.before
    assert assistant.page.text[cut.start : cut.end].split() == cut.words.split()


def test_quotes_say_where_the_page_lacks_words(page: Page, passages: tuple[Passage, ...]) -> None:
    quotes = Quotes(page, passages)
    cut = next(p for p in passages if p.text.startswith("et éviter"))
    first = quotes.quote(cut.sentences[0])
    assert first.text == f"{MISSING} et éviter des crises."
    open_ended = next(p for p in passages if p.cut_end and p.text.endswith("trentaine"))
    last = quotes.quote(open_ended.sentences[-1])
    assert last.text.endswith(f"une trentaine {MISSING}")
    assert quotes.quote(cut.sentences[0]).citation == first.citation and len(quotes.citations) == 2


def test_a_whole_sentence_has_nothing_around_it(page: Page, passages: tuple[Passage, ...]) -> None:
    quotes = Quotes(page, passages)
    whole = next(p for p in passages if p.text.startswith("Avec pour ambition"))
    for span in whole.sentences:
        assert (quotes.quote(span).before, quotes.quote(span).after) == ("", "")


def test_what_a_colon_announces_comes_with_it(assistant: Assistant) -> None:
    found = evidence(assistant, "De nouveaux programmes d’enseignement")
    answer = fact(assistant, asks("Quels programmes ?"), found)
    assert [line.level for line in answer.lines] == [0, 1, 1] and "EMLyon" in answer.text
    assert len(answer.citations) == 3


@pytest.mark.parametrize(("affirmed", "english", "word"), [
    (True, False, "Oui"), (False, False, "Non"), (True, True, "Yes"), (False, True, "No"),
])  # fmt: skip
def test_yes_or_no_comes_first_with_its_sentence(
    assistant: Assistant, affirmed: bool, english: bool, word: str
) -> None:
    quotes = Quotes(assistant.page, assistant.passages)
    asked = asks("Le campus associe-t-il des acteurs privés ?", "yes_no", english=english)
    found = evidence(assistant, "associant acteurs publics et privés")
    answer = answered(asked, facts.yes_no(asked, found, quotes, affirmed), quotes)
    assert strong(answer) == [word] and "acteurs publics et privés" in answer.text and "[1]" in answer.text


def test_what_is_likely_shows_each_sentence_once_and_claims_nothing(assistant: Assistant) -> None:
    found = [
        evidence(assistant, w)
        for w in ("l’EMLyon", "l’EMLyon : Master", "l’accès aisé", "photos de la rétine", "Nice, Paris")
    ]
    quotes = Quotes(assistant.page, assistant.passages)
    asked = asks("Où étudier ?")
    lines = closest.likely(asked, found, quotes, MOST_LIKELY)
    answer = Answer(asked, lines, "likely", tuple(quotes.citations))
    assert len(answer.citations) == MOST_LIKELY == len({c.start for c in answer.citations})
    assert isinstance(answer.lines[0].parts[0], Said) and not strong(answer)
    assert ["EMLyon" in c.quote for c in answer.citations] == [True, False, False]


def test_the_list_under_a_heading_is_whole_with_its_sub_items(assistant: Assistant) -> None:
    quotes = Quotes(assistant.page, assistant.passages)
    asked = asks("Quelles sont les actions clés ?", "list")
    listed = section_listed(asked, assistant.page, assistant.vocabulary)
    answer = answered(asked, lists.bullets(section_items(listed.section, assistant.page), quotes), quotes)
    assert [line.level for line in answer.lines].count(1) == 7
    assert [line.level for line in answer.lines].count(2) == 2 and len(answer.citations) == 9
    others = ("Quels hôpitaux participent ?", "Quelles actions clés sont prévues pour 2031 ?")
    for other in others:  # not under that heading, or not all of it
        other_section = section_listed(asks(other, "list"), assistant.page, assistant.vocabulary).section
        assert not section_items(other_section, assistant.page)


def test_several_things_that_a_section_tells(assistant: Assistant) -> None:
    quotes = Quotes(assistant.page, assistant.passages)
    asked = asks("Quels sont les objectifs poursuivis ?", "list")
    answer = answered(asked, under_heading(asked, assistant.vocabulary, quotes), quotes)
    assert len(answer.citations) > 1
    assert {c.passage.section[-1] for c in answer.citations} == {"Objectifs poursuivis"}
    for other in (
        asks("Quels sont les objectifs poursuivis pour 2031 ?", "list"),
        asks("Qu'est-ce qu'un objectif ?", "definition"),
    ):
        assert not under_heading(other, assistant.vocabulary, quotes)


def test_the_sentences_of_one_passage_make_a_list(assistant: Assistant) -> None:
    passage = next(p for p in assistant.passages if p.text.startswith("Avec pour ambition"))
    both = (passage.sentences[0][0], passage.sentences[1][1])
    found = Evidence(Hit(passage, 0.0, 0.0, 0.0), 0.9, both, passage.sentences[0])
    quotes = Quotes(assistant.page, assistant.passages)
    units = lists.listed_units(found, quotes)
    assert units == list(passage.sentences[:2])
    answer = answered(asks("Quels buts ?", "list"), lists.items(units, found, quotes), quotes)
    assert [line.level for line in answer.lines] == [1, 1] and len(answer.citations) == 2


@pytest.fixture(scope="module")
def garden() -> Page:
    """Lists that are announced, one of items of several sentences, one in two places with other items."""
    return parse_html(
        "<h1>Le jardin</h1><h2>Refus</h2><p>La demande est examinée. Un refus se fait en raison :</p><ul>"
        "<li>d'un dossier incomplet. Il est alors rendu. Rien n'est dû ;</li><li>ou du manque de parcelles ;</li>"
        "<li>ou d'un retard.</li></ul>"
        "<h2>En ville</h2><h3>Visite</h3><p>La visite a les étapes suivantes :</p><ul><li>Un entretien.</li><li>Un tour du balcon.</li></ul>"
        "<h2>Au village</h2><h3>Visite</h3><p>La visite a les étapes suivantes :</p><ul><li>Un entretien.</li><li>Un tour du pré.</li></ul>"
        "<h2>Plus loin</h2><p>La visite a les étapes suivantes :</p><ul><li>Un entretien.</li><li>Un tour du pré.</li></ul>"
    )


REFUSED = [
    "Un refus se fait en raison : [1]",
    "- d'un dossier incomplet. Il est alors rendu. Rien n'est dû ; [2]",
    "- ou du manque de parcelles ; [3]",
    "- ou d'un retard. [4]",
]


def test_a_list_stands_under_what_announces_it_each_item_on_its_line(garden: Page) -> None:
    found, quotes = settled(garden, "d'un dossier"), fresh(garden)
    several = replace(found, span=(found.span[0], garden.text.index("ou d'un retard")))
    told = lists.items(lists.listed_units(several, quotes), several, quotes)
    assert [line.text for line in told] == REFUSED
    section = section_items(("Le jardin", "Refus"), garden)
    assert [line.text for line in lists.bullets(section, fresh(garden))] == REFUSED
    announcing, *under = facts.fact(asks("Pourquoi ?"), settled(garden, "en raison"), fresh(garden))
    assert [announcing.text, *(line.text for line in under)] == REFUSED
    one = replace(found, span=(found.span[0], garden.text.index("ou du manque")))
    assert len(lists.listed_units(one, quotes)) == 1


def test_what_announces_an_inner_list_stands_between_the_outer_one_and_its_items(announced: Page) -> None:
    item = settled(announced, "le contrat,")
    told = lists.items([item.sentence], item, fresh(announced))
    assert [(line.level, line.text.strip("- ").split()[0]) for line in told] == [(0, "Elle"), (1, "Présent"), (2, "le")]
    (first, *_), inner = told, lists.as_items(told)
    assert first.level == 0 and [line.level for line in inner] == [1, 2, 2]


def test_a_list_that_is_announced_as_another_stands_under_its_heading(garden: Page) -> None:
    told = lists.bullets([b for b in garden.blocks if b.kind == "bullet"][3:], fresh(garden))
    assert [line.text for line in told] == [
        "La visite a les étapes suivantes : [1]",
        "- Un entretien. [2]",
        "- Un tour du balcon. [3]",
        "Sous «\u00a0Au village\u00a0», la page dit\u00a0:",
        "- Un entretien. [4]",
        "- Un tour du pré. [5]",
    ]


def test_several_items_of_a_short_list_bring_the_whole_of_it(garden: Page) -> None:
    retard, manque = settled(garden, "ou d'un retard"), settled(garden, "ou du manque")
    quotes = fresh(garden)
    assert [line.text for line in lists.gathered([manque, retard], quotes)] == REFUSED
    listed = lists.together([retard, manque], quotes)
    assert listed == lists.together([replace(manque, beside=retard.sentence)], quotes) and len(listed) == 4
    assert not lists.together([retard], quotes)
    assert [line.text for line in facts.also(asks("Et ?"), [retard, manque], fresh(garden), ())] == REFUSED
    announcing = settled(garden, "en raison")
    assert [line.text for line in lists.gathered([announcing], fresh(garden))] == REFUSED
    for found in ([retard, manque], [announcing]):
        near = closest.likely(asks("Et ?"), found, quotes := fresh(garden))
        assert len(quotes.citations) == 1 and [line.level for line in near[1:]] == [1, 2, 2, 2]


def test_an_item_right_after_what_announces_it_stands_below_it(garden: Page) -> None:
    spans = [settled(garden, word).sentence for word in ("en raison", "ou d'un retard", "La visite", "ou du manque")]
    quotes = fresh(garden)
    told = lists.nested([Line((quotes.quote(span),)) for span in spans], quotes)
    assert [line.level for line in told] == [0, 1, 0, 0]


def test_items_under_an_item_keep_their_own_levels() -> None:
    page = parse_html(
        "<h1>Dossier</h1><p>Il comporte :</p><ul><li>Un rapport :<ul><li>une évaluation :<ul><li>des dangers,</li></ul></li>"
        "<li>un plan.</li></ul></li></ul>"
    )
    told = facts.items_under(settled(page, "Un rapport"), fresh(page))
    assert [line.level for line in told] == [1, 2, 1]


def test_a_list_that_nothing_announces_is_not_made_whole() -> None:
    page = parse_html("<h1>Balcons</h1><h2>Interdits</h2><ul><li>Fumer.</li><li>Crier.</li><li>Courir.</li></ul>")
    assert not lists.together([settled(page, "Fumer"), settled(page, "Courir")], fresh(page))


def test_an_item_that_goes_on_the_one_before_is_not_cut_from_it(garden: Page) -> None:
    found = settled(garden, "ou du manque")
    begins = "Un refus se fait en raison : d'un dossier incomplet."
    assert facts.fact(asks("Pourquoi ?"), found, fresh(garden))[0].text.startswith(begins)
    assert closest.likely(asks("Pourquoi ?"), [found], fresh(garden))[1].text.startswith(f"- {begins}")


def test_an_item_beside_is_not_quoted_again_in_the_list(garden: Page) -> None:
    found = replace(settled(garden, "en raison"), beside=settled(garden, "ou du manque").sentence)
    assert [line.text for line in facts.fact(asks("Pourquoi ?"), found, fresh(garden))] == REFUSED


def test_what_two_sections_say_alike_is_summed_up_once() -> None:
    same = "<p>Le formulaire de demande est à remplir et à signer par le jardinier.</p>"
    page = parse_html(
        f"<h1>Le jardin</h1><h2>Une parcelle</h2>{same}<h2>Deux parcelles</h2>{same}<p>La mairie répond à la demande en mai de chaque année.</p>"
    )
    passages = split_passages(page)
    told = [page.text[a:b] for a, b in summary.summary_spans(page, passages, Vocabulary(passages))]
    assert len(told) == len(set(told)) == 2
    assert len(topic_spans(asks("Et la demande ?", subject=("demand",)), fresh(page))) == 2


@pytest.mark.parametrize(
    ("lead", "begins"),
    [
        ("Ainsi :", "Sous «\u00a0Avantages\u00a0», la page dit"),
        ("Interdits :", "Sous «\u00a0Interdits\u00a0», la page dit"),
        ("- à payer, sauf :", "Sous «\u00a0à payer, sauf\u00a0», la page dit"),
    ],
)
def test_an_item_stands_under_words_that_are_a_label(lead: str, begins: str) -> None:
    others = "".join(
        f"<li>les contrats de la sorte {n}, conclus pour {'une mission de ' * 5}durée ;</li>" for n in range(9)
    )
    page = parse_html(f"<h1>Prime</h1><h2>Avantages</h2><p>{lead}</p><ul><li>les saisonniers ;</li>{others}</ul>")
    found, quotes = settled(page, "les saisonniers"), fresh(page)
    assert facts.fact(asks("Et les saisonniers ?"), found, quotes)[0].text.startswith(begins)


def test_what_announces_an_item_at_length_is_quoted_and_is_no_label() -> None:
    long = "Le service examine la demande, qui doit être faite avant la fin du mois, et refuse dans chacun de ces cas :"
    page = parse_html(
        f"<h1>Prime</h1><p>{long}</p><ul><li>Le retard est grave.</li><li>Une pièce manque au dossier.</li></ul>"
    )
    (line,) = facts.fact(asks("Ai-je droit ?", "yes_no"), settled(page, "Une pièce"), fresh(page))
    assert line.text == f"{long} [1] Une pièce manque au dossier. [2]"
    near = closest.likely(asks("Ai-je droit ?", "yes_no"), [settled(page, "Une pièce")], fresh(page), MOST_LIKELY)
    assert near[1].text == f"- {line.text}"


def test_what_comes_closest_are_sentences_that_differ_before_those_of_another_year() -> None:
    told = "Si les recettes de l'année ne dépassent pas {} euros, le régime simple de déclaration s'applique."
    other = "Un gîte rural ne donne pas droit au régime simple."
    denied = told.replace("ne dépassent pas", "dépassent").format(71)
    page = parse_html(f"<h1>Location</h1><p>{told.format(70)}</p><p>{told.format(72)}</p><p>{denied}</p><p>{other}</p>")
    found = [settled(page, word) for word in ("pas 70", "pas 72", "dépassent 71", "gîte")]
    kept = [page.text[slice(*e.sentence)] for e in closest.twins_last(asks("Quel régime ?"), found, fresh(page))]
    assert kept == [told.format(70), denied, other, told.format(72)]
    assert closest.twins_last(asks("Quel régime à 72 euros ?"), found, fresh(page)) == found


def test_a_list_takes_what_is_sure_in_the_pages_order(assistant: Assistant) -> None:
    found = [evidence(assistant, w, probability=p) for w, p in
             (("Création du Health Data Hub", 0.85), ("l’EMLyon", 0.7), ("PariSanté", 0.3))]  # fmt: skip
    kept = lists.several(found, 0.5)
    assert [e.probability for e in kept] == [0.7, 0.85]


def test_a_summary_has_whole_sentences_of_several_sections(assistant: Assistant) -> None:
    quotes = Quotes(assistant.page, assistant.passages)
    spans = summary.summary_spans(assistant.page, assistant.passages, assistant.vocabulary)
    answer = answered(asks("Résume", "summary"), summary.summary(asks("Résume"), spans, quotes), quotes)
    assert len({c.passage.section for c in answer.citations}) >= 3
    assert len(answer.text) < 1.3 * summary.SUMMARY_CHARS and not any(c.passage.role for c in answer.citations)
    assert [c.start for c in answer.citations] == sorted(c.start for c in answer.citations)
    cut = [p for p in answer.parts() if isinstance(p, Quoted) and MISSING in (p.before, p.after)]
    assert not cut


def test_an_item_too_long_for_one_passage_is_quoted_with_a_mark_for_each() -> None:
    long = " ".join(
        f"D'arroser le carré numéro {n} du potager en pleine journée, même par temps couvert." for n in range(12)
    )
    page = parse_html(f"<h1>Jardin</h1><h2>Interdits</h2><ul><li>De fumer.</li><li>{long}</li></ul>")
    passages = split_passages(page)
    quotes = Quotes(page, passages)
    first, second = lists.bullets(section_items(page.blocks[-1].section, page), quotes)
    assert first.text == "- De fumer. [1]"
    parts = [part for part in second.parts if isinstance(part, Quoted)]
    assert len(parts) > 1 and " ".join(quotes.words((p.start, p.end)) for p in parts) == long
    assert all(p.start <= c.start and c.end <= p.end for c in quotes.citations for p in [c.passage])


@pytest.mark.parametrize(("sentences", "told"), [(2, 2), (5, 3), (8, 4)])
def test_a_section_summed_up_alone_has_up_to_half_of_its_sentences(sentences: int, told: int) -> None:
    text = " ".join(f"La commune prête l'objet numéro {n} aux habitants du quartier." for n in range(sentences))
    page = parse_html(f"<h1>Le prêt</h1><h2>Objets</h2><p>{text}</p>")
    passages = split_passages(page)
    assert len(summary.summary_spans(page, passages, Vocabulary(passages))) == told


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("Peux-tu résumer les actions clés ?", ["Actions clés"]),
        ("Que retenir de la partie sur les objectifs poursuivis ?", ["Objectifs poursuivis"]),
        ("De quoi parle cette page ?", []),
        ("Résume-moi le film Titanic", []),
    ],
)
def test_what_part_a_summary_is_of(page: Page, question: str, section: list[str]) -> None:
    named = section_named(asks(question, "summary"), page, alone=False)
    assert [*named.section][-1:] == section and (not section or named.share > HALF)


def refuse(assistant: Assistant, asked: Question, near: bool = True) -> Answer:
    hits = [Hit(p, 0.0, 0.0, 0.0) for p in assistant.passages[4:]]
    return refusal(asked, hits, assistant.page, assistant.vocabulary, near)


def test_a_refusal_names_what_the_page_mentions_and_shows_what_is_near(assistant: Assistant) -> None:
    answer = refuse(assistant, asks("Quel est le budget de PariSanté Campus ?"))
    assert answer.reason == "not_on_page" and answer.nearby and all("PariSanté" in p.text for p in answer.nearby)
    assert answer.text.endswith("dans la page, qui mentionne «\u00a0PariSanté Campus\u00a0»\u00a0:")
    assert "PariSanté Campus" in refuse(assistant, asks("le budget de parisanté campus")).text
    written_otherwise = refuse(assistant, asks("le budget du Grand Défi"))
    assert all("grand défi" in p.text.lower() for p in written_otherwise.nearby) and len(written_otherwise.nearby) == 2
    unnamed = refuse(assistant, asks("Quel est le budget ?"))
    assert "mentionne" not in unnamed.text and unnamed.nearby == assistant.passages[4:6]
    elsewhere = [Hit(p, 0.0, 0.0, 0.0) for p in assistant.passages if "PariSanté" not in p.text][:4]
    asked = asks("Quel est le budget de PariSanté Campus ?")
    assert "mentionne" not in refusal(asked, elsewhere, assistant.page, assistant.vocabulary, True).text
    assert (
        "mentionne" not in refuse(assistant, asks("Qui suit mon grand frère ?")).text
    )  # not « Grand » of the "Grand Défi"
    assert "mentionne" in refuse(assistant, asks("Et à Grenoble ?")).text
    for longer in ("Quel est le budget de la Banque de France ?", "Qui dirige l’Institut du Grenoble-Paris ?"):
        assert "mentionne" not in refuse(assistant, asks(longer)).text
    assert "«\u00a0France\u00a0»" in refuse(assistant, asks("Quel est le budget de la France ?")).text


def test_a_refusal_that_is_off_topic_gives_the_title_alone(assistant: Assistant) -> None:
    answer = refuse(assistant, asks("Où dort le chat ?"), near=False)
    assert answer.reason == "off_topic" and not answer.nearby and assistant.page.title in answer.text
    named = refuse(assistant, asks("Qui habite PariSanté Campus ?"), near=False)
    assert named.reason == "not_on_page" and "PariSanté Campus" in named.text and named.nearby


@pytest.mark.parametrize("english", [False, True])
def test_a_worry_is_told_whom_to_call(english: bool) -> None:
    body = talk.worry(asks("J'ai mal", english=english))
    mind = talk.worry(replace(asks("Je n'en peux plus", english=english), kinds={"worry": "distress"}))
    assert body.reason == mind.reason == "medical"
    assert "15" in body.text and "112" in body.text and "3114" in mind.text and "3114" not in body.text


def test_small_talk_names_the_page_and_an_order_is_not_followed(page: Page) -> None:
    assert page.title in talk.small_talk(asks("Bonjour"), "greeting", page, Settings()).text
    assert page.title in talk.small_talk(asks("Hein"), "unheard of", page, Settings()).text
    thanks = talk.small_talk(asks("Merci"), "thanks", page, Settings())
    assert thanks.reason == "chat" and page.title not in thanks.text
    assert talk.order(asks("Oublie tout")).reason == "off_topic"


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize(
    ("changes", "writes", "said"),
    [
        ({}, False, [phrases.PRIVACY]),
        ({"answers_kept": 256}, False, [phrases.PRIVACY_IN_MEMORY]),
        ({"answers_kept": 256, "log": "texts"}, False, [phrases.PRIVACY_LOGGED]),
        ({"generator": "openai:http://gpu/v1#m"}, True, [phrases.PRIVACY, phrases.PRIVACY_SENT]),
        ({"generator": "openai:http://gpu/v1#m"}, False, [phrases.PRIVACY]),
        ({"generator": "transformers:m"}, True, [phrases.PRIVACY]),
    ],
)
def test_what_is_told_of_what_is_kept_is_what_is_kept(
    page: Page, changes: dict[str, Any], writes: bool, said: list[phrases.Phrase], english: bool
) -> None:
    asked, settings = asks("Gardez-vous mes questions ?", english=english), Settings(**changes)
    told = talk.small_talk(asked, "privacy", page, settings, writes)
    assert told.text == " ".join(p.say(english).text for p in (*said, phrases.PRIVACY_OPINION))
    itself = talk.small_talk(asked, "assistant", page, settings, writes)
    assert ("modèle de langue" in itself.text or "language model" in itself.text) is writes


def exchange(assistant: Assistant, question: str, found: Evidence, **changes: object) -> Turn:
    asked = asks(question, **changes)  # type: ignore[arg-type]
    return Turn(asked, fact(assistant, asked, found))


@pytest.fixture
def turns(assistant: Assistant) -> list[Turn]:
    """A conversation of two answers."""
    first = exchange(assistant, "Quel dispositif ?", evidence(assistant, "dispositif médical"))
    second = exchange(
        assistant, "Quand le campus a-t-il été lancé ?", evidence(assistant, "4 décembre 2020"), expected="date"
    )
    return [first, second]


def test_shorter_is_the_short_answer_alone(assistant: Assistant, turns: list[Turn]) -> None:
    answer = reshaped(asks("plus court"), "shorter", turns, fresh(assistant))
    assert answer.text.split("\n")[1:] == ["- 4 décembre 2020 [1]"]
    without = reshaped(asks("plus court"), "shorter", turns[:1], fresh(assistant))
    assert [c.quote for c in without.citations] == [turns[0].answer.citations[0].quote]


def test_more_is_the_whole_passage(assistant: Assistant, turns: list[Turn]) -> None:
    (cited,) = reshaped(asks("plus de détails"), "more", turns, fresh(assistant)).citations
    assert cited.quote == cited.passage.text and "PariSanté Campus" in cited.quote


def test_what_the_page_lacks_around_the_whole_passage_is_shown(assistant: Assistant) -> None:
    turns = [exchange(assistant, "Un devoir ?", evidence(assistant, "a un devoir de garantir"))]
    for wish in ("more", "full_text", "protest"):
        last = reshaped(asks("plus de détails"), wish, turns, fresh(assistant)).lines[-1]
        assert last.text.endswith("a un devoir de garantir […] [1]"), wish


def test_more_is_told_of_each_passage(assistant: Assistant, turns: list[Turn]) -> None:
    quotes, asked = fresh(assistant), asks("Quels sont les instituts ?")
    lines = facts.fact(asked, evidence(assistant, "Nice, Paris et Grenoble"), quotes)
    lines = (*lines, *facts.also(asked, [evidence(assistant, "l’EMLyon")], quotes, ()))
    both = Turn(asked, answered(asked, lines, quotes))
    more = reshaped(asks("plus de détails"), "more", [*turns, both], fresh(assistant))
    assert [c.quote for c in more.citations] == [c.passage.text for c in both.answer.citations] and len(
        more.citations
    ) == 2
    assert more.text.startswith("Les passages cités")


def test_the_full_text_leads_to_the_page_and_what_was_cited(assistant: Assistant, turns: list[Turn]) -> None:
    answer = reshaped(asks("le texte complet"), "full_text", turns, fresh(assistant))
    assert "celui de la page" in answer.text and [c.n for c in answer.citations] == [1, 2]


def test_shorter_keeps_the_sentences_that_may_answer_not_those_they_lean_on(assistant: Assistant) -> None:
    quotes, asked = Quotes(assistant.page, assistant.passages), asks("Pourquoi impliquer les citoyens ?")
    leaning, other = evidence(assistant, "l’implication pleine"), evidence(assistant, "l’EMLyon")
    lines = facts.fact(asked, leaning, quotes)
    lines = (*lines, *facts.also(asked, [other], quotes, ()))
    whole = Answer(asked, lines, "sure", tuple(quotes.citations))
    shorter = reshaped(asks("plus court"), "shorter", [Turn(asked, whole)], fresh(assistant))
    assert [c.start for c in shorter.citations] == [leaning.sentence[0], other.sentence[0]]
    assert len(whole.citations) == 3 and len(shorter.text) < len(whole.text)


@pytest.mark.parametrize("intent", ["page", "worry"])
@pytest.mark.parametrize("wish", ["shorter", "more"])
def test_what_only_came_close_is_no_answer_when_it_is_cut(
    assistant: Assistant, turns: list[Turn], wish: str, intent: str
) -> None:
    close = replace(turns[0].answer, certainty="likely")
    asked = Turn(asks("Une question ?", intent=intent), close)
    once = reshaped(asks("plus court"), wish, [asked], fresh(assistant))
    turns = [asked, Turn(replace(once.question, intent="reshape"), once)]
    again = reshaped(asks("plus court"), wish, turns, fresh(assistant))
    assert all(answer.text.startswith("La page ne répond peut-être pas") for answer in (once, again))
    other = reshaped(asks("en anglais"), "translate", turns, fresh(assistant))
    assert "s’approchait le plus" in other.text and "ce que j’ai cité" not in other.text


@pytest.mark.parametrize("wish", ["shorter", "more", "full_text", "protest", "translate", "simpler"])
def test_a_reshaping_claims_nothing_new(assistant: Assistant, turns: list[Turn], wish: str) -> None:
    answer = reshaped(asks("allez"), wish, turns, fresh(assistant))
    known = {c.passage for turn in turns for c in turn.answer.citations}
    assert answer.certainty == "likely" and {c.passage for c in answer.citations} <= known
    assert isinstance(answer.lines[0].parts[0], Said)


def test_a_protest_is_not_contradicted(assistant: Assistant, turns: list[Turn]) -> None:
    answer = reshaped(asks("c'est faux"), "protest", turns, fresh(assistant))
    assert "mauvais passage" in answer.text and "4 décembre 2020" in answer.text


def test_suggestions_are_made_of_the_pages_words(page: Page, passages: tuple[Passage, ...]) -> None:
    made = candidates(page, passages, Vocabulary(passages))
    told = [s.question for s in made]
    assert len(set(told)) == len(told) and all(q.endswith("\u202f?") for q in told)
    assert "Que signifie FDA\u202f?" in told and "Quand la page a-t-elle été mise à jour\u202f?" in told
    assert all(0 <= s.passage < len(passages) for s in made)


def test_three_suggestions_that_differ_from_what_was_asked_and_from_one_another() -> None:
    made = [Suggestion(q, p) for p, q in enumerate(
        ["Que signifie FDA ?", "Que signifie la FDA ?", "Qu’est-ce que « PariSanté Campus » ?",
         "Quand la page a-t-elle été mise à jour ?", "Que dit la page sous « Actions clés » ?", "Que signifie 3IA ?"])]  # fmt: skip
    shown = pick(made, asked=["Quand la page a-t-elle été mise à jour ?"], near=[])
    assert shown == (
        "Que signifie FDA ?",
        "Qu’est-ce que « PariSanté Campus » ?",
        "Que dit la page sous « Actions clés » ?",
    )
    assert pick(made, asked=[], near=[5])[0] == "Que signifie 3IA ?"
    for same in ("que signifie fda", "c'est quoi la FDA", "sigle FDA"):
        assert pick(made[:1], asked=[same], near=[]) == ()
    again = pick(made, asked=[], near=[0], shown=shown)  # what was not shown yet comes first, be it farther
    assert again == ("Que signifie la FDA ?", "Quand la page a-t-elle été mise à jour ?", "Que signifie 3IA ?")
    assert pick(made[4:], asked=[], near=[4], shown=[made[4].question]) == (made[5].question, made[4].question)


CARDS = (
    "<h2>À lire sur ce site</h2><ul>"
    "<li><h3><a href='https://exemple.test/a'>Le contrat d’apprentissage</a></h3><p>Le contrat d’apprentissage est un contrat de travail "
    "conclu entre un employeur et un salarié. Son objectif est de permettre à un…</p><p>Fiche pratique</p></li>"
    "<li><h3><a href='https://exemple.test/b'>Le tutorat</a></h3><p>Le tuteur du salarié suit son parcours pendant tout le contrat.</p></li></ul>"
)


def told_of(html: str) -> tuple[Page, tuple[Passage, ...], Vocabulary]:
    page = parse_html(html)
    passages = split_passages(page)
    return page, passages, Vocabulary(passages)


def summed_up(html: str) -> list[str]:
    page, passages, vocabulary = told_of(html)
    return [page.text[slice(*span)] for span in summary.summary_spans(page, passages, vocabulary)]


def test_what_leads_to_another_page_is_neither_summed_up_nor_suggested_nor_surely_told() -> None:
    html = f"<h1>Le contrat</h1><p>Le contrat de stage est signé par un employeur et un étudiant.</p>{CARDS}"
    page, passages, vocabulary = told_of(html)
    assert summed_up(html) == ["Le contrat de stage est signé par un employeur et un étudiant."]
    assert "Son objectif" in page.text and "Fiche pratique" in page.text  # as a person reads it
    assert not any("sous" in s.question for s in candidates(page, passages, vocabulary))
    teaser, own = settled(page, "contrat d’apprentissage est"), settled(page, "contrat de stage")
    assert whole.doubted("sure", [teaser, own], page)[0] == "likely"
    assert whole.doubted("sure", [own, teaser], page) == ("sure", [own])
    assert whole.doubted("likely", [teaser, own], page) == ("likely", [teaser, own])


def test_a_heading_that_is_a_link_over_a_section_of_its_own_is_told() -> None:
    long = "Le règlement du port fixe la vitesse des bateaux, des voiliers et des barques. " * 8
    html = f"<h1>Le port</h1><h2><a href='https://exemple.test/r'>Règles</a></h2><p>{long}</p><h2><a href='#p'>Prix</a></h2><p>Bois, fer, etc…</p>"
    assert not whole.teasers(parse_html(html)) and summed_up(html)


@pytest.mark.parametrize(
    ("words", "is_it"),
    [
        ("Le port ferme à midi.", True), ("Le port ferme à…", False), ("Le port ferme-t-il ?", False),
        ("Le port est fermé de la manière suivante.", False), ("du port et des quais.", False),
        ("Modalités, prix, portabilité...", False), ("« Le port » ferme à midi.", True),
    ],
)  # fmt: skip
def test_what_is_a_whole_sentence(words: str, is_it: bool) -> None:
    assert whole.is_whole(words) is is_it


def test_a_summary_begins_with_the_page_s_first_sentence_and_has_one_of_each_main_section() -> None:
    first = "La commune prête du matériel aux habitants, selon les règles que voici."
    text = "".join(
        f"<h2>{name}</h2><p>La commune prête {name.lower()} pendant {n} jours aux habitants.</p><h3>Détail</h3><p>Un agent du guichet "
        f"vérifie {name.lower()} avant le départ, et le chèque de caution.</p>"
        for n, name in enumerate(("Vélos", "Tables", "Bancs"), 2)
    )
    told = summed_up(f"<h1>Le prêt</h1><p>{first} Le maire signe.</p>{text}")
    assert told[0] == first and len(told) > 3
    for name in ("vélos", "tables", "bancs"):
        assert any(f"{name} " in sentence for sentence in told)


def test_a_summary_prefers_what_goes_on_to_what_leaves_open_whose_it_is() -> None:
    clear = "Le prêt de matériel aide les habitants à organiser des fêtes de quartier."
    linked = "Enfin, la commune forme trente bénévoles à la réparation du matériel."
    owned = "Le dépôt de leurs dossiers au guichet demande une pièce d’identité valable."
    back = "Toutefois, le maire peut reprendre le matériel en cas de besoin urgent."
    told = summed_up(f"<h1>Le prêt</h1><h2>But</h2><p>{clear} {owned} {back} {linked}</p>")
    assert told == [clear, linked]


def test_an_opening_that_answers_the_title_is_summed_up_after_it() -> None:
    html = (
        "<h1>Le stage compte-t-il pour la retraite ?</h1><p>Oui, le stage compte pour la retraite s’il dure deux mois.</p>"
        "<h2>Prix</h2><p>La caisse demande un versement de trente euros par mois de stage.</p>"
    )
    page, passages, vocabulary = told_of(html)
    spans = summary.summary_spans(page, passages, vocabulary)
    lines = summary.summary(asks("Résume"), spans, Quotes(page, passages))
    assert lines[0].text.startswith("- À «\u00a0Le stage compte") and len(lines) == 2


@pytest.mark.parametrize(
    "poor",
    [
        "Est-ce à dire que le prêt du matériel de la commune est gratuit ?",
        "Dans ces situations, la commune ne prête aucun matériel à personne.",
        "La commune prête le matériel aux habitants de la manière suivante.",
        "La commune prête le matériel aux habitants du quartier !",
    ],
)
def test_a_summary_leaves_out_what_tells_nothing_alone_or_again(poor: str) -> None:
    html = (
        "<h1>Le prêt</h1><p>La commune prête le matériel aux habitants.</p><h2>Règles</h2>"
        f"<p>{poor}</p><p>Un chèque de caution est remis au guichet par le demandeur.</p>"
    )
    told = summed_up(html)
    assert poor not in told and len(told) == 2 and "caution" in told[1]


def test_sentences_that_differ_by_a_figure_are_both_summed_up_and_a_long_one_is_not_cut() -> None:
    html = (
        "<h1>Prix</h1><p>Le prix du vélo est de 12 euros par jour.</p><p>Le prix du vélo est de 80 euros par mois.</p>"
    )
    assert len(summed_up(html)) == 2
    long = f"Le guichet {'des prêts et des retours ' * 13}ouvre à midi."
    page, passages, vocabulary = told_of(f"<h1>Guichet</h1><p>{long}</p>")
    assert 300 < len(long) < 450
    (line,) = summary.summary(asks("Résume"), summary.summary_spans(page, passages, vocabulary), Quotes(page, passages))
    assert line.text == f"{long} [1]"


def test_a_sentence_of_its_own_stands_before_an_item_that_is_announced() -> None:
    told = summed_up(
        "<h1>Le prêt</h1><h2>Règles</h2><p>Sont prêtés :</p><ul><li>Les vélos de ville et les remorques des habitants.</li>"
        "<li>Les tables et les bancs des habitants de la ville.</li></ul><p>Une caution est remise au guichet de la mairie.</p>"
        "<h2>Lieux</h2><p>Sont ouverts :</p><ul><li>Le guichet de la place du marché aux fleurs.</li></ul>"
    )
    assert told[0].startswith("Une caution") or "caution" in " ".join(told)
    assert any("place du marché" in sentence for sentence in told)


@pytest.mark.parametrize(
    ("heading", "asked"),
    [
        ("Caution", True),
        ("Le prêt « à vie »", False),
        ("Il sert :", False),
        ("À savoir !", False),
        ("Qui paie ?", True),
    ],
)
def test_a_heading_is_suggested_where_its_question_stands_straight(heading: str, asked: bool) -> None:
    html = f"<h1>Le prêt</h1><p>La commune prête des vélos.</p><h2>{heading}</h2><p>Le prêt demande une caution.</p>"
    page, passages, vocabulary = told_of(html)
    assert any(heading in s.question for s in candidates(page, passages, vocabulary)) is asked


def test_a_heading_that_stands_twice_is_not_suggested() -> None:
    note = "<h2>À noter</h2><p>La caution est rendue.</p>"
    page, passages, vocabulary = told_of(f"<h1>Le prêt</h1><p>Des vélos.</p>{note}<h2>Prix</h2><p>Dix euros.</p>{note}")
    told = [s.question for s in candidates(page, passages, vocabulary)]
    assert any("Prix" in question for question in told) and not any("noter" in question for question in told)


@pytest.mark.parametrize(
    ("html", "well"),
    [
        ("<p>La caution est rendue au guichet.</p>", True),
        ("<p>La caution est rendue de la manière suivante.</p>", False),
        ("<p>d’absence de difficultés pour rendre la caution</p>", False),
        ("<ul><li>Un chèque de caution signé</li><li>Une copie du contrat de prêt</li></ul>", True),
        ("<ul><li>Agence ECHA</li><li>DG Entreprise</li></ul>", False),
        ("<ul><li><a href='https://exemple.test/a'>Le contrat de prêt signé</a></li><li><a href='https://exemple.test/b'>La notice du prêt de vélos</a></li></ul>", False),
    ],
)  # fmt: skip
def test_a_suggestion_whose_answer_is_a_fragment_is_not_made(html: str, well: bool) -> None:
    page, passages, _ = told_of(f"<h1>Le prêt</h1><h2>Caution</h2>{html}")
    quotes = Quotes(page, passages)
    lines = tuple(Line((quotes.quote(s),), 1) for p in passages for s in p.sentences)
    answer = Answer(asks("?"), lines, "sure", tuple(quotes.citations))
    made = Suggestion("?", passages[0].id)
    assert reads_well(made, answer, page) is well
    assert not reads_well(made, replace(answer, certainty="likely"), page)
    assert not reads_well(replace(made, passage=99), answer, page)


def test_what_the_page_is_about_is_not_suggested_to_whoever_was_told_it() -> None:
    page, passages, vocabulary = told_of(
        "<h1>Le prêt</h1><p>La commune prête des vélos aux habitants.</p><h2>Prix</h2><p>Le vélo coûte dix euros par jour, et le double le dimanche.</p>"
    )
    made = candidates(page, passages, vocabulary)
    quotes = Quotes(page, passages)
    asked = asks("Résume", "summary")
    spans = summary.summary_spans(page, passages, vocabulary)
    answer = answered(asked, summary.summary(asked, spans, quotes), quotes)
    alone = Quotes(page, passages)
    part = answered(asked, (Line((alone.quote(spans[1]),)),), alone)
    other = answered(asks("Quel prix ?"), answer.lines, quotes)
    assert ABOUT not in pick_after(answer, made, [asked], [])
    assert ABOUT not in pick_after(other, made, [asked], [Turn(asked, answer)])
    assert ABOUT in pick_after(other, made, [asks("Autre chose ?")], [])
    assert ABOUT in pick_after(part, made, [asks("Résume le prix", "summary")], [])


def test_a_cut_sentence_keeps_its_head_where_there_is_room() -> None:
    text = "L’employeur peut aussi en bénéficier, dès lors que chaque salarié en bénéficie, sauf accord contraire des élus."
    kept = trim(text, (14, 31), 60)
    assert text[slice(*kept)] == "L’employeur peut aussi en bénéficier"
    a = text.index("chaque salarié")
    assert (
        text[slice(*trim(text, (a, a + 14), 70))]
        == "L’employeur peut aussi en bénéficier, dès lors que chaque salarié en bénéficie"
    )
    a = text.index("élus")
    assert trim(text, (a, a + 4), 60)[0] > 0  # too far from the head
    assert text[slice(*trim(text, (a, a + 4), 100))] == text.rstrip(".") + "."


@pytest.fixture(scope="module")
def parted() -> Page:
    """A sentence too long to be quoted as one, and one that leans on it."""
    long = "la caisse rend la moitié des frais de voyage du salarié qui en a fait la demande écrite auprès d’elle, "
    return parse_html(
        f"<h1>La caisse</h1><p>L’employeur peut aussi en profiter ; {long * 5} on peut se reporter aux précisions de la notice. "
        "Tel un titre de transport, le chèque est remis au salarié. Le guichet ferme à midi.</p>"
    )


def test_a_sentence_without_its_head_is_not_added(parted: Page) -> None:
    tail, titre, guichet = (settled(parted, words) for words in ("se reporter", "Tel un titre", "Le guichet"))
    assert whole.goes_on(parted, tail.sentence[0]) and not whole.goes_on(parted, titre.sentence[0])
    assert antecedents.antecedent(titre.hit.passage, fresh(parted), titre.sentence[0]) is None
    quotes, asked = fresh(parted), asks("Quand ferme-t-on ?")
    lines = facts.fact(asked, guichet, quotes)
    (line,) = facts.also(asked, [tail, titre], quotes, lines)
    assert line.text.startswith("Tel un titre")
