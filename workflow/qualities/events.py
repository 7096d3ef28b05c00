"""What happened to the qualities of units (row 15 of the domain): scored, and corrected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from workflow.ids import PersonId, QualityScoreId, UnitId
from workflow.slices import Event


class QualityPoints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a unit was given for a quality, and what shows it."""

    quality: str
    points: Decimal
    evidence: tuple[str, ...]


class QualityScored(Event):
    """Somebody from outside scored a unit for a period. `total` is of a hundred; `charter` is the one in force on the
    last day of the period."""

    TOPIC = "quality.scored"
    score: QualityScoreId
    unit: UnitId
    period: str
    scorer: PersonId
    points: tuple[QualityPoints, ...]
    total: Decimal
    charter: str
    charter_digest: str
    effective: date


class QualityCorrected(Event):
    """A score was wrong, and is this; `previous` was the total. The reason and the second person are in the entry."""

    TOPIC = "quality.corrected"
    score: QualityScoreId
    unit: UnitId
    period: str
    scorer: PersonId
    points: tuple[QualityPoints, ...]
    total: Decimal
    previous: Decimal
    effective: date
