"""Readers' opinions are kept, changed and forgotten, in SQLite and in PostgreSQL alike; a database that is away harms nobody."""

from __future__ import annotations

import itertools
import sqlite3
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.settings import Settings
from rag import Assistant
from tests.conftest import HUB, Live, Opener, live
from tests.services import Postgres
from ui import words
from ui.__main__ import main
from ui.feedback import FeedbackError, FeedbackStore, Opinion

NUMBER = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FeedbackStore]:
    """An empty store of each kind."""
    if request.param == "sqlite":
        yield FeedbackStore(tmp_path / "nouveau")
        return
    server: Postgres = request.getfixturevalue("postgres")
    made = FeedbackStore(tmp_path, server.address(f"avis{next(NUMBER)}"))
    yield made
    made.engine.dispose()


def test_opinions_are_kept_as_they_were_written(store: FeedbackStore) -> None:
    assert store.all() == ()
    store.add(Opinion(True, "  Très clair ; l'ami  ", "Q ?", "R", "P"))
    store.add(Opinion(False, "x" * 900, "'; DROP TABLE feedback; --", "R", "P"))
    store.add(Opinion(False, "nul \0 et demi \ud83d", "Q", "R\n😀", "P"))
    first, second, third = store.all()
    assert (first.useful, first.word, first.question) == (True, "Très clair ; l'ami", "Q ?")
    assert first.at.endswith("+00:00") and len(second.word) == 500
    assert (third.word, third.answer) == ("nul  et demi ?", "R\n😀")


def test_an_opinion_is_changed_in_place(store: FeedbackStore) -> None:
    store.add(Opinion(True, "", "Q", "R", "P", key="a"))
    store.add(Opinion(True, "", "Q", "R", "P", key="b"))
    store.add(Opinion(False, "non", "Q", "R", "P", key="a"))
    assert {(o.key, o.useful, o.word) for o in store.all()} == {("b", True, ""), ("a", False, "non")}


def test_purging_forgets_what_is_old(
    store: FeedbackStore, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.add(Opinion(True, "vieuxmot", "Q", "R", "P", at="2020-01-01T00:00:00+00:00"))
    store.add(Opinion(True, "neuf", "Q", "R", "P"))
    monkeypatch.setenv("PAGEQA_DATA_DIR", str(store.path.parent))
    monkeypatch.setenv("PAGEQA_FEEDBACK", store.address)
    assert main(["--purge-feedback", "-1"]) == 2
    assert main(["--purge-feedback", "30"]) == 0
    assert capsys.readouterr().out.strip() == words.CLI_PURGED.format(count=1)
    assert [o.word for o in store.all()] == ["neuf"]
    if not store.address:
        assert b"vieuxmot" not in store.path.read_bytes()


def test_opinions_of_many_at_once(store: FeedbackStore) -> None:
    lost: list[Exception] = []

    def opinion(n: int) -> None:
        try:
            store.add(Opinion(True, str(n), "Q", "R", "P", key=f"k{n // 2}"))
        except FeedbackError as error:
            lost.append(error)

    threads = [threading.Thread(target=opinion, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = store.all()
    assert not lost and {o.key for o in kept} == {f"k{n}" for n in range(10)} and len(kept) == 10


def test_a_file_is_made_with_the_first_opinion_only(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path / "nouveau")
    assert store.all() == () and store.purge(1) == 0 and not store.path.parent.exists()
    store.add(Opinion(True, "", "Q", "R", "P"))
    with sqlite3.connect(store.path) as db:
        columns = [row[1] for row in db.execute("PRAGMA table_info(feedback)")]
    assert columns == ["id", "at", "useful", "word", "question", "answer", "page", "key"]


def test_a_file_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    store = FeedbackStore(tmp_path)
    with sqlite3.connect(store.path) as db:
        db.execute(
            "CREATE TABLE feedback (id INTEGER PRIMARY KEY, at TEXT, useful INTEGER, word TEXT, question TEXT, "
            "answer TEXT, page TEXT)"
        )
        db.execute("INSERT INTO feedback VALUES (1, '2020-01-01T00:00:00+00:00', 1, '', 'Q', 'R', 'P')")
    store.add(Opinion(False, "", "Q2", "R", "P", key="k"))
    store.add(Opinion(True, "", "Q2", "R", "P", key="k"))
    assert [(o.question, o.useful) for o in store.all()] == [("Q", True), ("Q2", True)]


# --- locked, gone


@pytest.fixture
def away(settings: Settings, assistant: Assistant, postgres: Postgres, tmp_path: Path) -> Iterator[Live]:
    """The application with its opinions in PostgreSQL; a retention of 30 days."""
    there = settings.with_(feedback=postgres.address(f"avis{next(NUMBER)}"), data_dir=tmp_path, retention_days=30)
    with live(there, lambda *_: assistant) as running:
        running.loader.wait(10)
        yield running


def test_a_database_that_goes_away_and_comes_back(reader: Opener, away: Live, postgres: Postgres) -> None:
    person = reader(away.url, faults=True)

    def vote() -> None:
        turn.get_by_role("button", name=words.USEFUL, exact=True).click()
        person.page.keyboard.press("Enter")

    turn = person.ask(HUB)
    vote()
    turn.get_by_text(words.FEEDBACK_THANKS).wait_for()
    postgres.stop()
    try:
        turn = person.ask("Quand PariSanté Campus a-t-il été lancé ?")  # answers go on
        assert turn.locator("a.mark").count()
        vote()
        turn.get_by_text(words.FEEDBACK_FAILED).wait_for()
    finally:
        postgres.start()
    vote()
    turn.get_by_text(words.FEEDBACK_THANKS).wait_for()
    store = FeedbackStore.of(away.settings)
    assert [o.useful for o in store.all()] == [True, True]
    assert not store.path.exists()
    store.engine.dispose()


def test_a_file_that_another_process_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.opinions.PATIENCE_S", 0.2)
    store = FeedbackStore(tmp_path)
    store.add(Opinion(True, "un", "Q", "R", "P"))
    with sqlite3.connect(store.path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        begin = time.monotonic()
        with pytest.raises(FeedbackError) as told:
            store.add(Opinion(True, "deux", "secret", "R", "P"))
        assert time.monotonic() - begin < 3 and "secret" not in str(told.value)
        other.execute("ROLLBACK")
    store.add(Opinion(True, "trois", "Q", "R", "P"))
    assert [o.word for o in store.all()] == ["un", "trois"]


@pytest.mark.parametrize("address", ["", "oracle://x", "postgresql+psycopg://u:secret@h:port/b", "avis"])
def test_an_address_that_is_none_is_refused_at_start(
    address: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if not address:
        address = "postgresql+psycopg://u:secret@127.0.0.1/b"
        monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.setenv("PAGEQA_FEEDBACK", address)
    assert main(["--port", "0"]) == 2
    said = capsys.readouterr().err.strip()
    assert said and "\n" not in said and "Traceback" not in said and "secret" not in said


def test_purging_a_database_that_is_away_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PAGEQA_FEEDBACK", "postgresql+psycopg://u:secret@127.0.0.1:9/b")
    assert main(["--purge-feedback", "30"]) == 2
    assert capsys.readouterr().err.strip() == words.CLI_NOT_PURGED
