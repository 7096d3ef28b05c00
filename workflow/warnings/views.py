"""What is known of warnings: views that commands share."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import NamedTuple

from workflow.ids import PersonId, ReadingId, WarningId
from workflow.slices import Refused, View, event
from workflow.warnings.events import (
    ExtensionGranted,
    InterviewDue,
    InterviewHeld,
    RectificationOverdue,
    RectificationPlanned,
    RectificationReported,
    TalkHeld,
    WarningAcknowledged,
    WarningClosedOut,
    WarningEscalated,
    WarningRaised,
    WarningReopened,
)

INTERVIEW = "interview"
"""Why a warning went up, if it was because its interview was not held."""


def warning_id(reading: ReadingId, number: int) -> WarningId:
    """The id of the `number`-th warning that a reading raised, counted from 1."""
    return WarningId(f"W.{reading}" if number == 1 else f"W.{reading}.{number}")


class Stage(NamedTuple):
    """How a warning stands since a day: its state, and by when it is to be rectified, if by any day."""

    since: date
    state: str
    rectify_by: date | None


class WarningStanding(View):
    """Where a warning is in its loop.

    `state`: "" (there is none), raised, acknowledged, planned, rectified, closed_out, reopened. `last` is the effective
    date of the last act; `reporters` are all who ever reported its rectification. `rectify_by` is as it was extended,
    or set anew: by reopening, and by a plan that was made when the day was past. `stages` are in the order of acts.
    """

    warning: WarningId
    state: str = field(init=False, default="")
    raised: WarningRaised | None = field(init=False, default=None)
    last: date = field(init=False, default=date.min)
    reporters: set[PersonId] = field(init=False, default_factory=set)
    rectify_by: date | None = field(init=False, default=None)
    extensions: int = field(init=False, default=0)
    stages: list[Stage] = field(init=False, default_factory=list)

    @event(WarningRaised)
    def was_raised(self, fact: WarningRaised) -> None:
        self.raised, self.rectify_by = fact, fact.rectify_by
        self._moved("raised", fact.effective)

    @event(WarningAcknowledged)
    def was_acknowledged(self, effective: date) -> None:
        self._moved("acknowledged", effective)

    @event(RectificationPlanned)
    def was_planned(self, due: date, effective: date) -> None:
        if self.rectify_by is not None:
            self.rectify_by = max(self.rectify_by, due)
        self._moved("planned", effective)

    @event(RectificationReported)
    def was_rectified(self, person: PersonId, effective: date) -> None:
        self._moved("rectified", effective)
        self.reporters.add(person)

    @event(WarningClosedOut)
    def was_closed_out(self, effective: date) -> None:
        self._moved("closed_out", effective)

    @event(WarningReopened)
    def was_reopened(self, rectify_by: date | None, effective: date) -> None:
        self.rectify_by = rectify_by or self.rectify_by
        self._moved("reopened", effective)

    @event(ExtensionGranted)
    def was_extended(self, rectify_by: date, effective: date) -> None:
        self.rectify_by, self.extensions = rectify_by, self.extensions + 1
        self._moved(self.state, effective)

    def before(self, day: date) -> Stage | None:
        """How it stood when `day` began; None: there was no warning yet."""
        return next((stage for stage in reversed(self.stages) if stage.since < day), None)

    @property
    def is_open(self) -> bool:
        return self.state not in ("", "closed_out")

    def must_be_known(self) -> WarningRaised:
        """The warning as it was raised. Raises Refused if there is none."""
        if self.raised is None:
            raise Refused("warning.unknown", f"There is no warning {self.warning}.", "warning")
        return self.raised

    def _moved(self, state: str, effective: date) -> None:
        self.state, self.last = state, effective
        self.stages.append(Stage(effective, state, self.rectify_by))


class WarningsOfReading(View):
    """The warnings that a reading raised, in the order in which it did."""

    reading: ReadingId
    raised: list[WarningRaised] = field(init=False, default_factory=list)

    @event(WarningRaised)
    def was_raised(self, fact: WarningRaised) -> None:
        self.raised.append(fact)


class Escalations(View):
    """How far up a warning went, and which days it was found overdue after."""

    warning: WarningId
    escalated: list[WarningEscalated] = field(init=False, default_factory=list)
    overdue: set[date] = field(init=False, default_factory=set)

    @event(WarningEscalated)
    def was_escalated(self, fact: WarningEscalated) -> None:
        self.escalated.append(fact)

    @event(RectificationOverdue)
    def was_overdue(self, due: date) -> None:
        self.overdue.add(due)


class Talks(View):
    """The talks that were held about a warning."""

    warning: WarningId
    held: list[TalkHeld] = field(init=False, default_factory=list)

    @event(TalkHeld)
    def was_held(self, fact: TalkHeld) -> None:
        self.held.append(fact)


class InterviewStanding(View):
    """The interview that is due because of a warning, and whether it was held."""

    warning: WarningId
    due: InterviewDue | None = field(init=False, default=None)
    held: InterviewHeld | None = field(init=False, default=None)

    @event(InterviewDue)
    def became_due(self, fact: InterviewDue) -> None:
        self.due = fact

    @event(InterviewHeld)
    def was_held(self, fact: InterviewHeld) -> None:
        self.held = fact

    def missing_on(self, day: date) -> InterviewDue | None:
        """The interview, if it is due and was not held before `day`."""
        return None if self.held is not None and self.held.effective < day else self.due
