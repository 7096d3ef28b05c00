"""Scheduling, holding and cancelling sessions."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.library import by_digest
from workflow.charter.study import StudyTier
from workflow.charter.views import CharterInForce
from workflow.dates import FARTHEST_AHEAD, Span, charter_for
from workflow.duties.events import DutyFulfilled, DutyOpened
from workflow.duties.fulfilment import fulfilment, time_of
from workflow.duties.owing import Parts, owed
from workflow.duties.views import DutyStanding
from workflow.evidence import references, said, shown
from workflow.ids import DutyId, PersonId, SessionId, UnitId, is_id
from workflow.organisation.views import Standing, UnitStanding
from workflow.periods import Period
from workflow.slices import Command, Knows, Refused
from workflow.study.audience import Audience
from workflow.study.events import SessionCancelled, SessionHeld, SessionScheduled
from workflow.study.views import SessionStanding, session_id


class ScheduleSession(Command):
    """Let a unit hold a session of a tier on a day: one of a tier a day, unless that was cancelled. A past day is
    for what nobody scheduled."""

    tier: str
    unit: UnitId
    on: date
    topic: str
    host: PersonId
    place: str
    effective: date
    speaker: PersonId | None = None
    materials: tuple[str, ...] = ()

    def knows(self) -> Knows:
        self.session = session_id(self.tier, self.unit, self.on)
        if not is_id(self.session):
            raise Refused("session.id", "That makes no id of a session.", "tier", "unit")
        self.charters, self.standing = CharterInForce(), SessionStanding(self.session)
        self.place_of, self.serving = UnitStanding(self.unit), [Standing(self.host)]
        if self.speaker is not None and self.speaker != self.host:
            self.serving.append(Standing(self.speaker))
        yield self.charters, self.standing, self.place_of, *self.serving

    def execute(self) -> None:
        charter_for(self, self.charters)
        cancelled = self.standing.cancelled
        if self.standing.scheduled is not None and cancelled is None:
            raise Refused("session.exists", f"The session {self.session} was scheduled already.", "on")
        if cancelled is not None and self.effective < cancelled.effective:
            sentence = f"It was cancelled on {cancelled.effective}, and this is earlier."
            raise Refused("session.order", sentence, "effective")
        if self.effective > self.context.today:
            raise Refused("session.future", f"{self.effective} is still to come.", "effective")
        if self.on - self.effective > FARTHEST_AHEAD:
            raise Refused("session.too_far", f"{self.on} is more than a year ahead.", "on")
        charter, day = self.charters.on(self.on), Span(self.on, self.on + ONE_DAY)
        self.place_of.must_stand(day)
        tier = next((each for each in charter.study if each.id == self.tier), None)
        if tier is None or self.place_of.kind not in tier.unit_kinds:
            sentence = f"The charter knows no {self.tier} of a {self.place_of.kind}."
            raise Refused("session.tier", sentence, "tier", "unit")
        for field, each in zip(("host", "speaker"), self.serving, strict=False):
            _must_serve(each, day, field)
        self.rule_version = charter.version
        scheduled = SessionScheduled(
            self.session,
            self.tier,
            self.unit,
            self.on,
            said(self.topic, "session.topic", "A session has a topic."),
            references(self.materials, "session.materials"),
            self.host,
            self.speaker,
            said(self.place, "session.place", "A session has a place."),
            charter.version,
            self.charters.digest_on(self.on),
            self.effective,
        )
        self.trigger(scheduled)


class HoldSession(Command):
    """Say that a session was held, who was there, and who was excused; whoever else must attend was absent.

    Where the charter wants one in each period, it fulfils that duty in the same append.
    """

    session: SessionId
    attendees: tuple[PersonId, ...]
    evidence: tuple[str, ...]
    effective: date
    excused: tuple[PersonId, ...] = ()

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), SessionStanding(self.session)
        yield self.charters, self.standing
        scheduled = self.scheduled = self.standing.must_be_scheduled()
        if self.standing.held is not None:
            sentence = f"{self.session} was held already; a wrong attendance is corrected."
            raise Refused("session.held", sentence, "session")
        tier = next(each for each in by_digest(scheduled.charter_digest).study if each.id == scheduled.tier)
        self.place, self.duty = UnitStanding(scheduled.unit), _duty_of(tier, scheduled)
        self.serving = [Standing(each) for each in dict.fromkeys((*self.attendees, *self.excused))]
        yield (self.place, *([self.duty] if self.duty else ()), *self.serving)
        self.audience = Audience(tier.audience, scheduled.unit, scheduled.on)
        yield from self.audience.knows()

    def execute(self) -> None:
        charter_for(self, self.charters)
        scheduled = self.scheduled
        self._refuse_untimely()
        self._refuse_wrong_people()
        evidence = shown(self.evidence, "session.evidence")
        asked, there = self.audience.people, set(self.attendees)
        self.rule_version = scheduled.charter
        held = SessionHeld(
            self.session,
            scheduled.tier,
            scheduled.unit,
            scheduled.on,
            tuple(sorted(there & asked)),
            tuple(sorted(there - asked)),
            tuple(sorted(self.excused)),
            tuple(sorted(asked - there - set(self.excused))),
            evidence,
            scheduled.charter,
            scheduled.charter_digest,
            self.effective,
        )
        self.trigger(held)
        for fact in self._fulfilled(evidence):
            self.trigger(fact)

    def _refuse_untimely(self) -> None:
        if self.effective < self.scheduled.on:
            raise Refused("session.early", f"It is held on {self.scheduled.on}; this is before.", "effective")
        if self.effective < self.scheduled.effective:
            sentence = f"It was scheduled on {self.scheduled.effective}; this is before."
            raise Refused("session.order", sentence, "effective")
        if self.effective > self.context.today:
            raise Refused("session.future", f"{self.effective} is still to come.", "effective")

    def _refuse_wrong_people(self) -> None:
        if len(self.serving) < len(self.attendees) + len(self.excused):
            sentence = "Each is named once: as attendee, or as excused."
            raise Refused("session.attendees", sentence, "attendees", "excused")
        day = Span(self.scheduled.on, self.scheduled.on + ONE_DAY)
        for each in self.serving:
            _must_serve(each, day, "attendees" if each.person in self.attendees else "excused")
        for person in self.excused:
            if person not in self.audience.people:
                raise Refused("session.excused", f"{person} does not have to attend, and needs no excuse.", "excused")

    def _fulfilled(self, evidence: tuple[str, ...]) -> list[DutyOpened | DutyFulfilled]:
        """The duty to hold a session in the period, if that is still to be done: opened, if need be, and fulfilled."""
        duty, scheduled = self.duty, self.scheduled
        if duty is None or duty.fulfilled is not None or duty.excused is not None:
            return []
        opened = duty.opened
        facts: list[DutyOpened | DutyFulfilled] = []
        if opened is None:
            period = Period.parse(duty.duty.rpartition(".")[2])
            try:
                opened = owed(self.charters, self.place, Parts(scheduled.tier, scheduled.unit, period), self.effective)
            except Refused:
                return []  # the unit does not stand on the first and the last day of the period
            facts.append(opened)
        at = time_of(self.effective, self.context)
        due, about = duty.due(opened), {"person": None, "held_on": scheduled.on, "evidence": evidence}
        return [*facts, fulfilment(opened, due, self.effective, at, **about)]  # type: ignore[arg-type]


class CancelSession(Command):
    """Let a session that was not held yet be held no more; the reason why is the reason of the command."""

    session: SessionId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), SessionStanding(self.session)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter_for(self, self.charters)
        scheduled = self.standing.must_be_scheduled()
        if self.standing.held is not None:
            raise Refused("session.held", f"{self.session} was held already.", "session")
        if not self.context.reason.strip():
            raise Refused("session.reason", "Why a session is cancelled must be said.", "reason")
        if not scheduled.effective <= self.effective <= self.context.today:
            sentence = f"It is cancelled on a day from {scheduled.effective} to today."
            raise Refused("session.order", sentence, "effective")
        self.trigger(SessionCancelled(self.session, scheduled.tier, scheduled.unit, self.effective))


def _duty_of(tier: StudyTier, scheduled: SessionScheduled) -> DutyStanding | None:
    """The duty that the session fulfils: that of the period in which it is held."""
    if tier.cadence is None:
        return None
    period = Period.containing(scheduled.on, tier.cadence)
    return DutyStanding(DutyId(str(Parts(tier.id, scheduled.unit, period))))


def _must_serve(standing: Standing, day: Span, field: str) -> None:
    try:
        standing.must_serve(day)
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, field) from None
