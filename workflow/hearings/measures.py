"""Counting the hearings that were held against those planned, for the readings of indicators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import NamedTuple

from workflow.counting import ONE, ZERO, Counting, Measure, percent, tally
from workflow.hearings.events import HearingHeld, HearingPlanSet
from workflow.hearings.views import hearing_plan_id
from workflow.ids import HearingPlanId, UnitId, is_id
from workflow.indicators.events import Tally
from workflow.slices import Knows, View, event


class _Placed(NamedTuple):
    fact: HearingPlanSet | HearingHeld
    position: int | None


class HearingPlansSet(View):
    """How often a plan of hearings was set, and by which events."""

    plan: HearingPlanId
    known: list[_Placed] = field(init=False, default_factory=list)

    @event(HearingPlanSet)
    def was_set(self, fact: HearingPlanSet, position: int | None) -> None:
        self.known.append(_Placed(fact, position))


class HearingsHeld(View):
    """The hearings that a unit held, and the events that say so."""

    unit: UnitId
    known: list[_Placed] = field(init=False, default_factory=list)

    @event(HearingHeld)
    def was_held(self, fact: HearingHeld, position: int | None) -> None:
        self.known.append(_Placed(fact, position))


class HearingsAgainstPlan(Measure):
    """The hearings that a unit held since the year began, with some results, against those that it had planned for the
    quarters that are over. Where none were planned, there is nothing to count."""

    VIEWS = (HearingPlansSet, HearingsHeld)
    value = staticmethod(percent)

    def __init__(self, asked: Counting) -> None:
        super().__init__(asked)
        self._plan: HearingPlansSet | None = None
        self._held = HearingsHeld(asked.unit)

    def knows(self) -> Knows:
        plan = hearing_plan_id(self.asked.unit, self.asked.period.last_day.year)
        if is_id(plan):
            self._plan = HearingPlansSet(plan)
            yield self._plan, self._held

    def tallies(self) -> Iterator[Tally]:
        period, until, kinds = self.asked.period, self.asked.until, self.asked.kinds
        plans = [] if self._plan is None else [each for each in self._plan.known if each.fact.effective <= until]
        if not plans:
            return
        planned, position = plans[-1]
        assert isinstance(planned, HearingPlanSet)
        yield tally(position, ZERO, sum(planned.quarters[: period.last_month // 3]))
        for fact, position in self._held.known:
            assert isinstance(fact, HearingHeld)
            in_time = fact.effective.year == planned.year and fact.effective <= period.last_day
            if in_time and (fact.result in kinds or not kinds):
                yield tally(position, ONE, ZERO)
