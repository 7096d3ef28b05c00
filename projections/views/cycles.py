"""Sync cycles: those of a unit or a subtree, and what was done about each."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import msgspec
from sqlalchemy import Connection

from projections.models.cycles import CYCLE
from projections.views import Fact, Found, Moment, history, one, page
from projections.views.organisation import in_units


class Item(msgspec.Struct):
    """What is to be done, or was found, on one line."""

    line: str
    text: str


class Cycle(Fact, kw_only=True):
    """A cycle. `stages`: by line those reached, in order. Of the last act: its `line`, `evidence` and `person`."""

    DOCUMENTS = ("items", "stages", "evidence", "findings")

    cycle: str
    unit: str
    title: str
    state: str
    items: tuple[Item, ...]
    stages: dict[str, list[str]]
    line: str | None
    evidence: tuple[str, ...] | None
    person: str | None
    findings: tuple[Item, ...] | None
    opened_on: date
    charter: str


def cycles(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Cycle]:
    """Cycles by id: of a unit, `within` a unit and all below it, or in certain states (open, inspected, closed)."""
    conditions = in_units(moment, CYCLE, states, unit, within)
    return page(connection, CYCLE, moment, Cycle, conditions, limit, after)


def cycle(connection: Connection, moment: Moment, id: str) -> Cycle | None:
    return one(connection, CYCLE, moment, Cycle, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Cycle]:
    """The cycle after each act that was known at the moment, in their order."""
    return history(connection, CYCLE, moment, Cycle, id)
