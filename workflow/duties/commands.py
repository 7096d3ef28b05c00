"""Fulfilling, extending and excusing duties."""

from __future__ import annotations

from datetime import date, time

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.duties import DutyKind
from workflow.charter.library import by_digest
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.duties.attendance import Entitled
from workflow.duties.events import DutyExcused, DutyExtended, DutyOpened
from workflow.duties.fulfilment import fulfilment, time_of
from workflow.duties.owing import Ower, is_review, kind_of, owed, owers, parts_of
from workflow.duties.views import DutyStanding
from workflow.evidence import shown
from workflow.ids import DutyId, PersonId
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Standing
from workflow.slices import Command, Context, Knows, Refused


class _Act(Command):
    """Something that is done about a duty. One that is owed and was not opened yet is opened with it."""

    duty: DutyId
    effective: date

    def knows(self) -> Knows:
        self.parts = parts_of(self.duty)
        self.charters, self.standing = CharterInForce(), DutyStanding(self.duty)
        unit, mentorship = owers(self.parts)
        yield self.charters, self.standing, unit, mentorship
        self.place: Ower = mentorship if is_review(self.charters, self.parts) else unit

    def begin(self) -> DutyOpened:
        """The duty, opened if need be. Raises Refused unless somebody may still do something about it."""
        charter_for(self, self.charters)
        must = owed(self.charters, self.place, self.parts, self.effective)
        opened = self.standing.opened or must
        if self.standing.fulfilled is not None:
            on = self.standing.fulfilled.effective
            raise Refused("duty.fulfilled", f"{self.duty} was fulfilled already, on {on}.", "duty")
        if self.standing.excused is not None:
            raise Refused("duty.excused", f"{self.duty} is not owed since {self.standing.excused.effective}.", "duty")
        if self.effective > self.context.today:
            raise Refused("duty.future", f"{self.effective} is still to come.", "effective")
        if self.effective < opened.effective:
            raise Refused("duty.early", f"{self.parts.period} begins only on {opened.effective}.", "effective")
        if self.standing.opened is None:
            self.trigger(opened)
        self.rule_version = opened.charter
        return opened


class _ActOfUnit(_Act):
    """The same by somebody who answers for the unit; where that may be None, a clerk records it."""

    person: PersonId | None

    def knows(self) -> Knows:
        yield from super().knows()
        if self.person is not None:
            self.heads = UnitHeads(self.charters.on(self.effective), self.place.unit, self.effective)
            yield from self.heads.knows()

    def begin(self) -> DutyOpened:
        opened = super().begin()
        if self.person is not None and self.person not in self.heads.people:
            by = " or ".join(self.heads.people) or "nobody, until a head or an acting head is appointed"
            sentence = (
                f"{self.person} does not answer for the unit {self.place.unit} on {self.effective}; that is {by}."
            )
            raise Refused("duty.not_answerable", sentence, "person")
        return opened


class FulfilDuty(_ActOfUnit):
    """Say that a duty was done on `held_on`, and show it.

    `effective` is the day on which it is shown: after the due date, it is late. Of a day gone by the time is not known,
    and taken for its end. All `attendees` were in service on `held_on`.
    """

    person: PersonId | None = None
    held_on: date
    evidence: tuple[str, ...]
    attendees: tuple[PersonId, ...] = ()

    def knows(self) -> Knows:
        yield from super().knows()
        self.kind = kind_of(self.charters, self.parts)
        self.present = [Standing(person) for person in dict.fromkeys(self.attendees)]
        if self.present:
            yield tuple(self.present)
        self.entitled: set[PersonId] = set()
        if self.kind.attendance is not None:
            charter = self.charters.on(self.parts.period.first_day)
            entitled = Entitled(charter, self.kind.attendance, self.parts.unit, self.held_on)
            yield from entitled.knows()
            self.entitled = entitled.people

    def execute(self) -> None:
        opened = self.begin()
        charter = by_digest(opened.charter_digest)
        if self.kind.id in {report.id for report in charter.reports}:
            raise Refused("duty.report", "This duty is fulfilled by submitting the report.", "duty")
        if self.kind.id in {tier.id for tier in charter.study}:
            raise Refused("duty.study", "This duty is fulfilled by holding the session.", "duty")
        if charter.is_review(self.kind.id):
            raise Refused("duty.review", "This duty is fulfilled by reviewing the mentorship.", "duty")
        if not opened.effective <= self.held_on <= self.effective:
            sentence = f"It is held on a day from {opened.effective} on, and shown on that day or later."
            raise Refused("duty.held_on", sentence, "held_on")
        evidence = shown(self.evidence, "duty.evidence")
        self._refuse_wrong_attendees()
        present = len(self.entitled & set(self.attendees))
        self._refuse_without_quorum(self.kind, present)
        fulfilled = fulfilment(
            opened,
            self.standing.due(opened),
            self.effective,
            time_of(self.effective, self.context),
            person=self.person,
            held_on=self.held_on,
            evidence=evidence,
            attendees=self.attendees,
            entitled=len(self.entitled),
            present=present,
        )
        self.trigger(fulfilled)

    def _refuse_wrong_attendees(self) -> None:
        if len(self.present) < len(self.attendees):
            raise Refused("duty.attendees", "Each attendee is named once.", "attendees")
        for each in self.present:
            try:
                each.must_serve(Span(self.held_on, self.held_on + ONE_DAY))
            except Refused as refused:
                raise Refused(refused.code, refused.sentence, "attendees") from None

    def _refuse_without_quorum(self, kind: DutyKind, present: int) -> None:
        rule = kind.attendance
        if rule is not None and not rule.met(present, len(self.entitled)):
            share = f"more than {rule.more_than}" if rule.more_than is not None else f"at least {rule.at_least}"
            sentence = f"{present} of {len(self.entitled)} who must be there were; a quorum is {share} of them."
            raise Refused("duty.quorum", sentence, "attendees")


class ExtendDuty(_ActOfUnit):
    """Let a duty be due on a later working day: asked for before it is due, by two persons, with a reason."""

    person: PersonId
    until: date

    def execute(self) -> None:
        opened = self.begin()
        kind, charter = kind_of(self.charters, self.parts), by_digest(opened.charter_digest)
        due, number = self.standing.due(opened), len(self.standing.extensions) + 1
        if due.passed(self.context.today, self.context.at):
            sentence = f"It was due on {due.day}; an extension is asked for before that."
            raise Refused("duty.extension_late", sentence, "duty")
        if self.standing.extensions and self.effective < self.standing.extensions[-1].effective:
            raise Refused("duty.order", "It was extended on a later day before.", "effective")
        if kind.extension is None or number > kind.extension.at_most:
            times = kind.extension.at_most if kind.extension else 0
            raise Refused("duty.extension_limit", f"A {kind.id} is extended {times} times at most.", "duty")
        calendar = Calendar(charter)
        latest = calendar.add(due.day, kind.extension.working_days)
        if not due.day < self.until <= latest or not calendar.is_working_day(self.until):
            sentence = f"It may be extended until a working day after {due.day}, and at most until {latest}."
            raise Refused("duty.until", sentence, "until")
        refuse_alone(self.context, "extended")
        yellow_from = calendar.add(self.until, -charter.yellow_working_days(kind))
        extended = DutyExtended(
            self.duty,
            self.place.unit,
            self.person,
            self.until,
            time.max,
            yellow_from,
            number,
            self.effective,
        )
        self.trigger(extended)


class ExcuseDuty(_Act):
    """Let a duty be owed no longer, though it may have lapsed: by two persons, with a reason."""

    def execute(self) -> None:
        opened = self.begin()
        if self.standing.extensions and self.effective < self.standing.extensions[-1].effective:
            raise Refused("duty.order", "It was extended on a later day.", "effective")
        refuse_alone(self.context, "excused")
        self.trigger(DutyExcused(self.duty, opened.unit, "decided", self.effective))


def refuse_alone(context: Context, done: str) -> None:
    """Raises Refused unless there are a reason and a second person."""
    if not context.reason.strip():
        raise Refused("duty.reason", f"Why a duty is {done} must be said.", "reason")
    if context.approver in ("", context.actor):
        raise Refused("duty.second_person", f"A duty is {done} by two persons.", "approver")
