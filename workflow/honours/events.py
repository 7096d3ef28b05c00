"""What happened to honours (row 16 of the domain): conferred, corrected where wrongly recorded, annulled, revoked."""

from __future__ import annotations

from datetime import date

from workflow.ids import BrandId, CaseTeamId, HonourId, MatterId, PersonId, UnitId
from workflow.slices import Event


class HonourConferred(Event):
    """A person, a unit, a brand or a case team (one of them) was honoured on `effective` by `issuer`, for a matter, at
    a level of the charter. It holds before `until`; None: for ever.

    `credited` is the unit that has the points of a brand's or a team's honour; a person and a unit have their own.
    """

    TOPIC = "honour.conferred"
    honour: HonourId
    person: PersonId | None
    unit: UnitId | None
    level: str
    title: str
    issuer: str
    matter: MatterId
    evidence: tuple[str, ...]
    effective: date
    brand: BrandId | None = None
    case_team: CaseTeamId | None = None
    credited: UnitId | None = None
    until: date | None = None


class HonourCorrected(Event):
    """It was recorded wrongly, and is this, of the day `conferred_on`; `previous` was the matter. The reason and the
    second person are in the entry."""

    TOPIC = "honour.corrected"
    honour: HonourId
    person: PersonId | None
    unit: UnitId | None
    brand: BrandId | None
    case_team: CaseTeamId | None
    credited: UnitId | None
    level: str
    title: str
    issuer: str
    matter: MatterId
    previous: MatterId
    evidence: tuple[str, ...]
    conferred_on: date
    until: date | None
    effective: date


class HonourRevoked(Event):
    """The honour does not stand from `effective` on; the reason is in the entry."""

    TOPIC = "honour.revoked"
    honour: HonourId
    person: PersonId | None
    unit: UnitId | None
    matter: MatterId
    effective: date
    brand: BrandId | None = None
    case_team: CaseTeamId | None = None


class HonourAnnulled(Event):
    """There never was such an honour: it was recorded by mistake, which was found on `effective`."""

    TOPIC = "honour.annulled"
    honour: HonourId
    person: PersonId | None
    unit: UnitId | None
    brand: BrandId | None
    case_team: CaseTeamId | None
    matter: MatterId
    effective: date
