"""Where an institution keeps its data: one URL names it, everything else follows from that.

sqlite:///var/log.sqlite                        files beside the log's: office.sqlite, keys.sqlite, facts-1.sqlite
postgresql://user@host/db?schema=place          schemas place, place_office, place_keys, place_facts_1
"""

from __future__ import annotations

import random
import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
import sqlalchemy
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

SQLITE_PATIENCE = 30.0
"""Seconds for which a lock of SQLite is waited for."""

FAILURES = (sqlite3.Error, psycopg.Error, SQLAlchemyError)
"""What a database that fails raises: through its driver, and through SQLAlchemy."""


class BadDatabaseURL(ValueError):
    """A database URL that names neither a SQLite file nor a PostgreSQL database."""


@dataclass(frozen=True)
class Database:
    """The place of one institution's data. `path` is the log's file on SQLite; None on PostgreSQL."""

    url: str
    schema: str
    path: Path | None

    @classmethod
    def parse(cls, url: str) -> Database:
        """Raises BadDatabaseURL with a sentence for what it does not understand."""
        if url.startswith("sqlite:///") and Path(url.removeprefix("sqlite:///")).name:
            return cls(url, "", Path(url.removeprefix("sqlite:///")))
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres"):
            raise BadDatabaseURL(f"{parts.scheme or url!r}: the database is sqlite:///FILE or postgresql://…")
        # To libpq a plus is a plus, and a space is %20.
        query = dict(parse_qsl(parts.query.replace("+", "%2B"), keep_blank_values=True))
        schema = query.pop("schema", "resonance")
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", schema):
            raise BadDatabaseURL(f"schema {schema!r}: lower-case letters, digits and underscores, at most 40")
        rest = f"?{urlencode(query, quote_via=quote)}" if query else ""
        return cls(f"postgresql://{parts.netloc}{parts.path}{rest}", schema, None)

    def engine(self, part: str) -> Engine:
        """A SQLAlchemy engine for what lies beside the log: `office`, `keys`, `facts_1`. Creates its place if need be.

        Table names are not qualified: the engine's connections look only into that part.
        """
        if self.path is not None:
            return _sqlite_engine(self.path.with_name(f"{part.replace('_', '-')}.sqlite"))
        return _postgres_engine(self.url, f"{self.schema}_{part}")


_AWAY = (sqlite3.OperationalError, psycopg.OperationalError, PoolTimeout)


def is_not_migrated(failure: Exception) -> bool:
    """Whether there is a database, and not the tables in it."""
    cause = _cause(failure)
    return isinstance(cause, psycopg.errors.UndefinedTable) or "no such table" in str(cause)


def is_read_only(failure: Exception) -> bool:
    """Whether a write was refused because the database takes none: a standby, a file or a session that only reads."""
    cause = _cause(failure)
    if isinstance(cause, sqlite3.Error):
        return getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_READONLY
    return isinstance(cause, psycopg.errors.ReadOnlySqlTransaction)


def is_unreachable(failure: Exception) -> bool:
    """Whether the database does not answer now: it is away, busy, or full."""
    return isinstance(_cause(failure), _AWAY)


def _cause(failure: Exception) -> Exception:
    """The driver's own, where SQLAlchemy has wrapped it."""
    return getattr(failure, "orig", None) or failure


def make_durable(connection: sqlite3.Connection) -> None:
    """Have a SQLite file keep a write-ahead log, and each commit reach the disk.

    Several who open a new file at once are in each other's way here, and SQLite does not let them wait: whoever finds
    the file locked tries again, for as long as its other locks are waited for.
    """
    deadline = time.monotonic() + SQLITE_PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            break
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.001, 0.01))
    connection.execute("PRAGMA synchronous = FULL")


def _sqlite_engine(path: Path) -> Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sqlalchemy.create_engine(
        f"sqlite:///{path}", hide_parameters=True, connect_args={"timeout": SQLITE_PATIENCE}
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        make_durable(connection)
        connection.execute("PRAGMA cache_size = -262144")

    return engine


# Asks first, because even IF NOT EXISTS is refused on a replica, and to a role that may not create schemas.
_ENSURE_SCHEMA = """
DO $$ BEGIN
    IF to_regnamespace('{schema}') IS NULL THEN CREATE SCHEMA {schema}; END IF;
EXCEPTION WHEN unique_violation OR duplicate_schema THEN NULL;  -- another connection was first
END $$
"""


def _postgres_engine(url: str, schema: str) -> Engine:
    engine = sqlalchemy.create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1), hide_parameters=True, pool_size=4
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.autocommit = True
        connection.execute(_ENSURE_SCHEMA.format(schema=schema))
        connection.execute(f"SET search_path = {schema}")
        # Queries are short: to start workers or a compiler for one takes longer than to answer it.
        connection.execute("SET max_parallel_workers_per_gather = 0; SET jit = off")
        connection.autocommit = False

    return engine
