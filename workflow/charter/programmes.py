"""What a charter says of programmes: templates of items that people, or units, carry out within a period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflow.charter.duties import KindId
from workflow.charter.measurement import Cadence
from workflow.charter.terms import (
    ClassRef,
    Count,
    MembershipKindRef,
    Positive,
    PostKindRef,
    UnitKindRef,
    Words,
    one,
)

_PARTS_OF: dict[str, tuple[str, ...]] = {
    "yearly": ("yearly", "quarterly", "monthly"),
    "quarterly": ("quarterly", "monthly"),
    "monthly": ("monthly",),
    "weekly": ("weekly",),
}
"""The cadences of an item that divide the period of its programme evenly."""


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """Who may be enrolled: whoever fits all that is given. Of a unit only its kind is looked at; of a person the class,
    the kinds of the posts held and of the memberships, and with `unit_kinds` the units of these."""

    unit_kinds: tuple[UnitKindRef, ...] = ()
    classes: tuple[ClassRef, ...] = ()
    post_kinds: tuple[PostKindRef, ...] = ()
    membership_kinds: tuple[MembershipKindRef, ...] = ()


class ProgrammeItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done `quantity` times: in each period of a `cadence`, or within the whole of the programme."""

    id: KindId
    verb: Words
    object: Words
    quantity: Positive = 1
    cadence: Cadence | None = None
    evidence: Words


class ProgrammeTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A programme as units adopt it, each time for a period of the `cadence`.

    It closes after so many working days past the last day of the period: until then what was done within the period may
    be shown and verified.
    """

    id: KindId
    words: Words
    participants: Literal["people", "units"] = "people"
    cadence: Cadence = "yearly"
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    audience: Audience = Audience()
    closing_working_days: Count = 0
    items: Annotated[tuple[ProgrammeItem, ...], Meta(min_length=1)]

    def item(self, id: str) -> ProgrammeItem:
        return one(self.items, id, f"programmes.{self.id}.items")


Flaw = tuple[str, str, str]


def flaws_of_template(item: ProgrammeTemplate) -> Iterator[Flaw]:
    ids = [each.id for each in item.items]
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        yield "items", f"{id} more than once", "each id once"
    for each in item.items:
        if each.cadence is not None and each.cadence not in _PARTS_OF[item.cadence]:
            yield "items", f'{each.id} with cadence = "{each.cadence}"', " or ".join(_PARTS_OF[item.cadence])
    audience = item.audience
    if item.participants == "units" and (audience.classes or audience.post_kinds or audience.membership_kinds):
        yield "audience", "classes, post_kinds or membership_kinds", 'unit_kinds alone, because participants = "units"'
