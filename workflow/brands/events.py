"""What happened to brands (row 15 of the domain): applied for, reviewed, listed or rejected, checked, renewed, retired.

A brand has a cycle each year. The charter in force on the day on which a cycle was applied for decides it to its end.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from workflow.ids import BrandId, PersonId, UnitId
from workflow.slices import Event


class Points(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a reviewer gave for a criterion."""

    criterion: str
    points: Decimal


class BrandApplied(Event):
    """A unit applies for a brand, or for its renewal, for a year. `person` does so for the unit; None: a clerk did."""

    TOPIC = "brand.applied"
    brand: BrandId
    unit: UnitId
    year: int
    level: str
    parent: BrandId | None
    title_zh: str
    title_en: str
    goals: str
    evidence: tuple[str, ...]
    person: PersonId | None
    charter: str
    charter_digest: str
    effective: date


class BrandReviewed(Event):
    """Somebody from outside the unit scored the application; `total` is what all criteria make."""

    TOPIC = "brand.reviewed"
    brand: BrandId
    unit: UnitId
    year: int
    reviewer: PersonId
    points: tuple[Points, ...]
    total: Decimal
    finding: str
    effective: date


class BrandRejected(Event):
    """The application came to nothing; the reason is in the entry."""

    TOPIC = "brand.rejected"
    brand: BrandId
    unit: UnitId
    year: int
    effective: date


class BrandListed(Event):
    """The brand is in the tree from `effective` on, below `parent`, before `until` (None: without end).

    `score` is the mean of the reviews. `check_due` is the last day of the check in mid-term, None if it was listed
    after that; from `yellow_from` on it is yellow.
    """

    TOPIC = "brand.listed"
    brand: BrandId
    unit: UnitId
    year: int
    level: str
    parent: BrandId | None
    title_zh: str
    title_en: str
    score: Decimal
    check_due: date | None
    yellow_from: date | None
    until: date | None
    charter: str
    charter_digest: str
    effective: date


class BrandRenewed(BrandListed):
    """The brand, in the tree already, stays for another year."""

    TOPIC = "brand.renewed"


class BrandMoved(Event):
    """The brand, with all below it, stands below another parent from `effective` on."""

    TOPIC = "brand.moved"
    brand: BrandId
    unit: UnitId
    parent: BrandId
    previous: BrandId | None
    effective: date


class BrandCheckTurned(Event):
    """Of `what` is due, the check or the mending, it is yellow (few days are left) or red (it is overdue)."""

    TOPIC = "brand.check_turned"
    brand: BrandId
    unit: UnitId
    year: int
    what: str
    colour: str
    due: date
    effective: date


class BrandChecked(Event):
    """Somebody from outside the unit checked the brand in mid-term. `result`: pass, fail, or mend by `mend_by`; that is
    yellow from `yellow_from` on."""

    TOPIC = "brand.checked"
    brand: BrandId
    unit: UnitId
    year: int
    checker: PersonId
    result: str
    mend_by: date | None
    yellow_from: date | None
    finding: str
    evidence: tuple[str, ...]
    late: bool
    effective: date


class BrandMended(Event):
    """Somebody from outside the unit saw that it is mended."""

    TOPIC = "brand.mended"
    brand: BrandId
    unit: UnitId
    year: int
    checker: PersonId
    finding: str
    evidence: tuple[str, ...]
    late: bool
    effective: date


class BrandRetired(Event):
    """The brand is in the tree no more. `why`: decided (the reason is in the entry), check_failed, parent_retired, or
    not_renewed, which the clock notes."""

    TOPIC = "brand.retired"
    brand: BrandId
    unit: UnitId
    year: int
    why: str
    effective: date
