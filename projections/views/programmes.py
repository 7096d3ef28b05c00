"""Programmes, who takes part in them, and what they completed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Connection

from projections.facts import listed
from projections.models.programmes import COMPLETION, PARTICIPATION, PROGRAMME
from projections.views import Fact, Found, Moment, every, one, page
from projections.views.organisation import in_units


class Programme(Fact, kw_only=True):
    """A template that a `unit` adopted for a period. `state`: open or closed; then `took_part` and `finished` are
    known."""

    programme: str
    template: str
    unit: str
    period: str
    state: str
    first_day: date
    last_day: date
    closes_on: date
    took_part: int | None
    finished: int | None
    charter: str
    charter_digest: str


class Participation(Fact, kw_only=True):
    """A person, or a unit, in a programme. `state`: enrolled, withdrawn, finished or lapsed.

    `done` and `owed`, by item, are known when the programme is closed.
    """

    DOCUMENTS = ("done", "owed")

    participation: str
    programme: str
    template: str
    person: str | None
    unit: str | None
    state: str
    takes_from: date
    takes_until: date
    cause: str | None
    words: str
    done: tuple[int, ...] | None
    owed: tuple[int, ...] | None


class Completion(Fact, kw_only=True):
    """What was done of an item. `state`: completed, verified or returned; the last two with `verifier` and
    `finding`."""

    DOCUMENTS = ("evidence",)

    completion: str
    programme: str
    item: str
    person: str | None
    unit: str | None
    quantity: int
    done_on: date
    shown_on: date
    state: str
    evidence: tuple[str, ...]
    reported_by: str | None
    verifier: str | None
    finding: str


def programmes(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    template: str | None = None,
    period: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Programme]:
    """Programmes by id: adopted by a unit, `within` a unit and all below it, of a template, for a period, or in certain
    states (open, closed)."""
    conditions = in_units(moment, PROGRAMME, states, unit, within)
    for name, value in (("template", template), ("period", period)):
        if value is not None:
            conditions.append(PROGRAMME.c[name] == value)
    return page(connection, PROGRAMME, moment, Programme, conditions, limit, after)


def programme(connection: Connection, moment: Moment, id: str) -> Programme | None:
    return one(connection, PROGRAMME, moment, Programme, id)


def participations_in(connection: Connection, moment: Moment, programme: str) -> list[Participation]:
    """All who were ever enrolled in a programme."""
    return every(connection, PARTICIPATION, moment, Participation, PARTICIPATION.c.programme == programme)


def taken_by(connection: Connection, moment: Moment, person: str) -> list[Participation]:
    """The programmes in which a person takes or took part, open and closed ones."""
    return every(connection, PARTICIPATION, moment, Participation, PARTICIPATION.c.person == person)


def taken_by_unit(connection: Connection, moment: Moment, unit: str) -> list[Participation]:
    """The programmes in which a unit itself takes or took part."""
    return every(connection, PARTICIPATION, moment, Participation, PARTICIPATION.c.unit == unit)


def completions(
    connection: Connection,
    moment: Moment,
    *,
    programme: str | None = None,
    person: str | None = None,
    unit: str | None = None,
    item: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Completion]:
    """Completions by id: in a programme, by a person or by a unit itself, of an item, or in certain states (completed:
    the register of what somebody has to look at; verified, returned)."""
    conditions: list[ColumnElement[bool]] = []
    for name, value in (("programme", programme), ("person", person), ("unit", unit), ("item", item)):
        if value is not None:
            conditions.append(COMPLETION.c[name] == value)
    if states and not (person or unit):
        conditions = [COMPLETION.c.completion.in_(listed(COMPLETION, states, *moment[:2], *conditions))]
    elif states:
        conditions.append(COMPLETION.c.state.in_(states))
    return page(connection, COMPLETION, moment, Completion, conditions, limit, after)


def completion(connection: Connection, moment: Moment, id: str) -> Completion | None:
    return one(connection, COMPLETION, moment, Completion, id)
