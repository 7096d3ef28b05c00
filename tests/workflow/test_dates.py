"""Spans of days, against counting day by day; how far from today an effective date may lie."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.charter.library import learn
from workflow.charter.loader import shipped
from workflow.dates import Span, covered, most_at_once, refuse_untimely
from workflow.slices import Context, Refused

START = date(2025, 1, 1)
DAYS = [START + timedelta(days=n) for n in range(14)]
HORIZON = 12

MONDAY = date(2025, 6, 16)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    since = draw(st.integers(0, HORIZON))
    until = draw(st.none() | st.integers(since, HORIZON))
    return Span(DAYS[since], None if until is None else DAYS[until])


def days(span: Span) -> set[date]:
    """The days on which it holds, the horizon standing for all days to come."""
    return {day for day in DAYS if span.since <= day and (span.until is None or day < span.until)}


@given(spans(), spans(), st.sampled_from(DAYS))
def test_a_span_is_the_set_of_its_days(span: Span, other: Span, day: date):
    assert span.holds_on(day) == (day in days(span))
    assert span.reaches(day) == any(each >= day for each in days(span))
    assert span.overlaps(other) == bool(days(span) & days(other))
    assert days(Span(span.since).ended(day)) == {each for each in days(Span(span.since)) if each < day}


@given(st.lists(spans(), max_size=5), spans())
def test_most_at_once_and_covered_are_as_counted_day_by_day(many: list[Span], span: Span):
    counts = [sum(each.holds_on(day) for each in many) for day in days(span)]
    if counts:
        assert most_at_once(many, span) == max(counts)
        assert covered(span, many) == all(counts)


def timely(effective: date, today: date = MONDAY, reason: str = "", approver: str = "") -> bool:
    context = Context(actor="C1", command_id="c", today=today, reason=reason, approver=approver)
    try:
        refuse_untimely(context, effective, learn(shipped("procuratorate")))
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("effective", "today"),
    [
        (date(2025, 6, 9), MONDAY),  # five working days back, over a week-end
        (date(2025, 4, 25), date(2025, 5, 6)),  # 25, 27 (made up), 28, 29, 30 April, then the holiday
    ],
)
def test_five_working_days_back_are_free_and_not_one_more(effective: date, today: date):
    assert timely(effective, today)
    assert not timely(effective - timedelta(days=1), today)


def test_further_back_needs_a_reason_and_another_person():
    long_ago = date(2024, 1, 1)
    assert not timely(long_ago)
    assert not timely(long_ago, reason="forgotten")
    assert not timely(long_ago, approver="C2")
    assert not timely(long_ago, reason=" ", approver="C2")
    assert not timely(long_ago, reason="forgotten", approver="C1")
    assert timely(long_ago, reason="forgotten", approver="C2")


def test_a_year_ahead_is_the_farthest():
    assert timely(MONDAY + timedelta(days=366))
    assert not timely(MONDAY + timedelta(days=367), reason="planned", approver="C2")
