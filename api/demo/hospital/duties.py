"""How the hospital's units do what they owe: rounds, audits, conferences and meetings, and two improvement cycles.

Which duty is late, or never done, follows from its id: the same every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from zlib import crc32

from api.demo.hospital.organisation import COMMITTEE, DEPARTMENTS, WARDS, committee, head_of, staff_of, team
from api.demo.steps import Step, periods
from workflow.calendar import Calendar
from workflow.charter.duties import DutyKind
from workflow.charter.model import Charter
from workflow.cycles.commands import CloseCycle, OpenCycle, ReachStage, RecordInspection
from workflow.cycles.events import Item
from workflow.duties.commands import ExcuseDuty, ExtendDuty, FulfilDuty
from workflow.ids import CycleId, DutyId, PersonId, UnitId
from workflow.periods import Period

CLERK, QUALITY, SECOND = "records-office", "quality-office", "peer-review"

INSPECTOR = PersonId(staff_of("GH-QO")[1])

EXCUSED = "safety_round.E1.2025-W04"
EXTENDED = "morbidity_conference.SURGERY.2025-05"

CYCLES = (("MED", "Fewer falls at night", date(2025, 5, 12), 4), ("SURGERY", "Every checklist", date(2025, 11, 3), 2))
"""The department, what it improves, when it set out, and how many stages it has come through: the first is closed."""

UNITS = {
    "ward": list(WARDS),
    "department": [department.id for department in DEPARTMENTS],
    "quality_committee": [COMMITTEE],
    "quality_team": [department.team for department in DEPARTMENTS],
}


def steps(charter: Charter, first: date, last: date) -> Iterator[Step]:
    """Everything that is done about duties and cycles from one day to another."""
    calendar = Calendar(charter)
    for kind in charter.duties:
        for unit in [unit for each in kind.unit_kinds for unit in UNITS[each]]:
            for period in periods(kind.cadence, first, last):
                yield from _fulfilled(kind, unit, period, charter, calendar)
    for unit, title, opened, stages in CYCLES:
        yield from _moved(charter, calendar, unit, title, opened, stages)


def _fulfilled(kind: DutyKind, unit: str, period: Period, charter: Charter, calendar: Calendar) -> Iterator[Step]:
    """A duty is done about the middle of its period; one in twenty late, one in forty never."""
    duty = DutyId(f"{kind.id}.{unit}.{period}")
    half = (period.last_day - period.first_day) / 2
    day = calendar.add(period.first_day + timedelta(days=half.days - 2), 1)
    chance = crc32(duty.encode()) % 40
    if duty == EXCUSED:
        excuse = ExcuseDuty(duty=duty, effective=day)
        reason = "The ward was closed after a storm."
        yield Step(day, QUALITY, excuse, reason, SECOND, name=f"excuse.{duty}")
        return
    if duty == EXTENDED:
        asked = calendar.add(period.due(charter), -1)
        day = calendar.add(asked, 3)
        head = PersonId(head_of(unit, asked.isoformat()))
        extend = ExtendDuty(duty=duty, person=head, until=day, effective=asked)
        yield Step(asked, CLERK, extend, "The director is on leave.", SECOND, name=f"extend.{duty}")
    elif chance == 0:
        return
    elif chance < 3:
        day = calendar.add(period.due(charter), chance)
    fulfil = FulfilDuty(
        duty=duty, held_on=day, evidence=(f"minutes of {day}",), attendees=_attendees(kind, unit, day), effective=day
    )
    yield Step(day, CLERK, fulfil, name=f"fulfil.{duty}")


def _attendees(kind: DutyKind, unit: str, day: date) -> tuple[PersonId, ...]:
    """Who is there, where the charter asks: in a team its leader, who is director, and its officer."""
    if kind.attendance is None:
        return ()
    for department in DEPARTMENTS:
        if unit == department.team:
            return PersonId(head_of(department.id, day.isoformat())), PersonId(team(department)[0])
    return tuple(PersonId(person) for person in (*committee(), *(team(d)[0] for d in DEPARTMENTS)))


def _moved(charter: Charter, calendar: Calendar, unit: str, title: str, day: date, stages: int) -> Iterator[Step]:
    """An improvement cycle on the one line that there is: three weeks a stage, looked at by an officer, and closed."""
    assert charter.sync is not None
    (line,) = charter.sync.lines
    id = CycleId(f"{unit}-{day.year}")
    opening = OpenCycle(cycle=id, unit=UnitId(unit), title=title, items=(Item(line, f"{title}."),), effective=day)
    yield Step(day, CLERK, opening, name=f"open.{id}")
    for stage in charter.sync.stages[:stages]:
        day = calendar.add(day, 15)
        evidence = (f"minutes of {day}",)
        reach = ReachStage(cycle=id, line=line, stage=stage.id, evidence=evidence, effective=day)
        yield Step(day, CLERK, reach, name=f"reach.{id}.{stage.id}")
    if stages < len(charter.sync.stages):
        return
    day = calendar.add(day, 5)
    findings = (Item(line, "Falls at night are down by half."),)
    inspect = RecordInspection(cycle=id, inspector=INSPECTOR, findings=findings, evidence=("a visit",), effective=day)
    yield Step(day, QUALITY, inspect, name=f"inspect.{id}")
    day = calendar.add(day, 1)
    yield Step(day, CLERK, CloseCycle(cycle=id, effective=day), name=f"close.{id}")
