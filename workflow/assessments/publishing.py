"""From the confirmation of the scores to the final result: grades and quotas are decided when they are published."""

from __future__ import annotations

from datetime import date

from workflow.assessments.acts import Reversals, begin, begin_late, revised
from workflow.assessments.events import (
    AssessmentFinalised,
    AssessmentPublished,
    ReviewerRecused,
    ScoresConfirmed,
)
from workflow.assessments.grading import awaiting, grade
from workflow.assessments.views import AssessmentStanding, scored_by
from workflow.barred import Barred
from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.views import CharterInForce
from workflow.dates import Span
from workflow.ids import AssessmentId, HonourId, PersonId, UnitId
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Standing, UnitStanding
from workflow.slices import Command, Knows, Refused, together


class ConfirmScores(Command):
    """Confirm all scores, as the one who holds the level of the chain that the charter names: head of the nearest unit
    of that level's kind, from the unit of the assessment upward, acting or not. Then they are scored no more. Who was
    scored or rated by somebody who is recused from a case that counts for them by now is scored anew before."""

    assessment: AssessmentId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing
        scores = self.standing.scores.values()
        self.barred = [Barred(each) for each in sorted({each for score in scores for each in scored_by(score)})]
        yield from together(each.knows() for each in self.barred)
        charter = self.standing.charter
        self.level = charter.level(self.standing.rule.confirmed_by)
        self.holders: list[PersonId] = []
        unit: UnitId | None = self.standing.must_be_known().scope
        while unit is not None:
            place = UnitStanding(unit)
            yield (place,)
            if place.kind == self.level.unit_kind:
                heads = UnitHeads(charter, unit, self.effective)
                yield from heads.knows()
                self.holders = heads.people
                return
            unit = place.parent_on(self.effective)

    def execute(self) -> None:
        begin(self, self.standing, self.charters, self.effective, "open")
        if self.person not in self.holders:
            by = " or ".join(sorted(self.holders)) or "nobody, until somebody is appointed"
            sentence = f"Scores are confirmed by the {self.level.words.en.lower()}; that is {by}."
            raise Refused("assessment.confirmer", sentence, "person")
        unscored = self.standing.unscored
        if unscored:
            raise Refused("assessment.unscored", f"Not scored yet: {', '.join(unscored)}.", "assessment")
        for subject, score in sorted(self.standing.scores.items()):
            scorers = [each for each in self.barred if each.person in scored_by(score)]
            for person in self.standing.barred_from(subject, scorers):
                sentence = f"{subject} is to be scored anew: {person} is recused from a case that counts there."
                raise Refused("assessment.scored_by_recused", sentence, "assessment")
        self.trigger(ScoresConfirmed(self.assessment, self.person, self.level.id, self.effective))


class PublishAssessment(Command):
    """Decide the grades within their quotas, and publish them. Bonuses whose honour was revoked by now are struck.

    Refused where a vote has to decide first.
    """

    assessment: AssessmentId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing
        self.reversals = Reversals(self.standing)
        yield from self.reversals.knows()

    def execute(self) -> None:
        begin(self, self.standing, self.charters, self.effective, "confirmed")
        for fact in self.reversals.struck(self.effective):
            self.trigger(fact)
        rule, calendar = self.standing.rule, Calendar(self.standing.charter)
        results = grade(rule, self.standing.scores, self.standing.merits, self.standing.votes)
        tied = awaiting(results)
        if tied:
            sentence = f"{', '.join(tied)} are equal where the quota ends: record a vote between them."
            raise Refused("assessment.tie", sentence, "assessment")
        notice_until = calendar.add(self.effective, rule.notice_working_days)
        appeals_until = calendar.add(self.effective, rule.appeal.lodged_working_days)
        self.trigger(AssessmentPublished(self.assessment, results, notice_until, appeals_until, self.effective))


class FinaliseAssessment(Command):
    """Make the results final, once notice is over and all appeals are decided. The clock does it by itself."""

    assessment: AssessmentId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing

    def execute(self) -> None:
        begin_late(self, self.standing, self.charters, self.effective, "published")
        if not self.standing.settled(self.effective):
            pending = [id for id, each in self.standing.appeals.items() if each.decided is None]
            until = f"the decision of {', '.join(pending)}" if pending else f"the end of {self.standing.closes_on()}"
            raise Refused("assessment.unsettled", f"The results are final only after {until}.", "effective")
        self.trigger(AssessmentFinalised(self.assessment, self.effective))


class ReverseBonus(Command):
    """Strike the bonuses that a revoked honour gave, and no others: the id of this command names it. Revise the results
    if they are published, final or not."""

    assessment: AssessmentId
    honour: HonourId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing
        self.reversals = Reversals(self.standing, self.honour)
        yield from self.reversals.knows()

    def execute(self) -> None:
        states = ("open", "confirmed", "published", "finalised")
        begin_late(self, self.standing, self.charters, self.effective, *states)
        struck = self.reversals.struck(self.effective)
        for fact in struck:
            self.trigger(fact)
        if struck and self.standing.results:
            self.trigger(revised(self.standing, "honour", self.effective, honour=self.honour))


class RecuseReviewer(Command):
    """Declare that a person decides no appeal of this assessment; the reason is that of the command."""

    assessment: AssessmentId
    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        self.service = Standing(self.person)
        yield self.charters, self.standing, self.service

    def execute(self) -> None:
        states = ("open", "confirmed", "published", "finalised")
        begin_late(self, self.standing, self.charters, self.effective, *states)
        self.service.must_serve(Span(self.effective, self.effective + ONE_DAY))
        if not self.context.reason.strip():
            raise Refused("assessment.reason", "Why somebody is recused must be said.", "reason")
        if self.person in self.standing.recused:
            raise Refused("assessment.recused", f"{self.person} is recused already.", "person")
        self.trigger(ReviewerRecused(self.assessment, self.person, self.effective))
