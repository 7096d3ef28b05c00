"""Opening an assessment: of which group, where, for which quarter or year, and so of whom."""

from __future__ import annotations

from datetime import date

from workflow.assessments.belonging import Members
from workflow.assessments.events import AssessmentOpened
from workflow.assessments.measuring import Known
from workflow.assessments.views import AssessmentStanding, assessment_id
from workflow.calendar import ONE_DAY
from workflow.charter.assessment import Group
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import UnitId, is_id
from workflow.periods import Period
from workflow.slices import Command, Knows, Refused


class OpenAssessment(Command):
    """Open the assessment of a group of the charter, in a unit and all below it, for a quarter or a year that is over.

    Assessed are those who belong to the group on the last day of the period: units that stand, people in service who
    hold a post there. The charter in force on that day decides everything to the end.
    """

    group: str
    scope: UnitId
    period: str
    effective: date

    def knows(self) -> Knows:
        self.when = _period(self.period)
        self.end = self.when.last_day
        self.assessment = assessment_id(self.group, self.scope, self.when)
        if not is_id(self.assessment):
            sentence = f"{self.assessment} is no good id for an assessment: it is too long."
            raise Refused("assessment.id", sentence, "group", "scope")
        self.charters, self.standing = CharterInForce(), AssessmentStanding(self.assessment)
        yield self.charters, self.standing
        group, self.charter = self._group()
        self.known = Known()
        self.members = Members(self.known, self.charter, group, self.scope, self.end)
        yield from self.members.knows()

    def _group(self) -> tuple[Group, Charter]:
        charter = self.charters.on(self.end)
        if charter.assessment is None:
            raise Refused("assessment.none", f"The charter in force on {self.end} assesses nobody.", "period")
        groups = {each.id: each for each in charter.assessment.groups}
        if self.group not in groups:
            sentence = f"The charter has no such group; it has {', '.join(groups)}."
            raise Refused("assessment.group", sentence, "group")
        return groups[self.group], charter

    def execute(self) -> None:
        charter_for(self, self.charters)
        if self.standing.opened is not None:
            raise Refused("assessment.exists", f"The assessment {self.assessment} was opened already.", "group")
        if self.effective < self.end:
            raise Refused("assessment.early", f"{self.period} ends on {self.end}.", "effective", "period")
        if self.effective > self.context.today:
            raise Refused("assessment.future", f"{self.effective} is still to come.", "effective")
        self.known.units[self.scope].must_stand(Span(self.end, self.end + ONE_DAY), "scope")
        self.rule_version = self.charter.version
        subjects = self.members.ids()
        if not subjects:
            raise Refused("assessment.nobody", f"Nobody in {self.scope} belongs to {self.group}.", "group", "scope")
        self.trigger(
            AssessmentOpened(
                self.assessment,
                self.group,
                self.scope,
                str(self.when),
                subjects,
                self.charter.version,
                self.charters.digest_on(self.end),
                self.effective,
            )
        )


def _period(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise Refused("assessment.period", f"{error}.", "period") from None
    if period.frequency not in ("quarterly", "yearly"):
        raise Refused("assessment.period", "An assessment is of a quarter or a year.", "period")
    return period
