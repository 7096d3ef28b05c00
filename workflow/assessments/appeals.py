"""Appeals: lodged within days of publication, decided by people who had no part in the first scoring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.assessments.acts import (
    Measuring,
    Reversals,
    begin,
    begin_late,
    refuse_barred,
    refuse_malformed,
    revised,
    struck_by_appeal,
)
from workflow.assessments.events import AppealDecided, AppealLodged, AppealOverdue, Rating
from workflow.assessments.grading import awaiting
from workflow.assessments.scoring import refuse_ratings, scored
from workflow.assessments.views import AppealStanding, AssessmentStanding, subject_of
from workflow.barred import Barred
from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said
from workflow.ids import AppealId, AssessmentId, MatterId, PersonId
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Career, Standing
from workflow.periods import Period
from workflow.slices import Command, Knows, Read, Refused, together


class LodgeAppeal(Command):
    """Appeal against the result of a subject, as the subject or as whoever answers for it: the head, acting or not or
    ex officio, of the unit, or of a unit in which the person holds a post.

    `effective` is the day on which it came in. What came in in time may be recorded when the results are final already.
    """

    appeal: AppealId
    assessment: AssessmentId
    subject: str
    by: PersonId
    grounds: str
    effective: date

    def knows(self) -> Knows:
        refuse_malformed(self.subject)
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        self.known, self.service = AppealStanding(self.appeal), Standing(self.by)
        yield self.charters, self.standing, self.known, self.service
        self.person, unit = self.standing.must_be_assessed(self.subject)
        units = {unit} if unit is not None else set()
        if self.person is not None:
            career = Career(self.person)
            yield (career,)
            units = {each.unit for each in career.on(self.effective)}
        self.heads = [UnitHeads(self.standing.charter, each, self.effective) for each in sorted(units)]
        yield from together(each.knows() for each in self.heads)

    def execute(self) -> None:
        begin_late(self, self.standing, self.charters, self.effective, "published", "finalised")
        if self.known.lodged is not None:
            raise Refused("appeal.exists", f"There is an appeal {self.appeal} already.", "appeal")
        self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        answer = {person for heads in self.heads for person in heads.people}
        if self.by != self.subject and self.by not in answer:
            raise Refused(
                "appeal.not_answerable", f"{self.by} is not {self.subject}, and does not answer for it.", "by"
            )
        published = self.standing.published
        assert published is not None
        if self.effective < published.effective:
            raise Refused("assessment.order", f"Results were published on {published.effective}.", "effective")
        if self.effective > published.appeals_until:
            raise Refused("appeal.late", f"Appeals could be lodged until {published.appeals_until}.", "effective")
        subjects = [subject_of(each.lodged.person, each.lodged.unit) for each in self.standing.appeals.values()]
        if self.subject in subjects:
            raise Refused("appeal.again", f"{self.subject} appealed already.", "subject")
        grounds = said(self.grounds, "appeal.grounds", "An appeal says what it is about.")
        person, unit = self.standing.must_be_assessed(self.subject)
        days = self.standing.rule.appeal.decided_working_days
        decide_by = Calendar(self.standing.charter).add(self.effective, days)
        self.trigger(
            AppealLodged(self.appeal, self.assessment, person, unit, self.by, grounds, decide_by, self.effective)
        )


class DecideAppeal(Command):
    """Decide an appeal, as reviewers who neither scored, rated nor confirmed, are not recused, and are not concerned.
    Nor is it entered or approved by who is recused from a case that counts here.

    Upheld, the subject is scored anew in the same append: from the readings as they are corrected by now, by the
    reviewers' `ratings` where there are any (else those of the first time, unless who gave them is recused from such a
    case by now), and without the matters that they `strike`.
    Quotas, grades and ranks of the group are then decided again; the old results stay known. It must change something.
    After its time an appeal is decided all the same, and shows as late.
    """

    appeal: AppealId
    reviewers: tuple[PersonId, ...]
    upheld: bool
    finding: str
    effective: date
    ratings: tuple[Rating, ...] = ()
    strike: tuple[MatterId, ...] = ()

    def refuse_barred(self, barred: Sequence[Barred], read: Read) -> None:
        known = AppealStanding(self.appeal)
        read([known])
        if (lodged := known.lodged) is not None:
            refuse_barred(barred, read, lodged.assessment, subject_of(lodged.person, lodged.unit))

    def knows(self) -> Knows:
        self.charters, self.known = CharterInForce(), AppealStanding(self.appeal)
        self.services = [Standing(each) for each in sorted(set(self.reviewers))]
        self.barred = [Barred(each) for each in sorted(set(self.reviewers))]
        known = self.charters, self.known, *self.services
        yield from together([iter([known]), *(each.knows() for each in self.barred)])
        self.lodged = self.known.must_be_known()
        self.subject = subject_of(self.lodged.person, self.lodged.unit)
        self.standing = AssessmentStanding(self.lodged.assessment)
        yield (self.standing,)
        self.reversals = Reversals(self.standing)
        before = self.standing.scores.get(self.subject)
        raters = {each.rater for each in before.ratings} if before is not None and self.upheld else set()
        self.raters = [Barred(each) for each in sorted(raters)]
        yield from together([self.reversals.knows(), *(each.knows() for each in self.raters)])
        period = Period.parse(self.standing.must_be_known().period)
        self.measuring = Measuring(self.standing.charter, period, self.lodged.person, self.lodged.unit)
        if self.upheld:
            yield from self.measuring.knows()

    def execute(self) -> None:
        begin(self, self.standing, self.charters, self.effective, "published", "finalised")
        if self.standing.appeals[self.appeal].decided is not None:
            raise Refused("appeal.decided", f"The appeal {self.appeal} was decided already.", "appeal")
        if self.effective < self.lodged.effective:
            raise Refused("appeal.order", f"It was lodged on {self.lodged.effective}; this is before.", "effective")
        self._refuse_reviewers()
        finding = said(self.finding, "appeal.finding", "A decision says what was found.")
        if not self.upheld and (self.ratings or self.strike):
            raise Refused("appeal.rejected", "An appeal that is rejected changes nothing.", "ratings", "strike")
        decided = AppealDecided(
            self.appeal,
            self.lodged.assessment,
            self.lodged.person,
            self.lodged.unit,
            self.reviewers,
            self.upheld,
            finding,
            self.effective > self.lodged.decide_by,
            self.effective,
        )
        self.trigger(decided)
        if self.upheld:
            self._again()

    def _again(self) -> None:
        """Score the subject anew, and decide the group's results again."""
        standing = self.standing
        before = standing.scores[self.subject]
        for matter in self.strike:
            if not any((m.subject, m.matter, m.struck) == (self.subject, matter, False) for m in standing.merits):
                raise Refused("appeal.strike", f"{matter} counts nothing for {self.subject}.", "strike")
        rated = {each.part for each in self.ratings}
        kept = [each for each in before.ratings if each.part not in rated]
        self._refuse_recused(kept)
        refuse_ratings(standing, self.ratings)
        if {each.rater for each in self.ratings} - set(self.reviewers):
            raise Refused("appeal.rating", "Only those who decide the appeal rate anew.", "ratings")
        score = scored(
            standing,
            self.measuring,
            self.subject,
            self.reviewers[0],
            (*kept, *self.ratings),
            self.effective,
            whole=True,
        )
        if score.base == before.base and score.reds == before.reds and not self.strike:
            sentence = "The score comes out as before: correct a reading first, rate anew, or strike a matter."
            raise Refused("appeal.same", sentence, "upheld")
        reversed_, struck = (
            self.reversals.struck(self.effective),
            struck_by_appeal(standing, self.subject, self.strike, self.effective, self.appeal),
        )
        for fact in (*struck, score):
            standing.note(fact)
        for each in (*reversed_, *struck, score):
            self.trigger(each)
        again = revised(standing, "appeal", self.effective, appeal=self.appeal)
        tied = awaiting(again.results)
        if tied:
            sentence = f"{', '.join(tied)} would be equal where the quota ends: record a vote between them first."
            raise Refused("assessment.tie", sentence, "appeal")
        self.trigger(again)

    def _refuse_recused(self, kept: Sequence[Rating]) -> None:
        """Raises Refused for a rating that is to be kept and was given by who is recused by now."""
        recused = self.standing.barred_from(self.subject, self.raters)
        for part, person in ((each.part, each.rater) for each in kept if each.rater in recused):
            sentence = f"{part} is to be rated anew: {person} is recused from a case that counts here."
            raise Refused("assessment.scored_by_recused", sentence, "ratings")

    def _refuse_reviewers(self) -> None:
        """Raises Refused for too few, and for those who may not decide."""
        if len(self.services) < len(self.reviewers):
            raise Refused("appeal.reviewers", "Each reviewer is named once.", "reviewers")
        least = self.standing.rule.appeal.reviewers_at_least
        if len(self.reviewers) < least:
            raise Refused("appeal.reviewers", f"An appeal is decided by {least} people at least.", "reviewers")
        for service in self.services:
            service.must_serve(Span(self.effective, self.effective + ONE_DAY))
            person = service.person
            if person in self.standing.scorers:
                raise Refused("appeal.scored", f"{person} took part in the first scoring.", "reviewers")
            if person in self.standing.recused:
                raise Refused("appeal.recused", f"{person} is recused.", "reviewers")
            if person in (self.subject, self.lodged.by):
                raise Refused("appeal.concerned", f"{person} is concerned by this appeal.", "reviewers")
        self.standing.refuse_barred(self.barred, self.subject, "appeal.recused", "reviewers")


class NoteOverdueAppeal(Command):
    """Note that an appeal was not decided by the day by which it had to be."""

    appeal: AppealId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.known = CharterInForce(), AppealStanding(self.appeal)
        yield self.charters, self.known
        self.lodged = self.known.must_be_known()
        self.standing = AssessmentStanding(self.lodged.assessment)
        yield (self.standing,)

    def execute(self) -> None:
        charter_for(self, self.charters)
        known, lodged = self.standing.appeals[self.appeal], self.lodged
        decided = known.decided is not None and known.decided.effective <= lodged.decide_by
        if known.overdue or decided or self.effective <= lodged.decide_by:
            return
        self.rule_version = self.standing.charter.version
        self.trigger(
            AppealOverdue(self.appeal, lodged.assessment, lodged.person, lodged.unit, lodged.decide_by, self.effective)
        )
