"""The tree of units, as far as a command must know it: some units, and all that stand above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.ids import UnitId
from workflow.organisation.views import UnitStanding
from workflow.slices import Knows


class UnitTree:
    """`units` and whatever is above them on `since` or later, by id."""

    def __init__(self, units: Iterable[UnitId], since: date) -> None:
        self.units: dict[UnitId, UnitStanding] = {}
        self._start = set(units)
        self._since = since

    def knows(self) -> Knows:
        """The views to read: a stage for each level."""
        level = self._start
        while level:
            stage = {unit: UnitStanding(unit) for unit in sorted(level)}
            yield tuple(stage.values())
            self.units |= stage
            level = {parent for unit in stage.values() for parent in self._parents(unit)} - self.units.keys()

    def upward(self, unit: UnitId, day: date) -> Iterator[UnitStanding]:
        """`unit` and the units above it on `day`, up to the root. `day` is not before `since`."""
        above: UnitId | None = unit
        while above is not None:
            yield self.units[above]
            above = self.units[above].parent_on(day)

    def changes(self) -> list[date]:
        """`since`, and the later days on which a known unit moves."""
        moves = {day for unit in self.units.values() for day, _ in unit.parents if day > self._since}
        return [self._since, *sorted(moves)]

    def nearest(self, kind: str, unit: UnitId, day: date) -> UnitId | None:
        """The unit of this kind that is `unit` itself, or the nearest above it, on `day`."""
        return next((each.unit for each in self.upward(unit, day) if each.kind == kind), None)

    def _parents(self, unit: UnitStanding) -> Iterator[UnitId]:
        for day in (self._since, *(day for day, _ in unit.parents if day > self._since)):
            if (parent := unit.parent_on(day)) is not None:
                yield parent
