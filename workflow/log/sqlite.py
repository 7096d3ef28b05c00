"""The log in a SQLite file: the embedded default, for one machine."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from workflow.database import SQLITE_PATIENCE, make_durable
from workflow.entry import frame, microseconds
from workflow.log.queries import Item, numbered
from workflow.log.recorder import (
    STRAYS,
    Asked,
    CommandKnown,
    Found,
    Head,
    LogRecorder,
    Recorded,
    StoredRow,
    command_ids,
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS event_type (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE IF NOT EXISTS event (
    position INTEGER PRIMARY KEY,
    type INTEGER NOT NULL REFERENCES event_type (id),
    recorded_at INTEGER NOT NULL,
    command_id TEXT UNIQUE,
    command_digest BLOB,
    entry BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS event_by_type ON event (type, position);
CREATE TABLE IF NOT EXISTS event_tag (
    tag TEXT NOT NULL,
    type INTEGER NOT NULL,
    position INTEGER NOT NULL REFERENCES event (position),
    PRIMARY KEY (tag, type, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS log_source (one INTEGER PRIMARY KEY CHECK (one = 1), source TEXT NOT NULL) STRICT;
"""

_REFUSE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log is append-only: {verb} on {table} is refused'); END;
"""

# INSERT OR REPLACE deletes what is in its way without a word to the triggers above.
_REFUSE_REPLACE = """
CREATE TRIGGER IF NOT EXISTS event_no_replace BEFORE INSERT ON event
WHEN NEW.position <> 1 + coalesce((SELECT max(position) FROM event), 0)
    OR EXISTS (SELECT 1 FROM event WHERE command_id = NEW.command_id)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: positions have no gaps, and command ids are used once'); END;
CREATE TRIGGER IF NOT EXISTS event_type_no_replace BEFORE INSERT ON event_type
WHEN EXISTS (SELECT 1 FROM event_type WHERE id = NEW.id OR name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'the log is append-only: types are numbered once'); END;
"""

MOST_TERMS = 400
"""SQLite takes at most 500 SELECTs in one UNION."""

_HEAD = "SELECT position, (SELECT max(id) FROM event_type), recorded_at, NULL FROM event ORDER BY position DESC LIMIT 1"


class SQLiteLog(LogRecorder):
    """The log in the file at `path`. Any number of threads and processes may share it; one writes at a time."""

    def __init__(self, path: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self._opened: list[sqlite3.Connection] = []
        self._idle: deque[sqlite3.Connection] = deque()
        self._writer = self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=SQLITE_PATIENCE, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        make_durable(connection)
        connection.execute("PRAGMA cache_size = -64000")
        self._opened.append(connection)
        return connection

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection to read with: one that nobody uses, or a new one. So threads may come and go."""
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = self._connect()
            connection.execute("PRAGMA query_only = 1")
        try:
            yield connection
        finally:
            self._idle.append(connection)

    def migrate(self) -> None:
        refusals = [
            _REFUSE.format(table=table, verb=verb)
            for table in ("event", "event_tag", "event_type", "log_source")
            for verb in ("UPDATE", "DELETE")
        ]
        # The script begins the transaction itself, because executescript would end one that was begun before.
        name = f"INSERT INTO log_source SELECT 1, '{uuid4().urn}' WHERE NOT EXISTS (SELECT 1 FROM log_source);"
        self._writer.executescript("".join(["BEGIN IMMEDIATE;", SCHEMA, name, *refusals, _REFUSE_REPLACE, "COMMIT;"]))

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    def head(self) -> Head:
        with self._reading() as connection:
            return _head(connection)[0]

    def command(self, command_id: str) -> CommandKnown | None:
        with self._reading() as connection:
            return _commands(connection, [command_id]).get(command_id)

    def rows(self, after: int = 0) -> Iterator[StoredRow]:
        sql = "SELECT position, type, recorded_at, command_id, entry FROM event WHERE position > ? ORDER BY position"
        with self._reading() as connection:
            yield from connection.execute(sql, (after,))

    def tag_rows(self, upto: int) -> Iterator[tuple[str, int, int]]:
        with self._reading() as connection:
            yield from connection.execute("SELECT tag, type, position FROM event_tag WHERE position <= ?", (upto,))

    def strays(self) -> list[int]:
        with self._reading() as connection:
            return [position for (position,) in connection.execute(STRAYS) if position is not None]

    def _load_source(self) -> str:
        with self._reading() as connection:
            return str(connection.execute("SELECT source FROM log_source").fetchone()[0])

    def _load_types(self) -> dict[str, int]:
        with self._reading() as connection:
            return _types(connection)

    def _matching(self, items: Sequence[Item], limit: int) -> Found:
        with self._reading() as connection:
            return _matching(connection, items, limit)

    def _matching_batch(self, asked: Sequence[Sequence[Item]]) -> list[Found | BaseException]:
        # One thread looks up for all who wait: together they would only fight for the interpreter.
        with self._reading() as connection:
            return [_matching(connection, items, None) for items in asked]

    def _page(self, after: int, limit: int | None) -> Found:
        with self._reading() as connection:
            return _rows(connection, "position > ?", [after], limit)

    def _append_batch(self, asked: Sequence[Asked]) -> list[Recorded | BaseException]:
        with self._transaction():
            head, recorded = _head(self._writer)
            types = self._with_new_types(asked, recorded)
            stamp = max(microseconds(self.now()), head.recorded_at)
            known = _commands(self._writer, [each for events, _ in asked for each in command_ids(events)])
            rows: list[_Row] = []
            outcomes: list[Recorded | BaseException] = []
            for events, condition in asked:
                repeated = next((known[each] for each in command_ids(events) if each in known), None)
                if repeated is not None:
                    outcomes.append(repeated)
                elif condition is not None and self._matched(condition, types, head, rows):
                    outcomes.append(IntegrityError(condition))
                else:
                    first = head.position + len(rows) + 1
                    new = [_Row(first + n, types[e.type], e) for n, e in enumerate(events)]
                    rows += new
                    outcomes.append(Recorded(first, head.position + len(rows), stamp))
                    known.update(
                        (row.command_id, CommandKnown(row.position, row.digest)) for row in new if row.command_id
                    )
            self._insert(rows, stamp)
        self._learn(types)
        return outcomes

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """IMMEDIATE: who waits for the writer's lock waits at the beginning, before anything was looked up."""
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._writer.execute("COMMIT")
        except BaseException:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            raise

    def _with_new_types(self, asked: Sequence[Asked], recorded: int) -> dict[str, int]:
        """The number of every type, those that the batch brings included. `recorded` says how many there were."""
        types = self._types if len(self._types) == recorded else _types(self._writer)
        wanted = {each.type for events, _ in asked for each in events}
        new = {name: recorded + n for n, name in enumerate(sorted(wanted - types.keys()), 1)}
        self._writer.executemany("INSERT INTO event_type (name, id) VALUES (?, ?)", new.items())
        return types | new if new else types

    def _matched(self, condition: DCBAppendCondition, types: dict[str, int], head: Head, rows: Sequence[_Row]) -> bool:
        """Whether anything in the log, or before in the batch, matches the condition."""
        items = numbered(condition.fail_if_events_match.items or [DCBQueryItem()], condition.after or 0, types)
        if any(item.matches(row.type, row.event.tags, row.position) for row in rows for item in items):
            return True
        return (condition.after or 0) < head.position and any(self._any(item) for item in items)

    def _any(self, item: Item) -> bool:
        sql, parameters = _positions(self._writer, [item])
        return self._writer.execute(f"{sql} LIMIT 1", parameters).fetchone() is not None

    def _insert(self, rows: Sequence[_Row], stamp: int) -> None:
        self._writer.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?)", [row.columns(stamp) for row in rows])
        self._writer.executemany(
            "INSERT INTO event_tag VALUES (?, ?, ?)",
            [(tag, row.type, row.position) for row in rows for tag in dict.fromkeys(row.event.tags)],
        )


class _Row(NamedTuple):
    """An event that is to be inserted."""

    position: int
    type: int
    event: DCBEvent

    @property
    def command_id(self) -> str | None:
        return getattr(self.event, "command_id", None)

    @property
    def digest(self) -> bytes | None:
        return getattr(self.event, "command_digest", None)

    def columns(self, stamp: int) -> tuple[Any, ...]:
        entry = frame(stamp, self.event.type, " ".join(self.event.tags)) + self.event.data
        return self.position, self.type, stamp, self.command_id, self.digest, entry


def _head(connection: sqlite3.Connection) -> tuple[Head, int]:
    """The head, and how many types there are."""
    row = connection.execute(_HEAD).fetchone()
    return (Head(row[0], row[2]), row[1]) if row else (Head(0, 0), 0)


def _matching(connection: sqlite3.Connection, items: Sequence[Item], limit: int | None) -> Found:
    matches, parameters = _positions(connection, items, limit)
    return _rows(connection, f"position IN ({matches})", parameters, limit)


def _rows(connection: sqlite3.Connection, condition: str, parameters: list[Any], limit: int | None) -> Found:
    # The head comes as the first row of the same statement, so both are of one snapshot.
    sql = (
        f"SELECT * FROM ({_HEAD}) UNION ALL SELECT * FROM (SELECT position, type, recorded_at, entry FROM event "
        f"WHERE {condition} ORDER BY position LIMIT ?)"
    )
    rows = connection.execute(sql, (*parameters, -1 if limit is None else limit)).fetchall()
    return Found(Head(rows[0][0], rows[0][2]), rows[0][1], rows[1:]) if rows else Found(Head(0, 0), 0, [])


def _types(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT name, id FROM event_type"))


def _commands(connection: sqlite3.Connection, command_ids: Sequence[str]) -> dict[str, CommandKnown]:
    known = {}
    for command_id in command_ids:
        sql = "SELECT position, command_digest FROM event WHERE command_id = ?"
        row = connection.execute(sql, (command_id,)).fetchone()
        if row:
            known[command_id] = CommandKnown(*row)
    return known


def _positions(
    connection: sqlite3.Connection, items: Sequence[Item], limit: int | None = None
) -> tuple[str, list[Any]]:
    """SQL for the positions that match any of the items, and its parameters.

    With a limit, each type is looked up by itself, in the order of the index, and no further than that.
    """
    selects: list[str] = []
    parameters: list[Any] = []
    for item in items:
        tags = _rarest_first(connection, item.tags)
        for types in [item.types] if limit is None else [(each,) for each in item.types]:
            sql, values = _select(tags, types, item.after)
            if limit is not None:
                sql, values = f"SELECT position FROM ({sql} ORDER BY position LIMIT ?)", [*values, limit]
            selects.append(sql)
            parameters += values
    while len(selects) > MOST_TERMS:
        united = [" UNION ".join(selects[n : n + MOST_TERMS]) for n in range(0, len(selects), MOST_TERMS)]
        selects = [f"SELECT position FROM ({each})" for each in united]
    return " UNION ".join(selects) or "SELECT position FROM event WHERE 0", parameters


def _select(tags: Sequence[str], types: tuple[int, ...], after: int) -> tuple[str, list[Any]]:
    of_types = f" AND type IN ({', '.join('?' * len(types))})"
    if not tags:
        return f"SELECT position FROM event WHERE position > ?{of_types}", [after, *types]
    first, *others = tags
    too = " AND EXISTS (SELECT 1 FROM event_tag AS o WHERE o.tag = ? AND o.type = t.type AND o.position = t.position)"
    sql = f"SELECT position FROM event_tag AS t WHERE tag = ? AND position > ?{of_types}{too * len(others)}"
    return sql, [first, after, *types, *others]


def _rarest_first(connection: sqlite3.Connection, tags: Sequence[str]) -> Sequence[str]:
    """The tags with the one that has the fewest events in front. Counting stops at 256: beyond it all are common."""
    if len(tags) < 2:
        return tags
    sql = "SELECT count(*) FROM (SELECT 1 FROM event_tag WHERE tag = ? LIMIT 256)"
    return sorted(tags, key=lambda tag: connection.execute(sql, (tag,)).fetchone()[0])
