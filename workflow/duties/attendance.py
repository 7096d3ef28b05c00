"""Who must be there, and how many of them were."""

from __future__ import annotations

from datetime import date

from workflow.charter.duties import Attendance
from workflow.charter.model import Charter
from workflow.ids import PersonId, UnitId
from workflow.organisation.belonging import Members
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Incumbents, Posts, UnitsBelow, UnitStanding
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
        seen: set[UnitId] = set()
        level = {self._unit}
        while level:
            seen |= level
            members, below = [Members(unit) for unit in sorted(level)], [UnitsBelow(unit) for unit in sorted(level)]
            yield (*members, *below)
            for view in members:
                self.people |= {
                    each.person
                    for each in view.memberships.values()
                    if each.kind in self._voting and each.span.holds_on(self._day)
                }
            places = [UnitStanding(unit) for view in below for unit in sorted(view.units - seen)]
            if places:
                yield tuple(places)
            level = {place.unit for place in places if place.parent_on(self._day) in seen}
