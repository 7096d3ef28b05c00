"""Bodies of the commands about duties, dual reports and sync cycles, and what their lists are filtered by."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import DatedSchema
from api.schemas.fields import Day, Id, Text
from api.schemas.queries import WITHIN
from workflow.cycles.events import Item
from workflow.reports.events import Part

DUTY_STATES = ("open", "yellow", "lapsed", "fulfilled", "fulfilled_late", "excused", "pending")


def _evidence() -> fields.List[Any]:
    return fields.List(
        Text(1, 500),
        required=True,
        validate=validate.Length(1, 50),
        metadata={"description": "References: a text, a link, or sha256: and 64 hexadecimal digits."},
    )


class FulfilDutySchema(DatedSchema):
    """`effective` is the day on which it is shown."""

    held_on = Day(required=True, metadata={"description": "The day on which it was done."})
    person = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "Who answers for the unit and reports it; null: a clerk records it."},
    )
    evidence = _evidence()
    attendees = fields.List(Id(), load_default=[], validate=validate.Length(0, 300))


class ExtendDutySchema(DatedSchema):
    person = Id(required=True, metadata={"description": "Who answers for the unit, and asks for it."})
    until = Day(required=True, metadata={"description": "The working day on which it is due instead."})


class DutiesSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    kind = Id(load_default=None)
    period = Text(1, 20, load_default=None)
    state = fields.List(
        fields.String(validate=validate.OneOf(DUTY_STATES)),
        load_default=[],
        metadata={"description": "In any of these states; `pending`: open, yellow or lapsed."},
    )


class _LineSchema(ma.Schema):
    """What is said about one line."""

    class Meta:
        unknown = ma.RAISE

    line = Id(required=True, metadata={"description": "A line of the charter."})
    text = Text(1, 8000, required=True)


class ReportPartSchema(_LineSchema):
    @ma.post_load
    def part(self, data: dict[str, Any], **_: Any) -> Part:
        return Part(**data)


class CycleItemSchema(_LineSchema):
    @ma.post_load
    def item(self, data: dict[str, Any], **_: Any) -> Item:
        return Item(**data)


class SubmitReportSchema(DatedSchema):
    kind = Id(required=True, metadata={"description": "A kind of report of the charter."})
    unit = Id(required=True)
    period = Text(1, 20, required=True, metadata={"description": "`2025-W23`, `2025-05`, `2025-Q2` or `2025`."})
    parts = fields.List(fields.Nested(ReportPartSchema), required=True, validate=validate.Length(1, 20))
    evidence = _evidence()
    person = Id(required=True, metadata={"description": "Who submits it, and signs it so."})


class CountersignReportSchema(DatedSchema):
    person = Id(required=True)


class ReceiveReportSchema(DatedSchema):
    person = Id(required=True, metadata={"description": "Who receives it on that line."})
    line = Id(required=True)


class OpenCycleSchema(DatedSchema):
    cycle = Id(metadata={"description": "Left out: one is made from the command id."})
    unit = Id(required=True)
    title = Text(1, 200, required=True)
    items = fields.List(fields.Nested(CycleItemSchema), required=True, validate=validate.Length(1, 20))


class ReachStageSchema(DatedSchema):
    line = Id(required=True)
    stage = Id(required=True, metadata={"description": "A stage of the charter."})
    evidence = _evidence()
    person = Id(load_default=None, allow_none=True)


class InspectCycleSchema(DatedSchema):
    inspector = Id(required=True, metadata={"description": "Somebody from outside the unit."})
    findings = fields.List(fields.Nested(CycleItemSchema), required=True, validate=validate.Length(1, 20))
    evidence = _evidence()


class CloseCycleSchema(DatedSchema):
    person = Id(load_default=None, allow_none=True)


class ReportsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    kind = Id(load_default=None)
    period = Text(1, 20, load_default=None)
    state = fields.List(
        fields.String(validate=validate.OneOf(("submitted", "signed", "accepted", "returned", "pending"))),
        load_default=[],
        metadata={"description": "In any of these states; `pending`: all but accepted."},
    )


class CyclesSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    state = fields.List(fields.String(validate=validate.OneOf(("open", "inspected", "closed"))), load_default=[])
