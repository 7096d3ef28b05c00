"""What other processes do in the tests of the log. Each of the crew opens the log itself."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any, Protocol

import sqlalchemy
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError

from workflow.database import Database
from workflow.log import CommandKnown, LogEvent, LogRecorder, open_log

CREW = 4
PATIENCE = 30.0
"""Seconds after which something that must happen will not happen any more."""

_all: Barrier


def join(barrier: Barrier) -> None:
    """Every process of the crew begins with this."""
    global _all
    _all = barrier


class Meeting(Protocol):
    """Where contenders wait for each other: a barrier of threads or of processes."""

    def wait(self, timeout: float | None = None) -> Any: ...


def contend(log: LogRecorder, meeting: Meeting, name: str, meet_before: str) -> bool:
    """Be the first, and only, to record an event of the type and tag `name`; whether that was so."""
    query = DCBQuery([DCBQueryItem([name], [name])])
    if meet_before == "the read":
        meeting.wait(PATIENCE)
    seen = log.read(query)
    head = seen.head
    taken = any(True for _ in seen)
    if meet_before == "the append":
        meeting.wait(PATIENCE)
    if taken:
        return False
    try:
        log.append([DCBEvent(name, b'"data":1}', [name, "contest:1"])], DCBAppendCondition(query, head))
    except IntegrityError:
        return False
    return True


def contend_in(database: Database, names: Sequence[str], meet_before: str) -> list[bool]:
    """Contend for each of the names, together with the rest of the crew."""
    log = open_log(database)
    won = [contend(log, _all, name, meet_before) for name in names]
    log.close()
    return won


def migrate(database: Database) -> None:
    log = open_log(database)
    _all.wait(PATIENCE)
    log.migrate()
    log.close()


def open_new(databases: Sequence[Database]) -> list[str]:
    """Open each at the same time as everybody else of the crew; what went wrong."""
    wrong = []
    for database in databases:
        _all.wait(PATIENCE)
        try:
            open_log(database).close()
        except Exception as error:  # told, rather than raised: the others wait for us at the next one
            wrong.append(repr(error))
    return wrong


def ask(database: Database, command_id: str) -> tuple[str, int]:
    """Record the same command at the same time as everybody else of the crew."""
    log = open_log(database)
    _all.wait(PATIENCE)
    try:
        return "recorded", log.record([LogEvent("asked", b'"data":1}', ["a:1"], command_id, b"digest")]).first
    except CommandKnown as known:
        return "known", known.position
    finally:
        log.close()


def append_one(database: Database, name: str) -> int:
    log = open_log(database)
    position = log.append([DCBEvent(name, b'"data":1}', ["a:1"])])
    log.close()
    return position


def write(database: Database, process: int, threads: int, appends: int) -> dict[str, list[tuple[int, int]]]:
    """Append as fast as `threads` writers can; for each writer, the first and last position of each append."""
    log = open_log(database)
    _all.wait(PATIENCE)
    recorded: dict[str, list[tuple[int, int]]] = {f"{process}-{thread}": [] for thread in range(threads)}

    def work(writer: str) -> None:
        for number in range(appends):
            data = b'"data":{"number":%d}}' % number
            done = log.record([DCBEvent("written", data, [f"writer:{writer}"]) for _ in range(number % 3 + 1)])
            recorded[writer].append((done.first, done.last))

    workers = [threading.Thread(target=work, args=(writer,)) for writer in recorded]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    log.close()
    return recorded


def write_until_killed(database: Database, acknowledge: Connection, name: str) -> None:
    """Append commands of three events in four threads, and tell of each as soon as it is recorded."""
    log = open_log(database)
    telling = threading.Lock()

    def work(writer: str) -> None:
        for number in range(1_000_000):
            command_id = f"{name}-{writer}-{number}"
            events = [LogEvent("begun", b'"data":1}', [f"command:{command_id}", f"writer:{writer}"], command_id)]
            events += [LogEvent("gone-on", b'"data":2}', [f"command:{command_id}"]) for _ in range(2)]
            done = log.record(events)
            with telling:
                acknowledge.send((command_id, done.first))

    for writer in "abcd":
        threading.Thread(target=work, args=(writer,)).start()


def use_part(database: Database, part: str) -> int:
    """Be the first to use a part of the database, at the same time as everybody else of the crew."""
    _all.wait(PATIENCE)
    return select_one(database, part)


def select_one(database: Database, part: str) -> int:
    engine = database.engine(part)
    with engine.connect() as connection:
        found: int = connection.execute(sqlalchemy.text("SELECT 1")).scalar_one()
    engine.dispose()
    return found
