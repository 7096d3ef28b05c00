"""What happened to sync cycles (row 3 of the domain): opened, moved stage by stage on each line, inspected, closed."""

from __future__ import annotations

from datetime import date

import msgspec

from workflow.ids import CycleId, PersonId, UnitId
from workflow.slices import Event


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be done, or was found, on one line."""

    line: str
    text: str


class CycleOpened(Event):
    """A unit sets out with an item on each line. The charter of that day says through which stages they move."""

    TOPIC = "cycle.opened"
    cycle: CycleId
    unit: UnitId
    title: str
    items: tuple[Item, ...]
    charter: str
    charter_digest: str
    effective: date


class CycleStageReached(Event):
    """The item of a line reached a stage. `person` reports it for the unit; None: a clerk recorded it."""

    TOPIC = "cycle.stage_reached"
    cycle: CycleId
    unit: UnitId
    line: str
    stage: str
    evidence: tuple[str, ...]
    person: PersonId | None
    effective: date


class CycleInspected(Event):
    """Somebody from outside the unit looked at the work on every line."""

    TOPIC = "cycle.inspected"
    cycle: CycleId
    unit: UnitId
    inspector: PersonId
    findings: tuple[Item, ...]
    evidence: tuple[str, ...]
    effective: date


class CycleClosed(Event):
    TOPIC = "cycle.closed"
    cycle: CycleId
    unit: UnitId
    person: PersonId | None
    effective: date
