"""How the demonstration's units do what they owe: meetings, reports and cycles, most of it in time.

Which duty is late, or never done, follows from its id: the same every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from zlib import crc32

from api.demo.files import Rows
from api.demo.procuratorate.organisation import (
    BRANCH_SECRETARIES,
    COMMITTEES,
    DEPARTMENTS,
    OVERSIGHT,
    Department,
    appointments,
    memberships,
)
from api.demo.steps import Step, periods
from workflow.calendar import Calendar
from workflow.charter.duties import DutyKind
from workflow.charter.model import Charter
from workflow.cycles.commands import CloseCycle, OpenCycle, ReachStage, RecordInspection
from workflow.cycles.events import Item
from workflow.duties.commands import ExcuseDuty, ExtendDuty, FulfilDuty
from workflow.ids import CycleId, DutyId, PersonId, ReportId, UnitId
from workflow.periods import Period
from workflow.reports.commands import AcceptReport, CountersignReport, ReturnReport, SubmitReport
from workflow.reports.events import Part

CLERK, SUPERVISOR, SECOND = "clerk", "supervisor", "assessor"
INSPECTOR = PersonId("P006")
"""The secretary of the organ committee: receives reports on the party line, and inspects cycles."""

EXCUSED = "weekly_meeting.G5.2024-W07"
EXTENDED = "theme_day.B2.2024-09"
RETURNED = "dual_report.G4.2024-Q3"


def steps(charter: Charter, first: date, last: date) -> Iterator[Step]:
    """Everything that is done about duties, reports and cycles from one day to another."""
    calendar = Calendar(charter)
    for kind in charter.duties:
        for unit in _units_of(kind):
            for period in periods(kind.cadence, first, last):
                yield from _fulfilled(kind, unit, period, charter, calendar)
    for report in charter.reports:
        for department in DEPARTMENTS:
            for period in periods(report.duty.cadence, first, last):
                yield from _reported(report.id, department, period, charter, calendar)
    for year in range(first.year, last.year):
        for department in DEPARTMENTS:
            yield from _moved(charter, department, year, calendar)


def _units_of(kind: DutyKind) -> list[str]:
    by_kind = {
        "department": [each.id for each in DEPARTMENTS],
        "branch": list(BRANCH_SECRETARIES),
        "party_group": [each.group for each in DEPARTMENTS],
    }
    return [unit for each in kind.unit_kinds for unit in by_kind[each]]


def _fulfilled(kind: DutyKind, unit: str, period: Period, charter: Charter, calendar: Calendar) -> Iterator[Step]:
    """A duty is done about the middle of its period. Of those of departments one in twenty is late, and one in forty
    never done; of the others a fifth of that, as each counts for several departments."""
    duty = DutyId(f"{kind.id}.{unit}.{period}")
    half = (period.last_day - period.first_day) / 2
    held_on = shown_on = calendar.add(period.first_day + timedelta(days=half.days - 2), 1)
    chance = crc32(duty.encode()) % (40 if kind.unit_kinds == ("department",) else 200)
    if duty == EXCUSED:
        reason = "The offices were closed for the festival."
        excuse = ExcuseDuty(duty=duty, effective=held_on)
        yield Step(held_on, SUPERVISOR, excuse, reason, SECOND, name=f"excuse.{duty}")
        return
    if duty == EXTENDED:
        asked_on = period.due(charter)
        held_on = shown_on = calendar.add(asked_on, 2)
        extend = ExtendDuty(
            duty=duty, person=holder(f"{unit}-SEC", asked_on), until=calendar.add(asked_on, 3), effective=asked_on
        )
        reason = "The museum is open again next week only."
        yield Step(asked_on, CLERK, extend, reason, SECOND, name=f"extend.{duty}")
    elif chance == 0:
        return
    elif chance < 3:
        held_on = shown_on = calendar.add(period.due(charter), chance + 1)
    fulfil = FulfilDuty(
        duty=duty,
        held_on=held_on,
        evidence=(f"minutes of {held_on}",),
        attendees=_attendees(kind, unit, held_on),
        effective=shown_on,
    )
    yield Step(shown_on, CLERK, fulfil, name=f"fulfil.{duty}")


def _attendees(kind: DutyKind, unit: str, day: date) -> tuple[PersonId, ...]:
    """Who is there, where the charter asks: all but one of the committee, four members of five."""
    if kind.attendance is None:
        return ()
    if kind.attendance.post_kinds:
        posts = [f"{unit}-SEC", *(f"{unit}-M{n}" for n in range(1, COMMITTEES[unit]))]
        return tuple(holder(post, day) for post in posts)
    groups = {each.group for each in DEPARTMENTS if f"B{each.branch}" == unit}
    members = [row["person"] for row in memberships() if row["unit"] in groups and row["kind"] == "full"]
    return tuple(PersonId(person) for number, person in enumerate(members, 1) if number % 5)


def _reported(
    kind: str, department: Department, period: Period, charter: Charter, calendar: Calendar
) -> Iterator[Step]:
    """A report comes days after its quarter; the branch secretary signs on the next one, and both lines accept it."""
    id = ReportId(f"{kind}.{department.id}.{period}")
    day, secretary = calendar.add(period.last_day, 9), f"B{department.branch}-SEC"
    if crc32(id.encode()) % 12:
        day = min(calendar.add(period.last_day, 4), period.due(charter))
    returned = id == RETURNED
    for version in (1, 2) if returned else (1,):
        texts = ("Meetings, lectures and theme days as planned.", "Targets and what was done about warnings.")
        parts = (Part("party", texts[0]), Part("business", texts[1]))
        head, signs = holder(f"{department.id}-HEAD", day), holder(secretary, calendar.add(day, 1))
        submit = SubmitReport(
            kind=kind,
            unit=UnitId(department.id),
            period=str(period),
            parts=parts,
            evidence=("minutes of the quarter",),
            person=head,
            effective=day,
        )
        leader = f"head-{department.id}"
        yield Step(day, leader, submit, name=f"submit.{id}.{version}")
        day = calendar.add(day, 1)
        if signs != head:
            sign = CountersignReport(report=id, person=signs, effective=day)
            yield Step(day, leader, sign, name=f"sign.{id}.{version}")
        day = calendar.add(day, 1)
        if returned and version == 1:
            back = ReturnReport(report=id, line="party", person=INSPECTOR, effective=day)
            yield Step(day, SUPERVISOR, back, "Which theme days were there?", name=f"return.{id}")
            day = calendar.add(day, 1)
    for line, person in (("business", in_charge(department.id)), ("party", INSPECTOR)):
        accept = AcceptReport(report=id, line=line, person=person, effective=day)
        yield Step(day, SUPERVISOR, accept, name=f"accept.{id}.{line}")


def _moved(charter: Charter, department: Department, year: int, calendar: Calendar) -> Iterator[Step]:
    """One cycle a year: in step, the party line first in odd departments."""
    assert charter.sync is not None
    id = CycleId(f"{department.id}-{year}")
    lines = charter.sync.lines if department.number % 2 else charter.sync.lines[::-1]
    opened = calendar.add(date(year, 2, 20), department.number)
    items = tuple(Item(line, f"Work on the {line} line in {year}.") for line in charter.sync.lines)
    opening = OpenCycle(cycle=id, unit=UnitId(department.id), title=f"{year}", items=items, effective=opened)
    yield Step(opened, CLERK, opening, name=f"open.{id}")
    day = opened
    for stage in charter.sync.stages:
        for line in lines:
            day = calendar.add(day, 15)
            reach = ReachStage(cycle=id, line=line, stage=stage.id, evidence=(f"minutes of {day}",), effective=day)
            yield Step(day, CLERK, reach, name=f"reach.{id}.{stage.id}.{line}")
    day = calendar.add(day, 5)
    findings = tuple(Item(line, "As planned.") for line in charter.sync.lines)
    inspect = RecordInspection(cycle=id, inspector=INSPECTOR, findings=findings, evidence=("a visit",), effective=day)
    yield Step(day, SUPERVISOR, inspect, name=f"inspect.{id}")
    day = calendar.add(day, 1)
    yield Step(day, CLERK, CloseCycle(cycle=id, effective=day), name=f"close.{id}")


def holder(post: str, day: date) -> PersonId:
    """Who holds a post on a day, or acts for its holder."""
    on = day.isoformat()
    rows = [row for row in _held().get(post, []) if row["effective"] <= on]
    return PersonId(next(row["person"] for row in rows if not row["until"] or on < row["until"]))


@cache
def _held() -> dict[str, Rows]:
    """The appointments by post."""
    by: dict[str, Rows] = {}
    for row in appointments():
        by.setdefault(row["post"], []).append(row)
    return by


def in_charge(department: str) -> PersonId:
    """The deputy chief in charge of a department."""
    number = next(number for number, units in enumerate(OVERSIGHT, 1) if department in units.split())
    return holder(f"DCP-DC{number}", date.max)
