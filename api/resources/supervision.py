"""Supervision: the register of all that is open, what is done about warnings besides their loop, and what another
charter would have made of it all."""

from __future__ import annotations

from typing import Any

from flask import Response

from api.access import resonance
from api.commands import command, permitted
from api.openapi import Blueprint, answer_schema
from api.problems import Pointer, Problem
from api.reading import Look, Page, as_json, read
from api.schemas.supervision import (
    GrantExtensionSchema,
    MeetingSchema,
    OverrideColourSchema,
    OverrideSchema,
    RegisterSchema,
    ShadowSchema,
)
from api.shadow import ShadowRun, shadow_run
from projections.views.register import Asked, OpenItem, register
from workflow.charter.loader import CharterError
from workflow.indicators.overrides import LiftOverride, OverrideColour
from workflow.warnings.measures import GrantExtension, HoldInterview, RecordTalk

supervision = Blueprint(
    "supervision", __name__, url_prefix="/v1", description="What is open, and what is done about it."
)

command(supervision, "/warnings/<id:warning>/interview", HoldInterview, MeetingSchema, "answer")
command(supervision, "/warnings/<id:warning>/talk", RecordTalk, MeetingSchema, "answer")
command(supervision, "/warnings/<id:warning>/extension", GrantExtension, GrantExtensionSchema, "supervise")
command(supervision, "/readings/<id:reading>/override", OverrideColour, OverrideColourSchema, "supervise")
command(supervision, "/readings/<id:reading>/lift-override", LiftOverride, OverrideSchema, "supervise")


@read(supervision, "/register", Page[OpenItem], RegisterSchema)
def open_items(look: Look) -> dict[str, Any]:
    """What is open, of all kinds: with its colour, what is due next, whether that is past, and how far up it went."""
    asked = look.paging()
    which = Asked(*(asked.pop(name) for name in Asked._fields))
    found = register(look.connection, look.moment, which, **asked)
    return {"items": found.items, "next": look.next(found.after)}


def charter_shadow(body: dict[str, Any]) -> Response:
    """What another charter would have made of what was recorded: the colours and the grades that would have differed.
    Nothing is recorded."""
    try:
        return as_json(shadow_run(resonance(), **body))
    except CharterError as error:
        pointers: list[Pointer] = [{"pointer": "#/text", "detail": str(problem)} for problem in error.problems]
        raise Problem(422, "charter.invalid", str(error), pointers) from None


supervision.route("/charter/shadow", methods=["POST"])(
    permitted(
        "rule",
        supervision.arguments(ShadowSchema)(
            supervision.response(200, answer_schema(ShadowRun))(
                supervision.doc(operationId="charter_shadow")(charter_shadow)
            )
        ),
    )
)
