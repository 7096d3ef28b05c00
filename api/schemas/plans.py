"""Bodies of the commands about plans and tasks, and what their lists are filtered by."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import ByPersonSchema, DatedSchema
from api.schemas.fields import Day, Id, Number, Text
from workflow.plans.planning import MOST_TARGETS, Aim
from workflow.plans.splitting import MOST_PARTS, Part

_WITHIN = {"description": "In this unit, or in one below it."}
_STATES = (
    "assigned",
    "accepted",
    "refused",
    "progressed",
    "completed",
    "returned",
    "verified",
    "cancelled",
)


def _evidence() -> fields.List[str]:
    return fields.List(Text(1, 500), load_default=[], validate=validate.Length(0, 50))


class AimSchema(ma.Schema):
    """What is to be reached: an indicator's, or whatever the title says, in a measure of the charter."""

    class Meta:
        unknown = ma.RAISE

    amount = Number(required=True)
    measure = Text(0, 80, load_default="")
    title = Text(0, 200, load_default="")
    indicator = Id(load_default=None, allow_none=True)

    @ma.post_load
    def aim(self, data: dict[str, Any], **_: Any) -> Aim:
        return Aim(**data)


class AdoptPlanSchema(DatedSchema):
    unit = Id(required=True)
    period = Text(1, 20, required=True, metadata={"description": "A year, a quarter, a month or a week."})
    title = Text(1, 200, required=True)
    targets = fields.List(fields.Nested(AimSchema), required=True, validate=validate.Length(1, MOST_TARGETS))


class AddTargetSchema(DatedSchema):
    aim = fields.Nested(AimSchema, required=True)


class PartSchema(ma.Schema):
    """A part for one unit, post or person; or, by `task`, one that is there already and gets another amount."""

    class Meta:
        unknown = ma.RAISE

    amount = Number(required=True)
    unit = Id(load_default=None, allow_none=True)
    post = Id(load_default=None, allow_none=True)
    person = Id(load_default=None, allow_none=True)
    title = Text(0, 200, load_default="")
    first_day = Day(load_default=None, allow_none=True)
    due = Day(load_default=None, allow_none=True)
    task = Id(load_default=None, allow_none=True)

    @ma.post_load
    def part(self, data: dict[str, Any], **_: Any) -> Part:
        return Part(**data)


class ReallocateSchema(DatedSchema):
    parent = Id(load_default=None, allow_none=True, metadata={"description": "The task that is split, if not all."})
    parts = fields.List(fields.Nested(PartSchema), required=True, validate=validate.Length(1, MOST_PARTS))


class ChangeTargetSchema(DatedSchema):
    amount = Number(required=True)
    parts = fields.List(
        fields.Nested(PartSchema),
        load_default=[],
        validate=validate.Length(0, MOST_PARTS),
        metadata={"description": "How it is split anew at the same time, if it is."},
    )


class AssignTasksSchema(ReallocateSchema):
    target = Id(required=True)


class RefuseTaskSchema(ByPersonSchema):
    why = Text(1, 4000, required=True)


class CorrectProgressSchema(ByPersonSchema):
    done = Number(required=True)


class ReportProgressSchema(CorrectProgressSchema):
    evidence = _evidence()


class CompleteTaskSchema(ByPersonSchema):
    evidence = _evidence()


class ReturnTaskSchema(DatedSchema):
    verifier = Id(required=True)
    finding = Text(1, 4000, required=True)


class VerifyTaskSchema(ReturnTaskSchema):
    evidence = _evidence()


class PassTaskSchema(DatedSchema):
    """To one of the three."""

    unit = Id(load_default=None, allow_none=True)
    post = Id(load_default=None, allow_none=True)
    person = Id(load_default=None, allow_none=True)


class ExtendTaskSchema(DatedSchema):
    due = Day(required=True)


class PlansSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=_WITHIN)
    period = Text(1, 20, load_default=None)


class TasksSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=_WITHIN)
    person = Id(load_default=None, metadata={"description": "Theirs, and those of the posts that they hold."})
    plan = Id(load_default=None)
    colour = fields.String(load_default=None, validate=validate.OneOf(("green", "yellow", "red")))
    state = fields.List(
        fields.String(validate=validate.OneOf((*_STATES, "open"))),
        load_default=[],
        metadata={"description": "In any of these states; `open`: all but verified and cancelled."},
    )
