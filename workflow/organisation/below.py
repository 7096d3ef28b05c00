"""A unit with all units below it, as far as a command must know them."""

from __future__ import annotations

from datetime import date

from workflow.ids import UnitId
from workflow.organisation.views import UnitsBelow, UnitStanding
from workflow.slices import Knows


class Below:
    """A unit and the units below it on a day."""

    VIEWS = (UnitsBelow, UnitStanding)

    def __init__(self, unit: UnitId, day: date) -> None:
        self._day = day
        self._start = unit
        self.units: set[UnitId] = set()

    def knows(self) -> Knows:
        """The views to read, two stages a level; then `units` is known."""
        level = {self._start}
        while level:
            self.units |= level
            below = [UnitsBelow(unit) for unit in sorted(level)]
            yield tuple(below)
            found = sorted({unit for view in below for unit in view.units} - self.units)
            places = [UnitStanding(unit) for unit in found]
            if places:
                yield tuple(places)
            level = {place.unit for place in places if place.parent_on(self._day) in self.units}
