"""Applying for a brand, or for its renewal, for a year; and reviewing the application, from outside the unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workflow.brands.acts import ActOnBrand
from workflow.brands.events import BrandApplied, BrandReviewed, Points
from workflow.calendar import ONE_DAY
from workflow.charter.recognition import BrandLevel, BrandRule
from workflow.dates import Span
from workflow.evidence import said, shown
from workflow.ids import BrandId, PersonId, UnitId
from workflow.organisation.levels import UnitHeads
from workflow.organisation.outside import Belonging
from workflow.organisation.views import UnitStanding
from workflow.rounding import are_points
from workflow.slices import Knows, Refused


class ApplyForBrand(ActOnBrand):
    """Apply, as who answers for the unit, or a clerk for them, for a brand for this year or the next.

    `parent` is the brand below which it is to stand. One that is listed keeps its level, and its unit while that
    stands; its words and its parent may change.
    """

    unit: UnitId
    year: int
    level: str
    title_zh: str
    goals: str
    evidence: tuple[str, ...]
    title_en: str = ""
    parent: BrandId | None = None
    person: PersonId | None = None

    def knows(self) -> Knows:
        yield from super().knows()
        self.place = UnitStanding(self.unit)
        listed = self.tree.at(self.brand, self.effective)
        self.before = None if listed is None or listed.unit == self.unit else UnitStanding(listed.unit)
        yield (self.place,) if self.before is None else (self.place, self.before)
        self.heads = UnitHeads(self.charters.on(self.effective), self.unit, self.effective)
        if self.person is not None:
            yield from self.heads.knows()

    def execute(self) -> None:
        charter = self.begin()
        rule = self.decided_by(charter)
        if self.year not in (self.effective.year, self.effective.year + 1):
            raise Refused("brand.year", "A brand is applied for for this year or the next.", "year")
        self._refuse_again()
        self._refuse_misplaced(rule)
        if self.person is not None and self.person not in self.heads.people:
            sentence = f"{self.person} does not answer for the unit {self.unit} on {self.effective}."
            raise Refused("brand.not_answerable", sentence, "person")
        zh, en = self.title_zh.strip(), self.title_en.strip()
        if not zh and not en:
            raise Refused("brand.title", "A brand has a title, in one language at least.", "title_zh", "title_en")
        goals = said(self.goals, "brand.goals", "An application says what is planned for the year.")
        evidence = shown(self.evidence, "brand.evidence")
        by = charter.version, self.charters.digest_on(self.effective)
        told = zh, en, goals, evidence, self.person
        self.trigger(
            BrandApplied(self.brand, self.unit, self.year, self.level, self.parent, *told, *by, self.effective)
        )

    def _refuse_again(self) -> None:
        cycle = self.standing.cycles.get(self.year)
        if cycle is not None and not cycle.rejected and self.effective < cycle.until:
            what = "was applied for" if cycle.pending else "was listed"
            raise Refused("brand.applied", f"The brand {self.brand} {what} for {self.year} already.", "year")

    def _refuse_misplaced(self, rule: BrandRule) -> None:
        self.place.must_stand(_on(self.effective))
        level = _level(rule, self.level)
        if self.place.kind not in level.unit_kinds:
            kinds = " or ".join(level.unit_kinds)
            sentence = f"Brands of the level {level.id} are those of a unit of the kind {kinds}."
            raise Refused("brand.unit_kind", sentence, "unit")
        if self.parent == self.brand:
            raise Refused("brand.circle", f"The brand {self.brand} would stand below itself.", "parent")
        if bool(level.parents) != (self.parent is not None):
            sentence = f"A brand of the level {level.id} stands below {' or '.join(level.parents) or 'no other'}."
            raise Refused("brand.parent", sentence, "parent")
        listed = self.tree.at(self.brand, self.effective)
        if listed is not None and listed.level != self.level:
            raise Refused("brand.level_kept", f"It is listed on the level {listed.level}, and keeps that.", "level")
        if self.before is not None and self.before.span is not None and self.before.span.holds_on(self.effective):
            raise Refused("brand.unit", f"It is the brand of {self.before.unit}, which renews it.", "unit")


class ReviewBrand(ActOnBrand):
    """Score an application by each criterion of the charter, as somebody from outside the unit, once."""

    year: int
    reviewer: PersonId
    points: tuple[Points, ...]
    finding: str

    def knows(self) -> Knows:
        yield from super().knows()
        self.cycle = self.standing.must_be_pending(self.year)
        self.who = Belonging(self.reviewer, self.cycle.applied.unit, self.effective)
        yield from self.who.knows(self.charters.on(self.effective))

    def execute(self) -> None:
        self.begin()
        rule = self.decided_by(self.cycle.charter)
        self.who.must_be_outside("brand.reviewer", "reviewer")
        if any(each.reviewer == self.reviewer for each in self.cycle.reviews):
            raise Refused("brand.reviewed", f"{self.reviewer} reviewed it already.", "reviewer")
        points = _scored(rule, self.points)
        finding = said(self.finding, "brand.finding", "A review says what was found.")
        total = sum((each.points for each in points), Decimal(0))
        unit = self.cycle.applied.unit
        review = self.brand, unit, self.year, self.reviewer, points, total, finding, self.effective
        self.trigger(BrandReviewed(*review))


def _scored(rule: BrandRule, points: tuple[Points, ...]) -> tuple[Points, ...]:
    """The points in the charter's order. Raises Refused unless there are some for each criterion, within its limits."""
    given = {each.criterion: each.points for each in points}
    wanted = [each.id for each in rule.criteria]
    if len(given) < len(points) or given.keys() != set(wanted):
        raise Refused("brand.criteria", f"Points for each of {', '.join(wanted)}, once.", "points")
    for each in rule.criteria:
        if not are_points(given[each.id], each.at_most):
            sentence = f"For {each.id}: 0 to {each.at_most} points, with at most two decimals."
            raise Refused("brand.points", sentence, "points")
    return tuple(Points(id, given[id]) for id in wanted)


def _level(rule: BrandRule, level: str) -> BrandLevel:
    known = [each.id for each in rule.levels]
    if level not in known:
        raise Refused("brand.level", f"The charter has the levels {', '.join(known)}.", "level")
    return rule.level(level)


def _on(day: date) -> Span:
    return Span(day, day + ONE_DAY)
