"""Working days: the public holidays of a country with its make-up days, as a charter overrides them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

from workflow.charter import model

ONE_DAY = timedelta(days=1)


class Calendar:
    """The working days under a charter.

    The days of the country are those of the `holidays` library; `extra_working_days` and `extra_holidays` of
    the charter's `[calendar]` go before them. Days that were looked up are remembered for all such calendars.
    """

    def __init__(self, charter: model.Charter) -> None:
        self._section = charter.calendar
        self._known = _days(charter.calendar)

    def is_working_day(self, day: date) -> bool:
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = self._look_up(day)
        return known

    def add(self, day: date, working_days: int) -> date:
        """The working day so many working days after `day`, or before it if negative. With 0, `day` itself.

        `day` need not be a working day: one working day after a Saturday is, as a rule, Monday.
        """
        step = ONE_DAY if working_days > 0 else -ONE_DAY
        left = abs(working_days)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; negative if `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_working_day(start + n * ONE_DAY) for n in range(1, (end - start).days + 1))

    def _look_up(self, day: date) -> bool:
        if day in self._section.extra_working_days:
            return True
        if day in self._section.extra_holidays:
            return False
        return _country(self._section.country, day.year).is_working_day(day)


@cache
def _days(section: model.Calendar) -> dict[date, bool]:
    return {}


@cache
def _country(country: str, year: int) -> holidays.HolidayBase:
    # The make-up days of a New Year's holiday lie in December and are listed with the year that begins.
    return holidays.country_holidays(country, years=(year, year + 1))
