"""What is known of duties: how each stands, and when it turns yellow and red."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from datetime import date, time
from typing import NamedTuple

from workflow.calendar import ONE_DAY
from workflow.duties.events import (
    DutyExcused,
    DutyExtended,
    DutyFulfilled,
    DutyFulfilledLate,
    DutyLapsed,
    DutyOpened,
    DutyTurnedYellow,
)
from workflow.ids import DutyId
from workflow.periods import Due
from workflow.slices import View, event


class Turn(NamedTuple):
    """On `day` a duty that is not done turns yellow or red, because it is due at the time `due_at` of `due`."""

    day: date
    colour: str
    due: date
    due_at: time


class DutyStanding(View):
    """Whether a duty was opened, until when it is due, which colours it had, and whether it was done or excused; and
    the positions of the events that say so."""

    duty: DutyId
    opened: DutyOpened | None = field(init=False, default=None)
    extensions: list[DutyExtended] = field(init=False, default_factory=list)
    turned: set[tuple[str, date]] = field(init=False, default_factory=set)
    fulfilled: DutyFulfilled | None = field(init=False, default=None)
    excused: DutyExcused | None = field(init=False, default=None)
    opened_at: int | None = field(init=False, default=None)
    fulfilled_at: int | None = field(init=False, default=None)

    @event(DutyOpened)
    def was_opened(self, fact: DutyOpened, position: int | None) -> None:
        self.opened, self.opened_at = fact, position

    @event(DutyTurnedYellow)
    def turned_yellow(self, colour: str, due: date) -> None:
        self.turned.add((colour, due))

    @event(DutyLapsed)
    def lapsed(self, colour: str, due: date) -> None:
        self.turned.add((colour, due))

    @event(DutyFulfilled)
    def was_fulfilled(self, fact: DutyFulfilled, position: int | None) -> None:
        self.fulfilled, self.fulfilled_at = fact, position

    @event(DutyFulfilledLate)
    def was_fulfilled_late(self, fact: DutyFulfilledLate, position: int | None) -> None:
        self.fulfilled, self.fulfilled_at = fact, position

    @event(DutyExtended)
    def was_extended(self, fact: DutyExtended) -> None:
        self.extensions.append(fact)

    @event(DutyExcused)
    def was_excused(self, fact: DutyExcused) -> None:
        self.excused = fact

    @property
    def done_on(self) -> date:
        """From that day on it needs nothing more."""
        return min(each.effective if each else date.max for each in (self.fulfilled, self.excused))

    def due(self, opened: DutyOpened) -> Due:
        """Until when it is in time, with its extensions."""
        last = self.extensions[-1] if self.extensions else opened
        return Due(last.due, last.due_at)

    def turns(self) -> Iterator[Turn]:
        """When it has to turn, as it stands, while it is not done.

        What happens on a day counts from the next one on, for it turns in the night: an extension that was granted on
        the very day on which it turned yellow came too late for that.
        """
        if self.opened is None:
            return
        known: list[DutyOpened | DutyExtended] = [self.opened, *self.extensions]
        for number, asked in enumerate(known):
            since = asked.effective + ONE_DAY if number else asked.effective
            until = known[number + 1].effective if number + 1 < len(known) else date.max
            for day, colour in ((max(asked.yellow_from, since), "yellow"), (asked.due + ONE_DAY, "red")):
                if day <= min(until, self.done_on) and (colour == "red" or day <= asked.due):
                    yield Turn(day, colour, asked.due, asked.due_at)
