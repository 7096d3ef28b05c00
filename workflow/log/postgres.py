"""The log in PostgreSQL: for production, many processes and replicas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
import psycopg
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQueryItem
from eventsourcing.persistence import IntegrityError
from psycopg import sql
from psycopg_pool import ConnectionPool

from workflow.entry import microseconds
from workflow.log.queries import Item
from workflow.log.recorder import Asked, CommandKnown, Found, Head, LogRecorder, Recorded, command_ids

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
CREATE OR REPLACE FUNCTION append(asked jsonb, now bigint)
RETURNS TABLE (outcome text, first bigint, last bigint, stamped bigint, digest bytea) LANGUAGE plpgsql AS
$$
#variable_conflict use_column
DECLARE
    head bigint; opening text;
BEGIN
    -- Each statement below has a snapshot of its own, taken after the lock: it sees all that was committed before.
    PERFORM pg_advisory_xact_lock(hashtextextended('resonance log ' || current_schema(), 0));
    SELECT position, recorded_at INTO head, stamped FROM event ORDER BY position DESC LIMIT 1;
    head := coalesce(head, 0);
    stamped := greatest(now, coalesce(stamped, 0));
    opening := '{{"time":"' || to_char(timestamp 'epoch' + stamped * interval '1 microsecond',
                                      'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","type":"';
    INSERT INTO event_type
    SELECT (SELECT coalesce(max(id), 0) FROM event_type) + row_number() OVER (ORDER BY name), name
    FROM (SELECT DISTINCT e ->> 0 AS name FROM jsonb_array_elements(asked) AS r,
          LATERAL jsonb_array_elements(r -> 'events') AS e) AS mentioned
    WHERE NOT EXISTS (SELECT 1 FROM event_type AS t WHERE t.name = mentioned.name);
    RETURN QUERY
    WITH request AS MATERIALIZED (
        SELECT number, r FROM jsonb_array_elements(asked) WITH ORDINALITY AS a (r, number)
    ), known AS MATERIALIZED (
        SELECT DISTINCT ON (number) number, position, command_digest
        FROM request CROSS JOIN LATERAL jsonb_array_elements_text(r -> 'commands') AS command
        JOIN event ON command_id = command ORDER BY number, position
    ), item AS MATERIALIZED (
        SELECT *, 1 AS most, {start} AS start FROM (
            SELECT number, (r ->> 'after')::bigint AS after,
                   CASE WHEN i -> 0 <> '[]' THEN ARRAY (SELECT id FROM event_type
                            WHERE name = ANY (ARRAY (SELECT jsonb_array_elements_text(i -> 0))))
                        WHEN i -> 1 <> '[]' THEN ARRAY (SELECT id FROM event_type) END AS types,
                   CASE WHEN i -> 1 <> '[]' THEN ARRAY (SELECT jsonb_array_elements_text(i -> 1)) END AS tags
            FROM request CROSS JOIN LATERAL jsonb_array_elements(r -> 'items') AS i
            WHERE (r ->> 'after')::bigint < head) AS given
    ), refused AS MATERIALIZED (
        SELECT number FROM known UNION SELECT number FROM item WHERE EXISTS (SELECT 1 FROM {matches})
    ), row AS MATERIALIZED (
        SELECT number, head + row_number() OVER (ORDER BY number, place) AS position, id AS type, e
        FROM request CROSS JOIN LATERAL jsonb_array_elements(r -> 'events') WITH ORDINALITY AS x (e, place)
        JOIN event_type ON name = e ->> 0
        WHERE NOT EXISTS (SELECT 1 FROM refused WHERE refused.number = request.number)
    ), inserted AS (
        INSERT INTO event SELECT position, type, stamped, e ->> 3, decode(e ->> 4, 'base64'),
            convert_to(opening || (e ->> 0) || '","tags":"'
                || (SELECT coalesce(string_agg(t, ' ' ORDER BY n), '')
                    FROM jsonb_array_elements_text(e -> 1) WITH ORDINALITY AS g (t, n)) || '",', 'UTF8')
            || decode(e ->> 2, 'base64')
        FROM row
    ), tagged AS (
        INSERT INTO event_tag
        SELECT DISTINCT t, type, position FROM row CROSS JOIN LATERAL jsonb_array_elements_text(e -> 1) AS t
    ), placed AS (
        SELECT number, min(position) AS first, max(position) AS last FROM row GROUP BY number
    )
    SELECT CASE WHEN known.number IS NOT NULL THEN 'known' WHEN placed.number IS NULL THEN 'conflict'
                ELSE 'recorded' END,
           coalesce(known.position, placed.first), placed.last, stamped, known.command_digest
    FROM request LEFT JOIN known USING (number) LEFT JOIN placed USING (number) ORDER BY number;
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

# A tagged item starts from its rarest tag; counting stops at 256, beyond which all are common.
_START = """
CASE WHEN array_length(tags, 1) = 1 THEN tags[1] ELSE (
    SELECT u FROM unnest(tags) u ORDER BY (
        SELECT count(*) FROM (SELECT 1 FROM event_tag c WHERE c.tag = u LIMIT 256) AS counted) LIMIT 1) END
"""

# Items arrive as parallel arrays: request, after, type numbers joined by commas (NULL: any), tags joined by spaces
# (NULL: any). Static text with array parameters is prepared once, however many items there are.
_ITEMS = f"""
WITH item AS MATERIALIZED (
    SELECT *, %s::int AS most, {_START} AS start FROM (
        SELECT request, after, string_to_array(types, ',')::smallint[] AS types, string_to_array(tags, ' ') AS tags
        FROM unnest(%s::int[], %s::bigint[], %s::text[], %s::text[]) AS i (request, after, types, tags)) AS given
)
"""

# One look into an index for each type: so a rare type is found at once among the many events of a tag, and so is the
# first page of them. Of each type, `most` positions are enough.
_MATCHES = """
LATERAL (
    SELECT e.position FROM unnest(item.types) AS y CROSS JOIN LATERAL (
        SELECT position FROM event_tag AS t WHERE tag = item.start AND type = y AND position > item.after
            AND (array_length(item.tags, 1) = 1 OR NOT EXISTS (
                SELECT 1 FROM unnest(item.tags) AS u WHERE NOT EXISTS (
                    SELECT 1 FROM event_tag o WHERE o.tag = u AND o.type = y AND o.position = t.position)))
        ORDER BY position LIMIT item.most) AS e
    WHERE item.tags IS NOT NULL
    UNION ALL
    SELECT e.position FROM unnest(item.types) AS y CROSS JOIN LATERAL (
        SELECT position FROM event WHERE type = y AND position > item.after ORDER BY position LIMIT item.most) AS e
    WHERE item.tags IS NULL
    UNION ALL
    (SELECT position FROM event WHERE item.tags IS NULL AND item.types IS NULL AND position > item.after
        ORDER BY position LIMIT item.most)
) AS m
"""

_HEAD = "(SELECT position, recorded_at FROM event ORDER BY position DESC LIMIT 1)"
_HEAD_ROW = f"SELECT -1, position, (SELECT max(id) FROM event_type), recorded_at, ''::bytea FROM {_HEAD} AS head"

_READ = (
    f"{_ITEMS} {_HEAD_ROW} UNION ALL "
    "SELECT * FROM (SELECT found.request, e.position, e.type, e.recorded_at, e.entry FROM "
    f"(SELECT DISTINCT item.request, m.position FROM item CROSS JOIN {_MATCHES} ORDER BY m.position LIMIT %s) AS found "
    "JOIN event e ON e.position = found.position ORDER BY e.position) AS listed"
)
_PAGE = (
    f"{_HEAD_ROW} UNION ALL SELECT * FROM (SELECT 0, position, type, recorded_at, entry FROM event "
    "WHERE position > %s ORDER BY position LIMIT %s) AS listed"
)


class PostgresLog(LogRecorder):
    """The log in one PostgreSQL schema. Conditions of commands that wait are read together, as are their appends."""

    def __init__(self, url: str, schema: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url = url
        self.schema = schema
        self._pool = self._new_pool()

    def _new_pool(self) -> ConnectionPool[psycopg.Connection[Any]]:
        return ConnectionPool(
            self.url,
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
            fragments = {"start": sql.SQL(_START), "matches": sql.SQL(_MATCHES)}
            connection.execute(sql.SQL(SCHEMA).format(**self._identifiers, **fragments))
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
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            with self._pool.connection() as connection:
                yield connection
        except psycopg.OperationalError:
            # When the server restarts, all connections break at once: one error is enough to have them replaced.
            self._pool.check()
            raise

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
            return _found(connection.execute(_PAGE, (after, limit), binary=True).fetchall(), 1)[0]

    def _read(self, asked: Sequence[Sequence[Item]], limit: int | None) -> list[Found]:
        numbered = [(n, item) for n, items in enumerate(asked) for item in items]
        with self._connection() as connection:
            cursor = connection.execute(_READ, (limit, *_arrays(numbered), limit), binary=True)
            return _found(cursor.fetchall(), len(asked))

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
        parameters = (_asked(asked), microseconds(self.now()))
        with self._connection() as connection:
            cursor = connection.execute("SELECT * FROM append(%s, %s)", parameters, binary=True)
            return [_outcome(row, condition) for row, (_, condition) in zip(cursor, asked, strict=True)]


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


def _asked(asked: Sequence[Asked]) -> str:
    """The batch as one JSON text: a single parameter costs the least on both sides."""
    return msgspec.json.encode(
        [
            {
                "commands": command_ids(events),
                "after": condition and (condition.after or 0),
                "items": [(i.types, i.tags) for i in condition.fail_if_events_match.items or [DCBQueryItem()]]
                if condition
                else [],
                "events": [
                    (e.type, e.tags, e.data, getattr(e, "command_id", None), getattr(e, "command_digest", None))
                    for e in events
                ],
            }
            for events, condition in asked
        ]
    ).decode()


def _outcome(row: Any, condition: Any) -> Recorded | BaseException:
    outcome, first, last, recorded_at, digest = row
    if outcome == "recorded":
        return Recorded(first, last, recorded_at)
    return CommandKnown(first, digest) if outcome == "known" else IntegrityError(condition)


def _arrays(numbered: Sequence[tuple[int, Item]]) -> tuple[list[int], list[int], list[str | None], list[str | None]]:
    return (
        [number for number, _ in numbered],
        [item.after for _, item in numbered],
        [None if item.types is None else ",".join(map(str, item.types)) for _, item in numbered],
        [" ".join(item.tags) or None for _, item in numbered],
    )


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
