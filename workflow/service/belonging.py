"""Where a person belongs on a day: in which unit, and below which."""

from __future__ import annotations

from datetime import date

from workflow.ids import PersonId, UnitId
from workflow.organisation.belonging import Memberships
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import SUBSTANTIVE, Career, Standing
from workflow.service.acts import must_serve
from workflow.slices import Knows, Refused, together


def unit_on(career: Career, memberships: Memberships, day: date) -> UnitId | None:
    """The unit of a person's own post; else of another post that they hold, or that they are a member of; or None."""
    held = sorted(career.on(day), key=lambda each: (each.kind != SUBSTANTIVE, each.span.since, each.id))
    member = sorted(
        (each.span.since, each.unit) for each in memberships.memberships.values() if each.span.holds_on(day)
    )
    return next(iter([*(each.unit for each in held), *(unit for _, unit in member)]), None)


class Belonging:
    """Whether a person serves on a day, and the units in which they hold a post or are a member, or that stand above
    these."""

    def __init__(self, person: PersonId, day: date) -> None:
        self.person, self.day = person, day
        self.service = Standing(person)
        self._career, self._memberships = Career(person), Memberships(person)
        self._tree = UnitTree([], day)

    def knows(self) -> Knows:
        yield self.service, self._career, self._memberships
        yield from self.knows_units()

    def first_views(self) -> tuple[Standing, Career, Memberships]:
        """Those of the first stage, to be read together with others; then come those of `knows_units`."""
        return self.service, self._career, self._memberships

    def knows_units(self) -> Knows:
        units = {each.unit for each in self._career.on(self.day)}
        units |= {each.unit for each in self._memberships.memberships.values() if each.span.holds_on(self.day)}
        self._tree = UnitTree(units, self.day)
        self._own = units
        yield from self._tree.knows()

    def within(self, unit: UnitId) -> bool:
        """Whether the person serves, and belongs to the unit or to one below it."""
        serves = self.service.span is not None and self.service.span.holds_on(self.day)
        return serves and any(each.unit == unit for own in self._own for each in self._tree.upward(own, self.day))

    def must_be_within(self, unit: UnitId, code: str) -> None:
        """Raises Refused unless the person serves, and belongs there."""
        must_serve(self.service, self.day, "person")
        if not self.within(unit):
            sentence = f"{self.person} belongs on {self.day} neither to the unit {unit} nor to one below it."
            raise Refused(code, sentence, "person", "unit")


class TakingOn:
    """Whether a person may take something on for a unit, as of a day: they belonged there then, and still do today.
    What is recorded late is not given to who left meanwhile, for nobody would take it away from them again."""

    def __init__(self, person: PersonId, effective: date, today: date) -> None:
        self.person = person
        self.days = [Belonging(person, day) for day in sorted({effective, today})]

    def knows(self) -> Knows:
        yield from together(each.knows() for each in self.days)

    def must_be_within(self, unit: UnitId, code: str) -> None:
        """Raises Refused unless it is so."""
        for each in self.days:
            each.must_be_within(unit, code)
