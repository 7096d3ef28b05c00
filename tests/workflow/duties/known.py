"""What the tests of duties, reports and cycles say has happened: a department and its group, a branch with members."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from tests.workflow.indicators.known import CHARTER, START, TEXT, department, holds, person, post
from workflow.calendar import Calendar
from workflow.charter.loader import digest
from workflow.duties.events import DutyFulfilled, DutyFulfilledLate, DutyLapsed, DutyOpened, DutyTurnedYellow
from workflow.duties.owing import parts_of
from workflow.ids import DutyId, GridId, MembershipId, PersonId, PostId, UnitId
from workflow.organisation.events import GridBound, MembershipStarted, PostDutiesSet
from workflow.slices import Event

RULE = ("1", digest(TEXT))
HEAD, SECRETARY = PersonId("P1"), PersonId("P2")
DEPUTY, ORGAN = PersonId("P7"), PersonId("P8")


def member(id: str, unit: str, kind: str = "full", since: date = START) -> Event:
    return MembershipStarted(MembershipId(f"{id}-{unit}"), PersonId(id), UnitId(unit), kind, since)


ORGANISATION: tuple[Event, ...] = (
    department("I", "institution"),
    department("G3", parent="I"),
    department("G4", parent="I"),
    department("LG", "leading_group"),
    department("OC", "organ_committee", "LG"),
    department("B2", "branch", "OC"),
    department("PG3", "party_group", "B2"),
    *(person(f"P{n}") for n in range(1, 10)),
    post("G3-HEAD", "G3"),
    post("B2-SEC", "B2", "branch_secretary"),
    post("B2-M", "B2", "branch_committee_member"),
    post("DC1", "I", "deputy_chief"),
    post("OC-SEC", "OC", "organ_secretary"),
    PostDutiesSet(PostId("DC1"), (UnitId("G3"), UnitId("G4")), START),
    holds("P1", "G3-HEAD", "G3"),
    holds("P2", "B2-SEC", "B2", "concurrent"),
    holds("P7", "DC1", "I"),
    holds("P8", "OC-SEC", "OC", "concurrent"),
    GridBound(GridId("GRID3"), UnitId("G3"), UnitId("PG3"), START),
)
"""P1 heads G3, P2 is secretary of the branch B2 above its group PG3, P7 deputy in charge, P8 organ secretary."""


def opened(id: str) -> DutyOpened:
    """A duty as it opens by the charter."""
    parts = parts_of(id)
    kind = CHARTER.duty(parts.kind)
    due = parts.period.due_at(CHARTER)
    yellow = {"weekly": 1}.get(kind.cadence, 5)
    yellow_from = Calendar(CHARTER).add(due.day, -yellow)
    first = parts.period.first_day
    return DutyOpened(DutyId(id), parts.kind, parts.unit, str(parts.period), due.day, due.at, yellow_from, *RULE, first)


def turned(id: str, colour: str, due: date, on: date) -> Event:
    event = DutyTurnedYellow if colour == "yellow" else DutyLapsed
    known = opened(id)
    due_at = known.due_at if due == known.due else time.max  # extended, it is due by the end of a day
    return event(DutyId(id), parts_of(id).unit, colour, due, *RULE, on, due_at)


def fulfilled(id: str, held_on: date, on: date, *, late: bool = False, at: time = time.min, **more: Any) -> Event:
    event = DutyFulfilledLate if late else DutyFulfilled
    due = {"due": opened(id).due, "due_at": opened(id).due_at}
    about = {**due, "person": None, "evidence": ("minutes",), "attendees": (), "entitled": 0, "present": 0, **more}
    return event(DutyId(id), parts_of(id).unit, held_on=held_on, at=at, effective=on, **about)
