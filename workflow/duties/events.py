"""What happened to duties (row 5 of the domain): opened, yellow, lapsed, fulfilled, extended, excused.

A due date is a day and the time of that day until which something is in time.
"""

from __future__ import annotations

from datetime import date, time

from workflow.ids import DutyId, PersonId, ReportId, UnitId
from workflow.slices import Event


class DutyOpened(Event):
    """A unit owes something of a kind for a period, from `effective`, its first day, on.

    From `yellow_from` on it is yellow, unless it is done. `charter` is the one in force on the first day.
    """

    TOPIC = "duty.opened"
    duty: DutyId
    kind: str
    unit: UnitId
    period: str
    due: date
    due_at: time
    yellow_from: date
    charter: str
    charter_digest: str
    effective: date


class DutyTurnedYellow(Event):
    """Few working days are left until the time `due_at` of the day `due`, and it is not done. `due_at` was not recorded
    always."""

    TOPIC = "duty.turned_yellow"
    duty: DutyId
    unit: UnitId
    colour: str
    due: date
    charter: str
    charter_digest: str
    effective: date
    due_at: time | None = None


class DutyLapsed(Event):
    """It was not done until the time `due_at` of the day `due`. Done later, it stays so recorded."""

    TOPIC = "duty.lapsed"
    duty: DutyId
    unit: UnitId
    colour: str
    due: date
    charter: str
    charter_digest: str
    effective: date
    due_at: time | None = None


class DutyFulfilled(Event):
    """It was done on `held_on`, and shown to be at the time `at` of the day `effective`; it was due by `due`, `due_at`.

    `person` reports it for the unit; None: a clerk recorded it. Of the `entitled` people who must be there, `present`
    were among the `attendees`; both are 0 where the charter asks for nobody. `report`: it was done by submitting it.
    """

    TOPIC = "duty.fulfilled"
    duty: DutyId
    unit: UnitId
    person: PersonId | None
    held_on: date
    evidence: tuple[str, ...]
    attendees: tuple[PersonId, ...]
    entitled: int
    present: int
    due: date
    due_at: time
    at: time
    effective: date
    report: ReportId | None = None


class DutyFulfilledLate(DutyFulfilled):
    """The same, after it was due."""

    TOPIC = "duty.fulfilled_late"


class DutyExtended(Event):
    """It is due by the end of `due` instead; the reason is in the entry. It is the `number`-th time."""

    TOPIC = "duty.extended"
    duty: DutyId
    unit: UnitId
    person: PersonId
    due: date
    due_at: time
    yellow_from: date
    number: int
    effective: date


class DutyExcused(Event):
    """It is no longer owed.

    `cause`: decided (the reason is in the entry), dissolved (the unit was), or ended (the mentorship did).
    """

    TOPIC = "duty.excused"
    duty: DutyId
    unit: UnitId
    cause: str
    effective: date
