"""Scores of qualities: of a unit or a subtree, for a period."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ColumnElement, Connection

from projections.models.qualities import SCORE
from projections.views import Fact, Found, Moment, history, one, page
from projections.views.organisation import in_units
from workflow.qualities.events import QualityPoints


class QualityScore(Fact, kw_only=True):
    """The qualities of a unit in a period. `total`, of a hundred, as it is corrected by now; `as_scored` as it was
    given; `words` say why it was corrected."""

    DOCUMENTS = ("points",)

    score: str
    unit: str
    period: str
    scorer: str
    points: tuple[QualityPoints, ...]
    total: Decimal
    as_scored: Decimal
    words: str
    charter: str


def scores(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    period: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[QualityScore]:
    """Scores by id: of a unit, `within` a unit and all below it, for a period."""
    conditions: list[ColumnElement[bool]] = in_units(moment, SCORE, (), unit, within)
    if period is not None:
        conditions.append(SCORE.c.period == period)
    return page(connection, SCORE, moment, QualityScore, conditions, limit, after)


def score(connection: Connection, moment: Moment, id: str) -> QualityScore | None:
    return one(connection, SCORE, moment, QualityScore, id)


def versions(connection: Connection, moment: Moment, id: str) -> list[QualityScore]:
    """The score after each event that was known at the moment."""
    return history(connection, SCORE, moment, QualityScore, id)
