"""Service in the demonstration: a vanguard team and the visits that it carries, check-ins, activities, and needs.

What is late, bad or left out follows from ids: the same every time. All names are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from zlib import crc32

from api.demo.procuratorate.organisation import DEPARTMENTS, LEADING_GROUP, Person, people
from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.ids import ActivityId, NeedId, PersonId, PetitionerId, ServiceTeamId, UnitId, VisitId
from workflow.periods import Period
from workflow.service.hours import Attendee, HoldActivity, RecordCheckIn, RegisterCommunity
from workflow.service.needs.commands import AssignNeed, RaiseNeed, RateNeed, ResolveNeed
from workflow.service.teams import FormTeam, JoinTeam, WithdrawMember
from workflow.service.visits.commands import (
    AssignVisit,
    CloseVisit,
    HandOverVisit,
    MakeVisit,
    RegisterPetitioner,
)
from workflow.slices import Command

CLERK, SUPERVISOR = "clerk", "supervisor"
TEAM = ServiceTeamId("VANGUARD")
FORMED, REGISTERED = date(2024, 1, 8), date(2024, 1, 5)

PLACES = {"PG1": 3, "PG2": 2, "PG3": 4, "PG4": 3, "PG5": 2, "PG6": 2, "PG7": 2, "PG8": 3}
"""How many members of the team each party group sends; in its branch they make 5, 4, 5, 4 and 3."""

VISITS = 42
LEAVER, NEWCOMER, HEIRS = "P086", "P088", ("P079", "P088")
"""Story (l): who withdraws, who comes after, and who takes the visits over."""
WITHDRAWN, TAKEN_OVER = date(2025, 4, 15), date(2025, 4, 18)
HERS = {17: date(2025, 3, 3), 38: date(2025, 3, 17)}
"""Her visits, by number, and when they were assigned."""

SLACK = ("G4", "2024-Q3")
"""A department and quarter in which hardly anybody checked in."""


def steps(charter: Charter, first: date, last: date) -> Iterator[Step]:
    """Everything that is done from one day to another."""
    calendar = Calendar(charter)
    yield from _team()
    yield from _visits(calendar)
    yield from _check_ins(first, last)
    yield from _activities(calendar, first, last)
    yield from _needs(calendar)


def _step(day: date, command: Command, name: str, actor: str = CLERK) -> Step:
    return Step(day, actor, command, "记录。", name=f"service.{name}")


def _branch(group: str) -> UnitId:
    return UnitId(next(f"B{each.branch}" for each in DEPARTMENTS if each.group == group))


def team() -> list[Person]:
    """The members of the team when it is formed: of each party group those after its head and deputies."""
    found = []
    for group, places in PLACES.items():
        members = [person for person in people() if person.group == group]
        found += members[2 : 2 + places]
    return found


def _team() -> Iterator[Step]:
    form = FormTeam(team=TEAM, kind="vanguard", name="走访先锋队", effective=FORMED)
    yield _step(FORMED, form, "form", SUPERVISOR)
    for person in team():
        yield _step(FORMED, _join(person.id, person.group, FORMED), f"join.{person.id}")
    withdraw = WithdrawMember(team=TEAM, person=PersonId(LEAVER), effective=WITHDRAWN)
    yield _step(WITHDRAWN, withdraw, f"withdraw.{LEAVER}")
    yield _step(TAKEN_OVER, _join(NEWCOMER, "PG7", TAKEN_OVER), f"join.{NEWCOMER}")


def _join(person: str, group: str, day: date) -> JoinTeam:
    return JoinTeam(team=TEAM, person=PersonId(person), unit=_branch(group), effective=day)


def _visits(calendar: Calendar) -> Iterator[Step]:
    members = team()
    for number in range(VISITS):
        id = VisitId(f"V{number + 1:02d}")
        carrier = LEAVER if number in HERS else members[number % len(members)].id
        assigned = HERS.get(number) or calendar.add(date(2024, 1, 15) + timedelta(days=16 * number), 1)
        petitioner = PetitionerId(f"X{number + 1:03d}")
        named = RegisterPetitioner(
            petitioner=petitioner,
            name=f"Petitioner {number + 1:02d}",
            phone=f"555-1{number + 1:03d}",
            address=f"Village {number % 9 + 1}",
            effective=assigned,
        )
        yield _step(assigned, named, f"register.{petitioner}")
        assign = AssignVisit(
            visit=id,
            petitioner=petitioner,
            team=TEAM,
            person=PersonId(carrier),
            matter=("征地补偿", "执行监督", "司法救助", "邻里纠纷")[number % 4],
            received=assigned,
            effective=assigned,
        )
        yield _step(assigned, assign, f"assign.{id}")
        yield from _carried(calendar, id, number, carrier, assigned)


def _carried(calendar: Calendar, id: VisitId, number: int, carrier: str, assigned: date) -> Iterator[Step]:
    """Three or four visits and a close, but for the last three matters; one in ten is answered late, one in seven takes
    longer than three months."""
    long = number % 7 == 3
    answered = calendar.add(assigned, 9 if number % 10 == 4 else 4)
    acts = [(calendar.add(assigned, 2), ""), (answered, "answer"), (calendar.add(assigned, 25), "")]
    if long:
        acts.append((calendar.add(assigned, 55), "progress"))
    if number in HERS:
        heir = HEIRS[list(HERS).index(number)]
        notes = "材料齐全，下一步上门。"
        take = HandOverVisit(visit=id, person=PersonId(heir), notes=notes, effective=TAKEN_OVER)
        yield _step(TAKEN_OVER, take, f"hand_over.{id}")
    for place, (day, tells) in enumerate(acts, 1):
        make = MakeVisit(
            visit=id,
            person=_carrier(number, carrier, day),
            done="上门走访，听取诉求。",
            tells=tells,
            evidence=(f"visit record {id}.{place}",),
            effective=day,
        )
        yield _step(day, make, f"make.{id}.{place}")
    if number >= VISITS - 3:
        return  # open to the end
    day = calendar.add(assigned, 95 if long else 48)
    close = CloseVisit(
        visit=id, person=_carrier(number, carrier, day), result="息诉罢访。", evidence=("结案表",), effective=day
    )
    yield _step(day, close, f"close.{id}")


def _carrier(number: int, carrier: str, day: date) -> PersonId:
    return PersonId(HEIRS[list(HERS).index(number)] if number in HERS and day >= TAKEN_OVER else carrier)


def _check_ins(first: date, last: date) -> Iterator[Step]:
    """Every member with each of two communities, once a month; one in forty times nobody comes."""
    members = [person for person in people() if person.group]
    communities = {"host": "Courthouse Road Community", "home": "Community {0}"}
    for number, person in enumerate(members):
        for kind, name in communities.items():
            known = RegisterCommunity(
                person=PersonId(person.id), kind=kind, community=name.format(number % 12 + 1), effective=REGISTERED
            )
            yield _step(REGISTERED, known, f"community.{person.id}.{kind}")
    month = Period.containing(first, "monthly")
    while month.last_day <= last:
        for person in members:
            for kind in communities:
                yield from _checked_in(person, kind, month)
        month = month.next


def _checked_in(person: Person, kind: str, month: Period) -> Iterator[Step]:
    chance = crc32(f"{person.id}.{kind}.{month}".encode())
    department = f"G{person.group.removeprefix('PG')}" if person.group != LEADING_GROUP else ""
    slack = (department, str(Period.containing(month.first_day, "quarterly"))) == SLACK
    if chance % 40 == 0 or (slack and chance % 3):
        return
    day = month.first_day + timedelta(days=8 + chance % 19)
    hours = Decimal(4 + chance % 5) / 10
    check_in = RecordCheckIn(person=PersonId(person.id), kind=kind, hours=hours, effective=day)
    yield _step(day, check_in, f"check_in.{person.id}.{kind}.{month}")


def _activities(calendar: Calendar, first: date, last: date) -> Iterator[Step]:
    """Each branch holds one a month, by turns of legal outreach and volunteering, with a third of its members."""
    month = Period.containing(first, "monthly")
    while month.last_day <= last:
        for branch in range(1, 6):
            groups = [each.group for each in DEPARTMENTS if each.branch == branch]
            members = [person.id for person in people() if person.group in groups]
            turn = month.number % 3
            day = calendar.add(month.first_day + timedelta(days=10 + branch), 1)
            attendees = tuple(Attendee(PersonId(id), Decimal(2)) for id in members[turn::3])
            hold = HoldActivity(
                activity=ActivityId(f"B{branch}.{month}"),
                unit=UnitId(f"B{branch}"),
                kind="legal_outreach" if month.number % 2 else "volunteering",
                title="送法进村" if month.number % 2 else "社区志愿服务",
                place=f"Village {branch}",
                attendees=attendees,
                evidence=(f"photo of {day}",),
                effective=day,
            )
            yield _step(day, hold, f"activity.B{branch}.{month}")
        month = month.next


def _needs(calendar: Calendar) -> Iterator[Step]:
    """Sixty, of all departments: one in twelve is resolved late, one in fifteen rated badly and done again."""
    for number in range(60):
        department = DEPARTMENTS[number % len(DEPARTMENTS)]
        staff = [person.id for person in people() if person.post.startswith(f"{department.id}-")]
        id, resolver = NeedId(f"N{number + 1:02d}"), PersonId(staff[2 + number % 4])
        asks = PersonId(staff[0])
        day = calendar.add(date(2024, 1, 22) + timedelta(days=12 * number), 1)
        # Whoever raised it was registered as a petitioner long before, or is nobody in particular.
        earlier = number * 12 // 16 - 2
        petitioner = PetitionerId(f"X{earlier:03d}") if number % 3 and earlier > 0 and earlier - 1 not in HERS else None
        need = RaiseNeed(
            need=id,
            unit=UnitId(department.id),
            title=("路灯维修", "法律咨询", "老人就医陪同", "子女入学手续")[number % 4],
            petitioner=petitioner,
            effective=day,
        )
        yield _step(day, need, f"raise.{id}")
        ratings = (2, 4) if number % 15 == 7 else (4 + number % 2,)
        for place, rating in enumerate(ratings, 1):
            day = calendar.add(day, 1)
            assign = AssignNeed(need=id, person=resolver, effective=day)
            yield _step(day, assign, f"assign.{id}.{place}")
            day = calendar.add(day, 17 if number % 12 == 5 else 6 + number % 5)
            resolve = ResolveNeed(need=id, person=resolver, result="已解决。", evidence=("回执",), effective=day)
            yield _step(day, resolve, f"resolve.{id}.{place}")
            day = calendar.add(day, 2)
            rate = RateNeed(need=id, person=asks, rating=rating, effective=day)
            yield _step(day, rate, f"rate.{id}.{place}")
