"""Bodies of the commands about field hearings, and what their lists are filtered by."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import DatedSchema
from api.schemas.fields import Day, Flag, Id, QueryFlag, Text, Whole
from api.schemas.queries import WITHIN
from api.schemas.service import colour, evidence, states
from workflow.hearings.commands import MOST_HEARERS
from workflow.hearings.events import Hearers

HEARING_STATES = ("planned", "notified", "held", "cancelled")


class SetHearingPlanSchema(DatedSchema):
    unit = Id(required=True)
    year = Whole(2000, 2200, required=True)
    quarters = fields.List(Whole(0, 10_000), required=True, validate=validate.Length(4, 4))


class PlanHearingSchema(DatedSchema):
    hearing = Id(metadata={"description": "Left out: one is made from the command id."})
    unit = Id(required=True)
    reference = Text(1, 80, required=True, metadata={"description": "That of the case, as the charter has it."})
    place = Text(1, 200, required=True)
    host = Id(required=True)
    on = Day(required=True, metadata={"description": "The day on which it is to be held."})


class NotifyHearingSchema(DatedSchema):
    told = fields.List(Id(), required=True, validate=validate.Length(0, 50))
    evidence = evidence()


class PostponeHearingSchema(DatedSchema):
    on = Day(required=True)


class ChangeHearingHostSchema(DatedSchema):
    host = Id(required=True)


class HearersSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    kind = Id(required=True, metadata={"description": "A kind of hearers of the charter."})
    number = Whole(1, MOST_HEARERS, required=True)

    @ma.post_load
    def hearers(self, data: dict[str, Any], **_: Any) -> Hearers:
        return Hearers(**data)


class HoldHearingSchema(DatedSchema):
    hearers = fields.List(fields.Nested(HearersSchema), required=True, validate=validate.Length(1, 50))
    result = Id(required=True, metadata={"description": "A kind of result of the charter."})
    local_resolution = Flag(required=True, metadata={"description": "Whether it was settled where it arose."})
    evidence = evidence()


class HearingsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    host = Id(load_default=None)
    reference = Text(1, 80, load_default=None, metadata={"description": "About this case."})
    result = Id(load_default=None, metadata={"description": "A kind of result of the charter."})
    local_resolution = QueryFlag(load_default=None, metadata={"description": "Settled where it arose, or not."})
    since = Day(load_default=None, metadata={"description": "On this day or after it."})
    until = Day(load_default=None, metadata={"description": "On this day or before it."})
    colour = colour()
    state = states(HEARING_STATES, "planned or notified")
