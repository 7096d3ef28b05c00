"""What a trail is narrowed by, and how it becomes a search of the log: for reading it and for taking it away alike."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from api.access import Sight
from api.trail import Search, Wanted
from workflow.entry import microseconds, read_envelope
from workflow.ids import is_id, tag
from workflow.log import Entry, LogRecorder
from workflow.organisation.placings import PLACINGS, placed_below

MOST_LOOKED_UP = 8
"""The most units whose events are looked up in the index of the log, each by itself. Of more, the log is read through:
they bear a good part of it."""


class Filters(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a trail is narrowed by; what is left out narrows nothing. The ends of ranges belong to them."""

    tag: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    actor: str | None = None
    within: str | None = None
    reason: str | None = None
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None
    effective_from: date | None = None
    effective_to: date | None = None

    def asked(self) -> dict[str, list[str]]:
        """The filters as the texts that name them, as a query has them."""
        said: dict[str, Any] = msgspec.to_builtins(self)
        return {name: list(each) if isinstance(each, (list, tuple)) else [each] for name, each in said.items()}


def search_for(log: LogRecorder, filters: Filters, upto: int, day: date, seen: Sight) -> Search:
    """The search for what is not filtered out, up to a position. `day` is that on which the tree of units is looked at,
    as it was known at that position."""
    units = None if filters.within is None else units_below(log, filters.within, upto, day)
    after = 0
    if filters.recorded_from is not None:
        after = log.position_at(microseconds(filters.recorded_from) - 1)
    if filters.recorded_to is not None:
        upto = min(upto, log.position_at(microseconds(filters.recorded_to)))
    return Search(_query(filters, units), after, upto, _wanted(filters, units, seen))


def units_below(log: LogRecorder, unit: str, upto: int, day: date) -> frozenset[str]:
    """A unit and all below it on a day, as it was known at a position."""
    _, entries = log.select(DCBQuery([DCBQueryItem(list(PLACINGS))]))
    return placed_below((read_envelope(entry.bytes).event for entry in entries if entry.position <= upto), unit, day)


def _query(filters: Filters, units: frozenset[str] | None) -> DCBQuery:
    types, tags = list(filters.type), list(filters.tag)
    if units is not None and len(units) <= MOST_LOOKED_UP:
        return DCBQuery([DCBQueryItem(types, [*tags, each]) for each in _tags_of(units)])
    return DCBQuery([DCBQueryItem(types, tags)] if types or tags else [])


def _tags_of(units: frozenset[str]) -> list[str]:
    return sorted(tag("unit", each) for each in units if is_id(each))


class _Borne(msgspec.Struct):
    """As much of an entry as says who may see it, and whether it is filtered out."""

    type: str
    actor: str
    tags: str
    reason: str = ""
    effectivedate: str = ""


_borne = msgspec.json.Decoder(_Borne).decode


def _wanted(filters: Filters, units: frozenset[str] | None, seen: Sight) -> Wanted:
    """Entries that may be seen, and are filtered out by nothing that the index does not know of."""
    places = None if units is None else frozenset(_tags_of(units))
    text = None if filters.reason is None else filters.reason.casefold()
    first, last = filters.effective_from, filters.effective_to

    def wanted(entry: Entry) -> bool:
        borne = _borne(entry.bytes)
        tags = borne.tags.split()
        return (
            filters.actor in (None, borne.actor)
            and (places is None or not places.isdisjoint(tags))
            and (text is None or text in borne.reason.casefold())
            and _lies_within(borne.effectivedate, first, last)
            and seen.of_event(borne.type, tags)
        )

    return wanted


def _lies_within(day: str, first: date | None, last: date | None) -> bool:
    """Whether a day, "" for none, lies within a range of which either end may be open."""
    if first is None and last is None:
        return True
    return day != "" and (first or date.min) <= date.fromisoformat(day) <= (last or date.max)
