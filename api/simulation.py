"""A simulated clock: how history is made that comes to be as it would have, and what is to come is tried out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo


class SimulatedClock:
    """Stands at nine in the morning of the `day` to which it was put, in `zone`; without one it tells the real time."""

    def __init__(self, zone: tzinfo = UTC, day: date | None = None) -> None:
        self.zone = zone
        self.day = day

    def __call__(self) -> datetime:
        if self.day is None:
            return datetime.now(UTC)
        return datetime.combine(self.day, time(9), self.zone).astimezone(UTC)
