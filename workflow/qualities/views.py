"""What is known of a score, and what points come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from workflow.charter.recognition import QualityRule
from workflow.ids import QualityScoreId, UnitId
from workflow.periods import Period
from workflow.qualities.events import QualityCorrected, QualityPoints, QualityScored
from workflow.rounding import half_up
from workflow.slices import Refused, View, event


def score_id(unit: UnitId, period: Period) -> QualityScoreId:
    return QualityScoreId(f"{unit}.{period}")


def total_of(rule: QualityRule, points: Sequence[QualityPoints]) -> Decimal:
    """The points as shares of the most there are, weighted, of a hundred: exact, then rounded half up."""
    given = {each.quality: Fraction(each.points) for each in points}
    reached = sum((Fraction(q.weight) * given[q.id] / Fraction(q.at_most) for q in rule.items), Fraction(0))
    return half_up(100 * reached / sum((Fraction(q.weight) for q in rule.items), Fraction(0)), rule.decimals)


class ScoreStanding(View):
    """A score as it was given, and as it is corrected by now."""

    score: QualityScoreId
    scored: QualityScored | None = field(init=False, default=None)
    points: tuple[QualityPoints, ...] = field(init=False, default=())
    total: Decimal = field(init=False, default=Decimal(0))
    last: date = field(init=False, default=date.min)

    @event(QualityScored)
    def was_scored(self, fact: QualityScored) -> None:
        self.scored, self.points, self.total, self.last = fact, fact.points, fact.total, fact.effective

    @event(QualityCorrected)
    def was_corrected(self, fact: QualityCorrected) -> None:
        self.points, self.total, self.last = fact.points, fact.total, fact.effective

    def must_be_known(self) -> QualityScored:
        if self.scored is None:
            raise Refused("quality.unknown", f"There is no score {self.score}.", "score")
        return self.scored
