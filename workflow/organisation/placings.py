"""Which units stood below one, from what was recorded of units up to any moment; a command asks `below.Below`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.organisation.events import UnitEstablished, UnitMoved
from workflow.slices import Event

PLACINGS = (UnitEstablished.TOPIC, UnitMoved.TOPIC)
"""The types of the events that say below which unit another one stands."""


def placed_below(placings: Iterable[Event], top: str, day: date) -> frozenset[str]:
    """A unit and those that stand below it on a day. What happened to a unit that is dissolved by then, or not yet
    established, belongs somewhere too: where it stood last, or will stand first."""
    placed: dict[str, list[tuple[date, str | None]]] = {}
    for fact in placings:
        if isinstance(fact, (UnitEstablished, UnitMoved)):
            placed.setdefault(fact.unit, []).append((fact.effective, fact.parent))
    children: dict[str | None, list[str]] = {}
    for unit, places in placed.items():
        parent = next((parent for since, parent in reversed(places) if since <= day), places[0][1])
        children.setdefault(parent, []).append(unit)
    found, left = {top}, [top]
    while left:
        new = [unit for unit in children.get(left.pop(), ()) if unit not in found]
        found.update(new)
        left += new
    return frozenset(found)
