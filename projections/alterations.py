"""What an event changed, fact by fact: the old value and the new one of each column, and the days on which it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from projections.facts import FactTable, ReadModel
from workflow.sealed import Sealed

SEALED = "sealed"
"""Stands for personal details, which are not opened here."""

Row = Mapping[str, Any]

_NEVER = "9999-99-99"
"""Sorts after every day."""

_BOX = set(Sealed.__struct_fields__)


class Alteration(msgspec.Struct, kw_only=True):
    """One column of one fact that was changed, for the days from `since` until `until` (exclusive; null: open). Of a
    fact that there was not before, `old` is null; of one that there is no more, `new`."""

    table: str
    key: dict[str, Any]
    column: str
    old: Any
    new: Any
    since: str
    until: str | None


def alterations(
    models: Iterable[ReadModel], changed: Mapping[str, tuple[Sequence[Row], Sequence[Row]]]
) -> list[Alteration]:
    """What differs between the rows before and after, by the name of the table, in the order of tables, keys, columns
    and days."""
    found: list[Alteration] = []
    for table in (table for model in models for table in model.tables if table.name in changed):
        before, after = (_by_key(table, rows) for rows in changed[table.name])
        for key in dict.fromkeys((*before, *after)):
            spans = list(_spans(before.get(key, []), after.get(key, [])))
            for column in (*table.key, *table.values):
                found += _of_column(table, key, column, spans)
    return found


def _by_key(table: FactTable, rows: Sequence[Row]) -> dict[tuple[Any, ...], list[Row]]:
    found: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in table.key), []).append(row)
    return found


_Span = tuple[str, str, Row | None, Row | None]
"""From a day until another: the row that held before, and the one that does now."""


def _spans(before: Sequence[Row], after: Sequence[Row]) -> Iterator[_Span]:
    """The days of all rows of a key, cut where one begins or ends. The rows of either side do not overlap."""
    days = {day for row in (*before, *after) for day in (row["valid_from"], row["valid_to"] or _NEVER)}
    for since, until in pairwise(sorted(days)):
        old, new = (_holding(rows, since) for rows in (before, after))
        if old is not None or new is not None:
            yield since, until, old, new


def _holding(rows: Sequence[Row], day: str) -> Row | None:
    return next((row for row in rows if row["valid_from"] <= day < (row["valid_to"] or _NEVER)), None)


def _of_column(table: FactTable, key: tuple[Any, ...], column: str, spans: Sequence[_Span]) -> Iterator[Alteration]:
    """What changed in a column; spans that lie one after the other with the same change are one."""
    last: tuple[str, str, Any, Any] | None = None
    for since, until, before, after in spans:
        old, new = (None if row is None else row[column] for row in (before, after))
        if last is not None and last[1:] == (since, old, new):
            last = (last[0], until, old, new)
            continue
        if last is not None:
            yield _alteration(table, key, column, last)
        last = (since, until, old, new) if old != new else None
    if last is not None:
        yield _alteration(table, key, column, last)


def _alteration(table: FactTable, key: tuple[Any, ...], column: str, change: tuple[str, str, Any, Any]) -> Alteration:
    since, until, old, new = change
    return Alteration(
        table=table.name,
        key=dict(zip(table.key, key, strict=True)),
        column=column,
        old=_shown(table.kinds[column], old),
        new=_shown(table.kinds[column], new),
        since=since,
        until=None if until == _NEVER else until,
    )


def _shown(kind: str, kept: Any) -> Any:
    """A value as it is meant, not as it is kept; without what is sealed."""
    if kept is None:
        return None
    if kind == "flag":
        return bool(kept)
    return _unboxed(msgspec.json.decode(kept)) if kind == "document" else kept


def _unboxed(value: Any) -> Any:
    if isinstance(value, dict):
        return SEALED if value.keys() == _BOX else {name: _unboxed(each) for name, each in value.items()}
    return [_unboxed(each) for each in value] if isinstance(value, list) else value
