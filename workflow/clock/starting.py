"""Starting the clock: once, from a day on."""

from __future__ import annotations

from dataclasses import field
from datetime import date

from workflow.clock.events import ClockStarted
from workflow.slices import Command, Knows, View, event


class ClockStanding(View):
    """From which day on the clock does what is due; None: it was never started."""

    since: date | None = field(init=False, default=None)

    @event(ClockStarted)
    def was_started(self, effective: date) -> None:
        self.since = effective


class StartClock(Command):
    """Start the clock today. It is started once; again changes nothing."""

    def knows(self) -> Knows:
        self.standing = ClockStanding()
        yield (self.standing,)

    def execute(self) -> None:
        if self.standing.since is None:
            self.trigger(ClockStarted(self.context.today))
