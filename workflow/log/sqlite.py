"""The log in a SQLite file: the embedded default, for one machine."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from workflow.entry import frame, microseconds
from workflow.log.recorder import Asked, CommandKnown, Found, Head, Item, LogRecorder, Recorded, command_ids

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
CREATE INDEX IF NOT EXISTS event_by_time ON event (recorded_at, position);
CREATE TABLE IF NOT EXISTS event_tag (
    tag TEXT NOT NULL,
    type INTEGER NOT NULL,
    position INTEGER NOT NULL REFERENCES event (position),
    PRIMARY KEY (tag, type, position)
) STRICT, WITHOUT ROWID;
"""

_REFUSE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'the log is append-only: {verb} on {table} is refused'); END;
"""

_HEAD = "SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1"


class SQLiteLog(LogRecorder):
    """The log in the file at `path`. Any number of threads and processes may share it; one writes at a time."""

    def __init__(self, path: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.path = path
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._writer = self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=30, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -64000")
        self._opened.append(connection)
        return connection

    @property
    def _reader(self) -> sqlite3.Connection:
        connection = getattr(self._local, "reader", None)
        if connection is None:
            connection = self._local.reader = self._connect()
            connection.execute("PRAGMA query_only = 1")
        return connection

    def migrate(self) -> None:
        self._writer.executescript(SCHEMA)
        for table in ("event", "event_tag", "event_type"):
            for verb in ("UPDATE", "DELETE"):
                self._writer.executescript(_REFUSE.format(table=table, verb=verb))

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    def head(self) -> Head:
        return _head(self._reader)

    def position_at(self, recorded_at: int) -> int:
        sql = "SELECT position FROM event WHERE recorded_at <= ? ORDER BY recorded_at DESC, position DESC LIMIT 1"
        row = self._reader.execute(sql, (recorded_at,)).fetchone()
        return row[0] if row else 0

    def command(self, command_id: str) -> CommandKnown | None:
        return _commands(self._reader, [command_id]).get(command_id)

    def _load_types(self) -> dict[str, int]:
        return _types(self._reader)

    def _matching(self, items: Sequence[Item], limit: int | None) -> Found:
        matches, parameters = _positions(self._reader, items)
        return self._rows(f"position IN ({matches})", parameters, limit)

    def _matching_batch(self, asked: Sequence[Sequence[Item]]) -> list[Found | BaseException]:
        return [self._matching(items, None) for items in asked]

    def _page(self, after: int, limit: int | None) -> Found:
        return self._rows("position > ?", [after], limit)

    def _rows(self, condition: str, parameters: list[Any], limit: int | None) -> Found:
        # The head comes as the first row of the same statement, so both are of one snapshot.
        sql = (
            "SELECT * FROM (SELECT position, NULL, recorded_at, NULL FROM event ORDER BY position DESC LIMIT 1) "
            f"UNION ALL SELECT * FROM (SELECT position, type, recorded_at, entry FROM event WHERE {condition} "
            "ORDER BY position LIMIT ?)"
        )
        rows = self._reader.execute(sql, (*parameters, -1 if limit is None else limit)).fetchall()
        return (Head(rows[0][0], rows[0][2]), rows[1:]) if rows else (Head(0, 0), [])

    def _append_batch(self, asked: Sequence[Asked]) -> list[Recorded | BaseException]:
        with self._transaction():
            types = self._known_types(asked)
            head = _head(self._writer)
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

    def _known_types(self, asked: Sequence[Asked]) -> dict[str, int]:
        """The number of every type that the batch mentions and the log knows; those of its events are added."""
        wanted = {e.type for events, _ in asked for e in events}
        mentioned = {t for _, c in asked if c for i in c.fail_if_events_match.items for t in i.types}
        types = self._types
        if not (wanted | mentioned) <= types.keys():
            types = _types(self._writer)
            new = {name: len(types) + n for n, name in enumerate(sorted(wanted - types.keys()), 1)}
            self._writer.executemany("INSERT INTO event_type (name, id) VALUES (?, ?)", new.items())
            types = types | new
        return types

    def _matched(self, condition: DCBAppendCondition, types: dict[str, int], head: Head, rows: Sequence[_Row]) -> bool:
        """Whether anything in the log, or before in the batch, matches the condition."""
        items = _numbered(condition, types)
        if any(row.matches(item) for row in rows for item in items):
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

    def matches(self, item: Item) -> bool:
        return (
            self.position > item.after
            and (item.types is None or self.type in item.types)
            and all(tag in self.event.tags for tag in item.tags)
        )

    @property
    def command_id(self) -> str | None:
        return getattr(self.event, "command_id", None)

    @property
    def digest(self) -> bytes | None:
        return getattr(self.event, "command_digest", None)

    def columns(self, stamp: int) -> tuple[Any, ...]:
        entry = frame(stamp, self.event.type, " ".join(self.event.tags)) + self.event.data
        return self.position, self.type, stamp, self.command_id, self.digest, entry


def _numbered(condition: DCBAppendCondition, types: dict[str, int]) -> list[Item]:
    """The items of a condition with their types as numbers, without those that name only unknown types. A condition
    without items matches everything."""
    found = []
    for item in condition.fail_if_events_match.items or [DCBQueryItem()]:
        numbers = tuple(types[name] for name in item.types if name in types)
        if numbers or not item.types:
            found.append(Item(numbers or None, tuple(item.tags), condition.after or 0))
    return found


def _head(connection: sqlite3.Connection) -> Head:
    row = connection.execute(_HEAD).fetchone()
    return Head(*row) if row else Head(0, 0)


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


def _positions(connection: sqlite3.Connection, items: Sequence[Item]) -> tuple[str, list[Any]]:
    """SQL for the positions that match any of the items, and its parameters."""
    selects: list[str] = []
    parameters: list[Any] = []
    for item in items:
        types = f" AND type IN ({', '.join('?' * len(item.types))})" if item.types is not None else ""
        if not item.tags:
            selects.append(f"SELECT position FROM event WHERE position > ?{types}")
            parameters += [item.after, *(item.types or ())]
            continue
        first, *others = _rarest_first(connection, item.tags)
        sql = f"SELECT position FROM event_tag AS t WHERE tag = ? AND position > ?{types}"
        parameters += [first, item.after, *(item.types or ())]
        for other in others:
            sql += (
                " AND EXISTS (SELECT 1 FROM event_tag AS o WHERE o.tag = ? AND o.type = t.type"
                " AND o.position = t.position)"
            )
            parameters.append(other)
        selects.append(sql)
    return " UNION ".join(selects) or "SELECT position FROM event WHERE 0", parameters


def _rarest_first(connection: sqlite3.Connection, tags: Sequence[str]) -> Sequence[str]:
    """The tags with the one that has the fewest events in front. Counting stops at 256: beyond it all are common."""
    if len(tags) == 1:
        return tags
    sql = "SELECT count(*) FROM (SELECT 1 FROM event_tag WHERE tag = ? LIMIT 256)"
    return sorted(tags, key=lambda tag: connection.execute(sql, (tag,)).fetchone()[0])
