"""Where a person belongs on a day: in which unit, and below which."""

from __future__ import annotations

from datetime import date

from workflow.dates import Span
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
    """Whether a person serves, and the units in which they hold a post or are a member, or that stand above these: on
    the days from `since` on.

    `tree` is of these units; who follows the whole log puts that of all units there.
    """

    def __init__(self, person: PersonId, since: date) -> None:
        self.person, self._since = person, since
        self.service, self.career, self.memberships = Standing(person), Career(person), Memberships(person)
        self.tree = UnitTree([], since)

    def knows(self) -> Knows:
        yield self.service, self.career, self.memberships
        self.tree = UnitTree({unit for unit, span in self._held() if span.reaches(self._since)}, self._since)
        yield from self.tree.knows()

    def within(self, unit: UnitId, day: date) -> bool:
        """Whether the person serves on a day, and belongs to the unit or to one below it."""
        serves = self.service.span is not None and self.service.span.holds_on(day)
        own = {held for held, span in self._held() if span.holds_on(day)}
        return serves and any(each.unit == unit for held in own for each in self.tree.upward(held, day))

    def over(self, unit: UnitId, day: date) -> bool:
        """Whether the person belongs there neither on a day nor, as far as is known, on any later one."""
        if self.within(unit, day):
            return False
        changes = (*self.tree.changes(), *(span.since for _, span in self._held()))
        return not any(self.within(unit, each) for each in changes if each > day)

    def must_be_within(self, unit: UnitId, day: date, code: str) -> None:
        """Raises Refused unless the person serves on a day, and belongs there."""
        must_serve(self.service, day, "person")
        if not self.within(unit, day):
            sentence = f"{self.person} belongs on {day} neither to the unit {unit} nor to one below it."
            raise Refused(code, sentence, "person", "unit")

    def _held(self) -> list[tuple[UnitId, Span]]:
        posts = [(each.unit, each.span) for each in self.career.appointments.values()]
        return [*posts, *((each.unit, each.span) for each in self.memberships.memberships.values())]


class TakingOn:
    """Whether a person may take something on for a unit, as of a day: they belonged there then, and still do today.
    What is recorded late is not given to who left meanwhile, for nobody would take it away from them again."""

    def __init__(self, person: PersonId, effective: date, today: date) -> None:
        self.person = person
        self.days = {day: Belonging(person, day) for day in sorted({effective, today})}

    def knows(self) -> Knows:
        yield from together(each.knows() for each in self.days.values())

    def must_be_within(self, unit: UnitId, code: str) -> None:
        """Raises Refused unless it is so."""
        for day, belonging in self.days.items():
            belonging.must_be_within(unit, day, code)
