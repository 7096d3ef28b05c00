"""Bodies of the commands about study, and what its lists are filtered by."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import ByPersonSchema, DatedSchema
from api.schemas.fields import Day, Id, Text
from api.schemas.queries import WITHIN
from api.time_control import MomentSchema


def _evidence() -> fields.List[Any]:
    return fields.List(Text(1, 500), required=True, validate=validate.Length(1, 50))


def _people(**about: Any) -> fields.List[Any]:
    return fields.List(Id(), validate=validate.Length(0, 1000), **about)


class ScheduleSessionSchema(DatedSchema):
    tier = Id(required=True, metadata={"description": "A tier of the charter's study."})
    unit = Id(required=True)
    on = Day(required=True, metadata={"description": "The day on which it is held."})
    topic = Text(1, 500, required=True)
    host = Id(required=True)
    speaker = Id(load_default=None, allow_none=True)
    place = Text(1, 200, required=True)
    materials = fields.List(
        Text(1, 500),
        load_default=[],
        validate=validate.Length(0, 50),
        metadata={"description": "Texts, links, or sha256: and 64 hexadecimal digits."},
    )


class HoldSessionSchema(DatedSchema):
    """`effective` is the day on which it is told. Who must attend, was not there, and is not excused, is absent."""

    attendees = _people(required=True)
    excused = _people(load_default=[])
    evidence = _evidence()


class MakeUpSchema(ByPersonSchema):
    """`effective` is the day on which it is shown."""

    made_up_on = Day(required=True)
    evidence = _evidence()


class VerifyMakeUpSchema(ByPersonSchema):
    verifier = Id(required=True, metadata={"description": "The host, the speaker, or who answers for the unit."})


class CorrectAttendanceSchema(ByPersonSchema):
    state = fields.String(required=True, validate=validate.OneOf(("present", "excused", "absent")))


class SessionsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    tier = Id(load_default=None)
    first = Day(load_default=None, metadata={"description": "Held on this day or later."})
    last = Day(load_default=None, metadata={"description": "Held on this day or before."})
    state = fields.List(fields.String(validate=validate.OneOf(("scheduled", "held", "cancelled"))), load_default=[])


class RatesSchema(MomentSchema):
    within = Id(load_default=None, metadata=WITHIN)
    tier = Id(load_default=None)
    first = Day(load_default=None)
    last = Day(load_default=None)
    cadence = fields.String(
        load_default="quarterly",
        validate=validate.OneOf(("weekly", "monthly", "quarterly", "yearly")),
        metadata={"description": "By which periods."},
    )
