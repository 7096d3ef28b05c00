"""Who answers for a unit, when something that is done there is checked: its head, those of the units above it, and who
has one of them among the duties of a post."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.charter.model import Charter
from workflow.ids import PersonId, UnitId
from workflow.organisation.levels import PostsInCharge, UnitHeads
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Incumbents, PostStanding
from workflow.slices import Knows, together


class Answerable:
    """Those who answer for a unit on a day; `people` is known when `knows` was read."""

    def __init__(self, charter: Charter, unit: UnitId, day: date) -> None:
        self._charter, self._unit, self._day = charter, unit, day
        self.people: set[PersonId] = set()

    def knows(self) -> Knows:
        """The views to read, in stages."""
        tree = UnitTree({self._unit}, self._day)
        yield from tree.knows()
        units = [each.unit for each in tree.upward(self._unit, self._day)]
        heads = [UnitHeads(self._charter, unit, self._day) for unit in units]
        yield from together(each.knows() for each in heads)
        self.people = {person for each in heads for person in each.people}
        yield from self._overseers(units)

    def _overseers(self, units: Iterable[UnitId]) -> Knows:
        charges = [PostsInCharge(unit) for unit in units]
        if charges:
            yield tuple(charges)
        posts = sorted({post for each in charges for post in each.posts})
        places, held = [PostStanding(post) for post in posts], [Incumbents(post) for post in posts]
        if posts:
            yield (*places, *held)
        kinds = {kind.id for kind in self._charter.overseers()}
        for place, incumbents in zip(places, held, strict=True):
            duties = next((duties for since, duties in reversed(place.duties) if since <= self._day), ())
            if place.established is not None and place.established.kind in kinds and set(duties) & set(units):
                self.people |= {each.person for each in incumbents.on(self._day)}
