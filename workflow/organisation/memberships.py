"""Memberships: who belongs to which unit, and what posts ask of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.charter.model import Charter
from workflow.charter.structure import MembershipKind
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for, covered
from workflow.ids import MembershipId, PersonId, UnitId
from workflow.organisation.belonging import Membership, Memberships, MembershipStanding
from workflow.organisation.events import MembershipEnded, MembershipStarted
from workflow.organisation.leadership import ExOfficioDecision
from workflow.organisation.posts import post_kind
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Career, PostStanding, Standing, UnitStanding
from workflow.slices import Command, Knows, Refused


class StartMembership(Command):
    """Let a person belong to a unit from `effective` on: to one unit of a line at a time."""

    membership: MembershipId
    person: PersonId
    unit: UnitId
    kind: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.known = CharterInForce(), MembershipStanding(self.membership)
        self.standing, self.place = Standing(self.person), UnitStanding(self.unit)
        memberships = Memberships(self.person)
        yield self.charters, self.known, self.standing, self.place, memberships
        charter = self.charters.on(self.effective)
        others = dict.fromkeys(each.unit for each in memberships.reaching(self.effective))
        self.others = tuple(UnitStanding(unit) for unit in others)
        if self.others:
            yield self.others
        self.ex_officio = ExOfficioDecision(charter, self.effective, persons={self.person})
        yield from self.ex_officio.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.known.known is not None:
            raise Refused("membership.exists", f"There is a membership {self.membership} already.", "membership")
        kind = membership_kind(charter, self.kind)
        self.standing.must_serve(Span(self.effective))
        self.place.must_stand(Span(self.effective))
        if self.place.kind not in kind.unit_kinds:
            sentence = f"A {self.place.kind} has no members of the kind {kind.id}."
            raise Refused("membership.unit_kind", sentence, "unit", "kind")
        line = charter.unit_kind(self.place.kind).line
        for other in self.others:
            if any(each.id == other.kind and each.line == line for each in charter.unit_kinds):
                sentence = f"{self.person} belongs to {other.unit} on the same line: end that first."
                raise Refused("membership.line", sentence, "person", "unit")
        self.trigger(MembershipStarted(self.membership, self.person, self.unit, self.kind, self.effective))
        self.ex_officio.decide(self)


class EndMembership(Command):
    """Let a membership end on `effective`; on its first day, it never was."""

    membership: MembershipId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), MembershipStanding(self.membership)
        yield self.charters, self.standing
        if (known := self.standing.known) is None:
            return
        charter = self.charters.on(self.effective)
        career, memberships = Career(known.person), Memberships(known.person)
        yield career, memberships
        self.held = career.reaching(self.effective)
        self.left = [each for each in memberships.reaching(self.effective) if each.id != known.id]
        self.posts = {each.post: PostStanding(each.post) for each in self.held}
        if self.posts:
            yield tuple(self.posts.values())
        self.tree = UnitTree({each.unit for each in self.held} | {each.unit for each in self.left}, self.effective)
        if any(self._required(charter, post) for post in self.posts.values()):
            yield from self.tree.knows()
        self.ex_officio = ExOfficioDecision(charter, self.effective, persons={known.person})
        yield from self.ex_officio.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        known = self.standing.known
        if known is None:
            raise Refused("membership.unknown", f"There is no membership {self.membership}.", "membership")
        if known.ended:
            raise Refused("membership.ended", f"The membership ended on {known.span.until}.", "membership")
        if self.effective < known.span.since:
            sentence = f"The membership began only on {known.span.since}."
            raise Refused("membership.end_before_start", sentence, "effective")
        for held in self.held:
            required = self._required(charter, self.posts[held.post])
            span = Span(max(held.span.since, self.effective), held.span.until)
            if required and not is_member(self.tree, held.unit, required, self.left, span):
                sentence = f"Whoever holds the post {held.post} must be a member: end that appointment first."
                raise Refused("membership.post_needs_it", sentence, "membership")
        self.trigger(MembershipEnded(self.membership, known.person, known.unit, self.effective))
        self.ex_officio.decide(self)

    @staticmethod
    def _required(charter: Charter, post: PostStanding) -> str:
        return post_kind(charter, post.established.kind).membership_required if post.established else ""


def membership_kind(charter: Charter, kind: str) -> MembershipKind:
    """The kind of membership of that id. Raises Refused for one that the charter does not know."""
    known = {each.id: each for each in charter.membership_kinds}
    if kind not in known:
        sentence = f"The charter knows no membership {kind!r}, but {', '.join(known) or 'none at all'}."
        raise Refused("membership.kind", sentence, "kind")
    return known[kind]


def is_member(tree: UnitTree, unit: UnitId, required: str, memberships: Iterable[Membership], span: Span) -> bool:
    """Whether throughout `span` one of `memberships` is in the nearest unit of the kind `required`, upward from
    `unit`, or in a unit below that one. `tree` knows `unit` and the units of the memberships from then on."""
    wanted = tree.nearest(required, unit, span.since)
    counting = []
    for each in memberships:
        above = tree.upward(each.unit, max(span.since, each.span.since))
        if wanted is not None and any(parent.unit == wanted for parent in above):
            counting.append(each.span)
    return covered(span, counting)
