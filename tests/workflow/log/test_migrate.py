"""Creating a log: as often as one likes, and whoever comes first."""

from __future__ import annotations

import threading

from eventsourcing.dcb.api import DCBEvent

from tests.workflow.log import crew as other_process
from tests.workflow.log.crew import CREW, PATIENCE
from tests.workflow.log.tables import assert_whole
from workflow.database import Database
from workflow.log import SQLiteLog, open_log


def test_migrating_again_keeps_what_is_there(log, database):
    log.append([DCBEvent("happened", b"x", ["a:1"])])
    log.migrate()
    assert log.append([DCBEvent("happened", b"x", ["a:1"])]) == 2
    assert [found.position for found in log.read()] == [1, 2]
    assert_whole(database)


def test_four_processes_may_migrate_at_once(database, crew):
    for migrating in [crew.submit(other_process.migrate, database) for _ in range(CREW)]:
        migrating.result()
    log = open_log(database)
    assert log.append([DCBEvent("happened", b"x", ["a:1"])]) == 1
    assert_whole(database)
    log.close()


def test_four_processes_may_open_a_new_file_at_once(tmp_path, crew):
    new = [Database.parse(f"sqlite:///{tmp_path}/{number}/log.sqlite") for number in range(40)]
    for opening in [crew.submit(other_process.open_new, new) for _ in range(CREW)]:
        assert opening.result() == []


def test_a_log_may_be_migrated_while_others_write(log, database):
    written = []
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            written.append(log.append([DCBEvent("happened", b"x", ["a:1"])]))

    writer = threading.Thread(target=write)
    writer.start()
    another = open_log(database)
    for _ in range(3):
        another.migrate()
    assert log.wait(another.head().position, PATIENCE)
    enough.set()
    writer.join(PATIENCE)
    another.close()
    assert written == list(range(1, log.head().position + 1))
    assert_whole(database)


def test_two_institutions_do_not_see_each_other(fresh_postgres_url):
    one, two = (Database.parse(fresh_postgres_url + suffix) for suffix in ("", "_two"))
    logs = open_log(one), open_log(two)
    for log in logs:
        log.migrate()
    logs[0].append([DCBEvent("happened", b"one", ["a:1"])] * 2)
    logs[1].append([DCBEvent("happened", b"two", ["a:1"])])
    assert [found.event.data for found in logs[0].read()] == [b"one", b"one"]
    assert [found.event.data for found in logs[1].read()] == [b"two"]
    for log in logs:
        log.close()


def test_threads_may_come_and_go(tmp_path):
    """Each thread that reads needs a connection of SQLite, but only while it reads."""
    log = SQLiteLog(tmp_path / "log.sqlite")
    log.migrate()
    for _ in range(20):
        thread = threading.Thread(target=lambda: list(log.read()))
        thread.start()
        thread.join(PATIENCE)
    assert len(log._opened) <= 2
    log.close()
