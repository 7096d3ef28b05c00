"""What must be known to say who answers for some units: their trees, grids, posts and holders, each read at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from projections.models.responsibility import APPOINTMENT, GRID, LEADERSHIP, POST, POST_DUTY, UNIT
from projections.views import Moment, every, holds
from projections.views.organisation import Grid, Leadership, Post, Unit, upward
from projections.views.people import Appointment
from workflow.charter.model import Charter


@dataclass(frozen=True)
class Ground:
    """At one moment: the units above a unit, itself first; the grid that binds it; the posts that answer for it."""

    paths: dict[str, list[Unit]]
    grids: dict[str, Grid]
    tops: dict[str, list[Unit]]
    heads: dict[tuple[str, str], list[Post]]
    overseers: dict[str, list[Post]]
    holders: dict[str, list[Appointment]]
    leaderships: dict[str, Leadership]


def ground_of(
    connection: Connection, moment: Moment, charter: Charter, units: Collection[str], posts: Iterable[str] = ()
) -> Ground:
    """The ground for `units` and the holders of `posts`. Its size follows from theirs, not from the institution's."""
    paths = upward(connection, moment, sorted(set(units)))
    known = _ids(paths)
    bound = every(connection, GRID, moment, Grid, GRID.c.department.in_(known) | GRID.c.group_unit.in_(known))
    grids = {unit: grid for grid in bound for unit in (grid.department, grid.group_unit)}
    paths |= upward(connection, moment, sorted(grids.keys() - paths.keys()))
    open_ended = any(_open_ended(charter, paths, grids, unit) for unit in units)
    tops = _tops(connection, moment, charter) if open_ended else {}
    paths |= {top.unit: [top] for several in tops.values() for top in several}
    known = _ids(paths)
    heads, overseers = _posts(connection, moment, charter, known)
    answering = {post.post for several in (*heads.values(), *overseers.values()) for post in several}
    holders = defaultdict(list)
    for held in every(
        connection, APPOINTMENT, moment, Appointment, APPOINTMENT.c.post.in_(sorted(answering.union(posts)))
    ):
        holders[held.post].append(held)
    led = every(connection, LEADERSHIP, moment, Leadership, LEADERSHIP.c.group_unit.in_(known))
    return Ground(paths, grids, tops, heads, overseers, holders, {each.group_unit: each for each in led})


def _ids(paths: dict[str, list[Unit]]) -> list[str]:
    return sorted({unit.unit for path in paths.values() for unit in path})


def line_of_kind(charter: Charter, kind: str) -> str:
    """The line of a kind of unit; "" for a kind that this charter does not know, but one before it did."""
    return next((each.line for each in charter.unit_kinds if each.id == kind), "")


def other_side(grid: Grid, unit: Unit) -> str:
    """What a grid binds a unit to."""
    return grid.group_unit if grid.department == unit.unit else grid.department


def _open_ended(charter: Charter, paths: dict[str, list[Unit]], grids: dict[str, Grid], start: str) -> bool:
    """Whether some line is reached from a unit neither in the tree nor by a grid."""
    path = paths[start]
    bound = [paths[other_side(grids[unit.unit], unit)] for unit in path if unit.unit in grids]
    reached = {line_of_kind(charter, unit.kind) for each in (path, *bound) for unit in each}
    return any(line.id not in reached for line in charter.lines)


def _tops(connection: Connection, moment: Moment, charter: Charter) -> dict[str, list[Unit]]:
    """By line, the units at its top: those of kinds that stand below no kind of the same line."""
    kinds = [
        kind.id
        for kind in charter.unit_kinds
        if all(line_of_kind(charter, parent) != kind.line for parent in kind.parents)
    ]
    tops = defaultdict(list)
    for unit in every(connection, UNIT, moment, Unit, UNIT.c.kind.in_(kinds)):
        tops[line_of_kind(charter, unit.kind)].append(unit)
    return tops


def _posts(
    connection: Connection, moment: Moment, charter: Charter, units: list[str]
) -> tuple[dict[tuple[str, str], list[Post]], dict[str, list[Post]]]:
    """The posts that head these units, by unit and kind of post; and those that have them as duties, by unit."""
    heads: dict[tuple[str, str], list[Post]] = defaultdict(list)
    overseers: dict[str, list[Post]] = defaultdict(list)
    kinds = [kind.id for kind in charter.post_kinds if kind.rank == "head"]
    for post in every(connection, POST, moment, Post, POST.c.unit.in_(units), POST.c.kind.in_(kinds)):
        heads[post.unit, post.kind].append(post)
    duty = select(POST_DUTY.c.post).where(holds(POST_DUTY, moment), POST_DUTY.c.unit.in_(units))
    for post in every(connection, POST, moment, Post, POST.c.post.in_(duty)):
        for unit in post.duties:
            overseers[unit].append(post)
    return heads, overseers
