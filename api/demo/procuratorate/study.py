"""How the demonstration studies: a Friday Classroom a week, branch study a month, and that of the others a quarter.

Who is away follows from the session and the person: the same every time. Where a department was busy for a quarter,
more of its people are away, and nobody makes up for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zlib import crc32

from api.demo.procuratorate.duties import CLERK, SECOND, SUPERVISOR, holder
from api.demo.procuratorate.organisation import (
    BRANCH_SECRETARIES,
    DEPARTMENTS,
    LEADING_GROUP,
    ORGAN_COMMITTEE,
    ROOT,
    START,
    memberships,
    people,
)
from api.demo.steps import Step
from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.charter.study import StudyTier
from workflow.duties.commands import ExcuseDuty
from workflow.ids import DutyId, MembershipId, PersonId, SessionId, UnitId
from workflow.organisation.memberships import StartMembership
from workflow.organisation.units import EstablishUnit
from workflow.periods import Period
from workflow.study.attendance import MakeUpAttendance, VerifyMakeUp
from workflow.study.sessions import HoldSession, ScheduleSession
from workflow.study.views import session_id

YOUTH = UnitId("YG")
BUSY = {
    ("G3", "2024-Q2"): 150,
    ("G7", "2024-Q4"): 170,
    ("G1", "2025-Q1"): 140,
    ("G5", "2025-Q3"): 160,
    ("G8", "2025-Q3"): 300,
    ("G2", "2025-Q4"): 130,
}
"""Of a thousand, how many of a department's people are away in a quarter in which it is busy; else `AWAY`."""
AWAY, EXCUSED = 50, 20
TOPICS = ("The revised code", "Cases of the month", "Writing opinions", "Discipline", "Evidence on line")

_POSTS = {each.id: each.post for each in people()}
_G7_HEAD = holder("G7-HEAD", date.max)


@dataclass(frozen=True)
class Held:
    """What a unit holds: for whom, and by whom it is hosted on a day."""

    tier: StudyTier
    unit: UnitId
    audience: Sequence[str]
    host: Callable[[date], PersonId]


def steps(charter: Charter, first: date, last: date) -> Iterator[Step]:
    """A youth group is founded; then everything that is studied from one day to another."""
    calendar = Calendar(charter)
    yield from _founded()
    for each in _holding(charter):
        assert each.tier.cadence is not None
        period = Period.containing(first, each.tier.cadence)
        while period.last_day <= last:
            if period.first_day >= first:
                yield from _studied(each, period, charter, calendar)
            period = period.next


def _founded() -> Iterator[Step]:
    day = date.fromisoformat(START)
    names = {"name_zh": "青年理论学习小组", "name_en": "Youth Study Group", "parent": UnitId(ROOT)}
    yield Step(day, CLERK, EstablishUnit(unit=YOUTH, kind="youth_study_group", effective=day, **names))  # type: ignore[arg-type]
    for person in _young():
        id = MembershipId(f"M-YG-{person}")
        join = StartMembership(membership=id, person=PersonId(person), unit=YOUTH, kind="youth", effective=day)
        yield Step(day, CLERK, join)


def _young() -> list[str]:
    """The assistants."""
    return [each.id for each in people() if each.personnel_class == "assistant"]


def _holding(charter: Charter) -> Iterator[Held]:
    tiers = {tier.id: tier for tier in charter.study}
    staff = [each.id for each in people() if each.post.startswith(("G", ROOT))]
    yield Held(tiers["friday_classroom"], UnitId(ROOT), staff, lambda day: holder("G2-HEAD", day))
    leaders = [f"P{n:03}" for n in range(1, 8)]
    yield Held(tiers["leading_group_study"], UnitId(LEADING_GROUP), leaders, lambda day: holder("LG-SEC", day))
    organ = sorted({holder(f"OC-{post}", date.max) for post in ("SEC", *(f"M{n}" for n in range(1, 7)))})
    yield Held(tiers["organ_committee_study"], UnitId(ORGAN_COMMITTEE), organ, lambda day: holder("OC-SEC", day))
    for branch in BRANCH_SECRETARIES:
        groups = {each.group for each in DEPARTMENTS if f"B{each.branch}" == branch}
        members = [row["person"] for row in memberships() if row["unit"] in groups]
        post = f"{branch}-SEC"
        yield Held(tiers["branch_study"], UnitId(branch), members, lambda day, post=post: holder(post, day))  # type: ignore[misc]
    yield Held(tiers["youth_study"], YOUTH, _young(), lambda day: holder("G2-HEAD", day))


def _studied(each: Held, period: Period, charter: Charter, calendar: Calendar) -> Iterator[Step]:
    """One session in the period, on its day; a week in which nobody works has none, and that is excused."""
    day = _day(each.tier, period, calendar)
    if day is None:
        duty, on = DutyId(f"{each.tier.id}.{each.unit}.{period}"), period.due(charter)
        reason = "Nobody worked in that week."
        yield Step(on, SUPERVISOR, ExcuseDuty(duty=duty, effective=on), reason, SECOND, name=f"excuse.{duty}")
        return
    session, host = session_id(each.tier.id, each.unit, day), each.host(day)
    told = calendar.add(day, -3) if period.frequency != "weekly" else max(period.first_day, calendar.add(day, -3))
    schedule = ScheduleSession(
        tier=each.tier.id,
        unit=each.unit,
        on=day,
        topic=TOPICS[crc32(session.encode()) % len(TOPICS)],
        host=host,
        place="Hall 1",
        materials=(f"slides of {day}",),
        effective=told,
    )
    yield Step(told, CLERK, schedule, name=f"schedule.{session}")
    asked = [person for person in each.audience if not _left_for_a_while(person, day)]
    chances = {person: crc32(f"{session}.{person}".encode()) % 1000 for person in asked}
    absent = [person for person in asked if chances[person] < _away(person, day) and person != host]
    excused = [person for person in asked if person not in absent and chances[person] >= 1000 - EXCUSED]
    excused = [person for person in excused if person != host]
    there = [person for person in asked if person not in absent and person not in excused]
    hold = HoldSession(
        session=session,
        attendees=tuple(map(PersonId, there)),
        excused=tuple(map(PersonId, excused)),
        evidence=(f"minutes of {day}",),
        effective=day,
    )
    yield Step(day, CLERK, hold, name=f"hold.{session}")
    for person in absent:
        if chances[person] % 2 == 0 and _away(person, day) == AWAY:
            yield from _made_up(PersonId(person), session, host, day, calendar)


def _made_up(person: PersonId, session: SessionId, host: PersonId, day: date, calendar: Calendar) -> Iterator[Step]:
    shown, verified = calendar.add(day, 3), calendar.add(day, 5)
    make_up = MakeUpAttendance(
        session=session,
        person=person,
        made_up_on=shown,
        evidence=(f"notes on the slides of {day}",),
        effective=shown,
    )
    yield Step(shown, CLERK, make_up, name=f"make_up.{session}.{person}")
    verify = VerifyMakeUp(session=session, person=person, verifier=host, effective=verified)
    yield Step(verified, "leader", verify, name=f"verify.{session}.{person}")


def _day(tier: StudyTier, period: Period, calendar: Calendar) -> date | None:
    """Friday, or the last working day of a week before it; the working day after the middle of a longer period."""
    if tier.cadence != "weekly":
        half = (period.last_day - period.first_day) // 2
        return calendar.add(period.first_day + half, 1)
    days = [period.first_day + timedelta(days=n) for n in range(5)]
    return next((day for day in reversed(days) if calendar.is_working_day(day)), None)


def _left_for_a_while(person: str, day: date) -> bool:
    """The head of G7 is away for four months (story b)."""
    return date(2025, 3, 1) <= day < date(2025, 7, 1) and person == _G7_HEAD


def _away(person: str, day: date) -> int:
    unit = _POSTS[person].partition("-")[0]
    return BUSY.get((unit, str(Period.containing(day, "quarterly"))), AWAY)
