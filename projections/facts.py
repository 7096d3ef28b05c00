"""Facts: what the events made true, since which event and from which day, and until when.

A read model is a module that declares tables and handlers, with its queries beside them:

    HOLDING = FactTable(
        "holding",
        key=[text("appointment")],
        columns=[text("person"), text("post"), text("kind")],
        indexes=[["person"], ["post"]],
    )

    def started(facts: Facts, fact: AppointmentStarted, at: At) -> None:
        facts.open(
            HOLDING, fact.appointment, valid_from=fact.effective, valid_to=fact.until,
            person=fact.person, post=fact.post, kind=fact.kind,
        )

    def ended(facts: Facts, fact: AppointmentEnded, at: At) -> None:
        facts.close(HOLDING, fact.appointment, effective=fact.effective)

    MODEL = ReadModel(
        "responsibility", version=1, tables=[HOLDING],
        handlers={AppointmentStarted: started, AppointmentEnded: ended},
    )

    def holders(connection: Connection, post: str, position: int | None, day: date) -> ...:
        held = HOLDING.c.post == post, as_of(HOLDING, position), effective_on(HOLDING, day)
        connection.execute(select(HOLDING.c.person).where(*held))

A handler says only `open`, `amend`, `revise` and `close`; it may `get` what is held. It touches no table of another
read model, and no clock, randomness or I/O. Each row carries four marks beside its key and its values:

    opened, closed          positions of the event that made it true, and of the one that ended or changed it
    valid_from, valid_to    the days between which it holds, the second exclusive; `date.min`: since ever

A row whose validity has come to an end stays known: only `closed` takes it away. A key may hold in several spans
that do not overlap, each a row. When tables or handlers change, `version` goes up, and the facts are built anew
beside the old ones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from projections.registers import listed
from projections.tables import (
    CLOSED,
    OPENED,
    VALID_FROM,
    VALID_TO,
    FactTable,
    as_of,
    day,
    decimal,
    document,
    effective_on,
    flag,
    integer,
    iso,
    text,
    words,
)
from workflow.slices import Event

__all__ = [
    "At",
    "FactError",
    "FactTable",
    "Facts",
    "Handler",
    "ReadModel",
    "as_of",
    "day",
    "decimal",
    "document",
    "effective_on",
    "flag",
    "integer",
    "listed",
    "text",
    "words",
]

Key = tuple[Any, ...]
Row = list[Any]
"""Key, values and marks, in the order of the table's columns."""

MOST_KEPT = 100_000
"""Keys of one table that stay in memory from one batch to the next."""


class FactError(Exception):
    """A handler asked for what cannot be: to open what holds already, to amend or close what is not known."""


class At(msgspec.Struct):
    """The circumstances of an event: its position, when it was recorded (RFC 3339, UTC), by whom and why."""

    time: str
    actor: str
    reason: str = ""
    approver: str = ""
    rule_version: str = msgspec.field(name="ruleversion", default="")
    position: int = 0


Handler = Callable[["Facts", Any, At], None]


@dataclass(frozen=True, eq=False)
class ReadModel:
    """Tables, and for each type of event that changes them a handler."""

    name: str
    version: int
    tables: Sequence[FactTable]
    handlers: Mapping[type[Event], Handler]


class _Held:
    """One table in memory: the current rows of each key by their first day, and what is to be written."""

    __slots__ = ("current", "ended", "new")

    def __init__(self) -> None:
        self.current: dict[Key, list[Row]] = {}
        self.new: list[Row] = []
        self.ended: list[Row] = []


class Facts:
    """The facts of one read model while events are applied; rows opened up to `written` are in the database.

    `load` gives the current rows of a key that is not in memory, by their first day; at most so many keys of a table
    stay there from one batch to the next. `position` is set to an event's own before it is handled. Two changes of
    one key by one event are one: what an event both opens and closes never appears.
    """

    def __init__(
        self,
        tables: Sequence[FactTable],
        written: int,
        load: Callable[[FactTable, Key], list[Row]],
        most_kept: float = MOST_KEPT,
    ) -> None:
        self.position = written
        self._most_kept = most_kept
        self._written = written
        self._load = load
        self._held = {table: _Held() for table in tables}

    def open(
        self, table: FactTable, /, *key: Any, valid_from: date, valid_to: date | None = None, **values: Any
    ) -> None:
        """`key` holds from one day until another (None: open), with these values; those not given are null.

        Raises FactError if it holds already on any of those days, or if there are none.
        """
        held = self._held[table]
        current = held.current.get(key)
        if current is None:
            current = self._fetch(table, key)
        # A handler that gives all values in the order of the columns is served faster.
        given = values.values() if tuple(values) == table.values else _in_order(table, values)
        until = None if valid_to is None else iso(valid_to)
        row = [*key, *given, self.position, None, iso(valid_from), until]
        for place, keep in table.keep:
            if row[place] is not None:
                row[place] = keep(row[place])
        if valid_to is not None and valid_to <= valid_from:
            raise FactError(f"{table.name} {key} would hold on no day: from {valid_from} until {valid_to}")
        if current and any(_overlap(row, other) for other in current):
            raise FactError(f"{table.name} {key} is open already")
        held.new.append(row)
        current.append(row)
        if len(current) > 1:
            current.sort(key=_first_day)

    def amend(self, table: FactTable, /, *key: Any, effective: date | None = None, **changes: Any) -> None:
        """`key` has these values instead, from a day on, or (None) on all days on which it holds.

        A span that began before that day is cut in two. Raises FactError if `key` is not known, or does not hold
        from that day on.
        """
        self._change(table, key, effective, lambda row: _changed(table, row, changes))

    def revise(
        self, table: FactTable, /, *key: Any, change: Callable[[dict[str, Any]], Mapping[str, Any]], effective: date
    ) -> None:
        """From a day on, each row of `key` has the values instead that `change` makes of it; some may stay as they are.

        For what is noted late, when more has happened since that day. `change` is given the row as `get` gives it.
        Raises FactError as `amend` does.
        """
        self._change(
            table,
            key,
            effective,
            lambda row: _changed(table, row, change(dict(zip(table.columns, row, strict=True)))),
        )

    def _change(self, table: FactTable, key: Key, effective: date | None, change: Callable[[Row], Row]) -> None:
        current = self._known(table, key)
        since = None if effective is None else iso(effective)
        place = _first_reached(current, since)
        if place == len(current):
            raise FactError(f"{table.name} {key} does not hold on or after {effective}")
        for row in current[place:]:
            changed = change(row)
            if changed == row:
                place += 1
                continue
            instead = [changed]
            if since is not None and row[VALID_FROM] < since:
                changed[VALID_FROM] = since
                instead = [_until(row, since), changed]
            self._replace(table, current, place, instead)
            place += len(instead)

    def close(self, table: FactTable, /, *key: Any, effective: date | None = None) -> None:
        """`key` does not hold from a day on, while what held before stays known; or (None) does not hold at all.

        Raises FactError if `key` is not known.
        """
        current = self._known(table, key)
        since = None if effective is None else iso(effective)
        place = _first_reached(current, since)
        for row in current[place:]:
            instead = [_until(row, since)] if since is not None and row[VALID_FROM] < since else []
            self._replace(table, current, place, instead)
            place += len(instead)

    def get(self, table: FactTable, /, *key: Any) -> dict[str, Any] | None:
        """The current row of `key`, marks included, as the database keeps it; None if there is none.

        If it holds in several spans: the last one.
        """
        current = self._held[table].current.get(key)
        if current is None:
            current = self._fetch(table, key)
        return dict(zip(table.columns, current[-1], strict=True)) if current else None

    @property
    def kept(self) -> int:
        """How many keys are in memory."""
        return sum(len(held.current) for held in self._held.values())

    def unwritten(self, upto: int) -> Iterator[tuple[FactTable, list[Row], list[Row]]]:
        """For each table the new rows opened up to a position, in the order of their events, and written ones that were
        closed since. A new row may have been closed after `upto`: then it is written once, as it is now."""
        for table, held in self._held.items():
            new = held.new[: bisect_right(held.new, upto, key=_opened)]
            if new or held.ended:
                yield table, new, held.ended

    def wrote(self, upto: int) -> None:
        """What `unwritten` gave is in the database now."""
        self._written = upto
        for held in self._held.values():
            del held.new[: bisect_right(held.new, upto, key=_opened)]
            held.ended = []
            if len(held.current) > self._most_kept:
                held.current.clear()

    def take_back(self, position: int) -> None:
        """Undo what events after `position` changed in what is unwritten. No more events can be applied then."""
        for held in self._held.values():
            held.new = [row for row in held.new if row[OPENED] <= position]
            for row in (*held.new, *held.ended):
                if row[CLOSED] is not None and row[CLOSED] > position:
                    row[CLOSED] = None
            held.ended = [row for row in held.ended if row[CLOSED] is not None]

    def _fetch(self, table: FactTable, key: Key) -> list[Row]:
        if len(key) != len(table.key):
            raise FactError(f"the key of {table.name} is {', '.join(table.key)}, not {key}")
        rows = self._held[table].current[key] = self._load(table, key)
        return rows

    def _known(self, table: FactTable, key: Key) -> list[Row]:
        current = self._held[table].current.get(key)
        if current is None:
            current = self._fetch(table, key)
        if not current:
            raise FactError(f"{table.name} {key} is not known")
        return current

    def _replace(self, table: FactTable, current: list[Row], place: int, instead: list[Row]) -> None:
        """This event puts other rows, or none, in the place of a current one, in the order of their first days."""
        held, row = self._held[table], current[place]
        if row[OPENED] == self.position:
            _take_out(held.new, row)
        else:
            row[CLOSED] = self.position
            if row[OPENED] <= self._written:
                held.ended.append(row)
        for new in instead:
            new[OPENED], new[CLOSED] = self.position, None
            held.new.append(new)
        current[place : place + 1] = instead


def _first_day(row: Row) -> Any:
    return row[VALID_FROM]


def _opened(row: Row) -> Any:
    return row[OPENED]


def _reaches(row: Row, since: str | None) -> bool:
    """Whether a row holds on some day from `since` on."""
    return since is None or row[VALID_TO] is None or row[VALID_TO] > since


def _first_reached(current: list[Row], since: str | None) -> int:
    """Where the rows begin that hold on some day from `since` on: they are the last ones, as spans do not overlap."""
    place = len(current)
    while place and _reaches(current[place - 1], since):
        place -= 1
    return place


def _overlap(one: Row, other: Row) -> bool:
    return _reaches(one, other[VALID_FROM]) and _reaches(other, one[VALID_FROM])


def _until(row: Row, day: str) -> Row:
    return [*row[:VALID_TO], day]


def _check(table: FactTable, values: Mapping[str, Any]) -> None:
    """Raises FactError for a value that the table has not."""
    if not values.keys() <= table.known:
        unknown = ", ".join(values.keys() - table.known)
        raise FactError(f"{table.name} has no {unknown}; its values are {', '.join(table.values)}")


def _in_order(table: FactTable, values: dict[str, Any]) -> list[Any]:
    """The values in the order of the columns."""
    _check(table, values)
    return [values.get(name) for name in table.values]


def _changed(table: FactTable, row: Row, changes: Mapping[str, Any]) -> Row:
    _check(table, changes)
    changed = row.copy()
    for name, value in changes.items():
        keep = table.keep_as.get(name)
        changed[table.place[name]] = value if keep is None or value is None else keep(value)
    return changed


def _take_out(rows: list[Row], row: Row) -> None:
    """Remove this very row, which is near the end; an equal one may stand before it."""
    for place in range(len(rows) - 1, -1, -1):
        if rows[place] is row:
            del rows[place]
            return
