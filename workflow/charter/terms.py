"""The types that a charter's keys are made of: ids, references to other items, words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Protocol, TypeVar

import msgspec
from msgspec import Meta

from workflow.ids import ID_PATTERN

# `$` would let a line break follow the id.
Id = Annotated[str, Meta(pattern=ID_PATTERN.removesuffix("$") + r"\Z")]
Text = Annotated[str, Meta(min_length=1)]
Days = Annotated[int, Meta(ge=1, le=366)]
DayOfMonth = Annotated[int, Meta(ge=1, le=28)]  # every month has it
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Positive = Annotated[int, Meta(ge=1, le=1_000_000)]

# An id that must be that of an item in the section named; the loader holds it to that.
LineRef = Annotated[str, Meta(extra={"refers_to": "lines"})]
UnitKindRef = Annotated[str, Meta(extra={"refers_to": "unit_kinds"})]
PostKindRef = Annotated[str, Meta(extra={"refers_to": "post_kinds"})]
ClassRef = Annotated[str, Meta(extra={"refers_to": "personnel_classes"})]
LevelRef = Annotated[str, Meta(extra={"refers_to": "chain"})]
SetRef = Annotated[str, Meta(extra={"refers_to": "indicator_sets"})]
MembershipKindRef = Annotated[str, Meta(extra={"refers_to": "membership_kinds"})]
MeasureRef = Annotated[str, Meta(extra={"refers_to": "measures"})]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What people see, in Chinese and in English."""

    zh: Text
    en: Text


class _Item(Protocol):
    @property
    def id(self) -> str: ...


_I = TypeVar("_I", bound=_Item)


def one(items: Iterable[_I], id: str, section: str) -> _I:
    """The item of a section with this id. Raises KeyError with the key."""
    for item in items:
        if item.id == id:
            return item
    raise KeyError(f"{section}.{id}")
