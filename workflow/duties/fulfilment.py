"""How the fulfilment of a duty is recorded: in time, or late."""

from __future__ import annotations

from datetime import date, time

from workflow.duties.events import DutyFulfilled, DutyFulfilledLate, DutyOpened
from workflow.ids import PersonId, ReportId
from workflow.periods import Due
from workflow.slices import Context


def fulfilment(
    opened: DutyOpened,
    due: Due,
    effective: date,
    at: time,
    *,
    person: PersonId | None,
    held_on: date,
    evidence: tuple[str, ...] = (),
    attendees: tuple[PersonId, ...] = (),
    entitled: int = 0,
    present: int = 0,
    report: ReportId | None = None,
) -> DutyFulfilled:
    """The event of a duty that was done, in time or late."""
    event = DutyFulfilledLate if due.passed(effective, at) else DutyFulfilled
    names = opened.duty, opened.unit, person
    return event(*names, held_on, evidence, attendees, entitled, present, *due, at, effective, report)


def time_of(effective: date, context: Context) -> time:
    """The time of day at which something is done now; of a day gone by it is not known, and taken for its end."""
    return context.at if effective == context.today else time.max
