"""What happened to field hearings (row 14 of the domain): planned, notified, postponed, held, cancelled.

Of a case only its reference is told, never what it is about or whom it concerns.
"""

from __future__ import annotations

from datetime import date

import msgspec

from workflow.ids import CaseReference, HearingId, HearingPlanId, PersonId, UnitId
from workflow.slices import Event


class Hearers(msgspec.Struct, frozen=True):
    """How many hearers of a kind there were."""

    kind: str
    number: int


class HearingPlanSet(Event):
    """A unit is to hold so many hearings in each quarter of a year; `was` is what was planned before."""

    TOPIC = "hearing_plan.set"
    plan: HearingPlanId
    unit: UnitId
    year: int
    quarters: tuple[int, ...]
    was: tuple[int, ...] | None
    effective: date


class HearingPlanned(Event):
    """A hearing about a case is to be held on a day in the field; its notice is due by `notice_due`."""

    TOPIC = "hearing.planned"
    hearing: HearingId
    unit: UnitId
    reference: CaseReference
    place: str
    host: PersonId
    on: date
    notice_due: date
    charter: str
    charter_digest: str
    effective: date


class HearingNotified(Event):
    """All of these kinds of people were told of the day. From `earliest` on it may be held."""

    TOPIC = "hearing.notified"
    hearing: HearingId
    unit: UnitId
    told: tuple[str, ...]
    earliest: date
    evidence: tuple[str, ...]
    effective: date


class HearingPostponed(Event):
    """It is to be held on another day than `was`: who was told is to be told anew, by `notice_due`."""

    TOPIC = "hearing.postponed"
    hearing: HearingId
    unit: UnitId
    on: date
    was: date
    notice_due: date
    effective: date


class HearingHostChanged(Event):
    """Somebody else is its host from `effective` on."""

    TOPIC = "hearing.host_changed"
    hearing: HearingId
    unit: UnitId
    host: PersonId
    previous: PersonId
    effective: date


class HearingHeld(Event):
    """It was held on `effective`. `local_resolution` is whether the matter was settled where it arose."""

    TOPIC = "hearing.held"
    hearing: HearingId
    unit: UnitId
    host: PersonId
    hearers: tuple[Hearers, ...]
    result: str
    local_resolution: bool
    evidence: tuple[str, ...]
    effective: date


class HearingCancelled(Event):
    """It is not held; the reason is in the entry."""

    TOPIC = "hearing.cancelled"
    hearing: HearingId
    unit: UnitId
    effective: date


class HearingFlagged(Event):
    """It turned yellow or red: `why` is notice or hold, and was due on `due`."""

    TOPIC = "hearing.flagged"
    hearing: HearingId
    unit: UnitId
    why: str
    due: date
    colour: str
    charter: str
    charter_digest: str
    effective: date
