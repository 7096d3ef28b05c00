"""Bodies of the commands about honours, and what their list is filtered by."""

from __future__ import annotations

from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import DatedSchema
from api.schemas.fields import Day, Id, QueryWhole, Text
from api.schemas.queries import WITHIN


class _RecordSchema(DatedSchema):
    """An honour is that of one of the four."""

    person = Id(load_default=None, allow_none=True)
    unit = Id(load_default=None, allow_none=True)
    brand = Id(load_default=None, allow_none=True)
    case_team = Id(load_default=None, allow_none=True)
    credited = Id(
        load_default=None, allow_none=True, metadata={"description": "The unit that has the points of a team's honour."}
    )
    level = Id(required=True, metadata={"description": "One of the charter's."})
    title = Text(1, 200, required=True)
    issuer = Text(1, 200, required=True)
    matter = Id(required=True, metadata={"description": "What for: of one matter only the highest honour counts."})
    evidence = fields.List(
        Text(1, 500),
        required=True,
        validate=validate.Length(0, 50),
        metadata={"description": "References: a text, a link, or sha256: and 64 hexadecimal digits."},
    )


class ConferHonourSchema(_RecordSchema):
    """`effective` is the day of the honour."""

    honour = Id(metadata={"description": "Left out, it is made from the Idempotency-Key."})


class CorrectHonourSchema(_RecordSchema):
    """All of the record, as it ought to be; `effective` is the day of the correction."""

    conferred_on = Day(required=True)


class HonoursSchema(PageOfMomentSchema):
    person = Id(load_default=None)
    unit = Id(load_default=None)
    brand = Id(load_default=None)
    case_team = Id(load_default=None)
    matter = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    level = Id(load_default=None)
    year = QueryWhole(1000, 2999, load_default=None, metadata={"description": "In which it was conferred."})
    state = fields.String(load_default=None, validate=validate.OneOf(("conferred", "expired", "revoked", "annulled")))
