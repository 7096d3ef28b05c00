"""What happened to the clock."""

from __future__ import annotations

from datetime import date

from workflow.slices import Event


class ClockStarted(Event):
    """From `effective` on the clock does what is due. What was due before that day stays undone: what an institution
    records of its past when it begins to use this system shall not all be late."""

    TOPIC = "clock.started"
    effective: date
