"""Warnings: the register of those that are open, and each one's loop from raising to close-out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from projections.facts import as_of
from projections.models.warnings import INTERVIEW, MEASURE, WARNING
from projections.views import Fact, Found, Moment, one, page, seen, shown
from projections.views.indicators import begins_with
from projections.views.organisation import by_colour, in_units
from workflow.warnings.events import Told

OPEN = ("raised", "acknowledged", "planned", "rectified", "reopened")
"""The states of a warning that somebody still has to do something about."""

TO_BE_HELD = ("due", "overdue")
"""The states of an interview that is not held yet."""


class Warning(Fact, kw_only=True):
    """A warning, in its `state` since `since`. Of the act that brought it there: `person`, `words` (the explanation,
    plan, report, finding or reason) and `evidence`. `plan_due` is until when the plan wants to rectify; `rectify_by` is
    as it was extended. `rung` and `action` are what the ladder called for when it was raised; `interview`: due,
    overdue, held, or "" for none. `escalated_to` is the level that it went up to, "" if to none."""

    DOCUMENTS = ("evidence",)

    warning: str
    indicator: str
    unit: str
    reading: str
    period: str
    colour: str
    raised_on: date
    respond_by: date
    rectify_by: date | None
    state: str
    person: str | None
    words: str
    evidence: tuple[str, ...] | None
    plan_due: date | None
    reopened: int
    rung: str
    action: str
    interview: str
    escalated_to: str
    extended: int

    @property
    def open(self) -> bool:
        return self.state in OPEN

    @property
    def due(self) -> date | None:
        """By when the unit has to do something next; None: there is no such day, or it is somebody else's turn."""
        if self.state == "raised":
            return self.respond_by
        return self.rectify_by if self.state in ("acknowledged", "planned", "reopened") else None


class Measure(Fact, kw_only=True):
    """What was done about a warning besides its loop: its `kind` is a notice or interview that a rung calls for,
    interview_held, talk_held, extension_granted, overdue or escalated. `told` are levels with their holders."""

    DOCUMENTS = ("persons", "told")

    kind: str
    level: str
    person: str | None
    persons: tuple[str, ...]
    told: tuple[Told, ...]
    words: str
    due: date | None


class Interview(Fact, kw_only=True):
    """The interview that a warning called for, to be held by `due` by who holds `level`, or the level that it went up
    to. Its `state` is due, overdue or held."""

    warning: str
    unit: str
    indicator: str
    period: str
    colour: str | None
    state: str
    level: str
    due: date
    escalated_to: str
    held_on: date | None
    person: str | None


def warnings(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    units: Collection[str] | None = None,
    within: str | None = None,
    indicator: str | None = None,
    states: Collection[str] = (),
    colour: str | None = None,
    period: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Warning]:
    """Warnings by id: of a unit, of several `units`, `within` a unit and all below it, of an indicator, in certain
    states (`OPEN`: the register of open ones), of a colour, or for a period."""
    conditions = in_units(moment, WARNING, states, unit, within, units)
    if indicator is not None:
        conditions += [WARNING.c.indicator == indicator, *begins_with(WARNING.c.warning, f"W.{indicator}.")]
    if colour is not None:
        conditions.append(WARNING.c.colour == colour)
    if period is not None:
        conditions.append(WARNING.c.period == period)
    return page(connection, WARNING, moment, Warning, conditions, limit, after)


def warning(connection: Connection, moment: Moment, id: str) -> Warning | None:
    return one(connection, WARNING, moment, Warning, id)


def interviews(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    units: Collection[str] | None = None,
    within: str | None = None,
    states: Collection[str] = TO_BE_HELD,
    colour: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Interview]:
    """Interviews by warning: because of a unit, of several `units`, `within` a unit and all below it, in certain
    states, of a colour."""
    conditions = in_units(moment, INTERVIEW, states, unit, within, units)
    if colour is not None:
        conditions.append(INTERVIEW.c.colour == colour)
    return page(connection, INTERVIEW, moment, Interview, conditions, limit, after)


def interview(connection: Connection, moment: Moment, id: str) -> Interview | None:
    """The interview that a warning called for, if it did."""
    return one(connection, INTERVIEW, moment, Interview, id)


def warnings_of(connection: Connection, moment: Moment, reading: str) -> list[str]:
    """The ids of the warnings that a reading had raised."""
    query = select(WARNING.c.warning).distinct().where(as_of(WARNING, moment.position), WARNING.c.reading == reading)
    query = query.where(*begins_with(WARNING.c.warning, f"W.{reading}")).order_by(WARNING.c.warning)
    return list(connection.scalars(query))


def acts(connection: Connection, moment: Moment, id: str) -> list[Warning]:
    """The warning after each act that was known at the moment, in their order; `position` is that of the act."""
    opened = WARNING.c.opened
    query = seen(WARNING, Warning).add_columns(WARNING.c.act.label("act")).where(WARNING.c.warning == id)
    if moment.position is not None:
        query = query.where(opened <= moment.position)
    found: dict[int, Warning] = {}
    for row in connection.execute(query.order_by(opened, WARNING.c.valid_from)):
        found.setdefault(row.act, shown(row, Warning))
    return list(found.values())


def measures(connection: Connection, moment: Moment, id: str) -> list[Measure]:
    """What was done besides, as far as it was known at the moment, in order."""
    query = seen(MEASURE, Measure).where(MEASURE.c.warning == id, as_of(MEASURE, moment.position))
    return [shown(row, Measure) for row in connection.execute(query.order_by(MEASURE.c.number))]


def open_by_colour(connection: Connection, moment: Moment, within: str) -> dict[str, int]:
    """How many warnings of each colour are open in a unit and all below it."""
    return by_colour(connection, moment, WARNING, OPEN, within)
