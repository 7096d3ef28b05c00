"""What is known of warnings: views that commands share."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.ids import PersonId, ReadingId, WarningId
from workflow.slices import Refused, View, event
from workflow.warnings.events import (
    RectificationPlanned,
    RectificationReported,
    WarningAcknowledged,
    WarningClosedOut,
    WarningRaised,
    WarningReopened,
)


def warning_id(reading: ReadingId, number: int) -> WarningId:
    """The id of the `number`-th warning that a reading raised, counted from 1."""
    return WarningId(f"W.{reading}" if number == 1 else f"W.{reading}.{number}")


class WarningStanding(View):
    """Where a warning is in its loop.

    `state`: "" (there is none), raised, acknowledged, planned, rectified, closed_out, reopened. `last` is the effective
    date of the last act; `reporters` are all who ever reported its rectification.
    """

    warning: WarningId
    state: str = field(init=False, default="")
    raised: WarningRaised | None = field(init=False, default=None)
    last: date = field(init=False, default=date.min)
    reporters: set[PersonId] = field(init=False, default_factory=set)

    @event(WarningRaised)
    def was_raised(self, fact: WarningRaised) -> None:
        self.raised = fact
        self._moved("raised", fact.effective)

    @event(WarningAcknowledged)
    def was_acknowledged(self, effective: date) -> None:
        self._moved("acknowledged", effective)

    @event(RectificationPlanned)
    def was_planned(self, effective: date) -> None:
        self._moved("planned", effective)

    @event(RectificationReported)
    def was_rectified(self, person: PersonId, effective: date) -> None:
        self._moved("rectified", effective)
        self.reporters.add(person)

    @event(WarningClosedOut)
    def was_closed_out(self, effective: date) -> None:
        self._moved("closed_out", effective)

    @event(WarningReopened)
    def was_reopened(self, effective: date) -> None:
        self._moved("reopened", effective)

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


class WarningsOfReading(View):
    """The warnings that a reading raised, in the order in which it did."""

    reading: ReadingId
    raised: list[WarningRaised] = field(init=False, default_factory=list)

    @event(WarningRaised)
    def was_raised(self, fact: WarningRaised) -> None:
        self.raised.append(fact)
