"""Bodies of the commands about programmes, and what their lists are filtered by."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import DatedSchema
from api.schemas.fields import Day, Id, Text, Whole
from api.schemas.mentoring import evidence
from api.schemas.queries import WITHIN
from api.time_control import MomentSchema

ITEM = {"description": "An item of the template."}


class AdoptProgrammeSchema(DatedSchema):
    template = Id(required=True, metadata={"description": "A programme of the charter."})
    unit = Id(required=True)
    period = Text(1, 20, required=True, metadata={"description": "Of the template's cadence: `2025`, `2025-Q2`, …"})


def _several(what: str) -> fields.List[Any]:
    return fields.List(Id(), load_default=[], validate=validate.Length(0, 150), metadata={"description": what})


class EnrolParticipantsSchema(DatedSchema):
    """People, or units where the template says so."""

    persons = _several("Of a template for people.")
    units = _several("Of a template for units.")


class OfParticipantSchema(DatedSchema):
    """One person, or one unit."""

    person = Id(load_default=None, allow_none=True)
    unit = Id(load_default=None, allow_none=True)


class ReportItemProgressSchema(OfParticipantSchema):
    item = Id(required=True, metadata=ITEM)
    note = Text(1, 1000, required=True)


class CompleteItemSchema(OfParticipantSchema):
    """`effective` is the day on which it is shown."""

    item = Id(required=True, metadata=ITEM)
    done_on = Day(required=True)
    quantity = Whole(1, 100, load_default=1)
    evidence = evidence()
    reported_by = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "Who says so for the participant; null: a clerk records it."},
    )


class CheckCompletionSchema(DatedSchema):
    verifier = Id(required=True, metadata={"description": "Somebody else than who did or reported it."})
    finding = Text(1, 1000, required=True)


class ProgrammesSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    template = Id(load_default=None)
    period = Text(1, 20, load_default=None)
    state = fields.List(fields.String(validate=validate.OneOf(("open", "closed"))), load_default=[])


class MatrixSchema(MomentSchema):
    unit = Id(load_default=None, metadata={"description": "Who holds a post in this unit; or this unit itself."})
    within = Id(load_default=None, metadata=WITHIN)
    person = Id(load_default=None)
    item = Id(load_default=None)


class CompletionsSchema(PageOfMomentSchema):
    programme = Id(load_default=None)
    person = Id(load_default=None)
    unit = Id(load_default=None, metadata={"description": "What this unit itself did."})
    item = Id(load_default=None)
    state = fields.List(
        fields.String(validate=validate.OneOf(("completed", "verified", "returned"))),
        load_default=[],
        metadata={"description": "In any of these states; `completed`: nobody has looked at it yet."},
    )
