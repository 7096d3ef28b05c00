"""What happened to warnings (row 7 of the domain): from raised to closed out by an outsider, and reopened; which rung
of the ladder was reached, and what was escalated."""

from __future__ import annotations

from datetime import date

import msgspec

from workflow.ids import IndicatorId, PersonId, ReadingId, UnitId, WarningId
from workflow.slices import Event


class WarningRaised(Event):
    """A reading turned yellow or red. `respond_by` and `rectify_by` are due dates in working days of the charter."""

    TOPIC = "warning.raised"
    warning: WarningId
    indicator: IndicatorId
    unit: UnitId
    reading: ReadingId
    period: str
    colour: str
    respond_by: date
    rectify_by: date | None
    effective: date


class WarningAcknowledged(Event):
    """Somebody who answers for the unit has seen it and explains."""

    TOPIC = "warning.acknowledged"
    warning: WarningId
    unit: UnitId
    person: PersonId
    explanation: str
    effective: date


class RectificationPlanned(Event):
    TOPIC = "warning.rectification_planned"
    warning: WarningId
    unit: UnitId
    person: PersonId
    plan: str
    due: date
    effective: date


class RectificationReported(Event):
    TOPIC = "warning.rectification_reported"
    warning: WarningId
    unit: UnitId
    person: PersonId
    report: str
    evidence: tuple[str, ...]
    effective: date


class WarningClosedOut(Event):
    """A checker from outside the unit has seen the evidence and closes the warning."""

    TOPIC = "warning.closed_out"
    warning: WarningId
    unit: UnitId
    checker: PersonId
    finding: str
    evidence: tuple[str, ...]
    effective: date


class WarningReopened(Event):
    """The matter was not settled after all; the reason is in the entry. A red one is to be rectified anew by
    `rectify_by`."""

    TOPIC = "warning.reopened"
    warning: WarningId
    unit: UnitId
    person: PersonId
    effective: date
    rectify_by: date | None = None


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A level of the responsibility chain, and who holds it on the day: nobody, where it is vacant."""

    level: str
    persons: tuple[str, ...]


class NoticeIssued(Event):
    """The warning reached a rung of the ladder that calls for a notice, of `kind` warning_notice or supervision_notice.

    `periods` is how many consecutive ones had at least this colour, as far as the ladder counts. `persons` are all of
    those told, each once. Due dates are those of the warning.
    """

    TOPIC = "warning.notice_issued"
    warning: WarningId
    unit: UnitId
    kind: str
    rung: str
    colour: str
    periods: int
    told: tuple[Told, ...]
    persons: tuple[PersonId, ...]
    respond_by: date
    rectify_by: date | None
    effective: date


class InterviewDue(Event):
    """The warning reached a rung that calls for an interview: whoever holds the level `by` is to hold it by `due`.

    The rest is as in a notice; the level `by` is told too.
    """

    TOPIC = "warning.interview_due"
    warning: WarningId
    unit: UnitId
    by: str
    rung: str
    colour: str
    periods: int
    told: tuple[Told, ...]
    persons: tuple[PersonId, ...]
    due: date
    effective: date


class InterviewHeld(Event):
    """The interview that was due was held by `person`, who held the level it was due by, with `persons`."""

    TOPIC = "warning.interview_held"
    warning: WarningId
    unit: UnitId
    person: PersonId
    persons: tuple[PersonId, ...]
    record: str
    effective: date


class TalkHeld(Event):
    """A heart-to-heart talk of `person`, who holds a level above the unit, with `persons` about the warning."""

    TOPIC = "warning.talk_held"
    warning: WarningId
    unit: UnitId
    person: PersonId
    persons: tuple[PersonId, ...]
    record: str
    effective: date


class ExtensionGranted(Event):
    """The warning is to be rectified by `rectify_by` instead of `previous`; the reason is in the entry."""

    TOPIC = "warning.extension_granted"
    warning: WarningId
    unit: UnitId
    previous: date
    rectify_by: date
    effective: date


class RectificationOverdue(Event):
    """The day by which a warning was to be rectified passed, and its rectification was not reported."""

    TOPIC = "warning.rectification_overdue"
    warning: WarningId
    unit: UnitId
    due: date
    effective: date


class WarningEscalated(Event):
    """The warning went up to `level` and its holders `persons`, because by `due` it was not acknowledged or not
    rectified, or the interview was not held: `why` is unacknowledged, overdue or interview. `vacant` are the levels
    passed over, because nobody holds them."""

    TOPIC = "warning.escalated"
    warning: WarningId
    unit: UnitId
    why: str
    due: date
    level: str
    persons: tuple[PersonId, ...]
    vacant: tuple[str, ...]
    effective: date
