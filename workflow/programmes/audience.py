"""Whom a programme is for: who belongs to the unit that adopted it, and is what the charter says of its audience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.programmes import ProgrammeTemplate
from workflow.dates import Span
from workflow.ids import PersonId, PostId, UnitId
from workflow.organisation.belonging import Memberships
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Career, PostStanding, Standing
from workflow.slices import Knows, Refused


class People:
    """The people who shall be enrolled: their service, posts and memberships on a day."""

    def __init__(self, persons: Sequence[PersonId], day: date) -> None:
        self._day = day
        self._service = {id: Standing(id) for id in persons}
        self._careers = {id: Career(id) for id in persons}
        self._memberships = {id: Memberships(id) for id in persons}
        self._posts: dict[PostId, PostStanding] = {}
        self._tree = UnitTree((), day)

    def knows(self) -> Knows:
        if not self._service:
            return
        yield (*self._service.values(), *self._careers.values(), *self._memberships.values())
        posts = {held.post for career in self._careers.values() for held in career.on(self._day)}
        self._posts = {id: PostStanding(id) for id in sorted(posts)}
        if self._posts:
            yield tuple(self._posts.values())
        self._tree = UnitTree({unit for id in self._service for unit in self._units(id)}, self._day)
        yield from self._tree.knows()

    def refuse(self, id: PersonId, unit: UnitId, template: ProgrammeTemplate) -> None:
        """Raises Refused unless somebody serves, belongs to `unit` or to one below it, and is of the audience."""
        try:
            self._service[id].must_serve(Span(self._day, self._day + ONE_DAY))
        except Refused as refused:
            raise Refused(refused.code, f"{id}: {refused.sentence}", "persons") from None
        if not any(above.unit == unit for own in self._units(id) for above in self._tree.upward(own, self._day)):
            sentence = f"{id} belongs on {self._day} neither to the unit {unit} nor to one below it."
            raise Refused("programme.outsider", sentence, "persons")
        audience = template.audience
        kinds = {self._tree.units[own].kind for own in self._units(id)}
        posts = {self._kind(held.post) for held in self._careers[id].on(self._day)}
        memberships = {
            each.kind for each in self._memberships[id].memberships.values() if each.span.holds_on(self._day)
        }
        for wanted, found in (
            (audience.classes, {self._service[id].class_on(self._day)}),
            (audience.unit_kinds, kinds),
            (audience.post_kinds, posts),
            (audience.membership_kinds, memberships),
        ):
            refuse_unfit(id, wanted, found, template, "persons")

    def _units(self, id: PersonId) -> set[UnitId]:
        belongs = self._memberships[id].memberships.values()
        held = {each.unit for each in self._careers[id].on(self._day)}
        return held | {each.unit for each in belongs if each.span.holds_on(self._day)}

    def _kind(self, post: PostId) -> str:
        established = self._posts[post].established
        return established.kind if established else ""


class Units:
    """The units that shall be enrolled, and those above them."""

    def __init__(self, units: Sequence[UnitId], day: date) -> None:
        self._day, self._units = day, units
        self._tree = UnitTree(units, day)

    def knows(self) -> Knows:
        if self._units:
            yield from self._tree.knows()

    def refuse(self, id: UnitId, unit: UnitId, template: ProgrammeTemplate) -> None:
        """Raises Refused unless a unit stands, in `unit` or below it, and is of the audience."""
        place = self._tree.units[id]
        place.must_stand(Span(self._day, self._day + ONE_DAY), "units")
        if not any(above.unit == unit for above in self._tree.upward(id, self._day)):
            sentence = f"The unit {id} is on {self._day} neither the unit {unit} nor below it."
            raise Refused("programme.outsider", sentence, "units")
        refuse_unfit(id, template.audience.unit_kinds, {place.kind}, template, "units")


def refuse_unfit(id: str, wanted: Iterable[str], found: set[str], template: ProgrammeTemplate, pointer: str) -> None:
    """Raises Refused unless something that was found is wanted; none wanted: anything is."""
    several = list(wanted)
    if several and not found.intersection(several):
        sentence = f"A {template.id} is for {' or '.join(several)}, and {id} is none of these."
        raise Refused("programme.audience", sentence, pointer)
