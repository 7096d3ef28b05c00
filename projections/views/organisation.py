"""Units, posts and grids, and who leads ex officio."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, String, cast, func, literal, or_, select, type_coerce

from projections.facts import FactTable, listed
from projections.models.responsibility import GRID, LEADERSHIP, POST, UNIT
from projections.views import Fact, Found, Moment, every, holds, one, page

DEEPEST = 64
"""Levels of a tree that are looked through; no tree of units has a circle, but a damaged one shall not hang."""


class Unit(Fact, kw_only=True):
    """A unit, as it is called and placed from `since` on. `established` and `dissolved` are its first day and the day
    from which it is no more."""

    unit: str
    kind: str
    name_zh: str
    name_en: str
    parent: str | None
    established: date
    dissolved: date | None


class Post(Fact, kw_only=True):
    """A post in a unit. `duties` are the units it answers for besides; `seats` how many may hold it."""

    DOCUMENTS = ("duties",)

    post: str
    unit: str
    kind: str
    title_zh: str
    title_en: str
    seats: int
    duties: tuple[str, ...]
    established: date
    abolished: date | None


class Grid(Fact, kw_only=True):
    """A department and the group that is bound to it."""

    grid: str
    department: str
    group_unit: str


class Leadership(Fact, kw_only=True):
    """What the ex-officio `rule` says of a grid: `person` leads the group by `appointment`, or nobody does.

    `why` is "", or why nobody: head_not_member, vacancy, heads_two, designated; then `person` is the head whom it
    concerns, if there is one.
    """

    FLAGS = ("acting",)

    grid: str
    group_unit: str
    department: str
    person: str | None
    appointment: str | None
    rule: str
    acting: bool
    why: str


def units(
    connection: Connection,
    moment: Moment,
    *,
    kind: str | None = None,
    parent: str | None = None,
    within: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Unit]:
    """Units by id: of a kind, directly below `parent`, or `within` a unit: it and all below it."""
    conditions: list[ColumnElement[bool]] = []
    if kind is not None:
        conditions.append(UNIT.c.kind == kind)
    if parent is not None:
        conditions.append(UNIT.c.parent == parent)
    if within is not None:
        conditions.append(UNIT.c.unit.in_(subtree(moment, within)))
    return page(connection, UNIT, moment, Unit, conditions, limit, after)


def unit(connection: Connection, moment: Moment, id: str) -> Unit | None:
    return one(connection, UNIT, moment, Unit, id)


def units_by_id(connection: Connection, moment: Moment, ids: Collection[str]) -> dict[str, Unit]:
    """Those of these units that stand on the day, by id."""
    return {each.unit: each for each in every(connection, UNIT, moment, Unit, UNIT.c.unit.in_(sorted(ids)))}


def posts(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    kind: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Post]:
    """Posts by id: of a unit, or of a kind."""
    conditions = []
    if unit is not None:
        conditions.append(POST.c.unit == unit)
    if kind is not None:
        conditions.append(POST.c.kind == kind)
    return page(connection, POST, moment, Post, conditions, limit, after)


def post(connection: Connection, moment: Moment, id: str) -> Post | None:
    return one(connection, POST, moment, Post, id)


def posts_by_id(connection: Connection, moment: Moment, ids: Collection[str]) -> dict[str, Post]:
    """Those of these posts that there are on the day, by id."""
    return {each.post: each for each in every(connection, POST, moment, Post, POST.c.post.in_(sorted(ids)))}


def grids(connection: Connection, moment: Moment, *, limit: int = 50, after: str = "") -> Found[Grid]:
    """Grids by id."""
    return page(connection, GRID, moment, Grid, (), limit, after)


def grid(connection: Connection, moment: Moment, id: str) -> Grid | None:
    return one(connection, GRID, moment, Grid, id)


def leaderships(connection: Connection, moment: Moment, grids: list[str]) -> dict[str, Leadership]:
    """What the ex-officio rule says of these grids, by grid; of one that is not bound it says nothing."""
    found = every(connection, LEADERSHIP, moment, Leadership, LEADERSHIP.c.grid.in_(grids))
    return {each.grid: each for each in found}


def led_by(connection: Connection, moment: Moment, person: str) -> list[Leadership]:
    """The groups that somebody leads ex officio."""
    theirs = LEADERSHIP.c.person == person, LEADERSHIP.c.appointment.is_not(None)
    return every(connection, LEADERSHIP, moment, Leadership, *theirs)


def reached(connection: Connection, moment: Moment, units: Collection[str]) -> set[str]:
    """The units whose chains may lead through these: all below them, and below what a grid binds to one of those."""
    found: set[str] = set(connection.scalars(_subtrees(moment, units)))
    known = sorted(found)
    bound = every(connection, GRID, moment, Grid, or_(GRID.c.department.in_(known), GRID.c.group_unit.in_(known)))
    beside = {unit for each in bound for unit in (each.department, each.group_unit)} - found
    return found | set(connection.scalars(_subtrees(moment, beside))) if beside else found


def subtree(moment: Moment, unit: str) -> Select[tuple[str]]:
    """Select the ids of a unit and of all below it."""
    text = UNIT.c.unit.type
    return _downward(moment, select(type_coerce(cast(literal(unit), text), String).label("unit"), _NONE))


def _subtrees(moment: Moment, units: Collection[str]) -> Select[tuple[str]]:
    """The same of several, as far as they stand."""
    return _downward(moment, select(UNIT.c.unit, _NONE).where(UNIT.c.unit.in_(sorted(units)), holds(UNIT, moment)))


_NONE = literal(0).label("depth")


def _downward(moment: Moment, root: Select[str, int]) -> Select[tuple[str]]:
    tree = root.cte("tree", recursive=True)
    below = select(UNIT.c.unit, tree.c.depth + 1).where(
        UNIT.c.parent == tree.c.unit, holds(UNIT, moment), tree.c.depth < DEEPEST
    )
    return select(tree.union_all(below).c.unit)


def in_units(
    moment: Moment,
    table: FactTable,
    states: Collection[str],
    unit: str | None,
    within: str | None,
    units: Collection[str] | None = None,
) -> list[ColumnElement[bool]]:
    """Conditions for the rows of a register: of a unit, of any of several `units`, `within` a unit and all below it, in
    certain states (none: in any). Of one unit the rows are looked up by the unit, else by the register."""
    conditions: list[ColumnElement[bool]] = []
    if units is not None:
        conditions.append(table.c.unit.in_(sorted(units)))
    if within is not None:
        conditions.append(table.c.unit.in_(subtree(moment, within)))
    if unit is not None:
        conditions.append(table.c.unit == unit)
        return [*conditions, table.c.state.in_(states)] if states else conditions
    if states:
        return [table.c[table.key[0]].in_(listed(table, states, *moment[:2], *conditions))]
    return conditions


def of_register(
    moment: Moment,
    table: FactTable,
    states: Collection[str],
    unit: str | None,
    within: str | None,
    colour: str | None,
    **equal: str | None,
) -> list[ColumnElement[bool]]:
    """The same, and of a colour, or with some value in another column, by which the rows are looked up then."""
    narrowed = [table.c[name] == value for name, value in equal.items() if value is not None]
    conditions = in_units(moment, table, () if narrowed else states, unit, within) + narrowed
    if narrowed and states:
        conditions.append(table.c.state.in_(states))
    if colour is not None:
        conditions.append(table.c.colour == colour)
    return conditions


def by_colour(
    connection: Connection, moment: Moment, table: FactTable, states: Collection[str], within: str
) -> dict[str, int]:
    """How many rows of a register of each colour are in certain states, in a unit and all below it."""
    still = listed(table, states, *moment[:2], table.c.unit.in_(subtree(moment, within)))
    query = select(table.c.colour, func.count()).where(holds(table, moment), table.c[table.key[0]].in_(still))
    return {row[0]: row[1] for row in connection.execute(query.group_by(table.c.colour))}


def upward(connection: Connection, moment: Moment, starts: list[str]) -> dict[str, list[Unit]]:
    """Of each of these units: it and the units above it, the nearest first; empty for one that does not stand."""
    known: dict[str, Unit] = {}
    wanted = set(starts)
    for _ in range(DEEPEST):
        if not wanted:
            break
        level = every(connection, UNIT, moment, Unit, UNIT.c.unit.in_(sorted(wanted)))
        known |= {each.unit: each for each in level}
        wanted = {each.parent for each in level if each.parent is not None} - known.keys()
    return {start: _path(known, start) for start in starts}


def _path(known: dict[str, Unit], start: str) -> list[Unit]:
    path: list[Unit] = []
    at: str | None = start
    while at is not None and at in known and len(path) < DEEPEST:
        path.append(known[at])
        at = known[at].parent
    return path
