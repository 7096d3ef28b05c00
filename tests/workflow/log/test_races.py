"""Two who want the same: exactly one gets it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from eventsourcing.dcb.api import DCBEvent

from tests.workflow.log import crew as other_process
from tests.workflow.log.crew import CREW, contend
from tests.workflow.log.tables import assert_whole
from workflow.log import CommandKnown, LogEvent

ROUNDS = [f"prize-{n}" for n in range(12)]
"""Each round is about a type that was never recorded before: the hardest case, for a recorder that numbers types."""

moments = pytest.mark.parametrize("meet_before", ["the read", "the append"])


@moments
def test_of_eight_threads_exactly_one_wins(log, database, meet_before):
    meeting = threading.Barrier(8)
    with ThreadPoolExecutor(8) as threads:
        for name in ROUNDS:
            contest = [threads.submit(contend, log, meeting, name, meet_before) for _ in range(8)]
            assert [each.result() for each in contest].count(True) == 1
    assert [found.event.type for found in log.read()] == ROUNDS
    assert_whole(database)


@moments
def test_of_four_processes_exactly_one_wins(log, database, crew, meet_before):
    contest = [crew.submit(other_process.contend_in, database, ROUNDS, meet_before) for _ in range(CREW)]
    won = [each.result() for each in contest]
    assert [sum(of_round) for of_round in zip(*won, strict=True)] == [1] * len(ROUNDS)
    assert [found.event.type for found in log.read()] == ROUNDS
    assert_whole(database)


def test_of_four_processes_that_send_the_same_command_one_records_it(log, database, crew):
    answers = [each.result() for each in [crew.submit(other_process.ask, database, "c-1") for _ in range(CREW)]]
    assert sorted(answers) == [("known", 1)] * (CREW - 1) + [("recorded", 1)]
    assert log.head().position == 1


def test_a_known_command_is_told_where_it_was_recorded(log, database):
    log.append([DCBEvent("other", b"x")])
    first = log.record([LogEvent("asked", b"x", ["a:1"], "c-1", b"digest"), LogEvent("asked", b"y", ["a:1"])])
    assert (first.first, first.last) == (2, 3)
    with pytest.raises(CommandKnown) as known:
        log.record([LogEvent("asked", b"x", ["a:1"], "c-1", b"another digest")])
    assert (known.value.position, known.value.digest) == (2, b"digest")
    found = log.command("c-1")
    assert found is not None
    assert (found.position, found.digest) == (2, b"digest")
    assert log.command("c-2") is None
    assert log.head().position == 3
    assert_whole(database)


def test_commands_recorded_together_are_known_one_by_one(log):
    events = [LogEvent("asked", b"x", ["a:1"], f"c-{n}", b"%d" % n) for n in range(3)]
    log.record(events)
    for n in range(3):
        found = log.command(f"c-{n}")
        assert found is not None
        assert (found.position, found.digest) == (n + 1, b"%d" % n)
    with pytest.raises(CommandKnown) as known:
        log.record([LogEvent("asked", b"x", ["a:1"], "c-9"), LogEvent("asked", b"x", ["a:1"], "c-1")])
    assert known.value.position == 2
    assert log.command("c-9") is None
    assert log.head().position == 3
