"""Working days, against those of China in 2025 as the State Council announced them (国办发明电〔2024〕12号)."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import Calendar
from workflow.charter.library import learn
from workflow.charter.loader import shipped

CHARTER = learn(shipped("procuratorate"))
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 6, 16), True),  # a Monday
        (date(2025, 6, 14), False),  # a Saturday
        (date(2025, 5, 1), False),  # Labour Day, a Thursday
        (date(2025, 4, 27), True),  # a Sunday, made up for it
        (date(2025, 1, 26), True),  # a Sunday, made up for the Spring Festival
        (date(2025, 10, 8), False),  # National Day and Mid-Autumn, a Wednesday
        (date(2025, 10, 11), True),  # a Saturday, made up for them
    ],
)
def test_holidays_and_make_up_days_of_the_country(day: date, works: bool):
    assert Calendar(CHARTER).is_working_day(day) is works


def test_the_charter_overrides_the_country():
    monday, saturday = date(2025, 6, 16), date(2025, 6, 14)
    section = msgspec.structs.replace(CHARTER.calendar, extra_holidays=(monday,), extra_working_days=(saturday,))
    calendar = Calendar(msgspec.structs.replace(CHARTER, calendar=section))
    assert not calendar.is_working_day(monday)
    assert calendar.is_working_day(saturday)
    assert Calendar(CHARTER).is_working_day(monday)


def test_working_days_are_counted_from_the_day_after():
    calendar = Calendar(CHARTER)
    friday, saturday, monday = date(2025, 6, 13), date(2025, 6, 14), date(2025, 6, 16)
    assert calendar.add(friday, 1) == calendar.add(saturday, 1) == monday
    assert calendar.add(monday, -1) == calendar.add(saturday, -1) == friday
    assert calendar.add(saturday, 0) == saturday
    assert calendar.add(date(2025, 4, 30), 1) == date(2025, 5, 6)
    assert calendar.between(friday, monday) == calendar.between(saturday, monday) == 1
    assert calendar.between(monday, friday) == -1
    assert calendar.between(monday, monday) == 0


@given(DAYS, st.integers(-30, 30))
def test_adding_and_counting_agree(day: date, working_days: int):
    calendar = Calendar(CHARTER)
    there = calendar.add(day, working_days)
    if working_days > 0:
        assert calendar.is_working_day(there)
        assert calendar.between(day, there) == working_days
    elif working_days < 0:
        assert calendar.is_working_day(there)
        assert calendar.between(there, day) == -working_days - 1 + calendar.is_working_day(day)
