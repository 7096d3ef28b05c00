"""Study: sessions, how somebody attended, and attendance by unit and period."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from projections.models.study import ATTENDANCE, SESSION
from projections.views import Fact, Found, Moment, every, history, holds, one, page
from projections.views.indicators import begins_with
from projections.views.organisation import in_units, subtree
from workflow.charter.measurement import Cadence
from workflow.counting import percent
from workflow.periods import Period


class Session(Fact, kw_only=True):
    """A session, in its `state` since `since`: scheduled, held or cancelled (`why`). `held_on` is its day, held or not.

    Of those who had to attend it, `present`, `excused` and `absent` are how many were so, and `made_up` how many made
    up for it and were verified; null until it is held. `guests` were there besides.
    """

    DOCUMENTS = ("materials", "evidence", "guests")

    session: str
    tier: str
    unit: str
    held_on: date
    state: str
    topic: str
    materials: tuple[str, ...]
    host: str
    speaker: str | None
    place: str
    charter: str
    evidence: tuple[str, ...] | None
    guests: tuple[str, ...] | None
    present: int | None
    excused: int | None
    absent: int | None
    made_up: int | None
    why: str | None


class Attended(Fact, kw_only=True):
    """How somebody attended who had to: present, excused, absent, making_up (not verified yet; it had to be shown by
    `make_up_until`) or made_up (verified). `why` says why it was returned, or corrected."""

    DOCUMENTS = ("evidence",)

    session: str
    person: str
    tier: str
    unit: str
    held_on: date
    state: str
    made_up_on: date | None
    make_up_until: date | None
    evidence: tuple[str, ...] | None
    verifier: str | None
    why: str | None


class Rate(msgspec.Struct, kw_only=True):
    """Attendance at the sessions that a unit held in a period: of `asked`, who had to attend and were not excused, how
    many were `present` or `made_up`; `rate` in per cent, null where nobody was asked."""

    unit: str
    tier: str
    period: str
    sessions: int
    asked: int
    present: int
    made_up: int
    excused: int
    rate: Decimal | None


def sessions(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    units: Collection[str] | None = None,
    within: str | None = None,
    tier: str | None = None,
    first: date | None = None,
    last: date | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Session]:
    """Sessions by id: of a unit, of several `units`, `within` a unit and all below it, of a tier, on the days from
    `first` to `last`, or in certain states."""
    conditions = [*in_units(moment, SESSION, states, unit, within, units), *_days(first, last)]
    if tier is not None:
        conditions += [SESSION.c.tier == tier, *begins_with(SESSION.c.session, f"{tier}.")]
    return page(connection, SESSION, moment, Session, conditions, limit, after)


def session(connection: Connection, moment: Moment, id: str) -> Session | None:
    return one(connection, SESSION, moment, Session, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Session]:
    """The session after each event that was known at the moment, in their order."""
    return history(connection, SESSION, moment, Session, id)


def attendance(connection: Connection, moment: Moment, id: str) -> list[Attended]:
    """How everybody attended a session who had to, by person."""
    return every(connection, ATTENDANCE, moment, Attended, ATTENDANCE.c.session == id)


def attendance_of(
    connection: Connection,
    moment: Moment,
    person: str,
    *,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Attended]:
    """How somebody attended, by session; in certain states only."""
    conditions: list[ColumnElement[bool]] = [ATTENDANCE.c.person == person]
    if states:
        conditions.append(ATTENDANCE.c.state.in_(states))
    return page(connection, ATTENDANCE, moment, Attended, conditions, limit, after)


def rates(
    connection: Connection,
    moment: Moment,
    *,
    cadence: Cadence,
    within: str | None = None,
    tier: str | None = None,
    first: date | None = None,
    last: date | None = None,
) -> list[Rate]:
    """Attendance by unit, tier and period, from what holds on the day: `within` a unit and all below it, of a tier, at
    sessions on the days from `first` to `last`."""
    conditions = [holds(SESSION, moment), SESSION.c.state == "held", *_days(first, last)]
    if within is not None:
        conditions.append(SESSION.c.unit.in_(subtree(moment, within)))
    if tier is not None:
        conditions.append(SESSION.c.tier == tier)
    counts = [func.sum(SESSION.c[name]) for name in ("present", "excused", "absent", "made_up")]
    by = SESSION.c.unit, SESSION.c.tier, SESSION.c.held_on
    query = select(*by, func.count(), *counts).where(*conditions).group_by(*by)
    cells: dict[tuple[str, str, str], list[int]] = {}
    for unit, of, held_on, *numbers in connection.execute(query):
        key = unit, of, str(Period.containing(date.fromisoformat(held_on), cadence))
        cells[key] = [old + int(new) for old, new in zip(cells.get(key, [0] * 5), numbers, strict=True)]
    return [_rate(key, cells[key]) for key in sorted(cells)]


def _rate(key: tuple[str, str, str], numbers: list[int]) -> Rate:
    unit, tier, period = key
    held, present, excused, absent, made_up = numbers
    asked = present + absent + made_up
    return Rate(
        unit=unit,
        tier=tier,
        period=period,
        sessions=held,
        asked=asked,
        present=present,
        made_up=made_up,
        excused=excused,
        rate=percent(Decimal(present + made_up), Decimal(asked)),
    )


def _days(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if first is not None:
        conditions.append(SESSION.c.held_on >= first.isoformat())
    if last is not None:
        conditions.append(SESSION.c.held_on <= last.isoformat())
    return conditions
