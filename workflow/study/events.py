"""What happened in study (row 12 of the domain): sessions, who was there, and who made up for it."""

from __future__ import annotations

from datetime import date

from workflow.ids import PersonId, SessionId, UnitId
from workflow.slices import Event


class SessionScheduled(Event):
    """A unit is to hold a session of a `tier` on a day. `materials` are texts, links or digests of files.

    Who must attend, and until when it is made up, is that of the `charter`: the one in force on that day, as known.
    """

    TOPIC = "session.scheduled"
    session: SessionId
    tier: str
    unit: UnitId
    on: date
    topic: str
    materials: tuple[str, ...]
    host: PersonId
    speaker: PersonId | None
    place: str
    charter: str
    charter_digest: str
    effective: date


class SessionHeld(Event):
    """It was held. Of those who must attend, some were `present`, some `excused`, the others `absent`; `guests` were
    there though they did not have to."""

    TOPIC = "session.held"
    session: SessionId
    tier: str
    unit: UnitId
    on: date
    present: tuple[PersonId, ...]
    guests: tuple[PersonId, ...]
    excused: tuple[PersonId, ...]
    absent: tuple[PersonId, ...]
    evidence: tuple[str, ...]
    charter: str
    charter_digest: str
    effective: date


class SessionCancelled(Event):
    """It is not held; the reason is in the entry."""

    TOPIC = "session.cancelled"
    session: SessionId
    tier: str
    unit: UnitId
    effective: date


class AttendanceMadeUp(Event):
    """Who was absent says that they made up for it, on `made_up_on`; that had to be shown by `until`."""

    TOPIC = "attendance.made_up"
    session: SessionId
    unit: UnitId
    person: PersonId
    made_up_on: date
    evidence: tuple[str, ...]
    until: date
    effective: date


class MakeUpVerified(Event):
    """`verifier`, who hosted the session or answers for its unit, found it so: from now on it counts."""

    TOPIC = "attendance.make_up_verified"
    session: SessionId
    unit: UnitId
    person: PersonId
    verifier: PersonId
    effective: date


class MakeUpReturned(Event):
    """`verifier` did not find it so; the reason is in the entry. The person is absent as before."""

    TOPIC = "attendance.make_up_returned"
    session: SessionId
    unit: UnitId
    person: PersonId
    verifier: PersonId
    effective: date


class AttendanceCorrected(Event):
    """The attendance of a person was recorded wrongly: it is `state` (present, excused or absent) instead."""

    TOPIC = "attendance.corrected"
    session: SessionId
    unit: UnitId
    person: PersonId
    previous: str
    state: str
    effective: date
