"""Whose details were erased or are restricted: by now, whatever moment is looked at."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, func, select

from projections.facts import as_of
from projections.models.erasure import HOLD


def held_since(connection: Connection, whose: Collection[str]) -> dict[str, tuple[str, date]]:
    """State and first day, by the names of keys, of those who are erased or restricted."""
    query = select(HOLD.c.whose, HOLD.c.state, HOLD.c.valid_from).where(
        HOLD.c.whose.in_(sorted(whose)), as_of(HOLD, None), HOLD.c.valid_to.is_(None)
    )
    return {row.whose: (row.state, date.fromisoformat(row.valid_from)) for row in connection.execute(query)}


def last_changed(connection: Connection) -> tuple[int, int]:
    """The positions at which somebody was last erased or restricted, and released: what is shown of the past changes
    then."""
    opened, closed = connection.execute(select(func.max(HOLD.c.opened), func.max(HOLD.c.closed))).one()
    return opened or 0, closed or 0
