"""Field hearings, and how many a unit is to hold."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.base import DatedSchema
from api.schemas.hearings import (
    ChangeHearingHostSchema,
    HearingsSchema,
    HoldHearingSchema,
    NotifyHearingSchema,
    PlanHearingSchema,
    PostponeHearingSchema,
    SetHearingPlanSchema,
)
from projections.views import hearings as views
from projections.views.hearings import Compared, Hearing
from workflow.hearings.commands import (
    CancelHearing,
    ChangeHearingHost,
    HoldHearing,
    NotifyHearing,
    PlanHearing,
    PostponeHearing,
    SetHearingPlan,
)

hearings = Blueprint("hearings", __name__, url_prefix="/v1/hearings", description="Field hearings.")

command(hearings, "/plans", SetHearingPlan, SetHearingPlanSchema, "plan", at="/v1/hearings/plans/{plan}")
command(hearings, "", PlanHearing, PlanHearingSchema, "serve", at="/v1/hearings/{hearing}", makes="hearing")
command(hearings, "/<id:hearing>/notify", NotifyHearing, NotifyHearingSchema, "serve")
command(hearings, "/<id:hearing>/postpone", PostponeHearing, PostponeHearingSchema, "serve")
command(hearings, "/<id:hearing>/host", ChangeHearingHost, ChangeHearingHostSchema, "serve")
command(hearings, "/<id:hearing>/hold", HoldHearing, HoldHearingSchema, "serve")
command(hearings, "/<id:hearing>/cancel", CancelHearing, DatedSchema, "serve")


class HearingPage(Page[Hearing], kw_only=True):
    names: Names


class HearingShown(Item[Hearing], kw_only=True):
    """A hearing, what was done about it, and the names of its hosts."""

    acts: list[Hearing]
    names: Names


class HearingPlanShown(Shown, kw_only=True):
    """How many hearings a unit is to hold in each quarter, and how many it held."""

    item: Compared


@read(hearings, "", HearingPage, HearingsSchema)
def list_hearings(look: Look) -> dict[str, Any]:
    """Hearings, by id; with `state=pending` the register of those to come."""
    asked = look.paging()
    states = {each for named in asked.pop("state") for each in (views.OPEN if named == "pending" else (named,))}
    page = views.hearings(look.connection, look.moment, states=sorted(states), **asked)
    return look.page(page) | {"names": names(look, [each.host for each in page.items])}


@read(hearings, "/<id:hearing>", HearingShown)
def hearing(look: Look, hearing: str) -> dict[str, Any]:
    """A hearing, from its plan on."""
    item = found(views.hearing(look.connection, look.moment, hearing), "hearing", hearing)
    acts = views.acts(look.connection, look.moment, hearing)
    return {"item": item, "acts": acts, "names": names(look, [each.host for each in acts])}


@read(hearings, "/plans/<id:hearing_plan>", HearingPlanShown)
def hearing_plan(look: Look, hearing_plan: str) -> dict[str, Any]:
    """A plan of hearings, and what was held of it. Its id is that of the unit, a dot, and the year."""
    return {"item": found(views.compared(look.connection, look.moment, hearing_plan), "hearing_plan", hearing_plan)}
