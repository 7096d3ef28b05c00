"""What is known of memberships and grids, of who and what belongs together: views that commands share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workflow.dates import Span
from workflow.ids import GridId, MembershipId, PersonId, UnitId
from workflow.organisation.events import GridBound, GridUnbound, MembershipEnded, MembershipStarted
from workflow.slices import View, event


@dataclass
class Membership:
    """Who belongs to which unit, as what, and on which days."""

    id: MembershipId
    person: PersonId
    unit: UnitId
    kind: str
    span: Span
    ended: bool = False


class MembershipsBy(View):
    """Memberships by id. Asked by what, its children say."""

    memberships: dict[MembershipId, Membership] = field(init=False, default_factory=dict)

    @event(MembershipStarted)
    def started(self, fact: MembershipStarted) -> None:
        known = Membership(fact.membership, fact.person, fact.unit, fact.kind, Span(fact.effective))
        self.memberships[fact.membership] = known

    @event(MembershipEnded)
    def was_ended(self, membership: MembershipId, effective: date) -> None:
        known = self.memberships[membership]
        known.span, known.ended = known.span.ended(effective), True

    def reaching(self, day: date) -> list[Membership]:
        """Those that hold on `day` or on a later day."""
        return [each for each in self.memberships.values() if each.span.reaches(day)]


class MembershipStanding(MembershipsBy):
    """One membership, if there is one of that id."""

    membership: MembershipId

    @property
    def known(self) -> Membership | None:
        return self.memberships.get(self.membership)


class Memberships(MembershipsBy):
    """The units a person belongs to, belonged to, or will."""

    person: PersonId

    def in_unit_on(self, unit: UnitId, day: date) -> bool:
        return any(each.unit == unit and each.span.holds_on(day) for each in self.memberships.values())


class Members(MembershipsBy):
    """Who belongs to a unit, belonged to it, or will."""

    unit: UnitId


@dataclass
class Binding:
    """Which department a grid binds to which group, and on which days."""

    grid: GridId
    department: UnitId
    group: UnitId
    span: Span
    unbound: bool = False


class Bindings(View):
    """Grids by id. Asked by what, its children say."""

    bindings: dict[GridId, Binding] = field(init=False, default_factory=dict)

    @event(GridBound)
    def was_bound(self, fact: GridBound) -> None:
        self.bindings[fact.grid] = Binding(fact.grid, fact.department, fact.group, Span(fact.effective))

    @event(GridUnbound)
    def was_unbound(self, grid: GridId, effective: date) -> None:
        known = self.bindings[grid]
        known.span, known.unbound = known.span.ended(effective), True

    def reaching(self, day: date) -> list[Binding]:
        """Those that hold on `day` or on a later day."""
        return [each for each in self.bindings.values() if each.span.reaches(day)]


class GridStanding(Bindings):
    """One grid, if there is one of that id."""

    grid: GridId

    @property
    def known(self) -> Binding | None:
        return self.bindings.get(self.grid)


class GridsOf(Bindings):
    """The grids in which a unit is, was or will be the department or the group."""

    unit: UnitId
