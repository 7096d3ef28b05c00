"""What is known of assessments: views that commands share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

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
    Result,
    ReviewerRecused,
    ScoresConfirmed,
    SubjectExcused,
    SubjectScored,
    VetoRecorded,
    VoteRecorded,
)
from workflow.assessments.grading import Merit
from workflow.barred import Barred
from workflow.charter.assessment import AssessmentRule
from workflow.charter.library import by_digest
from workflow.charter.model import Charter
from workflow.ids import AppealId, AssessmentId, HonourId, MatterId, PersonId, UnitId, tags_of
from workflow.periods import Period
from workflow.slices import Refused, View, event


def assessment_id(group: str, scope: UnitId, period: Period) -> AssessmentId:
    """The id of the one assessment that there can be. Neither group nor period has a dot, so it tells its parts."""
    return AssessmentId(f"{group}.{scope}.{period}")


def period_of(assessment: AssessmentId) -> Period:
    """The period of an assessment, as its id tells."""
    return Period.parse(assessment.rpartition(".")[2])


@dataclass
class Appeal:
    lodged: AppealLodged
    decided: AppealDecided | None = None
    overdue: bool = False


def scored_by(score: SubjectScored) -> set[PersonId]:
    """Who scored and rated."""
    return {score.scorer, *(rating.rater for rating in score.ratings)}


class AssessmentStanding(View):
    """Where an assessment is: "" (there is none), open, confirmed, published or finalised; and all that it holds.

    `scorers` scored, rated or confirmed. `last` is the effective date of the last act.
    """

    assessment: AssessmentId
    state: str = field(init=False, default="")
    opened: AssessmentOpened | None = field(init=False, default=None)
    published: AssessmentPublished | None = field(init=False, default=None)
    scores: dict[str, SubjectScored] = field(init=False, default_factory=dict)
    excused: set[str] = field(init=False, default_factory=set)
    merits: list[Merit] = field(init=False, default_factory=list)
    votes: dict[str, int] = field(init=False, default_factory=dict)
    scorers: set[str] = field(init=False, default_factory=set)
    recused: set[str] = field(init=False, default_factory=set)
    results: tuple[Result, ...] = field(init=False, default=())
    revision: int = field(init=False, default=0)
    appeals: dict[AppealId, Appeal] = field(init=False, default_factory=dict)
    last: date = field(init=False, default=date.min)

    @event(AssessmentOpened)
    def was_opened(self, fact: AssessmentOpened) -> None:
        self.opened = fact
        self._moved("open", fact.effective)

    @event(SubjectScored)
    def was_scored(self, fact: SubjectScored) -> None:
        self.scores[subject_of(fact.person, fact.unit)] = fact
        if self.state == "open":  # who decides an appeal is no scorer of the first time
            self.scorers |= scored_by(fact)
        self._moved(self.state, fact.effective)

    @event(SubjectExcused)
    def was_excused(self, person: PersonId | None, unit: UnitId | None, effective: date) -> None:
        self.excused.add(subject_of(person, unit))
        self.scores.pop(subject_of(person, unit), None)
        self._moved(self.state, effective)

    @event(BonusRecorded)
    def got_bonus(self, fact: BonusRecorded) -> None:
        self._merit("bonus", fact, fact.points, fact.honour)

    @event(DeductionRecorded)
    def got_deduction(self, fact: DeductionRecorded) -> None:
        self._merit("deduction", fact, fact.points, None)

    @event(VetoRecorded)
    def got_veto(self, fact: VetoRecorded) -> None:
        self._merit("veto", fact, Decimal(0), None)

    @event(MatterStruck)
    def was_struck(self, fact: MatterStruck) -> None:
        subject = subject_of(fact.person, fact.unit)
        for each in self.merits:
            if (each.subject, each.matter, each.honour) == (subject, fact.matter, fact.honour):
                each.struck = True

    @event(VoteRecorded)
    def was_voted(self, fact: VoteRecorded) -> None:
        self.votes |= {each.subject: each.votes for each in fact.votes}
        self._moved(self.state, fact.effective)

    @event(ReviewerRecused)
    def is_recused(self, person: PersonId) -> None:
        self.recused.add(person)

    @event(ScoresConfirmed)
    def were_confirmed(self, person: PersonId, effective: date) -> None:
        self.scorers.add(person)
        self._moved("confirmed", effective)

    @event(AssessmentPublished)
    def was_published(self, fact: AssessmentPublished) -> None:
        self.published, self.results, self.revision = fact, fact.results, 1
        self._moved("published", fact.effective)

    @event(AssessmentRevised)
    def was_revised(self, fact: AssessmentRevised) -> None:
        self.results, self.revision = fact.results, fact.revision

    @event(AssessmentFinalised)
    def was_finalised(self, effective: date) -> None:
        self._moved("finalised", effective)

    @event(AppealLodged)
    def was_appealed(self, fact: AppealLodged) -> None:
        self.appeals[fact.appeal] = Appeal(fact)

    @event(AppealDecided)
    def was_decided(self, fact: AppealDecided) -> None:
        self.appeals[fact.appeal].decided = fact

    @event(AppealOverdue)
    def was_overdue(self, appeal: AppealId) -> None:
        self.appeals[appeal].overdue = True

    def must_be_known(self) -> AssessmentOpened:
        """The assessment as it was opened. Raises Refused if there is none."""
        if self.opened is None:
            raise Refused("assessment.unknown", f"There is no assessment {self.assessment}.", "assessment")
        return self.opened

    @property
    def charter(self) -> Charter:
        """The one by which everything in this assessment is decided."""
        return by_digest(self.must_be_known().charter_digest)

    @property
    def rule(self) -> AssessmentRule:
        rule = self.charter.assessment
        assert rule is not None  # it could not have been opened
        return rule

    @property
    def of_units(self) -> bool:
        """Whether units are assessed, or people."""
        return bool(self.rule.group(self.must_be_known().group).unit_kinds)

    @property
    def unscored(self) -> list[str]:
        subjects = self.must_be_known().subjects
        return [each for each in subjects if each not in self.scores and each not in self.excused]

    def must_be_assessed(self, subject: str) -> tuple[PersonId | None, UnitId | None]:
        """The subject as a person, or as a unit. Raises Refused for one that is not, or no longer, assessed here."""
        if subject not in self.must_be_known().subjects or subject in self.excused:
            raise Refused("assessment.subject", f"{subject} is not assessed in {self.assessment}.", "subject")
        return (None, UnitId(subject)) if self.of_units else (PersonId(subject), None)

    def closes_on(self) -> date:
        """The last day of notice and of appeals, when there are none that are decided later."""
        assert self.published is not None
        return max(self.published.notice_until, self.published.appeals_until)

    def settled(self, day: date) -> bool:
        """Whether before `day` notice was over, and all appeals were decided."""
        decided = [each.decided for each in self.appeals.values()]
        return self.closes_on() < day and all(each is not None and each.effective < day for each in decided)

    def barred_from(self, subject: str, barred: Iterable[Barred]) -> list[PersonId]:
        """Who is barred from a matter, or an honour, that counts or counted for or against a subject."""
        counted = {each for merit in self.merits if merit.subject == subject for each in tags_of(merit)}
        return [each.person for each in barred if not each.tags.isdisjoint(counted)]

    def refuse_barred(self, barred: Iterable[Barred], subject: str, code: str, *pointers: str) -> None:
        """Raises Refused if somebody is barred from what counts for or against a subject."""
        for person in self.barred_from(subject, barred):
            raise Refused(code, f"{person} is recused from a case that counts here.", *pointers)

    def citing(self, honour: HonourId) -> list[Merit]:
        """The bonuses that an honour gives."""
        return [each for each in self.merits if each.honour == honour and not each.struck]

    def _merit(
        self,
        kind: str,
        fact: BonusRecorded | DeductionRecorded | VetoRecorded,
        points: Decimal,
        honour: HonourId | None,
    ) -> None:
        self.merits.append(Merit(kind, subject_of(fact.person, fact.unit), fact.matter, points, honour))
        self._moved(self.state, fact.effective)

    def _moved(self, state: str, effective: date) -> None:
        self.state, self.last = state, max(effective, self.last)


class BonusesFor(View):
    """In which assessments of a person, or of a unit, a matter gave a bonus that counts, and by which honours."""

    matter: MatterId
    person: PersonId | None
    unit: UnitId | None
    counted: dict[AssessmentId, set[HonourId | None]] = field(init=False, default_factory=dict)

    @event(BonusRecorded)
    def was_recorded(self, assessment: AssessmentId, honour: HonourId | None) -> None:
        self.counted.setdefault(assessment, set()).add(honour)

    @event(MatterStruck)
    def was_struck(self, assessment: AssessmentId, honour: HonourId | None) -> None:
        if left := self.counted.pop(assessment, set()) - {honour}:
            self.counted[assessment] = left

    def elsewhere(self, assessment: AssessmentId) -> AssessmentId | None:
        """Another assessment in which it counts, of a period that overlaps; None: there is none."""
        mine = period_of(assessment)
        for other in self.counted:
            period = period_of(other)
            if other != assessment and mine.first_day <= period.last_day and period.first_day <= mine.last_day:
                return other
        return None


class AppealStanding(View):
    """An appeal, as it was lodged."""

    appeal: AppealId
    lodged: AppealLodged | None = field(init=False, default=None)

    @event(AppealLodged)
    def was_lodged(self, fact: AppealLodged) -> None:
        self.lodged = fact

    def must_be_known(self) -> AppealLodged:
        """Raises Refused if there is none."""
        if self.lodged is None:
            raise Refused("appeal.unknown", f"There is no appeal {self.appeal}.", "appeal")
        return self.lodged


def subject_of(person: PersonId | None, unit: UnitId | None) -> str:
    """The id of whoever is scored, a person or a unit."""
    return str(person if person is not None else unit)
