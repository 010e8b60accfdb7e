"""The table of readers' opinions, in SQLite or in PostgreSQL, by SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    NullPool,
    Table,
    Text,
    create_engine,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.schema import CreateIndex, CreateTable

from ui import words

PATIENCE_S = 5
"""Seconds that a connection, a lock or a statement is waited for."""
MAKING_THE_TABLE = 0x7061676571
"""PostgreSQL's lock of whoever makes the table: replicas that start at once would make it twice."""

TABLE = Table(
    "feedback",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", Text, nullable=False),
    Column("useful", Integer, CheckConstraint("useful IN (0, 1)"), nullable=False),
    Column("word", Text, nullable=False, server_default=""),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("key", Text),
)
KEY = Index("feedback_key", TABLE.c.key, unique=True)


def file_address(file: Path) -> str:
    """The address of an SQLite file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def open_engine(address: str) -> Engine:
    """The database at ``address``; nothing is asked of it yet.

    Raises:
        ValueError: no address of SQLite or PostgreSQL, or its driver is not installed; in French.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise ValueError(words.FEEDBACK_BAD_ADDRESS) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError(words.FEEDBACK_BAD_ADDRESS)
    try:
        # hide_parameters: what a reader wrote must not come into a log with an error
        if url.get_backend_name() == "sqlite":
            patience: dict[str, Any] = {"timeout": PATIENCE_S}
            return create_engine(url, poolclass=NullPool, connect_args=patience, hide_parameters=True)
        patience = {"connect_timeout": PATIENCE_S, "tcp_user_timeout": PATIENCE_S * 1000}
        return create_engine(
            url, pool_size=2, pool_pre_ping=True, pool_timeout=PATIENCE_S, connect_args=patience, hide_parameters=True
        )
    except ModuleNotFoundError as error:
        raise ValueError(words.FEEDBACK_NO_DRIVER.format(module=error.name)) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ValueError(words.FEEDBACK_BAD_ADDRESS) from error


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction on a database that has the table; what it did is kept where the block ends well."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL statement_timeout = '{PATIENCE_S}s'"))
        _make(connection)
        yield connection


def _make(connection: Connection) -> None:
    if "key" in _columns(connection):
        return
    # Whoever begins at the same time waits here, and then finds the table made, with its index.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(MAKING_THE_TABLE)))
    else:  # SQLite's driver begins no transaction for what makes a table
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    columns = _columns(connection)
    if not columns:
        connection.execute(CreateTable(TABLE))
    elif "key" not in columns:  # a file of before opinions could be changed
        connection.execute(text("ALTER TABLE feedback ADD COLUMN key TEXT"))
    connection.execute(CreateIndex(KEY, if_not_exists=True))


def _columns(connection: Connection) -> set[str]:
    """The columns that the table has, none where there is no table."""
    looked = inspect(connection)
    return {column["name"] for column in looked.get_columns(TABLE.name)} if looked.has_table(TABLE.name) else set()


def put(connection: Connection, row: Mapping[str, Any]) -> None:
    """Add ``row``, in place of one with its key."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = insert(TABLE).values(**row)
    changed = {name: new.excluded[name] for name in row if name != "key"}
    connection.execute(new.on_conflict_do_update(index_elements=[TABLE.c.key], set_=changed))


def rows(connection: Connection) -> list[dict[str, Any]]:
    """Every row, oldest first."""
    return [dict(row._mapping) for row in connection.execute(select(TABLE).order_by(TABLE.c.id))]


def drop_before(connection: Connection, at: str) -> int:
    """Delete the rows of before ``at``; how many they were."""
    return connection.execute(TABLE.delete().where(TABLE.c.at < at)).rowcount


def wipe(engine: Engine) -> None:
    """Rewrite the table's file: else deleted words stay in its free pages."""
    full = "VACUUM (FULL) feedback" if engine.dialect.name == "postgresql" else "VACUUM"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(full))
