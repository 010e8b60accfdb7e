"""The parser, the passages and their offsets, on the real page and on pages made here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from index.draft import ParseError
from index.dump import parse_dump
from index.html.parse import parse_html
from index.loading import PageError, load_page
from index.markdown import parse_markdown
from index.page import MISSING, Page, Passage
from index.passages import split_passages
from index.sentences import LONGEST, split_sentences
from index.settings import Settings

DUMP = (Path(__file__).parents[1] / "index/data/ia-sante.txt").read_text(encoding="utf-8")


def texts(page: Page, kind: str) -> list[str]:
    return [page.text[b.start : b.end] for b in page.blocks if b.kind == kind]


def test_title_breadcrumb_date_and_headings(page: Page) -> None:
    assert page.title == "L'intelligence artificielle au service de la santé"
    assert page.breadcrumb[:3] == ("Numérique", "Les enjeux", "Les secteurs prioritaires")
    assert page.updated == "01/03/2023"
    assert page.url == "" and page.publisher
    assert texts(page, "heading") == [
        page.title, "Objectifs poursuivis", "Un système de santé plus efficient", "Actions clés",
        "Liens et téléchargements", "Mots clés",
    ]  # fmt: skip


def test_menus_and_buttons_are_gone(page: Page) -> None:
    for word in ("BUTTON", "Robotique", "Cybersécurité", "Imprimer", "Retour au niveau", "A+"):
        assert word not in page.text


def test_every_block_is_the_dumps_own_words(page: Page) -> None:
    squeezed = " ".join(DUMP.split())
    for block in page.blocks:
        assert page.text[block.start : block.end] in squeezed


def test_nothing_after_the_title_is_lost(page: Page) -> None:
    body = DUMP[DUMP.index("\nL'intelligence") :]
    kept = re.findall(r"\w+", page.text)
    assert kept == re.findall(r"\w+", body)


def test_gaps_cut_what_they_touch(page: Page) -> None:
    gaps = [i for i, b in enumerate(page.blocks) if b.kind == "gap"]
    assert len(gaps) == 6
    before, after = page.blocks[gaps[0] - 1], page.blocks[gaps[1] + 1]
    assert before.cut_end and page.text[: before.end].endswith("technologiques très")
    assert after.cut_start and page.text[after.start :].startswith("les contextes cliniques")
    whole = page.blocks[gaps[1] - 1]
    assert not whole.cut_end and page.text[: whole.end].endswith("l’international.")


def test_bullets_and_sub_bullets(page: Page) -> None:
    bullets = [b for b in page.blocks if b.kind == "bullet" and b.section[-1] == "Actions clés"]
    assert [b.level for b in bullets] == [1, 2, 2, 1, 1, 1, 1, 1, 1]


def test_roles_are_passages_of_their_own(passages: tuple[Passage, ...]) -> None:
    by_role = {p.role: p for p in passages if p.role}
    assert by_role["credit"].text == "© Thinkhubstudio - Getty Images"
    assert by_role["updated"].text == "Mis à jour le 01/03/2023"
    assert by_role["keywords"].text == "Intelligence artificielle (IA)\nIndustrie de santé"
    assert "Santé numérique" in by_role["link"].text


def test_passages_cover_every_paragraph_and_bullet_once(page: Page, passages: tuple[Passage, ...]) -> None:
    covered = [i for p in passages for i in range(p.start, p.end)]
    assert len(covered) == len(set(covered))
    for block in page.blocks:
        if block.kind in ("paragraph", "bullet"):
            assert set(range(block.start, block.end)) <= set(covered)


def test_offsets_hold(page: Page, passages: tuple[Passage, ...]) -> None:
    for passage in passages:
        assert page.text[passage.start : passage.end] == passage.text
        assert passage.sentences
        for start, end in passage.sentences:
            assert passage.start <= start < end <= passage.end
            assert page.text[start:end].strip() == page.text[start:end]


def test_no_passage_crosses_a_gap_or_a_section(page: Page, passages: tuple[Passage, ...]) -> None:
    borders = [b.start for b in page.blocks if b.kind in ("gap", "heading")]
    for passage in passages:
        assert not any(passage.start < border < passage.end for border in borders)


def test_a_bullet_stays_with_its_sub_bullets(passages: tuple[Passage, ...]) -> None:
    home = next(p for p in passages if "programmes d’enseignement" in p.text)
    assert "Chaire" in home.text and "EMLyon" in home.text and len(home.sentences) == 3


def test_a_passage_cut_by_a_gap_is_shown_so(passages: tuple[Passage, ...]) -> None:
    cut = next(p for p in passages if p.text.startswith("et éviter"))
    assert cut.shown == f"{MISSING} et éviter des crises."


def test_long_paragraphs_are_split_between_sentences() -> None:
    sentences = [f"La phrase numéro {n} dit une chose assez longue pour compter." for n in range(30)]
    page = parse_dump("Titre de la page\n\n   " + " ".join(sentences) + "\n")
    passages = split_passages(page, 300)
    assert len(passages) > 4 and all(len(p.text) <= 300 for p in passages)
    assert [page.text[a:b] for p in passages for a, b in p.sentences] == sentences


def test_an_introduction_stays_with_its_bullets_or_leads_them() -> None:
    bullets = "".join(f"     * le point numéro {n} du programme, avec ses mots\n" for n in range(12))
    page = parse_dump(f"Titre de la page\n\n   Le programme comprend :\n{bullets}")
    whole = split_passages(page, 2000)
    assert len(whole) == 1 and whole[0].text.startswith("Le programme comprend")
    apart = split_passages(page, 300)
    assert {p.lead for p in apart} == {"Le programme comprend :"} and len(apart) == 12


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Le D.U. IA appliquée existe. Il date de 2020.",
            ["Le D.U. IA appliquée existe.", "Il date de 2020."],
        ),
        ("M. Dupont arrive. Bien !", ["M. Dupont arrive.", "Bien !"]),
        ("Il a dit « Non ! » puis il est parti.", ["Il a dit « Non ! » puis il est parti."]),
        ("Prix : 3.5 millions. « Enfin » fini", ["Prix : 3.5 millions.", "« Enfin » fini"]),
        ("Sans point final", ["Sans point final"]),
        (
            "Le conseil s'est tenu le 4 févr. 2022 au 3 boul. Carnot. Le Gén. Roy préside.",
            ["Le conseil s'est tenu le 4 févr. 2022 au 3 boul. Carnot.", "Le Gén. Roy préside."],
        ),
        ("Il rouvre en sept. Le maire l'a dit.", ["Il rouvre en sept.", "Le maire l'a dit."]),
        ("La ville a 900 hab. Elle aide.", ["La ville a 900 hab.", "Elle aide."]),
        (
            "Voir art. L. 12-3 et chap. Prévention du code.",
            ["Voir art. L. 12-3 et chap. Prévention du code."],
        ),
        ("1. Remplir le dossier. 2. L'envoyer.", ["1. Remplir le dossier.", "2. L'envoyer."]),
        ("Le service compte 12. Œuvre utile.", ["Le service compte 12.", "Œuvre utile."]),
        (
            "Elle a dit : « C'est prêt. On ouvre. » Le guichet ouvre lundi.",
            ["Elle a dit : « C'est prêt. On ouvre. »", "Le guichet ouvre lundi."],
        ),
        ("Mairie\n3 rue Basse\nTéléphone : 01", ["Mairie", "3 rue Basse", "Téléphone : 01"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in split_sentences(text)] == expected


def test_a_long_sentence_is_cut_at_semicolons_then_commas() -> None:
    clauses = [f"considérant que le point numéro {n} du rapport appelle une mesure" for n in range(20)]
    text = "; ".join(clauses) + "; la somme est de 73 400 euros"
    parts = [text[a:b] for a, b in split_sentences(text)]
    assert parts[-1] == "la somme est de 73 400 euros" and parts[0] == clauses[0] + ";"
    text = ", ".join(f"la commune numéro {n}" for n in range(60))
    parts = [text[a:b] for a, b in split_sentences(text)]
    assert all(len(part) <= LONGEST for part in parts) and " ".join(parts) == text


def test_a_long_sentence_is_cut_outside_of_brackets_where_it_can_be() -> None:
    inside = "(le marin, le mousse, le pilote, le gabier et le calier)"
    text = ", ".join(f"la barque numéro {n} {inside}" for n in range(9)) + "."
    parts = [text[a:b] for a, b in split_sentences(text)]
    assert len(parts) > 1 and all(part.count("(") == part.count(")") for part in parts)
    alone = "Sont admis (" + ", ".join(f"le marin numéro {n}" for n in range(60)) + ")."
    assert all(len(alone[a:b]) <= LONGEST for a, b in split_sentences(alone))


def test_no_passage_is_longer_than_asked() -> None:
    inner = "".join(f"  - le cas numéro {n} avec assez de mots pour peser un peu\n" for n in range(30))
    page = parse_markdown(f"# Le plan\n\n- Les cas suivants sont prévus :\n{inner}")
    passages = split_passages(page, 300)
    assert all(len(p.text) <= 300 for p in passages) and len(passages) > 5
    assert {p.lead for p in passages[1:]} == {"Les cas suivants sont prévus :"}


def test_a_repeated_heading_is_two_sections() -> None:
    page = parse_markdown("# Aides\n\n## Coût\n\nDix euros.\n\n## Coût\n\nDouze euros.\n")
    first, second = split_passages(page)
    assert first.section == second.section and first.heading != second.heading
    assert {page.blocks[p.heading].start for p in (first, second)} == {
        b.start for b in page.blocks if b.kind == "heading" and b.level == 2
    }


def test_headings_of_one_level_are_sisters_whatever_is_skipped() -> None:
    page = parse_markdown("# Aides\n\n### Vélo\n\nCent euros.\n\n### Train\n\nDix euros.\n")
    assert [p.section for p in split_passages(page)] == [("Aides", "Vélo"), ("Aides", "Train")]


def test_markdown_and_html_pages() -> None:
    markdown = "# Le plan\n\nUne introduction utile.\n\n## Aides\n\n- Une aide\n  - pour les jeunes\n- Une autre\n"
    page = parse_markdown(markdown)
    assert page.title == "Le plan"
    assert [(b.kind, b.level) for b in page.blocks] == [
        ("heading", 1), ("paragraph", 1), ("heading", 2), ("bullet", 1), ("bullet", 2), ("bullet", 1),
    ]  # fmt: skip
    paragraph = "Le plan national aide les communes à rénover leurs écoles depuis 2019. " * 4
    html = (
        f"<html><head><title>Le plan écoles</title></head><body><nav><a href='/'>Accueil</a></nav><main><h1>Le plan écoles</h1>"
        f"<p>{paragraph}</p><h2>Aides</h2><ul><li>Une aide pour les toits</li><li>Une aide pour les murs</li></ul>"
        f"<p>{paragraph}</p></main><footer>Mentions</footer></body></html>"
    )
    page = parse_html(html, url="https://exemple.test/plan")
    assert "communes à rénover" in page.text and "Accueil" not in page.text
    assert "Une aide pour les toits" in texts(page, "bullet")
    assert page.url == "https://exemple.test/plan"


def test_a_page_that_cannot_be_read_says_why_in_french(tmp_path: Path) -> None:
    with pytest.raises(PageError, match="n'existe pas"):
        load_page(Settings(page=str(tmp_path / "absente.txt")))
    with pytest.raises(PageError, match="n'est pas un fichier"):
        load_page(Settings(page=str(tmp_path)))
    (tmp_path / "vide.txt").write_text(" \n--\n", encoding="utf-8")
    with pytest.raises(PageError, match="aucun texte"):
        load_page(Settings(page=str(tmp_path / "vide.txt")))
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n" + bytes(100))
    with pytest.raises(PageError, match="image"):
        load_page(Settings(page=str(tmp_path / "photo.png")))
    (tmp_path / "vieux.doc").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    with pytest.raises(PageError, match="docx"):
        load_page(Settings(page=str(tmp_path / "vieux.doc")))
    with pytest.raises(ParseError):
        parse_dump("Titre seul\n")


def test_a_page_survives_json(page: Page, passages: tuple[Passage, ...]) -> None:
    assert Page.from_json(page.to_json()) == page
    assert Page.from_json(page.to_json()).checksum == page.checksum


def test_settings_from_the_environment() -> None:
    settings = Settings.from_env({"PAGEQA_PORT": "8080", "PAGEQA_MODEL": "autre/modele", "PAGEQA_DENSE_WEIGHT": "0.7"})
    assert (settings.port, settings.model, settings.dense_weight) == (8080, "autre/modele", 0.7)
    with pytest.raises(ValueError, match="PAGEQA_PORT"):
        Settings.from_env({"PAGEQA_PORT": "beaucoup"})
    with pytest.raises(ValueError, match="précision"):
        Settings.from_env({"PAGEQA_PRECISION": "float8"})


def test_an_item_knows_what_announces_its_list() -> None:
    page = parse_markdown(
        "# Prêt\n\nIl faut :\n\n- un titre :\n    - carte\n    - passeport\n- un reçu ;\n- Un bail.\n\nVoir aussi\n\n- Les aides\n"
    )
    told = {page.text[slice(i.block.start, i.block.end)]: i for i in page.items.values()}
    leads = {item: page.text[slice(i.lead.start, i.lead.end)] if i.lead else "" for item, i in told.items()}
    assert leads == {
        "un titre :": "Il faut :", "carte": "un titre :", "passeport": "un titre :", "un reçu ;": "Il faut :",
        "Un bail.": "Il faut :", "Les aides": "",
    }  # fmt: skip
    assert [item for item, i in told.items() if not i.goes_on] == ["Les aides"]
