"""Who answers for a unit, and who holds the levels of its responsibility chain, as far as a command must know it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import field
from datetime import date

from workflow.charter.model import Charter
from workflow.charter.structure import Level
from workflow.ids import GridId, PersonId, PostId, UnitId
from workflow.organisation.belonging import GridsOf
from workflow.organisation.events import PostDutiesSet, UnitEstablished
from workflow.organisation.ex_officio import Leadership, answer_on
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Incumbents, Posts, PostStanding, UnitStanding
from workflow.slices import Knows, View, event

Path = list[UnitStanding]
"""A unit, and the units above it, up to the root."""


class PostsInCharge(View):
    """The posts that ever had a unit among their duties; their own standing tells when."""

    unit: UnitId
    posts: set[PostId] = field(init=False, default_factory=set)

    @event(PostDutiesSet)
    def got_duties(self, post: PostId) -> None:
        self.posts.add(post)


class UnitsOfKinds(View):
    """All units that were ever established, by kind."""

    by_kind: dict[str, list[UnitId]] = field(init=False, default_factory=dict)

    @event(UnitEstablished)
    def was_established(self, unit: UnitId, kind: str) -> None:
        self.by_kind.setdefault(kind, []).append(unit)


class UnitHeads:
    """Who answers for a unit on a day: holds the post of its head, acting or not, or leads it ex officio."""

    def __init__(self, charter: Charter, unit: UnitId, day: date) -> None:
        self._charter, self._unit, self._day = charter, unit, day
        self.people: list[PersonId] = []

    def knows(self) -> Knows:
        posts, grids = Posts(self._unit), GridsOf(self._unit)
        yield posts, grids
        kinds = {kind.id for kind in self._charter.post_kinds if kind.rank == "head"}
        heads = [
            Incumbents(id)
            for id, post in posts.established.items()
            if post.kind in kinds and posts.spans[id].holds_on(self._day)
        ]
        led = [Leadership(id) for id, grid in grids.bindings.items() if grid.group == self._unit]
        if heads or led:
            yield (*heads, *led)
        found = [held.person for head in heads for held in head.holders_on(self._day)]
        answers = [answer_on(each.timeline, self._day) for each in led]
        found += [answer.person for answer in answers if answer and answer.person and answer.appointment]
        self.people = list(dict.fromkeys(found))


class LevelHolders:
    """The holders of `levels` for a unit on `day`, by the rule of the charter's `[[chain]]`.

    `holders` is by level: who stands in for somebody after whoever holds the post, who leads ex officio last; nobody
    where it is vacant. A unit has no post of its own, so nobody holds a level that is found by `holder`. `beside` are
    the levels that the unit's own line does not pass on its way up: nobody lacks there.
    """

    def __init__(self, charter: Charter, unit: UnitId, levels: Sequence[str], day: date) -> None:
        self.holders: dict[str, list[PersonId]] = {level: [] for level in levels}
        self.beside: set[str] = set()
        self._charter = charter
        self._unit = unit
        self._day = day
        self._grids: dict[UnitId, GridsOf] = {}
        self._tree = UnitTree([unit], day)
        self._elsewhere = UnitTree([], day)

    def held_by(self, person: PersonId) -> list[str]:
        """The levels that a person holds, in the order in which they were asked for."""
        return [level for level, holders in self.holders.items() if person in holders]

    def knows(self) -> Knows:
        """The views to read, in stages; then `holders` is known."""
        charter = self._charter
        yield from self._tree.knows()
        path = list(self._tree.upward(self._unit, self._day))
        yield from self._read_grids(each.unit for each in path)
        beyond = {other for each in path for _, other in self._bound(each.unit)}
        self._elsewhere = UnitTree(beyond, self._day)
        if beyond:
            yield from self._elsewhere.knows()
        levels = [charter.level(level) for level in self.holders]
        self.beside = {level.id for level in levels if _is_beside(charter, path[0], level)}
        ways: dict[str, Path] = {}
        for line in dict.fromkeys(level.line for level in levels if level.by != "holder"):
            way = self._way(charter, path, line)
            ways[line] = (yield from self._from_the_top(charter, line)) if way is None else way
        asked = {level.id: unit for level in levels if (unit := _unit_of(level, ways.get(level.line, [])))}
        yield from self._read_holders(charter, [level for level in levels if level.id in asked], asked)

    def _read_grids(self, units: Iterator[UnitId]) -> Knows:
        new = {unit: GridsOf(unit) for unit in units if unit not in self._grids}
        self._grids |= new
        if new:
            yield tuple(new.values())

    def _bound(self, unit: UnitId) -> Iterator[tuple[GridId, UnitId]]:
        """The grids that bind a unit on the day, and to what."""
        for id, grid in self._grids[unit].bindings.items():
            if grid.span.holds_on(self._day):
                yield id, grid.group if grid.department == unit else grid.department

    def _way(self, charter: Charter, path: Path, line: str) -> Path | None:
        """The units on which a line runs upward from the unit: its own path, or that which a grid leads to, or the part
        of its own that is on the line. None: neither leads there."""
        if _line_of(charter, path[0]) == line:
            return path
        for each in path:
            for _, other in self._bound(each.unit):
                there = list(self._elsewhere.upward(other, self._day))
                if _line_of(charter, there[0]) == line:
                    return there
        return next((path[n:] for n, each in enumerate(path) if _line_of(charter, each) == line), None)

    def _from_the_top(self, charter: Charter, line: str) -> Generator[tuple[View, ...], None, Path]:
        """The top of a line that is not reached from the unit, if that is one unit; returns it as a path."""
        kinds = [
            kind.id
            for kind in charter.unit_kinds
            if kind.line == line and all(charter.unit_kind(parent).line != line for parent in kind.parents)
        ]
        everywhere = UnitsOfKinds()
        yield (everywhere,)
        tops = [UnitStanding(unit) for kind in kinds for unit in everywhere.by_kind.get(kind, [])]
        if tops:
            yield tuple(tops)
        standing = [each for each in tops if each.span is not None and each.span.holds_on(self._day)]
        return standing if len(standing) == 1 else []

    def _read_holders(self, charter: Charter, levels: list[Level], asked: dict[str, UnitId]) -> Knows:
        heads = {level.id: asked[level.id] for level in levels if level.by == "head_of"}
        overseers = {level.id: asked[level.id] for level in levels if level.by == "overseer_of"}
        posts = {unit: Posts(unit) for unit in heads.values()}
        in_charge = {unit: PostsInCharge(unit) for unit in overseers.values()}
        if not posts and not in_charge:
            return
        yield (*posts.values(), *in_charge.values())
        yield from self._read_grids(iter(posts))
        headships = {level: self._headships(charter, level, posts[unit]) for level, unit in heads.items()}
        charges = {level: sorted(in_charge[unit].posts) for level, unit in overseers.items()}
        incumbents = {
            post: Incumbents(post) for several in (*headships.values(), *charges.values()) for post in several
        }
        places = {post: PostStanding(post) for several in charges.values() for post in several}
        led = {
            id: Leadership(id)
            for unit in posts
            for id, grid in self._grids[unit].bindings.items()
            if grid.group == unit
        }
        if incumbents or led:
            yield (*incumbents.values(), *places.values(), *led.values())
        for level, unit in heads.items():
            leaders = [leader for id in self._grids[unit].bindings if (leader := self._leader(led.get(id)))]
            self._note(level, [incumbents[post] for post in headships[level]], leaders)
        for level, unit in overseers.items():
            self._note(level, [incumbents[post] for post in charges[level] if self._oversees(places[post], unit)], [])

    def _headships(self, charter: Charter, level: str, posts: Posts) -> list[PostId]:
        head = charter.head_of(charter.level(level).unit_kind)
        return [
            id
            for id, post in sorted(posts.established.items())
            if head is not None and post.kind == head.id and posts.spans[id].holds_on(self._day)
        ]

    def _oversees(self, place: PostStanding, unit: UnitId) -> bool:
        duties = next((units for since, units in reversed(place.duties) if since <= self._day), ())
        return unit in duties and place.span is not None and place.span.holds_on(self._day)

    def _leader(self, leadership: Leadership | None) -> PersonId | None:
        answer = answer_on(leadership.timeline, self._day) if leadership else None
        return answer.person if answer is not None and answer.appointment is not None else None

    def _note(self, level: str, posts: list[Incumbents], leaders: list[PersonId]) -> None:
        held = [(each.acting, each.span.since, each.person) for post in posts for each in post.on(self._day)]
        self.holders[level] = list(dict.fromkeys([*(person for *_, person in sorted(held)), *leaders]))


def _line_of(charter: Charter, unit: UnitStanding) -> str:
    """The line of a unit; "" for one of a kind that this charter does not know."""
    return next((kind.line for kind in charter.unit_kinds if kind.id == unit.kind), "")


def _is_beside(charter: Charter, unit: UnitStanding, level: Level) -> bool:
    on_its_line = level.by != "holder" and level.line == _line_of(charter, unit)
    return on_its_line and not charter.passes(unit.kind, level)


def _unit_of(level: Level, way: Path) -> UnitId | None:
    """The unit by which a level is found: the nearest of its kind."""
    if level.by == "holder":
        return None
    return next((each.unit for each in way if each.kind == level.unit_kind), None)
