"""Bodies of the commands about the charter, indicators, targets, readings and warnings."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.schemas.base import DatedSchema
from api.schemas.fields import Day, Flag, Id, Number, Text, Whole
from workflow.indicators.events import Definition


class AdoptCharterSchema(DatedSchema):
    text = Text(1, 60_000, required=True, metadata={"description": "The whole TOML text of the charter."})


class NewDefinitionSchema(ma.Schema):
    """How an indicator is measured and judged: `workflow.indicators.events.Definition`."""

    class Meta:
        unknown = ma.RAISE

    indicator_set = Id(required=True)
    name_zh = Text(0, required=True)
    name_en = Text(0, required=True)
    measure = Id(required=True)
    direction = fields.String(required=True, validate=validate.OneOf(("higher", "lower", "reference")))
    profile = fields.String(required=True, validate=validate.OneOf(("each", "linear", "quarterly", "seasonal")))
    frequency = fields.String(required=True, validate=validate.OneOf(("monthly", "quarterly")))
    mode = fields.String(required=True, validate=validate.OneOf(("scored", "warning_only", "reference_only")))
    weight = Number(required=True)
    target = Number(load_default=None, allow_none=True)
    reference_low = Number(load_default=None, allow_none=True)
    reference_high = Number(load_default=None, allow_none=True)
    yellow = Text(0, 40, load_default="", metadata={"description": "A limit on the value, such as `<98`."})
    red = Text(0, 40, load_default="")
    count_rule = Flag(load_default=False)
    weights = fields.List(Number(), load_default=[], validate=validate.Length(0, 12))
    scope = fields.List(Id(), required=True, validate=validate.Length(1, 200))
    counts = Text(0, 40, load_default="", metadata={"description": "What the clock counts, if nobody reports it."})
    kinds = fields.List(Id(), load_default=[], validate=validate.Length(0, 50))

    @ma.post_load
    def definition(self, data: dict[str, Any], **_: Any) -> Definition:
        return Definition(**data | {name: tuple(data[name]) for name in ("weights", "scope", "kinds")})


class AmendIndicatorSchema(DatedSchema):
    definition = fields.Nested(NewDefinitionSchema, required=True)


class AdoptIndicatorSchema(AmendIndicatorSchema):
    indicator = Id(required=True)


class SetTargetSchema(DatedSchema):
    unit = Id(required=True)
    year = Whole(2000, 2200, required=True)
    target = Number(required=True)


class ReportReadingSchema(DatedSchema):
    indicator = Id(required=True)
    unit = Id(required=True)
    period = Text(1, 20, required=True, metadata={"pattern": "^[0-9]{4}-(0[1-9]|1[0-2]|Q[1-4])$"})
    value = Number(required=True)
    note = Text(0, 1000, load_default="")


class CorrectReadingSchema(DatedSchema):
    value = Number(required=True)


class AcknowledgeSchema(DatedSchema):
    person = Id(required=True)
    explanation = Text(1, 4000, required=True)


class PlanRectificationSchema(DatedSchema):
    person = Id(required=True)
    plan = Text(1, 4000, required=True)
    due = Day(required=True)


class ReportRectificationSchema(DatedSchema):
    person = Id(required=True)
    report = Text(1, 4000, required=True)
    evidence = fields.List(Text(1, 500), load_default=[], validate=validate.Length(0, 50))


class CloseOutSchema(DatedSchema):
    checker = Id(required=True)
    finding = Text(1, 4000, required=True)
    evidence = fields.List(Text(1, 500), required=True, validate=validate.Length(0, 50))


class ReopenSchema(DatedSchema):
    person = Id(required=True)
