"""What happened to honours (row 16 of the domain): conferred, and revoked."""

from __future__ import annotations

from datetime import date

from workflow.ids import HonourId, MatterId, PersonId, UnitId
from workflow.slices import Event


class HonourConferred(Event):
    """A person or a unit (one of the two) was honoured on `effective` by `issuer`, for a matter, at a level of the
    charter."""

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


class HonourRevoked(Event):
    """The honour does not stand from `effective` on; the reason is in the entry."""

    TOPIC = "honour.revoked"
    honour: HonourId
    person: PersonId | None
    unit: UnitId | None
    matter: MatterId
    effective: date
