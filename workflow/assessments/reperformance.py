"""Deciding every assessment again: scores from the readings known then, grades within their quotas, due dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from workflow.assessments.events import (
    AppealDecided,
    AppealLodged,
    AppealOverdue,
    AssessmentFinalised,
    AssessmentOpened,
    AssessmentPublished,
    AssessmentRevised,
    BonusRecorded,
    DeductionRecorded,
    MatterStruck,
    ReviewerRecused,
    ScoresConfirmed,
    SubjectExcused,
    SubjectScored,
    VetoRecorded,
    VoteRecorded,
)
from workflow.assessments.grading import grade
from workflow.assessments.measuring import Known, measure
from workflow.assessments.views import AssessmentStanding, BonusesFor
from workflow.calendar import Calendar
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
from workflow.honours.events import HonourConferred
from workflow.ids import AssessmentId, HonourId, MatterId, PersonId, UnitId
from workflow.indicators.events import (
    IndicatorAdopted,
    IndicatorAmended,
    IndicatorRetired,
    ReadingCorrected,
    ReadingMissed,
    ReadingReported,
)
from workflow.indicators.views import ReadingStanding
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    PostAbolished,
    PostDutiesSet,
    PostEstablished,
    UnitDissolved,
    UnitEstablished,
    UnitMoved,
)
from workflow.organisation.views import Career, PostStanding, UnitsBelow, UnitStanding
from workflow.periods import Period
from workflow.slices import Event, Refused

_Of = (
    AssessmentOpened
    | SubjectScored
    | SubjectExcused
    | BonusRecorded
    | DeductionRecorded
    | VetoRecorded
    | MatterStruck
    | VoteRecorded
    | ReviewerRecused
    | ScoresConfirmed
    | AssessmentPublished
    | AssessmentRevised
    | AssessmentFinalised
    | AppealLodged
    | AppealDecided
    | AppealOverdue
)


class AssessmentsAgain:
    """Scores, bonuses of honours, results, and the days until which appeals may be lodged and are to be decided."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._known = Known()
        self._honours: dict[HonourId, HonourConferred] = {}
        self._standings: dict[AssessmentId, AssessmentStanding] = {}
        self._bonuses: dict[tuple[MatterId, PersonId | None, UnitId | None], BonusesFor] = {}

    def listens_to(self) -> Sequence[type[Event]]:
        known: tuple[type[Event], ...] = (
            CharterPublished,
            CharterAdopted,
            IndicatorAdopted,
            IndicatorAmended,
            IndicatorRetired,
            ReadingReported,
            ReadingMissed,
            ReadingCorrected,
            AppointmentStarted,
            AppointmentEnded,
            PostEstablished,
            PostAbolished,
            PostDutiesSet,
            UnitEstablished,
            UnitMoved,
            UnitDissolved,
            HonourConferred,
        )
        return (*known, *_Of.__args__)

    def follow(self, fact: Event) -> str:
        if isinstance(fact, _Of):
            return self._decide_again(fact)
        known = self._known
        match fact:
            case CharterPublished():
                with suppress(CharterError):  # the readings' own re-performance tells
                    learn(fact.text)
            case CharterAdopted():
                self._charters.note(fact)
            case IndicatorAdopted() | IndicatorAmended() | IndicatorRetired():
                known.indicators.note(fact)
            case ReadingReported() | ReadingMissed() | ReadingCorrected():
                known.readings.setdefault(fact.reading, ReadingStanding(fact.reading)).note(fact)
            case AppointmentStarted() | AppointmentEnded():
                known.careers.setdefault(fact.person, Career(fact.person)).note(fact)
            case PostEstablished() | PostAbolished() | PostDutiesSet():
                known.posts.setdefault(fact.post, PostStanding(fact.post)).note(fact)
            case UnitEstablished() | UnitMoved() | UnitDissolved():
                known.units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)
                known.below.setdefault(fact.unit, UnitsBelow(fact.unit))
                above = None if isinstance(fact, UnitDissolved) else fact.parent
                if above is not None:
                    known.below.setdefault(above, UnitsBelow(above)).note(fact)
            case HonourConferred():
                self._honours[fact.honour] = fact
        return ""

    def _decide_again(self, fact: _Of) -> str:
        standing = self._standings.setdefault(fact.assessment, AssessmentStanding(fact.assessment))
        try:
            wrong = [
                f"{what} is recorded as {was}, and had to be {had_to_be}"
                for what, was, had_to_be in self._again(fact, standing)
                if was != had_to_be
            ]
            standing.note(fact)  # right or wrong, what comes after was decided by it
            if isinstance(fact, BonusRecorded | MatterStruck):
                self._bonuses_for(fact).note(fact)
        except (Refused, ValueError, LookupError, ArithmeticError, AssertionError) as error:
            return f"{fact.assessment}: {fact.TOPIC} could not be decided again: {error!r}"
        return f"{fact.assessment}: {'; '.join(wrong)}" if wrong else ""

    def _bonuses_for(self, fact: BonusRecorded | MatterStruck) -> BonusesFor:
        about = fact.matter, fact.person, fact.unit
        return self._bonuses.setdefault(about, BonusesFor(*about))

    def _again(self, fact: _Of, standing: AssessmentStanding) -> Iterator[tuple[str, Any, Any]]:
        """What a decision says, as it is recorded, and as it had to be; nothing for what is no decision."""
        match fact:
            case AssessmentOpened():
                self.decisions += 1
                digest = self._charters.digest_on(Period.parse(fact.period).last_day)
                yield "the charter", fact.charter_digest, digest
            case SubjectScored():
                self.decisions += 1
                yield from self._score(fact, standing)
            case BonusRecorded():
                self.decisions += 1
                elsewhere = self._bonuses_for(fact).elsewhere(fact.assessment)
                yield "where the matter counts", fact.assessment, elsewhere or fact.assessment
                if fact.honour is not None:
                    level = self._honours[fact.honour].level
                    yield "the bonus", fact.points, standing.charter.honour_level(level).points
            case AssessmentPublished():
                self.decisions += 1
                yield from _results(fact, standing)
                calendar, rule = Calendar(standing.charter), standing.rule
                notice = calendar.add(fact.effective, rule.notice_working_days)
                appeals = calendar.add(fact.effective, rule.appeal.lodged_working_days)
                yield "the end of notice", fact.notice_until, notice
                yield "the end of appeals", fact.appeals_until, appeals
            case AssessmentRevised():
                self.decisions += 1
                yield from _results(fact, standing)
                yield "the revision", fact.revision, standing.revision + 1
            case AppealLodged():
                self.decisions += 1
                days = standing.rule.appeal.decided_working_days
                yield "the due date", fact.decide_by, Calendar(standing.charter).add(fact.effective, days)
            case AppealDecided():
                self.decisions += 1
                late = fact.effective > standing.appeals[fact.appeal].lodged.decide_by
                yield "whether it was late", fact.late, late
            case AppealOverdue():
                self.decisions += 1
                yield "the due date", fact.decide_by, standing.appeals[fact.appeal].lodged.decide_by
            case _:
                return

    def _score(self, fact: SubjectScored, standing: AssessmentStanding) -> Iterator[tuple[str, Any, Any]]:
        opened = standing.must_be_known()
        period = Period.parse(opened.period)
        got = measure(self._known, standing.charter, opened.group, period, fact.person, fact.unit, fact.ratings)
        for part, again in zip(fact.parts, got.parts, strict=True):
            yield f"the score of {part.part}", part, again
        yield "the score", fact.base, got.base
        yield "how many are red", fact.reds, got.reds
        yield "what days count", fact.stays, got.stays
        yield "what readings count", fact.counted, got.counted


def _results(
    fact: AssessmentPublished | AssessmentRevised, standing: AssessmentStanding
) -> Iterator[tuple[str, Any, Any]]:
    again = {each.subject: each for each in grade(standing.rule, standing.scores, standing.merits, standing.votes)}
    yield "who is graded, in order,", [each.subject for each in fact.results], list(again)
    for each in fact.results:
        if each.subject in again:
            due = again[each.subject]
            yield f"the grade of {each.subject}", each.grade, due.grade
            yield f"the result of {each.subject}", each, due
