"""By when a petition is answered, has a result, and is handed over."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.service.acts import service_of


def answer_due(received: date, charter: Charter) -> date:
    """The working day, so many after that of receipt, by which it is answered."""
    return Calendar(charter).add(received, service_of(charter).visits.answer_working_days)


def result_due(since: date, charter: Charter) -> date:
    """The same day, so many months after receipt, or after the last report of progress; in a shorter month its last."""
    months = since.year * 12 + since.month - 1 + service_of(charter).visits.result_months
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(since.day, monthrange(year, month)[1]))


def handover_due(left: date, charter: Charter) -> date:
    """By when somebody else has it, after its carrier left on that day."""
    return Calendar(charter).add(left, service_of(charter).visits.handover_working_days)
