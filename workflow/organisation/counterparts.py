"""The units that a unit shares its work with: those a grid binds it to, and those above them."""

from __future__ import annotations

from datetime import date

from workflow.ids import UnitId
from workflow.organisation.belonging import GridsOf
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import UnitStanding
from workflow.slices import Knows


class Counterparts:
    """A unit itself, the units that grids bind it to on a day, and all that stand above those.

    What they do on the other line they do with the unit's people: so it counts for the unit. What stands above the
    unit itself does not.
    """

    VIEWS = (UnitStanding, GridsOf)

    def __init__(self, unit: UnitId, day: date) -> None:
        self._unit, self._day = unit, day
        self.units: dict[UnitId, UnitStanding] = {}

    def knows(self) -> Knows:
        """The views to read; then `units` is known."""
        place, grids = UnitStanding(self._unit), GridsOf(self._unit)
        yield place, grids
        self.units[self._unit] = place
        bound = {
            each.group if each.department == self._unit else each.department
            for each in grids.bindings.values()
            if each.span.holds_on(self._day)
        }
        if bound:
            tree = UnitTree(bound, self._day)
            yield from tree.knows()
            self.units |= {each.unit: each for other in sorted(bound) for each in tree.upward(other, self._day)}
