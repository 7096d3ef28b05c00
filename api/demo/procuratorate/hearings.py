"""Field hearings in the demonstration: planned by quarter, told in time, and held; one is postponed, one cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from api.demo.procuratorate.organisation import people
from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.hearings.commands import (
    CancelHearing,
    HoldHearing,
    NotifyHearing,
    PlanHearing,
    PostponeHearing,
    SetHearingPlan,
)
from workflow.hearings.events import Hearers
from workflow.ids import CaseReference, HearingId, PersonId, UnitId
from workflow.slices import Command

QUARTERS = {"G3": (1, 1, 1, 1), "G4": (1, 0, 1, 0), "G5": (1, 1, 1, 1), "G6": (0, 1, 0, 1), "G7": (1, 1, 1, 1)}
"""How many hearings a department plans, in both years."""

POSTPONED, CANCELLED = "H.G5.2024-Q2", "H.G4.2024-Q3"


def steps(charter: Charter) -> Iterator[Step]:
    """Everything that is done about hearings."""
    calendar = Calendar(charter)
    for year in (2024, 2025):
        for unit, quarters in QUARTERS.items():
            day = date(year, 1, 10)
            plan = SetHearingPlan(unit=UnitId(unit), year=year, quarters=quarters, effective=day)
            yield _step(day, plan, f"plan.{unit}.{year}", "supervisor")
            for quarter, number in enumerate(quarters, 1):
                if number:
                    yield from _hearing(calendar, unit, year, quarter)


def _hearing(calendar: Calendar, unit: str, year: int, quarter: int) -> Iterator[Step]:
    name = f"H.{unit}.{year}-Q{quarter}"
    hearing, place = HearingId(name), int(unit[1:])
    on = calendar.add(date(year, quarter * 3 - 1, 10 + place), 1)
    planned, told = calendar.add(on, -15), on - timedelta(days=9)
    plan = PlanHearing(
        hearing=hearing,
        unit=UnitId(unit),
        reference=CaseReference(f"XF-{year}-{place * 100 + quarter:04}"),
        place=f"Village {place}",
        host=_host(unit),
        on=on,
        effective=planned,
    )
    yield _step(planned, plan, f"plan.{name}")
    yield _step(told, _notify(hearing, told), f"notify.{name}.1")
    if name == CANCELLED:
        day = on - timedelta(days=2)
        yield _step(day, CancelHearing(hearing=hearing, effective=day), f"cancel.{name}")
        return
    if name == POSTPONED:
        day, on = on - timedelta(days=1), calendar.add(on, 8)
        yield _step(day, PostponeHearing(hearing=hearing, on=on, effective=day), f"postpone.{name}")
        told = on - timedelta(days=4)
        yield _step(told, _notify(hearing, told), f"notify.{name}.2")
    hold = HoldHearing(
        hearing=hearing,
        hearers=(Hearers("hearing_officers", 3), Hearers("villagers", 20 + 5 * quarter)),
        result="settled" if (place + quarter) % 3 else "accepted",
        local_resolution=(place + quarter) % 3 != 0,
        evidence=(f"minutes of {on}",),
        effective=on,
    )
    yield _step(on, hold, f"hold.{name}")


def _notify(hearing: HearingId, day: date) -> NotifyHearing:
    told = ("parties", "hearing_officers")
    return NotifyHearing(hearing=hearing, told=told, evidence=("通知书",), effective=day)


def _host(unit: str) -> PersonId:
    """The first handler of a department, a prosecutor."""
    return PersonId(next(person.id for person in people() if person.post == f"{unit}-H01"))


def _step(day: date, command: Command, name: str, actor: str = "clerk") -> Step:
    return Step(day, actor, command, "记录。", name=f"hearings.{name}")
