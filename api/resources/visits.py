"""Petitioners, the visits by which their matters are carried, and what people need."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from api.access import admit
from api.commands import command
from api.names import NOT_HELD, Names, held, names, opened
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, found, read
from api.resources.service import span
from api.schemas.base import ByPersonSchema, DatedSchema
from api.schemas.service import (
    AssignVisitSchema,
    CloseVisitSchema,
    HandOverVisitSchema,
    MakeVisitSchema,
    MoveNeedSchema,
    NeedsSchema,
    PetitionerDetailsSchema,
    PetitionersSchema,
    RaiseNeedSchema,
    RateNeedSchema,
    RegisterPetitionerSchema,
    ResolveNeedSchema,
    SpanSchema,
    VisitsSchema,
)
from projections.views import needs as need_views
from projections.views import organisation
from projections.views import visits as views
from projections.views.needs import Need, Satisfaction
from projections.views.visits import Petitioner, Visit
from workflow.sealed import OUTSIDER, key_of_outsider
from workflow.service.needs.commands import AnnulNeed, AssignNeed, MoveNeed, RaiseNeed, RateNeed, ResolveNeed
from workflow.service.visits.commands import (
    AnnulVisit,
    AssignVisit,
    CloseVisit,
    CorrectPetitionerDetails,
    HandOverVisit,
    MakeVisit,
    RegisterPetitioner,
    ReopenVisit,
)

visits = Blueprint("visits", __name__, url_prefix="/v1/service", description="Visits of petitioners; needs.")

command(
    visits,
    "/petitioners",
    RegisterPetitioner,
    RegisterPetitionerSchema,
    "serve",
    at="/v1/service/petitioners/{petitioner}",
    makes="petitioner",
)
command(visits, "/petitioners/<id:petitioner>/details", CorrectPetitionerDetails, PetitionerDetailsSchema, "serve")
command(visits, "/visits", AssignVisit, AssignVisitSchema, "serve", at="/v1/service/visits/{visit}", makes="visit")
command(visits, "/visits/<id:visit>/make", MakeVisit, MakeVisitSchema, "serve")
command(visits, "/visits/<id:visit>/hand-over", HandOverVisit, HandOverVisitSchema, "serve")
command(visits, "/visits/<id:visit>/close", CloseVisit, CloseVisitSchema, "serve")
command(visits, "/visits/<id:visit>/annul", AnnulVisit, DatedSchema, "plan")
command(visits, "/visits/<id:visit>/reopen", ReopenVisit, ByPersonSchema, "plan")
command(visits, "/needs", RaiseNeed, RaiseNeedSchema, "serve", at="/v1/service/needs/{need}", makes="need")
command(visits, "/needs/<id:need>/assign", AssignNeed, ByPersonSchema, "serve")
command(visits, "/needs/<id:need>/move", MoveNeed, MoveNeedSchema, "plan")
command(visits, "/needs/<id:need>/annul", AnnulNeed, DatedSchema, "plan")
command(visits, "/needs/<id:need>/resolve", ResolveNeed, ResolveNeedSchema, "serve")
command(visits, "/needs/<id:need>/rate", RateNeed, RateNeedSchema, "serve")


class PetitionerShown(msgspec.Struct):
    """Somebody from outside. The details are null where they were not given, where they were erased or are restricted
    by now (and `erased` and `restricted` say so, whatever the moment), and for who may not see them."""

    petitioner: str
    name: str | None
    phone: str | None
    address: str | None
    erased: bool
    erased_on: date | None
    restricted: bool
    restricted_since: date | None
    since: date
    position: int


class VisitPage(Page[Visit], kw_only=True):
    names: Names


class VisitShown(Item[Visit], kw_only=True):
    """A visit, what was done about it, whose matter it is, and the names of those who carried it."""

    acts: list[Visit]
    petitioner: PetitionerShown
    names: Names


class NeedPage(Page[Need], kw_only=True):
    names: Names


class NeedShown(Item[Need], kw_only=True):
    """A need, what was done about it, who raised it, if anybody, and the names of those who saw to it."""

    acts: list[Need]
    petitioner: PetitionerShown | None
    names: Names


class SatisfactionShown(Shown, kw_only=True):
    """How people rated what a unit, and all below it, did from `since` until `until`, both included."""

    unit: str
    since: date
    until: date
    item: Satisfaction


@read(visits, "/petitioners", Page[PetitionerShown], PetitionersSchema)
def list_petitioners(look: Look) -> dict[str, Any]:
    """Petitioners, by id; by a part of their name for who may see names."""
    asked = look.paging()
    if (name := asked.pop("name")) is not None:
        admit("see names")
        known = look.app.keys.find(name, kind=OUTSIDER)
        asked["ids"] = [key.partition(":")[2] for key in known]
    page = views.petitioners(look.connection, look.moment, **asked)
    return {"items": _shown(look, page.items), "next": look.next(page.after)}


@read(visits, "/petitioners/<id:petitioner>", Item[PetitionerShown])
def petitioner(look: Look, petitioner: str) -> dict[str, Any]:
    """A petitioner."""
    return {"item": _petitioner(look, petitioner)}


@read(visits, "/visits", VisitPage, VisitsSchema)
def list_visits(look: Look) -> dict[str, Any]:
    """Visits, by id; with `state=pending` the register of those that are open."""
    asked = look.paging()
    states = {each for named in asked.pop("state") for each in (views.OPEN if named == "pending" else (named,))}
    page = views.visits(look.connection, look.moment, states=sorted(states), **asked)
    return look.page(page) | {"names": names(look, [each.person for each in page.items])}


@read(visits, "/visits/<id:visit>", VisitShown)
def visit(look: Look, visit: str) -> dict[str, Any]:
    """A visit, from its assignment on."""
    item = found(views.visit(look.connection, look.moment, visit), "visit", visit)
    acts = views.acts(look.connection, look.moment, visit)
    people = {person for each in acts for person in (each.person, each.acted)}
    whose = _petitioner(look, item.petitioner)
    return {"item": item, "acts": acts, "petitioner": whose, "names": names(look, people)}


@read(visits, "/needs", NeedPage, NeedsSchema)
def list_needs(look: Look) -> dict[str, Any]:
    """What people need, by id; with `state=pending` the register of what is open."""
    asked = look.paging()
    states = {each for named in asked.pop("state") for each in (need_views.OPEN if named == "pending" else (named,))}
    page = need_views.needs(look.connection, look.moment, states=sorted(states), **asked)
    return look.page(page) | {"names": names(look, [each.person for each in page.items])}


@read(visits, "/needs/<id:need>", NeedShown)
def need(look: Look, need: str) -> dict[str, Any]:
    """What people need, from when it was raised on."""
    item = found(need_views.need(look.connection, look.moment, need), "need", need)
    acts = need_views.acts(look.connection, look.moment, need)
    people = {person for each in acts for person in (each.person, each.acted)}
    whose = None if item.petitioner is None else _petitioner(look, item.petitioner)
    return {"item": item, "acts": acts, "petitioner": whose, "names": names(look, people)}


@read(visits, "/satisfaction/<id:unit>", SatisfactionShown, SpanSchema)
def satisfaction(look: Look, unit: str) -> dict[str, Any]:
    """How satisfied people are with a unit and all below it: in the present quarter, unless a span is asked for."""
    found(organisation.unit(look.connection, look.moment, unit), "unit", unit)
    since, until = span(look, dict(look.query))
    item = need_views.satisfaction(look.connection, look.moment, unit, since, until)
    return {"unit": unit, "since": since, "until": until, "item": item}


def _petitioner(look: Look, id: str) -> PetitionerShown:
    known = found(views.petitioner(look.connection, look.moment, id), OUTSIDER, id)
    return _shown(look, [known])[0]


def _shown(look: Look, known: Sequence[Petitioner]) -> list[PetitionerShown]:
    keys = {each.petitioner: key_of_outsider(each.petitioner) for each in known}
    holds = held(look, keys.values())
    details = opened(look, {keys[each.petitioner]: each.details for each in known})
    return [
        PetitionerShown(
            petitioner=each.petitioner,
            name=(told := details.get(keys[each.petitioner]) or {}).get("name"),
            phone=told.get("phone"),
            address=told.get("address"),
            erased=(hold := holds.get(keys[each.petitioner], NOT_HELD)).erased,
            erased_on=hold.erased_on,
            restricted=hold.restricted,
            restricted_since=hold.restricted_since,
            since=each.since,
            position=each.position,
        )
        for each in known
    ]
