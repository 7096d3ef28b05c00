"""Posts: establishing and abolishing them, and what they answer for besides their own unit."""

from __future__ import annotations

from datetime import date

from workflow.charter.model import Charter
from workflow.charter.structure import PostKind
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import PostId, UnitId
from workflow.organisation.events import PostAbolished, PostDutiesSet, PostEstablished
from workflow.organisation.views import Incumbents, PostStanding, UnitStanding
from workflow.slices import Command, Knows, Refused


class EstablishPost(Command):
    """Let there be a post in a unit from `effective` on. `seats`: how many may hold it; None: as the charter says."""

    post: PostId
    unit: UnitId
    kind: str
    title_zh: str
    title_en: str = ""
    seats: int | None = None
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), PostStanding(self.post)
        self.place = UnitStanding(self.unit)
        yield self.charters, self.standing, self.place

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.established is not None:
            raise Refused("post.exists", f"There is a post {self.post} already.", "post")
        if not self.title_zh.strip() and not self.title_en.strip():
            raise Refused("post.untitled", "A post needs a title, in Chinese or in English.", "title_zh", "title_en")
        kind = post_kind(charter, self.kind)
        self.place.must_stand(Span(self.effective))
        if self.place.kind not in kind.unit_kinds:
            sentence = f"A {kind.id} is a post in a {' or '.join(kind.unit_kinds)}, not in a {self.place.kind}."
            raise Refused("post.unit_kind", sentence, "unit", "kind")
        seats = kind.seats if self.seats is None else self.seats
        if seats < 1:
            raise Refused("post.seats", "A post has at least one seat.", "seats")
        self.trigger(
            PostEstablished(
                self.post,
                self.unit,
                self.kind,
                self.title_zh.strip(),
                self.title_en.strip(),
                seats,
                self.effective,
            )
        )


class AbolishPost(Command):
    """Let a post end on `effective`; nobody may hold it any more."""

    post: PostId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), PostStanding(self.post)
        self.incumbents = Incumbents(self.post)
        yield self.charters, self.standing, self.incumbents

    def execute(self) -> None:
        charter_for(self, self.charters)
        post = self.standing.must_stand(Span(self.effective))
        if held := self.incumbents.reaching(self.effective):
            raise Refused("post.held", f"{held[0].person} still holds the post {self.post}.", "post")
        self.trigger(PostAbolished(self.post, post.unit, self.effective))


class SetPostDuties(Command):
    """Say which `units` an overseer's post answers for from `effective` on: all of them, in place of those before."""

    post: PostId
    units: tuple[UnitId, ...]
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), PostStanding(self.post)
        self.overseen = tuple(UnitStanding(unit) for unit in dict.fromkeys(self.units))
        yield self.charters, self.standing, *self.overseen

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        post = self.standing.must_stand(Span(self.effective))
        if post_kind(charter, post.kind).rank != "overseer":
            sentence = f"A {post.kind} answers for its own unit only; an overseer's post may answer for more."
            raise Refused("post.not_overseer", sentence, "post")
        last, units = self.standing.duties[-1] if self.standing.duties else (post.effective, ())
        if self.effective < last:
            raise Refused("post.order", f"The duties of the post were set for {last} on.", "effective")
        if len(self.overseen) < len(self.units):
            raise Refused("post.duty_twice", "A unit is named twice.", "units")
        if set(units) == set(self.units):
            raise Refused("post.same_duties", f"The post {self.post} answers for these already.", "units")
        for unit in self.overseen:
            unit.must_stand(Span(self.effective), "units")
        self.trigger(PostDutiesSet(self.post, self.units, self.effective))


def post_kind(charter: Charter, kind: str) -> PostKind:
    """The kind of post of that id. Raises Refused for one that the charter does not know."""
    known = {each.id: each for each in charter.post_kinds}
    if kind not in known:
        raise Refused("post.kind", f"The charter knows no post kind {kind!r}, but {', '.join(known)}.", "kind")
    return known[kind]
