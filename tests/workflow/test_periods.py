"""Weeks, months, quarters and years: how they are written, where they begin and end, and until when things are due."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.indicators.known import CHARTER
from workflow.calendar import Calendar
from workflow.periods import Period

months = st.builds(Period, st.just("monthly"), st.integers(1001, 2998), st.integers(1, 12))
quarters = st.builds(Period, st.just("quarterly"), st.integers(1001, 2998), st.integers(1, 4))
weeks = st.dates(date(1001, 1, 1), date(2998, 12, 1)).map(lambda day: Period.containing(day, "weekly"))
years = st.builds(Period, st.just("yearly"), st.integers(1001, 2998), st.just(1))
periods = weeks | months | quarters | years

NO_PERIODS = ["", " 2025-04", "2025-04\n", "２０２５-04", "-2025-04"]
NO_PERIODS += ["2025-0", "2025-00", "2025-13", "2025-4", "2025-04-01", "25-04", "0999-01", "3000-01", "20250-1"]
NO_PERIODS += ["2025-W", "2025-W00", "2025-W1", "2025-W54", "2025-w01", "2025W01", "0999", "3000", "20255"]
NO_PERIODS += ["2025-Q", "2025-Q0", "2025-Q5", "2025-q2", "2025-Q22", "2025Q2"]


@given(periods)
def test_a_period_is_read_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize("text", NO_PERIODS)
def test_what_is_written_otherwise_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        Period.parse(text)


@given(periods)
def test_each_day_lies_in_one_period_and_the_next_begins_on_the_day_after_the_last(period: Period) -> None:
    assert period.first_day < period.last_day
    assert period.last_day + timedelta(days=1) == period.next.first_day
    assert period.next.previous == period
    for day in (period.first_day, period.last_day):
        assert Period.containing(day, period.frequency) == period


def test_a_year_ends_with_its_twelfth_month_and_its_fourth_quarter() -> None:
    assert Period.parse("2025-12").next == Period.parse("2026-01")
    assert Period.parse("2025-Q1").previous == Period.parse("2024-Q4")
    assert Period.parse("2024-02").last_day == date(2024, 2, 29)
    assert [Period.parse(f"2025-Q{n}").last_month for n in range(1, 5)] == [3, 6, 9, 12]


def test_a_week_begins_on_monday_and_belongs_to_the_year_of_most_of_its_days() -> None:
    assert Period.containing(date(2024, 12, 30), "weekly") == Period.parse("2025-W01")
    assert Period.parse("2026-W53").next == Period.parse("2027-W01")
    with pytest.raises(ValueError, match="week"):
        Period.parse("2025-W53")


def test_a_week_is_due_on_the_monday_after_at_18_and_a_year_on_15_january() -> None:
    assert Period.parse("2025-W24").due_at(CHARTER) == (date(2025, 6, 16), time(18))
    assert Period.parse("2024").due(CHARTER) == date(2025, 1, 15)
    due = Period.parse("2025-W24").due_at(CHARTER)
    assert not due.passed(date(2025, 6, 16), time(18))
    assert due.passed(date(2025, 6, 16), time(18, 0, 1))
    month = Period.parse("2025-05").due_at(CHARTER)
    assert not month.passed(month.day, time(23, 59, 59))
    assert month.passed(month.day + timedelta(days=1))


def test_a_month_is_due_on_the_fifth_and_a_quarter_on_the_tenth_of_the_month_after() -> None:
    assert Period.parse("2025-05").due(CHARTER) == date(2025, 6, 5)
    assert Period.parse("2025-Q2").due(CHARTER) == date(2025, 7, 10)
    assert Period.parse("2025-12").due(CHARTER) == date(2026, 1, 5)


def test_what_is_due_on_a_day_off_is_due_on_the_next_working_day() -> None:
    assert Period.parse("2025-03").due(CHARTER) == date(2025, 4, 7)  # 4 to 6 April 2025: Qingming
    assert Period.parse("2025-06").due(CHARTER) == date(2025, 7, 7)  # 5 July 2025 is a Saturday


@given(st.integers(2015, 2024), st.integers(1, 12))
def test_a_reading_is_due_on_a_working_day_after_its_period(year: int, month: int) -> None:
    period = Period("monthly", year, month)
    due = period.due(CHARTER)
    assert due > period.last_day
    assert Calendar(CHARTER).is_working_day(due)
