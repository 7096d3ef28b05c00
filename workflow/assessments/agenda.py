"""What time alone brings about in assessments: results become final, appeals are overdue, bonuses fall with honours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.assessments.appeals import NoteOverdueAppeal
from workflow.assessments.events import (
    AppealDecided,
    AppealLodged,
    AppealOverdue,
    AssessmentFinalised,
    AssessmentOpened,
    AssessmentPublished,
    BonusRecorded,
    MatterStruck,
)
from workflow.assessments.publishing import FinaliseAssessment, ReverseBonus
from workflow.assessments.views import AssessmentStanding, subject_of
from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.honours.events import HonourAnnulled, HonourCorrected, HonourRevoked
from workflow.ids import AssessmentId, HonourId
from workflow.slices import Event


class Assessments:
    """The agenda of assessments. Bonuses fall on the day after their honour did: by then all of that day is known."""

    def __init__(self) -> None:
        self._since = date.max
        self._notice: dict[AssessmentId, AssessmentStanding] = {}
        self._citing: dict[HonourId, dict[AssessmentId, dict[tuple[str, str], date]]] = {}
        self._fell: dict[HonourId, date] = {}
        self._corrected: dict[HonourId, date] = {}
        self._looked: dict[HonourId, date] = {}  # the day on which it was seen what a correction took away

    def listens_to(self) -> Iterable[type[Event]]:
        yield from (ClockStarted, AssessmentOpened, AssessmentPublished, AssessmentFinalised)
        yield from (AppealLodged, AppealDecided, AppealOverdue, BonusRecorded, MatterStruck)
        yield from (HonourRevoked, HonourAnnulled, HonourCorrected)

    def note(self, fact: Event) -> None:
        match fact:
            case ClockStarted():
                self._since = fact.effective
            case AssessmentPublished():
                known = self._notice[fact.assessment] = AssessmentStanding(fact.assessment)
                known.note(fact)
            case AppealLodged() | AppealDecided() | AppealOverdue():
                if fact.assessment in self._notice:
                    self._notice[fact.assessment].note(fact)
            case AssessmentFinalised():
                self._notice[fact.assessment].note(fact)
            case BonusRecorded():
                if fact.honour is not None:
                    cited = self._citing.setdefault(fact.honour, {}).setdefault(fact.assessment, {})
                    cited[subject_of(fact.person, fact.unit), fact.matter] = fact.effective
            case MatterStruck():
                if fact.honour is not None:
                    cited = self._citing.get(fact.honour, {}).get(fact.assessment, {})
                    cited.pop((subject_of(fact.person, fact.unit), fact.matter), None)
            case HonourRevoked() | HonourAnnulled():
                self._fell[fact.honour] = fact.effective
            case HonourCorrected():
                self._corrected[fact.honour] = fact.effective
                self._looked.pop(fact.honour, None)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        corrected = {
            honour: since
            for honour, since in self._corrected.items()
            if since < day and self._looked.setdefault(honour, day) >= day
        }
        for honour, since in sorted((corrected | self._fell).items()):
            for assessment, cited in sorted(self._citing.get(honour, {}).items()):
                if since < day and any(recorded < day for recorded in cited.values()):
                    reverse = ReverseBonus(assessment=assessment, honour=honour, effective=day)
                    yield Act(f"assessment.{assessment}.reverse.{honour}.{day}", reverse)
        for assessment, known in sorted(self._notice.items()):
            for appeal, each in sorted(known.appeals.items()):
                since = each.lodged.decide_by + ONE_DAY
                late = each.decided is None or each.decided.effective > each.lodged.decide_by
                if late and not each.overdue and self._since <= since <= day:
                    yield Act(f"appeal.{appeal}.overdue.{day}", NoteOverdueAppeal(appeal=appeal, effective=day))
            if known.state == "published" and self._since <= known.closes_on() + ONE_DAY and known.settled(day):
                finalise = FinaliseAssessment(assessment=assessment, effective=day)
                yield Act(f"assessment.{assessment}.finalise.{day}", finalise)
