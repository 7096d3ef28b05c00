"""Kill -9 in mid-append: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import multiprocessing

from eventsourcing.dcb.api import DCBEvent

from tests.workflow.log.crew import PATIENCE, write_until_killed
from tests.workflow.log.tables import assert_whole, execute
from workflow.log import LogRecorder

LIVES = [1, 60]
"""After how many acknowledged appends each writing process is killed."""


def test_nothing_acknowledged_is_lost_and_nothing_is_half_there(log, database):
    context = multiprocessing.get_context("spawn")
    acknowledged: dict[str, int] = {}
    for life, count in enumerate(LIVES):
        ours, theirs = context.Pipe(duplex=False)
        child = context.Process(target=write_until_killed, args=(database, theirs, f"life{life}"))
        child.start()
        theirs.close()
        for _ in range(count):
            assert ours.poll(PATIENCE)
            acknowledged.update([ours.recv()])
        child.kill()
        child.join(PATIENCE)
        try:
            while True:
                acknowledged.update([ours.recv()])
        except EOFError:  # all that it told before it died has been heard
            ours.close()

    # Waits for the writer's lock: whatever the database still did for the dead is done after this.
    last = log.append([DCBEvent("after", b'"data":1}')])
    assert log.head().position == last
    assert_whole(database)
    assert_whole_commands(log)
    first = dict(execute(database, "SELECT command_id, position FROM event WHERE command_id IS NOT NULL"))
    assert len(acknowledged) >= sum(LIVES)
    assert acknowledged.items() <= first.items()


def assert_whole_commands(log: LogRecorder) -> None:
    """Each command has its three events, side by side."""
    topics: dict[str, list[tuple[int, str]]] = {}
    for entry in log.entries():
        command = next((tag for tag in entry.bytes.decode().split('"')[11].split() if tag.startswith("command:")), None)
        if command:
            topics.setdefault(command, []).append((entry.position, entry.topic))
    for (first, begun), second, third in topics.values():
        assert (begun, second, third) == ("begun", (first + 1, "gone-on"), (first + 2, "gone-on"))
