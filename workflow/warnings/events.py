"""What happened to warnings (row 7 of the domain): from raised to closed out by an outsider, and reopened."""

from __future__ import annotations

from datetime import date

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
    """The matter was not settled after all; the reason is in the entry."""

    TOPIC = "warning.reopened"
    warning: WarningId
    unit: UnitId
    person: PersonId
    effective: date
