"""Fact tables: how they are declared, and the conditions by which a query says when.

Databases keep texts and whole numbers only, so that both order and digest them alike: a day is its ISO text, a
decimal its plain digits, a flag 0 or 1, a document JSON. Handlers give Python values; `get` and queries give what
is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    and_,
    or_,
)
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.types import TypeEngine

from projections.registers import register_indexes

OPENED, CLOSED, VALID_FROM, VALID_TO = -4, -3, -2, -1
"""Where the marks stand in a row."""

_MARKS = ("opened", "closed", "valid_from", "valid_to")
_TEXT: TypeEngine[Any] = Text().with_variant(Text(collation="C"), "postgresql")
_WHOLE: TypeEngine[Any] = BigInteger().with_variant(Integer(), "sqlite")  # a strict table knows no BIGINT
_json = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True)
class FactColumn:
    """A column of a fact table; `keep` turns what a handler gives into what the database keeps. `kind`: text, words,
    integer, flag, day, decimal or document."""

    name: str
    kind: str
    type: TypeEngine[Any]
    keep: Callable[[Any], Any] | None = None


@cache
def iso(day: date) -> str:
    """The text of a day. There are few days and many facts: each day's text is made, and kept in memory, once."""
    return day.isoformat()


def quoted(name: str) -> str:
    """A name of a table or of a column in SQL of our own, where it may be a word that SQL reserves."""
    return f'"{name}"'


def text(name: str) -> FactColumn:
    return FactColumn(name, "text", _TEXT)


def words(name: str) -> FactColumn:
    """A text that somebody wrote: no id, even if it says one."""
    return FactColumn(name, "words", _TEXT)


def integer(name: str) -> FactColumn:
    """A whole number of at most 64 bits."""
    return FactColumn(name, "integer", _WHOLE)


def flag(name: str) -> FactColumn:
    return FactColumn(name, "flag", _WHOLE, int)


def day(name: str) -> FactColumn:
    return FactColumn(name, "day", _TEXT, iso)


def decimal(name: str) -> FactColumn:
    """A decimal as plain digits; never a float, never an exponent."""
    return FactColumn(name, "decimal", _TEXT, _plain)


def _plain(value: Decimal) -> str:
    # Formatting costs four times as much as plain text, which is right unless there is an exponent.
    text = str(value)
    return format(value, "f") if "E" in text else text


def document(name: str) -> FactColumn:
    """Anything that msgspec writes as JSON: a tuple of ids, a struct, sealed details."""
    return FactColumn(name, "document", _TEXT, lambda value: _json(value).decode())


class FactTable:
    """A table of facts: key columns, value columns (which may be null), and the four marks.

    `indexes` names, beside the key, the columns by which queries look up what is known. `register` names first the one
    by whose values `listed` finds the few rows that hold at a moment, and then those by which it narrows them. `table`
    is the SQLAlchemy table, and `c` its columns.
    """

    def __init__(
        self,
        name: str,
        key: Sequence[FactColumn],
        columns: Sequence[FactColumn] = (),
        indexes: Sequence[Sequence[str]] = (),
        register: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.register = tuple(register)
        self.key = tuple(column.name for column in key)
        self.values = tuple(column.name for column in columns)
        self.kinds = {column.name: column.kind for column in (*key, *columns)}
        self.columns = (*self.key, *self.values, *_MARKS)
        if len(set(self.columns)) < len(self.columns) or "effective" in self.columns:
            raise ValueError(f"{name}: each column has a name of its own, no mark's and not `effective`")
        if any(column.keep for column in key):
            raise ValueError(f"{name}: a key is made of texts and whole numbers")
        self.known = frozenset(self.values)
        self.place = {column: number for number, column in enumerate(self.columns)}
        self.keep = [(n, c.keep) for n, c in enumerate((*key, *columns)) if c.keep is not None]
        self.keep_as = {c.name: c.keep for c in columns if c.keep is not None}
        # First of all a row is named by the event that made it true: rows are written in the order in which they
        # are stored, a digest reads them in that order, and what one event opened lies together.
        self.primary = ("opened", *self.key, "valid_from")
        self.table = Table(
            name,
            MetaData(),
            *(Column(c.name, c.type, nullable=False) for c in key),
            *(Column(c.name, c.type) for c in columns),
            Column("opened", _WHOLE, nullable=False, autoincrement=False),
            Column("closed", _WHOLE),
            Column("valid_from", _TEXT, nullable=False),
            Column("valid_to", _TEXT),
            PrimaryKeyConstraint(*self.primary),
            sqlite_with_rowid=False,
            sqlite_strict=True,
        )
        self.indexes = [self._index(columns) for columns in (self.key, *indexes)]
        if register:
            self.indexes += register_indexes(self.table, register)
        closed = self.c.closed
        self.indexes.append(
            Index(
                f"{name}_closed",
                closed,
                sqlite_where=closed.is_not(None),
                postgresql_where=closed.is_not(None),
            )
        )

    def _index(self, columns: Sequence[str]) -> Index:
        return Index(f"{self.name}_by_{'_'.join(columns)}", *(self.c[c] for c in columns), self.c.closed)

    @property
    def c(self) -> ReadOnlyColumnCollection[str, Column[Any]]:
        return self.table.c


def as_of(table: FactTable, position: int | None) -> ColumnElement[bool]:
    """The rows that were known when `position` was the last event; None: those that are known now."""
    if position is None:
        return table.c.closed.is_(None)
    return and_(table.c.opened <= position, or_(table.c.closed.is_(None), table.c.closed > position))


def effective_on(table: FactTable, day: date) -> ColumnElement[bool]:
    """The rows that hold on `day`, in the institution's calendar."""
    on = iso(day)
    return and_(table.c.valid_from <= on, or_(table.c.valid_to.is_(None), table.c.valid_to > on))
