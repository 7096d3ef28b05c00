"""Who answers for a unit, and who holds the levels of the chain above it, as far as a command must know it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import field
from datetime import date

from workflow.charter.model import Charter
from workflow.charter.structure import Level
from workflow.ids import PersonId, PostId, UnitId
from workflow.organisation.belonging import GridsOf
from workflow.organisation.events import PostDutiesSet
from workflow.organisation.ex_officio import Leadership, answer_on
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Incumbents, Posts, PostStanding, UnitStanding
from workflow.slices import Knows, View, event


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


class Overseers(View):
    """The posts that ever had a unit among their duties; their own standing tells whether they have it on a day."""

    unit: UnitId
    posts: set[PostId] = field(init=False, default_factory=set)

    @event(PostDutiesSet)
    def got_duties(self, post: PostId) -> None:
        self.posts.add(post)


class LevelHolders:
    """Who holds some levels of the chain of a unit on a day, acting holders too, by the rule of `[[chain]]`.

    On a line that the unit does not belong to, the way up begins at the unit that a grid binds to it or to one above
    it. A level that is held by the holder of a thing's own post is nobody's here, for a unit has no post.
    """

    def __init__(self, charter: Charter, unit: UnitId, levels: Iterable[str], day: date) -> None:
        self._charter, self._unit, self._day = charter, unit, day
        self._levels = [charter.level(each) for each in levels]
        self._holders: dict[str, list[PersonId]] = {level.id: [] for level in self._levels}

    def of(self, level: str) -> Sequence[PersonId]:
        """Those who hold the level: who stands in after who holds the post."""
        return self._holders[level]

    def held_by(self, person: PersonId) -> list[str]:
        """The levels that a person holds, in the order in which they were asked for."""
        return [level for level, holders in self._holders.items() if person in holders]

    def knows(self) -> Knows:
        """The views to read, stage by stage."""
        tree = UnitTree([self._unit], self._day)
        yield from tree.knows()
        own = list(tree.upward(self._unit, self._day))
        paths = dict.fromkeys(self._lines_of(own), own)
        lines = {level.line for level in self._levels}
        if own and lines - {self._line_of(own[0])}:
            yield from self._bound_paths(own, paths)
        for level in self._levels:
            unit = next((each.unit for each in paths.get(level.line, ()) if each.kind == level.unit_kind), None)
            if unit is not None:
                yield from self._holders_of(level, unit)

    def _bound_paths(self, own: list[UnitStanding], paths: dict[str, list[UnitStanding]]) -> Knows:
        """Where grids lead: to the line of the unit that is bound to the nearest one."""
        grids = [GridsOf(each.unit) for each in own]
        yield tuple(grids)
        bound = [
            grid.group if grid.department == view.unit else grid.department
            for view in grids
            for grid in view.bindings.values()
            if grid.span.holds_on(self._day)
        ]
        if not bound:
            return
        tree = UnitTree(bound, self._day)
        yield from tree.knows()
        first = self._line_of(own[0])
        for unit in reversed(bound):  # so that the nearest goes before those above it
            there = list(tree.upward(unit, self._day))
            if self._line_of(there[0]) != first:
                paths[self._line_of(there[0])] = there

    def _holders_of(self, level: Level, unit: UnitId) -> Knows:
        if level.by == "head_of":
            heads = UnitHeads(self._charter, unit, self._day)
            yield from heads.knows()
            self._holders[level.id] = heads.people
        elif level.by == "overseer_of":
            overseers = Overseers(unit)
            yield (overseers,)
            if overseers.posts:
                yield from self._in_charge(level, unit, sorted(overseers.posts))

    def _in_charge(self, level: Level, unit: UnitId, posts: list[PostId]) -> Knows:
        standing, incumbents = [PostStanding(post) for post in posts], [Incumbents(post) for post in posts]
        yield (*standing, *incumbents)
        for post, held in zip(standing, incumbents, strict=True):
            units = next((units for since, units in reversed(post.duties) if since <= self._day), ())
            if unit in units and post.span is not None and post.span.holds_on(self._day):
                self._holders[level.id] += [each.person for each in held.holders_on(self._day)]

    def _lines_of(self, path: list[UnitStanding]) -> set[str]:
        return {self._line_of(each) for each in path}

    def _line_of(self, unit: UnitStanding) -> str:
        return next((kind.line for kind in self._charter.unit_kinds if kind.id == unit.kind), "")
