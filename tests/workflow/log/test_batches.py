"""Appends that share a transaction: none is the worse for its neighbours."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from tests.workflow.log.tables import assert_whole, execute
from workflow.database import Database
from workflow.log import CommandKnown, LogEvent, PostgresLog, Recorded

NONE_OF_A = DCBAppendCondition(DCBQuery([DCBQueryItem(["happened"], ["a:1"])]))


def happened(tag: str, command_id: str | None = None) -> list[DCBEvent]:
    return [LogEvent("happened", b'"data":1}', [tag], command_id, b"digest" if command_id else None)]


def test_a_refused_append_leaves_its_neighbours_alone(log, database):
    outcomes = log._append_batch(
        [
            (happened("b:1"), NONE_OF_A),
            (happened("a:1") * 2, NONE_OF_A),
            (happened("a:1"), NONE_OF_A),
            (happened("b:2"), None),
        ]
    )
    one, two, refused, four = outcomes
    assert [(each.first, each.last) for each in (one, two, four)] == [(1, 1), (2, 3), (4, 4)]
    assert isinstance(refused, IntegrityError)
    assert [found.event.tags for found in log.read()] == [["b:1"], ["a:1"], ["a:1"], ["b:2"]]
    assert_whole(database)


def test_a_command_that_is_twice_in_a_batch_is_recorded_once(log, database):
    log.record(happened("a:1", "known"))
    outcomes = log._append_batch(
        [
            (happened("a:2", "new"), None),
            (happened("a:3", "known"), None),
            (happened("a:4", "new"), None),
            (happened("a:5"), None),
        ]
    )
    assert [type(each) for each in outcomes] == [Recorded, CommandKnown, CommandKnown, Recorded]
    assert (outcomes[1].position, outcomes[1].digest) == (1, b"digest")
    assert (outcomes[2].position, outcomes[2].digest) == (2, b"digest")
    assert [found.event.tags for found in log.read()] == [["a:1"], ["a:2"], ["a:5"]]
    assert_whole(database)


def test_a_refused_command_may_be_sent_again(log):
    log.append(happened("a:1"))
    with pytest.raises(IntegrityError):
        log.record(happened("b:1", "c-1"), NONE_OF_A)
    assert log.command("c-1") is None
    assert log.record(happened("b:1", "c-1")).first == 2


def test_all_of_a_batch_is_recorded_at_the_same_time(log):
    outcomes = log._append_batch([(happened("a:1"), None), (happened("a:2") * 2, None)])
    assert len({each.recorded_at for each in outcomes} | {entry.recorded_at for entry in log.entries()}) == 1


def test_a_database_that_goes_away_in_mid_batch_is_an_error_for_all_and_the_log_works_again_afterwards(log, database):
    log.append(happened("a:1"))
    break_inserts(database)
    with ThreadPoolExecutor(12) as threads:
        lost = [threads.submit(log.append, happened(f"lost:{n}")) for n in range(12)]
    assert all(isinstance(each.exception(), sqlite3.Error | psycopg.Error) for each in lost)
    mend_inserts(database)
    with ThreadPoolExecutor(12) as threads:
        kept = [threads.submit(log.append, happened(f"kept:{n}")) for n in range(12)]
    assert sorted(each.result() for each in kept) == list(range(2, 14))
    assert not [found for found in log.read() if found.event.tags[0].startswith("lost:")]
    assert_whole(database)


def break_inserts(database: Database) -> None:
    """From now on, who appends loses the transaction and, where it is one to a server, the connection."""
    if database.path is not None:
        execute(
            database,
            "CREATE TRIGGER gone BEFORE INSERT ON event BEGIN SELECT RAISE(ROLLBACK, 'gone'); END",
        )
    else:
        execute(
            database,
            "CREATE FUNCTION go() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$",
        )
        execute(database, "CREATE TRIGGER gone BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION go()")


def mend_inserts(database: Database) -> None:
    execute(database, "DROP TRIGGER gone" if database.path is not None else "DROP TRIGGER gone ON event")


def test_when_the_server_restarts_one_error_is_all_that_is_seen(fresh_postgres_url):
    """All idle connections are broken then; the first to notice has the others replaced."""
    database = Database.parse(f"{fresh_postgres_url}&application_name=restarted")
    log = PostgresLog(database.url, database.schema)
    log.migrate()
    for _ in range(3):
        with log._pool.connection(), log._pool.connection():  # so that the append needs a third one
            log.append(happened("a:1"))
    killed = execute(
        database,
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
        "WHERE application_name = 'restarted' AND pid <> pg_backend_pid()",
    )
    assert len(killed) >= 3
    with pytest.raises(psycopg.OperationalError):
        log.append(happened("a:1"))
    assert [log.append(happened("a:1")) for _ in range(8)] == list(range(4, 12))
    log.close()
