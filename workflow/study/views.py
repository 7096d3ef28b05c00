"""What is known of study: how a session stands, and who attended it."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import Literal, NamedTuple

from workflow.ids import PersonId, SessionId, UnitId
from workflow.slices import Refused, View, event
from workflow.study.events import (
    AttendanceCorrected,
    AttendanceMadeUp,
    MakeUpReturned,
    MakeUpVerified,
    SessionCancelled,
    SessionHeld,
    SessionScheduled,
)

State = Literal["present", "excused", "absent", "making_up", "made_up"]
"""Of somebody who must attend. `making_up` is not verified yet, and counts as absent."""


def session_id(tier: str, unit: UnitId, on: date) -> SessionId:
    """The id of the one session of a tier that a unit can hold on a day. A tier has no dot, and a day none either."""
    return SessionId(f"{tier}.{unit}.{on}")


class Change(NamedTuple):
    """What an event made of somebody's attendance; None before the session was held."""

    position: int | None
    effective: date
    person: PersonId
    before: State | None
    after: State


class SessionStanding(View):
    """Whether a session is scheduled, held or cancelled; of those who must attend, how each did, and since when."""

    session: SessionId
    scheduled: SessionScheduled | None = field(init=False, default=None)
    held: SessionHeld | None = field(init=False, default=None)
    cancelled: SessionCancelled | None = field(init=False, default=None)
    states: dict[PersonId, State] = field(init=False, default_factory=dict)
    last: dict[PersonId, date] = field(init=False, default_factory=dict)
    changes: list[Change] = field(init=False, default_factory=list)

    @event(SessionScheduled)
    def was_scheduled(self, fact: SessionScheduled) -> None:
        self.scheduled, self.cancelled = fact, None

    @event(SessionHeld)
    def was_held(self, fact: SessionHeld, position: int | None) -> None:
        self.held = fact
        told: tuple[tuple[State, tuple[PersonId, ...]], ...] = (
            ("present", fact.present),
            ("excused", fact.excused),
            ("absent", fact.absent),
        )
        for state, people in told:
            for person in people:
                self._change(position, fact.effective, person, state)

    @event(SessionCancelled)
    def was_cancelled(self, fact: SessionCancelled) -> None:
        self.cancelled = fact

    @event(AttendanceMadeUp)
    def made_up(self, person: PersonId, effective: date, position: int | None) -> None:
        self._change(position, effective, person, "making_up")

    @event(MakeUpVerified)
    def was_verified(self, person: PersonId, effective: date, position: int | None) -> None:
        self._change(position, effective, person, "made_up")

    @event(MakeUpReturned)
    def was_returned(self, person: PersonId, effective: date, position: int | None) -> None:
        self._change(position, effective, person, "absent")

    @event(AttendanceCorrected)
    def was_corrected(self, fact: AttendanceCorrected, position: int | None) -> None:
        self._change(position, fact.effective, fact.person, fact.state)  # type: ignore[arg-type]  # one of the three

    def must_be_scheduled(self) -> SessionScheduled:
        if self.scheduled is None:
            raise Refused("session.unknown", f"There is no session {self.session}.", "session")
        if self.cancelled is not None:
            raise Refused("session.cancelled", f"{self.session} was cancelled.", "session")
        return self.scheduled

    def must_be_held(self) -> SessionHeld:
        self.must_be_scheduled()
        if self.held is None:
            raise Refused("session.not_held", f"{self.session} was not held yet.", "session")
        return self.held

    def state_of(self, person: PersonId) -> State:
        """Raises Refused for somebody who did not have to attend."""
        if person not in self.states:
            raise Refused("attendance.not_asked", f"{person} did not have to attend {self.session}.", "person")
        return self.states[person]

    def _change(self, position: int | None, effective: date, person: PersonId, state: State) -> None:
        self.changes.append(Change(position, effective, person, self.states.get(person), state))
        self.states[person], self.last[person] = state, effective


class SessionsOf(View):
    """The sessions that somebody had to attend, or attended, by the day on which they were held."""

    person: PersonId
    held: dict[SessionId, tuple[str, date]] = field(init=False, default_factory=dict)

    @event(SessionHeld)
    def was_held(self, session: SessionId, tier: str, on: date) -> None:
        self.held[session] = tier, on
