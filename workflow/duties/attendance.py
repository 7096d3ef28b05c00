"""Who must be there, and how many of them were."""

from __future__ import annotations

from datetime import date

from workflow.charter.duties import Attendance
from workflow.charter.model import Charter
from workflow.ids import PersonId, UnitId
from workflow.organisation.belonging import Members
from workflow.organisation.below import Below
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Incumbents, Posts
from workflow.slices import Knows


class Entitled:
    """Those who must be there on a day: holders of the posts that the charter names, and who leads the unit ex officio
    if its head is among them; or the voting members of the unit and of the units below it."""

    def __init__(self, charter: Charter, rule: Attendance, unit: UnitId, day: date) -> None:
        self._charter, self._rule, self._unit, self._day = charter, rule, unit, day
        self._voting = {kind.id for kind in charter.membership_kinds if kind.voting}
        self.people: set[PersonId] = set()

    def knows(self) -> Knows:
        """The views to read, stage by stage."""
        return self._holders() if self._rule.post_kinds else self._members()

    def _holders(self) -> Knows:
        posts = Posts(self._unit)
        yield (posts,)
        held = [
            Incumbents(id)
            for id, post in posts.established.items()
            if post.kind in self._rule.post_kinds and posts.spans[id].holds_on(self._day)
        ]
        if held:
            yield tuple(held)
        self.people = {each.person for post in held for each in post.on(self._day)}
        if any(self._charter.post_kind(kind).rank == "head" for kind in self._rule.post_kinds):
            heads = UnitHeads(self._charter, self._unit, self._day)
            yield from heads.knows()
            self.people.update(heads.people)

    def _members(self) -> Knows:
        below = Below(self._unit, self._day)
        yield from below.knows()
        members = [Members(unit) for unit in sorted(below.units)]
        yield tuple(members)
        found = [each for view in members for each in view.memberships.values() if each.kind in self._voting]
        self.people = {each.person for each in found if each.span.holds_on(self._day)}
