"""Units: establishing, renaming, moving and dissolving them, in a tree that the charter shapes."""

from __future__ import annotations

from datetime import date

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import UnitId
from workflow.organisation.belonging import GridsOf, Members
from workflow.organisation.events import (
    PostAbolished,
    UnitDissolved,
    UnitEstablished,
    UnitMoved,
    UnitRenamed,
)
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Posts, UnitAppointments, UnitsBelow, UnitStanding
from workflow.slices import Command, Knows, Refused


class EstablishUnit(Command):
    """Let there be a unit from `effective` on, below `parent`, or as a root. One of the names may be empty."""

    unit: UnitId
    kind: str
    name_zh: str
    name_en: str = ""
    parent: UnitId | None = None
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), UnitStanding(self.unit)
        self.above = None if self.parent is None else UnitStanding(self.parent)
        yield (self.charters, self.standing, *([self.above] if self.above else []))

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.established is not None:
            raise Refused("unit.exists", f"There is a unit {self.unit} already.", "unit")
        refuse_nameless("unit", self.name_zh, self.name_en)
        if self.above is not None:
            self.above.must_stand(Span(self.effective), "parent")
        refuse_wrong_parent(charter, self.kind, self.above)
        self.trigger(
            UnitEstablished(
                self.unit, self.kind, self.name_zh.strip(), self.name_en.strip(), self.parent, self.effective
            )
        )


class RenameUnit(Command):
    """Call a unit so from `effective` on: both names, not only the one that changes."""

    unit: UnitId
    name_zh: str
    name_en: str = ""
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), UnitStanding(self.unit)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter_for(self, self.charters)
        refuse_nameless("unit", self.name_zh, self.name_en)
        self.standing.must_stand(Span(self.effective))
        last, *names = self.standing.names[-1]
        if self.effective < last:
            raise Refused("unit.order", f"The unit got its present name only on {last}.", "effective")
        if names == [self.name_zh.strip(), self.name_en.strip()]:
            raise Refused("unit.same_name", f"The unit {self.unit} is called so already.", "name_zh", "name_en")
        self.trigger(UnitRenamed(self.unit, self.name_zh.strip(), self.name_en.strip(), self.effective))


class MoveUnit(Command):
    """Place a unit, with all below it, below `parent` from `effective` on; None makes it a root."""

    unit: UnitId
    parent: UnitId | None
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), UnitStanding(self.unit)
        yield self.charters, self.standing
        self.tree = UnitTree([] if self.parent is None else [self.parent], self.effective)
        yield from self.tree.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        self.standing.must_stand(Span(self.effective))
        last = self.standing.parents[-1][0]
        if self.effective < last:
            raise Refused("unit.order", f"The unit came to its present place only on {last}.", "effective")
        previous = self.standing.parent_on(self.effective)
        if previous == self.parent:
            raise Refused("unit.same_parent", f"The unit {self.unit} stands there already.", "parent")
        above = None if self.parent is None else self.tree.units[self.parent]
        if above is not None:
            above.must_stand(Span(self.effective), "parent")
            self._refuse_circle(above.unit)
        refuse_wrong_parent(charter, self.standing.kind, above)
        self.trigger(UnitMoved(self.unit, self.parent, previous, self.effective))

    def _refuse_circle(self, parent: UnitId) -> None:
        for day in self.tree.changes():
            if any(each.unit == self.unit for each in self.tree.upward(parent, day)):
                sentence = f"The unit {parent} is on {day} itself part of {self.unit}."
                raise Refused("unit.circle", sentence, "parent")


class DissolveUnit(Command):
    """Let a unit end on `effective`, with the posts in it; nobody may be left in it, and nothing below it."""

    unit: UnitId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), UnitStanding(self.unit)
        self.posts, self.appointments = Posts(self.unit), UnitAppointments(self.unit)
        self.members, self.grids, below = Members(self.unit), GridsOf(self.unit), UnitsBelow(self.unit)
        yield self.charters, self.standing, self.posts, self.appointments, self.members, self.grids, below
        self.below = tuple(UnitStanding(unit) for unit in sorted(below.units))
        if self.below:
            yield self.below

    def execute(self) -> None:
        charter_for(self, self.charters)
        self.standing.must_stand(Span(self.effective))
        self._refuse_occupied()
        for post, span in self.posts.spans.items():
            if span.reaches(self.effective):
                self.trigger(PostAbolished(post, self.unit, max(span.since, self.effective)))
        self.trigger(UnitDissolved(self.unit, self.effective))

    def _refuse_occupied(self) -> None:
        for unit in self.below:
            if unit.span is not None and unit.span.reaches(self.effective) and self._is_parent_of(unit):
                raise Refused("unit.has_units", f"The unit {unit.unit} is still below it.", "unit")
        if held := self.appointments.reaching(self.effective):
            sentence = f"{held[0].person} still holds the post {held[0].post} in it."
            raise Refused("unit.has_holders", sentence, "unit")
        if members := self.members.reaching(self.effective):
            raise Refused("unit.has_members", f"{members[0].person} is still a member of it.", "unit")
        if bound := self.grids.reaching(self.effective):
            raise Refused("unit.bound", f"The grid {bound[0].grid} still binds it.", "unit")

    def _is_parent_of(self, unit: UnitStanding) -> bool:
        later = [parent for since, parent in unit.parents if since > self.effective]
        return self.unit in (unit.parent_on(self.effective), *later)


def refuse_nameless(thing: str, name_zh: str, name_en: str) -> None:
    """Raises Refused unless there is a name in one of the languages."""
    if not name_zh.strip() and not name_en.strip():
        raise Refused(f"{thing}.nameless", f"A {thing} needs a name, in Chinese or in English.", "name_zh", "name_en")


def refuse_wrong_parent(charter: Charter, kind: str, above: UnitStanding | None) -> None:
    """Raises Refused unless the charter knows the kind of unit and allows it below `above`; None: as a root."""
    known = {each.id: each for each in charter.unit_kinds}
    if kind not in known:
        raise Refused("unit.kind", f"The charter knows no unit kind {kind!r}, but {', '.join(known)}.", "kind")
    allowed = known[kind].parents
    if above is None and allowed:
        raise Refused("unit.parent", f"A {kind} stands below a {' or '.join(allowed)}.", "parent")
    if above is not None and above.kind not in allowed:
        wanted = f"below a {' or '.join(allowed)}" if allowed else "at the root"
        raise Refused("unit.parent", f"A {kind} stands {wanted}, not below a {above.kind}.", "parent")
