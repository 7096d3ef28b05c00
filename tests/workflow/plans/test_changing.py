"""Tasks that change hands, are shared by days, are due later, or are cancelled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import settings
from hypothesis import strategies as st

from tests.workflow.organisation.happened import appointed
from tests.workflow.plans.known import (
    APRIL,
    HAND,
    MARCH,
    NEW_YEAR,
    ONE,
    PLAN,
    SPLIT,
    T1,
    TWO,
    accept,
    after,
    assign,
    complete,
    found,
    progress,
    reallocate,
    refuse,
    still,
    to,
    verify,
)
from workflow.ids import AppointmentId, PersonId, PostId, TaskId, UnitId
from workflow.organisation.events import AppointmentEnded
from workflow.plans.amounts import by_days
from workflow.plans.changing import CancelTask, ExtendTask, ReassignTask, ShareTask
from workflow.plans.events import TaskAssigned, TaskCancelled, TaskExtended, TaskReassigned, TaskShared
from workflow.slices import Command, Refused

MAY_16, JUNE_30 = date(2025, 5, 16), date(2025, 6, 30)
G4 = UnitId("G4")


def reassign(task: str = ONE, on: date = MARCH, **whom: Any) -> ReassignTask:
    return ReassignTask(task=TaskId(task), effective=on, **whom)


def share(task: str = ONE, on: date = MAY_16, **whom: Any) -> ShareTask:
    return ShareTask(task=TaskId(task), effective=on, **whom)


def extend(due: date, task: str = ONE, on: date = MARCH) -> ExtendTask:
    return ExtendTask(task=TaskId(task), due=due, effective=on)


def cancel(task: str = ONE, on: date = MARCH) -> CancelTask:
    return CancelTask(task=TaskId(task), effective=on)


def leaves(person: str, post: str, on: date = MAY_16) -> AppointmentEnded:
    return AppointmentEnded(
        AppointmentId(f"{person}-{post}"), PersonId(person), PostId(post), UnitId(post[:2]), on, "transferred"
    )


QUARTER = (
    PLAN,
    assign(to("P1", 13, first_day=APRIL, due=JUNE_30), to("P2", 11), on=APRIL),
    accept(ONE, "P1", APRIL),
)
MOVED = (*QUARTER, leaves("P1", "G4-H1"), appointed("A5", "P1", "G5-H2", unit="G5", since=MAY_16))
TWO_OF_US: dict[str, Any] = {"approver": "C2", "reason": "So decided."}


# ---- reassigned ----


def test_a_whole_task_is_reassigned_with_what_was_done_and_accepted_anew():
    until = date(2025, 3, 6)
    p1, p2 = PersonId("P1"), PersonId("P2")
    expected = TaskReassigned(TaskId(ONE), T1, G4, None, p2, G4, None, p1, until, MARCH)
    after(*HAND, progress(ONE, "P1", 5)).when(reassign(person=p2), today=MARCH, reason="Ill.").then(expected)
    given_to_p2 = (*HAND, progress(ONE, "P1", 5), reassign(person=p2))
    assert after(*given_to_p2).when(accept(ONE, "P2", MARCH), today=MARCH).refusal is None
    done = (*given_to_p2, accept(ONE, "P2", MARCH), progress(ONE, "P2", 14), complete(ONE, "P2"))
    after(*done).when(verify(ONE, "P1"), today=MARCH).refused("task.verifier")


def test_what_was_refused_is_reassigned():
    refused = after(*SPLIT, refuse(ONE, "P1"))
    assert refused.when(reassign(post=PostId("G4-H2")), today=MARCH, reason="Ill.").refusal is None


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (reassign(person=PersonId("P1")), "task.same"),
        (reassign(person=PersonId("P6")), "task.not_below"),
        (reassign(unit=UnitId("G5")), "task.not_below"),
        (reassign(), "task.assignee"),
        (reassign(unit=G4, person=PersonId("P2")), "task.assignee"),
        (reassign("G4.2025.T1.9", person=PersonId("P2")), "task.unknown"),
        (reassign(person=PersonId("P2"), on=date(2025, 1, 3)), "task.order"),
    ],
)
def test_a_task_that_cannot_be_reassigned_is_refused(command: Command, code: str):
    after(*HAND).when(command, today=MARCH, **TWO_OF_US).refused(code)


def test_reassigning_wants_a_reason_and_a_task_that_is_open_and_not_split():
    after(*HAND).when(reassign(person=PersonId("P2")), today=MARCH).refused("task.reason")
    split = (PLAN, assign(to("G4", 24)), assign(to("P1", 24), parent=ONE))
    after(*split).when(reassign(person=PersonId("P2")), today=MARCH, reason="Ill.").refused("task.is_split")
    done = (*HAND, progress(ONE, "P1", 14), complete(ONE, "P1"))
    after(*done).when(reassign(person=PersonId("P2")), today=MARCH, reason="Ill.").refused("task.state")


# ---- shared by days ----


def test_who_moves_in_mid_period_keeps_a_share_by_calendar_days_and_the_successor_gets_the_rest():
    answer = after(*MOVED).when(share(person=PersonId("P2")), today=MAY_16, reason="Moved to G5.")
    shared, assigned = answer.facts
    # 1 April to 15 May are 45 of the 91 days: 13 × 45 ÷ 91 = 6.43, which is 6.
    p1, third = PersonId("P1"), TaskId("G4.2025.T1.3")
    assert shared == TaskShared(TaskId(ONE), T1, G4, p1, third, Decimal(13), 45, 91, Decimal(6), Decimal(7), MAY_16)
    assert isinstance(assigned, TaskAssigned)
    assert (assigned.task, assigned.person, assigned.amount) == (third, PersonId("P2"), Decimal(7))
    assert (assigned.first_day, assigned.due) == (MAY_16, JUNE_30)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (share(person=PersonId("P2"), on=date(2025, 5, 15)), "task.share_day"),
        (share(person=PersonId("P2"), on=date(2025, 5, 19)), "task.share_day"),
        (share(person=PersonId("P6")), "task.not_below"),
        (share(person=PersonId("P1")), "task.not_below"),
        (share(TWO, person=PersonId("P1")), "task.not_below"),
        (share(TWO, unit=G4), "task.share_day"),
        (share(), "task.assignee"),
        (share("G4.2025.T1.9", unit=G4), "task.unknown"),
    ],
)
def test_only_who_left_the_unit_on_that_day_shares(command: Command, code: str):
    after(*MOVED).when(command, today=date(2025, 5, 19), **TWO_OF_US).refused(code)


def test_what_is_a_posts_or_is_over_is_not_shared():
    by_post = (PLAN, assign(to("G4-H1", 24)), leaves("P1", "G4-H1"))
    after(*by_post).when(share(unit=G4), today=MAY_16, reason="Moved.").refused("task.share_person")
    gone = (PLAN, assign(to("P1", 24, due=MARCH)), leaves("P1", "G4-H1"))
    after(*gone).when(share(unit=G4), today=MAY_16, reason="Moved.").refused("task.share_days")
    after(*MOVED).when(share(unit=G4), today=MAY_16).refused("task.reason")
    successor = share("G4.2025.T1.3", unit=G4)
    after(*MOVED, share(unit=G4)).when(successor, today=MAY_16, reason="Again.").refused("task.share_person")


def test_a_share_is_not_shared_again():
    after(*MOVED, share(unit=G4)).when(share(unit=G4), today=MAY_16, reason="Again.").refused("task.shared")


def test_what_is_shared_is_the_amount_of_that_day_and_not_one_that_it_got_later():
    """Else the parts would not have summed in between."""
    again = (*MOVED, reallocate(still(ONE, 12), to("P2", 12), on=JUNE_30))
    after(*again).when(share(unit=G4), today=JUNE_30, **TWO_OF_US).refused("task.order")
    other = (*MOVED, reallocate(still(ONE, 13), to("P2", 6), to("G4", 5), on=JUNE_30))
    assert after(*other).when(share(unit=G4), today=JUNE_30, **TWO_OF_US).refusal is None


@settings(deadline=None)
@given_any(
    st.decimals("0.01", "1000000", places=2), st.integers(1, 366), st.integers(1, 366), st.sampled_from([0, 1, 2])
)
def test_shares_by_days_always_sum_to_the_amount_and_lie_within_half_a_step(
    amount: Decimal, length: int, moved: int, decimals: int
):
    first = date(2025, 1, 1)
    due, day = date.fromordinal(first.toordinal() + length - 1), date.fromordinal(first.toordinal() + moved)
    if moved >= length:
        with pytest.raises(Refused):
            by_days(amount, first, due, day, decimals)
        return
    shares = by_days(amount, first, due, day, decimals)
    assert shares.share + shares.rest == amount
    assert (shares.days, shares.of_days) == (moved, length)
    assert abs(shares.share - amount * moved / length) <= Decimal(5).scaleb(-decimals - 1)


# ---- extended ----


def test_a_task_is_extended_by_two_persons_with_a_reason():
    until = date(2025, 7, 31)
    expected = TaskExtended(TaskId(ONE), T1, G4, until, JUNE_30, APRIL)
    after(*QUARTER).when(extend(until, on=APRIL), today=APRIL, **TWO_OF_US).then(expected)
    after(*QUARTER).when(extend(until, on=APRIL), today=APRIL, reason="Late.").refused("task.second_person")
    after(*QUARTER).when(extend(until, on=APRIL), today=APRIL, approver="C2").refused("task.reason")


def test_a_task_is_not_extended_beyond_what_it_is_a_part_of():
    known = after(*QUARTER)
    # Ten working days after 31 December: 1 to 3 January are off, the Sunday after is made up.
    latest = date(2026, 1, 15)
    known.when(extend(date(2026, 1, 16), on=APRIL), today=APRIL, **TWO_OF_US).refused("task.due")
    assert known.when(extend(latest, on=APRIL), today=APRIL, **TWO_OF_US).refusal is None
    known.when(extend(JUNE_30, on=APRIL), today=APRIL, **TWO_OF_US).refused("task.due")
    split = (PLAN, assign(to("G4", 24, due=JUNE_30)), assign(to("P1", 24), parent=ONE))
    part = f"{ONE}.1"
    after(*split).when(extend(date(2025, 7, 1), part), today=MARCH, **TWO_OF_US).refused("task.due")
    extended = (*split, extend(date(2025, 7, 31)))
    assert after(*extended).when(extend(date(2025, 7, 1), part), today=MARCH, **TWO_OF_US).refusal is None


# ---- cancelled ----


def test_cancelling_a_parent_cancels_what_is_below_and_keeps_what_was_done():
    part = f"{ONE}.1"
    split = (PLAN, assign(to("G4", 24)), assign(to("P1", 14), to("P2", 10), parent=ONE), accept(part, "P1"))
    known = after(*split, progress(part, "P1", 5))
    answer = known.when(cancel(), today=MARCH, **TWO_OF_US)
    cancelled = [(each.task, each.parent, each.done) for each in found(answer.facts, TaskCancelled)]
    assert cancelled == [(part, ONE, 5), (f"{ONE}.2", ONE, 0), (ONE, None, 5)]


def test_one_of_several_parts_is_cancelled_only_by_a_new_split():
    after(*HAND).when(cancel(), today=MARCH, **TWO_OF_US).refused("task.reallocate")


def test_what_a_cancelled_part_leaves_is_the_wholes_from_that_day_on_and_nothing_about_it_is_dated_before():
    part, of_whole = f"{ONE}.1", accept(ONE, "P4")
    split = (PLAN, assign(to("G4", 24)), of_whole, assign(to("P1", 24), parent=ONE), accept(part, "P1"))
    known = after(*split, progress(part, "P1", 5), cancel(part, APRIL))
    for again in (progress(ONE, "P4", 6), assign(to("P2", 19), parent=ONE, on=MARCH), cancel(ONE, MARCH)):
        known.when(again, today=APRIL, **TWO_OF_US).refused("task.order")
    for now in (progress(ONE, "P4", 6, APRIL), assign(to("P2", 19), parent=ONE, on=APRIL), cancel(ONE, APRIL)):
        assert known.when(now, today=APRIL, **TWO_OF_US).refusal is None
    late = after(PLAN, assign(to("G4", 24)), assign(to("P1", 24), parent=ONE), cancel(part, APRIL))
    assert late.when(accept(ONE, "P4", MARCH), today=APRIL, **TWO_OF_US).refusal is None
    whole = after(PLAN, assign(to("G4", 24)), cancel(ONE, APRIL))
    whole.when(assign(to("P1", 24), on=MARCH), today=APRIL, **TWO_OF_US).refused("task.order")
    assert whole.when(assign(to("P1", 24), on=APRIL), today=APRIL).refusal is None


def test_the_only_part_left_is_not_cancelled_before_the_others_were():
    split = (PLAN, assign(to("G4", 24)), assign(to("P1", 14), to("P2", 10), parent=ONE))
    done = (accept(f"{ONE}.2", "P2"), progress(f"{ONE}.2", "P2", 10))
    known = after(*split, *done, reallocate(still(f"{ONE}.1", 14), parent=ONE, on=APRIL))
    known.when(cancel(f"{ONE}.1", MARCH), today=APRIL, **TWO_OF_US).refused("task.order")
    assert known.when(cancel(f"{ONE}.1", APRIL), today=APRIL, **TWO_OF_US).refusal is None


def test_cancelling_takes_two_persons_and_a_task_that_is_not_verified_or_cancelled():
    alone = (PLAN, assign(to("P1", 24)), accept(ONE, "P1"))
    after(*alone).when(cancel(), today=MARCH, reason="Dropped.").refused("task.second_person")
    after(*alone).when(cancel(), today=MARCH, approver="C2").refused("task.reason")
    after(*alone, cancel()).when(cancel(), today=MARCH, **TWO_OF_US).refused("task.state")
    done = (*alone, progress(ONE, "P1", 24), complete(ONE, "P1"), verify(ONE, "P4"))
    after(*done).when(cancel(), today=MARCH, **TWO_OF_US).refused("task.state")
    after(*alone).when(cancel(on=NEW_YEAR), today=NEW_YEAR, **TWO_OF_US).then_some(
        TaskCancelled(TaskId(ONE), T1, G4, None, Decimal(0), NEW_YEAR)
    )
