"""The log in PostgreSQL: for production, many processes and replicas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQueryItem
from eventsourcing.persistence import IntegrityError
from psycopg import sql
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute
from psycopg.pq import ExecStatus, Format
from psycopg.pq.abc import PGresult
from psycopg_pool import ConnectionPool

from workflow.entry import microseconds, untimed
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
CREATE SCHEMA IF NOT EXISTS {schema};
SET search_path = {schema};
CREATE TABLE IF NOT EXISTS event_type (id smallint PRIMARY KEY, name text NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS event (
    position bigint PRIMARY KEY,
    type smallint NOT NULL,
    recorded_at bigint NOT NULL,
    command_id text UNIQUE,
    command_digest bytea,
    entry bytea NOT NULL
);
CREATE INDEX IF NOT EXISTS event_by_type ON event (type, position);
CREATE TABLE IF NOT EXISTS log_source (one smallint PRIMARY KEY CHECK (one = 1), source text NOT NULL);
INSERT INTO log_source SELECT 1, 'urn:uuid:' || gen_random_uuid() ON CONFLICT DO NOTHING;
CREATE TABLE IF NOT EXISTS event_tag (
    tag text COLLATE "C" NOT NULL, type smallint NOT NULL, position bigint NOT NULL, PRIMARY KEY (tag, type, position)
);
CREATE OR REPLACE FUNCTION number_types(names text[]) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('resonance log ' || current_schema(), 0));
    INSERT INTO event_type
    SELECT (SELECT coalesce(max(id), 0) FROM event_type) + row_number() OVER (ORDER BY name), name
    FROM unnest(names) AS given (name) WHERE NOT EXISTS (SELECT FROM event_type AS t WHERE t.name = given.name);
END
$$;
-- Events come as parallel arrays, and so do looks; `request` tells of which append they are. An entry comes without its
-- time. `types` is how many types the caller knew: if there are more by now, nothing is done, and head is null.
CREATE OR REPLACE FUNCTION append(
    now bigint, types bigint,
    requests int[], numbers smallint[], tags text[], commands text[], digests bytea[], entries bytea[],
    asking int[], afters bigint[], wanted smallint[], about text[],
    OUT head bigint, OUT stamped bigint, OUT known int[], OUT conflicts int[]
) LANGUAGE plpgsql AS
$$
#variable_conflict use_column
DECLARE
    opening bytea;
BEGIN
    -- Each statement below has a snapshot of its own, taken after the lock: it sees all that was committed before.
    PERFORM pg_advisory_xact_lock(hashtextextended('resonance log ' || current_schema(), 0));
    IF EXISTS (SELECT FROM event_type WHERE id > types) THEN
        RETURN;
    END IF;
    SELECT position, recorded_at INTO head, stamped FROM event ORDER BY position DESC LIMIT 1;
    head := coalesce(head, 0);
    stamped := greatest(now, coalesce(stamped, 0));
    opening := convert_to('{{"time":"' || to_char(timestamp 'epoch' + stamped * interval '1 microsecond',
                                                 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '",', 'UTF8');
    known := ARRAY (SELECT request FROM unnest(requests, commands) AS e (request, command)
                    JOIN event ON command_id = command);
    conflicts := ARRAY (SELECT request FROM unnest(asking, afters, wanted, about) AS look (request, after, type, tags)
                        WHERE EXISTS (SELECT FROM {matches}));
    WITH kept AS MATERIALIZED (
        SELECT head + row_number() OVER (ORDER BY place) AS position, type, borne, command, digest, entry
        FROM unnest(requests, numbers, tags, commands, digests, entries)
            WITH ORDINALITY AS e (request, type, borne, command, digest, entry, place)
        WHERE request <> ALL (known || conflicts)
    ), inserted AS (
        INSERT INTO event SELECT position, type, stamped, command, digest, opening || entry FROM kept
    )
    INSERT INTO event_tag SELECT tag, type, position FROM kept, unnest(string_to_array(borne, ' ')) AS tag;
END
$$;
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME; END $$;
"""

_GUARD = """
CREATE OR REPLACE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE OR REPLACE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only;
ALTER TABLE {table} ENABLE ALWAYS TRIGGER never_emptied;
"""

_GRANTS = """
GRANT USAGE ON SCHEMA {schema} TO {writer};
GRANT SELECT, INSERT ON event, event_tag, event_type TO {writer};
GRANT SELECT ON log_source TO {writer};
GRANT {writer} TO CURRENT_USER;
"""

# Only look-ups by index are ever right here, and the statements never change: no time is spent on planning them again.
_SESSION = """
SET search_path = {schema}; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
SET enable_bitmapscan = off; SET jit = off; SET plan_cache_mode = force_generic_plan; SET synchronous_commit = on;
SET default_transaction_isolation = 'read committed';
"""

# A look into an index is for one type: so a rare type is found at once among the many events of a tag, and so is the
# first page of them. Of each, `most` positions are enough. Its tags are joined by spaces (NULL: any); with several, it
# starts from the rarest; counting stops at 256, beyond which all are common.
_MATCHES = """
LATERAL (
    (SELECT position FROM event_tag AS t
    WHERE tag = CASE WHEN strpos(look.tags, ' ') = 0 THEN look.tags ELSE (
            SELECT u FROM unnest(string_to_array(look.tags, ' ')) AS u ORDER BY (SELECT count(*) FROM (
                SELECT FROM event_tag AS c WHERE c.tag = u AND c.type = look.type AND c.position > look.after LIMIT 256
            ) AS counted) LIMIT 1) END
        AND type = look.type AND position > look.after
        AND (strpos(look.tags, ' ') = 0 OR NOT EXISTS (
            SELECT FROM unnest(string_to_array(look.tags, ' ')) AS u WHERE NOT EXISTS (
                SELECT FROM event_tag o WHERE o.tag = u AND o.type = look.type AND o.position = t.position)))
    ORDER BY position LIMIT {most})
    UNION ALL
    (SELECT position FROM event WHERE look.tags IS NULL AND type = look.type AND position > look.after
    ORDER BY position LIMIT {most})
) AS m
"""

_HEAD = "(SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1)"
_HEAD_ROW = f"SELECT -1, position, (SELECT max(id) FROM event_type), recorded_at, ''::bytea FROM {_HEAD} AS head"

# Looks arrive as parallel arrays: static text that is prepared once, however many there are.
_READ = (
    f"{_HEAD_ROW} UNION ALL "
    "SELECT * FROM (SELECT found.request, e.position, e.type, e.recorded_at, e.entry FROM "
    "(SELECT DISTINCT request, m.position FROM "
    "unnest($2::int[], $3::bigint[], $4::smallint[], $5::text[]) AS look (request, after, type, tags) "
    f"CROSS JOIN {_MATCHES.format(most='$1::bigint')} ORDER BY m.position LIMIT $1::bigint) AS found "
    "JOIN event e ON e.position = found.position ORDER BY e.position) AS listed"
)
_PAGE = (
    f"{_HEAD_ROW} UNION ALL SELECT * FROM (SELECT 0, position, type, recorded_at, entry FROM event "
    "WHERE position > $1::bigint ORDER BY position LIMIT $2::bigint) AS listed"
)
STREAMED = 2_000
"""Rows that the server sends at once when all of the log is read."""

_APPEND = "SELECT * FROM append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"


class _Connection(psycopg.Connection[Any]):
    """Runs the statements that commands share straight on libpq, each prepared when first used: what a cursor does
    around one takes several times the processor time of libpq, and lets other threads in more than once."""

    def run(self, statement: str, *parameters: bytes | None) -> list[Any]:
        """The rows. Parameters are in the form of texts that PostgreSQL reads."""
        prepared: dict[str, bytes] = self.__dict__.setdefault("_prepared_here", {})
        if statement not in prepared:
            name = b"log_%d" % len(prepared)
            _checked(self.pgconn.prepare(name, statement.encode()))
            prepared[statement] = name
        self.pgconn.send_query_prepared(prepared[statement], parameters, result_format=Format.BINARY)
        [result] = self.wait(execute(self.pgconn))
        transformer = Transformer(self)
        transformer.set_pgresult(_checked(result))
        return transformer.load_rows(0, result.ntuples, tuple)


def _checked(result: PGresult) -> PGresult:
    if result.status not in (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK):
        raise error_from_result(result)
    return result


class PostgresLog(LogRecorder):
    """The log in one PostgreSQL schema. Conditions of commands that wait are read together, as are their appends."""

    def __init__(self, url: str, schema: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.schema = schema
        self._pool = self._new_pool()

    def _new_pool(self) -> ConnectionPool[_Connection]:
        return ConnectionPool(
            self.url,
            connection_class=_Connection,
            min_size=0,
            max_size=8,
            timeout=10,
            open=True,
            configure=self._configure,
            kwargs={"autocommit": True},
        )

    @property
    def _identifiers(self) -> dict[str, sql.Identifier]:
        return {"schema": sql.Identifier(self.schema), "writer": sql.Identifier(f"{self.schema}_writer")}

    def _configure(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(sql.SQL(_SESSION).format(**self._identifiers))
        writer = f"{self.schema}_writer"
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (writer,)).fetchone():
            connection.execute(sql.SQL("SET ROLE {writer}").format(**self._identifiers))
        connection.prepare_threshold = 0

    def migrate(self) -> None:
        with psycopg.connect(self.url) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('resonance migrate'))")  # roles are the server's
            connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('resonance log ' || %s, 0))", (self.schema,)
            )
            writer = f"{self.schema}_writer"
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (writer,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {writer} NOLOGIN").format(**self._identifiers))
            matches = sql.SQL(_MATCHES.format(most=1))
            connection.execute(sql.SQL(SCHEMA).format(**self._identifiers, matches=matches))
            for table in ("event", "event_tag", "event_type", "log_source"):
                connection.execute(sql.SQL(_GUARD).format(table=sql.Identifier(table)))
            connection.execute(sql.SQL(_GRANTS).format(**self._identifiers))
        self._pool.close()
        self._pool = self._new_pool()

    def close(self) -> None:
        self._pool.close()

    def head(self) -> Head:
        row = self._one(f"SELECT * FROM {_HEAD} AS head", ())
        return Head(*row) if row else Head(0, 0)

    def command(self, command_id: str) -> CommandKnown | None:
        row = self._one("SELECT position, command_digest FROM event WHERE command_id = %s", (command_id,))
        return CommandKnown(*row) if row else None

    def _one(self, statement: str, parameters: tuple[Any, ...]) -> Any:
        with self._connection() as connection:
            return connection.execute(statement, parameters).fetchone()

    @contextmanager
    def _connection(self) -> Iterator[_Connection]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.OperationalError:
            # When the server restarts, all connections break at once: one error is enough to have them replaced.
            self._pool.check()
            raise

    def rows(self, after: int = 0) -> Iterator[StoredRow]:
        sql = "SELECT position, type, recorded_at, command_id, entry FROM event WHERE position > %s ORDER BY position"
        yield from self._streamed(sql, (after,))

    def tag_rows(self, upto: int) -> Iterator[tuple[str, int, int]]:
        yield from self._streamed("SELECT tag, type, position FROM event_tag WHERE position <= %s", (upto,))

    def _streamed(self, statement: str, parameters: tuple[Any, ...]) -> Iterator[Any]:
        """Many rows, which the server gives as they are wanted, on a connection of their own."""
        with psycopg.connect(self.url) as connection:
            self._configure(connection)
            with connection.cursor(name="streamed", binary=True) as cursor:
                cursor.itersize = STREAMED
                yield from cursor.execute(statement.encode(), parameters)

    def strays(self) -> list[int]:
        with self._connection() as connection:
            return [position for (position,) in connection.execute(STRAYS).fetchall() if position is not None]

    def _load_source(self) -> str:
        return str(self._one("SELECT source FROM log_source", ())[0])

    def _load_types(self) -> dict[str, int]:
        with self._connection() as connection:
            return dict(connection.execute("SELECT name, id FROM event_type").fetchall())

    def _matching(self, items: Sequence[Item], limit: int) -> Found:
        return self._read([items], limit)[0]

    def _matching_batch(self, asked: Sequence[Sequence[Item]]) -> list[Found | BaseException]:
        return [*self._read(asked, None)]

    def _page(self, after: int, limit: int | None) -> Found:
        with self._connection() as connection:
            return _found(connection.run(_PAGE, b"%d" % after, _text(limit)), 1)[0]

    def _read(self, asked: Sequence[Sequence[Item]], limit: int | None) -> list[Found]:
        looks = _looks((n, item) for n, items in enumerate(asked) for item in items)
        with self._connection() as connection:
            return _found(connection.run(_READ, _text(limit), *looks), len(asked))

    def _append_batch(self, asked: Sequence[Asked]) -> list[Recorded | BaseException]:
        outcomes: list[Recorded | BaseException] = []
        while len(outcomes) < len(asked):
            together = _apart(asked[len(outcomes) :])
            try:
                outcomes += self._append(together)
            except psycopg.Error as error:  # what was appended before stays appended
                outcomes += [error] * (len(asked) - len(outcomes))
        return outcomes

    def _append(self, asked: Sequence[Asked]) -> list[Recorded | BaseException]:
        self._number({each.type for events, _ in asked for each in events})
        while True:
            known = len(self._types)
            parameters = (_text(microseconds(self.now())), _text(known), *self._events(asked), *self._conditions(asked))
            with self._connection() as connection:
                [(head, recorded_at, repeated, conflicts)] = connection.run(_APPEND, *parameters)
            if head is not None:
                break
            self._learn(self._load_types())  # a condition may be about a type that we did not know
        outcomes: list[Recorded | BaseException] = []
        for number, (events, condition) in enumerate(asked):
            if number in repeated:
                outcomes.append(next(filter(None, map(self.command, command_ids(events)))))
            elif number in conflicts:
                outcomes.append(IntegrityError(condition))
            else:
                outcomes.append(Recorded(head + 1, head + len(events), recorded_at))
                head += len(events)
        return outcomes

    def _number(self, names: set[str]) -> None:
        """Give types that were never recorded their numbers, for ever."""
        if new := names - self._types.keys():
            with self._connection() as connection:
                connection.execute("SELECT number_types(%s)", (sorted(new),))
            self._learn(self._load_types())

    def _events(self, asked: Sequence[Asked]) -> list[bytes]:
        """Parallel arrays: the append that each event is of, type, tags, command id, digest, and entry without time."""
        rows = [
            (
                number,
                self._types[each.type],
                " ".join(dict.fromkeys(each.tags)),
                getattr(each, "command_id", None),
                _bytea(getattr(each, "command_digest", None)),
                _bytea(untimed(each.type, " ".join(each.tags)) + each.data),
            )
            for number, (events, _) in enumerate(asked)
            for each in events
        ]
        return [_array(column) for column in zip(*rows, strict=True)]

    def _conditions(self, asked: Sequence[Asked]) -> list[bytes]:
        return _looks(
            (number, item)
            for number, (_, condition) in enumerate(asked)
            if condition
            for item in numbered(
                condition.fail_if_events_match.items or [DCBQueryItem()], condition.after or 0, self._types
            )
        )


def _apart(asked: Sequence[Asked]) -> Sequence[Asked]:
    """The first so many that one statement can append: until one whose condition may be failed by what goes before it,
    or which is the same command. That one is for the next statement."""
    commands: set[str] = set()
    met: dict[str, list[DCBEvent]] = {}
    for number, (events, condition) in enumerate(asked):
        own = command_ids(events)
        if not commands.isdisjoint(own) or (condition is not None and _meets(condition, met)):
            return asked[:number]
        commands.update(own)
        for event in events:
            for tag in ("", *event.tags):
                met.setdefault(tag, []).append(event)
    return asked


def _meets(condition: DCBAppendCondition, met: Mapping[str, Sequence[DCBEvent]]) -> bool:
    """Whether one of the events, which are given by tag (and all of them by ""), may fail the condition."""
    return any(
        (not item.types or event.type in item.types) and set(item.tags).issubset(event.tags)
        for item in condition.fail_if_events_match.items or [DCBQueryItem()]
        for event in met.get(item.tags[0] if item.tags else "", ())
    )


def _looks(items: Iterable[tuple[int, Item]]) -> list[bytes]:
    """Parallel arrays of one look for each type: who asks, after, type, tags."""
    rows = [(n, item.after, type_, " ".join(item.tags) or None) for n, item in items for type_ in item.types]
    return [_array(column) for column in zip(*rows, strict=True)] or [b"{}"] * 4


def _array(values: Iterable[int | str | None]) -> bytes:
    """An array as PostgreSQL reads it."""
    return f"{{{','.join(map(_quoted, values))}}}".encode()


def _quoted(value: int | str | None) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return "NULL" if value is None else str(value)


def _bytea(value: bytes | None) -> str | None:
    return None if value is None else f"\\x{value.hex()}"


def _text(value: int | None) -> bytes | None:
    return None if value is None else b"%d" % value


def _found(rows: Sequence[Any], requests: int) -> list[Found]:
    """The head, and for each request its rows (position, type, recorded_at, entry)."""
    found: list[list[Any]] = [[] for _ in range(requests)]
    head, types = Head(0, 0), 0
    for request, position, type_, recorded_at, entry in rows:
        if request < 0:
            head, types = Head(position, recorded_at), type_
        else:
            found[request].append((position, type_, recorded_at, entry))
    return [Found(head, types, each) for each in found]
