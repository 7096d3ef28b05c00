"""Following the log as far as assessments stand on it, and deciding anew what was decided about them by rule.

The one mechanism by which an assessment is decided again: by the charter that was in force, as an audit does, or by
another one, as a shadow does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from workflow.again import learned
from workflow.assessments.belonging import Members
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
from workflow.assessments.views import AssessmentStanding, subject_of
from workflow.calendar import Calendar
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import by_digest
from workflow.charter.views import CharterInForce
from workflow.honours.events import HonourConferred, HonourCorrected
from workflow.honours.views import as_corrected, points_of
from workflow.ids import AssessmentId, HonourId
from workflow.indicators.events import (
    IndicatorAdopted,
    IndicatorAmended,
    IndicatorRetired,
    NothingCounted,
    ReadingCorrected,
    ReadingMissed,
    ReadingReported,
)
from workflow.indicators.views import ReadingStanding
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    PersonLeft,
    PersonnelClassChanged,
    PersonRegistered,
    PostAbolished,
    PostDutiesSet,
    PostEstablished,
    UnitDissolved,
    UnitEstablished,
    UnitMoved,
)
from workflow.organisation.views import Career, PostStanding, Standing, UnitAppointments, UnitsBelow, UnitStanding
from workflow.periods import Period
from workflow.slices import Event

OfAssessment = (
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

Input = (
    CharterPublished
    | CharterAdopted
    | IndicatorAdopted
    | IndicatorAmended
    | IndicatorRetired
    | ReadingReported
    | NothingCounted
    | ReadingMissed
    | ReadingCorrected
    | AppointmentStarted
    | AppointmentEnded
    | PersonRegistered
    | PersonnelClassChanged
    | PersonLeft
    | PostEstablished
    | PostAbolished
    | PostDutiesSet
    | UnitEstablished
    | UnitMoved
    | UnitDissolved
    | HonourConferred
    | HonourCorrected
)

Followed = Input | OfAssessment
LISTENS_TO: Sequence[type[Event]] = Followed.__args__


class Following:
    """What is known by now. The charter of an assessment is the one of `charters` on the last day of its period."""

    def __init__(self) -> None:
        self.charters = CharterInForce()
        self.known = Known()
        self.standings: dict[AssessmentId, AssessmentStanding] = {}
        self._honours: dict[HonourId, HonourConferred] = {}

    def standing(self, assessment: AssessmentId) -> AssessmentStanding:
        return self.standings.setdefault(assessment, AssessmentStanding(assessment))

    def note(self, fact: Followed) -> None:
        known = self.known
        match fact:
            case CharterPublished():
                learned(fact)
            case CharterAdopted():
                self.charters.note(fact)
            case IndicatorAdopted() | IndicatorAmended() | IndicatorRetired():
                known.indicators.note(fact)
            case ReadingReported() | NothingCounted() | ReadingMissed() | ReadingCorrected():
                known.readings.setdefault(fact.reading, ReadingStanding(fact.reading)).note(fact)
            case AppointmentStarted() | AppointmentEnded():
                known.careers.setdefault(fact.person, Career(fact.person)).note(fact)
                known.works.setdefault(fact.unit, UnitAppointments(fact.unit)).note(fact)
            case PersonRegistered() | PersonnelClassChanged() | PersonLeft():
                known.people.setdefault(fact.person, Standing(fact.person)).note(fact)
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
            case HonourCorrected():
                self._honours[fact.honour] = as_corrected(fact)
            case _:
                self.standing(fact.assessment).note(fact)

    def anew(self, fact: OfAssessment) -> OfAssessment | None:
        """A decision as it has to be by what is known before it, with all that people decided kept; None for what no
        rule decides. Raises Refused, ValueError or LookupError where it cannot be decided at all."""
        decide = _ANEW.get(type(fact))
        return None if decide is None else decide(self, fact)

    def _opened(self, fact: AssessmentOpened) -> AssessmentOpened:
        end = Period.parse(fact.period).last_day
        digest = self.charters.digest_on(end)
        charter = by_digest(digest)
        groups = charter.assessment.groups if charter.assessment is not None else ()
        subjects: tuple[str, ...] = ()
        for group in (each for each in groups if each.id == fact.group):
            members = Members(self.known, charter, group, fact.scope, end)
            for _ in members.knows():  # it asks for nothing that is not known already, but for what never happened
                pass
            subjects = members.ids()
        return replace(fact, subjects=subjects, charter=charter.version, charter_digest=digest)

    def _scored(self, fact: SubjectScored) -> SubjectScored:
        standing = self.standing(fact.assessment)
        opened = standing.must_be_known()
        period = Period.parse(opened.period)
        got = measure(self.known, standing.charter, opened.group, period, fact.person, fact.unit, fact.ratings)
        return replace(fact, **got._asdict())

    def _bonus(self, fact: BonusRecorded) -> BonusRecorded | None:
        if fact.honour is None:
            return None
        honour, subject = self._honours[fact.honour], subject_of(fact.person, fact.unit)
        points = points_of(honour, subject, self.standing(fact.assessment).charter)
        if points is None:
            raise LookupError(f"the charter gives nothing for an honour of the level {honour.level}")
        return replace(fact, points=points)

    def _published(self, fact: AssessmentPublished) -> AssessmentPublished:
        standing = self.standing(fact.assessment)
        calendar, rule = Calendar(standing.charter), standing.rule
        return replace(
            fact,
            results=grade(rule, standing.scores, standing.merits, standing.votes),
            notice_until=calendar.add(fact.effective, rule.notice_working_days),
            appeals_until=calendar.add(fact.effective, rule.appeal.lodged_working_days),
        )

    def _revised(self, fact: AssessmentRevised) -> AssessmentRevised:
        standing = self.standing(fact.assessment)
        results = grade(standing.rule, standing.scores, standing.merits, standing.votes)
        return replace(fact, results=results, revision=standing.revision + 1)

    def _lodged(self, fact: AppealLodged) -> AppealLodged:
        standing = self.standing(fact.assessment)
        days = standing.rule.appeal.decided_working_days
        return replace(fact, decide_by=Calendar(standing.charter).add(fact.effective, days))

    def _decided(self, fact: AppealDecided) -> AppealDecided:
        lodged = self.standing(fact.assessment).appeals[fact.appeal].lodged
        return replace(fact, late=fact.effective > lodged.decide_by)

    def _overdue(self, fact: AppealOverdue) -> AppealOverdue:
        lodged = self.standing(fact.assessment).appeals[fact.appeal].lodged
        return replace(fact, decide_by=lodged.decide_by)


_ANEW: Mapping[type[Event], Callable[..., OfAssessment | None]] = {
    AssessmentOpened: Following._opened,
    SubjectScored: Following._scored,
    BonusRecorded: Following._bonus,
    AssessmentPublished: Following._published,
    AssessmentRevised: Following._revised,
    AppealLodged: Following._lodged,
    AppealDecided: Following._decided,
    AppealOverdue: Following._overdue,
}
