"""Bodies and queries about warnings besides their loop: interviews, extensions, overrides, the register, shadows."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import DatedSchema
from api.schemas.fields import Day, Id, Text
from api.schemas.queries import WITHIN
from projections.views.register import SOURCES


class MeetingSchema(DatedSchema):
    person = Id(required=True, metadata={"description": "Who holds it."})
    persons = fields.List(Id(), required=True, validate=validate.Length(1, 50), metadata={"description": "With whom."})
    record = Text(1, 4000, required=True)


class GrantExtensionSchema(DatedSchema):
    rectify_by = Day(required=True, metadata={"description": "The new day by which it is to be rectified."})


class OverrideSchema(DatedSchema):
    person = Id(required=True, metadata={"description": "Who holds a level of the chain that may."})


class OverrideColourSchema(OverrideSchema):
    colour = fields.String(required=True, validate=validate.OneOf(("green", "yellow", "red")))


class RegisterSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    colour = fields.String(load_default=None, validate=validate.OneOf(("green", "yellow", "red")))
    kind = fields.String(load_default=None, validate=validate.OneOf(tuple(SOURCES)))


class ShadowSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    text = Text(1, 60_000, required=True, metadata={"description": "The whole TOML text of a charter."})
    since = Day(load_default=None, metadata={"description": "Of periods that ended on this day or later."})
