"""Adopting a plan: quantified targets of a unit for a period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.given import LONG_AGO, given
from tests.workflow.plans.known import (
    APRIL,
    HAND,
    MARCH,
    NEW_YEAR,
    ONE,
    ORGANISATION,
    PLAN,
    SPLIT,
    T1,
    T2,
    TWO,
    after,
    found,
    progress,
)
from workflow.charter.loader import shipped
from workflow.ids import IndicatorId, PlanId, TargetId, UnitId
from workflow.plans.events import PlanAdopted, PlanTargetCancelled, PlanTargetSet, TaskCancelled
from workflow.plans.planning import AdoptPlan, Aim, CancelTarget
from workflow.slices import Command

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
G4, ID = UnitId("G4"), PlanId("G4.2025")


def plan(*targets: Aim, unit: str = "G4", period: str = "2025", title: str = "Plan", on: date = NEW_YEAR) -> Command:
    aims = targets or (Aim(Decimal(1), "count", "One"),)
    return AdoptPlan(unit=UnitId(unit), period=period, title=title, targets=aims, effective=on)


def test_a_plan_has_quantified_targets_of_an_indicator_or_with_a_title_of_their_own():
    i12 = IndicatorId("I12")
    free = "Files reviewed by a second person"
    after().when(PLAN, today=NEW_YEAR).then(
        PlanAdopted(ID, G4, "2025", "Plan of G4", NEW_YEAR),
        PlanTargetSet(T1, ID, G4, i12, "提前介入意见", "per_year", Decimal(24), FIRST, LAST, NEW_YEAR),
        PlanTargetSet(T2, ID, G4, None, free, "percent", Decimal("100.00"), FIRST, LAST, NEW_YEAR),
    )


def test_a_target_without_a_title_is_called_as_the_institution_speaks():
    text = shipped("procuratorate").replace('languages = ["zh", "en"]', 'languages = ["en", "zh"]')
    facts = given(*ORGANISATION, charters=[(LONG_AGO, text)]).when(PLAN, today=NEW_YEAR).facts
    assert next(each.title for each in facts if isinstance(each, PlanTargetSet)) == "Early-intervention opinions given"


def test_a_unit_has_one_plan_for_a_period():
    after(PLAN).when(plan(), today=NEW_YEAR).refused("plan.exists")
    assert after(PLAN).when(plan(period="2025-Q2"), today=NEW_YEAR).refusal is None
    assert after(PLAN).when(plan(unit="G5"), today=NEW_YEAR).refusal is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (plan(period="2025-13"), "plan.period"),
        (plan(period="2024"), "plan.over"),
        (plan(unit="G9"), "unit.unknown"),
        (plan(unit="G" * 49), "plan.id"),
        (plan(title=" "), "plan.title"),
        (AdoptPlan(unit=G4, period="2025", title="Plan", targets=(), effective=NEW_YEAR), "plan.targets"),
        (plan(Aim(Decimal(1), "count", " ")), "target.title"),
        (plan(Aim(Decimal(1), "days", "x")), "target.measure"),
        (plan(Aim(Decimal(1), "", "x")), "target.measure"),
        (plan(Aim(Decimal(1), "count", "", IndicatorId("I12"))), "target.measure"),
        (plan(Aim(Decimal(0), "count", "x")), "target.amount"),
        (plan(Aim(Decimal("1.5"), "count", "x")), "target.amount"),
        (plan(Aim(Decimal(-1), "count", "x")), "target.amount"),
        (plan(Aim(Decimal("NaN"), "count", "x")), "target.amount"),
        (plan(Aim(Decimal("1E+12"), "count", "x")), "target.amount"),
        (plan(Aim(Decimal(1), indicator=IndicatorId("I99"))), "indicator.unknown"),
        (plan(Aim(Decimal(1), indicator=IndicatorId("I 9"))), "id.malformed"),
        (plan(Aim(Decimal(1), indicator=IndicatorId("I12")), unit="G5"), "indicator.scope"),
        (plan(on=date(2026, 2, 1), period="2026"), "effective.too_far"),
    ],
)
def test_what_cannot_be_planned_is_refused(command: Command, code: str):
    after().when(command, today=NEW_YEAR).refused(code)


def test_a_charter_without_plans_knows_none():
    text = shipped("procuratorate")
    start, end = text.index("[plans]"), text.index("# ---- what it is called")
    without = text[:start] + text[end:]
    given(*ORGANISATION, charters=[(date(2020, 1, 1), without)]).when(PLAN, today=NEW_YEAR).refused("plan.none")


def test_a_target_is_given_up_with_its_tasks_and_keeps_what_was_done():
    lived = after(*HAND, progress(ONE, "P1", 5))
    command = CancelTarget(target=T1, effective=MARCH)
    lived.when(command, today=MARCH, reason="Merged.").refused("task.second_person")
    lived.when(command, today=MARCH, approver="C2").refused("task.reason")
    answer = lived.when(command, today=MARCH, approver="C2", reason="Merged.")
    cancelled = [(each.task, each.done) for each in found(answer.facts, TaskCancelled)]
    assert cancelled == [(ONE, Decimal(5)), (TWO, Decimal(0))]
    assert answer.facts[-1] == PlanTargetCancelled(T1, ID, G4, Decimal(5), MARCH)


def test_a_target_is_given_up_once_and_never_before_what_happened_last():
    command = CancelTarget(target=T1, effective=MARCH)
    after(*SPLIT, command).when(CancelTarget(target=T1, effective=APRIL), today=APRIL).refused("target.cancelled")
    after().when(CancelTarget(target=TargetId("X"), effective=MARCH), today=MARCH).refused("target.unknown")
    early = CancelTarget(target=T1, effective=date(2025, 1, 3))
    after(*SPLIT).when(early, today=NEW_YEAR, approver="C2", reason="Merged.").refused("task.order")
    after(*SPLIT).when(command, today=NEW_YEAR, approver="C2", reason="Merged.").refused("task.future")
