"""Queries made ready for a database: what can be looked up, and no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from workflow.entry import is_tag, is_type

_LAST = 2**63 - 1
"""The last position there can ever be."""


class Item(NamedTuple):
    """A query item made ready for a database: types as numbers, tags (empty: any), after a position.

    All types that there are stand for any type: indexes go by tag, type and position, in this order.
    """

    types: tuple[int, ...]
    tags: tuple[str, ...]
    after: int

    def matches(self, type_: int, tags: Sequence[str], position: int) -> bool:
        return position > self.after and type_ in self.types and all(wanted in tags for wanted in self.tags)


def numbered(items: Sequence[DCBQueryItem], after: int, types: Mapping[str, int]) -> list[Item]:
    """Items with their types as numbers, without those that name only types that were never recorded."""
    found = []
    for item in items:
        numbers = tuple(types[name] for name in item.types or list(types) if name in types)
        if numbers:
            found.append(Item(numbers, tuple(item.tags), after))
    return found


def possible(items: Sequence[DCBQueryItem]) -> list[DCBQueryItem]:
    """The items without what no event can bear, and so no database needs to understand. Those with the same tags become
    one with the types of all."""
    types_by_tags: dict[tuple[str, ...], list[str]] = {}
    for item in items:
        tags, types = tuple(item.tags), [each for each in item.types if is_type(each)]
        if (types or not item.types) and all(map(is_tag, tags)):
            before = types_by_tags.get(tags, types)
            types_by_tags[tags] = list(dict.fromkeys(before + types)) if before and types else []
    return [DCBQueryItem(types, list(tags)) for tags, types in types_by_tags.items()]


def possible_condition(condition: DCBAppendCondition | None) -> DCBAppendCondition | None:
    """The condition without what can never fail it. Without any items, it would be failed by everything."""
    if condition is None:
        return None
    items = condition.fail_if_events_match.items
    left = possible(items)
    if items and not left:
        return None
    return DCBAppendCondition(DCBQuery(left), position_of(condition.after))


def position_of(given: int | None) -> int:
    return max(0, min(given or 0, _LAST))
