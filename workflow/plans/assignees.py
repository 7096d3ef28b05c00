"""Whom a task may be given to: a unit, a post or a person, below what is split or in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from workflow.calendar import ONE_DAY
from workflow.dates import Span
from workflow.ids import PersonId, PostId, UnitId, is_id
from workflow.organisation.belonging import Memberships
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Career, PostStanding, Standing
from workflow.slices import Knows, Refused

T = TypeVar("T")
Id = TypeVar("Id", PostId, PersonId)


class Assignee(NamedTuple):
    """Exactly one of the three."""

    unit: UnitId | None = None
    post: PostId | None = None
    person: PersonId | None = None


class Place(NamedTuple):
    """An assignee, and the unit in which the task is done."""

    unit: UnitId
    post: PostId | None
    person: PersonId | None


def units_on(career: Career, memberships: Memberships, day: date) -> set[UnitId]:
    """The units in which a person holds a post or is a member on `day`."""
    belongs = {each.unit for each in memberships.memberships.values() if each.span.holds_on(day)}
    return {each.unit for each in career.on(day)} | belongs


class Assignees:
    """All who are to get something on a day, and where they stand. `pointer` is the parameter that names them.

    Raises Refused at once unless each is one well-formed id.
    """

    def __init__(self, wanted: Sequence[Assignee], day: date, pointer: str = "parts") -> None:
        self._span, self._pointer = Span(day, day + ONE_DAY), pointer
        for each in wanted:
            named = [id for id in each if id is not None]
            if len(named) != 1:
                raise Refused("task.assignee", "A task is given to one unit, one post or one person.", pointer)
            if not is_id(named[0]):
                raise Refused("id.malformed", "That is the id of no unit, post or person.", pointer)
        self._units = {each.unit for each in wanted if each.unit is not None}
        self._posts = {id: PostStanding(id) for id in _sorted(each.post for each in wanted)}
        people = _sorted(each.person for each in wanted)
        self._service = {id: Standing(id) for id in people}
        self._careers = {id: Career(id) for id in people}
        self._memberships = {id: Memberships(id) for id in people}

    def knows(self, above: UnitId) -> Knows:
        """The views to read. `above` is the unit of what is split."""
        views = (*self._posts.values(), *self._service.values(), *self._careers.values(), *self._memberships.values())
        if views:
            yield views
        units = {above} | self._units
        units |= {post.established.unit for post in self._posts.values() if post.established is not None}
        for person in self._careers:
            units |= self._units_of(person)
        self._above, self._tree = above, UnitTree(units, self._span.since)
        yield from self._tree.knows()

    def place(self, assignee: Assignee) -> Place:
        """Where an assignee is. Raises Refused unless it stands on the day, in or below the unit of what is split."""
        if assignee.person is not None:
            return Place(self._unit_of_person(assignee.person), None, assignee.person)
        if assignee.post is not None:
            post = self._posts[assignee.post]
            unit = self._pointed(lambda: post.must_stand(self._span)).unit
            self._must_be_below(unit, f"The post {assignee.post}")
            return Place(unit, assignee.post, None)
        assert assignee.unit is not None
        place = self._tree.units[assignee.unit]
        self._pointed(lambda: place.must_stand(self._span))
        self._must_be_below(assignee.unit, f"The unit {assignee.unit}")
        return Place(assignee.unit, None, None)

    def _unit_of_person(self, person: PersonId) -> UnitId:
        """The unit of what is split itself, if the person belongs to it; else the first one by id."""
        service = self._service[person]
        self._pointed(lambda: service.must_serve(self._span))
        found = sorted(unit for unit in self._units_of(person) if self._is_below(unit))
        if not found:
            day = self._span.since
            sentence = f"{person} belongs on {day} neither to the unit {self._above} nor to one below it."
            raise Refused("task.not_below", sentence, self._pointer)
        return self._above if self._above in found else found[0]

    def _units_of(self, person: PersonId) -> set[UnitId]:
        return units_on(self._careers[person], self._memberships[person], self._span.since)

    def _is_below(self, unit: UnitId) -> bool:
        return any(each.unit == self._above for each in self._tree.upward(unit, self._span.since))

    def _must_be_below(self, unit: UnitId, who: str) -> None:
        if not self._is_below(unit):
            sentence = f"{who} stands neither in the unit {self._above} nor below it."
            raise Refused("task.not_below", sentence, self._pointer)

    def _pointed(self, check: Callable[[], T]) -> T:
        try:
            return check()
        except Refused as refused:
            raise Refused(refused.code, refused.sentence, self._pointer) from None


def _sorted(ids: Iterable[Id | None]) -> list[Id]:
    return sorted({id for id in ids if id is not None})
