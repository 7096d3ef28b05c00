"""Bodies of the commands about units, posts, people, memberships, appointments and grids."""

from __future__ import annotations

from marshmallow import fields, validate

from api.schemas.base import CommandSchema, DatedSchema
from api.schemas.fields import Day, Id, Text, Whole


class EstablishUnitSchema(DatedSchema):
    unit = Id(required=True)
    kind = Id(required=True, metadata={"description": "A unit kind of the charter."})
    name_zh = Text(0, load_default="")
    name_en = Text(0, load_default="")
    parent = Id(load_default=None, allow_none=True, metadata={"description": "The unit above it; null: a root."})


class RenameUnitSchema(DatedSchema):
    name_zh = Text(0, load_default="")
    name_en = Text(0, load_default="")


class MoveUnitSchema(DatedSchema):
    parent = Id(required=True, allow_none=True)


class EstablishPostSchema(DatedSchema):
    post = Id(required=True)
    unit = Id(required=True)
    kind = Id(required=True, metadata={"description": "A post kind of the charter."})
    title_zh = Text(0, load_default="")
    title_en = Text(0, load_default="")
    seats = Whole(1, 10_000, load_default=None, allow_none=True, metadata={"description": "null: as the charter says."})


class SetPostDutiesSchema(DatedSchema):
    units = fields.List(Id(), required=True, validate=validate.Length(0, 200))


class PersonDetailsSchema(CommandSchema):
    name = Text(1, 100, required=True)
    phone = Text(0, 40, load_default="")
    number = Text(0, 40, load_default="", metadata={"description": "A staff number or the like."})


class RegisterPersonSchema(PersonDetailsSchema, DatedSchema):
    person = Id(required=True)
    personnel_class = Id(required=True, metadata={"description": "A personnel class of the charter."})


class ChangePersonnelClassSchema(DatedSchema):
    personnel_class = Id(required=True)


class StartMembershipSchema(DatedSchema):
    membership = Id(metadata={"description": "Left out: one is made from the command id."})
    person = Id(required=True)
    unit = Id(required=True)
    kind = Id(required=True, metadata={"description": "A membership kind of the charter."})


class AppointSchema(DatedSchema):
    appointment = Id(metadata={"description": "Left out: one is made from the command id."})
    person = Id(required=True)
    post = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("substantive", "acting", "concurrent", "seconded")))
    until = Day(load_default=None, allow_none=True, metadata={"description": "The first day not held any more."})


class EndAppointmentSchema(DatedSchema):
    cause = Text(0, 200, load_default="")


class BindGridSchema(DatedSchema):
    grid = Id(required=True)
    department = Id(required=True)
    group = Id(required=True)
