"""What the bodies of all commands have in common."""

from __future__ import annotations

import marshmallow as ma

from api.schemas.fields import Day, Id, Text


class CommandSchema(ma.Schema):
    """A command's body. `reason` goes into the event; where a rule wants one, it says so."""

    class Meta:
        unknown = ma.RAISE

    reason = Text(0, 1000, load_default="", metadata={"description": "Why; recorded with what happens."})


class DatedSchema(CommandSchema):
    effective = Day(required=True, metadata={"description": "From this date on, in the institution's time zone."})


class ByPersonSchema(DatedSchema):
    """What a person does, or what is done with a person."""

    person = Id(required=True)
