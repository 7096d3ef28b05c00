"""Honours of people, units, brands and case teams."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, found, read
from api.schemas.base import DatedSchema
from api.schemas.honours import ConferHonourSchema, CorrectHonourSchema, HonoursSchema
from projections.views import honours as views
from projections.views.honours import Honour
from workflow.honours.commands import AnnulHonour, ConferHonour, CorrectHonour, RevokeHonour

honours = Blueprint("honours", __name__, url_prefix="/v1", description="Honours.")

command(honours, "/honours", ConferHonour, ConferHonourSchema, "honour", at="/v1/honours/{honour}", makes="honour")
command(honours, "/honours/<id:honour>/revoke", RevokeHonour, DatedSchema, "honour")
command(honours, "/honours/<id:honour>/correct", CorrectHonour, CorrectHonourSchema, "honour")
command(honours, "/honours/<id:honour>/annul", AnnulHonour, DatedSchema, "honour")


class HonourShown(Item[Honour], kw_only=True):
    names: Names


@read(honours, "/honours", Page[Honour], HonoursSchema)
def list_honours(look: Look) -> dict[str, Any]:
    """Honours, by id; those that expired, were revoked or annulled too."""
    return look.page(views.honours(look.connection, look.moment, **look.paging()))


@read(honours, "/honours/<id:honour>", HonourShown)
def honour(look: Look, honour: str) -> dict[str, Any]:
    """An honour, and the name of who was honoured."""
    item = found(views.honour(look.connection, look.moment, honour), "honour", honour)
    return {"item": item, "names": names(look, [item.person])}
