"""What holds of every page, question and record, tried on many made by chance.

``python -m pytest tests/test_properties.py --hypothesis-profile=long`` tries a hundred times as many.
"""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as some

from index.html.parse import parse_html
from index.loading import parse_page
from index.page import Page, Passage, Span
from index.passages import split_passages
from index.sentences import LONGEST, split_sentences
from rag import Answer, Evidence, Hit, Question, QuestionError, Turn
from rag.answer import MOST_LIKELY, Citation, Line, Quoted
from rag.compose import closest, facts, lists
from rag.compose.quotes import Quotes
from rag.compose.sections import section_items, section_summary
from rag.compose.trim import trim, whole_words
from rag.question.asked import EXPECTED, FORMS, INTENTS
from rag.question.cleaning import MOST_CHARS, clean
from rag.question.vocabulary import Vocabulary
from tests.pages_kept import page_words, source_words
from ui.export import turn_markdown
from ui.incoming import clean_text, incoming
from ui.record import asked_before, from_record, question_of, to_record

TEXT = some.text(max_size=200)
SENTENCES = some.lists(
    some.sampled_from(
        "Le prêt est de 31 €. / Elle dure 9 h. 30 min. / M. Le Goff (élu en 1998) « parle. Il dit » oui. / 1. Un dossier / "
        "Il faut : / a ; b ; c. / Voir p. 3 […] / Cela vaut-il, dont acte, 1 250,50 €/mois ? / mot / l’É. N. A. / \u00a0! ".split(
            "/"
        )
    ),
    max_size=30,
).map("".join)
JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(some.characters(), max_size=20),
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


# --- the walk: every word that is kept stands once, in order


class Numbered:
    """HTML whose words are all different, so that order and number can be seen."""

    def __init__(self, draw: some.DrawFn, long: bool) -> None:
        self.draw = draw
        self.lengths = (1, 2, 3, 200) if long else (1, 2, 3)
        self.count = 0

    def words(self) -> str:
        first = self.count
        self.count += self.draw(some.sampled_from(self.lengths))
        return " ".join(f"mot{n}" for n in range(first, self.count))

    def inline(self) -> str:
        tag = self.draw(some.sampled_from(("", "", "b", "em", "a href='/x'", "span", "code", "q")))
        return f"<{tag}>{self.words()}</{tag.split()[0]}>" if tag else self.words()

    def phrase(self) -> str:
        return " ".join(self.inline() for _ in range(self.draw(some.integers(1, 3))))

    def block(self, deep: int) -> str:
        kinds = ("p", "h2", "h3", "ul", "ol", "div", "section", "blockquote", "table", "dl", "bare", "details")
        kind = self.draw(some.sampled_from(kinds if deep else ("p", "h3", "bare")))
        if kind in ("p", "h2", "h3"):
            return f"<{kind}>{self.phrase()}</{kind}>"
        if kind in ("ul", "ol"):
            items = "".join(f"<li>{self.phrase()}{self.maybe(deep - 1)}</li>" for _ in self.few())
            return f"<{kind}>{items}</{kind}>"
        if kind == "table":
            rows = "".join(
                "<tr>" + "".join(f"<td>{self.phrase()}</td>" for _ in range(3)) + "</tr>" for _ in self.few(2)
            )
            head = "".join(f"<th>{self.words()}</th>" for _ in range(3))
            return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        if kind == "dl":
            return "<dl>" + "".join(f"<dt>{self.words()}</dt><dd>{self.phrase()}</dd>" for _ in self.few()) + "</dl>"
        if kind == "details":
            return f"<details><summary>{self.words()}</summary><p>{self.phrase()}</p></details>"
        if kind == "bare":
            return f"<div>{self.phrase()}</div>"
        return f"<{kind}>" + "".join(self.block(deep - 1) for _ in self.few()) + f"</{kind}>"

    def maybe(self, deep: int) -> str:
        return self.block(deep) if deep > 0 and self.draw(some.booleans()) else ""

    def few(self, least: int = 1) -> range:
        return range(self.draw(some.integers(least, 3)))


@some.composite
def pages(draw: some.DrawFn, long: bool = False) -> str:
    """A page of HTML made of nested blocks, some of them ``long``."""
    made = Numbered(draw, long)
    body = f"<h1>{made.words()}</h1><p>{made.phrase()}</p>" + "".join(made.block(2) for _ in made.few())
    return f"<!doctype html><html lang='fr'><body>{body}</body></html>"


@given(pages())
def test_every_word_that_is_kept_stands_once_and_in_order(html: str) -> None:
    assert page_words(parse_html(html, whole=True)) == source_words(html)


# --- offsets: what is quoted is the page


def check_page(page: Page) -> tuple[Passage, ...]:
    passages = split_passages(page)
    last = 0
    for passage in passages:
        assert last <= passage.start < passage.end <= len(page.text)
        assert passage.text == page.text[passage.start : passage.end]
        at = passage.start
        for a, b in passage.sentences:
            assert at <= a < b <= passage.end and page.text[a:b] == page.text[a:b].strip()
            at = b
        last = passage.end
    assert all(0 <= mark.start <= mark.end <= len(page.text) for mark in page.marks)
    assert all(b.start <= x <= y <= b.end for b in page.blocks for x, y in b.cells)
    assert Page.from_json(json.loads(json.dumps(page.to_json()))) == page
    return passages


@given(some.one_of(TEXT, SENTENCES, pages()), some.sampled_from((".html", ".md", ".txt", "")))
def test_offsets_hold_whatever_the_page(source: str, ending: str) -> None:
    try:
        page = parse_page(source.encode("utf-8", "replace"), ending=ending)
    except ValueError as error:
        assert type(error).__module__.startswith("index.")  # a French sentence
        return
    check_page(page)


@given(SENTENCES)
def test_sentences_are_all_of_a_text_and_no_more(text: str) -> None:
    spans = split_sentences(text)
    assert "".join("".join(text[a:b] for a, b in spans).split()) == "".join(text.split())
    assert all(0 < b - a <= LONGEST for a, b in spans) and spans == sorted(spans)


# --- the composer: verbatim, marked, in bounds


@given(SENTENCES, some.data())
def test_a_cut_holds_what_answers(text: str, data: some.DataObject) -> None:
    assume(text.strip())
    a = data.draw(some.integers(0, len(text) - 1))
    b = data.draw(some.integers(a + 1, len(text)))
    most = data.draw(some.integers(10, 400))
    start, end = trim(text, (a, b), most)
    assert 0 <= start <= end <= len(text) and text[a:b].strip() in text[start:end]
    start, end = whole_words(text, (a, b))
    assert 0 <= start <= end <= len(text)


def evidence_of(data: some.DataObject, passages: tuple[Passage, ...]) -> Evidence:
    passage = data.draw(some.sampled_from([p for p in passages if p.sentences]))
    sentence = data.draw(some.sampled_from(passage.sentences))
    a = data.draw(some.integers(sentence[0], sentence[1] - 1))
    span: Span = (a, data.draw(some.integers(a + 1, sentence[1])))
    return Evidence(Hit(passage, 0.0, 0.0, 0.0), data.draw(some.floats(0.01, 1)), span, sentence)


def check_answer(answer: Answer, page: Page) -> None:
    assert answer.citations or answer.certainty == "none"
    for citation in answer.citations:
        assert page.text[citation.start : citation.end] == citation.quote and f"[{citation.n}]" in answer.text
    for part in answer.parts():
        if isinstance(part, Quoted):
            assert part.words == " ".join(page.text[part.start : part.end].split())


def composed(data: some.DataObject, page: Page, passages: tuple[Passage, ...]) -> Answer:
    found = [evidence_of(data, passages) for _ in range(data.draw(some.integers(1, 4)))]
    question = Question(
        "Quoi ?", "Quoi ?", form=data.draw(some.sampled_from(FORMS)), expected=data.draw(some.sampled_from(EXPECTED))
    )
    quotes = Quotes(page, passages)
    kind = data.draw(some.sampled_from(("fact", "likely", "yes_no", "items")))
    lines: tuple[Line, ...] = {
        "fact": lambda: facts.fact(question, found[0], quotes),
        "likely": lambda: closest.likely(question, found, quotes, MOST_LIKELY),
        "yes_no": lambda: facts.yes_no(question, found[0], quotes, data.draw(some.booleans())),
        "items": lambda: lists.items(lists.listed_units(found[0], quotes) or [found[0].sentence], found[0], quotes),
    }[kind]()
    return Answer(question, lines, "likely" if kind == "likely" else "sure", tuple(quotes.citations))


@given(pages(long=True))
def test_every_section_is_listed_and_summed_up_in_the_page_s_words(html: str) -> None:
    page = parse_html(html, whole=True)
    passages = split_passages(page)
    vocabulary = Vocabulary(passages)
    question = Question("Quoi ?", "Quoi ?", form="list")
    for section in {block.section for block in page.blocks}:
        quotes = Quotes(page, passages)
        items = section_items(section, page)
        listed = lists.bullets(items, quotes)
        words = [" ".join(part.words for part in line.parts if isinstance(part, Quoted)) for line in listed]
        assert words == [quotes.words((item.start, item.end)) for item in items]
        if told := (*listed, *section_summary(question, section, vocabulary, quotes)):
            check_answer(Answer(question, told, "sure", tuple(quotes.citations)), page)


@given(some.data())
def test_every_answer_that_is_composed_is_the_page_s_words(
    page: Page, passages: tuple[Passage, ...], data: Any
) -> None:
    check_answer(composed(data, page, passages), page)


@given(SENTENCES, some.data())
def test_so_it_is_on_any_page(source: str, data: Any) -> None:
    page = parse_page(f"# Titre\n\nUn mot.\n\n{source}\n".encode(), ending=".md")
    passages = check_page(page)
    assume(any(p.sentences for p in passages))
    check_answer(composed(data, page, passages), page)


@given(some.data(), some.integers(-5, 6000), some.integers(-5, 6000), some.integers(-1, 3))
def test_no_citation_is_made_of_other_words(
    page: Page, passages: tuple[Passage, ...], data: Any, a: int, b: int, n: int
) -> None:
    passage = data.draw(some.sampled_from(passages))
    try:
        citation = Citation.of(n, page, passage, (a, b))
    except ValueError:
        return
    assert passage.start <= a < b <= passage.end and citation.quote == page.text[a:b] and n >= 1


# --- what a browser keeps and sends back


@given(some.data())
def test_an_exchange_comes_back_as_it_was(page: Page, passages: tuple[Passage, ...], data: Any) -> None:
    answer = composed(data, page, passages)
    record = json.loads(json.dumps(to_record(Turn(answer.question, answer), page)))
    turn = from_record(record, page, passages)
    assert turn is not None and turn.answer.text == answer.text and turn.answer.citations == answer.citations
    assert turn_markdown(turn, page)


@given(some.data())
def test_a_record_that_was_changed_quotes_the_page_or_is_none(
    page: Page, passages: tuple[Passage, ...], data: Any
) -> None:
    answer = composed(data, page, passages)
    record: Any = json.loads(json.dumps(to_record(Turn(answer.question, answer), page)))
    for _ in range(data.draw(some.integers(1, 4))):
        place = record
        while isinstance(place, (dict, list)) and place:
            name = data.draw(some.sampled_from(list(place) if isinstance(place, dict) else range(len(place))))
            if not isinstance(place[name], (dict, list)) or data.draw(some.booleans()):
                place[name] = data.draw(JSON | some.integers(-10, 6000))
                break
            place = place[name]
    turn = from_record(record, page, passages)
    if turn is not None:
        check_answer(turn.answer, page)


@given(JSON | some.lists(JSON, max_size=30))
def test_any_history_is_few_questions(page: Page, passages: tuple[Passage, ...], sent: Any) -> None:
    taken = incoming(sent)
    json.dumps(taken, ensure_ascii=False).encode()  # it can be written
    assert json.dumps(incoming(taken)) == json.dumps(taken)
    history = asked_before(taken, page, passages, 12)
    assert len(history) <= 12 and all(isinstance(item, (str, Turn)) for item in history)
    assert isinstance(question_of(taken), str)


@given(some.text(some.characters(), max_size=300))
def test_a_question_is_one_clean_line(typed: str) -> None:
    try:
        text = clean(typed)
    except QuestionError as error:
        assert "Posez une question" in str(error) or "trop longue" in str(error)
        return
    assert clean(text) == text and text == " ".join(text.split()) and len(text) <= MOST_CHARS
    assert clean_text(clean_text(typed)) == clean_text(typed) and len(INTENTS) > 1
    text.encode()
