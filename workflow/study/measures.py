"""Counting attendance, for the readings of indicators."""

from __future__ import annotations

from collections.abc import Iterator

from workflow.counting import Counting, Measure, percent, tally
from workflow.ids import PersonId
from workflow.indicators.events import Tally
from workflow.organisation.below import Below
from workflow.organisation.views import UnitAppointments
from workflow.slices import Knows
from workflow.study.views import SessionsOf, SessionStanding, State

_WEIGHTS: dict[State | None, tuple[int, int]] = {
    None: (0, 0),
    "present": (1, 1),
    "made_up": (1, 1),
    "absent": (0, 1),
    "making_up": (0, 1),
    "excused": (0, 0),
}
"""How an attendance counts: to those who attended, and to those who had to."""


class Attendance(Measure):
    """Of the people of a unit and of those below it, how many who had to attend sessions of some tiers in the period,
    and were not excused, were there or made up for it. A unit's people are those who hold a post in it on that day:
    whichever unit holds the session."""

    VIEWS = (*Below.VIEWS, UnitAppointments, SessionsOf, SessionStanding)
    value = staticmethod(percent)

    def __init__(self, asked: Counting) -> None:
        super().__init__(asked)
        self._below = Below(asked.unit, asked.period.last_day)
        self._held: list[UnitAppointments] = []
        self._sessions: list[SessionStanding] = []

    def knows(self) -> Knows:
        yield from self._below.knows()
        self._held = [UnitAppointments(unit) for unit in sorted(self._below.units)]
        yield tuple(self._held)
        people = {each.person for view in self._held for each in view.appointments.values()}
        attended = [SessionsOf(person) for person in sorted(people)]
        if attended:
            yield tuple(attended)
        first, last, kinds = self.asked.period.first_day, self.asked.period.last_day, self.asked.kinds
        wanted = {
            id
            for view in attended
            for id, (tier, on) in view.held.items()
            if first <= on <= last and (not kinds or tier in kinds)
        }
        self._sessions = [SessionStanding(id) for id in sorted(wanted)]
        if self._sessions:
            yield tuple(self._sessions)

    def tallies(self) -> Iterator[Tally]:
        for session in self._sessions:
            people = self._people_on(session)
            for change in session.changes:
                if change.person in people and change.effective <= self.asked.until:
                    (was, of), (now, out_of) = _WEIGHTS[change.before], _WEIGHTS[change.after]
                    if (now, out_of) != (was, of):
                        yield tally(change.position, now - was, out_of - of)

    def _people_on(self, session: SessionStanding) -> set[PersonId]:
        assert session.held is not None
        return {each.person for view in self._held for each in view.on(session.held.on)}
