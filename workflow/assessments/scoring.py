"""Scoring: the score of a subject, what adds to it and takes from it, and the vote between equals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from workflow.assessments.acts import Measuring, begin, refuse_barred, refuse_malformed, revised
from workflow.assessments.events import (
    BonusRecorded,
    DeductionRecorded,
    Rating,
    SubjectExcused,
    SubjectScored,
    VetoRecorded,
    VoteRecorded,
    Votes,
)
from workflow.assessments.grading import awaiting, merits_of
from workflow.assessments.measuring import measure
from workflow.assessments.views import AssessmentStanding, BonusesFor
from workflow.barred import Barred
from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.dates import Span
from workflow.evidence import references
from workflow.honours.subjects import Share
from workflow.honours.views import HonourStanding, points_of
from workflow.ids import AssessmentId, HonourId, MatterId, PersonId, UnitId
from workflow.organisation.views import Standing
from workflow.periods import Period
from workflow.slices import Command, Knows, Read, Refused, together


class ScoreSubject(Command):
    """Score a subject from the readings that are recorded by now, and from ratings where the charter has a part rated.

    Of several ratings of a part their mean counts. As long as the assessment is open, a subject may be scored again.
    Nobody scores or rates themselves. Who is recused from a case that counts here has no part in it: they neither
    score, nor rate, nor enter or approve that others do.
    """

    assessment: AssessmentId
    subject: str
    scorer: PersonId
    ratings: tuple[Rating, ...]
    effective: date

    def refuse_barred(self, barred: Sequence[Barred], read: Read) -> None:
        refuse_barred(barred, read, self.assessment, self.subject)

    def knows(self) -> Knows:
        refuse_malformed(self.subject)
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        people = sorted({self.scorer, *(each.rater for each in self.ratings)})
        for each in people:
            refuse_malformed(each)
        self.services = [Standing(each) for each in people]
        self.barred = [Barred(each) for each in people]
        known = self.charters, self.standing, *self.services
        yield from together([iter([known]), *(each.knows() for each in self.barred)])
        self.person, self.unit = self.standing.must_be_assessed(self.subject)
        self.period = Period.parse(self.standing.must_be_known().period)
        self.measuring = Measuring(self.standing.charter, self.period, self.person, self.unit)
        yield from self.measuring.knows()

    def execute(self) -> None:
        begin(self, self.standing, self.charters, self.effective, "open")
        for service in self.services:
            service.must_serve(Span(self.effective, self.effective + ONE_DAY))
            if service.person == self.subject:
                raise Refused("assessment.self", "Nobody scores themselves.", "scorer", "ratings")
        self.standing.refuse_barred(self.barred, self.subject, "assessment.scorer_recused", "scorer", "ratings")
        refuse_ratings(self.standing, self.ratings)
        about = self.subject, self.scorer, self.ratings, self.effective
        score = scored(self.standing, self.measuring, *about, whole=True)
        if score != self.standing.scores.get(self.subject):  # the very same again changes nothing
            self.trigger(score)


def refuse_ratings(standing: AssessmentStanding, ratings: Sequence[Rating]) -> None:
    """Raises Refused for ratings of what is not rated, of more points than there are, or twice by the same person."""
    rated = {part.id for part in standing.rule.parts if part.rated}
    points = standing.rule.points(standing.must_be_known().group)
    for each in ratings:
        if each.part not in rated:
            known = ", ".join(sorted(rated)) or "none"
            sentence = f"{each.part} is not rated by people but measured; rated is {known}."
            raise Refused("assessment.rating", sentence, "ratings")
        exponent = each.points.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -2 or not 0 <= each.points <= points[each.part]:
            sentence = f"{each.part} is rated from 0 to {points[each.part]}, with at most two decimals."
            raise Refused("assessment.rating", sentence, "ratings")
    if len({(each.part, each.rater) for each in ratings}) < len(ratings):
        raise Refused("assessment.rating", "Nobody rates the same part twice.", "ratings")


def scored(
    standing: AssessmentStanding,
    measuring: Measuring,
    subject: str,
    scorer: PersonId,
    ratings: Sequence[Rating],
    effective: date,
    *,
    whole: bool,
) -> SubjectScored:
    """The score of a subject. Raises Refused if nothing was measured, or (`whole`) a rated part was not rated."""
    person, unit = standing.must_be_assessed(subject)
    opened = standing.must_be_known()
    missing = {part.id for part in standing.rule.parts if part.rated} - {each.part for each in ratings}
    if whole and missing:
        raise Refused("assessment.rating", f"{', '.join(sorted(missing))} is to be rated.", "ratings")
    period = Period.parse(opened.period)
    got = measure(measuring.known, standing.charter, opened.group, period, person, unit, ratings)
    return SubjectScored(
        standing.assessment,
        person,
        unit,
        scorer,
        got.stays,
        got.counted,
        tuple(ratings),
        got.parts,
        got.base,
        got.reds,
        effective,
    )


class ExcuseSubject(Command):
    """Assess somebody no more in this assessment, after long illness say; the reason is that of the command. It is
    neither entered nor approved by who is recused from a case that counts for them."""

    assessment: AssessmentId
    subject: str
    effective: date

    def refuse_barred(self, barred: Sequence[Barred], read: Read) -> None:
        refuse_barred(barred, read, self.assessment, self.subject)

    def knows(self) -> Knows:
        refuse_malformed(self.subject)
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing

    def execute(self) -> None:
        begin(self, self.standing, self.charters, self.effective, "open")
        person, unit = self.standing.must_be_assessed(self.subject)
        if not self.context.reason.strip():
            raise Refused("assessment.reason", "Why somebody is not assessed must be said.", "reason")
        if len(self.standing.must_be_known().subjects) - len(self.standing.excused) == 1:
            raise Refused("assessment.nobody", "Somebody must be left to assess.", "subject")
        self.trigger(SubjectExcused(self.assessment, person, unit, self.effective))


class _Merit(Command):
    """Something that a matter gives or takes, while the assessment is open. It is neither entered nor approved by who
    is recused from a case that counts for the subject."""

    assessment: AssessmentId
    subject: str
    matter: MatterId
    evidence: tuple[str, ...]
    effective: date

    def refuse_barred(self, barred: Sequence[Barred], read: Read) -> None:
        refuse_barred(barred, read, self.assessment, self.subject)

    def knows(self) -> Knows:
        refuse_malformed(self.subject)
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing

    def begin(self, kind: str, points: Decimal) -> tuple[PersonId | None, UnitId | None, tuple[str, ...]]:
        """The subject and the evidence. Raises Refused if the matter counts as much already."""
        begin(self, self.standing, self.charters, self.effective, "open")
        person, unit = self.standing.must_be_assessed(self.subject)
        evidence = references(self.evidence, "assessment.evidence")
        if not evidence:
            raise Refused("assessment.evidence", "Points are given and taken on evidence.", "evidence")
        so_far = merits_of(self.standing.merits, kind, self.subject).get(self.matter)
        if so_far is not None and so_far >= points:
            sentence = f"{self.matter} counts already, with {so_far} points: of a matter only the highest counts."
            raise Refused("assessment.matter", sentence, "matter", "points")
        return person, unit, evidence


class RecordBonus(_Merit):
    """Give points for a matter: those of the level of an honour that it cites, or the share in them that the charter
    gives who belonged to the unit that was honoured; or else `points`.

    One score per matter, the highest only: a higher one takes the place of a lower one, and what counts in another
    assessment of the subject, of a period that overlaps, counts there.
    """

    points: Decimal | None = None
    honour: HonourId | None = None

    def knows(self) -> Knows:
        yield from super().knows()
        self.honours = None if self.honour is None else HonourStanding(self.honour)
        self.others = BonusesFor(self.matter, *self.standing.must_be_assessed(self.subject))
        yield (self.others,) if self.honours is None else (self.others, self.honours)
        self.share: Share | None = None
        if self.honours is not None:
            honour = self.honours.conferred
            if honour is not None and not self.standing.of_units:
                self.share = Share(PersonId(self.subject), honour)
                yield from self.share.knows(self.standing.charter)

    def execute(self) -> None:
        points = self._points()
        person, unit, evidence = self.begin("bonus", points)
        other = self.others.elsewhere(self.assessment)
        if other is not None:
            sentence = f"{self.matter} counts in {other} already, of a period that overlaps: one score per matter."
            raise Refused("assessment.counted", sentence, "matter")
        self.trigger(
            BonusRecorded(self.assessment, person, unit, self.matter, points, self.honour, evidence, self.effective)
        )

    def _points(self) -> Decimal:
        if (self.points is None) == (self.honours is None):
            sentence = "A bonus is that of an honour, or has points of its own; one of the two."
            raise Refused("assessment.points", sentence, "points", "honour")
        if self.honours is None:
            assert self.points is not None
            return _points(self.points, self.standing.rule.bonus_at_most)
        honour = self.honours.must_be_known()
        own = self.subject in (honour.person, honour.unit, honour.credited)
        points = points_of(honour, self.subject, self.standing.charter)
        if not own and (points is None or self.share is None or not self.share.earned):
            raise Refused("assessment.honour", f"{self.honour} is not an honour of {self.subject}.", "honour")
        if honour.matter != self.matter:
            raise Refused("assessment.honour", f"{self.honour} was for the matter {honour.matter}.", "matter")
        if self.honours.fell is not None:
            raise Refused("assessment.honour", f"{self.honour} was revoked, or annulled.", "honour")
        if honour.until is not None and honour.until <= self.effective:
            raise Refused("assessment.honour", f"{self.honour} was held until {honour.until}.", "honour")
        if honour.effective > self.effective:
            raise Refused("assessment.honour", f"{self.honour} was conferred on {honour.effective}.", "honour")
        if points is None:
            sentence = f"The charter of this assessment has no honours of the level {honour.level}."
            raise Refused("assessment.honour", sentence, "honour")
        return points


class RecordDeduction(_Merit):
    """Take points for a matter: of several for one matter, only the highest."""

    points: Decimal

    def execute(self) -> None:
        points = _points(self.points, self.standing.rule.deduction_at_most)
        person, unit, evidence = self.begin("deduction", points)
        fact = DeductionRecorded(self.assessment, person, unit, self.matter, points, evidence, self.effective)
        self.trigger(fact)


class RecordVeto(_Merit):
    """Cap the grade for a matter, whatever the points."""

    def execute(self) -> None:
        person, unit, evidence = self.begin("veto", Decimal(0))
        self.trigger(VetoRecorded(self.assessment, person, unit, self.matter, evidence, self.effective))


class RecordVote(Command):
    """Record a vote between subjects. It decides between those who are equal in all else: more votes go before fewer.

    A vote that published results await revises them at once. It is neither entered nor approved by who is recused from
    a case that counts for one of them.
    """

    assessment: AssessmentId
    votes: tuple[Votes, ...]
    evidence: tuple[str, ...]
    effective: date

    def refuse_barred(self, barred: Sequence[Barred], read: Read) -> None:
        refuse_barred(barred, read, self.assessment, *(each.subject for each in self.votes))

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing

    def execute(self) -> None:
        states = ("open", "confirmed", "published", "finalised")
        begin(self, self.standing, self.charters, self.effective, *states)
        evidence = references(self.evidence, "assessment.evidence")
        if not evidence:
            raise Refused("assessment.evidence", "A vote is recorded with its minutes.", "evidence")
        subjects = [each.subject for each in self.votes]
        for subject in subjects:
            self.standing.must_be_assessed(subject)
        if len(set(subjects)) < 2 or len(set(subjects)) < len(subjects):
            raise Refused("assessment.vote", "A vote is between two at least, each named once.", "votes")
        if min(each.votes for each in self.votes) < 0:
            raise Refused("assessment.vote", "Votes are 0 or more.", "votes")
        if all(self.standing.votes.get(each.subject) == each.votes for each in self.votes):
            raise Refused("assessment.vote", "This vote is recorded already.", "votes")
        awaited = awaiting(self.standing.results)
        if (
            self.standing.state in ("published", "finalised")
            and not self._appealed()
            and not set(awaited) & set(subjects)
        ):
            raise Refused("assessment.vote", "The results are published, and await no vote.", "votes")
        vote = VoteRecorded(self.assessment, self.votes, evidence, self.effective)
        self.trigger(vote)
        if set(awaited) & set(subjects):
            self.standing.note(vote)
            self.trigger(revised(self.standing, "vote", self.effective))

    def _appealed(self) -> bool:
        """Whether an appeal is pending, whose decision may need the vote."""
        return any(each.decided is None for each in self.standing.appeals.values())


def _points(points: Decimal, at_most: Decimal) -> Decimal:
    exponent = points.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -2 or not 0 < points <= at_most:
        sentence = f"Points are more than 0, at most {at_most}, with at most two decimals."
        raise Refused("assessment.points", sentence, "points")
    return points
