"""Entries: valid CloudEvents, whatever is in them, and readable for ever."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow import entry
from workflow.database import Database
from workflow.entry import SOURCE, UPCASTS, decode, frame, instant_text, microseconds, read_envelope, tail
from workflow.ids import PersonId, tags_of
from workflow.log import LogEvent, open_log
from workflow.slices import Context, Event

NOON = datetime(2025, 4, 5, 12, 0, 0, 123456, tzinfo=UTC)


class Praised(Event):
    TOPIC = "test.praised"
    VERSION = 3
    person: PersonId
    effective: date
    reasons: tuple[str, ...]
    points: Decimal
    marks: dict[int, str] = msgspec.field(default_factory=dict)


class Mentioned(Event):
    """An event without a date."""

    TOPIC = "test.mentioned"
    person: PersonId


PRAISED = Praised(PersonId("P007"), date(2025, 4, 1), ("办案\n质效", 'said "yes"'), Decimal("1.50"), {3: "a"})
CONTEXT = Context(actor="C1", command_id="c-1", today=date(2025, 4, 5))


def whole(fact: Event, context: Context, number: int = 1, rule_version: str = "") -> bytes:
    begun = frame(microseconds(NOON), fact.TOPIC, " ".join(tags_of(fact)))
    return begun + tail(fact, context, number, rule_version)


def assert_cloud_event(document: bytes) -> dict[str, Any]:
    """What CloudEvents 1.0.2 and its JSON format demand; the sections are named beside the rules."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), "a member twice"
        return dict(pairs)

    cloud_event: dict[str, Any] = json.loads(document.decode("utf-8"), object_pairs_hook=members)  # JSON format, 2
    assert cloud_event["specversion"] == "1.0"  # "specversion"
    for required in ("id", "source", "type"):  # "Required attributes": non-empty strings
        assert isinstance(cloud_event[required], str)
        assert cloud_event[required]
    assert re.fullmatch(r"/[a-z]+", cloud_event["source"])  # "source": a URI-reference
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", cloud_event["time"])  # "time": RFC 3339
    assert "data" in cloud_event  # JSON format, 3.1: any JSON value, for want of a datacontenttype
    for name, value in cloud_event.items():
        assert re.fullmatch(r"[a-z0-9]{1,20}", name)  # "Naming Conventions"
        if name == "data":
            continue
        assert type(value) in (str, int)  # "Type System"; the others are written as strings in JSON
        if type(value) is int:
            assert -(2**31) <= value < 2**31  # "Integer"
        else:
            assert not [c for c in value if unicodedata.category(c) in ("Cc", "Cs") or is_noncharacter(c)]  # "String"
    return cloud_event


def is_noncharacter(character: str) -> bool:
    return 0xFDD0 <= ord(character) <= 0xFDEF or ord(character) & 0xFFFE == 0xFFFE


def test_an_entry_with_everything_is_a_cloud_event():
    context = Context(
        actor="C1",
        command_id="c-1",
        today=date(2025, 4, 5),
        reason="漏登",
        approver="L1",
        correlation_id="r-9",
        causation_id="c-0.1",
    )
    assert assert_cloud_event(whole(PRAISED, context, 2, "procuratorate@1")) == {
        "time": "2025-04-05T12:00:00.123456Z",
        "type": "test.praised",
        "tags": "person:P007",
        "effectivedate": "2025-04-01",
        "reason": "漏登",
        "approver": "L1",
        "correlationid": "r-9",
        "causationid": "c-0.1",
        "ruleversion": "procuratorate@1",
        "specversion": "1.0",
        "id": "c-1.2",
        "source": SOURCE,
        "actor": "C1",
        "commandid": "c-1",
        "dataversion": 3,
        "data": {
            "person": "P007",
            "effective": "2025-04-01",
            "reasons": ["办案\n质效", 'said "yes"'],
            "points": "1.50",
            "marks": {"3": "a"},
        },
    }


def test_what_there_is_not_is_left_out():
    assert list(assert_cloud_event(whole(Mentioned(PersonId("P1")), CONTEXT))) == [
        *("time", "type", "tags", "specversion", "id", "source", "actor", "commandid", "dataversion", "data")
    ]


texts = st.text(
    alphabet=st.characters() | st.sampled_from('\n\x00\x7f\x85\ud800\ufdd0\uffff\U0001ffff"\\'), max_size=20
)
clean = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)


@given(reason=texts, approver=texts, correlation_id=texts, causation_id=texts, rule_version=texts, said=clean)
def test_whatever_text_comes_in_the_entry_is_a_cloud_event(
    reason, approver, correlation_id, causation_id, rule_version, said
):
    context = Context(
        actor="C1",
        command_id="c-1",
        today=date(2025, 4, 5),
        reason=reason,
        approver=approver,
        correlation_id=correlation_id,
        causation_id=causation_id,
    )
    praised = Praised(PersonId("P1"), date(2025, 4, 1), (said,), Decimal(1))
    found = assert_cloud_event(whole(praised, context, 1, rule_version))
    assert found["data"]["reasons"] == [said]
    assert len(found.get("reason", "")) == len(reason)


def test_a_line_break_in_a_reason_becomes_a_space():
    context = Context(actor="C1", command_id="c-1", today=date(2025, 4, 5), reason="迟报：\r\n系统升级")
    assert read_envelope(whole(PRAISED, context)).reason == "迟报：  系统升级"


def test_an_envelope_says_who_when_and_why_and_holds_the_event():
    envelope = read_envelope(whole(PRAISED, CONTEXT, 2, "rules@1"))
    assert (envelope.time, envelope.type, envelope.tags) == (
        "2025-04-05T12:00:00.123456Z",
        Praised.TOPIC,
        "person:P007",
    )
    assert (envelope.id, envelope.commandid, envelope.actor, envelope.ruleversion) == ("c-1.2", "c-1", "C1", "rules@1")
    assert (envelope.effectivedate, envelope.reason, envelope.approver) == ("2025-04-01", "", "")
    assert envelope.event == PRAISED


@pytest.mark.parametrize("cut", [0, 1, 40, 200, -1])
def test_bytes_that_are_no_entry_are_refused(cut):
    with pytest.raises(msgspec.DecodeError):
        read_envelope(whole(PRAISED, CONTEXT)[:cut])


@pytest.fixture
def upcasts(monkeypatch):
    """How praise was recorded before: at first for one reason and with a number, then without marks by number."""

    def from_first(data: dict[str, Any]) -> dict[str, Any]:
        return {**{k: v for k, v in data.items() if k != "reason"}, "reasons": [data["reason"]]}

    def from_second(data: dict[str, Any]) -> dict[str, Any]:
        return {**data, "points": str(data["points"]), "marks": {"3": "a"}}

    monkeypatch.setitem(UPCASTS, (Praised.TOPIC, 1), from_first)
    monkeypatch.setitem(UPCASTS, (Praised.TOPIC, 2), from_second)


FIRST = b'{"person":"P007","effective":"2025-04-01","reason":"cases","points":2}'
SECOND = b'{"person":"P007","effective":"2025-04-01","reasons":["cases"],"points":2}'


@pytest.mark.parametrize(("version", "data"), [(1, FIRST), (2, SECOND)])
def test_an_old_version_is_read_as_the_present_one(database_url, upcasts, version, data):
    log = open_log(Database.parse(database_url))
    log.migrate()
    rest = b'"specversion":"1.0","id":"c-0.1","source":"/resonance","actor":"C1","commandid":"c-0"'
    stored = rest + b',"dataversion":%d,"data":%s}' % (version, data)
    log.append([LogEvent(Praised.TOPIC, stored, ["person:P007"])])
    found = log.entry(1)
    assert found is not None
    assert found.bytes.endswith(stored)
    envelope = read_envelope(found.bytes)
    assert envelope.dataversion == version
    assert envelope.event == Praised(PersonId("P007"), date(2025, 4, 1), ("cases",), Decimal(2), {3: "a"})
    log.close()


def test_what_an_upcast_makes_is_checked_as_strictly_as_what_is_stored(upcasts):
    with pytest.raises(msgspec.ValidationError):
        decode(Praised.TOPIC, 1, FIRST.replace(b'"cases"', b"7"))
    with pytest.raises(msgspec.ValidationError):
        decode(Praised.TOPIC, 2, SECOND.replace(b"}", b',"more":1}'))
    with pytest.raises(msgspec.ValidationError):
        decode(Praised.TOPIC, 3, SECOND.replace(b"}", b',"more":1}'))


def test_a_version_from_the_future_is_not_guessed_at(upcasts):
    current = tail(PRAISED, CONTEXT, 1, "").split(b'"data":')[1][:-1]
    assert decode(Praised.TOPIC, 3, current) == PRAISED
    with pytest.raises(KeyError, match="4"):
        decode(Praised.TOPIC, 4, current)


def test_a_topic_or_a_version_that_nobody_knows_is_an_error():
    with pytest.raises(KeyError, match=r"test\.forgotten"):
        decode("test.forgotten", 1, b"{}")
    with pytest.raises(KeyError, match="1"):
        decode(Praised.TOPIC, 1, FIRST)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001  # hypothesis wants naive bounds
def test_instants_are_exact_to_the_microsecond_and_sort_as_texts(naive, minutes):
    instant = naive.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    text = instant_text(microseconds(instant))
    assert len(text) == 27
    assert datetime.fromisoformat(text) == instant
    assert instant_text(microseconds(instant) + 1) > text


def test_a_naive_datetime_is_no_instant():
    with pytest.raises(TypeError):
        microseconds(datetime(2025, 4, 5))  # noqa: DTZ001  # that is what is refused


@pytest.mark.parametrize(
    ("bad", "why"), [('"', "quote"), ("\\", "escape"), ("\n", "control"), ("\ufffe", "noncharacter")]
)
def test_types_and_tags_are_what_a_frame_can_hold(bad, why):
    assert entry.is_type("a type")
    assert entry.is_tag("单位:1")
    assert not entry.is_type(f"a{bad}"), why
    assert not entry.is_tag(f"a{bad}"), why
