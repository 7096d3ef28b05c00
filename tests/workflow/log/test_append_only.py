"""What is in the log stays as it is, whoever asks."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from eventsourcing.dcb.api import DCBEvent
from psycopg import sql

from tests.workflow.log.tables import assert_whole, execute
from workflow.database import Database
from workflow.log import LogEvent, LogRecorder, open_log

TABLES = ["event", "event_tag", "event_type"]
CHANGES = [
    "UPDATE event SET entry = (SELECT entry FROM event WHERE position = 2)",
    "UPDATE event SET command_id = NULL WHERE position = 1",
    "UPDATE event_tag SET tag = 'a:2'",
    "UPDATE event_type SET name = 'other'",
    *(f"DELETE FROM {table}" for table in TABLES),
]
REPLACEMENTS = [
    "INSERT OR REPLACE INTO event VALUES (1, 1, 0, NULL, NULL, x'00')",
    "REPLACE INTO event VALUES (3, 1, 0, 'c-1', NULL, x'00')",
    "INSERT OR REPLACE INTO event_type VALUES (1, 'other')",
    "INSERT OR REPLACE INTO event_type VALUES (9, 'happened')",
    "INSERT INTO event VALUES (4, 1, 0, NULL, NULL, x'00')",
]


def fill(log: LogRecorder) -> list[tuple[int, bytes]]:
    log.record([LogEvent("happened", b'"data":1}', ["a:1"], "c-1"), DCBEvent("happened", b'"data":2}', ["a:1"])])
    return [(entry.position, entry.bytes) for entry in log.entries()]


def assert_unchanged(log: LogRecorder, database: Database, before: list[tuple[int, bytes]]) -> None:
    assert [(entry.position, entry.bytes) for entry in log.entries()] == before
    assert log.command("c-1") is not None
    assert_whole(database)


def test_nothing_can_be_changed_or_deleted(log, database):
    before = fill(log)
    for change in CHANGES:
        with pytest.raises((sqlite3.IntegrityError, psycopg.errors.RaiseException), match="append-only"):
            execute(database, change)
    assert_unchanged(log, database, before)


@pytest.fixture
def postgres(fresh_postgres_url):
    return Database.parse(fresh_postgres_url)


@pytest.fixture
def postgres_log(postgres):
    log = open_log(postgres)
    log.migrate()
    yield log
    log.close()


def test_no_table_can_be_emptied(postgres_log, postgres):
    before = fill(postgres_log)
    for table in TABLES:
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            execute(postgres, f"TRUNCATE {table} CASCADE")
    assert_unchanged(postgres_log, postgres, before)


def test_the_role_that_writes_may_only_read_and_insert(postgres_log, postgres):
    before = fill(postgres_log)
    for change in [*CHANGES, *(f"TRUNCATE {table}" for table in TABLES)]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            execute(postgres, change, role=f"{postgres.schema}_writer")
    assert_unchanged(postgres_log, postgres, before)


def test_the_log_itself_works_in_the_role_that_writes(postgres_log, postgres):
    with postgres_log._connection() as connection:
        assert connection.execute("SELECT current_user").fetchone() == (f"{postgres.schema}_writer",)


def test_the_triggers_are_not_passed_by_as_a_replica_would(postgres_log, postgres):
    before = fill(postgres_log)
    with psycopg.connect(postgres.url) as server:
        server.execute(sql.SQL("SET search_path = {}").format(sql.Identifier(postgres.schema)))
        server.execute("SET session_replication_role = replica")
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            server.execute("DELETE FROM event")
    assert_unchanged(postgres_log, postgres, before)


def test_nothing_can_be_replaced(tmp_path):
    """SQLite's REPLACE deletes rows without asking the triggers that refuse DELETE."""
    database = Database.parse(f"sqlite:///{tmp_path}/log.sqlite")
    log = open_log(database)
    log.migrate()
    before = fill(log)
    for replacement in REPLACEMENTS:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            execute(database, replacement)
    assert_unchanged(log, database, before)
    log.close()
