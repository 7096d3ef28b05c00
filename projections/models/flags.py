"""The colours of things that have several deadlines: by what is due, and the worst of them.

A table of such things has the columns `flags`, by what is due the colour that it was given, and `colour`. What is due
by its rows, and on which day, a model tells by a function of the row.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import msgspec

from projections.facts import Facts, FactTable

_RANK = ("green", "yellow", "red")

Row = dict[str, Any]
Dues = Callable[[Row], Row]
"""What is to be done as a row says, by name, and on which day it is due; None: not, or not any more."""


class _Flagged(Protocol):
    @property
    def why(self) -> str: ...
    @property
    def due(self) -> date: ...
    @property
    def colour(self) -> str: ...
    @property
    def effective(self) -> date: ...


def flagged(facts: Facts, table: FactTable, id: str, fact: _Flagged, dues: Dues) -> None:
    """What is due for one reason turned yellow or red: as long as it is due, as more may have been done since."""

    def is_due(row: Row) -> bool:
        return _days(dues(row)).get(fact.why) == fact.due.isoformat()

    def change(row: Row) -> Row:
        return _of(_flags(row) | {fact.why: fact.colour})

    facts.revise(table, id, effective=fact.effective, change=as_long_as(is_due, change))


def as_long_as(holds: Callable[[Row], bool], change: Callable[[Row], Row]) -> Callable[[Row], Row]:
    """What a change makes of the rows since a day, up to the first of which that does not hold: what is so again
    afterwards has a history of its own."""
    over = False

    def changed(row: Row) -> Row:
        nonlocal over
        over = over or not holds(row)
        return {} if over else change(row)

    return changed


def acted(facts: Facts, table: FactTable, id: str, effective: date, dues: Dues, **changes: Any) -> None:
    """Something was done; what is not due any more, or on another day, has lost its colour."""

    def change(row: Row) -> Row:
        before, after = _days(dues(row)), _days(dues(row | changes))
        return changes | _of({why: colour for why, colour in _flags(row).items() if before[why] == after.get(why)})

    facts.revise(table, id, effective=effective, change=change)


def _flags(row: Row) -> dict[str, str]:
    return msgspec.json.decode(row["flags"], type=dict[str, str]) if row["flags"] else {}


def _days(dues: Row) -> dict[str, str]:
    """Days as they are kept."""
    return {why: str(due) for why, due in dues.items() if due is not None}


def _of(flags: dict[str, str]) -> Row:
    worst = max(flags.values(), key=_RANK.index, default="green")
    return {"flags": flags or None, "colour": worst}
