"""What is stored is what was given, stamped with the time; and what no entry can hold is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import ProgrammingError

from tests.workflow.log.tables import assert_whole, execute
from workflow.database import Database
from workflow.entry import MAX_ENTRY, EntryTooLarge, frame, microseconds
from workflow.log import LogEvent, open_log

NOON = datetime(2025, 4, 5, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def clock(log):
    """The log's clock, as a list of what it will say."""
    times: list[datetime] = []
    log.now = lambda: times.pop(0)
    return times


def test_an_entry_is_the_frame_and_the_given_bytes(log, database, clock):
    clock.append(NOON)
    data = '"data":{"姓名":"王芳","odd":"\\"\\\\\\n "}}'.encode() + bytes(range(256))
    log.append([DCBEvent("appointment.started", data, ["person:P007", "post:G3-HEAD", "person:P007"])])
    wanted = (
        b'{"time":"2025-04-05T12:00:00.123456Z","type":"appointment.started",'
        b'"tags":"person:P007 post:G3-HEAD person:P007",' + data
    )
    entry = log.entry(1)
    assert entry == (1, "appointment.started", microseconds(NOON), wanted)
    assert bytes(execute(database, "SELECT entry FROM event")[0][0]) == wanted
    assert [found.event for found in log.read()] == [
        DCBEvent("appointment.started", data, ["person:P007", "post:G3-HEAD", "person:P007"])
    ]
    assert_whole(database)


def test_both_databases_store_the_same_bytes(tmp_path, fresh_postgres_url):
    stored = []
    for url in (f"sqlite:///{tmp_path}/log.sqlite", fresh_postgres_url):
        log = open_log(Database.parse(url))
        log.migrate()
        times = [NOON + timedelta(microseconds=n * 700_001, days=n * 997) for n in range(12)]
        log.now = iter(times).__next__
        for n in range(12):
            log.append([DCBEvent(f"类型 {n % 3}", b"\x00\xff" * n, ["人:1"] * (n % 2)), DCBEvent("other", b"")])
        stored.append(list(log.entries()))
        log.close()
    assert stored[0] == stored[1]
    assert len(stored[0]) == 24


def test_recorded_time_never_goes_back(log, clock):
    hour = timedelta(hours=1)
    clock += [NOON, NOON - hour, NOON - 2 * hour, NOON + hour]
    recorded = [log.record([DCBEvent("happened", b"x")] * 2).recorded_at for _ in range(4)]
    assert recorded == [microseconds(NOON)] * 3 + [microseconds(NOON + hour)]
    for entry in log.entries():
        assert entry.bytes.startswith(frame(entry.recorded_at, "happened", ""))
    assert log.head() == (8, microseconds(NOON + hour))


def test_an_instant_leads_to_the_last_position_recorded_until_then(log, clock):
    assert log.position_at(microseconds(NOON)) == 0
    minute = timedelta(minutes=1)
    clock += [NOON, NOON + minute, NOON + minute, NOON + 3 * minute]
    for count in (2, 1, 3, 1):
        log.append([DCBEvent("happened", b"x")] * count)
    one = timedelta(microseconds=1)
    for instant, position in [
        (NOON - one, 0),
        (NOON, 2),
        (NOON + minute - one, 2),
        (NOON + minute, 6),
        (NOON + 2 * minute, 6),
        (NOON + 3 * minute, 7),
        (NOON + timedelta(days=9999), 7),
    ]:
        assert log.position_at(microseconds(instant)) == position


def test_an_entry_may_have_as_many_bytes_as_allowed_and_not_one_more(log, database):
    room = MAX_ENTRY - len(frame(0, "类型", "单位:1 a:1"))
    log.append([DCBEvent("类型", b"x" * room, ["单位:1", "a:1"])])
    with pytest.raises(EntryTooLarge, match=r"60001 bytes; the most is 60000"):
        log.append([DCBEvent("small", b"x"), DCBEvent("类型", b"x" * (room + 1), ["单位:1", "a:1"])])
    entry = log.entry(1)
    assert entry is not None
    assert len(entry.bytes) == MAX_ENTRY
    assert log.head().position == 1


BAD_TEXTS = ["", 'a"b', "a\\b", "a\nb", "\x00", "a\x7fb", "a\x9fb", "\ud800", "\ufffe"]
BAD_TAGS = [*BAD_TEXTS, "a b", "a\u3000b", "a\u2028b", " "]


def test_a_tag_that_would_not_come_back_as_it_was_is_refused(log):
    for bad in BAD_TAGS:
        with pytest.raises(ValueError, match="tags"):
            log.append([DCBEvent("happened", b"x", ["a:1"]), DCBEvent("happened", b"x", ["a:1", bad])])
    assert log.head().position == 0


def test_a_type_that_would_break_the_frame_is_refused(log):
    for bad in BAD_TEXTS:
        with pytest.raises(ValueError, match="types"):
            log.append([DCBEvent("happened", b"x"), DCBEvent(bad, b"x")])
    assert log.head().position == 0


def test_a_command_id_is_some_text_and_given_once(log):
    for ids in ([""], ["a\nb"], ["\x00"], ["\ud800"], ["c-1", "c-1"], ["c-1", None, "c-1"]):
        with pytest.raises(ValueError, match="command id"):
            log.append([LogEvent("happened", b"x", [], each) for each in ids])
    assert log.head().position == 0


def test_nothing_cannot_be_appended(log):
    with pytest.raises(ProgrammingError):
        log.append([])
    with pytest.raises(ProgrammingError):
        log.append([], DCBAppendCondition(DCBQuery([DCBQueryItem(["happened"])])))
