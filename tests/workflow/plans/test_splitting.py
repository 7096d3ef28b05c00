"""Splitting: the parts of a target or a task sum to it exactly, to units, posts and people below."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from tests.given import given
from tests.workflow.organisation.happened import member
from tests.workflow.plans.known import (
    APRIL,
    CHARTER,
    HAND,
    MARCH,
    NEW_YEAR,
    ONE,
    PLAN,
    SPLIT,
    T1,
    T2,
    TWO,
    accept,
    after,
    assign,
    complete,
    found,
    lived,
    progress,
    reallocate,
    still,
    to,
    verify,
)
from workflow.calendar import Calendar
from workflow.ids import PersonId, PlanId, TaskId, UnitId
from workflow.organisation.events import PersonLeft
from workflow.plans.allocation import Allocation
from workflow.plans.events import SplitMade, TaskAssigned, TaskCancelled
from workflow.plans.splitting import Part
from workflow.slices import Command, Event

FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
BY = Calendar(CHARTER).add(NEW_YEAR, 3)
G4, G5 = UnitId("G4"), UnitId("G5")


def tree(facts: list[Event], target: str = T1) -> Allocation:
    known = Allocation(T1 if target == T1 else T2)
    for fact in facts:
        if type(fact) in Allocation.listens_to() and getattr(fact, "target", "") == target:
            known.note(fact)
    return known


def test_one_command_makes_a_whole_split():
    title, plan = "提前介入意见", PlanId("G4.2025")
    one = TaskAssigned(
        TaskId(ONE), T1, None, plan, G4, None, PersonId("P1"), title, Decimal(14), FIRST, LAST, BY, NEW_YEAR
    )
    two = TaskAssigned(
        TaskId(TWO), T1, None, plan, G4, None, PersonId("P2"), title, Decimal(10), FIRST, LAST, BY, NEW_YEAR
    )
    made = SplitMade(T1, None, Decimal(24), (one.task, two.task), (Decimal(14), Decimal(10)), NEW_YEAR)
    after(PLAN).when(SPLIT[1], today=NEW_YEAR).then(one, two, made)


@pytest.mark.parametrize(
    ("amounts", "sentence"), [((14, 9), "1 are missing"), ((14, 11), "1 are too many"), ((24, 24), "24 are too many")]
)
def test_the_parts_sum_to_the_whole_exactly(amounts: tuple[int, int], sentence: str):
    command = assign(to("P1", amounts[0]), to("P2", amounts[1]))
    assert sentence in after(PLAN).when(command, today=NEW_YEAR).refused("task.sum").sentence


def test_the_parts_sum_in_the_decimals_of_the_measure():
    exact = assign(to("P1", "33.33"), to("P2", "66.67"), target=T2)
    assert after(PLAN).when(exact, today=NEW_YEAR).refusal is None
    finer = assign(to("P1", "33.333"), to("P2", "66.667"), target=T2)
    after(PLAN).when(finer, today=NEW_YEAR).refused("task.amount")
    after(PLAN).when(assign(to("P1", "12.5"), to("P2", "11.5")), today=NEW_YEAR).refused("task.amount")


def test_a_part_is_a_units_a_posts_or_a_persons():
    parts = assign(to("G4", 4), to("G4-H1", 10), to("P2", 10))
    assigned = found(after(PLAN).when(parts, today=NEW_YEAR).facts, TaskAssigned)
    assert [(each.unit, each.post, each.person) for each in assigned] == [
        ("G4", None, None),
        ("G4", "G4-H1", None),
        ("G4", None, "P2"),
    ]


@pytest.mark.parametrize("whom", ["G5", "DCP", "G5-H1", "DCP-CHIEF", "P6", "P0", "P3"])
def test_nobody_outside_the_unit_gets_a_part_of_it(whom: str):
    after(PLAN).when(assign(to(whom, 24)), today=NEW_YEAR).refused("task.not_below")


def test_whoever_is_below_the_unit_or_a_member_of_it_may_get_a_part():
    top = type(PLAN)(unit=UnitId("DCP"), period="2025", title="All", targets=PLAN.targets[1:], effective=NEW_YEAR)
    parts = assign(to("G5", 40), to("G4-H1", 30), to("P6", 30), target="DCP.2025.T1")
    assigned = found(after(top).when(parts, today=NEW_YEAR).facts, TaskAssigned)
    assert [each.unit for each in assigned] == ["G5", "G4", "G5"]
    joined = member("P3", "G4")
    assert after(joined, PLAN).when(assign(to("P3", 24)), today=NEW_YEAR).refusal is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (assign(to("G9", 24)), "unit.unknown"),
        (assign(to("G4-H9", 24)), "post.unknown"),
        (assign(to("P77", 24)), "person.unknown"),
        (assign(to("P2", 24), target="G4.2025.T9"), "target.unknown"),
        (assign(Part(Decimal(24))), "task.assignee"),
        (assign(Part(Decimal(24), unit=G4, person=PersonId("P1"))), "task.assignee"),
        (assign(to("P 1", 24)), "id.malformed"),
        (assign(), "task.parts"),
        (assign(*(to("P1", 1) for _ in range(101))), "task.parts"),
        (assign(still(ONE, 24)), "task.parts"),
        (assign(to("P1", 24), to("P2", 0)), "task.amount"),
        (assign(to("P1", 24), to("P2", "NaN")), "task.amount"),
        (assign(to("P1", 24, due=date(2026, 1, 1))), "task.days"),
        (assign(to("P1", 24, first_day=date(2024, 12, 31))), "task.days"),
        (assign(to("P1", 24, first_day=date(2025, 6, 1), due=date(2025, 5, 1))), "task.days"),
        (assign(to("P1", 24, due=date(2025, 1, 3))), "task.days"),
        (assign(to("P1", 24), parent=ONE), "task.unknown"),
        (assign(to("P1", 24), on=date(2025, 1, 3)), "task.order"),
        (assign(to("P1", 24), on=date(2025, 1, 7)), "task.future"),
    ],
)
def test_a_split_that_cannot_be_is_refused(command: Command, code: str):
    after(PLAN).when(command, today=NEW_YEAR).refused(code)


def test_a_person_who_has_left_gets_nothing():
    after(PLAN, PersonLeft(PersonId("P1"), NEW_YEAR)).when(assign(to("P1", 24)), today=NEW_YEAR).refused("person.left")


def test_what_is_split_is_split_anew_only_by_two_persons():
    after(*SPLIT).when(SPLIT[1], today=NEW_YEAR).refused("task.is_split")
    again = reallocate(still(ONE, 12), still(TWO, 12))
    after(*SPLIT).when(again, today=MARCH, reason="Even.").refused("task.second_person")
    after(*SPLIT).when(again, today=MARCH, approver="C2").refused("task.reason")
    after(PLAN).when(again, today=MARCH, approver="C2", reason="Even.").refused("task.not_split")


def test_the_task_of_a_unit_or_a_post_is_split_further_and_sums_to_it():
    facts = lived(PLAN, assign(to("G4", 14), to("P2", 10)), assign(to("P1", 9), to("G4-H2", 5), parent=ONE))
    assert [each.task for each in found(facts, TaskAssigned)][2:] == [f"{ONE}.1", f"{ONE}.2"]
    wrong = assign(to("P1", 9), to("G4-H2", 4), parent=ONE)
    after(PLAN, assign(to("G4", 14), to("P2", 10))).when(wrong, today=NEW_YEAR).refused("task.sum")


def test_what_a_person_has_is_split_no_further():
    after(*SPLIT).when(assign(to("P1", 14), parent=ONE), today=NEW_YEAR).refused("task.of_person")


def test_a_new_split_of_the_same_parent_keeps_what_was_done():
    begun = (*HAND, progress(ONE, "P1", 5), accept(TWO, "P2", MARCH), progress(TWO, "P2", 3))
    facts = lived(*begun, reallocate(still(ONE, 14), to("G4-H2", 7), on=APRIL))
    (cancelled,) = found(facts, TaskCancelled)
    assert (cancelled.task, cancelled.done) == (TWO, Decimal(3))
    known = tree(facts)
    assert known.done == 3
    assert {each.id: each.amount for each in known.parts(None)} == {ONE: 14, "G4.2025.T1.3": 7}
    assert known.to_split(None) == sum(each.amount for each in known.parts(None)) == 21


def test_a_part_never_has_less_than_was_done_of_it():
    begun = after(*HAND, progress(ONE, "P1", 5))
    asked = reallocate(still(ONE, 4), still(TWO, 20))
    begun.when(asked, today=MARCH, approver="C2", reason="Even.").refused("task.below_done")


def test_a_part_whose_amount_changes_loses_its_own_split_and_keeps_what_was_done():
    begun = (
        PLAN,
        assign(to("G4", 14), to("P2", 10)),
        assign(to("P1", 9), to("G4-H2", 5), parent=ONE),
        accept(f"{ONE}.1", "P1"),
        progress(f"{ONE}.1", "P1", 4),
    )
    known = tree(lived(*begun, reallocate(still(ONE, 12), still(TWO, 12))))
    assert [each.state for each in known.tasks.values()] == ["assigned", "assigned", "cancelled", "cancelled"]
    one = known.tasks[TaskId(ONE)]
    assert [one.amount, one.done, known.to_split(one.id)] == [12, 4, 8]
    anew = assign(to("P1", 8), parent=ONE, on=APRIL)
    again = tree(lived(*begun, reallocate(still(ONE, 12), still(TWO, 12)), anew))
    assert [each.id for each in again.parts(TaskId(ONE))] == [f"{ONE}.3"]


def test_what_was_verified_stays_in_every_new_split():
    done = (*HAND, progress(ONE, "P1", 14), complete(ONE, "P1"), verify(ONE, "P4"))
    known = tree(lived(*done, reallocate(to("G4-H2", 10), on=APRIL)))
    assert [(each.id, each.state, str(each.amount)) for each in known.parts(None)] == [
        (ONE, "verified", "14"),
        ("G4.2025.T1.3", "assigned", "10"),
    ]
    less = reallocate(still(ONE, 10), still(TWO, 14), on=APRIL)
    after(*done).when(less, today=APRIL, approver="C2", reason="Even.").refused("task.state")


@pytest.mark.parametrize(
    "parts",
    [
        (still(ONE, 12), still(ONE, 12)),
        (still("G4.2025.T1.9", 14), still(TWO, 10)),
        (Part(Decimal(14), person=PersonId("P2"), task=TaskId(ONE)), still(TWO, 10)),
    ],
)
def test_a_part_that_is_there_is_named_once_and_only_its_amount_changes(parts: tuple[Part, ...]):
    after(*SPLIT).when(reallocate(*parts), today=MARCH, approver="C2", reason="Even.").refused("task.parts")


@settings(deadline=None)
@given_any(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.lists(st.integers(1, 40), min_size=1, max_size=4))
def test_however_a_target_is_split_and_split_anew_its_parts_sum_to_it(first: list[int], second: list[int]):
    whole = sum(first)
    aim = PLAN.targets[1]._replace(amount=Decimal(whole), measure="count")
    plan = type(PLAN)(unit=G4, period="2025", title="Any", targets=(aim,), effective=NEW_YEAR)
    split = assign(*(to("G4-H1", each) for each in first))
    facts = lived(plan, split, accept(ONE, "P1"), progress(ONE, "P1", 1))
    anew = reallocate(*(to("G4-H2", each) for each in second))
    answer = given(*facts, charter=None).when(anew, today=MARCH, approver="C2", reason="Any.")
    if sum(second) == whole - 1:
        known = tree([*facts, *answer.facts])
        assert sum(each.amount for each in known.parts(None)) + known.done == whole
    else:
        answer.refused("task.sum")


def test_a_split_that_is_there_already_is_not_made_anew():
    known = after(*SPLIT)
    by_two: dict[str, Any] = {"today": MARCH, "approver": "C2", "reason": "Even."}
    p1, p2 = still(ONE, 14), to("P2", 10)
    for same in ((p1, still(TWO, 10)), (p1, p2), (to("P1", 14), p2)):
        known.when(reallocate(*same), **by_two).refused("task.same")
    for other in (to("P2", 10, title="Others"), to("P2", 10, due=date(2025, 11, 28)), to("G4-H2", 10)):
        assert known.when(reallocate(p1, other), **by_two).refusal is None
