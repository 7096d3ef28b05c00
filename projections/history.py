"""What an event changed, what differs between two positions, and a digest by which facts are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, or_, select

from projections.facts import FactTable, ReadModel
from projections.tables import quoted

_PAGE = 10_000
_lines = msgspec.json.Encoder().encode_lines


@dataclass(frozen=True)
class Difference:
    """The rows of one table that were known before and are not afterwards, and the other way round.

    Rows have all columns, marks included, in the order of the table's key. A changed row stands in both. What was
    closed after the later position counts as current, so that the answer never changes.
    """

    before: Sequence[RowMapping]
    after: Sequence[RowMapping]


def changes(connection: Connection, models: Iterable[ReadModel], position: int) -> dict[str, Difference]:
    """What the event at `position` changed, by the name of the table; tables that it left alone are absent."""
    return difference(connection, models, position - 1, position)


def difference(connection: Connection, models: Iterable[ReadModel], earlier: int, later: int) -> dict[str, Difference]:
    """What was known at the one position and not at the other, by the name of the table.

    `earlier` may be the greater one: before and after then change places.
    """
    first, last = sorted((earlier, later))
    found = {}
    for table in (table for model in models for table in model.tables):
        opened, closed = table.c.opened, table.c.closed
        gone = _rows(connection, table, last, and_(closed > first, closed <= last, opened <= first))
        come = _rows(
            connection, table, last, and_(opened > first, opened <= last, or_(closed.is_(None), closed > last))
        )
        if gone or come:
            found[table.name] = Difference(gone, come) if earlier <= later else Difference(come, gone)
    return found


def digest(connection: Connection, model: ReadModel, position: int) -> str:
    """SHA-256, in hex, of the facts of `model` as they were known at `position`: of their whole history up to there.

    Of each table in turn: its name and columns, then each row by position, key and first day, as JSON arrays, one a
    line (UTF-8, no spaces). What was closed later counts as current. The same facts have the same digest on every
    database, in whatever batches they were written.
    """
    sha = hashlib.sha256()
    for table in model.tables:
        sha.update(_lines([[table.name, *table.columns]]))
        for page in pages_as_of(connection, table, position):
            sha.update(_lines(page))
    return sha.hexdigest()


def _rows(connection: Connection, table: FactTable, last: int, condition: ColumnElement[bool]) -> Sequence[RowMapping]:
    closed = case((table.c.closed <= last, table.c.closed)).label("closed")
    columns = [closed if name == "closed" else table.c[name] for name in table.columns]
    order = [table.c[name] for name in (*table.key, "valid_from", "opened")]
    return connection.execute(select(*columns).where(condition).order_by(*order)).mappings().all()


def pages_as_of(connection: Connection, table: FactTable, position: int) -> Iterator[list[Any]]:
    """All rows of a table that had been opened at `position`, as they stood then, in the order of their primary key.

    Plain tuples, in pages: a million of them is usual here. What is projected meanwhile does not show.
    """
    columns = ["CASE WHEN closed <= {0} THEN closed END" if c == "closed" else quoted(c) for c in table.columns]
    order = ", ".join(map(quoted, table.primary))
    sql = f"SELECT {', '.join(columns)} FROM {quoted(table.name)} WHERE opened <= {{0}} ORDER BY {order}".format(
        int(position)
    )
    driver: Any = connection.connection.driver_connection
    cursor = driver.cursor() if connection.dialect.name == "sqlite" else driver.cursor("digest")
    try:
        cursor.execute(sql)
        while page := cursor.fetchmany(_PAGE):
            yield page
    finally:
        cursor.close()
