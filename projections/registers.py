"""Registers: the few facts that hold at a moment, among the many that were known or held before or will later.

A fact is an interval of positions, and one of days. No order of rows finds the intervals around a point: where they
begin says nothing about where they end. But of intervals of about the same length those around a point began not long
before it. So rows are indexed by a class of length and then by their beginning, and each class is looked up by itself
(the idea of period and segment trees: Kriegel et al., "Managing Intervals Efficiently in Object-Relational Databases",
VLDB 2000). An answer takes as long as the register is at the moment, however long the history.

Rows that have no last day are replaced when something happens: their class is that of the positions they were known
for, at least 4^n and less than 4^(n+1). Of those that have one it is that of the days, likewise, and they
are looked up by their end, because mostly nothing is known yet to end after the day of the moment.
The last class of each is without end.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    CompoundSelect,
    Index,
    Integer,
    Select,
    Table,
    Text,
    column,
    literal_column,
    or_,
    select,
    union_all,
    values,
)

if TYPE_CHECKING:
    from projections.tables import FactTable

_BY_POSITIONS = [4 ** (n + 1) for n in range(12)]
_BY_DAYS = [4 ** (n + 1) for n in range(7)]
"""Each class is shorter than this, and the one after the last, of 16 million positions or 45 years, has no bound."""
_STILL = -1
"""The class of what is known still."""


def _day_number(column: str) -> str:
    """SQL for a whole number that grows with each day, at least by one."""
    year, month, day = (
        f"CAST(substr({column}, {start}, {size}) AS integer)" for start, size in ((1, 4), (6, 2), (9, 2))
    )
    return f"({year} * 372 + {month} * 31 + {day})"


def _class(length: str, bounds: Sequence[int]) -> ColumnClause[int]:
    cases = " ".join(f"WHEN {length} < {bound} THEN {n}" for n, bound in enumerate(bounds))
    return literal_column(f"(CASE WHEN {length} IS NULL THEN {_STILL} {cases} ELSE {len(bounds)} END)")


# Both databases use an index on an expression only for the very same expression, so it holds no parameters.
_positions = _class("(closed - opened)", _BY_POSITIONS)
_days = _class(f"({_day_number('valid_to')} - {_day_number('valid_from')})", _BY_DAYS)


def register_indexes(table: Table, columns: Sequence[str]) -> list[Index]:
    """The indexes that `listed` needs on a table of facts."""
    c, unended, ended = table.c, table.c.valid_to.is_(None), table.c.valid_to.is_not(None)
    # Every column that is asked for stands in the index, so that no row is looked up.
    register, *beside = dict.fromkeys([*columns, *(table.primary_key.columns.keys())])
    known = [register, "opened", "closed", "valid_from", "valid_to", *beside]
    held = [register, "valid_to", "valid_from", "opened", "closed", *beside]
    return [
        Index(f"{table.name}_known", *_indexed(c, known, _positions), sqlite_where=unended, postgresql_where=unended),
        Index(f"{table.name}_held", *_indexed(c, held, _days), sqlite_where=ended, postgresql_where=ended),
    ]


def _indexed(c: Any, names: Sequence[str], class_: ColumnClause[int]) -> list[Any]:
    first, *others = dict.fromkeys(names)
    return [c[first], class_, *(c[name] for name in others)]


def listed(
    table: FactTable, among: Collection[str], position: int | None, day: date, *conditions: ColumnElement[bool]
) -> CompoundSelect[Any]:
    """Select the keys of the rows that have one of `among` in the register's first column, were known when `position`
    was the last event (None: are known now), and hold on `day`; `conditions` are on its other columns."""
    register = table.c[table.register[0]]
    keys = select(*(table.c[name] for name in table.key)).where(register.in_(among), *conditions).correlate(None)
    return union_all(_unended(table, keys, position, day), _ended(table, keys, position, day))


def _unended(table: FactTable, keys: Select[Any], position: int | None, day: date) -> Select[Any]:
    """Of the rows without a last day those that are asked for."""
    c = table.c
    asked = keys.where(c.valid_to.is_(None), c.valid_from <= day.isoformat())
    if position is None:
        return asked.where(_positions == _STILL, c.closed.is_(None))
    spans = [(_STILL, 0), *((n, position - bound) for n, bound in enumerate(_BY_POSITIONS)), (len(_BY_POSITIONS), 0)]
    span = values(column("n", Integer), column("since", Integer), name="span").data(spans).cte("span_of_positions")
    return asked.where(
        _positions == span.c.n,
        c.opened > span.c.since,
        c.opened <= position,
        or_(c.closed.is_(None), c.closed > position),
    )


def _ended(table: FactTable, keys: Select[Any], position: int | None, day: date) -> Select[Any]:
    """The same of the rows that have a last day."""
    c, on = table.c, day.isoformat()
    asked = keys.where(c.valid_from <= on, c.valid_to > on)
    if position is None:
        asked = asked.where(c.closed.is_(None))
    else:
        asked = asked.where(c.opened <= position, or_(c.closed.is_(None), c.closed > position))
    spans = [*((n, _days_later(day, bound)) for n, bound in enumerate(_BY_DAYS)), (len(_BY_DAYS), _NEVER)]
    span = values(column("n", Integer), column("until", Text), name="span").data(spans).cte("span_of_days")
    return asked.where(_days == span.c.n, c.valid_to < span.c.until)


_NEVER = "~"  # after all days


def _days_later(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat() if (date.max - day).days >= days else _NEVER
