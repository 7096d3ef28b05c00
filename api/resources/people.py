"""People, the units they belong to, and the posts they hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from api.access import admit
from api.commands import command
from api.names import NOT_HELD, Names, held, names, opened
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, charter_of, found, read
from api.schemas.base import DatedSchema
from api.schemas.organisation import (
    AppointSchema,
    ChangePersonnelClassSchema,
    EndAppointmentSchema,
    PersonDetailsSchema,
    RegisterPersonSchema,
    StartMembershipSchema,
)
from api.schemas.queries import AppointmentsSchema, MembershipsSchema, PeopleSchema
from projections.views import people as views
from projections.views.answering_for import AnsweringFor, answering_for
from projections.views.people import Appointment, Membership, Person
from workflow.organisation.appointments import Appoint, EndAppointment
from workflow.organisation.memberships import EndMembership, StartMembership
from workflow.organisation.people import (
    ChangePersonnelClass,
    CorrectPersonDetails,
    RecordDeparture,
    RegisterPerson,
)

people = Blueprint("people", __name__, url_prefix="/v1", description="People, memberships and appointments.")

command(people, "/people", RegisterPerson, RegisterPersonSchema, "organise", at="/v1/people/{person}")
command(people, "/people/<id:person>/details", CorrectPersonDetails, PersonDetailsSchema, "organise")
command(people, "/people/<id:person>/class", ChangePersonnelClass, ChangePersonnelClassSchema, "organise")
command(people, "/people/<id:person>/departure", RecordDeparture, DatedSchema, "organise")
command(
    people,
    "/memberships",
    StartMembership,
    StartMembershipSchema,
    "organise",
    at="/v1/memberships/{membership}",
    makes="membership",
)
command(people, "/memberships/<id:membership>/end", EndMembership, DatedSchema, "organise")
command(
    people,
    "/appointments",
    Appoint,
    AppointSchema,
    "organise",
    at="/v1/appointments/{appointment}",
    makes="appointment",
)
command(people, "/appointments/<id:appointment>/end", EndAppointment, EndAppointmentSchema, "organise")


class PersonShown(msgspec.Struct):
    """A person. The details are null where they were not given, where they were erased or are restricted by now (and
    `erased` and `restricted` say so, whatever the moment), and for who may not see them."""

    person: str
    name: str | None
    phone: str | None
    number: str | None
    erased: bool
    erased_on: date | None
    restricted: bool
    restricted_since: date | None
    personnel_class: str
    registered: date
    departed: date | None
    since: date
    until: date | None
    position: int


class AnsweringForShown(Shown, kw_only=True):
    """A person, and all that they answer for. Each list shows the first 50, and says how many were left out."""

    person: PersonShown
    item: AnsweringFor
    names: Names


class AppointmentPage(Page[Appointment], kw_only=True):
    names: Names


class MembershipPage(Page[Membership], kw_only=True):
    names: Names


class AppointmentShown(Item[Appointment], kw_only=True):
    names: Names


class MembershipShown(Item[Membership], kw_only=True):
    names: Names


@read(people, "/people", Page[PersonShown], PeopleSchema)
def list_people(look: Look) -> dict[str, Any]:
    """People in service, by id."""
    asked = look.paging()
    if (name := asked.pop("name")) is not None:
        admit("see names")
        asked["ids"] = look.app.keys.find(name)
    page = views.people(look.connection, look.moment, **asked)
    return {"items": _shown(look, page.items), "next": look.next(page.after)}


@read(people, "/people/<id:person>", Item[PersonShown])
def person(look: Look, person: str) -> dict[str, Any]:
    """A person."""
    item = found(views.person(look.connection, look.moment, person), "person", person)
    return {"item": _shown(look, [item])[0]}


@read(people, "/people/<id:person>/answers-for", AnsweringForShown)
def answers_for(look: Look, person: str) -> dict[str, Any]:
    """All that a person answers for, leads, learns and visits: posts and levels of the chain; what is owed; tasks and
    targets; mentoring, programmes, case teams, service, study; brands and honours."""
    known = found(views.person(look.connection, look.moment, person), "person", person)
    item = answering_for(look.connection, look.moment, charter_of(look), known)
    return {"person": _shown(look, [known])[0], "item": item, "names": names(look, _named(known, item))}


@read(people, "/appointments", AppointmentPage, AppointmentsSchema)
def appointments(look: Look) -> dict[str, Any]:
    """Appointments, by id."""
    page = views.appointments(look.connection, look.moment, **look.paging())
    return look.page(page) | {"names": names(look, [each.person for each in page.items])}


@read(people, "/appointments/<id:appointment>", AppointmentShown)
def appointment(look: Look, appointment: str) -> dict[str, Any]:
    """An appointment."""
    item = found(views.appointment(look.connection, look.moment, appointment), "appointment", appointment)
    return {"item": item, "names": names(look, [item.person])}


@read(people, "/memberships", MembershipPage, MembershipsSchema)
def memberships(look: Look) -> dict[str, Any]:
    """Memberships, by id."""
    page = views.memberships(look.connection, look.moment, **look.paging())
    return look.page(page) | {"names": names(look, [each.person for each in page.items])}


@read(people, "/memberships/<id:membership>", MembershipShown)
def membership(look: Look, membership: str) -> dict[str, Any]:
    """A membership."""
    item = found(views.membership(look.connection, look.moment, membership), "membership", membership)
    return {"item": item, "names": names(look, [item.person])}


def _shown(look: Look, found: Sequence[Person]) -> list[PersonShown]:
    details = opened(look, {each.person: each.details for each in found})
    holds = held(look, [each.person for each in found])
    return [
        PersonShown(
            person=each.person,
            name=(known := details.get(each.person) or {}).get("name"),
            phone=known.get("phone"),
            number=known.get("number"),
            erased=(hold := holds.get(each.person, NOT_HELD)).erased,
            erased_on=hold.erased_on,
            restricted=hold.restricted,
            restricted_since=hold.restricted_since,
            personnel_class=each.personnel_class,
            registered=each.registered,
            departed=each.departed,
            since=each.since,
            until=each.until,
            position=each.position,
        )
        for each in found
    ]


def _named(known: Person, item: AnsweringFor) -> set[str | None]:
    """The people whom a page of duties tells of."""
    found: set[str | None] = {known.person}
    for pair in (*item.mentoring.leads.items, *item.mentoring.learns.items):
        found |= {pair.mentor, pair.mentee}
    for work in item.case_teams.items:
        found |= {*work.case_team.members, work.case_team.lead, work.case_team.named_by}
    found |= {each.person for each in item.owed.warnings.items}
    found |= {each.report.person for each in item.owed.reports.items}
    found |= {each.acted for each in item.aims.tasks.items}
    found |= {each.acted for each in item.service.visits.items}
    return found | {each.acted for each in item.service.needs.items}
