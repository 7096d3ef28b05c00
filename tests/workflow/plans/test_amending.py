"""Amending a plan that was adopted: another target, and another amount for one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.workflow.plans.known import (
    APRIL,
    HAND,
    MARCH,
    ONE,
    PLAN,
    SPLIT,
    T1,
    TWO,
    add,
    after,
    assign,
    change,
    complete,
    found,
    progress,
    reallocate,
    still,
    to,
    verify,
)
from workflow.ids import IndicatorId, PlanId, TargetId, TaskId, UnitId
from workflow.plans.allocation import Allocation
from workflow.plans.events import PlanTargetChanged, PlanTargetSet, SplitMade, TaskAssigned, TaskCancelled
from workflow.plans.planning import AdoptPlan, Aim, CancelTarget
from workflow.slices import Command

G4, ID, T3 = UnitId("G4"), PlanId("G4.2025"), TargetId("G4.2025.T3")
BY_TWO: dict[str, Any] = {"approver": "C2", "reason": "A new law."}
Q4 = AdoptPlan(
    unit=G4,
    period="2025-Q4",
    title="Plan",
    targets=(Aim(Decimal(5), "count", "Visits"),),
    effective=MARCH,
)


def changed(amount: int, previous: int, on: date = MARCH) -> PlanTargetChanged:
    return PlanTargetChanged(T1, ID, G4, Decimal(amount), Decimal(previous), on)


def test_a_target_is_added_with_the_next_number_and_a_reason():
    answer = after(PLAN).when(add(5), today=MARCH, **BY_TWO)
    days = date(2025, 1, 1), date(2025, 12, 31)
    answer.then(PlanTargetSet(T3, ID, G4, None, "Visits", "count", Decimal(5), *days, MARCH))
    after(PLAN).when(add(5), today=MARCH, approver="C2").refused("task.reason")
    assert found(after(PLAN, add(5)).when(add(1, "Lessons"), today=MARCH, **BY_TWO).facts, PlanTargetSet)[0].target == (
        "G4.2025.T4"
    )


def test_the_same_target_is_not_added_twice_unless_it_was_cancelled():
    after(PLAN, add(5)).when(add(7), today=MARCH, **BY_TWO).refused("target.exists")
    again = add(7, "", indicator=IndicatorId("I12"), measure="")
    after(PLAN).when(again, today=MARCH, **BY_TWO).refused("target.exists")
    given_up = CancelTarget(target=T1, effective=MARCH)
    assert after(PLAN, given_up).when(again, today=MARCH, **BY_TWO).refusal is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (add(5, plan="G5.2025"), "plan.unknown"),
        (add(5, " "), "target.title"),
        (add(0), "target.amount"),
        (add("1.5"), "target.amount"),
        (add(5, measure="days"), "target.measure"),
        (add(5, indicator=IndicatorId("I99")), "indicator.unknown"),
        (add(5, indicator=IndicatorId("I 9")), "id.malformed"),
        (add(5, on=date(2025, 1, 3)), "task.order"),
        (add(5, on=APRIL), "task.future"),
        (change(30, target="G4.2025.T9"), "target.unknown"),
        (change(24), "target.same"),
        (change(0), "target.amount"),
        (change("24.5"), "target.amount"),
        (change(30, on=date(2025, 1, 3)), "task.order"),
        (change(30, on=APRIL), "task.future"),
        (change(30, to("P1", 14)), "task.not_split"),
    ],
)
def test_what_cannot_be_amended_is_refused(command: Command, code: str):
    after(PLAN).when(command, today=MARCH, **BY_TWO).refused(code)


def test_a_plan_whose_period_is_over_is_not_amended():
    late = date(2026, 1, 5)
    for command in (add(5, on=late), change(30, on=late)):
        after(PLAN).when(command, today=late, **BY_TWO).refused("plan.over")


def test_what_has_begun_is_amended_by_two_and_before_that_one_is_enough():
    for command in (add(5), change(30)):
        after(PLAN).when(command, today=MARCH, reason="A new law.").refused("task.second_person")
        after(PLAN).when(command, today=MARCH, approver="C1", reason="A new law.").refused("task.second_person")
    for begin in (add(5, "Lessons", plan="G4.2025-Q4"), change(7, target="G4.2025-Q4.T1")):
        assert after(Q4).when(begin, today=MARCH, reason="A new law.").refusal is None
        after(Q4).when(begin, today=MARCH, reason=" ").refused("task.reason")
        late = date(2025, 10, 9)
        after(Q4).when(begin, today=late, reason="A new law.").refused("effective.backdated")


def test_a_target_that_is_not_split_gets_any_other_amount():
    for amount in (30, 7):
        after(PLAN).when(change(amount), today=MARCH, **BY_TWO).then(changed(amount, 24))
    answer = after(PLAN, change(30)).when(assign(to("P1", 30), on=MARCH), today=MARCH)
    assert found(answer.facts, SplitMade)[0].amount == Decimal(30)
    after(PLAN, change(30)).when(assign(to("P1", 24), on=MARCH), today=MARCH).refused("task.sum")


def test_a_target_gets_no_amount_below_what_is_allocated():
    refused = after(*SPLIT).when(change(23), today=MARCH, **BY_TWO).refused("target.allocated")
    assert refused.fields == ("amount",)
    assert "24 of G4.2025.T1" in refused.sentence


def test_a_target_that_is_split_gets_more_and_the_next_reallocation_sums_to_it():
    after(*SPLIT).when(change(30), today=MARCH, **BY_TWO).then(changed(30, 24))
    lived = after(*SPLIT, change(30))
    lived.when(reallocate(still(ONE, 14), still(TWO, 10), on=APRIL), today=APRIL, **BY_TWO).refused("task.sum")
    answer = lived.when(reallocate(still(ONE, 14), still(TWO, 16), on=APRIL), today=APRIL, **BY_TWO)
    assert found(answer.facts, SplitMade)[0].amounts == (Decimal(14), Decimal(16))
    lived.when(change(24, on=APRIL), today=APRIL, **BY_TWO).then(changed(24, 30, APRIL))


def test_a_target_is_changed_and_split_anew_in_one():
    command = change(20, still(ONE, 14), to("G4-H2", 6))
    answer = after(*SPLIT).when(command, today=MARCH, **BY_TWO)
    assert answer.refusal is None, answer.refusal
    assert [type(fact) for fact in answer.facts] == [PlanTargetChanged, TaskCancelled, TaskAssigned, SplitMade]
    new = found(answer.facts, TaskAssigned)[0].task
    assert answer.facts[-1] == SplitMade(T1, None, Decimal(20), (TaskId(ONE), new), (Decimal(14), Decimal(6)), MARCH)
    after(*SPLIT).when(change(20, still(ONE, 14), to("G4-H2", 7)), today=MARCH, **BY_TWO).refused("task.sum")
    after(*SPLIT).when(command, today=MARCH, reason="A new law.").refused("task.second_person")


def test_what_is_done_stays_done_when_a_target_is_changed():
    done = (*HAND, progress(ONE, "P1", 14), complete(ONE, "P1"), verify(ONE, "P4"))
    after(*done).when(change(14, still(TWO, 0)), today=MARCH, **BY_TWO).refused("task.amount")
    after(*done).when(change(13, still(TWO, 10)), today=MARCH, **BY_TWO).refused("task.sum")
    answer = after(*done).when(change(16, still(TWO, 2)), today=MARCH, **BY_TWO)
    assert found(answer.facts, SplitMade)[0].amounts == (Decimal(14), Decimal(2))
    # What a cancelled part did is kept by the target, and it gets no amount below that.
    part = (*HAND, progress(ONE, "P1", 5))
    answer = after(*part).when(change(15, still(TWO, 10)), today=MARCH, **BY_TWO)
    known = Allocation(T1)
    for fact in (*after(*part).facts, *answer.facts):
        if type(fact) in Allocation.listens_to() and getattr(fact, "target", "") == T1:
            known.note(fact)
    assert (known.amount, known.done, known.allocated()) == (Decimal(15), Decimal(5), Decimal(10))
    kept = after(*part, change(15, still(TWO, 10)))
    kept.when(change(4, still(TWO, 1), on=APRIL), today=APRIL, **BY_TWO).refused("target.allocated")


def test_a_target_that_was_cancelled_is_not_changed():
    after(PLAN, CancelTarget(target=T1, effective=MARCH)).when(change(30), today=MARCH, **BY_TWO).refused(
        "target.cancelled"
    )
