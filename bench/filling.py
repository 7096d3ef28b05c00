"""A log of so many events, on either database, made once a run and shared by the measurements that only read it."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from datetime import time as clock
from functools import partial

import psycopg
from psycopg import sql

from bench.history import history
from bench.places import Place, Places
from workflow.entry import tail
from workflow.ids import tags_of
from workflow.log import LogEvent, open_log
from workflow.slices import Context

BATCH = 2_000


def filled(places: Places, kind: str, events: int) -> Place:
    """A place whose log holds just so many events; kept until all is over."""
    key = f"{kind}-{events}"
    if key not in places.kept:
        started = time.perf_counter()
        if kind == "sqlite":
            place = places.keep(key, kind)
            _fill(place, events)
        else:
            source = filled(places, "sqlite", events)
            place = places.keep(key, kind)
            _copy(source, place)
        places.settle(place)
        seconds = time.perf_counter() - started
        print(f"  filled a {kind} log with {events:,} events in {seconds:.0f} s", file=sys.stderr, flush=True)
    return places.kept[key]


def _fill(place: Place, events: int) -> None:
    log = open_log(place.database)
    log.migrate()
    left = events
    for moment, batch in _batches(events):
        log.now = partial(_same, moment)
        log.append(batch[:left])
        left -= len(batch)
        if left <= 0:
            break
    log.close()


def _batches(events: int) -> Iterator[tuple[datetime, list[LogEvent]]]:
    batch: list[LogEvent] = []
    for number, (day, facts) in enumerate(history(events)):
        context = Context(actor=f"clerk-{number % 40:02}", command_id=f"bench-{number:07}", today=day)
        appended = [LogEvent(f.TOPIC, tail(f, context, n, "1"), tags_of(f)) for n, f in enumerate(facts, 1)]
        appended[0].command_id, appended[0].command_digest = context.command_id, b"\0" * 32
        batch += appended
        if len(batch) >= BATCH:
            yield datetime.combine(day, clock(9), UTC), batch
            batch = []


def _same(moment: datetime) -> datetime:
    return moment


def _copy(source: Place, place: Place) -> None:
    """The rows of a SQLite log, byte for byte, into an empty PostgreSQL one, in the order of its primary keys."""
    log = open_log(place.database)
    log.migrate()
    log.close()
    assert source.database.path is not None
    read = sqlite3.connect(source.database.path)
    with psycopg.connect(place.server, autocommit=True) as connection:
        connection.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(place.database.schema)))
        for table, columns, types in (
            ("event_type", "id, name", ["int2", "text"]),
            ("event_tag", "tag, type, position", ["text", "int2", "int8"]),
            (
                "event",
                "position, type, recorded_at, command_id, command_digest, entry",
                ["int8", "int2", "int8", "text", "bytea", "bytea"],
            ),
        ):
            into = f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"
            with connection.cursor().copy(into) as copy:
                copy.set_types(types)
                for row in read.execute(f"SELECT {columns} FROM {table} ORDER BY {columns}"):
                    copy.write_row(row)
    read.close()
