"""What a person holds: posts with their duties, the units that they head, and the levels of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from projections.models.responsibility import APPOINTMENT, MEMBERSHIP
from projections.views import Moment, every
from projections.views.line import EX_OFFICIO
from projections.views.organisation import Leadership, Post, Unit, led_by, posts_by_id, units_by_id, upward
from projections.views.people import Appointment, Membership
from workflow.charter.model import Charter
from workflow.charter.structure import Level, PostKind
from workflow.charter.terms import Words
from workflow.organisation.views import ACTING


class PostHeld(msgspec.Struct, kw_only=True):
    """A post that a person holds by an appointment of a kind; its `duties` are the units it answers for besides."""

    appointment: Appointment
    post: Post | None


class Basis(msgspec.Struct, kw_only=True):
    """By what somebody answers: an `appointment` of a kind, acting or not; or, `kind` ex_officio, by a `rule` because
    of an appointment elsewhere."""

    kind: str
    acting: bool
    appointment: str
    rule: str


class UnitHeaded(msgspec.Struct, kw_only=True):
    """A unit that a person heads, or leads ex officio."""

    unit: Unit
    by: Basis


class LevelHeld(msgspec.Struct, kw_only=True):
    """A level of a line of the chain on which a person answers for a `unit`."""

    level: str
    line: str
    words: Words
    unit: Unit
    by: Basis


@dataclass(frozen=True)
class Holding:
    """What a person holds at one moment. `paths`: of each unit they have a post or a membership in, it and the units
    above it; `units`: those, and those that their posts have as duties."""

    appointments: list[Appointment]
    memberships: list[Membership]
    leaderships: list[Leadership]
    posts: dict[str, Post]
    paths: dict[str, list[Unit]]
    units: dict[str, Unit]

    def held(self) -> list[PostHeld]:
        return [PostHeld(appointment=each, post=self.posts.get(each.post)) for each in self.appointments]

    def headed(self, charter: Charter) -> list[UnitHeaded]:
        """The units that the person heads, acting or not, and those that they lead ex officio."""
        kinds = {kind.id for kind in charter.post_kinds if kind.rank == "head"}
        found = [
            UnitHeaded(unit=unit, by=_by_appointment(each))
            for each, post in self._in_posts()
            if post.kind in kinds and (unit := self.units.get(post.unit))
        ]
        led = [(each, self.units.get(each.group_unit)) for each in self.leaderships]
        return found + [UnitHeaded(unit=unit, by=_ex_officio(each)) for each, unit in led if unit]

    def levels(self, charter: Charter) -> list[LevelHeld]:
        """The levels that the person holds by their posts and ex officio, line by line, from the bottom to the top."""
        found = []
        for line in charter.lines:
            for level in charter.levels(line.id):
                head = charter.head_of(level.unit_kind) if level.by == "head_of" else None
                for unit, by in self._answering(level, head):
                    found.append(LevelHeld(level=level.id, line=line.id, words=level.words, unit=unit, by=by))
        return found

    def _answering(self, level: Level, head: PostKind | None) -> Iterator[tuple[Unit, Basis]]:
        for each, post in self._in_posts():
            units: tuple[str, ...] = ()
            if level.by == "overseer_of":
                units = post.duties
            elif post.kind in level.post_kinds or (head is not None and post.kind == head.id):
                units = (post.unit,)
            for unit in (self.units[id] for id in units if id in self.units):
                if level.by == "holder" or unit.kind == level.unit_kind:
                    yield unit, _by_appointment(each)
        for led in self.leaderships if level.by == "head_of" else ():
            group = self.units.get(led.group_unit)
            if group is not None and group.kind == level.unit_kind:
                yield group, _ex_officio(led)

    def _in_posts(self) -> Iterator[tuple[Appointment, Post]]:
        for each in self.appointments:
            if each.post in self.posts:
                yield each, self.posts[each.post]


def holding_of(connection: Connection, moment: Moment, person: str) -> Holding:
    """What a person holds, in a number of queries that depends on nothing but how deep the tree of units is."""
    at = connection, moment
    appointments = every(connection, APPOINTMENT, moment, Appointment, APPOINTMENT.c.person == person)
    memberships = every(connection, MEMBERSHIP, moment, Membership, MEMBERSHIP.c.person == person)
    leaderships = led_by(*at, person)
    posts = posts_by_id(*at, {each.post for each in appointments})
    starts = {each.unit for each in appointments} | {each.unit for each in memberships}
    paths = upward(*at, sorted(starts))
    units = {unit.unit: unit for path in paths.values() for unit in path}
    besides = {unit for post in posts.values() for unit in post.duties}
    besides |= {each.group_unit for each in leaderships}
    units |= units_by_id(*at, besides - units.keys())
    return Holding(appointments, memberships, leaderships, posts, paths, units)


def _by_appointment(each: Appointment) -> Basis:
    return Basis(kind=each.kind, acting=each.kind == ACTING, appointment=each.appointment, rule="")


def _ex_officio(led: Leadership) -> Basis:
    return Basis(kind=EX_OFFICIO, acting=led.acting, appointment=led.appointment or "", rule=led.rule)
