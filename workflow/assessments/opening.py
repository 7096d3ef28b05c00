"""Opening an assessment: of which group, where, for which quarter or year, and so of whom."""

from __future__ import annotations

from datetime import date

from workflow.assessments.events import AssessmentOpened
from workflow.assessments.views import AssessmentStanding, assessment_id
from workflow.calendar import ONE_DAY
from workflow.charter.assessment import Group
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import PersonId, PostId, UnitId, is_id
from workflow.organisation.views import PostStanding, Standing, UnitAppointments, UnitsBelow, UnitStanding
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
        self.group_of_charter, self.charter = self._group()
        yield from self._units()
        self.people: dict[PersonId, Standing] = {}
        self.posts: dict[PostId, PostStanding] = {}
        if not self.group_of_charter.unit_kinds:
            yield from self._people()

    def _group(self) -> tuple[Group, Charter]:
        charter = self.charters.on(self.end)
        if charter.assessment is None:
            raise Refused("assessment.none", f"The charter in force on {self.end} assesses nobody.", "period")
        groups = {each.id: each for each in charter.assessment.groups}
        if self.group not in groups:
            sentence = f"The charter has no such group; it has {', '.join(groups)}."
            raise Refused("assessment.group", sentence, "group")
        return groups[self.group], charter

    def _units(self) -> Knows:
        """The scope and all units that were below it on the last day of the period."""
        self.units: dict[UnitId, UnitStanding] = {}
        above: dict[UnitId, UnitId | None] = {self.scope: None}
        while above:
            places = [UnitStanding(unit) for unit in sorted(above)]
            lower = [UnitsBelow(place.unit) for place in places]
            yield (*places, *lower)
            within = [each for each in places if above[each.unit] in (None, each.parent_on(self.end))]
            self.units |= {each.unit: each for each in within}
            there = {each.unit for each in within}
            above = {
                unit: each.unit for each in lower if each.unit in there for unit in each.units if unit not in self.units
            }

    def _people(self) -> Knows:
        works = [UnitAppointments(unit) for unit in sorted(self.units)]
        yield tuple(works)
        self.held = [each for work in works for each in work.on(self.end)]
        self.people = {person: Standing(person) for person in sorted({each.person for each in self.held})}
        self.posts = {post: PostStanding(post) for post in sorted({each.post for each in self.held})}
        if self.held:
            yield (*self.people.values(), *self.posts.values())

    def execute(self) -> None:
        charter_for(self, self.charters)
        if self.standing.opened is not None:
            raise Refused("assessment.exists", f"The assessment {self.assessment} was opened already.", "group")
        if self.effective < self.end:
            raise Refused("assessment.early", f"{self.period} ends on {self.end}.", "effective", "period")
        if self.effective > self.context.today:
            raise Refused("assessment.future", f"{self.effective} is still to come.", "effective")
        self.units[self.scope].must_stand(Span(self.end, self.end + ONE_DAY), "scope")
        self.rule_version = self.charter.version
        subjects = self._subjects()
        if not subjects:
            raise Refused("assessment.nobody", f"Nobody in {self.scope} belongs to {self.group}.", "group", "scope")
        self.trigger(
            AssessmentOpened(
                self.assessment,
                self.group,
                self.scope,
                str(self.when),
                tuple(sorted(subjects)),
                self.charter.version,
                self.charters.digest_on(self.end),
                self.effective,
            )
        )

    def _subjects(self) -> list[str]:
        kinds = self.group_of_charter.unit_kinds
        if kinds:
            standing = [each for each in self.units.values() if each.span is not None and each.span.holds_on(self.end)]
            return [each.unit for each in standing if each.kind in kinds]
        return [person for person in self.people if self._group_of(person) == self.group]

    def _group_of(self, person: PersonId) -> str:
        """The first group of people that fits a person on the last day; "" if none does."""
        assert self.charter.assessment is not None
        standing = self.people[person]
        if standing.span is None or not standing.span.holds_on(self.end):
            return ""
        posts = [self.posts[each.post].established for each in self.held if each.person == person]
        ranks = {self.charter.post_kind(post.kind).rank for post in posts if post is not None}
        personnel_class = standing.class_on(self.end)
        for group in self.charter.assessment.groups:
            by_rank = not group.ranks or ranks & set(group.ranks)
            by_class = not group.classes or personnel_class in group.classes
            if not group.unit_kinds and by_rank and by_class:
                return group.id
        return ""


def _period(text: str) -> Period:
    try:
        period = Period.parse(text)
    except ValueError as error:
        raise Refused("assessment.period", f"{error}.", "period") from None
    if period.frequency not in ("quarterly", "yearly"):
        raise Refused("assessment.period", "An assessment is of a quarter or a year.", "period")
    return period
