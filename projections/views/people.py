"""People, their appointments and memberships. Details stay sealed here; whoever shows them opens them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from projections.facts import as_of
from projections.models.people import PERSON
from projections.models.responsibility import APPOINTMENT, MEMBERSHIP
from projections.views import Fact, Found, Moment, holds, one, page
from workflow.sealed import Sealed


class Person(Fact, kw_only=True):
    """A person, in a personnel class since `since`. `departed` is the day from which they are no longer in service."""

    DOCUMENTS = ("details",)

    person: str
    personnel_class: str
    details: Sealed
    registered: date
    departed: date | None


class Appointment(Fact, kw_only=True):
    """A person holds a post. `kind`: substantive, acting, concurrent or seconded."""

    appointment: str
    person: str
    post: str
    unit: str
    kind: str


class Membership(Fact, kw_only=True):
    """A person belongs to a unit."""

    membership: str
    person: str
    unit: str
    kind: str


def people(
    connection: Connection,
    moment: Moment,
    *,
    personnel_class: str | None = None,
    unit: str | None = None,
    ids: Collection[str] | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Person]:
    """People in service by id: of a personnel class, with an appointment in `unit`, or only those of `ids` (what a
    search for a name has found)."""
    conditions = []
    if personnel_class is not None:
        conditions.append(PERSON.c.personnel_class == personnel_class)
    if unit is not None:
        holders = select(APPOINTMENT.c.person).where(APPOINTMENT.c.unit == unit, holds(APPOINTMENT, moment))
        conditions.append(PERSON.c.person.in_(holders))
    if ids is not None:
        conditions.append(PERSON.c.person.in_(sorted(ids)))
    return page(connection, PERSON, moment, Person, conditions, limit, after)


def person(connection: Connection, moment: Moment, id: str) -> Person | None:
    return one(connection, PERSON, moment, Person, id)


def details_of(connection: Connection, moment: Moment, ids: Collection[str]) -> dict[str, str]:
    """The sealed details of people, by person, as JSON of `workflow.sealed.Sealed`; also of those who have left."""
    found: dict[str, str] = {}
    wanted = sorted(ids)
    query = select(PERSON.c.person, PERSON.c.details).where(PERSON.c.person.in_(wanted), as_of(PERSON, moment.position))
    if wanted:
        found = {row.person: row.details for row in connection.execute(query)}
    return found


def appointments(
    connection: Connection,
    moment: Moment,
    *,
    person: str | None = None,
    post: str | None = None,
    unit: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Appointment]:
    """Appointments by id: of a person, to a post, or in a unit."""
    conditions = [
        APPOINTMENT.c[name] == value
        for name, value in (("person", person), ("post", post), ("unit", unit))
        if value is not None
    ]
    return page(connection, APPOINTMENT, moment, Appointment, conditions, limit, after)


def appointment(connection: Connection, moment: Moment, id: str) -> Appointment | None:
    return one(connection, APPOINTMENT, moment, Appointment, id)


def memberships(
    connection: Connection,
    moment: Moment,
    *,
    person: str | None = None,
    unit: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Membership]:
    """Memberships by id: of a person, or in a unit."""
    conditions = [
        MEMBERSHIP.c[name] == value for name, value in (("person", person), ("unit", unit)) if value is not None
    ]
    return page(connection, MEMBERSHIP, moment, Membership, conditions, limit, after)


def membership(connection: Connection, moment: Moment, id: str) -> Membership | None:
    return one(connection, MEMBERSHIP, moment, Membership, id)
