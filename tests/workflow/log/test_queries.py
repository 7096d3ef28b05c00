"""What a query finds and what a condition forbids, against the plainest implementation there could be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBEvent, DCBQuery, DCBQueryItem
from eventsourcing.persistence import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflow.log import Recorded, open_log
from workflow.log.queries import numbered

TYPES = ["started", "ended", "renamed once", "更正"]
TAGS = ["person:1", "person:2", "post:1", "单位:1"]
NEVER_TYPES = ["never", "nev,er", 'no "type"', "", "\x00", "\ud800"]
NEVER_TAGS = ["person:", "person:1 person:2", 'no "tag"', "", "\x00", "\ud800"]
FAR = 2**70

events = st.builds(DCBEvent, st.sampled_from(TYPES), st.binary(max_size=8), st.lists(st.sampled_from(TAGS), max_size=4))
some_events = st.lists(events, min_size=1, max_size=3)


def queries(types: Sequence[str], tags: Sequence[str]) -> st.SearchStrategy[DCBQuery]:
    of_types = st.lists(st.sampled_from(types), max_size=3)
    of_tags = st.lists(st.sampled_from(tags), max_size=3)
    return st.builds(DCBQuery, st.lists(st.builds(DCBQueryItem, of_types, of_tags), max_size=3))


possible_queries = queries([*TYPES, "never"], [*TAGS, "person:3"])
any_queries = queries([*TYPES, *NEVER_TYPES], [*TAGS, *NEVER_TAGS])
offsets = st.integers(-25, 3) | st.sampled_from([-FAR, FAR])
"""Positions as their distance from the head: the log grows from example to example."""


@dataclass
class Reference:
    """A list of events; a position is a place in it, counted from one."""

    events: list[DCBEvent] = field(default_factory=list)

    def matching(self, query: DCBQuery | None, after: int) -> list[int]:
        return [
            position
            for position, event in enumerate(self.events, 1)
            if position > after
            and (
                not (query and query.items)
                or any(
                    (not item.types or event.type in item.types) and set(item.tags) <= set(event.tags)
                    for item in query.items
                )
            )
        ]

    def append(self, new: Sequence[DCBEvent], condition: DCBAppendCondition | None) -> int | None:
        """The position of the last event, or None if the condition fails."""
        if condition and self.matching(condition.fail_if_events_match, condition.after or 0):
            return None
        self.events += new
        return len(self.events)


def examples(test: Callable[..., None]) -> Callable[..., None]:
    """All examples of a test share its log, which is compared whole after each of them."""
    return settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])(test)


@pytest.fixture
def reference() -> Reference:
    return Reference()


@examples
@given(
    new=st.lists(events, max_size=5),
    query=any_queries | st.none(),
    offset=offsets | st.none(),
    limit=st.integers(0, 6) | st.none(),
)
def test_a_query_finds_what_the_reference_finds(log, reference, new, query, offset, limit):
    if new:
        assert log.append(new) == reference.append(new, None)
    after = None if offset is None else len(reference.events) + offset

    answer = log.read(query, after=after, limit=limit)
    found = [(each.position, each.event) for each in answer]

    positions = reference.matching(query, after or 0)[:limit]
    assert found == [(position, reference.events[position - 1]) for position in positions]
    whole = len(reference.events) or None
    assert answer.head == (whole if limit is None else positions[-1] if positions else None)


@examples
@given(appends=st.lists(st.tuples(some_events, any_queries | st.none(), offsets | st.none()), max_size=4))
def test_a_condition_forbids_what_the_reference_forbids(log, reference, appends):
    for new, query, offset in appends:
        after = None if offset is None else len(reference.events) + offset
        condition = None if query is None else DCBAppendCondition(query, after)
        try:
            position = log.append(new, condition)
        except IntegrityError:
            position = None
        assert position == reference.append(new, condition)
    assert [found.event for found in log.read()] == reference.events


@examples
@given(appends=st.lists(st.tuples(some_events, possible_queries | st.none(), st.integers(-2, 6)), max_size=6))
def test_appends_in_one_batch_fare_as_they_would_one_after_the_other(log, reference, appends):
    before = len(reference.events)
    asked = [
        (new, None if query is None else DCBAppendCondition(query, before + offset)) for new, query, offset in appends
    ]
    outcomes = log._append_batch(asked)
    assert [each.last if isinstance(each, Recorded) else None for each in outcomes] == [
        reference.append(new, condition) for new, condition in asked
    ]
    assert all(isinstance(each, Recorded | IntegrityError) for each in outcomes)
    assert [found.event for found in log.read()] == reference.events


@examples
@given(
    new=st.lists(events, max_size=3),
    asked=st.lists(st.tuples(possible_queries.filter(lambda query: query.items), st.integers(-25, 3)), max_size=5),
)
def test_those_who_ask_at_the_same_time_each_get_their_own_answer(log, reference, new, asked):
    if new:
        assert log.append(new) == reference.append(new, None)
    head = len(reference.events)
    answers = log._matching_batch([numbered(query.items, head + offset, log._load_types()) for query, offset in asked])
    assert [[position for position, *_ in answer.rows] for answer in answers] == [
        reference.matching(query, head + offset) for query, offset in asked
    ]
    assert all(answer.head.position == head for answer in answers)


def test_a_query_may_have_very_many_items(log):
    """SQLite, for one, has limits on what one statement may hold."""
    count = 1_300
    last = log.append([DCBEvent(f"type-{n % 7}", b"x", [f"person:{n}"]) for n in range(count)])
    query = DCBQuery([DCBQueryItem([f"type-{n % 7}"], [f"person:{n}"]) for n in range(count)])
    assert len(list(log.read(query))) == count
    assert len(list(log.read(query, limit=20))) == 20
    log.append([DCBEvent("later", b"x", ["person:x"])])
    assert log.append([DCBEvent("later", b"x")], DCBAppendCondition(query, last)) == last + 2


def test_a_type_that_another_process_recorded_first_is_found(log, database):
    """What a recorder knows about types may be old, and it must notice."""
    query = DCBQuery([DCBQueryItem(["first"], ["a:1"])])
    untyped = DCBQuery([DCBQueryItem([], ["a:1"])])
    assert list(log.read(query)) == []
    other = open_log(database)
    for name in ("before", "first"):
        other.append([DCBEvent(name, b"x", ["a:1"])])
    other.close()
    assert [found.position for found in log.read(query)] == [2]
    assert [found.event.type for found in log.read(untyped)] == ["before", "first"]
    assert [found.event.type for found in log.read()] == ["before", "first"]
