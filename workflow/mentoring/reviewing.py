"""Reviewing a mentorship: a duty that it owes for each period through which it runs, and fulfilled by the review."""

from __future__ import annotations

from datetime import date

from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.duties.fulfilment import fulfilment, time_of
from workflow.duties.owing import Parts, owed, parts_of
from workflow.duties.views import DutyStanding
from workflow.evidence import references, said
from workflow.ids import DutyId, MentorshipId, PersonId, UnitId
from workflow.mentoring.events import MentorshipReviewed
from workflow.mentoring.running import refuse_stranger
from workflow.mentoring.views import MentorshipStanding
from workflow.organisation.levels import UnitHeads
from workflow.periods import Period
from workflow.slices import Command, Knows, Refused


class ReviewMentorship(Command):
    """Say what a review of a period found, also of a mentorship that has ended since. It was held on `held_on`;
    `effective` is the day on which it is shown, and after the due date it is late.

    `person` reports it, the mentor or who answers for the mentor's unit; None: a clerk records it.
    """

    mentorship: MentorshipId
    period: str
    held_on: date
    finding: str
    evidence: tuple[str, ...]
    effective: date
    person: PersonId | None = None

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), MentorshipStanding(self.mentorship)
        self.when = _period(self.period)
        yield self.charters, self.standing
        self.started = self.standing.must_be_known()
        rule = self.charters.on(self.when.first_day).mentoring
        if rule is None or rule.review is None or rule.review.cadence != self.when.frequency:
            raise Refused("mentorship.no_review", f"The charter asks for no review of {self.period}.", "period")
        self.parts = Parts(rule.review.id, UnitId(self.mentorship), self.when)
        self.duty = DutyStanding(DutyId(str(self.parts)))
        parts_of(str(self.parts))  # of an overlong id of a mentorship none can be made
        self.heads = UnitHeads(self.charters.on(self.effective), self.started.mentor_unit, self.effective)
        yield (self.duty,)
        if self.person is not None:
            yield from self.heads.knows()

    def execute(self) -> None:
        charter_for(self, self.charters)
        try:
            must = owed(self.charters, self.standing, self.parts, self.effective)
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, "period") from None
        opened = self.duty.opened or must
        self.rule_version = opened.charter
        if self.duty.fulfilled is not None:
            on = self.duty.fulfilled.effective
            raise Refused("mentorship.reviewed", f"It was reviewed for {self.period} already, on {on}.", "period")
        if self.duty.excused is not None:
            raise Refused("duty.excused", f"No review is owed since {self.duty.excused.effective}.", "period")
        if self.effective > self.context.today:
            raise Refused("mentorship.future", f"{self.effective} is still to come.", "effective")
        if not opened.effective <= self.held_on <= self.effective:
            sentence = f"It is held on a day from {opened.effective} on, and shown on that day or later."
            raise Refused("mentorship.held_on", sentence, "held_on")
        if self.person is not None:
            refuse_stranger(self.person, self.started, self.heads)
        finding = said(self.finding, "mentorship.finding", "What the review found must be said.")
        evidence = references(self.evidence, "mentorship.evidence")
        if self.duty.opened is None:
            self.trigger(opened)
        mentor, mentee = self.started.mentor, self.started.mentee
        reviewed = MentorshipReviewed(
            self.mentorship,
            mentor,
            mentee,
            opened.duty,
            self.period,
            self.held_on,
            finding,
            evidence,
            self.person,
            self.effective,
        )
        self.trigger(reviewed)
        fulfilled = fulfilment(
            opened,
            self.duty.due(opened),
            self.effective,
            time_of(self.effective, self.context),
            person=self.person,
            held_on=self.held_on,
            evidence=evidence,
            attendees=(mentor, mentee),
        )
        self.trigger(fulfilled)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise Refused("mentorship.period", f"{error}.", "period") from None
