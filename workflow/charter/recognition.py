"""The part of a charter about recognition: the tree of brands, their yearly cycle, and the qualities of units."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from workflow.charter.measurement import Cadence
from workflow.charter.terms import Count, DayOfMonth, Days, Id, Positive, UnitKindRef, Words, one

Month = Annotated[int, Meta(ge=1, le=12)]


class BrandLevel(msgspec.Struct, frozen=True, kw_only=True):
    """A level of the tree of brands: below which levels it stands (none: at the top), units of which kinds apply for
    it, and how many of it there may be at once, in all and of one unit (none: any number)."""

    id: Id
    words: Words
    parents: tuple[Id, ...] = ()
    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    at_most: Positive | None = None
    at_most_a_unit: Positive | None = None


class Criterion(msgspec.Struct, frozen=True, kw_only=True):
    """What reviewers score, with so many points at most."""

    id: Id
    words: Words
    at_most: Decimal


class CheckRule(msgspec.Struct, frozen=True, kw_only=True):
    """The check in mid-term: due on that day of the year or the next working day, yellow when so few working days are
    left, red when overdue. What is to be mended is so within so many working days at most."""

    month: Month
    day: DayOfMonth
    yellow_working_days: Count
    mend_working_days: Days


class LastDay(msgspec.Struct, frozen=True, kw_only=True):
    """A day of the year after that of the term."""

    month: Month
    day: DayOfMonth


class BrandRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[brands]`: the tree of brands, and their yearly cycle.

    One is listed from `listed_from` points on, the mean of at least so many reviews. Without another application it is
    retired after `renewed_by`; without that key it stays. `children_of_retired`: "refuse" keeps a brand from being
    retired while others stand below it, "retire" retires those with it.
    """

    levels: Annotated[tuple[BrandLevel, ...], Meta(min_length=1)]
    criteria: Annotated[tuple[Criterion, ...], Meta(min_length=1)]
    listed_from: Decimal
    reviewers_at_least: Positive
    check: CheckRule
    renewed_by: LastDay | None = None
    children_of_retired: Literal["refuse", "retire"] = "refuse"

    def level(self, id: str) -> BrandLevel:
        return one(self.levels, id, "brands.levels")


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """A quality that a unit is built for: how much it weighs, and for how many points at most it is scored."""

    id: Id
    words: Words
    weight: Decimal
    at_most: Decimal


class QualityRule(msgspec.Struct, frozen=True, kw_only=True):
    """`[qualities]`: which units are scored for qualities, how often, and to how many decimals their totals, of a
    hundred, are rounded."""

    unit_kinds: Annotated[tuple[UnitKindRef, ...], Meta(min_length=1)]
    cadence: Cadence
    decimals: Annotated[int, Meta(ge=0, le=6)]
    items: Annotated[tuple[Quality, ...], Meta(min_length=1)]


Flaw = tuple[str, str, str]


def _repeated(key: str, ids: list[str]) -> Iterator[Flaw]:
    for id in sorted({id for id in ids if ids.count(id) > 1}):
        yield key, f"{id} more than once", "each id once"


def flaws_of_brands(item: BrandRule) -> Iterator[Flaw]:
    levels = [level.id for level in item.levels]
    yield from _repeated("levels", levels)
    yield from _repeated("criteria", [each.id for each in item.criteria])
    for level in item.levels:
        for parent in level.parents:
            if parent not in levels:
                yield "levels", f"{level.id} below {parent}", f"parents among {', '.join(levels)}"
    grounded = {level.id for level in item.levels if not level.parents}
    while more := {one.id for one in item.levels if grounded & set(one.parents)} - grounded:
        grounded |= more
    for id in levels:
        if id not in grounded:
            yield "levels", f"{id}, which no level at the top leads to", "levels below one without parents"
    most = sum((each.at_most for each in item.criteria), Decimal(0))
    if not 0 <= item.listed_from <= most:
        yield "listed_from", str(item.listed_from), f"0 to {most}, which all criteria make"


def flaws_of_criterion(item: Criterion) -> Iterator[Flaw]:
    if item.at_most <= 0:
        yield "at_most", str(item.at_most), "more than 0"


def flaws_of_quality(item: Quality) -> Iterator[Flaw]:
    for key in ("weight", "at_most"):
        if getattr(item, key) <= 0:
            yield key, str(getattr(item, key)), "more than 0"


def flaws_of_qualities(item: QualityRule) -> Iterator[Flaw]:
    yield from _repeated("items", [each.id for each in item.items])
