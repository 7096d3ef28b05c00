"""Belonging: who is assessed, those who belong to a group of a charter on a day, in a unit and all below it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from workflow.assessments.measuring import Known
from workflow.charter.assessment import Group
from workflow.charter.model import Charter
from workflow.ids import PersonId, UnitId
from workflow.organisation.views import Appointment, PostStanding, Standing, UnitAppointments, UnitsBelow, UnitStanding
from workflow.slices import Knows

Id = TypeVar("Id", bound=str)
Of = TypeVar("Of")


class Members:
    """Units of the group's kinds that stand on the day, or people in service who hold a post there.

    What it must know it takes from `known`; what is not there yet it puts there, to be read stage by stage.
    """

    def __init__(self, known: Known, charter: Charter, group: Group, scope: UnitId, day: date) -> None:
        assert charter.assessment is not None
        self._known, self._charter, self._groups = known, charter, charter.assessment.groups
        self._group, self._scope, self._day = group, scope, day
        self._units: dict[UnitId, UnitStanding] = {}
        self._held: list[Appointment] = []

    def knows(self) -> Knows:
        yield from self._tree()
        if not self._group.unit_kinds:
            yield from self._people()

    def ids(self) -> tuple[str, ...]:
        """The ids of the members in order; of everything in `knows`, once it is known."""
        kinds = self._group.unit_kinds
        if not kinds:
            people = sorted({each.person for each in self._held})
            return tuple(person for person in people if self._group_of(person) == self._group.id)
        standing = [each for each in self._units.values() if each.span is not None and each.span.holds_on(self._day)]
        return tuple(sorted(each.unit for each in standing if each.kind in kinds))

    def _tree(self) -> Knows:
        """The scope, and all units that were below it on the day."""
        above: dict[UnitId, UnitId | None] = {self._scope: None}
        while above:
            places = _views(self._known.units, above, UnitStanding)
            lower = _views(self._known.below, above, UnitsBelow)
            yield (*places, *lower)
            within = [each for each in places if above[each.unit] in (None, each.parent_on(self._day))]
            self._units |= {each.unit: each for each in within}
            there = {each.unit for each in within}
            above = {
                unit: each.unit
                for each in lower
                if each.unit in there
                for unit in each.units
                if unit not in self._units
            }

    def _people(self) -> Knows:
        works = _views(self._known.works, self._units, UnitAppointments)
        yield tuple(works)
        self._held = [each for work in works for each in work.on(self._day)]
        people = _views(self._known.people, {each.person for each in self._held}, Standing)
        posts = _views(self._known.posts, {each.post for each in self._held}, PostStanding)
        if self._held:
            yield (*people, *posts)

    def _group_of(self, person: PersonId) -> str:
        """The first group of people that fits a person on the day; "" if none does."""
        standing = self._known.people[person]
        if standing.span is None or not standing.span.holds_on(self._day):
            return ""
        posts = [self._known.posts[each.post].established for each in self._held if each.person == person]
        ranks = {kind.rank for kind in self._charter.post_kinds if kind.id in {post.kind for post in posts if post}}
        personnel_class = standing.class_on(self._day)
        for group in self._groups:
            by_rank = not group.ranks or ranks & set(group.ranks)
            by_class = not group.classes or personnel_class in group.classes
            if not group.unit_kinds and by_rank and by_class:
                return group.id
        return ""


def _views(known: dict[Id, Of], ids: Iterable[Id], kind: Callable[[Id], Of]) -> list[Of]:
    """The views of some ids, those that are known already or new ones, by id."""
    return [known.setdefault(id, kind(id)) for id in sorted(ids)]
