"""Who leads the groups that a command touches: what must be known of it, and the events that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from workflow.charter.model import Charter
from workflow.charter.structure import ExOfficio as Rule
from workflow.ids import GridId, PersonId, UnitId, tags_of
from workflow.organisation.belonging import Binding, GridsOf, GridStanding, Memberships
from workflow.organisation.events import GridBound
from workflow.organisation.ex_officio import (
    GridDay,
    Leadership,
    Parties,
    Timeline,
    changes,
    concerns,
    decide_leadership,
)
from workflow.organisation.views import Appointment, Career, Incumbents, Posts, PostStanding, UnitStanding
from workflow.slices import Command, Event, Knows, View


class _Grid:
    """The views that tell of one grid."""

    def __init__(self, grid: GridId, department: UnitId, group: UnitId) -> None:
        self.standing, self.leadership = GridStanding(grid), Leadership(grid)
        self.department, self.group = UnitStanding(department), UnitStanding(group)
        self.posts, self.group_posts = Posts(department), Posts(group)
        self.rule: Rule | None = None
        self.heads: list[Incumbents] = []
        self.leaders: list[Incumbents] = []

    def views(self) -> tuple[View, ...]:
        return (
            self.standing,
            self.leadership,
            self.department,
            self.group,
            self.posts,
            self.group_posts,
        )

    def incumbents(self, charter: Charter) -> list[Incumbents]:
        """What to read when `views` are known: who holds the posts that matter to the rule."""
        self.rule = charter.ex_officio_rule(self.department.kind, self.group.kind)
        if self.rule is not None:
            head = charter.head_of(self.rule.head_of)
            self.heads = _incumbents(self.posts, head.id if head else "")
            self.leaders = _incumbents(self.group_posts, self.rule.post_kind)
        return self.heads + self.leaders

    def head_on(self, day: date) -> Appointment | None:
        """Who heads the department: a holder goes before who acts, and of several the one who came first."""
        holders = [each for post in self.heads for each in post.on(day)]
        return min(holders, key=lambda each: (each.acting, each.span.since, each.id), default=None)

    def bound_on(self, day: date) -> bool:
        known = self.standing.known
        return known is not None and known.span.holds_on(day)


def _incumbents(posts: Posts, kind: str) -> list[Incumbents]:
    return [Incumbents(post) for post, fact in posts.established.items() if fact.kind == kind]


class ExOfficioDecision:
    """Lets a command decide, from `since` on, who leads the groups that it touches.

    `persons` and `units` are those the command is about. To them belong the grids of those units and of the departments
    and groups in which those persons hold a post that matters; and, because one may lead only so many groups, the
    grids of whoever heads one of those.
    """

    def __init__(
        self,
        charter: Charter,
        since: date,
        *,
        persons: Collection[PersonId] = (),
        units: Collection[UnitId] = (),
        binding: GridBound | None = None,
    ) -> None:
        self._charter = charter
        self._since = since
        self._persons, self._units, self._binding = set(persons), set(units), binding
        self._views: list[View] = []
        self._grids: dict[GridId, _Grid] = {}
        self._memberships: dict[PersonId, Memberships] = {}

    def knows(self) -> Knows:
        """The views to read, in stages, until nobody new comes into sight."""
        persons, units = self._persons, self._units
        if self._binding is not None:
            yield from self._grids_come_into_sight([self._binding])
            persons = persons | self._heads()
        seen: set[UnitId] = set()
        while persons or units:
            careers = [Career(person) for person in sorted(persons)]
            self._memberships |= {person: Memberships(person) for person in sorted(persons)}
            bound = [GridsOf(unit) for unit in sorted(units)]
            yield self._noted(*careers, *(self._memberships[person] for person in sorted(persons)), *bound)
            seen |= units
            # Where else do these people hold a post that matters? And who else heads a department in sight?
            held = {post.post: post.unit for career in careers for post in career.reaching(self._since)}
            places = [PostStanding(post) for post, unit in sorted(held.items()) if unit not in seen]
            if places:
                yield self._noted(*places)
            units = {unit for place in places if (unit := self._unit_that_matters(place)) is not None}
            bindings = [each for view in bound for each in view.reaching(self._since)]
            yield from self._grids_come_into_sight(bindings)
            persons = self._heads() - self._memberships.keys()

    def decide(self, command: Command) -> None:
        """Trigger what follows from what `command` triggered so far."""
        for tagged in command.new_decisions:
            self._note(tagged.decision)
        wanted = self._timelines()
        for id, grid in sorted(self._grids.items()):
            if grid.rule is not None:
                parties = Parties(id, grid.group.unit, grid.department.unit, grid.rule.id)
                for fact in changes(parties, grid.leadership.timeline, wanted[id]):
                    command.trigger(fact)

    def _grids_come_into_sight(self, bindings: Iterable[Binding | GridBound]) -> Knows:
        new = {each.grid: each for each in bindings if each.grid not in self._grids}
        grids = {id: _Grid(id, each.department, each.group) for id, each in sorted(new.items())}
        self._grids |= grids
        if grids:
            yield self._noted(*(view for grid in grids.values() for view in grid.views()))
        incumbents = [view for grid in grids.values() for view in grid.incumbents(self._charter)]
        if incumbents:
            yield self._noted(*incumbents)

    def _noted(self, *views: View) -> tuple[View, ...]:
        self._views += views
        return views

    def _heads(self) -> set[PersonId]:
        posts = [post for grid in self._grids.values() for post in grid.heads]
        return {each.person for post in posts for each in post.reaching(self._since)}

    def _unit_that_matters(self, place: PostStanding) -> UnitId | None:
        post = place.established
        return post.unit if post is not None and concerns(self._charter, post.kind) else None

    def _note(self, fact: Event) -> None:
        tags = set(tags_of(fact))
        for view in self._views:
            if type(fact) in view.listens_to() and tags.issuperset(tags_of(view)):
                view.note(fact)

    def _timelines(self) -> dict[GridId, Timeline]:
        """What the rule says from `since` on, for each grid."""
        timelines: dict[GridId, Timeline] = {id: [] for id in self._grids}
        for day in self._days():
            answers = decide_leadership(self._on(day))
            for id, timeline in timelines.items():
                answer = answers.get(id)
                if not timeline or timeline[-1][1] != answer:
                    timeline.append((day, answer))
        return timelines

    def _days(self) -> list[date]:
        """`since`, and the later days on which something changes that the rule asks about."""
        spans = [each.span for grid in self._grids.values() for each in grid.standing.bindings.values()]
        for grid in self._grids.values():
            spans += [each.span for post in (*grid.heads, *grid.leaders) for each in post.appointments.values()]
        for view in self._memberships.values():
            spans += [each.span for each in view.memberships.values()]
        ends = {day for span in spans for day in span if day is not None and day > self._since}
        return [self._since, *sorted(ends)]

    def _on(self, day: date) -> Iterator[GridDay]:
        for id, grid in sorted(self._grids.items()):
            if grid.rule is None or not grid.bound_on(day):
                continue
            head = grid.head_on(day)
            member = head is not None and self._memberships[head.person].in_unit_on(grid.group.unit, day)
            designated = any(post.on(day) for post in grid.leaders)
            yield GridDay(id, grid.rule, head, member, designated)
