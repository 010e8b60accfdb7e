"""What the reader, the heads and the decision learn from, and one short training on a tiny network."""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from transformers import BertConfig, BertModel

from index.encoder import Encoder
from index.loading import load_page
from index.packing import WeightsMismatch
from index.page import Page
from index.settings import Settings
from index.unpack import unpacked_folder
from index.words import words
from rag import Assistant, Question
from rag.question.asked import EXPECTED, FORMS, INTENTS
from rag.question.encoding import question_encoder
from rag.question.heads import FILE, Asked, Head, Heads, Layer, Scaling, load_heads
from rag.read.decision import ADDED, ALSO_CHARS, FEATURES, load_decision
from rag.read.defining import Defining
from rag.read.pairs import PairEncoder
from rag.read.trees import LEAF
from rag.read.weights import load_reader
from rag.training import administration, cases, decision, heads, messages, networks, search, written
from rag.training import verdicts as verdicts_of
from rag.training.administration import AdministrationPage, kept_aside, markdown_by_key, title_question
from rag.training.cases import Case, Judged
from rag.training.data import NOT_SETTLED, PARTS, Item, Source, Text, Worsening, group, held_out, held_out_page
from rag.training.nearest import find_hard, find_unrelated, searched
from rag.training.negatives import changed
from rag.training.noise import noisy
from rag.training.pages import FOLDER, read_page
from rag.training.sources import load_sources, pages_source, squad_source, titles_source, written_source
from rag.training.train import Options, epoch_order, steps_of, train
from rag.training.written import KINDS, Quote, find_quote, read_questions

PAGES = ("A-01.txt", "B-01.txt", "V-01.txt")


# --- a small world as the folder of data sets has it


def article(title: str, *facts: tuple[str, str, str]) -> dict[str, Any]:
    """An article of SQuAD's layout: (text, question, answer) of each paragraph."""
    return {
        "title": title,
        "paragraphs": [
            {"context": text, "qas": [{"id": q, "question": q, "answers": [{"text": a, "answer_start": text.index(a)}]}]}
            for text, q, a in facts
        ],
    }  # fmt: skip


ARTICLES = [
    article(
        title,
        (f"Le pont de {town} fut ouvert en {year} par la reine.", f"Quand le pont de {town} fut-il ouvert ?", str(year)),
        (f"L’église de {town}, en grès rose, domine le marché.", f"En quoi est bâtie l’église de {town} ?", "grès rose"),
    )
    for title, town, year in (("Ponts", "Vire", 1823), ("Gares", "Dole", 1854), ("Tours", "Auch", 1907), ("Ports", "Sète", 1666))
]  # fmt: skip
LABOUR = [
    {
        "title": f"Le congé de lecture numéro {n}", "url": f"https://exemple.test/{n}", "date": "01/01/2025",
        "intro": f"<p>Le congé de lecture numéro {n} dure {n + 3} jours et se prend <strong>chaque printemps</strong>, avec l’accord écrit du chef.</p>",
        "sections": [
            {"title": "Le salarié est-il payé ?", "html": f"<p>Non, le salaire est suspendu pendant les {n + 3} jours, mais la prime de présence reste due à tous.</p>"},
            {"title": "Comment le demander ?", "html": "<ul><li>Par une lettre remise un mois avant le départ prévu ;</li><li>ou par un message à son chef de service.</li></ul>"},
        ],
    }
    for n in (1, 3)
]  # fmt: skip
FICHE = {
    "id": "F1", "audience": "particuliers", "title": "Peut-on emprunter sans carte ?", "url": "", "type": "Fiche",
    "blocks": [
        {"kind": "paragraph", "text": "Oui, sur place, avec une pièce d’identité et un justificatif de domicile de moins de trois mois."},
        {"kind": "heading", "text": "De quoi s'agit-il ?"},
        {"kind": "paragraph", "text": "L’emprunt est le droit de garder un livre chez soi pendant trois semaines, renouvelables une fois."},
        {"kind": "item", "text": "les revues, pour une semaine"},
        {"kind": "item", "text": "les films, pour trois jours"},
    ],
}  # fmt: skip
QUESTIONS = """% travail https://exemple.test/{n}
plain | fact | duration | Combien dure le congé numéro {n} ? | Le congé de lecture numéro {n} dure [[{days} jours]]
no | yes_no | statement | Suis-je payé pendant ce congé ? | [[le salaire est suspendu]] pendant les {days} jours
list | list | manner | Comment demander ce congé ? | [[une lettre remise un mois avant]] // ou par [[un message à son chef de service]]
near | fact | money | Combien coûte ce congé à la ville ? | -
--
plain | fact | date | Quand se prend ce congé ? | se prend [[chaque printemps]], avec l'accord
lean | fact | person | Et avec l'accord de qui ? | avec l'accord écrit du [[chef]]

unsettled | yes_no | statement | Faut-il un certificat ? | -
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as ../shared/data, of a few tiny texts."""
    assert {held_out(a["title"]) for a in ARTICLES} == {True, False}
    assert [kept_aside(f"travail {page['url']}") for page in LABOUR] == [False, True]
    folder = tmp_path_factory.mktemp("data")
    (folder / "nli").mkdir()
    (folder / "piaf11_train.json").write_text(json.dumps({"data": ARTICLES}), encoding="utf-8")
    (folder / "xquad.es.json").write_text(json.dumps({"data": ARTICLES[:1]}), encoding="utf-8")
    (folder / "travail_pages.json").write_text(json.dumps(LABOUR), encoding="utf-8")
    with gzip.open(folder / "service_public_fiches.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(FICHE) + "\n")
    rows = [("premise", "hypothesis", "label_text"), ("Il pleut à Dole.", "Dole est sèche.", "contradiction"),
            ("Il neige à Vire.", "Il fait froid à Vire.", "entailment"), ("Il vente.", "Il est midi.", "neutral"), ("Non.", "", "neutral")]  # fmt: skip
    for name in ("rte3_fr_dev.tsv", "daccord.tsv"):
        with (folder / "nli" / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter="\t").writerows(rows)
    return folder


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("questions")
    for n in (1, 3):
        (folder / f"{n}.txt").write_text(QUESTIONS.format(n=n, days=n + 3), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def own_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for name in (*PAGES[:2], "A-12.txt"):
        lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join(lines[:28]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the encoder's own: its tokenizer, and a random network of two layers of 32."""
    bundled = unpacked_folder(Settings.from_env().cache_dir)
    folder = tmp_path_factory.mktemp("tiny")
    for file in bundled.rglob("*"):
        if file.is_file() and file.suffix not in (".safetensors", ".bin"):
            target = folder / file.relative_to(bundled)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(file.read_bytes())
    config = json.loads((bundled / "config.json").read_text(encoding="utf-8"))
    config |= {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    config |= {"torch_dtype": "float32", "dtype": "float32"}
    np.random.seed(0)
    import torch

    torch.manual_seed(0)
    network: Any = BertModel(BertConfig(**config), add_pooling_layer=False)
    network.save_pretrained(folder)
    return folder


# --- written questions


def test_every_written_question_can_be_read_and_is_of_a_known_kind() -> None:
    files = [read_questions(path) for path in sorted(written.FOLDER.glob("*.txt"))]
    asked = [question for file in files for question in file.questions]
    assert len(files) > 50 and len(asked) > 2000
    assert len({file.key for file in files}) >= len(files) - 1  # two Labour pages bear one address
    assert {q.form for q in asked} <= set(FORMS) and {q.type for q in asked} <= set(EXPECTED)
    assert {q.kind for q in asked} <= KINDS and any(kept_aside(file.key) for file in files)
    assert all(q.history for q in asked if q.kind == "lean")


def test_a_file_of_questions_is_read_whole(questions: Path) -> None:
    file = read_questions(questions / "1.txt")
    assert file.key == "travail https://exemple.test/1"
    duration, paid, how, near, when, who, paper = file.questions
    (quote,) = duration.quotes
    assert quote.text == "Le congé de lecture numéro 1 dure 4 jours" and quote.text[slice(*quote.span)] == "4 jours"
    assert [q.text[slice(*q.span)] for q in how.quotes] == [
        "une lettre remise un mois avant",
        "un message à son chef de service",
    ]
    assert near.quotes == () and [q.polarity for q in (duration, paid, paper)] == [None, 0, 2]
    assert (when.history, who.history, paper.history) == ((), ("Quand se prend ce congé ?",), ())
    assert who.previous == "Quand se prend ce congé ?" and when.previous == paper.previous == ""


def test_a_follow_up_leans_on_what_the_one_before_leans_on_too(tmp_path: Path) -> None:
    file = tmp_path / "talk.txt"
    lines = ["% travail x", "", "--", "plain | fact | date | Quand se prend ce congé ? | -",
             "lean | fact | person | avec l'accord de qui | -", "lean | fact | date | et après ? | -",
             "change | fact | money | Combien coûte le cours ? | -", "lean | fact | person | qui paie | -"]  # fmt: skip
    file.write_text("\n".join(lines), encoding="utf-8")
    assert [q.previous for q in read_questions(file).questions] == [
        "", "Quand se prend ce congé ?", "Quand se prend ce congé ? avec l'accord de qui", "", "Combien coûte le cours ?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line",
    ["plain | fact | date | Quand ?", "gossip | fact | date | Quand ? | [[ici]]", "plain | fact | date | Quand ? | ici",
     "plain | fact | date | Quand ? | [[ici", "plain | fact | date | Quand ? | [[]]"],
)  # fmt: skip
def test_a_line_that_does_not_fit_is_told_with_its_place(tmp_path: Path, line: str) -> None:
    file = tmp_path / "wrong.txt"
    file.write_text(f"% travail x\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape("wrong.txt:3")):
        read_questions(file)


def test_a_quote_is_found_whatever_its_spaces_and_apostrophes() -> None:
    page = Page("t", "  Avant.\n\nL’accord  écrit\ndu chef, l'accord du chef.", ())
    span = find_quote(page, Quote("L'accord écrit du chef", (9, 22)))
    assert span is not None and page.text[slice(*span)] == "écrit\ndu chef"
    whole = find_quote(page, Quote("Avant.", (0, 6)))
    assert whole is not None and page.text[slice(*whole)] == "Avant."
    assert find_quote(page, Quote("l'accord oral", (0, 4))) is None


# --- administration pages


def test_a_page_of_the_ministry_is_cut_into_its_sections(data: Path) -> None:
    page, _ = administration.labour_pages(data / "travail_pages.json")
    own, paid, how = page.sections
    assert (page.key, own.title) == ("travail https://exemple.test/1", "Le congé de lecture numéro 1")
    assert "chaque printemps" in own.text and "<" not in own.text
    assert paid.verdict == "non" and paid.text.startswith("Le salaire est suspendu") and own.verdict == ""
    assert how.text.split("\n")[1].startswith("ou par un message")
    assert title_question(page, paid) == "Le salarié est-il payé ?"
    assert title_question(page, how) == "Le congé de lecture numéro 1 : comment le demander ?"
    assert title_question(page, own) == page.title


def test_a_fiche_opens_with_its_verdict(data: Path) -> None:
    (page,) = administration.service_public_fiches(data / "service_public_fiches.jsonl.gz")
    own, what = page.sections
    assert page.key == "fiche particuliers F1"
    assert own.verdict == "oui" and own.text.startswith("Sur place")
    assert what.verdict == "" and title_question(page, what) == "Peut-on emprunter sans carte : de quoi s'agit-il ?"


def test_a_verdict_is_taken_off_a_question_alone() -> None:
    body = "Non, la règle ne vaut que pour les contrats signés avant le premier janvier de l’année."
    asked = AdministrationPage("k", "Est-ce obligatoire ?", (body,)).sections[0]
    told = AdministrationPage("k", "Obligation", (body,)).sections[0]
    nonetheless = AdministrationPage("k", "Est-ce obligatoire ?", ("Nonobstant " + body[5:],)).sections[0]
    assert (asked.verdict, told.verdict, nonetheless.verdict) == ("non", "", "")
    assert told.text == body and nonetheless.text.startswith("Nonobstant")


def test_a_page_as_markdown_reads_back_as_its_lines(data: Path, tmp_path: Path) -> None:
    (page,) = administration.service_public_fiches(data / "service_public_fiches.jsonl.gz")
    file = tmp_path / "page.md"
    file.write_text(page.markdown, encoding="utf-8")
    parsed = load_page(Settings(page=str(file)))
    assert parsed.title == page.title
    assert [b.kind for b in parsed.blocks] == ["heading", "paragraph", "heading", "paragraph", "bullet", "bullet"]


def test_inferences_ask_what_follows_and_what_does_not(data: Path) -> None:
    told = [(i.question, i.polarity) for i in administration.inferences(data / "nli")]
    assert told == [
        ("Dole est sèche ?", 0),
        ("Il fait froid à Vire ?", 1),
        ("Il est midi ?", 2),
        ("Dole est sèche ?", 0),
    ]


# --- sources and groups


def test_every_written_page_can_be_read_and_holds_its_answers() -> None:
    files = sorted(FOLDER.glob("*.txt"))
    assert len(files) > 250 and any(held_out_page(f) for f in files)
    for file in files:
        for passage in read_page(file):
            assert passage.text and passage.questions
            for question in passage.questions:
                assert question.span is None or passage.text[slice(*question.span)].strip()


def test_held_out_articles_are_never_trained_on(data: Path, own_pages: Path, questions: Path, tmp_path: Path) -> None:
    sources, held = load_sources(data, own_pages, questions, work=tmp_path, foreign=["xquad.es"])
    assert [s.name for s in sources] == ["piaf", "pages", "titles", "inferences", "written", "xquad.es"]
    kept = {s.name: s for s in held}
    assert set(kept) == {"piaf", "pages", "titles", "written"}
    for source in sources:
        if source.name in kept:
            assert not {t.article for t in source.texts} & {t.article for t in kept[source.name].texts}


def test_a_written_question_has_an_item_for_each_passage_that_answers(
    data: Path, questions: Path, tmp_path: Path
) -> None:
    pages = markdown_by_key(administration.labour_pages(data / "travail_pages.json"))
    source = written_source([read_questions(questions / "1.txt")], pages, tmp_path)
    items = {item.question: item for item in source.items}
    assert len(source.items) == len(items) == 7
    for item in source.items:
        assert item.passage in item.also if item.answered else item.passage == -1 and item.article
        assert all(source.texts[item.passage].text[a:b].strip() for a, b in item.spans)
    (span,) = items["Combien dure le congé numéro 1 ?"].spans
    assert source.texts[items["Combien dure le congé numéro 1 ?"].passage].text[slice(*span)] == "4 jours"
    assert items["Et avec l'accord de qui ?"].previous == "Quand se prend ce congé ?"
    assert items["Suis-je payé pendant ce congé ?"].polarity == 0 and items["Faut-il un certificat ?"].polarity == 2


@pytest.fixture(scope="module")
def small(tiny: Path) -> Encoder:
    return Encoder.load(Settings.from_env(model=str(tiny), precision="float32"))


@pytest.fixture(scope="module")
def pairs(small: Encoder) -> PairEncoder:
    return PairEncoder(small.tokenizer, 288)


@pytest.fixture(scope="module")
def prepared(
    small: Encoder, data: Path, questions: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Source]:
    """Sources with their nearest passages."""
    work = tmp_path_factory.mktemp("near")
    labour = administration.labour_pages(data / "travail_pages.json")
    sources = [
        pages_source([FOLDER / name for name in PAGES]),
        squad_source("piaf", ARTICLES, titled=True),
        titles_source(labour),
        written_source([read_questions(questions / "1.txt")], markdown_by_key(labour), work),
    ]
    find_hard(sources, small, work)
    find_unrelated(sources, small, work)
    return {source.name: source for source in sources}


def test_what_was_written_on_whole_pages_is_drawn_by_its_parts(prepared: dict[str, Source]) -> None:
    whole = prepared["written"]
    parts = {part.name: part for part in whole.apart()}
    assert {"written", "follow-ups"} <= set(parts) <= set(PARTS)
    assert sum(len(part.items) for part in parts.values()) == len(whole.items)
    assert all(item.previous for item in parts.pop("follow-ups").items)
    assert not any(item.previous for part in parts.values() for item in part.items)
    for part in whole.apart():
        assert part.texts is whole.texts
        for number, item in enumerate(part.items):
            place = whole.items.index(item)
            assert (part.hard[number], part.near[number]) == (whole.hard[place], whole.near[place])
    titles = prepared["titles"]
    assert titles.apart() == [titles]


def test_a_question_for_what_a_thing_is_and_one_of_an_own_page_are_parts_of_their_own() -> None:
    texts = [Text("", "La taxe est due en mai.", "table taxe"), Text("", "Le préavis dure un mois.", "fiche 1")]
    items = [
        Item("Quand la paie-t-on ?", 0, ((0, 4),), "plain"),
        Item("Qu'est-ce que la taxe ?", -1, (), "reworded", article="table taxe", form="definition"),
        Item("Combien dure-t-il ?", 1, ((0, 4),), "reworded"),
        Item("Et la taxe ?", 0, ((0, 4),), "lean", previous="Combien dure-t-il ?"),
    ]
    parts = {part.name: part.items for part in Source("written", texts, items).finish().apart()}
    assert parts == {"own": items[:1], "definitions": items[1:2], "written": items[2:3], "follow-ups": items[3:]}


def test_questions_are_searched_for_together_as_one_by_one(assistant: Assistant) -> None:
    asking = question_encoder(assistant.encoder)
    asked = ["Quand ?", "Qui a lancé PariSanté Campus, et avec quels acteurs publics ?", "Où se trouve le campus ?", ""]
    for text, vector in zip(asked, searched(asking, asked), strict=True):
        assert float(vector @ asking.encode(text)[1]) > 0.999


def test_what_answers_the_question_before_is_a_follow_ups_first_wrong_answer(prepared: dict[str, Source]) -> None:
    source = prepared["written"]
    answers = {item.searched: item.passage for item in source.items if item.answered}
    follow_ups = [n for n, item in enumerate(source.items) if item.previous in answers]
    assert follow_ups
    for number in follow_ups:
        before = answers[source.items[number].previous]
        if before in source.around(source.items[number]):
            assert source.near[number][0] == before


@pytest.mark.parametrize("name", ["pages", "piaf", "titles", "written"])
def test_a_group_is_a_true_pair_then_passages_that_do_not_answer(
    prepared: dict[str, Source], pairs: PairEncoder, name: str
) -> None:
    source = prepared[name]
    sizes = set()
    for seed in range(3):
        for number, item in enumerate(source.items):
            rows = group(source, number, pairs, random.Random(f"{seed}-{number}"))
            assert rows and [r.answered for r in rows] == [item.answered] + [False] * (len(rows) - 1)
            assert all(r.span is None for r in rows[1:])
            sizes.add(len(rows))
            if item.polarity is not None:
                assert rows[0].polarity == item.polarity
                assert {r.polarity for r in rows[1:]} <= ({NOT_SETTLED} if item.answered else {item.polarity})
            if item.spans:
                text = source.texts[item.passage].text
                assert rows[0].span is not None
                first, last = rows[0].span
                told = text[rows[0].encoding.offsets[first][0] : rows[0].encoding.offsets[last][1]]
                assert any(text[a:b] in told for a, b in item.spans)
    assert max(sizes) >= 2


def test_other_passages_never_hold_the_answer(prepared: dict[str, Source], pairs: PairEncoder) -> None:
    source = prepared["written"]
    item = next(i for i in source.items if i.question.startswith("Combien dure"))
    (span,) = item.spans
    words = source.texts[item.passage].text[slice(*span)]
    for seed in range(30):
        rows = group(source, source.items.index(item), pairs, random.Random(seed))
        for row in rows[1:]:
            assert words not in pairs.tokenizer.decode(row.encoding.ids[row.encoding.ids.index(2) :])


def test_a_worsened_pair_keeps_its_answer(prepared: dict[str, Source], pairs: PairEncoder) -> None:
    source = prepared["piaf"]
    mask = pairs.tokenizer.token_to_id("<mask>")
    shorter = hidden = 0
    for number, item in enumerate(source.items):
        text, said = source.texts[item.passage].text, [source.texts[item.passage].text[a:b] for a, b in item.spans]
        whole = group(source, number, pairs, random.Random(number))[0]
        for seed in range(8):
            true = group(source, number, pairs, random.Random(seed), Worsening(masked=0.2, cut=1.0))[0]
            assert true.answered and true.span is not None
            shorter += len(true.encoding.ids) < len(whole.encoding.ids)
            hidden += mask in true.encoding.ids
            first, last = true.span
            places = [place for place in true.encoding.offsets if place[0] >= 0]
            length = true.encoding.offsets[last][1] - true.encoding.offsets[first][0]
            assert any(len(words) <= length + 1 for words in said) and places[-1][1] <= len(text)
    assert shorter and hidden
    titles = prepared["titles"]
    for number in range(len(titles.items)):
        whole, cut = (group(titles, number, pairs, random.Random(3), Worsening(cut=part))[0] for part in (0.0, 1.0))
        assert (
            whole.answered and len(cut.encoding.ids) >= len(whole.encoding.ids) - 1
        )  # a heading may be left out of either


def test_nearest_passages_are_of_the_article_or_of_another_set(prepared: dict[str, Source]) -> None:
    source = prepared["pages"]
    for item, near in zip(source.items, source.near, strict=True):
        assert set(near) == (set(source.siblings[item.passage]) if item.spans else set())
    other = {t.text for t in prepared["piaf"].texts}
    for item, texts in zip(source.items, source.unrelated, strict=True):
        assert bool(texts) == bool(item.spans) and {t.text for t in texts} <= other
    asked = [n for n, i in enumerate(prepared["written"].items) if i.passage < 0]
    assert asked and all(prepared["written"].near[n] for n in asked)


def test_a_changed_question_differs_in_one_thing_and_a_noisy_one_means_the_same() -> None:
    rng = random.Random(5)
    question = "Quand le pont de Vire fut-il ouvert par la reine en 1823 ?"
    new = changed(question, ARTICLES[0]["paragraphs"][0]["context"], ["Auch", "Dole"], rng)
    assert new and new != question
    kept = [w for w in question.split() if w in new.split()]
    assert len(kept) >= len(question.split()) - 3
    assert any(noisy(question, random.Random(i)) != question for i in range(10))


# --- what is searched by, on the tiny network


def test_a_step_of_the_search_holds_what_answers_its_questions(
    data: Path, own_pages: Path, questions: Path, tmp_path: Path
) -> None:
    sources, _ = load_sources(data, own_pages, questions, work=tmp_path)
    pages = [page for s in sources if s.name in search.QUESTIONS for page in search.pages_of(s)]
    assert {page.name for page in pages} == {"piaf", "pages", "written"}
    assert all(page.questions and all(one.right for one in page.questions) for page in pages)
    asked = {one.text: {page.passages[n] for n in one.right} for page in pages for one in page.questions}
    passages, drawn = search.draw(search.endless(pages, random.Random(1)), random.Random(1))
    assert sum(map(len, passages)) >= search.CHARS and len(drawn) > 20
    for text, places in drawn:
        assert {passages[place] for place in places} == asked[text]
    follow_up = next(text for text in asked if text.endswith("Et avec l'accord de qui ?"))
    assert follow_up.startswith("Quand se prend ce congé ?")


def test_both_sides_of_the_search_are_learnt_and_stored(
    data: Path, own_pages: Path, questions: Path, small: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    monkeypatch.setattr(Encoder, "load", classmethod(lambda cls, settings, progress=None: small))
    monkeypatch.setattr(search, "FROZEN", 1)
    monkeypatch.setattr(search, "CHARS", 3000)
    monkeypatch.setattr(search, "RATES", {"document": 3e-3, "query": 3e-3})
    out = tmp_path / "queries.safetensors", tmp_path / "passages.safetensors"
    figures = search.train(data, tmp_path, out, 40, pages=own_pages, questions=questions)
    assert figures.keys() == {"before", "after"} and {"piaf", "pages"} <= figures["after"].keys()
    measured = search.train(data, tmp_path, out, 0, pages=own_pages, questions=questions)
    assert measured.keys() == {"before"}

    below = search.Below(small)
    fresh = search.Above("query", below), search.Above("document", below)
    learnt = tuple(search.Above(side, below, file) for side, file in zip(search.SIDES, out, strict=True))
    sources, _ = load_sources(data, own_pages, questions, work=tmp_path)
    pages = [page for s in sources if s.name in search.QUESTIONS for page in search.pages_of(s)]
    drawn = search.draw(search.endless(pages, random.Random(2)), random.Random(2))
    with torch.no_grad():
        before, after = (float(search.loss(document, query, *drawn)) for query, document in (fresh, learnt))
        vectors = learnt[1].embed(drawn[0])
    assert after < 0.9 * before
    assert torch.allclose(vectors.norm(dim=1), torch.ones(len(vectors)), atol=1e-5)


# --- one training, on the tiny network


def test_steps_depend_on_the_seed_alone(prepared: dict[str, Source], pairs: PairEncoder) -> None:
    sources = list(prepared.values())
    options = Options(mix="piaf:4,pages:6,titles:2,written:5", rows=4)

    def steps(seed: int) -> list[list[list[int]]]:
        order = epoch_order(sources, options, seed)
        assert len(order) == 17
        made = list(steps_of(sources, order, pairs, options, seed))
        assert made and all(sum(map(len, step)) == options.rows for step in made)
        return [[row.encoding.ids for rows in step for row in rows] for step in made]

    assert steps(1) == steps(1) != steps(2)


def test_a_run_goes_on_where_it_was_cut_and_its_reader_answers(
    data: Path,
    own_pages: Path,
    questions: Path,
    small: Encoder,
    assistant: Assistant,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Loaded once: its tokenizer takes seconds to read, and training leaves the encoder as it is.
    import torch
    from safetensors.torch import load_file

    monkeypatch.setattr(Encoder, "load", classmethod(lambda cls, settings, progress=None: small))
    words = small.encode_query(["Quand le pont fut-il ouvert ?"])
    mix = "piaf:3,pages:4,titles:3,inferences:2,written:6,xquad.es:2"
    options = Options(mix=mix, steps=2, rows=4, warm_up=1, frozen=1, max_tokens=96, rate=1e-3)

    def run(options: Options, out: str, work: str) -> tuple[dict[str, float], bytes]:
        figures = train(options, data, own_pages, questions, tmp_path / out, tmp_path / work)
        return figures, (tmp_path / out / "reader.safetensors").read_bytes()

    figures, first = run(options, "first", "work")
    assert {"auc piaf", "auc pages", "auc written", "span_f1 written", "polarity"} <= figures.keys()
    _, longer = run(replace(options, steps=4), "longer", "work")
    journal = [json.loads(line) for line in (tmp_path / "work" / "journal.jsonl").read_text().splitlines()]
    assert [entry["resumed"] for entry in journal if "resumed" in entry] == [2] and longer != first

    assert np.array_equal(small.encode_query(["Quand le pont fut-il ouvert ?"]), words)

    start = tmp_path / "longer"
    folders = (data, own_pages, questions, tmp_path / "again", tmp_path / "again-work", start)
    train(replace(options, kept=0.0), *folders)  # nothing of what is learnt is kept: the weights that it began with
    before, after = (load_file(folder / "reader.safetensors") for folder in (start, tmp_path / "again"))
    assert all(torch.allclose(before[n].float(), after[n].float(), atol=1.01) for n in before if n.endswith("delta8"))
    assert all(torch.allclose(before[n], after[n], atol=1e-3) for n in before if not n.endswith("delta8"))

    reader = load_reader(tmp_path / "longer", small)
    text = ARTICLES[0]["paragraphs"][0]["context"]
    (reading,) = reader.read_pairs([("Quand le pont fut-il ouvert ?", "", text, "Où est Vire ?")])
    assert 0 <= reading.span[0] < reading.span[1] <= len(text) and sum(reading.polarity) == pytest.approx(1, abs=1e-3)

    held = cases.held_pages(data, tmp_path / "pages", questions)
    own = {path.stem for path in FOLDER.glob("*.txt") if held_out_page(path)}
    assert {page.name for page in held} == {"travail https://exemple.test/3", "piaf Ponts", *own}
    held = [page for page in held if page.name not in own]
    asked = list(cases.ask_all(held, assistant.encoder, reader, Defining(), most=7))
    assert {case.way for case in asked} == {"own", "removed", "foreign"}
    for case in asked:
        assert case.hits and set(case.hits[0].figures) == {*FEATURES, *ADDED} and len(case.steps[0]) <= len(case.hits)
        assert case.way == "own" or not case.answerable
        assert case.answerable or not any(hit.answers for hit in case.hits)
        assert case.polarity is None or case.way == "own" or case.polarity == NOT_SETTLED
    assert any(hit.answers for case in asked for hit in case.hits)


# --- the decision


def case(page: str, way: str, logit: float, answers: bool, *, yes_no: bool = False, truth: int | None = None) -> Case:
    """A case of two hits, of which the first has the logit; its polarity leans to "oui"."""
    none = dict.fromkeys((*FEATURES, *ADDED), 0.0)
    hits = (
        Judged({**none, "logit": logit}, answers, (0.05, 0.9, 0.05), short=None if yes_no else answers),
        Judged({**none, "logit": -4.0}, False, (0, 0, 1)),
    )
    asked = Question("?", "?", form="yes_no" if yes_no else "fact")
    return Case(page, cast(Any, way), asked, way == "own", (hits[:1], hits), truth)


def some_cases(seed: int = 3) -> list[Case]:
    """Twelve pages: what answers has a high logit, what is foreign a low one, with some noise."""
    rng = random.Random(seed)
    made = []
    for number in range(360):
        page = f"page {number % 12}"
        way = ("own", "own", "removed", "foreign")[number % 4]
        yes_no = way == "own" and rng.random() < 0.5
        truth = 1 if rng.random() < 0.95 else 0
        logit = rng.gauss({"own": 3.0, "removed": -0.5, "foreign": -3.0}[way], 1.0)
        made.append(case(page, way, logit, way == "own", yes_no=yes_no, truth=truth if yes_no else None))
    return made


def test_the_decision_learns_what_tells_an_answer(tmp_path: Path) -> None:
    fitted = verdicts_of.fit(some_cases())
    none = dict.fromkeys((*FEATURES, *ADDED), 0.0)
    low, high = (fitted.probability({**none, "logit": x}) for x in (-3.0, 3.0))
    assert low < 0.1 and high > 0.9 and fitted.sure == 1.0
    assert {FEATURES[number] for number in fitted.trees.figure if number != LEAF} == {"logit"}
    verdicts_of.save(fitted, tmp_path / "decision.json")
    assert load_decision(tmp_path / "decision.json") == fitted


def test_the_decision_learns_what_amounts_tell() -> None:
    assert verdicts_of.added(some_cases()) == (0.0,) * len(ADDED)

    def with_amounts(case: Case, number: int) -> Case:
        name = "inside" if case.answerable else "outside"
        hits = (replace(case.hits[0], figures={**case.hits[0].figures, name: 1.0}), case.hits[1])
        return replace(case, steps=(hits[:1], hits)) if number % 3 else case

    equal, inside, outside, *others = verdicts_of.added([with_amounts(c, n) for n, c in enumerate(some_cases())])
    assert equal == 0 and not any(others) and outside < -0.5 and inside > 0.5


def test_what_runs_is_what_scikit_learn_has_grown() -> None:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rng = np.random.default_rng(7)
    x = rng.normal(size=(600, len(FEATURES)))
    model = HistGradientBoostingClassifier(**verdicts_of.BOOSTING, random_state=0).fit(
        x, x[:, 0] + x[:, 1] * x[:, 2] > 0
    )
    trees = verdicts_of._trees(model)
    assert [trees.of(row) for row in x[:50].tolist()] == pytest.approx(
        model.decision_function(x[:50]).tolist(), abs=2e-3
    )


def test_two_sentences_are_quoted_of_hits_where_the_reader_leaves_it_open() -> None:
    asked = [
        replace(c, steps=tuple(tuple(replace(h, lead=float(n), beside=n % 2 == 0) for h in step) for step in c.steps))
        for n, c in enumerate(case("page", "own", 3.0, n % 3 == 0) for n in range(101))
    ]
    beside = decision.most_lead(asked)
    assert beside == pytest.approx(100 * decision.TOGETHER, abs=1)
    for before, after in zip(asked, decision.quoted(asked, beside), strict=True):
        hit = before.hits[0]
        assert after.hits[0].answers == (hit.answers or (hit.beside and hit.lead < beside))
        assert after.hits[0].chars == (hit.both_chars if hit.lead < beside else hit.chars)


def test_of_one_question_in_five_the_next_passage_is_quoted_as_well() -> None:
    asked = [
        replace(c, steps=tuple(tuple(replace(h, alone=h.answers, chars=n * 3) for h in step) for step in c.steps))
        for n, c in enumerate(case(f"page {n % 9}", "own", 1.0 + n / 50, n % 3 == 0) for n in range(200))
    ]
    verdicts = verdicts_of.judge(asked)
    assert all((b.next > 0) == (2 * c.hits[0].chars <= ALSO_CHARS) for b, c in zip(verdicts.whole, asked, strict=True))
    also = verdicts_of.least_also(asked, verdicts)
    for before, after in zip(verdicts.whole, verdicts_of.seconded(verdicts, also).whole, strict=True):
        both = before.next > 0 and before.next >= also * before.probability
        assert after.trust == before.probability + (before.next if both else 0)
        assert after.answered == (before.right or (both and before.next_right)) and before.trust == before.probability
    shares = [b.trust > b.probability for b in verdicts_of.seconded(verdicts, also).whole]
    assert np.mean(shares) == pytest.approx(verdicts_of.ALSO, abs=0.05)


def test_a_threshold_keeps_its_promise_and_is_the_lowest_that_does() -> None:
    rng = np.random.default_rng(4)
    for most in (0.0, 0.02, 0.1):
        probability = rng.random(200)
        wrong = rng.random(200) > probability
        found = decision.least(probability, wrong, most)
        above = wrong[probability >= found]
        assert above.mean() <= most if len(above) else found == 1.0
        lower = np.sort(probability[probability < found])[::-1]
        assert all(wrong[probability >= p].mean() > most for p in lower)
    assert decision.least(np.array([0.9, 0.5]), np.array([True, True]), 0.5) == 1.0


def test_thresholds_keep_their_promises_on_pages_that_were_not_seen() -> None:
    asked = some_cases()
    verdicts = verdicts_of.judge(asked)
    found, nearness = decision.settle(asked, verdicts)
    thresholds = decision.choose(asked, verdicts, found)
    sure, likely, settled, least_short, enough = thresholds
    assert sure == found and nearness.least <= nearness.sure and 0 < likely <= sure < 1 and sure <= enough <= 1
    best = verdicts.at(enough)
    own = [b for b, c in zip(best, asked, strict=True) if c.way != "foreign"]
    assert any(b.probability >= sure for b in own)
    assert np.mean([b.probability >= sure and not b.right for b in own]) <= decision.WRONG
    foreign = [b.probability for b, c in zip(best, asked, strict=True) if c.way == "foreign"]
    assert np.mean([p >= sure for p in foreign]) <= decision.FOREIGN_SURE
    assert np.mean([p >= likely for p in foreign]) <= decision.FOREIGN_LIKELY + 2 / len(foreign)
    told = [b for b, c in zip(best, asked, strict=True) if c.question.form == "yes_no" and b.word >= settled]
    assert not told or np.mean([not b.word_right for b in told]) <= decision.WRONG_WORD + 0.005
    bold = [b.short for b in verdicts.whole if b.short is not None and b.probability >= least_short]
    assert least_short >= sure and bold and np.mean([not right for right in bold]) <= decision.WRONG_SHORT
    figures = decision.report(asked, verdicts, thresholds, nearness)
    assert figures["foreign likely"] <= decision.FOREIGN_LIKELY + 2 / len(foreign)
    assert figures["questions"] == len(asked) and figures["foreign sure"] <= decision.FOREIGN_SURE + 1 / len(foreign)


def test_what_is_near_may_be_sure_at_a_lower_probability() -> None:
    rng = np.random.default_rng(2)
    foreign = np.arange(4000) % 4 == 0
    right = ~foreign & (rng.random(4000) < 0.6)
    probability = np.clip(0.3 + 0.35 * right + 0.15 * rng.standard_normal(4000), 0.01, 0.98)
    near = np.clip(np.where(foreign, 0.5, 0.85) + 0.1 * rng.standard_normal(4000), 0.01, 0.98)
    probability[foreign] += 0.3  # as sure of what another page answers
    sure, low = decision.surest(probability, near, right, foreign)
    above = (probability >= sure) & (near >= low)
    assert (above & ~right)[~foreign].mean() <= decision.WRONG and above[foreign].mean() <= decision.FOREIGN_SURE
    alone = [p for p in np.linspace(0.2, 0.99, 159) if (probability >= p)[foreign].mean() <= decision.FOREIGN_SURE]
    assert sure < min(alone) and (above & right).mean() > (right & (probability >= min(alone))).mean()
    assert decision.surest(probability, near, np.zeros(4000, dtype=bool), foreign) == (0.99, 0.99)


def test_hardly_anything_is_sure_where_nothing_tells_right_from_wrong() -> None:
    alike = [case(f"page {n % 12}", "own", 3.0 if n % 2 else 2.9, n % 4 < 2) for n in range(120)]
    alike += [case(f"page {n}", "foreign", -3.0, False) for n in range(12)]
    verdicts = verdicts_of.judge(alike)
    sure, _ = decision.settle(alike, verdicts)
    own = [b for b, c in zip(verdicts.at(sure), alike, strict=True) if c.way == "own"]
    assert np.mean([b.probability >= sure and not b.right for b in own]) <= decision.WRONG
    assert np.mean([b.probability >= sure for b in own]) < 0.2


def test_the_first_hits_decide_where_they_leave_nothing_open_else_all_do() -> None:
    low, high = (verdicts_of.Best(0, p, True, 0.0, False, None, 0.0, False, p, True) for p in (0.3, 0.8))
    verdicts = verdicts_of.Verdicts(((low, high), (high, low)))
    assert verdicts.at(0.5) == (high, high) and verdicts.at(0.2) == (low, high)
    assert verdicts.at(0.9) == (high, low)


def test_a_page_is_judged_by_a_decision_that_did_not_see_it() -> None:
    asked = some_cases()

    def turned(c: Case) -> Case:
        steps = tuple(tuple(replace(h, answers=not h.answers) for h in step) for step in c.steps)
        return replace(c, steps=steps) if c.page == "page 0" else c

    before, after = verdicts_of.judge(asked), verdicts_of.judge([turned(c) for c in asked])
    for c, one, other in zip(asked, before.whole, after.whole, strict=True):
        if c.page == "page 0":
            assert one.probability == other.probability and one.right != other.right
    elsewhere = [
        a.probability - b.probability
        for c, a, b in zip(asked, before.whole, after.whole, strict=True)
        if c.page != "page 0"
    ]
    assert max(map(abs, elsewhere)) > 0.01


# --- the heads

DIMENSION = 6


def some_heads(file: Path | None = None) -> Heads:
    """Two heads with weights that a wrong order of memory would show."""
    rng = np.random.default_rng(2)
    scaling = Scaling(rng.random(DIMENSION, dtype=np.float32), 1 + rng.random(DIMENSION, dtype=np.float32))
    wide = len(scaling.features(Asked(np.zeros(DIMENSION, dtype=np.float32), "un", (0.0, 0.0, 0.0))))

    def layer(outputs: int, inputs: int) -> Layer:
        weights = np.asfortranarray(rng.standard_normal((outputs, inputs)), dtype=np.float32)
        return Layer(weights, rng.standard_normal(outputs).astype(np.float32))

    def head(*classes: str) -> Head:
        return Head(classes, layer(len(classes), 5))

    made = Heads(
        scaling,
        layer(5, wide),
        {"intent": head("page", "order", "worry"), "leans": head("alone", "leans")},
        {"intent": 0.5, "leans": 0.5},
        frozenset(("parle", "infos")),
        frozenset(("dates",)),
    )
    if file:
        heads.save(made, file, "an encoder")
    return made


def test_heads_think_the_same_after_a_round_trip(tmp_path: Path) -> None:
    made = some_heads(tmp_path / "heads.safetensors")
    again = load_heads("an encoder", tmp_path / "heads.safetensors")
    assert again.least == made.least and again.heads.keys() == made.heads.keys()
    assert again.frame == made.frame == {"parle", "infos"} and again.every == made.every == {"dates"}
    rng = np.random.default_rng(6)
    for text in ("Qui a lancé le campus ?", "Et quand ?", "Oublie tout"):
        asked = Asked(rng.random(DIMENSION, dtype=np.float32), text, (0.5, 1.0, 0.0))
        for before, after in zip(made.probabilities(asked).values(), again.probabilities(asked).values(), strict=True):
            assert sum(after.values()) == pytest.approx(1)
            assert list(after) == list(before) and list(after.values()) == pytest.approx(
                list(before.values()), abs=0.02
            )


def test_another_class_is_believed_only_above_its_least_probability() -> None:
    made = some_heads()
    asked = Asked(np.ones(DIMENSION, dtype=np.float32), "Qui a lancé le campus ?", (1.0, 0.0, 0.0))
    found = made.probabilities(asked)["intent"]
    others = {name: p for name, p in found.items() if name != "page"}
    likeliest = max(others, key=others.__getitem__)
    for least, wanted in ((sum(others.values()) - 0.01, likeliest), (sum(others.values()) + 0.01, "page")):
        made.least["intent"] = least
        assert made.best("intent", found) == wanted


def test_a_class_below_its_own_least_probability_speaks_for_no_other() -> None:
    made = some_heads()
    made.least |= {"form": 0.3, "summary": 0.6}
    found = {"fact": 0.43, "summary": 0.49, "list": 0.04, "definition": 0.04}
    assert made.best("form", found) == "fact"
    assert made.best("form", found | {"summary": 0.61}) == "summary"
    assert made.best("form", found | {"list": 0.35}) == "list"


def test_heads_of_another_encoder_or_none_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "heads.safetensors"
    with pytest.raises(WeightsMismatch, match="absentes"):
        load_heads("an encoder", file)
    some_heads(file)
    with pytest.raises(WeightsMismatch, match="pas été entraînés"):
        load_heads("another", file)
    file.write_bytes(file.read_bytes()[:100])
    with pytest.raises(WeightsMismatch, match="abîmées"):
        load_heads("an encoder", file)


def test_heads_learn_to_tell_their_classes_apart_each_from_its_own_questions() -> None:
    rng = np.random.default_rng(1)
    texts = [f"question {n}" for n in range(2400)]
    marks = rng.integers(0, 3, (2400, 2))
    known = {
        (t, t): np.concatenate([np.eye(3)[m].ravel(), rng.normal(0, 1, 4)]).astype(np.float32)
        for t, m in zip(texts, marks, strict=True)
    }
    rows = {
        "form": [messages.Labelled(t, str(m[0]), t) for t, m in zip(texts[:1800], marks, strict=False)],
        "leans": [
            messages.Labelled(t, "leans" if m[1] else "alone", t) for t, m in zip(texts[600:], marks[600:], strict=True)
        ],
    }
    wrong = messages.Labelled(texts[5], str((marks[5][0] + 1) % 3), texts[5])
    rows["form"][5] = wrong
    data = heads.taught(rows, known)
    assert data.labels.shape == (2400, 2) and (data.labels[:600, 1] == -1).all()
    found = heads.out_of_fold(data)
    for number, name in enumerate(rows):
        own = data.labels[:, number] >= 0
        assert (found[name][own].argmax(1) == data.labels[own, number]).mean() > 0.95
    doubted = [line.split("\t") for line in heads.doubted(data, found)]
    assert ["form", str(marks[5][0]), wrong.label, *[wrong.text] * 2] in [[n, *rest] for n, _, *rest in doubted]
    assert len(doubted) < 20
    [(_, fitted)] = networks.fit(data, [np.arange(2400)])
    assert fitted["form"].classes == ("0", "1", "2")


def test_a_head_with_units_of_its_own_moves_no_other_and_takes_the_place_of_those_it_had() -> None:
    before, rng = some_heads(), np.random.default_rng(6)
    asked = Asked(rng.normal(0, 1, DIMENSION).astype(np.float32), "Qui l'a lancé ?", (0.5, 0.0, 0.0))
    told = before.probabilities(asked)

    def units(count: int) -> tuple[Layer, Head]:
        inputs = before.hidden.weights.shape[1]
        layers = [rng.normal(0, 1, (a, b)).astype(np.float32) for a, b in ((count, inputs), (2, count))]
        own, head = (Layer(weights, np.zeros(len(weights), dtype=np.float32)) for weights in layers)
        return own, Head(("alone", "leans"), head)

    grown = before
    for count in (4, 3):
        hidden, head = units(count)
        grown = heads.with_own_units(grown, "leans", hidden, head, {"leans": 0.7})
        found = grown.probabilities(asked)
        own = head.probabilities(np.maximum(hidden(grown.scaling.features(asked)), 0))
        assert found["leans"] == pytest.approx(own, abs=1e-5) and grown.least["leans"] == 0.7
        assert all(found[name] == pytest.approx(told[name], abs=1e-5) for name in told if name != "leans")
        assert len(grown.hidden.biases) == len(before.hidden.biases) + count


def test_the_words_by_which_a_subject_is_asked_for_are_of_no_subject() -> None:
    frame = messages.frame()
    assert {"infos", "parle", "page", "synthetiser", "condense"} <= frame and len(frame) > 100
    rows = messages.aimed()
    assert {row.label for row in rows} == {"topic", "specific"} and len(rows) > 3000
    topics = [row for row in rows if row.label == "topic" and row.group.startswith("aim")]
    assert np.mean([bool(set(words(row.text)) - frame) for row in topics]) > 0.99


def test_the_words_by_which_all_of_a_kind_is_asked_for_are_of_no_subject() -> None:
    words_of_all = messages.every_words()
    assert {"dates", "montants", "toutes", "chiffres"} <= words_of_all and not {"passeport", "campus"} & words_of_all
    rows = messages.everything()
    assert {row.label for row in rows} == {"date", "money", "number", "percentage", "duration", "specific"}


def test_hardly_a_usual_question_is_mistaken() -> None:
    unusual, is_usual = [*(n / 400 for n in range(400)), *([1.0] * 50)], [True] * 400 + [False] * 50
    least = heads.least_probability(unusual, is_usual)
    mistaken = sum(p > least for p in unusual[:400])
    assert mistaken <= heads.MISTAKEN * 400 + 1 and least < 1


def test_the_shipped_heads_know_what_they_were_taught(assistant: Assistant, tmp_path: Path) -> None:
    """A file that was written in a wrong order, or for other vectors, would not."""
    shipped = load_heads(assistant.encoder.checksum, FILE)
    assert set(shipped.heads["intent"].classes) == set(INTENTS)
    assert set(shipped.heads["form"].classes) <= set(FORMS) and set(shipped.heads["expected"].classes) <= set(EXPECTED)
    drawn = random.Random(8)
    # Questions on our own pages, and those of no page: the others' pages are not part of the project.
    of_page = heads.Recognition(administration.markdown_by_key([]), tmp_path)
    here = {
        name: [row for row in rows if not row.group.startswith(("fiche ", "travail "))]
        for name, rows in (messages.examples() | {"aim": messages.aimed(), "every": messages.everything()}).items()
    }
    some = [(name, row) for name, rows in here.items() for row in drawn.sample(rows, 24)]
    vectors = assistant.encoder.encode_query([row.text for _, row in some])
    right: dict[str, list[bool]] = {}
    for (name, row), vector in zip(some, vectors, strict=True):
        found = shipped.probabilities(Asked(vector, row.text, of_page(row.text, row.group)))[name]
        right.setdefault(name, []).append(shipped.best(name, found) == row.label)
    assert {name: np.mean(rs) for name, rs in right.items() if np.mean(rs) < 0.75} == {}


def test_questions_of_pages_kept_aside_teach_no_head() -> None:
    aside = {
        q.text
        for path in written.FOLDER.glob("*.txt")
        if kept_aside((file := read_questions(path)).key)
        for q in file.questions
    }
    taught = {row.text for row in messages.examples()["form"]}
    assert len(aside) > 200 and len(aside & taught) <= 0.01 * len(aside)
