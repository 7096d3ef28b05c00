"""Views: what is asked of the facts, at any moment. Each takes a connection to the facts of one generation.

Lists are paged by key: `limit` items after the key `after`. What is not known at the moment is None, or not listed.
Days, decimals, flags and documents come back as Python values.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, or_, select

from projections.facts import FactTable, as_of, effective_on


class Moment(NamedTuple):
    """As known when `position` was the last event (None: now, which is fastest), and holding on the day
    `effective_on`; to who must see nothing of what is `barred`: tags of case teams, matters, hearings and honours."""

    position: int | None
    effective_on: date
    barred: frozenset[str] = frozenset()

    def on(self, day: date) -> Moment:
        """What was known is the same; what holds is that of another day."""
        return self._replace(effective_on=day)


class Fact(msgspec.Struct, kw_only=True):
    """What every fact shows: from which day on it holds, until which (exclusive; None: open), and the position of the
    event that made it so."""

    DOCUMENTS: ClassVar[tuple[str, ...]] = ()
    FLAGS: ClassVar[tuple[str, ...]] = ()

    since: date
    until: date | None
    position: int


F = TypeVar("F", bound=Fact)

_MARKS = {"since": "valid_from", "until": "valid_to", "position": "opened"}


class Found(msgspec.Struct, Generic[F]):
    """One page of a list. `after`: the key to go on after; None: this was all."""

    items: list[F]
    after: str | None


def holds(table: FactTable, moment: Moment) -> ColumnElement[bool]:
    """The rows that were known at the moment, and hold on its day."""
    return and_(known(table, moment), effective_on(table, moment.effective_on))


def known(table: FactTable, moment: Moment) -> ColumnElement[bool]:
    """The rows that were known at the moment, on whatever day they hold."""
    return and_(as_of(table, moment.position), *unbarred(table, moment))


_OF_CASES = {"case_team": "case-team", "matter": "matter", "hearing": "hearing", "honour": "honour"}


def of_cases(table: FactTable) -> dict[str, str]:
    """The columns by which a row is about a case, and of what kind the ids in them are."""
    return {name: kind for name, kind in _OF_CASES.items() if table.kinds.get(name) == "text"}


def unbarred(table: FactTable, moment: Moment) -> list[ColumnElement[bool]]:
    """That a row is about nothing that whoever looks is barred from."""
    hidden: dict[str, list[str]] = {}
    for each in sorted(moment.barred):
        kind, _, id = each.partition(":")
        hidden.setdefault(kind, []).append(id)
    columns = [(table.c[name], hidden[kind]) for name, kind in of_cases(table).items() if kind in hidden]
    return [or_(column.is_(None), column.not_in(ids)) for column, ids in columns]


def seen(table: FactTable, shape: type[Fact]) -> Select[Any]:
    """Select what `shape` shows of the rows of a table."""
    return select(*(table.c[_MARKS.get(name, name)].label(name) for name in shape.__struct_fields__))


def shown(row: Row[Any], shape: type[F]) -> F:
    """A row that was selected by `seen`."""
    values = dict(row._mapping)
    for name in shape.DOCUMENTS:
        if values[name] is not None:
            values[name] = msgspec.json.decode(values[name])
    for name in shape.FLAGS:
        values[name] = bool(values[name])
    return msgspec.convert(values, shape)


def every(
    connection: Connection, table: FactTable, moment: Moment, shape: type[F], *conditions: ColumnElement[bool]
) -> list[F]:
    """All facts that meet the conditions, by key."""
    keys = [table.c[name] for name in table.key]
    query = seen(table, shape).where(holds(table, moment), *conditions).order_by(*keys)
    return [shown(row, shape) for row in connection.execute(query)]


def page(
    connection: Connection,
    table: FactTable,
    moment: Moment,
    shape: type[F],
    conditions: Collection[ColumnElement[bool]],
    limit: int,
    after: str,
) -> Found[F]:
    """The first `limit` facts after the key `after` that meet the conditions. The table has a key of one column."""
    key = table.c[table.key[0]]
    query = seen(table, shape).where(holds(table, moment), *conditions).order_by(key).limit(limit + 1)
    if after:
        query = query.where(key > after)
    rows = connection.execute(query).all()
    items = [shown(row, shape) for row in rows[:limit]]
    return Found(items, getattr(items[-1], table.key[0]) if len(rows) > limit else None)


def history(connection: Connection, table: FactTable, moment: Moment, shape: type[F], key: str) -> list[F]:
    """The fact of a key after each event that was known at the moment, in their order; `position` is the event's."""
    query = seen(table, shape).where(table.c[table.key[0]] == key, *unbarred(table, moment))
    query = query.order_by(table.c.opened, table.c.valid_from)
    if moment.position is not None:
        query = query.where(table.c.opened <= moment.position)
    # An event cuts short what held before it, in another row of its position: the later day is the event's.
    found: dict[int, F] = {row.position: shown(row, shape) for row in connection.execute(query)}
    return list(found.values())


def one(connection: Connection, table: FactTable, moment: Moment, shape: type[F], *key: Any) -> F | None:
    """The fact of a key as it holds on the day; else as it held last before, or will hold first.

    Its days tell which; None: it was not known at the moment.
    """
    conditions = [table.c[name] == value for name, value in zip(table.key, key, strict=True)]
    query = seen(table, shape).where(known(table, moment), *conditions).order_by(table.c.valid_from)
    spans: Sequence[F] = [shown(row, shape) for row in connection.execute(query)]
    begun = [span for span in spans if span.since <= moment.effective_on]
    return begun[-1] if begun else next(iter(spans), None)
