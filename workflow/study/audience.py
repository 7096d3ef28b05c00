"""Who must attend a session."""

from __future__ import annotations

from datetime import date

from workflow.charter import study
from workflow.ids import PersonId, UnitId
from workflow.organisation.belonging import Members
from workflow.organisation.below import Below
from workflow.organisation.views import Posts, Standing, UnitAppointments
from workflow.slices import Knows


class Audience:
    """Those in service who must attend what a unit holds on a day, by a charter's rule."""

    VIEWS = (*Below.VIEWS, Members, Posts, UnitAppointments, Standing)

    def __init__(self, rule: study.Audience, unit: UnitId, day: date) -> None:
        self._rule, self._day = rule, day
        self._below = Below(unit, day)
        self._asked: set[PersonId] = set()
        self.people: set[PersonId] = set()

    def knows(self) -> Knows:
        """The views to read, stage by stage; then `people` are known."""
        yield from self._below.knows()
        units = sorted(self._below.units)
        yield from self._members(units) if self._rule.membership_kinds else self._holders(units)
        standings = [Standing(person) for person in sorted(self._asked)]
        if standings:
            yield tuple(standings)
        self.people = {each.person for each in standings if self._serves(each)}

    def _members(self, units: list[UnitId]) -> Knows:
        members = [Members(unit) for unit in units]
        yield tuple(members)
        kinds = self._rule.membership_kinds
        found = [each for view in members for each in view.memberships.values() if each.kind in kinds]
        self._asked = {each.person for each in found if each.span.holds_on(self._day)}

    def _holders(self, units: list[UnitId]) -> Knows:
        posts, held = [Posts(unit) for unit in units], [UnitAppointments(unit) for unit in units]
        yield (*posts, *held)
        kinds = self._rule.post_kinds
        asked = {id for view in posts for id, post in view.established.items() if not kinds or post.kind in kinds}
        self._asked = {each.person for view in held for each in view.on(self._day) if each.post in asked}

    def _serves(self, standing: Standing) -> bool:
        classes = self._rule.classes
        serves = standing.span is not None and standing.span.holds_on(self._day)
        return serves and (not classes or standing.class_on(self._day) in classes)
