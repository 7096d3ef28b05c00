"""The demonstration's programmes for two years: the younger staff, members, and the departments themselves.

When an item is done, and whether it is noted, returned or never done, follows from its name: the same every time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from zlib import crc32

from api.demo.procuratorate.organisation import DEPARTMENTS, OVERSIGHT, ROOT, Person, memberships, people
from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.charter.programmes import ProgrammeItem, ProgrammeTemplate
from workflow.ids import CompletionId, PersonId, ProgrammeId, UnitId
from workflow.periods import Period
from workflow.programmes.adopting import AdoptProgramme
from workflow.programmes.checking import ReturnCompletion, VerifyCompletion
from workflow.programmes.doing import CompleteItem, ReportItemProgress
from workflow.programmes.enrolling import EnrolParticipants, WithdrawParticipant

CLERK, SUPERVISOR = "clerk", "supervisor"
YEARS = (2024, 2025)
YOUNG = {"G3": 8, "G4": 6, "G5": 6, "G6": 4, "G7": 4, "G8": 8}
"""How many of a department's last handlers are its younger staff: 36."""
MEMBERS = 20
WITHDRAWN, WITHDRAWN_ON = "P047", date(2025, 6, 10)


class Doer(NamedTuple):
    """Who takes part: a person or a department; the user who reports, and who verifies it as which user."""

    id: str
    whom: dict[str, Any]
    reports: str
    verifier: PersonId
    verifies: str


def steps(charter: Charter, last: date) -> Iterator[Step]:
    """All that is done up to a day."""
    calendar = Calendar(charter)
    takers = {"four_ones": _young(), "six_ones": _members(), "quality_project": _departments()}
    takers["conduct_project"] = takers["quality_project"]
    for year in YEARS:
        adopted = calendar.add(date(year, 1, 6), 1)
        for name, doers in takers.items():
            template = charter.programme(name)
            yield from _adopted(template, year, doers, adopted)
            for doer in doers:
                for item in template.items:
                    yield from _done(template, item, year, doer, adopted, calendar, last)
    id = ProgrammeId(f"four_ones.{ROOT}.2025")
    withdraw = WithdrawParticipant(programme=id, person=PersonId(WITHDRAWN), effective=WITHDRAWN_ON)
    yield Step(WITHDRAWN_ON, CLERK, withdraw, "借调上级院。", name=f"withdraw.{id}.{WITHDRAWN}")


def _young() -> list[Doer]:
    handlers, found = _handlers(), []
    for unit, count in YOUNG.items():
        found += [person.id for person in handlers if person.post.startswith(unit)][-count:]
    return [_person(id) for id in found]


def _members() -> list[Doer]:
    """Every third member among the handlers, and so on until there are enough."""
    belong = {row["person"] for row in memberships()}
    handlers = [person.id for person in _handlers() if person.id in belong]
    return [_person(id) for id in sorted([*handlers[::3], *handlers[1::3]][:MEMBERS])]


def _handlers() -> list[Person]:
    return [person for person in people() if person.post.partition("-H")[2].isdigit()]


def _person(id: str) -> Doer:
    unit = next(person.post for person in people() if person.id == id).partition("-")[0]
    head = next(person.id for person in people() if person.post == f"{unit}-HEAD")
    return Doer(id, {"person": PersonId(id)}, CLERK, PersonId(head), f"head-{unit}")


def _departments() -> list[Doer]:
    """Their deputy chief verifies what they do."""
    found = []
    for department in DEPARTMENTS:
        number = next(number for number, units in enumerate(OVERSIGHT, 2) if department.id in units.split())
        deputy = PersonId(f"P{number:03}")
        found.append(Doer(department.id, {"unit": UnitId(department.id)}, f"head-{department.id}", deputy, SUPERVISOR))
    return found


def _adopted(template: ProgrammeTemplate, year: int, doers: list[Doer], day: date) -> Iterator[Step]:
    adopt = AdoptProgramme(template=template.id, unit=UnitId(ROOT), period=str(year), effective=day)
    id = ProgrammeId(f"{template.id}.{ROOT}.{year}")
    yield Step(day, SUPERVISOR, adopt, name=f"adopt.{id}")
    enrol = EnrolParticipants(
        programme=id,
        persons=tuple(each.whom["person"] for each in doers if "person" in each.whom),
        units=tuple(each.whom["unit"] for each in doers if "unit" in each.whom),
        effective=day,
    )
    yield Step(day, CLERK, enrol, name=f"enrol.{id}")


def _done(
    template: ProgrammeTemplate,
    item: ProgrammeItem,
    year: int,
    doer: Doer,
    adopted: date,
    calendar: Calendar,
    last: date,
) -> Iterator[Step]:
    """An item is done in each of its periods; one in twenty never, and one in twenty comes back and is done anew."""
    programme = ProgrammeId(f"{template.id}.{ROOT}.{year}")
    until = WITHDRAWN_ON if (doer.id, year) == (WITHDRAWN, 2025) and template.id == "four_ones" else date.max
    number = 0
    for period in _periods(item, year):
        chance = crc32(f"{programme}.{doer.id}.{item.id}.{period}".encode())
        days = (period.last_day - max(period.first_day, adopted)).days - 20
        done_on = calendar.add(max(period.first_day, adopted) + timedelta(days=chance // 20 % max(days, 1)), 1)
        if chance % 20 == 0 or done_on > min(until, last):
            continue
        who: dict[str, Any] = {"programme": programme, "item": item.id, **doer.whom}
        if done_on > max(period.first_day, adopted) + timedelta(days=30):
            noted = calendar.add(done_on, -12)
            note = ReportItemProgress(**who, note="过半。", effective=noted)
            yield Step(noted, doer.reports, note, name=f"note.{programme}.{doer.id}.{item.id}.{period}")
        for again in (False, True) if chance % 20 == 1 else (False,):
            number += 1
            shown_on = calendar.add(done_on, 7 if again else 1)
            seen_on = calendar.add(shown_on, 3)
            complete = CompleteItem(
                **who, quantity=item.quantity, done_on=done_on, evidence=(item.evidence.zh,), effective=shown_on
            )
            id = CompletionId(f"{programme}.{doer.id}.{item.id}.{number}")
            back = chance % 20 == 1 and not again
            look: dict[str, Any] = {"completion": id, "verifier": doer.verifier, "effective": seen_on}
            if seen_on > min(until, last):
                break
            yield Step(shown_on, doer.reports, complete, name=f"complete.{id}")
            if back:
                yield Step(seen_on, doer.verifies, ReturnCompletion(**look, finding="请补充。"), name=f"return.{id}")
            else:
                yield Step(seen_on, doer.verifies, VerifyCompletion(**look, finding="属实。"), name=f"verify.{id}")


def _periods(item: ProgrammeItem, year: int) -> list[Period]:
    if item.cadence is None:
        return [Period("yearly", year, 1)]
    period, found = Period.containing(date(year, 1, 1), item.cadence), []
    while period.year == year:
        found.append(period)
        period = period.next
    return found
