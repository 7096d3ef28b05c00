"""Scoring the qualities of a unit for a period, once, from outside; and correcting a score, by two persons."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.library import by_digest
from workflow.charter.model import Charter
from workflow.charter.recognition import QualityRule
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import shown
from workflow.ids import PersonId, QualityScoreId, UnitId, is_id
from workflow.organisation.outside import Belonging
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.qualities.events import QualityCorrected, QualityPoints, QualityScored
from workflow.qualities.views import ScoreStanding, score_id, total_of
from workflow.rounding import are_points
from workflow.slices import Command, Knows, Refused


class ScoreQualities(Command):
    """Score a unit for each quality of the charter, on evidence for each, for a period that is over.

    The charter in force on the last day of the period says how. The scorer comes from outside the unit.
    """

    unit: UnitId
    period: str
    scorer: PersonId
    points: tuple[QualityPoints, ...]
    effective: date

    def knows(self) -> Knows:
        self.when = _period(self.period)
        if not is_id(score_id(self.unit, self.when)):
            raise Refused("id.malformed", "The id of the unit is too long for that of a score.", "unit")
        self.charters, self.place = CharterInForce(), UnitStanding(self.unit)
        self.standing = ScoreStanding(score_id(self.unit, self.when))
        yield self.charters, self.place, self.standing
        self.who = Belonging(self.scorer, self.unit, self.effective)
        yield from self.who.knows(self.charters.on(self.effective))

    def execute(self) -> None:
        charter_for(self, self.charters)
        end = self.when.last_day
        charter = self.charters.on(end)
        rule = rule_of(charter)
        self.rule_version = charter.version
        if self.standing.scored is not None:
            sentence = f"{self.unit} was scored for {self.when} already; a score that is wrong is corrected."
            raise Refused("quality.scored", sentence, "period")
        if self.when.frequency != rule.cadence:
            raise Refused("quality.period", f"Qualities are scored {rule.cadence}.", "period")
        if self.effective <= end:
            raise Refused("quality.early", f"The period ends on {end}; it is scored after that.", "effective")
        _refuse_future(self)
        self.place.must_stand(Span(end, end + ONE_DAY))
        if self.place.kind not in rule.unit_kinds:
            kinds = " or ".join(rule.unit_kinds)
            raise Refused("quality.unit_kind", f"Qualities are those of a unit of the kind {kinds}.", "unit")
        self.who.must_be_outside("quality.scorer", "scorer")
        points = _checked(rule, self.points)
        by = charter.version, self.charters.digest_on(end)
        about = self.standing.score, self.unit, str(self.when), self.scorer
        self.trigger(QualityScored(*about, points, total_of(rule, points), *by, self.effective))


class CorrectQualities(Command):
    """Correct a score, by two persons, with a reason: all its points anew, by the charter that it was given under."""

    score: QualityScoreId
    scorer: PersonId
    points: tuple[QualityPoints, ...]
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), ScoreStanding(self.score)
        yield self.charters, self.standing
        self.who = Belonging(self.scorer, self.standing.must_be_known().unit, self.effective)
        yield from self.who.knows(self.charters.on(self.effective))

    def execute(self) -> None:
        charter_for(self, self.charters)
        scored = self.standing.must_be_known()
        self.rule_version = scored.charter
        if not self.context.reason.strip() or self.context.approver in ("", self.context.actor):
            raise Refused("quality.second_person", "A score is corrected by two persons, with a reason.", "reason")
        if self.effective < self.standing.last:
            raise Refused("quality.order", f"It is of {self.standing.last}; this is before.", "effective")
        _refuse_future(self)
        self.who.must_be_outside("quality.scorer", "scorer")
        rule = rule_of(by_digest(scored.charter_digest))
        points = _checked(rule, self.points)
        if points == self.standing.points:
            raise Refused("quality.same", "That is what it says already.", "points")
        about = self.score, scored.unit, scored.period, self.scorer
        self.trigger(QualityCorrected(*about, points, total_of(rule, points), self.standing.total, self.effective))


def rule_of(charter: Charter) -> QualityRule:
    """Raises Refused if the charter has no qualities."""
    if charter.qualities is None:
        raise Refused("quality.charter", "The charter knows no qualities.", "unit")
    return charter.qualities


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise Refused("quality.period", f"{error}.", "period") from None


def _refuse_future(command: ScoreQualities | CorrectQualities) -> None:
    if command.effective > command.context.today:
        raise Refused("quality.future", f"{command.effective} is still to come.", "effective")


def _checked(rule: QualityRule, points: tuple[QualityPoints, ...]) -> tuple[QualityPoints, ...]:
    """The points in the charter's order. Raises Refused unless there are some for each quality, within its limits and
    on evidence."""
    given = {each.quality: each for each in points}
    wanted = [each.id for each in rule.items]
    if len(given) < len(points) or given.keys() != set(wanted):
        raise Refused("quality.qualities", f"Points for each of {', '.join(wanted)}, once.", "points")
    for each in rule.items:
        if not are_points(given[each.id].points, each.at_most):
            sentence = f"For {each.id}: 0 to {each.at_most} points, with at most two decimals."
            raise Refused("quality.points", sentence, "points")
    return tuple(QualityPoints(id, given[id].points, shown(given[id].evidence, "quality.evidence")) for id in wanted)
