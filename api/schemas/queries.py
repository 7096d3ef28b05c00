"""Query parameters of reads: what lists are filtered by."""

from __future__ import annotations

from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.fields import Id, QueryWhole, Text
from api.time_control import MomentSchema

STATES = ("raised", "acknowledged", "planned", "rectified", "closed_out", "reopened", "open")
WITHIN = {"description": "In this unit, or in one below it."}


def _colour() -> fields.String:
    return fields.String(load_default=None, validate=validate.OneOf(("none", "green", "yellow", "red")))


class UnitsSchema(PageOfMomentSchema):
    kind = Id(load_default=None)
    parent = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)


class PostsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    kind = Id(load_default=None)


class PeopleSchema(PageOfMomentSchema):
    personnel_class = Id(load_default=None)
    unit = Id(load_default=None, metadata={"description": "With an appointment in this unit."})
    name = Text(
        1, 100, load_default=None, metadata={"description": "Part of a name, as it is now; at most 100 people."}
    )


class AppointmentsSchema(PageOfMomentSchema):
    person = Id(load_default=None)
    post = Id(load_default=None)
    unit = Id(load_default=None)


class MembershipsSchema(PageOfMomentSchema):
    person = Id(load_default=None)
    unit = Id(load_default=None)


class TargetsSchema(MomentSchema):
    unit = Id(load_default=None)
    year = QueryWhole(2000, 2200, load_default=None)


class ReadingsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    indicator = Id(load_default=None)
    period = Text(1, 20, load_default=None)
    colour = _colour()


class WarningsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    indicator = Id(load_default=None)
    period = Text(1, 20, load_default=None)
    colour = _colour()
    state = fields.List(
        fields.String(
            validate=validate.OneOf(
                ("raised", "acknowledged", "planned", "rectified", "closed_out", "reopened", "open")
            )
        ),
        load_default=[],
        metadata={"description": "In any of these states; `open`: all but closed_out."},
    )
