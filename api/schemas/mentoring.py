"""Bodies of the commands about model persons and mentorships, and what their lists are filtered by."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import ByPersonSchema, DatedSchema
from api.schemas.fields import Day, Id, Text, Whole
from api.schemas.queries import WITHIN
from workflow.mentoring.events import Goal

KIND = {"description": "A kind of mentorship of the charter."}
REFERENCES = {"description": "References: a text, a link, or sha256: and 64 hexadecimal digits."}


def evidence(least: int = 1) -> fields.List[Any]:
    return fields.List(Text(1, 500), required=True, validate=validate.Length(least, 50), metadata=REFERENCES)


class DesignateModelPersonSchema(ByPersonSchema):
    kind = Id(required=True, metadata=KIND)
    citation = Text(1, 500, required=True, metadata={"description": "What the person is a model for."})
    evidence = evidence()


class WithdrawModelPersonSchema(DatedSchema):
    kind = Id(required=True, metadata=KIND)


class MentorshipGoalSchema(ma.Schema):
    """What the mentee is to reach, and by what one will see it."""

    class Meta:
        unknown = ma.RAISE

    text = Text(1, 500, required=True)
    measured_by = Text(1, 500, required=True)

    @ma.post_load
    def goal(self, data: dict[str, Any], **_: Any) -> Goal:
        return Goal(**data)


class StartMentorshipSchema(DatedSchema):
    mentorship = Id(metadata={"description": "Left out: one is made from the command id."})
    mentor = Id(required=True)
    mentee = Id(required=True)
    kind = Id(required=True, metadata=KIND)
    goals = fields.List(fields.Nested(MentorshipGoalSchema), required=True, validate=validate.Length(1, 20))
    until = Day(required=True, metadata={"description": "The first day on which it does not hold any more."})


class ReviewMentorshipSchema(DatedSchema):
    """`effective` is the day on which it is shown."""

    period = Text(1, 20, required=True, metadata={"description": "Of the charter's cadence, such as `2025-Q2`."})
    held_on = Day(required=True)
    finding = Text(1, 2000, required=True)
    evidence = evidence(0)
    person = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "The mentor, or who answers for the mentor's unit; null: a clerk records it."},
    )


class MeetGoalSchema(ByPersonSchema):
    """`person` confirms it: the mentor, or who answers for the mentor's unit."""

    goal = Whole(1, 20, required=True, metadata={"description": "Its number, from 1."})
    evidence = evidence()


class ExtendMentorshipSchema(DatedSchema):
    until = Day(required=True)


class MentorshipsSchema(PageOfMomentSchema):
    unit = Id(load_default=None, metadata={"description": "The mentor's."})
    within = Id(load_default=None, metadata=WITHIN)
    person = Id(load_default=None, metadata={"description": "On either side."})
    mentor = Id(load_default=None)
    mentee = Id(load_default=None)
    kind = Id(load_default=None)
    state = fields.List(fields.String(validate=validate.OneOf(("running", "ended"))), load_default=[])


class ModelPersonsSchema(PageOfMomentSchema):
    kind = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
