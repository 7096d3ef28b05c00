"""Making up for a session that somebody missed, and correcting who was there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.library import by_digest
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import shown
from workflow.ids import PersonId, SessionId
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Standing
from workflow.slices import Command, Knows, Refused, View
from workflow.study.events import (
    AttendanceCorrected,
    AttendanceMadeUp,
    MakeUpReturned,
    MakeUpVerified,
    SessionHeld,
)
from workflow.study.views import SessionStanding, State


def make_up_until(held: SessionHeld) -> date:
    """The last day on which it is shown that somebody made up for a session, by the charter that it was held under."""
    charter = by_digest(held.charter_digest)
    tier = next(each for each in charter.study if each.id == held.tier)
    return Calendar(charter).add(held.on, tier.make_up_working_days)


class _Act(Command):
    """Something about the attendance of somebody who had to attend a session that was held."""

    session: SessionId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), SessionStanding(self.session)
        yield (self.charters, self.standing, *self.also())

    def also(self) -> Iterator[View]:
        """What else is read at once."""
        return iter(())

    def begin(self) -> tuple[SessionHeld, State]:
        """The session, and how the person attended. Raises Refused for an act that is out of order."""
        charter_for(self, self.charters)
        held = self.standing.must_be_held()
        state = self.standing.state_of(self.person)
        if self.effective < (last := self.standing.last[self.person]):
            raise Refused("attendance.order", f"It stands so since {last}, and this is before.", "effective")
        if self.effective > self.context.today:
            raise Refused("attendance.future", f"{self.effective} is still to come.", "effective")
        self.rule_version = held.charter
        return held, state


class MakeUpAttendance(_Act):
    """Say that somebody who was absent made up for a session on a day since, and show it: in time."""

    made_up_on: date
    evidence: tuple[str, ...]

    def also(self) -> Iterator[View]:
        self.service = Standing(self.person)
        yield self.service

    def execute(self) -> None:
        held, state = self.begin()
        if state != "absent":
            raise Refused("attendance.state", f"{self.person} is {state}: only who is absent makes up.", "person")
        self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        if (until := make_up_until(held)) < self.effective:
            raise Refused("attendance.late", f"That had to be made up by {until}.", "effective")
        if not held.on <= self.made_up_on <= self.effective:
            sentence = f"It is made up on a day from {held.on} on, and shown on that day or later."
            raise Refused("attendance.made_up_on", sentence, "made_up_on")
        evidence = shown(self.evidence, "attendance.evidence")
        names = self.session, held.unit, self.person
        self.trigger(AttendanceMadeUp(*names, self.made_up_on, evidence, until, self.effective))


class _ActOfVerifier(_Act):
    """What the session's side makes of it: its host, its speaker, or who answers for the unit; none for themselves."""

    verifier: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        unit = self.standing.must_be_scheduled().unit
        self.heads = UnitHeads(self.charters.on(self.effective), unit, self.effective)
        self.service = Standing(self.verifier)
        yield (self.service,)
        yield from self.heads.knows()

    def verified(self) -> SessionHeld:
        """The session. Raises Refused unless there is something to verify, and this person may."""
        held, state = self.begin()
        if state != "making_up":
            raise Refused("attendance.state", f"{self.person} is {state}: there is nothing to verify.", "person")
        if self.verifier == self.person:
            raise Refused("attendance.own", "Nobody verifies that they made up for something.", "verifier")
        scheduled = self.standing.must_be_scheduled()
        may = [each for each in (scheduled.host, scheduled.speaker, *self.heads.people) if each is not None]
        if self.verifier not in may:
            sentence = f"{self.verifier} neither hosted {self.session} nor answers for {held.unit} on {self.effective}."
            raise Refused("attendance.verifier", sentence, "verifier")
        self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        return held


class VerifyMakeUp(_ActOfVerifier):
    """Find that somebody made up for a session: from then on it counts as attended."""

    def execute(self) -> None:
        held = self.verified()
        self.trigger(MakeUpVerified(self.session, held.unit, self.person, self.verifier, self.effective))


class ReturnMakeUp(_ActOfVerifier):
    """Find that they did not; the reason why is the reason of the command. In time, it may be shown again."""

    def execute(self) -> None:
        held = self.verified()
        if not self.context.reason.strip():
            raise Refused("attendance.reason", "Why it is not accepted must be said.", "reason")
        self.trigger(MakeUpReturned(self.session, held.unit, self.person, self.verifier, self.effective))


class CorrectAttendance(_Act):
    """Put another attendance in the place of a wrong one: by two persons, with a reason."""

    state: str

    def execute(self) -> None:
        held, before = self.begin()
        if self.state not in ("present", "excused", "absent"):
            raise Refused("attendance.kind", "An attendance is present, excused or absent.", "state")
        if self.state == before:
            raise Refused("attendance.same", f"It is {before} already.", "state")
        if not self.context.reason.strip():
            raise Refused("attendance.reason", "Why an attendance is corrected must be said.", "reason")
        if self.context.approver in ("", self.context.actor):
            raise Refused("attendance.second_person", "An attendance is corrected by two persons.", "approver")
        names = self.session, held.unit, self.person
        self.trigger(AttendanceCorrected(*names, before, self.state, self.effective))
