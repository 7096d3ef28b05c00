"""Months and quarters: how they are written, where they begin and end, and when their readings are due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflow.indicators.known import CHARTER
from workflow.calendar import Calendar
from workflow.indicators.periods import Period

months = st.builds(Period, st.just("monthly"), st.integers(1001, 2998), st.integers(1, 12))
quarters = st.builds(Period, st.just("quarterly"), st.integers(1001, 2998), st.integers(1, 4))
periods = months | quarters

NO_PERIODS = ["", " 2025-04", "2025-04\n", "２０２５-04", "-2025-04"]
NO_PERIODS += ["2025", "2025-0", "2025-00", "2025-13", "2025-4", "2025-04-01", "25-04", "0999-01", "3000-01", "20250-1"]
NO_PERIODS += ["2025-Q", "2025-Q0", "2025-Q5", "2025-q2", "2025-Q22", "2025Q2"]


@given(periods)
def test_a_period_is_read_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize("text", NO_PERIODS)
def test_what_is_neither_a_month_nor_a_quarter_is_no_period(text: str) -> None:
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
