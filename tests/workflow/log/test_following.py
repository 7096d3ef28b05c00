"""Those who follow the log see every event, in order, and none twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from eventsourcing.dcb.api import DCBEvent, DCBQuery, DCBQueryItem

from tests.workflow.log import crew as other_process
from tests.workflow.log.crew import CREW, PATIENCE
from tests.workflow.log.tables import assert_whole
from workflow.log import LogRecorder, open_log

THREADS, APPENDS = 4, 60
"""In each of four processes: 16 writers."""
EVENTS = CREW * THREADS * sum(number % 3 + 1 for number in range(APPENDS))


def test_a_follower_skips_nothing_while_sixteen_writers_write(log, database, crew):
    with ThreadPoolExecutor(2) as followers:
        paging = followers.submit(follow_in_pages, log)
        subscribed = followers.submit(follow_by_subscription, log)
        writing = [crew.submit(other_process.write, database, n, THREADS, APPENDS) for n in range(CREW)]
        recorded = {writer: spans for each in writing for writer, spans in each.result().items()}

    assert paging.result() == list(range(1, EVENTS + 1))
    assert subscribed.result() == list(range(1, EVENTS + 1))
    assert len(recorded) == CREW * THREADS
    written: dict[str, list[tuple[int, bytes]]] = {writer: [] for writer in recorded}
    for found in log.read():
        written[found.event.tags[0].removeprefix("writer:")].append((found.position, found.event.data))
    for writer, spans in recorded.items():
        # Where each writer was told that his events are, there they are, side by side and in his order.
        assert written[writer] == [
            (position, b'"data":{"number":%d}}' % number)
            for number, (first, last) in enumerate(spans)
            for position in range(first, last + 1)
        ]
    assert_whole(database)


def follow_in_pages(log: LogRecorder) -> list[int]:
    seen: list[int] = []
    while len(seen) < EVENTS and log.wait(len(seen), timeout=PATIENCE):
        seen += [entry.position for entry in log.entries(after=len(seen), page=7)]
    return seen


def follow_by_subscription(log: LogRecorder) -> list[int]:
    seen: list[int] = []
    with log.subscribe(DCBQuery([DCBQueryItem(["written"])])) as subscription, stopped_in_time(subscription.stop):
        for found in subscription:
            seen.append(found.position)
            if len(seen) == EVENTS:
                subscription.stop()
    return seen


class stopped_in_time:  # noqa: N801  # reads as a phrase
    """Call `stop` when patience is at an end, so that a follower that misses something fails and does not hang."""

    def __init__(self, stop):
        self.timer = threading.Timer(PATIENCE, stop)

    def __enter__(self) -> None:
        self.timer.start()

    def __exit__(self, *_: object) -> None:
        self.timer.cancel()


def test_waiting_ends_when_another_process_appends(log, database, crew):
    with ThreadPoolExecutor(1) as thread:
        waiting = thread.submit(log.wait, 0, PATIENCE)
        assert crew.submit(other_process.append_one, database, "happened").result() == 1
        assert waiting.result() is True


def test_waiting_ends_in_vain_when_time_is_up_or_it_is_stopped(log):
    log.append([DCBEvent("happened", b"x")])
    assert log.wait(0, timeout=0) is True
    assert log.wait(1, timeout=0) is False
    assert log.wait(1, timeout=0.03) is False
    assert log.wait(1, timeout=PATIENCE, stopped=lambda: True) is False


def test_a_subscription_can_be_stopped_from_another_thread(log):
    log.append([DCBEvent("happened", b"x")])
    subscription = log.subscribe()
    received = threading.Event()
    seen = []

    def follow() -> None:
        for found in subscription:
            seen.append(found.position)
            received.set()

    follower = threading.Thread(target=follow)
    follower.start()
    assert received.wait(PATIENCE)
    subscription.stop()
    follower.join(PATIENCE)
    assert not follower.is_alive()
    assert seen == [1]


def test_a_subscription_gives_only_what_matches_and_types_that_come_later(log, database):
    query = DCBQuery([DCBQueryItem(["late"], ["a:1"]), DCBQueryItem([], ["b:1"])])
    other = open_log(database)
    other.append([DCBEvent("early", b"x", ["a:1"])])
    with log.subscribe(query) as subscription, stopped_in_time(subscription.stop):
        other.append([DCBEvent("early", b"x", ["b:1"])])
        assert next(subscription).position == 2
        other.append([DCBEvent("late", b"x", ["c:1"]), DCBEvent("late", b"x", ["a:1"]), DCBEvent("early", b"x")])
        assert next(subscription).position == 4
        other.append([DCBEvent("late", b"x", ["a:1", "b:1"])])
        assert next(subscription).position == 6
    other.close()


def test_a_subscription_beyond_the_head_waits_for_what_comes_after_it(log):
    log.append([DCBEvent("happened", b"x")])
    with ThreadPoolExecutor(1) as thread, log.subscribe(after=3) as subscription, stopped_in_time(subscription.stop):
        waiting = thread.submit(next, subscription)
        for _ in range(4):
            log.append([DCBEvent("happened", b"x")])
        assert waiting.result().position == 4


def test_pages_end_where_they_are_told_to(log):
    log.append([DCBEvent("happened", b"%d" % n) for n in range(10)])
    assert [entry.position for entry in log.entries(page=3)] == list(range(1, 11))
    assert [entry.position for entry in log.entries(after=2, upto=7, page=2)] == [3, 4, 5, 6, 7]
    assert [entry.position for entry in log.entries(after=8, upto=99)] == [9, 10]
    assert list(log.entries(after=10)) == []
    assert list(log.entries(after=7, upto=7)) == []
    fifth = log.entry(5)
    assert fifth is not None
    assert fifth.position == 5
    assert log.entry(0) is None
    assert log.entry(11) is None
