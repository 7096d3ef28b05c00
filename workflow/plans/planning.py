"""Adopting a plan: what a unit wants to reach in a period, in numbers; and giving a target up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import ClassVar, NamedTuple

from workflow.calendar import ONE_DAY
from workflow.charter.model import Charter
from workflow.charter.plans import PlanRule
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import said
from workflow.ids import IndicatorId, TargetId, UnitId, is_id
from workflow.indicators.views import IndicatorStanding
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.plans.allocation import Allocation
from workflow.plans.amounts import amount_of, rule_of
from workflow.plans.events import PlanAdopted, PlanTargetCancelled, PlanTargetSet
from workflow.plans.numbering import plan_id, refuse_long, target_id
from workflow.plans.turns import Cancelling, refuse_alone, refuse_untimely
from workflow.plans.views import PlanStanding
from workflow.slices import Command, Knows, Refused

MOST_TARGETS = 100


class Aim(NamedTuple):
    """What is to be reached: so much of an indicator, in its measure; or, without one, of whatever the title says."""

    amount: Decimal
    measure: str = ""
    title: str = ""
    indicator: IndicatorId | None = None


class SetsTargets(Command):
    """Targets are set for the unit of a plan. `pointer` is the parameter that says which."""

    effective: date
    pointer: ClassVar[str] = "targets"

    def look_up(self, aims: Sequence[Aim]) -> list[IndicatorStanding]:
        """The views of the indicators that are aimed at. Raises Refused for what can be the id of none."""
        ids = {aim.indicator for aim in aims if aim.indicator is not None}
        if not all(map(is_id, ids)):
            raise Refused("id.malformed", "That is no indicator id.", self.pointer)
        self.indicators = {each: IndicatorStanding(each) for each in sorted(ids)}
        return list(self.indicators.values())

    def target(self, aim: Aim, number: int, when: Period, place: UnitStanding, charter: Charter) -> PlanTargetSet:
        """The target of that number in the plan of a unit for a period."""
        plan = plan_id(place.unit, when)
        title, measure = self._named(aim, max(when.first_day, self.effective), place, charter)
        amount = amount_of_target(aim.amount, measure, rule_of(charter), self.pointer)
        about = target_id(plan, number), plan, place.unit, aim.indicator, title, measure, amount
        return PlanTargetSet(*about, when.first_day, when.last_day, self.effective)

    def _named(self, aim: Aim, day: date, place: UnitStanding, charter: Charter) -> tuple[str, str]:
        """The title and the measure of a target."""
        if aim.indicator is None:
            sentence = "A target without an indicator has a title."
            return said(aim.title, "target.title", sentence, self.pointer), aim.measure
        definition = self.indicators[aim.indicator].on(day).definition
        if place.unit not in definition.scope and place.kind not in definition.scope:
            sentence = f"The indicator {aim.indicator} does not concern the unit {place.unit}."
            raise Refused("indicator.scope", sentence, self.pointer)
        if aim.measure not in ("", definition.measure):
            sentence = f"{aim.indicator} is measured in {definition.measure}, not in {aim.measure}."
            raise Refused("target.measure", sentence, self.pointer)
        names = {"zh": definition.name_zh, "en": definition.name_en}
        return aim.title.strip() or names[charter.institution.languages[0]], definition.measure


def amount_of_target(asked: Decimal, measure: str, rule: PlanRule, pointer: str) -> Decimal:
    """An amount that a target can have. Raises Refused, also for a measure in which nothing is planned."""
    decimals = rule.decimals(measure)
    if decimals is None:
        known = ", ".join(each.measure for each in rule.measures)
        raise Refused("target.measure", f"Targets are set in {known}, not in {measure or 'nothing'}.", pointer)
    amount = amount_of(asked, decimals, "target.amount", pointer)
    if amount == 0:
        raise Refused("target.amount", "A target is more than 0.", pointer)
    return amount


class AdoptPlan(SetsTargets):
    """Adopt the plan of a unit for a period (`2025`, `2025-Q2`, …), with its targets. There is one for a period.

    The title and the measure of a target are its indicator's, where it has one and they are left out; its name in the
    institution's first language.
    """

    unit: UnitId
    period: str
    title: str
    targets: tuple[Aim, ...]

    def knows(self) -> Knows:
        try:
            self.when = Period.parse(self.period)
        except ValueError as error:
            raise Refused("plan.period", f"{error}.", "period") from None
        refuse_long(self.unit)
        self.charters, self.place = CharterInForce(), UnitStanding(self.unit)
        self.known = PlanStanding(plan_id(self.unit, self.when))
        yield self.charters, self.place, self.known, *self.look_up(self.targets)

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.known.adopted is not None:
            raise Refused("plan.exists", f"{self.unit} has a plan for {self.when} already.", "unit", "period")
        refuse_over(self.when, self.effective, "period")
        self.place.must_stand(Span(self.effective, self.effective + ONE_DAY))
        title = said(self.title, "plan.title", "A plan has a title.")
        if not 1 <= len(self.targets) <= MOST_TARGETS:
            raise Refused("plan.targets", f"A plan has 1 to {MOST_TARGETS} targets.", "targets")
        self.trigger(PlanAdopted(self.known.plan, self.unit, str(self.when), title, self.effective))
        for number, aim in enumerate(self.targets, 1):
            self.trigger(self.target(aim, number, self.when, self.place, charter))


def refuse_over(when: Period, effective: date, *pointers: str) -> None:
    """Raises Refused for a day after the period of a plan."""
    if effective > when.last_day:
        raise Refused("plan.over", f"{when} was over on {when.last_day}.", "effective", *pointers)


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
