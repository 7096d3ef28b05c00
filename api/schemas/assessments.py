"""Bodies and queries of assessments and appeals."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import DatedSchema
from api.schemas.fields import Flag, Id, Number, Text, Whole
from api.schemas.queries import WITHIN
from workflow.assessments.events import Rating, Votes

PERIOD = {"pattern": "^[0-9]{4}(-Q[1-4])?$", "description": "A quarter (2025-Q2) or a year (2025)."}


def _evidence() -> fields.List[Any]:
    described = {"description": "References: a text, a link, or sha256: and 64 hexadecimal digits."}
    return fields.List(Text(1, 500), required=True, validate=validate.Length(0, 50), metadata=described)


class OpenAssessmentSchema(DatedSchema):
    group = Id(required=True, metadata={"description": "One of the charter's groups."})
    scope = Id(required=True, metadata={"description": "The unit; those below it are included."})
    period = Text(1, 20, required=True, metadata=PERIOD)


class NewRatingSchema(ma.Schema):
    """The points that somebody gives for a part that is rated."""

    class Meta:
        unknown = ma.RAISE

    part = Id(required=True)
    rater = Id(required=True)
    points = Number(required=True)

    @ma.post_load
    def rating(self, data: dict[str, Any], **_: Any) -> Rating:
        return Rating(**data)


def _ratings() -> fields.List[Any]:
    return fields.List(fields.Nested(NewRatingSchema), load_default=[], validate=validate.Length(0, 50))


class ScoreSubjectSchema(DatedSchema):
    subject = Id(required=True)
    scorer = Id(required=True)
    ratings = _ratings()


class SubjectSchema(DatedSchema):
    subject = Id(required=True)


class VetoSchema(DatedSchema):
    subject = Id(required=True)
    matter = Id(required=True)
    evidence = _evidence()


class DeductionSchema(VetoSchema):
    points = Number(required=True)


class BonusSchema(VetoSchema):
    points = Number(load_default=None, allow_none=True, metadata={"description": "Of its own; or else an honour."})
    honour = Id(load_default=None, allow_none=True)


class CastVotesSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    subject = Id(required=True)
    votes = Whole(0, 100_000, required=True)

    @ma.post_load
    def cast(self, data: dict[str, Any], **_: Any) -> Votes:
        return Votes(**data)


class RecordVoteSchema(DatedSchema):
    votes = fields.List(fields.Nested(CastVotesSchema), required=True, validate=validate.Length(0, 200))
    evidence = _evidence()


class LodgeAppealSchema(DatedSchema):
    appeal = Id(metadata={"description": "Left out, it is made from the Idempotency-Key."})
    subject = Id(required=True)
    by = Id(required=True)
    grounds = Text(1, 4000, required=True)


class DecideAppealSchema(DatedSchema):
    reviewers = fields.List(Id(), required=True, validate=validate.Length(0, 50))
    upheld = Flag(required=True)
    finding = Text(1, 4000, required=True)
    ratings = _ratings()
    strike = fields.List(
        Id(),
        load_default=[],
        validate=validate.Length(0, 50),
        metadata={"description": "Matters that count no more for the subject."},
    )


class AssessmentsSchema(PageOfMomentSchema):
    scope = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    group = Id(load_default=None)
    period = Text(1, 20, load_default=None)
    state = fields.List(
        fields.String(validate=validate.OneOf(("open", "confirmed", "published", "finalised"))), load_default=[]
    )
