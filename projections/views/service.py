"""Service: teams and who is in them, check-ins, activities, and the hours that people served."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, select

from projections.facts import FactTable
from projections.models.service import ACTIVITY, ATTENDANCE, CHECK_IN, COMMUNITY, SERVICE_MEMBER, SERVICE_TEAM
from projections.tables import iso
from projections.views import Fact, Found, Moment, every, history, holds, known, one, page, seen, shown
from projections.views.hearings import OPEN as COMING
from projections.views.hearings import Hearing, hearings
from projections.views.needs import Need, needs
from projections.views.organisation import subtree
from projections.views.visits import Visit, visits
from workflow.sealed import Sealed

MOST = 200
"""How many of what a person does are shown of each kind."""


class Team(Fact, kw_only=True):
    """A team of a kind of the charter."""

    team: str
    kind: str
    name: str


class Member(Fact, kw_only=True):
    """A person is in a team, for a unit."""

    team: str
    person: str
    unit: str


class Community(Fact, kw_only=True):
    """A person checks in with a community of a kind; its name stays sealed here."""

    DOCUMENTS = ("details",)

    person: str
    kind: str
    details: Sealed


class CheckIn(Fact, kw_only=True):
    """A person served on a day in a community; `unit` is where they belonged then. Without hours it did not happen."""

    DOCUMENTS = ("evidence",)

    check_in: str
    person: str
    unit: str
    kind: str
    hours: Decimal
    on_day: date
    evidence: tuple[str, ...] | None


class Activity(Fact, kw_only=True):
    """An activity that a unit held."""

    DOCUMENTS = ("evidence",)

    activity: str
    unit: str
    kind: str
    title: str
    place: str
    on_day: date
    evidence: tuple[str, ...]


class Attendance(Fact, kw_only=True):
    """Who was at an activity, for how long; `unit` is where they belonged then. Without hours they were not there."""

    activity: str
    person: str
    unit: str
    kind: str
    hours: Decimal
    on_day: date


class Hours(msgspec.Struct, kw_only=True):
    """How many hours a person served in a span of days: by kind of check-in and of activity, and in all."""

    person: str
    check_ins: dict[str, Decimal]
    activities: dict[str, Decimal]
    total: Decimal


class Service(msgspec.Struct, kw_only=True):
    """What a person does for the people: the teams of the day, what they carry, see to and are to host, and the hours
    of a span of days, None if there are none."""

    teams: list[Member]
    visits: list[Visit]
    needs: list[Need]
    hearings: list[Hearing]
    hours: Hours | None


def service_of(connection: Connection, moment: Moment, person: str, since: date, until: date) -> Service:
    """What a person does for the people; of the open visits, needs and hearings the first `MOST` by id."""
    at = connection, moment
    return Service(
        teams=teams_of(*at, person),
        visits=visits(*at, person=person, states=("open",), limit=MOST).items,
        needs=needs(*at, person=person, states=("assigned",), limit=MOST).items,
        hearings=hearings(*at, host=person, states=COMING, limit=MOST).items,
        hours=next(iter(hours(*at, since, until, person=person)), None),
    )


def teams(connection: Connection, moment: Moment, *, limit: int = 50, after: str = "") -> Found[Team]:
    """Teams, by id."""
    return page(connection, SERVICE_TEAM, moment, Team, [], limit, after)


def team(connection: Connection, moment: Moment, id: str) -> Team | None:
    return one(connection, SERVICE_TEAM, moment, Team, id)


def members(connection: Connection, moment: Moment, team: str) -> list[Member]:
    """Who is in a team on the day."""
    return every(connection, SERVICE_MEMBER, moment, Member, SERVICE_MEMBER.c.team == team)


def terms(connection: Connection, moment: Moment, team: str) -> list[Member]:
    """Who was in a team, is, or will be, as was known at the moment, by first day."""
    query = seen(SERVICE_MEMBER, Member).where(known(SERVICE_MEMBER, moment), SERVICE_MEMBER.c.team == team)
    found = [shown(row, Member) for row in connection.execute(query)]
    return sorted(found, key=lambda each: (each.since, each.person))


def teams_of(connection: Connection, moment: Moment, person: str) -> list[Member]:
    """The teams that a person is in on the day."""
    return every(connection, SERVICE_MEMBER, moment, Member, SERVICE_MEMBER.c.person == person)


def communities_of(connection: Connection, moment: Moment, person: str) -> list[Community]:
    """The communities of a person on the day, by kind."""
    return every(connection, COMMUNITY, moment, Community, COMMUNITY.c.person == person)


def check_ins(
    connection: Connection,
    moment: Moment,
    *,
    person: str | None = None,
    unit: str | None = None,
    within: str | None = None,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[CheckIn]:
    """Check-ins by id: of a person, in a unit or `within` it and all below it, of a kind; from `since` until `until`,
    both included."""
    conditions = _narrowed(
        moment, CHECK_IN, person=person, unit=unit, within=within, kind=kind, since=since, until=until
    )
    return page(connection, CHECK_IN, moment, CheckIn, conditions, limit, after)


def check_in(connection: Connection, moment: Moment, id: str) -> CheckIn | None:
    return one(connection, CHECK_IN, moment, CheckIn, id)


def check_in_acts(connection: Connection, moment: Moment, id: str) -> list[CheckIn]:
    """The check-in as it was recorded, and as it was after each correction that was known at the moment."""
    return history(connection, CHECK_IN, moment, CheckIn, id)


def activities(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    kind: str | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Activity]:
    """Activities by id, narrowed likewise by the unit that held them."""
    conditions = _narrowed(moment, ACTIVITY, unit=unit, within=within, kind=kind, since=since, until=until)
    return page(connection, ACTIVITY, moment, Activity, conditions, limit, after)


def activity(connection: Connection, moment: Moment, id: str) -> Activity | None:
    return one(connection, ACTIVITY, moment, Activity, id)


def attendance(connection: Connection, moment: Moment, activity: str) -> list[Attendance]:
    """Who was at an activity."""
    return every(connection, ATTENDANCE, moment, Attendance, ATTENDANCE.c.activity == activity)


def attendance_acts(connection: Connection, moment: Moment, activity: str) -> list[Attendance]:
    """Each attendance as it was told, and as it was after each correction that was known at the moment, in their
    order."""
    c = ATTENDANCE.c
    query = seen(ATTENDANCE, Attendance).where(c.activity == activity).order_by(c.opened, c.person)
    if moment.position is not None:
        query = query.where(c.opened <= moment.position)
    return [shown(row, Attendance) for row in connection.execute(query)]


def hours(
    connection: Connection,
    moment: Moment,
    since: date,
    until: date,
    *,
    person: str | None = None,
    unit: str | None = None,
    within: str | None = None,
) -> list[Hours]:
    """How many hours people served from `since` until `until`, both included: a person, or all who served while they
    belonged to a unit, or `within` it and all below it; by person."""
    found: dict[str, tuple[dict[str, Decimal], dict[str, Decimal]]] = defaultdict(lambda: ({}, {}))
    asked = {"person": person, "unit": unit, "within": within, "since": since, "until": until}
    for place, table in enumerate((CHECK_IN, ATTENDANCE)):
        for row in _served(connection, moment, table, asked):
            sums = found[row.person][place]
            sums[row.kind] = sums.get(row.kind, Decimal(0)) + Decimal(row.hours)
    return [
        Hours(
            person=each,
            check_ins=checked,
            activities=held,
            total=sum((*checked.values(), *held.values()), Decimal(0)),
        )
        for each, (checked, held) in sorted(found.items())
    ]


def _served(connection: Connection, moment: Moment, table: FactTable, asked: dict[str, Any]) -> list[Row[Any]]:
    query = select(table.c.person, table.c.kind, table.c.hours)
    narrowed = query.where(holds(table, moment), *_narrowed(moment, table, **asked))
    return list(connection.execute(narrowed.order_by(*(table.c[name] for name in table.key))))


def _narrowed(
    moment: Moment,
    table: FactTable,
    *,
    within: str | None = None,
    since: date | None = None,
    until: date | None = None,
    **equal: str | None,
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        table.c[name] == value for name, value in equal.items() if value is not None
    ]
    if within is not None:
        conditions.append(table.c.unit.in_(subtree(moment, within)))
    if since is not None:
        conditions.append(table.c.on_day >= iso(since))
    if until is not None:
        conditions.append(table.c.on_day <= iso(until))
    return conditions
