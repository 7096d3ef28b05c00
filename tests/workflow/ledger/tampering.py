"""Ways to tamper with an institution's database, as SQL by somebody who owns it, and a log to tamper with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import psycopg
from psycopg import sql

from tests.workflow.log.tables import execute
from workflow.database import Database
from workflow.entry import tail
from workflow.ids import UnitId, tags_of
from workflow.log import LogEvent, LogRecorder
from workflow.organisation.events import UnitDissolved, UnitRenamed
from workflow.slices import Context, Event

GUARDED = "event", "event_tag", "event_type", "log_source"


def record(log: LogRecorder, first: int, count: int) -> None:
    """Record commands of one, two or three events, numbered from `first` on."""
    for number in range(first, first + count):
        context = Context(actor="C1", command_id=f"c-{number}", today=date(2025, 1, 1))
        unit = UnitId(f"U{number}")
        facts: Sequence[Event] = [
            UnitRenamed(unit, "甲", "A", date(2025, 1, 1)),
            UnitRenamed(unit, "乙", "B", date(2025, 1, 2)),
            UnitDissolved(unit, date(2025, 1, 3)),
        ][: number % 3 + 1]
        events = [
            LogEvent(fact.TOPIC, tail(fact, context, place, "1", log.source), tags_of(fact))
            for place, fact in enumerate(facts, 1)
        ]
        events[0].command_id, events[0].command_digest = context.command_id, b"digest"
        log.record(events)


def unlock(database: Database) -> None:
    """Take away what refuses changes of the log: its owner can."""
    if database.path is not None:
        for (name,) in execute(database, "SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            execute(database, f"DROP TRIGGER {name}")
    else:
        for table in GUARDED:
            execute(database, f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def change(database: Database, *statements: str) -> None:
    """Change the tables of the log."""
    unlock(database)
    for statement in statements:
        execute(database, _in_words_of(database, statement))


def change_ledger(database: Database, *statements: str) -> None:
    """Change the tables of the ledger."""
    for statement in statements:
        if database.path is not None:
            execute(Database("", "", database.path.with_name("ledger.sqlite")), statement)
        else:
            with psycopg.connect(database.url) as server:
                place = sql.Identifier(f"{database.schema}_ledger")
                server.execute(sql.SQL("SET search_path = {}").format(place))
                server.execute(statement.encode())


def replaced(position: int, old: str, new: str) -> str:
    """The statement that replaces a text in an entry; `change` puts it into the words of the database."""
    return f"UPDATE event SET entry = REPLACED(entry, '{old}', '{new}') WHERE position = {position}"


def _in_words_of(database: Database, statement: str) -> str:
    words = r"CAST(replace(CAST(entry AS TEXT), \1) AS BLOB)"
    if database.path is None:
        words = r"convert_to(replace(convert_from(entry, 'UTF8'), \1), 'UTF8')"
    return re.sub(r"REPLACED\(entry, (.*?)\)", words, statement)
