"""Bodies of the commands about brands and qualities, and what their lists are filtered by."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import DatedSchema
from api.schemas.fields import Day, Id, Number, QueryWhole, Text, Whole
from api.schemas.queries import WITHIN
from projections.views.brands import PENDING
from workflow.brands.checking import RESULTS
from workflow.brands.events import Points
from workflow.qualities.events import QualityPoints

APPLICATION_STATES = (*PENDING, "listed", "rejected", "pending")


def _evidence() -> fields.List[Any]:
    described = {"description": "References: a text, a link, or sha256: and 64 hexadecimal digits."}
    return fields.List(Text(1, 500), required=True, validate=validate.Length(1, 50), metadata=described)


def _year() -> Whole:
    return Whole(1000, 2999, required=True, metadata={"description": "The year of the application."})


class ApplyForBrandSchema(DatedSchema):
    brand = Id(required=True, metadata={"description": "A new id, or that of the brand to be renewed."})
    unit = Id(required=True)
    year = _year()
    level = Id(required=True, metadata={"description": "One of the charter's levels."})
    parent = Id(load_default=None, allow_none=True, metadata={"description": "The brand below which it is to stand."})
    title_zh = Text(0, 200, required=True)
    title_en = Text(0, 200, load_default="")
    goals = Text(1, 4000, required=True)
    evidence = _evidence()
    person = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "Who answers for the unit and applies; null: a clerk records it."},
    )


class BrandPointsSchema(ma.Schema):
    """What is given for a criterion of the charter."""

    class Meta:
        unknown = ma.RAISE

    criterion = Id(required=True)
    points = Number(required=True)

    @ma.post_load
    def given(self, data: dict[str, Any], **_: Any) -> Points:
        return Points(**data)


class ReviewBrandSchema(DatedSchema):
    year = _year()
    reviewer = Id(required=True, metadata={"description": "Somebody from outside the unit."})
    points = fields.List(fields.Nested(BrandPointsSchema), required=True, validate=validate.Length(1, 50))
    finding = Text(1, 4000, required=True)


class DecideOnBrandSchema(DatedSchema):
    year = _year()


class MoveBrandSchema(DatedSchema):
    parent = Id(required=True)


class MendBrandSchema(DatedSchema):
    checker = Id(required=True, metadata={"description": "Somebody from outside the unit."})
    finding = Text(1, 4000, required=True)
    evidence = _evidence()


class CheckBrandSchema(MendBrandSchema):
    result = fields.String(required=True, validate=validate.OneOf(RESULTS))
    mend_by = Day(load_default=None, allow_none=True, metadata={"description": "With `mend`: by which day."})


class BrandsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    level = Id(load_default=None)
    parent = Id(load_default=None, metadata={"description": "Those directly below this one."})


class BrandApplicationsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    brand = Id(load_default=None)
    year = QueryWhole(1000, 2999, load_default=None)
    state = fields.List(
        fields.String(validate=validate.OneOf(APPLICATION_STATES)),
        load_default=[],
        metadata={"description": "In any of these states; `pending`: applied or reviewed."},
    )


class GivenQualitySchema(ma.Schema):
    """What is given for a quality of the charter, and what shows it."""

    class Meta:
        unknown = ma.RAISE

    quality = Id(required=True)
    points = Number(required=True)
    evidence = _evidence()

    @ma.post_load
    def given(self, data: dict[str, Any], **_: Any) -> QualityPoints:
        return QualityPoints(**data | {"evidence": tuple(data["evidence"])})


class CorrectQualitiesSchema(DatedSchema):
    scorer = Id(required=True, metadata={"description": "Somebody from outside the unit."})
    points = fields.List(fields.Nested(GivenQualitySchema), required=True, validate=validate.Length(1, 50))


class ScoreQualitiesSchema(CorrectQualitiesSchema):
    unit = Id(required=True)
    period = Text(1, 20, required=True, metadata={"description": "`2025-05`, `2025-Q2` or `2025`."})


class QualityScoresSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    period = Text(1, 20, load_default=None)
