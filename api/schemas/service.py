"""Bodies of the commands about service to the people, and what their lists are filtered by."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from api.paging import PageOfMomentSchema
from api.schemas.base import ByPersonSchema, CommandSchema, DatedSchema
from api.schemas.fields import Day, Id, Number, Text, Whole
from api.schemas.queries import WITHIN
from api.time_control import MomentSchema
from workflow.service.hours import MOST_ATTENDEES, Attendee
from workflow.service.visits.commands import TELLS

VISIT_STATES = ("open", "left", "closed", "annulled")
NEED_STATES = ("raised", "assigned", "resolved", "rated", "reopened", "annulled")


def evidence(*, required: bool = True) -> fields.List[Any]:
    about: dict[str, Any] = {"required": True} if required else {"load_default": []}
    least = 1 if required else 0
    described = {"description": "References: a text, a link, or sha256: and 64 hexadecimal digits."}
    return fields.List(Text(1, 500), validate=validate.Length(least, 50), metadata=described, **about)


def colour() -> fields.String:
    return fields.String(load_default=None, validate=validate.OneOf(("green", "yellow", "red")))


def states(known: tuple[str, ...], open_ones: str) -> fields.List[Any]:
    return fields.List(
        fields.String(validate=validate.OneOf((*known, "pending"))),
        load_default=[],
        metadata={"description": f"In any of these states; `pending`: {open_ones}."},
    )


class FormTeamSchema(DatedSchema):
    team = Id(required=True)
    kind = Id(required=True, metadata={"description": "A kind of team of the charter."})
    name = Text(1, 200, required=True)


class JoinTeamSchema(ByPersonSchema):
    unit = Id(required=True, metadata={"description": "The unit for which they are in the team."})


class WithdrawMemberSchema(ByPersonSchema):
    successor = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "Who carries their visits on; null: these are left to be handed over in time."},
    )
    notes = Text(0, 4000, load_default="", metadata={"description": "What the successor is told."})


class RegisterCommunitySchema(ByPersonSchema):
    kind = Id(required=True, metadata={"description": "A kind of check-in of the charter."})
    community = Text(1, 200, required=True)


class RecordCheckInSchema(ByPersonSchema):
    kind = Id(required=True, metadata={"description": "A kind of check-in of the charter."})
    hours = Number(required=True)
    evidence = evidence(required=False)


class CorrectHoursSchema(DatedSchema):
    hours = Number(required=True, metadata={"description": "0: it did not take place."})


class CorrectActivitySchema(CorrectHoursSchema):
    person = Id(required=True)


class AttendeeSchema(ma.Schema):
    class Meta:
        unknown = ma.RAISE

    person = Id(required=True)
    hours = Number(required=True)

    @ma.post_load
    def attendee(self, data: dict[str, Any], **_: Any) -> Attendee:
        return Attendee(**data)


class HoldActivitySchema(DatedSchema):
    activity = Id(metadata={"description": "Left out: one is made from the command id."})
    unit = Id(required=True)
    kind = Id(required=True, metadata={"description": "A kind of activity of the charter."})
    title = Text(1, 200, required=True)
    place = Text(0, 200, load_default="")
    attendees = fields.List(fields.Nested(AttendeeSchema), required=True, validate=validate.Length(1, MOST_ATTENDEES))
    evidence = evidence()


class PetitionerDetailsSchema(CommandSchema):
    """Sealed before they are stored; they stand nowhere else."""

    name = Text(1, 100, required=True)
    phone = Text(0, 40, load_default="")
    address = Text(0, 200, load_default="")


class RegisterPetitionerSchema(PetitionerDetailsSchema, DatedSchema):
    petitioner = Id(metadata={"description": "Left out: one is made from the command id."})


class AssignVisitSchema(ByPersonSchema):
    visit = Id(metadata={"description": "Left out: one is made from the command id."})
    petitioner = Id(required=True)
    team = Id(required=True)
    matter = Text(1, 200, required=True, metadata={"description": "What it is about, never who it is."})
    received = Day(required=True, metadata={"description": "The day from which its due dates count."})


class MakeVisitSchema(ByPersonSchema):
    done = Text(1, 4000, required=True)
    tells = fields.String(load_default="", validate=validate.OneOf(TELLS))
    next_on = Day(load_default=None, allow_none=True)
    evidence = evidence(required=False)


class HandOverVisitSchema(ByPersonSchema):
    notes = Text(1, 4000, required=True, metadata={"description": "What they are told about it."})


class CloseVisitSchema(ByPersonSchema):
    result = Text(1, 4000, required=True)
    evidence = evidence()


class RaiseNeedSchema(DatedSchema):
    need = Id(metadata={"description": "Left out: one is made from the command id."})
    unit = Id(required=True)
    title = Text(1, 200, required=True, metadata={"description": "What is needed, never by whom."})
    petitioner = Id(load_default=None, allow_none=True)


class MoveNeedSchema(DatedSchema):
    unit = Id(required=True, metadata={"description": "The unit that answers for it from now on."})


class ResolveNeedSchema(CloseVisitSchema):
    """What was done about a need."""


class RateNeedSchema(ByPersonSchema):
    """`person` asked for the rating."""

    rating = Whole(1, 100, required=True)
    words = Text(0, 1000, load_default="")


class SpanSchema(MomentSchema):
    since = Day(load_default=None, metadata={"description": "Left out: the first day of the quarter."})
    until = Day(load_default=None, metadata={"description": "Left out: the day that is shown."})


class HoursSchema(SpanSchema):
    person = Id(load_default=None)
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)


class CheckInsSchema(PageOfMomentSchema):
    person = Id(load_default=None)
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    kind = Id(load_default=None)
    since = Day(load_default=None)
    until = Day(load_default=None)


class ActivitiesSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    kind = Id(load_default=None)
    since = Day(load_default=None)
    until = Day(load_default=None)


class PetitionersSchema(PageOfMomentSchema):
    name = Text(1, 100, load_default=None, metadata={"description": "Part of a name, as it is now; at most 100."})


class VisitsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    person = Id(load_default=None)
    petitioner = Id(load_default=None)
    team = Id(load_default=None)
    colour = colour()
    state = states(VISIT_STATES, "open or left")


class NeedsSchema(PageOfMomentSchema):
    unit = Id(load_default=None)
    within = Id(load_default=None, metadata=WITHIN)
    person = Id(load_default=None)
    petitioner = Id(load_default=None)
    colour = colour()
    state = states(NEED_STATES, "all but rated and annulled")
