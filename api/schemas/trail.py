"""Query parameters of the trail, read or taken away: what narrows it."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from api.narrowing import Filters
from api.problems import Problem
from api.schemas.fields import Day, Id, Instant, Text
from api.time_control import MomentSchema


class NarrowedSchema(MomentSchema):
    """What a trail is narrowed by: all of it at once. `as_of`: nothing that was recorded later."""

    tag = fields.List(
        Text(3, 120),
        load_default=[],
        validate=validate.Length(0, 5),
        metadata={"description": "`unit:G3`, `person:P007` …: events that bear all of these tags."},
    )
    type = fields.List(Text(1, 80), load_default=[], validate=validate.Length(0, 40))
    actor = Text(1, 80, load_default=None)
    within = Id(
        load_default=None,
        metadata={
            "description": "Events that bear the tag of this unit, or of one below it, as the tree of units was known "
            "at `as_of` to be on `effective_on`; one that was dissolved counts where it stood last."
        },
    )
    reason = Text(1, 200, load_default=None, metadata={"description": "Part of the reason, in capitals or not."})
    recorded_from = Instant(load_default=None, metadata={"description": "Recorded then or later."})
    recorded_to = Instant(load_default=None, metadata={"description": "Recorded then or before."})
    effective_from = Day(load_default=None, metadata={"description": "Effective on that day or later."})
    effective_to = Day(load_default=None, metadata={"description": "Effective on that day or before."})
    order = fields.String(load_default="newest", validate=validate.OneOf(("newest", "oldest")))


def filters_in(asked: dict[str, Any]) -> Filters:
    """What is asked for. Raises Problem for a range that ends before it begins."""
    for kind in ("recorded", "effective"):
        first, last = asked[f"{kind}_from"], asked[f"{kind}_to"]
        if first is not None and last is not None and last < first:
            sentence = f"{kind}_to lies before {kind}_from."
            raise Problem(422, "trail.range", sentence, [{"parameter": f"{kind}_to", "detail": sentence}])
    narrowed = {name: asked[name] for name in Filters.__struct_fields__}
    return Filters(**narrowed | {name: tuple(asked[name]) for name in ("tag", "type")})
