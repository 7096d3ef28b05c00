"""Grids: binding a department to a group, so that its head leads the group ex officio."""

from __future__ import annotations

from datetime import date

from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import GridId, UnitId
from workflow.organisation.belonging import GridsOf, GridStanding
from workflow.organisation.events import GridBound, GridUnbound
from workflow.organisation.leadership import ExOfficioDecision
from workflow.organisation.views import UnitStanding
from workflow.slices import Command, Knows, Refused


class BindGrid(Command):
    """Bind a department to a group from `effective` on. A unit is in one grid at a time, a grid is bound once."""

    grid: GridId
    department: UnitId
    group: UnitId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), GridStanding(self.grid)
        self.units = UnitStanding(self.department), UnitStanding(self.group)
        self.bound = GridsOf(self.department), GridsOf(self.group)
        yield self.charters, self.standing, *self.units, *self.bound
        self.fact = GridBound(self.grid, self.department, self.group, self.effective)
        charter = self.charters.on(self.effective)
        self.ex_officio = ExOfficioDecision(charter, self.effective, binding=self.fact)
        yield from self.ex_officio.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.known is not None:
            raise Refused("grid.exists", f"There is a grid {self.grid} already.", "grid")
        department, group = self.units
        department.must_stand(Span(self.effective), "department")
        group.must_stand(Span(self.effective), "group")
        if charter.ex_officio_rule(department.kind, group.kind) is None:
            sentence = f"The charter has no rule for a grid of a {department.kind} and a {group.kind}."
            raise Refused("grid.kinds", sentence, "department", "group")
        for view, pointer in zip(self.bound, ("department", "group"), strict=True):
            if others := view.reaching(self.effective):
                raise Refused("grid.taken", f"The {pointer} is bound in the grid {others[0].grid}.", pointer)
        self.trigger(self.fact)
        self.ex_officio.decide(self)


class UnbindGrid(Command):
    """Let a grid end on `effective`; nobody leads its group ex officio any more."""

    grid: GridId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), GridStanding(self.grid)
        yield self.charters, self.standing
        if (known := self.standing.known) is None:
            return
        charter = self.charters.on(self.effective)
        self.ex_officio = ExOfficioDecision(charter, self.effective, units={known.department})
        yield from self.ex_officio.knows()

    def execute(self) -> None:
        charter_for(self, self.charters)
        known = self.standing.known
        if known is None:
            raise Refused("grid.unknown", f"There is no grid {self.grid}.", "grid")
        if known.unbound:
            raise Refused("grid.unbound", f"The grid was unbound on {known.span.until}.", "grid")
        if self.effective < known.span.since:
            raise Refused("grid.order", f"The grid is bound only from {known.span.since} on.", "effective")
        self.trigger(GridUnbound(self.grid, known.department, known.group, self.effective))
        self.ex_officio.decide(self)
