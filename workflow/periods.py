"""Periods that things are owed for: weeks (`2025-W14`), months (`2025-04`), quarters (`2025-Q2`) and years (`2025`)."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from typing import NamedTuple

import msgspec

from workflow.calendar import Calendar
from workflow.charter.measurement import Cadence
from workflow.charter.model import Charter

_PARTS: tuple[tuple[Cadence, re.Pattern[str]], ...] = (
    ("weekly", re.compile(r"([12][0-9]{3})-W(0[1-9]|[1-4][0-9]|5[0-3])")),
    ("monthly", re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")),
    ("quarterly", re.compile(r"([12][0-9]{3})-Q([1-4])")),
    ("yearly", re.compile(r"([12][0-9]{3})()")),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_IN_A_YEAR = {"monthly": 12, "quarterly": 4, "yearly": 1}


class Due(NamedTuple):
    """Until when something is in time: the last day, and the time of that day in the institution's time zone."""

    day: date
    at: time = time.max

    def passed(self, day: date, at: time = time.min) -> bool:
        """Whether it is too late at that time of `day`."""
        return (day, at) > (self.day, self.at)


class Period(msgspec.Struct, frozen=True):
    """A week (ISO 8601: from Monday, the first one with most of its days in the year), a month, a quarter or a year.

    `number` is that in its year: 1 to 52 or 53, 1 to 12, 1 to 4, or 1.
    """

    frequency: Cadence
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Raises ValueError for a text that names no period of the years 1000 to 2999."""
        for frequency, pattern in _PARTS:
            if found := pattern.fullmatch(text):
                period = cls(frequency, int(found[1]), int(found[2] or 1))
                if frequency == "weekly":
                    date.fromisocalendar(period.year, period.number, 1)
                return period
        raise ValueError(f"{text!r} is no period: a week is written 2025-W14, a month 2025-04, a quarter 2025-Q2")

    @classmethod
    def containing(cls, day: date, frequency: Cadence) -> Period:
        """The period in which a day lies."""
        if frequency == "weekly":
            year, week, _ = day.isocalendar()
            return cls("weekly", year, week)
        return cls(frequency, day.year, 1 + (day.month - 1) * _IN_A_YEAR[frequency] // 12)

    def __str__(self) -> str:
        if self.frequency == "weekly":
            return f"{self.year}-W{self.number:02}"
        if self.frequency == "monthly":
            return f"{self.year}-{self.number:02}"
        return f"{self.year}-Q{self.number}" if self.frequency == "quarterly" else str(self.year)

    @property
    def last_month(self) -> int:
        """The number, in its year, of the month in which the period ends."""
        return self.last_day.month

    @property
    def first_day(self) -> date:
        if self.frequency == "weekly":
            return date.fromisocalendar(self.year, self.number, 1)
        return date(self.year, 1 + (self.number - 1) * 12 // _IN_A_YEAR[self.frequency], 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def next(self) -> Period:
        return self._moved(1)

    @property
    def previous(self) -> Period:
        return self._moved(-1)

    def due(self, charter: Charter) -> date:
        """The last day on which what belongs to this period is in time."""
        return self.due_at(charter).day

    def due_at(self, charter: Charter) -> Due:
        """The same with the time of that day.

        It is the day after the period that the charter names; if nobody works on that day, the next working day, as is
        usual for time limits.
        """
        rule, after = charter.due, self.next.first_day
        at = time.max
        if self.frequency == "weekly":
            named, at = after + timedelta(days=_WEEKDAYS.index(rule.weekly.weekday)), rule.weekly.at
        elif self.frequency == "yearly":
            named = after.replace(month=rule.yearly.month, day=rule.yearly.day)
        else:
            named = after.replace(day=(rule.monthly if self.frequency == "monthly" else rule.quarterly).day)
        # The first working day after the day before: the day itself, if it is one.
        return Due(Calendar(charter).add(named - timedelta(days=1), 1), at)

    def _moved(self, by: int) -> Period:
        if self.frequency == "weekly":
            return Period.containing(self.first_day + timedelta(weeks=by), "weekly")
        years, number = divmod(self.number - 1 + by, _IN_A_YEAR[self.frequency])
        return Period(self.frequency, self.year + years, number + 1)
