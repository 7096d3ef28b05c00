"""What happened in programmes (row 11 of the domain): adopted, enrolled, items completed and verified, closed.

A participant is a `person`, or, where the template says so, a `unit`: of the two just one is given.
"""

from __future__ import annotations

from datetime import date

import msgspec

from workflow.ids import CompletionId, PersonId, ProgrammeId, UnitId
from workflow.slices import Event


class ProgrammeAdopted(Event):
    """A unit takes a template of its charter for a period.

    Of what is done from `first_day` to `last_day` counts what is verified before `closes_on`.
    """

    TOPIC = "programme.adopted"
    programme: ProgrammeId
    template: str
    unit: UnitId
    period: str
    first_day: date
    last_day: date
    closes_on: date
    charter: str
    charter_digest: str
    effective: date


class ParticipantsEnrolled(Event):
    """These take part from `since` until `until` (exclusive): within the period, and not before they were enrolled."""

    TOPIC = "programme.enrolled"
    programme: ProgrammeId
    template: str
    persons: tuple[PersonId, ...]
    units: tuple[UnitId, ...]
    since: date
    until: date
    effective: date


class ParticipantWithdrawn(Event):
    """It takes part no more. `cause`: decided (the reason is in the entry), left, or dissolved."""

    TOPIC = "programme.withdrawn"
    programme: ProgrammeId
    template: str
    person: PersonId | None
    unit: UnitId | None
    cause: str
    effective: date


class ItemProgressed(Event):
    """How far an item has come; it counts nothing yet."""

    TOPIC = "programme.item_progressed"
    programme: ProgrammeId
    item: str
    person: PersonId | None
    unit: UnitId | None
    note: str
    effective: date


class ItemCompleted(Event):
    """An item was done so many times on `done_on`, and is shown; it counts when somebody else has verified it.

    `reported_by`: who says so, if it is not the participant; None: a clerk recorded it.
    """

    TOPIC = "programme.item_completed"
    completion: CompletionId
    programme: ProgrammeId
    item: str
    person: PersonId | None
    unit: UnitId | None
    quantity: int
    done_on: date
    evidence: tuple[str, ...]
    reported_by: PersonId | None
    effective: date


class ItemVerified(Event):
    TOPIC = "programme.item_verified"
    completion: CompletionId
    programme: ProgrammeId
    item: str
    person: PersonId | None
    unit: UnitId | None
    verifier: PersonId
    finding: str
    effective: date


class ItemReturned(Event):
    """It was not as it should be, and does not count."""

    TOPIC = "programme.item_returned"
    completion: CompletionId
    programme: ProgrammeId
    item: str
    person: PersonId | None
    unit: UnitId | None
    verifier: PersonId
    finding: str
    effective: date


class Result(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """By item, in the template's order: how often it was `owed`, and how much of that was `done`. The rest lapsed."""

    done: tuple[int, ...]
    owed: tuple[int, ...]


class ProgrammeClosed(Event):
    """The period is over, and so is the time to verify. `results` are those of the `persons`, or of the `units`, who
    still took part, in their order; `finished` is how many of them did all that they owed."""

    TOPIC = "programme.closed"
    programme: ProgrammeId
    template: str
    unit: UnitId
    persons: tuple[PersonId, ...]
    units: tuple[UnitId, ...]
    results: tuple[Result, ...]
    finished: int
    effective: date
