"""The time control that every read has: as known at, and effective on."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NamedTuple

import marshmallow as ma
import msgspec

from api.problems import Problem
from api.schemas.fields import INSTANT, Day, Text, instant_in
from api.wiring import Resonance
from workflow.entry import instant_text, microseconds

_POSITION = re.compile(r"position:(\d{1,18})")


class MomentSchema(ma.Schema):
    """Query parameters of every read."""

    as_of = Text(
        1,
        60,
        load_default=None,
        metadata={
            "description": "What was known then: an RFC 3339 instant, or `position:N`. Left out: what is known now.",
            "pattern": rf"^({_POSITION.pattern}|{INSTANT.pattern})$",
        },
    )
    effective_on = Day(
        load_default=None,
        metadata={"description": "What holds on that day. Left out: on the day of `as_of`, else today."},
    )


class AsOf(msgspec.Struct, frozen=True):
    """What `as_of` resolved to: the last event known, and when it was recorded (null: the log was empty)."""

    position: int
    recorded_at: datetime | None


class Asked(NamedTuple):
    """What a request asks for. `position` is None for what is known now."""

    position: int | None
    effective_on: date


def asked(app: Resonance, as_of: str | None, effective_on: date | None) -> Asked:
    """Resolve a request's time. Raises Problem for an instant or a position that has not come yet."""
    if as_of is None:
        return Asked(None, effective_on or app.today())
    position, instant = position_of(app, as_of, "as_of")
    if effective_on is None:
        effective_on = app.zone.local(instant).date() if instant is not None else app.today()
    return Asked(position, effective_on)


def position_of(app: Resonance, text: str, parameter: str) -> tuple[int, datetime | None]:
    """The position that an instant or `position:N` names, and the instant: its own, or that of the position's event."""
    if found := _POSITION.fullmatch(text):
        position, head = int(found[1]), app.log.head().position
        if position > head:
            raise _wrong(parameter, f"Position {position} has not come yet: the log ends at {head}.")
        return position, recorded_at(app, position)
    if instant := instant_in(text):
        if instant > app.now():
            raise _wrong(parameter, f"{text} has not come yet.")
        return app.log.position_at(microseconds(instant)), instant
    raise _wrong(
        parameter,
        f"{text} is neither an instant, such as 2025-04-05T10:11:12Z or with an offset such as %2B08:00, "
        "nor a position, such as position:123.",
    )


def recorded_at(app: Resonance, position: int) -> datetime | None:
    """When the event at a position was recorded; None for position 0."""
    entry = app.log.entry(position)
    return None if entry is None else datetime.fromisoformat(instant_text(entry.recorded_at))


def _wrong(parameter: str, sentence: str) -> Problem:
    return Problem(422, "time.invalid", sentence, [{"parameter": parameter, "detail": sentence}])
