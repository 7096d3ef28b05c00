"""Periods that readings belong to: months (`2025-04`) and quarters (`2025-Q2`)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec

from workflow.calendar import Calendar
from workflow.charter.measurement import Frequency
from workflow.charter.model import Charter

_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])").fullmatch
_QUARTER = re.compile(r"([12][0-9]{3})-Q([1-4])").fullmatch


class Period(msgspec.Struct, frozen=True):
    """A month or a quarter of a calendar year. `number` is 1 to 12, or 1 to 4."""

    frequency: Frequency
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Raises ValueError for a text that names neither a month nor a quarter of the years 1000 to 2999."""
        if found := _MONTH(text):
            return cls("monthly", int(found[1]), int(found[2]))
        if found := _QUARTER(text):
            return cls("quarterly", int(found[1]), int(found[2]))
        raise ValueError(f"{text!r} is no period: a month is written 2025-04, a quarter 2025-Q2")

    @classmethod
    def containing(cls, day: date, frequency: Frequency) -> Period:
        """The period in which a day lies."""
        if frequency == "monthly":
            return cls("monthly", day.year, day.month)
        return cls("quarterly", day.year, (day.month + 2) // 3)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}" if self.frequency == "monthly" else f"{self.year}-Q{self.number}"

    @property
    def last_month(self) -> int:
        """The number, in its year, of the last month of the period: so many months of the year are over then."""
        return self.number if self.frequency == "monthly" else 3 * self.number

    @property
    def first_day(self) -> date:
        return date(self.year, self.last_month - (0 if self.frequency == "monthly" else 2), 1)

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
        """The last day on which the reading of this period is in time.

        It is the day of the month after the period that the charter names; if nobody works on that day, the next
        working day, as is usual for time limits.
        """
        day_of_month = (charter.due.monthly if self.frequency == "monthly" else charter.due.quarterly).day
        named = self.next.first_day.replace(day=day_of_month)
        # The first working day after the day before: the day itself, if it is one.
        return Calendar(charter).add(named - timedelta(days=1), 1)

    def _moved(self, by: int) -> Period:
        in_a_year = 12 if self.frequency == "monthly" else 4
        years, number = divmod(self.number - 1 + by, in_a_year)
        return Period(self.frequency, self.year + years, number + 1)
