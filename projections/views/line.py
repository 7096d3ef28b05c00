"""One line of a responsibility chain: its levels from the bottom to the top, who holds each, and what is missing."""

from __future__ import annotations

from datetime import date

import msgspec

from projections.views.ground import Ground, line_of_kind, other_side
from projections.views.organisation import Leadership, Post, Unit
from projections.views.people import Appointment
from workflow.charter.model import Charter
from workflow.charter.structure import Level
from workflow.charter.terms import Words

EX_OFFICIO = "ex_officio"


class Holder(msgspec.Struct, kw_only=True):
    """Who answers on a level, since which day, and the position of the event that made it so.

    `kind` is that of the appointment, or ex_officio: then `rule` of the charter made it so, by an `appointment`
    elsewhere.
    """

    person: str
    kind: str
    acting: bool
    since: date
    appointment: str
    rule: str
    position: int


class Step(msgspec.Struct, kw_only=True):
    """One level: the unit it is about, the post, and its holders. A level where several posts answer has several steps.

    `vacant`: nobody holds the post, though somebody may act for its holder. `why`: why nobody leads ex officio where a
    rule of the charter could make it so. `missing` is what breaks the chain here: unit, post or holder.
    """

    level: str
    words: Words
    unit: Unit | None
    post: Post | None
    holders: list[Holder]
    vacant: bool
    why: str
    broken: bool
    missing: str | None


class Line(msgspec.Struct, kw_only=True):
    """The chain on one line. `grid` binds it to where it came from. `missing`: a grid that should, or all levels."""

    line: str
    words: Words
    grid: str | None
    steps: list[Step]
    broken: bool
    missing: str | None


def lines_of(
    ground: Ground, charter: Charter, path: list[Unit], post: Post | None, appointment: Appointment | None
) -> list[Line]:
    """All lines upward from a path of units, the nearest first, and from a post in the first of them.

    `appointment`: the one holder of the post whose chain it is, rather than all who share the post.
    """
    found = []
    for line in charter.lines:
        there, grid, missing = _where(ground, charter, path, line.id)
        steps: list[Step] = []
        for level in charter.levels(line.id):
            if level.by != "holder":
                steps += _steps(ground, charter, level, there, begun=bool(steps))
            elif post is not None and post.kind in level.post_kinds and there == path:
                steps.append(_own(ground, level, path, post, appointment))
        if not steps and missing is None:
            missing = "unit"
        broken = missing is not None or any(step.broken for step in steps)
        found.append(Line(line=line.id, words=line.words, grid=grid, steps=steps, broken=broken, missing=missing))
    return found


def _where(ground: Ground, charter: Charter, path: list[Unit], line: str) -> tuple[list[Unit], str | None, str | None]:
    """The path on which a line runs, the grid that leads there, and what should lead there but is missing.

    Where no grid leads to a line and the tree does not, its levels begin at the top, if that is one unit.
    """
    lines = [line_of_kind(charter, unit.kind) for unit in path]
    if lines and lines[0] == line:
        return path, None, None
    for unit in path:
        grid = ground.grids.get(unit.unit)
        there = ground.paths[other_side(grid, unit)] if grid else []
        if grid and there and line_of_kind(charter, there[0].kind) == line:
            return there, grid.grid, None
    missing = "grid" if any(_bindable(charter, unit, line) for unit in path) else None
    if line in lines:
        return path[lines.index(line) :], None, missing
    tops = ground.tops.get(line, [])
    return (tops if len(tops) == 1 else []), None, missing


def _bindable(charter: Charter, unit: Unit, line: str) -> bool:
    """Whether a rule of the charter lets a grid lead from such a unit to the line."""
    pairs = [(rule.head_of, rule.leads) for rule in charter.ex_officio]
    pairs += [(leads, head_of) for head_of, leads in pairs]
    return any(one == unit.kind and line_of_kind(charter, other) == line for one, other in pairs)


def _steps(ground: Ground, charter: Charter, level: Level, path: list[Unit], begun: bool) -> list[Step]:
    """The steps of a level that is found by a unit. None if the way up does not pass it, or begins above."""
    unit = next((each for each in path if each.kind == level.unit_kind), None)
    if unit is None:
        lacking = begun and charter.passes(path[0].kind, level)
        return [_step(level, None, None, [], None)] if lacking else []
    if level.by == "overseer_of":
        posts, leadership = ground.overseers.get(unit.unit, []), None
    else:
        head = charter.head_of(level.unit_kind)
        posts = ground.heads.get((unit.unit, head.id), []) if head else []
        leadership = ground.leaderships.get(unit.unit)
    if not posts:
        return [_step(level, unit, None, [], leadership)]
    # Who leads ex officio holds the first post of the head; a unit has one, as a rule.
    holders = [ground.holders.get(post.post, []) for post in posts]
    return [
        _step(level, unit, post, held, None if number else leadership)
        for number, (post, held) in enumerate(zip(posts, holders, strict=True))
    ]


def _own(ground: Ground, level: Level, path: list[Unit], post: Post, appointment: Appointment | None) -> Step:
    held = ground.holders.get(post.post, []) if appointment is None else [appointment]
    return _step(level, path[0], post, held, None)


def _step(
    level: Level, unit: Unit | None, post: Post | None, held: list[Appointment], leadership: Leadership | None
) -> Step:
    holders = [
        Holder(
            person=each.person,
            kind=each.kind,
            acting=each.kind == "acting",
            since=each.since,
            appointment=each.appointment,
            rule="",
            position=each.position,
        )
        for each in held
    ]
    if leadership is not None and leadership.person and leadership.appointment:
        holders.append(
            Holder(
                person=leadership.person,
                kind=EX_OFFICIO,
                acting=leadership.acting,
                since=leadership.since,
                appointment=leadership.appointment,
                rule=leadership.rule,
                position=leadership.position,
            )
        )
    holders.sort(key=lambda holder: (holder.acting, holder.since, holder.person))
    missing = "unit" if unit is None else None if holders else "post" if post is None else "holder"
    return Step(
        level=level.id,
        words=level.words,
        unit=unit,
        post=post,
        holders=holders,
        vacant=all(holder.acting for holder in holders),
        why=leadership.why if leadership else "",
        broken=missing is not None,
        missing=missing,
    )
