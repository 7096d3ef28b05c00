"""Units, posts and grids: what there is, and establishing and changing it."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.paging import PageOfMomentSchema
from api.reading import Item, Look, Page, found, read
from api.schemas.base import DatedSchema
from api.schemas.organisation import (
    BindGridSchema,
    EstablishPostSchema,
    EstablishUnitSchema,
    MoveUnitSchema,
    RenameUnitSchema,
    SetPostDutiesSchema,
)
from api.schemas.queries import PostsSchema, UnitsSchema
from projections.views import organisation as views
from projections.views.charters import charter_at
from projections.views.composition import Composition, composition
from projections.views.organisation import Grid, Leadership, Post, Unit
from projections.views.people import Appointment, appointments
from workflow.organisation.grids import BindGrid, UnbindGrid
from workflow.organisation.posts import AbolishPost, EstablishPost, SetPostDuties
from workflow.organisation.units import DissolveUnit, EstablishUnit, MoveUnit, RenameUnit

organisation = Blueprint("organisation", __name__, url_prefix="/v1", description="Units, posts and grids.")

command(organisation, "/units", EstablishUnit, EstablishUnitSchema, "organise", at="/v1/units/{unit}")
command(organisation, "/units/<id:unit>/rename", RenameUnit, RenameUnitSchema, "organise")
command(organisation, "/units/<id:unit>/move", MoveUnit, MoveUnitSchema, "organise")
command(organisation, "/units/<id:unit>/dissolve", DissolveUnit, DatedSchema, "organise")
command(organisation, "/posts", EstablishPost, EstablishPostSchema, "organise", at="/v1/posts/{post}")
command(organisation, "/posts/<id:post>/abolish", AbolishPost, DatedSchema, "organise")
command(organisation, "/posts/<id:post>/duties", SetPostDuties, SetPostDutiesSchema, "organise")
command(organisation, "/grids", BindGrid, BindGridSchema, "organise", at="/v1/grids/{grid}")
command(organisation, "/grids/<id:grid>/unbind", UnbindGrid, DatedSchema, "organise")


class UnitShown(Item[Unit], kw_only=True):
    """A unit, and its members and committee beside what the charter wants; null where it wants nothing."""

    composition: Composition | None


class PostShown(Item[Post], kw_only=True):
    """A post, who holds it, and their names."""

    holders: list[Appointment]
    names: Names


class GridShown(Item[Grid], kw_only=True):
    """A grid, and what the ex-officio rule says of who leads its group."""

    leadership: Leadership | None
    names: Names


@read(organisation, "/units", Page[Unit], UnitsSchema)
def units(look: Look) -> dict[str, Any]:
    """Units, by id."""
    return look.page(views.units(look.connection, look.moment, **look.paging()))


@read(organisation, "/units/<id:unit>", UnitShown)
def unit(look: Look, unit: str) -> dict[str, Any]:
    """A unit, and whether it is composed as the charter wants."""
    item = found(views.unit(look.connection, look.moment, unit), "unit", unit)
    charter = charter_at(look.connection, look.moment)
    return {"item": item, "composition": composition(look.connection, look.moment, item, charter)}


@read(organisation, "/posts", Page[Post], PostsSchema)
def posts(look: Look) -> dict[str, Any]:
    """Posts, by id."""
    return look.page(views.posts(look.connection, look.moment, **look.paging()))


@read(organisation, "/posts/<id:post>", PostShown)
def post(look: Look, post: str) -> dict[str, Any]:
    """A post, with those who hold it on the day."""
    item = found(views.post(look.connection, look.moment, post), "post", post)
    holders = appointments(look.connection, look.moment, post=post).items
    return {"item": item, "holders": holders, "names": names(look, [each.person for each in holders])}


@read(organisation, "/grids", Page[Grid], PageOfMomentSchema)
def grids(look: Look) -> dict[str, Any]:
    """Grids, by id."""
    return look.page(views.grids(look.connection, look.moment, **look.paging()))


@read(organisation, "/grids/<id:grid>", GridShown)
def grid(look: Look, grid: str) -> dict[str, Any]:
    """A grid, and who leads its group ex officio, or why nobody does."""
    item = found(views.grid(look.connection, look.moment, grid), "grid", grid)
    leadership = views.leaderships(look.connection, look.moment, [grid]).get(grid)
    return {"item": item, "leadership": leadership, "names": names(look, [leadership.person] if leadership else [])}
