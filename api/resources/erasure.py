"""Erasing people of staff and from outside, restricting what is known of them, and lifting that."""

from __future__ import annotations

from api.commands import command
from api.openapi import Blueprint
from api.schemas.base import CommandSchema
from workflow.erasure.commands import (
    ErasePerson,
    ErasePetitioner,
    LiftPersonRestriction,
    LiftPetitionerRestriction,
    RestrictPerson,
    RestrictPetitioner,
)

erasure = Blueprint("erasure", __name__, url_prefix="/v1", description="Erasing people, and restricting details.")

PERSON, PETITIONER = "/people/<id:person>", "/service/petitioners/<id:petitioner>"

command(erasure, f"{PERSON}/erase", ErasePerson, CommandSchema, "erase")
command(erasure, f"{PERSON}/restrict", RestrictPerson, CommandSchema, "erase")
command(erasure, f"{PERSON}/lift-restriction", LiftPersonRestriction, CommandSchema, "erase")
command(erasure, f"{PETITIONER}/erase", ErasePetitioner, CommandSchema, "erase")
command(erasure, f"{PETITIONER}/restrict", RestrictPetitioner, CommandSchema, "erase")
command(erasure, f"{PETITIONER}/lift-restriction", LiftPetitionerRestriction, CommandSchema, "erase")
