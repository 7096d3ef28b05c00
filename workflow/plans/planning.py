"""Adopting a plan: what a unit wants to reach in a period, in numbers; and giving a target up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from workflow.calendar import ONE_DAY
from workflow.charter.plans import PlanRule
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import IndicatorId, TargetId, UnitId, is_id
from workflow.indicators.views import IndicatorStanding
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.plans.amounts import amount_of, rule_of
from workflow.plans.events import PlanAdopted, PlanTargetCancelled, PlanTargetSet
from workflow.plans.turns import Cancelling, refuse_alone, refuse_untimely, said
from workflow.plans.views import Allocation, PlanStanding, plan_id, refuse_long, target_id
from workflow.slices import Command, Knows, Refused

MOST_TARGETS = 100


class Aim(NamedTuple):
    """What is to be reached: so much of an indicator, in its measure; or, without one, of whatever the title says."""

    amount: Decimal
    measure: str = ""
    title: str = ""
    indicator: IndicatorId | None = None


class AdoptPlan(Command):
    """Adopt the plan of a unit for a period (`2025`, `2025-Q2`, …), with its targets. There is one for a period.

    The title and the measure of a target are its indicator's, where it has one and they are left out; its name in the
    institution's first language.
    """

    unit: UnitId
    period: str
    title: str
    targets: tuple[Aim, ...]
    effective: date

    def knows(self) -> Knows:
        try:
            self.when = Period.parse(self.period)
        except ValueError as error:
            raise Refused("plan.period", f"{error}.", "period") from None
        refuse_long(self.unit)
        indicators = {aim.indicator for aim in self.targets if aim.indicator is not None}
        if not all(map(is_id, indicators)):
            raise Refused("id.malformed", "That is no indicator id.", "targets")
        self.charters, self.place = CharterInForce(), UnitStanding(self.unit)
        self.known = PlanStanding(plan_id(self.unit, self.when))
        self.indicators = {each: IndicatorStanding(each) for each in sorted(indicators)}
        yield self.charters, self.place, self.known, *self.indicators.values()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        rule, self.language = rule_of(charter), charter.institution.languages[0]
        plan, (first, last) = self.known.plan, (self.when.first_day, self.when.last_day)
        if self.known.adopted is not None:
            raise Refused("plan.exists", f"{self.unit} has a plan for {self.when} already.", "unit", "period")
        if self.effective > last:
            raise Refused("plan.over", f"{self.when} was over on {last}.", "effective", "period")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        title = said(self.title, "plan.title", "title", "A plan has a title.")
        if not 1 <= len(self.targets) <= MOST_TARGETS:
            raise Refused("plan.targets", f"A plan has 1 to {MOST_TARGETS} targets.", "targets")
        self.trigger(PlanAdopted(plan, self.unit, str(self.when), title, self.effective))
        for number, aim in enumerate(self.targets, 1):
            name, measure = self._named(aim, max(first, self.effective))
            target, amount = target_id(plan, number), self._amount(aim, measure, rule)
            self.trigger(
                PlanTargetSet(
                    target, plan, self.unit, aim.indicator, name, measure, amount, first, last, self.effective
                )
            )

    def _named(self, aim: Aim, day: date) -> tuple[str, str]:
        """The title and the measure of a target."""
        if aim.indicator is None:
            return said(aim.title, "target.title", "targets", "A target without an indicator has a title."), aim.measure
        definition = self.indicators[aim.indicator].on(day).definition
        if self.unit not in definition.scope and self.place.kind not in definition.scope:
            sentence = f"The indicator {aim.indicator} does not concern the unit {self.unit}."
            raise Refused("indicator.scope", sentence, "targets")
        if aim.measure not in ("", definition.measure):
            sentence = f"{aim.indicator} is measured in {definition.measure}, not in {aim.measure}."
            raise Refused("target.measure", sentence, "targets")
        names = {"zh": definition.name_zh, "en": definition.name_en}
        return aim.title.strip() or names[self.language], definition.measure

    def _amount(self, aim: Aim, measure: str, rule: PlanRule) -> Decimal:
        decimals = rule.decimals(measure)
        if decimals is None:
            known = ", ".join(each.measure for each in rule.measures)
            raise Refused("target.measure", f"Targets are set in {known}, not in {measure or 'nothing'}.", "targets")
        amount = amount_of(aim.amount, decimals, "target.amount", "targets")
        if amount == 0:
            raise Refused("target.amount", "A target is more than 0.", "targets")
        return amount


class CancelTarget(Command):
    """Give a target up, with all its tasks: by two persons, with a reason."""

    target: TargetId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.tree = CharterInForce(), Allocation(self.target)
        yield self.charters, self.tree

    def execute(self) -> None:
        charter_for(self, self.charters)
        known = self.tree.must_be_set()
        refuse_alone(self.context)
        refuse_untimely(self, self.tree.newest(self.tree.below(None)))
        Cancelling(self, self.tree).below(None)
        done = self.tree.done_in_all()
        self.trigger(PlanTargetCancelled(self.target, known.plan, known.unit, done, self.effective))
