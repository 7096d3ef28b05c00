"""Where the facts of one generation are kept, with the checkpoint that says how far they go."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import psycopg
from sqlalchemy import BigInteger, Column, Connection, Engine, Integer, MetaData, Table, Text, select

from projections.facts import Facts, FactTable, Key, Row
from projections.tables import quoted

CHECKPOINT = Table(
    "checkpoint",
    MetaData(),
    Column("model", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("error", Text),
    Column("event_position", BigInteger),
    Column("updated_at", Text, nullable=False),
)

REFUSED_BY_DATABASE = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.ProgrammingError,
)
"""What no repetition mends: a value that the column cannot hold."""


class CheckpointMoved(Exception):
    """Somebody else has written facts since the checkpoint was read; nothing was written now."""


@dataclass(frozen=True)
class Checkpoint:
    """How far a read model goes: all events up to `position` are in its facts, and no other.

    `state` is live or parked; parked on the event at `event_position`, `error` being the traceback.
    """

    model: str
    version: int
    position: int
    state: str
    error: str | None
    event_position: int | None
    updated_at: str


def checkpoints(connection: Connection) -> dict[str, Checkpoint]:
    """The checkpoint of every read model in a generation, by its name."""
    return {row.model: Checkpoint(*row) for row in connection.execute(select(CHECKPOINT))}


class Store:
    """One connection to the facts of a generation, for whoever writes them. All SQL for single rows is here.

    Plain DBAPI, because it is called for every fact; what SQLite's and PostgreSQL's drivers have in common suffices.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._mark = "?" if self._sqlite else "%s"
        self._pooled = engine.raw_connection()
        self.driver: Any = self._pooled.driver_connection

    def rollback(self) -> None:
        """Undo what was not committed."""
        self.driver.rollback()

    def close(self) -> None:
        """Give the connection back; what was not committed is rolled back."""
        self._pooled.close()

    def load(self, table: FactTable, key: Key) -> list[Row]:
        """The current rows of a key, by their first day."""
        where = " AND ".join(f"{quoted(name)} = {self._mark}" for name in table.key)
        sql = f"SELECT * FROM {quoted(table.name)} WHERE {where} AND closed IS NULL ORDER BY valid_from"
        return [list(row) for row in self.driver.execute(sql, key).fetchall()]

    def commit(self, facts: dict[str, Facts], before: int, after: int, now: datetime) -> None:
        """Write what these read models' facts hold unwritten, and their checkpoints with it: `before` becomes `after`.

        Raises CheckpointMoved, and writes nothing, if one of them does not stand at `before`.
        """
        self._advance(facts, before, after, now)
        for each in facts.values():
            for table, new, ended in each.unwritten(after):
                self._end(table, ended)
                self._insert(table, new)
        self.driver.commit()
        for each in facts.values():
            each.wrote(after)

    def park(self, model: str, position: int, event_position: int, error: str, now: datetime) -> None:
        """Note that a read model stopped before an event, and why."""
        self._advance([model], position, position, now)
        sql = "UPDATE checkpoint SET state = 'parked', error = {0}, event_position = {0} WHERE model = {0}"
        self.driver.execute(sql.format(self._mark), (error, event_position, model))
        self.driver.commit()

    def _advance(self, models: Collection[str], before: int, after: int, now: datetime) -> None:
        # First of all in the transaction, so that it waits for whoever else is writing and then sees what he wrote.
        sql = (
            "UPDATE checkpoint SET position = {0}, updated_at = {0}, state = 'live', "
            "error = NULL, event_position = NULL "
            f"WHERE position = {{0}} AND model IN ({', '.join(['{0}'] * len(models))})"
        ).format(self._mark)
        moved = self.driver.execute(sql, (after, now.isoformat(), before, *models)).rowcount
        if moved != len(models):
            raise CheckpointMoved(f"{', '.join(models)} did not all stand at {before}")

    def _end(self, table: FactTable, rows: Sequence[Row]) -> None:
        if rows:
            self.driver.cursor().executemany(end_sql(table, self._sqlite), ended_rows(table, rows))

    def _insert(self, table: FactTable, rows: Sequence[Row]) -> None:
        if self._sqlite:
            self.driver.executemany(insert_sql(table, self._sqlite), rows)
        elif rows:
            with self.driver.cursor() as cursor, cursor.copy(insert_sql(table, self._sqlite)) as copy:
                copy.write(as_csv(rows))


def insert_sql(table: FactTable, sqlite: bool) -> str:
    """What writes rows: to be executed with many of them, or on PostgreSQL to copy them `as_csv`."""
    if sqlite:
        return f"INSERT INTO {quoted(table.name)} VALUES ({', '.join('?' * len(table.columns))})"
    return f"COPY {quoted(table.name)} FROM STDIN (FORMAT csv, ESCAPE '\\', NULL 'null')"


def as_csv(rows: Sequence[Row]) -> bytes:
    """Rows for COPY. Made by msgspec and not value by value: a line of JSON without its brackets is CSV.

    Of JSON's escapes, COPY knows those of quotes and backslashes; the others, which are rare, become what they mean.
    Raises TypeError, ValueError or OverflowError for what JSON cannot hold, or no whole number of 64 bits.
    """
    lines = _lines(rows)[1:-2].replace(b"]\n[", b"\n")
    return _escape.sub(_meant, lines) if _unknown_escape(lines) else lines


_lines = msgspec.json.Encoder().encode_lines
_unknown_escape = re.compile(rb'\\[^"\\]').search
_escape = re.compile(rb'\\(?:["\\]|u....|.)')


def _meant(escape: re.Match[bytes]) -> bytes:
    found = escape[0]
    return found if found[1:] in (b'"', b"\\") else msgspec.json.decode(b'"%s"' % found, type=str).encode()


def end_sql(table: FactTable, sqlite: bool) -> str:
    """What closes rows that were written before, given `ended_rows`."""
    mark = "?" if sqlite else "%s"
    row = " AND ".join(f"{quoted(name)} = {mark}" for name in table.primary)
    return f"UPDATE {quoted(table.name)} SET closed = {mark} WHERE {row}"


def ended_rows(table: FactTable, rows: Sequence[Row]) -> list[Row]:
    places = [table.place[name] for name in ("closed", *table.primary)]
    return [[row[place] for place in places] for row in rows]
