"""Mentoring: model persons; mentorships of a unit, and those that somebody leads or learns in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, Connection, or_, select

from projections.models.mentoring import MENTORSHIP, MODEL_PERSON
from projections.models.responsibility import APPOINTMENT
from projections.views import Fact, Found, Moment, every, history, holds, one, page
from projections.views.organisation import in_units, subtree


class Goal(msgspec.Struct):
    """What is to be reached, and by what one will see it."""

    text: str
    measured_by: str


class ModelPerson(Fact, kw_only=True):
    """A person who is a model for mentorships of a kind. It was withdrawn by a `cause`: decided (`words` say why), or
    left."""

    DOCUMENTS = ("evidence",)

    model: str
    person: str
    kind: str
    citation: str
    evidence: tuple[str, ...]
    designated_on: date
    cause: str | None
    words: str


class Mentorship(Fact, kw_only=True):
    """A mentor leads a mentee. `unit`, the mentor's, answers for it. `state`: running or ended, by the `cause`.

    `term`: when it ends unless somebody ends it before. `met`: the numbers of the goals that are met. `reviewed_on` and
    `finding` are those of the last review; each review is a duty of its own.
    """

    DOCUMENTS = ("goals", "met")

    mentorship: str
    kind: str
    mentor: str
    mentee: str
    unit: str
    mentee_unit: str
    state: str
    goals: tuple[Goal, ...]
    met: tuple[int, ...]
    started_on: date
    term: date
    extensions: int
    reviews: int
    reviewed_on: date | None
    finding: str
    ended_on: date | None
    cause: str | None
    words: str
    charter: str


def mentorships(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    person: str | None = None,
    mentor: str | None = None,
    mentee: str | None = None,
    kind: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Mentorship]:
    """Mentorships by id: of the mentor's `unit`, `within` a unit and all below it, of a person on either side or on
    one, of a kind, or in certain states (running, ended)."""
    conditions = in_units(moment, MENTORSHIP, states, unit, within)
    if person is not None:
        conditions.append(or_(MENTORSHIP.c.mentor == person, MENTORSHIP.c.mentee == person))
    for name, value in (("mentor", mentor), ("mentee", mentee), ("kind", kind)):
        if value is not None:
            conditions.append(MENTORSHIP.c[name] == value)
    return page(connection, MENTORSHIP, moment, Mentorship, conditions, limit, after)


def mentorship(connection: Connection, moment: Moment, id: str) -> Mentorship | None:
    return one(connection, MENTORSHIP, moment, Mentorship, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Mentorship]:
    """The mentorship after each act that was known at the moment, in their order."""
    return history(connection, MENTORSHIP, moment, Mentorship, id)


def led_by(connection: Connection, moment: Moment, person: str) -> list[Mentorship]:
    """The running mentorships in which somebody is the mentor."""
    running = MENTORSHIP.c.mentor == person, MENTORSHIP.c.state == "running"
    return every(connection, MENTORSHIP, moment, Mentorship, *running)


def learned_by(connection: Connection, moment: Moment, person: str) -> list[Mentorship]:
    """The running mentorships in which somebody is the mentee."""
    running = MENTORSHIP.c.mentee == person, MENTORSHIP.c.state == "running"
    return every(connection, MENTORSHIP, moment, Mentorship, *running)


def models_of(connection: Connection, moment: Moment, person: str) -> list[ModelPerson]:
    """What somebody is a model for."""
    return every(connection, MODEL_PERSON, moment, ModelPerson, MODEL_PERSON.c.person == person)


def model_persons(
    connection: Connection,
    moment: Moment,
    *,
    kind: str | None = None,
    within: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[ModelPerson]:
    """Model persons: for a kind, or with an appointment `within` a unit or below it."""
    conditions: list[ColumnElement[bool]] = []
    if kind is not None:
        conditions.append(MODEL_PERSON.c.kind == kind)
    if within is not None:
        held = APPOINTMENT.c.unit.in_(subtree(moment, within)), holds(APPOINTMENT, moment)
        conditions.append(MODEL_PERSON.c.person.in_(select(APPOINTMENT.c.person).where(*held)))
    return page(connection, MODEL_PERSON, moment, ModelPerson, conditions, limit, after)
