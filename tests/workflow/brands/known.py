"""What the tests of brands say has happened: an umbrella, sub-brands and a business brand; and what is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from tests.given import Given, given
from tests.workflow.duties.known import ORGANISATION, RULE, SECRETARY
from tests.workflow.indicators.known import holds, post
from workflow.brands.applying import ApplyForBrand, ReviewBrand
from workflow.brands.checking import CheckBrand, MendBrand
from workflow.brands.events import BrandApplied, BrandChecked, BrandListed, BrandRenewed, BrandReviewed, Points
from workflow.brands.listing import ListBrand, MoveBrand, RetireBrand
from workflow.ids import BrandId, PersonId, UnitId
from workflow.slices import Event

U, S, T, B = BrandId("U"), BrandId("S"), BrandId("T"), BrandId("B")
ONE, TWO = PersonId("P8"), PersonId("P9")
"""P8 is organ secretary, P9 holds no post: both from outside the institution and its departments."""

DAY = date(2025, 3, 3)
CHECK_DUE, CHECK_YELLOW = date(2025, 7, 15), date(2025, 7, 1)
UNTIL = date(2026, 2, 16)

PLACES: dict[BrandId, tuple[str, str, BrandId | None]] = {
    U: ("I", "umbrella_brand", None),
    S: ("G4", "sub_brand", U),
    T: ("OC", "sub_brand", U),
    B: ("G3", "business_brand", S),
}

CRITERIA = ("fusion", "results", "recognition")


def points(*given: str) -> tuple[Points, ...]:
    return tuple(Points(id, Decimal(each)) for id, each in zip(CRITERIA, given, strict=True))


def applied(brand: BrandId, year: int = 2025, on: date = DAY, **changes: Any) -> BrandApplied:
    unit, level, parent = PLACES.get(brand, PLACES[B])
    asked: dict[str, Any] = {
        "brand": brand,
        "unit": UnitId(unit),
        "year": year,
        "level": level,
        "parent": parent,
        "title_zh": "炬",
        "title_en": "Beacon",
        "goals": "To be seen.",
        "evidence": ("plan",),
        "person": None,
        "charter": RULE[0],
        "charter_digest": RULE[1],
        "effective": on,
    }
    return BrandApplied(**asked | changes)


def reviewed(brand: BrandId, reviewer: PersonId, year: int = 2025, total: str = "90", on: date = DAY) -> BrandReviewed:
    rest = str(Decimal(total) - 50)
    unit = UnitId(PLACES[brand][0])
    return BrandReviewed(brand, unit, year, reviewer, points(rest, "40", "10"), Decimal(total), "Good.", on)


def listed(brand: BrandId, year: int = 2025, on: date = DAY, **changes: Any) -> BrandListed:
    unit, level, parent = PLACES.get(brand, PLACES[B])
    asked: dict[str, Any] = {
        "brand": brand,
        "unit": UnitId(unit),
        "year": year,
        "level": level,
        "parent": parent,
        "title_zh": "炬",
        "title_en": "Beacon",
        "score": Decimal("90.00"),
        "check_due": CHECK_DUE.replace(year=year),
        "yellow_from": CHECK_YELLOW.replace(year=year),
        "until": UNTIL.replace(year=year + 1),
        "charter": RULE[0],
        "charter_digest": RULE[1],
        "effective": on,
    }
    event = BrandRenewed if changes.pop("renewed", False) else BrandListed
    return event(**asked | changes)


def cycle(brand: BrandId, year: int = 2025, on: date = DAY, **changes: Any) -> tuple[Event, ...]:
    """A brand that was applied for, reviewed twice, and listed."""
    reviews = [reviewed(brand, each, year, on=on) for each in (ONE, TWO)]
    return applied(brand, year, on), *reviews, listed(brand, year, on, **changes)


def pending(brand: BrandId, *totals: str, year: int = 2025, on: date = DAY) -> tuple[Event, ...]:
    """A brand that was applied for, and reviewed with these totals."""
    people = (ONE, TWO, SECRETARY)
    return applied(brand, year, on), *(reviewed(brand, p, year, t, on) for p, t in zip(people, totals, strict=False))


def checked(brand: BrandId, result: str, on: date, **changes: Any) -> BrandChecked:
    asked: dict[str, Any] = {
        "brand": brand,
        "unit": UnitId(PLACES[brand][0]),
        "year": 2025,
        "checker": ONE,
        "result": result,
        "mend_by": None,
        "yellow_from": None,
        "finding": "Seen.",
        "evidence": ("minutes",),
        "late": on > CHECK_DUE,
        "effective": on,
    }
    return BrandChecked(**asked | changes)


TREE = (*cycle(U), *cycle(S), *cycle(B))


def known(*facts: Event) -> Given:
    handler = (post("G3-H1", "G3", "handler"), holds("P5", "G3-H1", "G3"))
    return given(*ORGANISATION, *handler, *facts)


def apply(brand: BrandId = B, **changes: Any) -> ApplyForBrand:
    asked = {name: value for name, value in applied(brand).as_dict().items() if not name.startswith("charter")}
    return ApplyForBrand(**asked | changes)


def review(brand: BrandId = B, **changes: Any) -> ReviewBrand:
    asked: dict[str, Any] = {"brand": brand, "year": 2025, "reviewer": ONE, "points": points("40", "40", "10")}
    return ReviewBrand(**asked | {"finding": "Good.", "effective": DAY} | changes)


def list_(brand: BrandId = B, year: int = 2025, on: date = DAY) -> ListBrand:
    return ListBrand(brand=brand, year=year, effective=on)


def move(brand: BrandId, parent: BrandId, on: date = DAY) -> MoveBrand:
    return MoveBrand(brand=brand, parent=parent, effective=on)


def retire(brand: BrandId = B, on: date = DAY) -> RetireBrand:
    return RetireBrand(brand=brand, effective=on)


def check(result: str = "pass", on: date = date(2025, 7, 8), **changes: Any) -> CheckBrand:
    asked: dict[str, Any] = {"brand": B, "checker": ONE, "result": result, "finding": "Seen.", "effective": on}
    return CheckBrand(**asked | {"evidence": ("minutes",)} | changes)


def mend(on: date, **changes: Any) -> MendBrand:
    asked: dict[str, Any] = {"brand": B, "checker": ONE, "finding": "Mended.", "effective": on}
    return MendBrand(**asked | {"evidence": ("minutes",)} | changes)


def facts_of(events: Iterable[Event], kind: type[Event]) -> list[Event]:
    return [each for each in events if isinstance(each, kind)]
