"""Brands: lists, the tree below one, its applications, checks and acts, and which checks are open."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection

from projections.models.brands import ACT, APPLICATION, BRAND, CHECK
from projections.views import Fact, Found, Moment, every, one, page
from projections.views.organisation import in_units

OPEN = ("to_check", "to_mend")
PENDING = ("applied", "reviewed")


class Brand(Fact, kw_only=True):
    """A brand in its place in the tree. It has to be renewed before `renewable_until`, if that is a day."""

    brand: str
    unit: str
    level: str
    parent: str | None
    title_zh: str
    title_en: str
    year: int
    score: Decimal
    renewable_until: date | None
    charter: str


class BrandReview(msgspec.Struct):
    reviewer: str
    points: dict[str, Decimal]
    total: Decimal
    finding: str
    reviewed_on: date


class BrandApplication(Fact, kw_only=True):
    """An application for a year in its `state`: applied, reviewed, listed or rejected; `words` say why the latter."""

    DOCUMENTS = ("evidence", "reviews")

    application: str
    brand: str
    unit: str
    year: int
    state: str
    level: str
    parent: str | None
    title_zh: str
    title_en: str
    goals: str
    evidence: tuple[str, ...]
    person: str | None
    reviews: tuple[BrandReview, ...]
    score: Decimal | None
    words: str
    charter: str


class BrandCheck(Fact, kw_only=True):
    """The check in mid-term of a year in its `state`: to_check, to_mend, passed, mended, failed or dropped."""

    DOCUMENTS = ("evidence",)
    FLAGS = ("late",)

    application: str
    brand: str
    unit: str
    year: int
    state: str
    colour: str | None
    due: date
    checker: str | None
    finding: str
    evidence: tuple[str, ...] | None
    late: bool


class BrandAct(Fact, kw_only=True):
    """What happened to a brand; the event at `position` says by whom. `told` is what it said besides."""

    DOCUMENTS = ("told",)

    brand: str
    act: str
    year: int | None
    unit: str
    person: str | None
    words: str
    told: dict[str, Any]


class BrandNode(msgspec.Struct, kw_only=True):
    """A brand, and those that stand directly below it."""

    brand: Brand
    below: list[BrandNode]


def brands(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    units: Collection[str] | None = None,
    within: str | None = None,
    level: str | None = None,
    parent: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Brand]:
    """Brands by id: of a unit, of several `units`, `within` a unit and all below it, of a level, directly below
    another."""
    conditions: list[ColumnElement[bool]] = in_units(moment, BRAND, (), unit, within, units)
    conditions += [
        BRAND.c[name] == value for name, value in (("level", level), ("parent", parent)) if value is not None
    ]
    return page(connection, BRAND, moment, Brand, conditions, limit, after)


def brand(connection: Connection, moment: Moment, id: str) -> Brand | None:
    return one(connection, BRAND, moment, Brand, id)


def tree(connection: Connection, moment: Moment, id: str) -> BrandNode | None:
    """The tree below a brand, as it holds on the day; None if the brand does not."""
    known = {each.brand: each for each in every(connection, BRAND, moment, Brand)}
    return _node(known, id, frozenset()) if id in known else None


def _node(known: dict[str, Brand], id: str, above: frozenset[str]) -> BrandNode:
    """No tree of brands has a circle, but a damaged one shall not hang."""
    path = above | {id}
    below = [each for each, brand in known.items() if brand.parent == id and each not in path]
    return BrandNode(brand=known[id], below=[_node(known, each, path) for each in below])


def applications(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    brand: str | None = None,
    year: int | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[BrandApplication]:
    """Applications by id: of a unit, `within` a unit and all below it, for a brand, for a year, in certain states."""
    conditions = in_units(moment, APPLICATION, states, unit, within)
    if brand is not None:
        conditions.append(APPLICATION.c.brand == brand)
    if year is not None:
        conditions.append(APPLICATION.c.year == year)
    return page(connection, APPLICATION, moment, BrandApplication, conditions, limit, after)


def applications_for(connection: Connection, moment: Moment, brand: str) -> list[BrandApplication]:
    return every(connection, APPLICATION, moment, BrandApplication, APPLICATION.c.brand == brand)


def checks_of(connection: Connection, moment: Moment, brand: str) -> list[BrandCheck]:
    return every(connection, CHECK, moment, BrandCheck, CHECK.c.brand == brand)


def checks(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    colour: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[BrandCheck]:
    """Checks by id: of a unit, `within` a unit and all below it, of a colour, in certain states."""
    conditions = in_units(moment, CHECK, states, unit, within)
    if colour is not None:
        conditions.append(CHECK.c.colour == colour)
    return page(connection, CHECK, moment, BrandCheck, conditions, limit, after)


def acts(connection: Connection, moment: Moment, brand: str) -> list[BrandAct]:
    """What happened to a brand up to the day, in the order in which it was recorded."""
    return every(connection, ACT, moment, BrandAct, ACT.c.brand == brand)
