"""Duties: the register of those that are still to be done, those of a unit or a subtree, and how many were met."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Connection, func, select

from projections.models.duties import DUTY
from projections.views import Fact, Found, Moment, history, holds, one, page
from projections.views.indicators import begins_with
from projections.views.organisation import in_units, subtree

OPEN = ("open", "yellow", "lapsed")
"""The states of a duty that is still to be done; `lapsed` is overdue."""


class Duty(Fact, kw_only=True):
    """A duty, in its `state` since `since`, with the `colour` that it has while it is not done.

    `due_at` is the time of the day `due`; null: its end. `entitled` and `present` are how many must be there, and were.
    """

    DOCUMENTS = ("evidence", "attendees")

    duty: str
    kind: str
    unit: str
    period: str
    state: str
    colour: str | None
    due: date
    due_at: str | None
    yellow_from: date
    charter: str
    extensions: int
    lapsed_on: date | None
    done_on: date | None
    held_on: date | None
    person: str | None
    evidence: tuple[str, ...] | None
    attendees: tuple[str, ...] | None
    entitled: int | None
    present: int | None
    report: str | None
    cause: str | None


class Count(msgspec.Struct, kw_only=True):
    """How many duties of a kind were owed for a period and are in which state. `in_time` of `owed` is the share met;
    what lapsed and was done later is `late`, and what was excused is not owed."""

    kind: str
    period: str
    owed: int
    in_time: int
    late: int
    lapsed: int
    pending: int
    excused: int


def duties(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    units: Collection[str] | None = None,
    within: str | None = None,
    kind: str | None = None,
    period: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Duty]:
    """Duties by id: of a unit, of several `units`, `within` a unit and all below it, of a kind, for a period, or in
    certain states (`OPEN`: the register of what is still to be done)."""
    conditions = in_units(moment, DUTY, states, unit, within, units)
    if kind is not None:
        conditions += [DUTY.c.kind == kind, *begins_with(DUTY.c.duty, f"{kind}.")]
    if period is not None:
        conditions.append(DUTY.c.period == period)
    return page(connection, DUTY, moment, Duty, conditions, limit, after)


def duty(connection: Connection, moment: Moment, id: str) -> Duty | None:
    return one(connection, DUTY, moment, Duty, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Duty]:
    """The duty after each event that was known at the moment, in their order."""
    return history(connection, DUTY, moment, Duty, id)


def counts(
    connection: Connection,
    moment: Moment,
    *,
    period: str,
    within: str | None = None,
    units: Collection[str] = (),
    kinds: Collection[str] = (),
) -> list[Count]:
    """For a period, by kind: how many duties were met in time, late, or lapsed, `within` a unit and all below it, or of
    some units; of some kinds, or of all."""
    conditions: list[ColumnElement[bool]] = [DUTY.c.period == period, holds(DUTY, moment)]
    if within is not None:
        conditions.append(DUTY.c.unit.in_(subtree(moment, within)))
    if units:
        conditions.append(DUTY.c.unit.in_(sorted(units)))
    if kinds:
        conditions.append(DUTY.c.kind.in_(sorted(kinds)))
    query = select(DUTY.c.kind, DUTY.c.state, func.count()).where(*conditions).group_by(DUTY.c.kind, DUTY.c.state)
    found: dict[str, dict[str, int]] = {}
    for kind, state, number in connection.execute(query):
        found.setdefault(kind, {})[state] = number
    return [_counted(kind, period, states) for kind, states in sorted(found.items())]


def _counted(kind: str, period: str, states: dict[str, int]) -> Count:
    excused = states.get("excused", 0)
    return Count(
        kind=kind,
        period=period,
        owed=sum(states.values()) - excused,
        in_time=states.get("fulfilled", 0),
        late=states.get("fulfilled_late", 0),
        lapsed=states.get("lapsed", 0),
        pending=states.get("open", 0) + states.get("yellow", 0),
        excused=excused,
    )
