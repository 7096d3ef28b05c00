"""The life of a task: accepted or refused, progressed, completed, and verified or returned by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from tests.given import Given, given
from tests.workflow.organisation.happened import appointed
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
    TWO,
    accept,
    after,
    assign,
    complete,
    correct,
    lived,
    progress,
    reallocate,
    refuse,
    send_back,
    still,
    to,
    verify,
)
from workflow.charter.loader import shipped
from workflow.ids import PersonId, TaskId, UnitId
from workflow.organisation.events import PersonLeft
from workflow.plans.events import (
    TaskAccepted,
    TaskCompleted,
    TaskProgressCorrected,
    TaskProgressed,
    TaskRefused,
    TaskReturned,
    TaskVerified,
)
from workflow.slices import Command, Event

G4, TASK, P1, P4 = UnitId("G4"), TaskId(ONE), PersonId("P1"), PersonId("P4")
DONE = (*HAND, progress(ONE, "P1", 14))
COMPLETE = (*DONE, complete(ONE, "P1"))

ACTS: list[tuple[tuple[Command, ...], Command, Event]] = [
    (SPLIT, accept(ONE, "P1", MARCH), TaskAccepted(TASK, T1, G4, P1, MARCH)),
    (SPLIT, refuse(ONE, "P1", MARCH), TaskRefused(TASK, T1, G4, P1, "On leave.", MARCH)),
    (HAND, progress(ONE, "P1", 5, evidence=("a",)), TaskProgressed(TASK, T1, G4, P1, Decimal(5), ("a",), MARCH)),
    (DONE, correct(ONE, "P1", 3), TaskProgressCorrected(TASK, T1, G4, P1, Decimal(3), Decimal(14), MARCH)),
    (DONE, complete(ONE, "P1"), TaskCompleted(TASK, T1, G4, P1, ("register",), MARCH)),
    (COMPLETE, verify(ONE, "P4", evidence=("b",)), TaskVerified(TASK, T1, G4, P4, "Seen.", ("b",), MARCH)),
    (COMPLETE, send_back(ONE, "P4"), TaskReturned(TASK, T1, G4, P4, "Two are missing.", MARCH)),
]


@pytest.mark.parametrize(("known", "act", "expected"), ACTS)
def test_each_act_of_a_task_has_its_turn(known: tuple[Command, ...], act: Command, expected: Event):
    after(*known).when(act, today=MARCH, approver="C2", reason="Counted twice.").then(expected)


@pytest.mark.parametrize(
    ("act", "turns"),
    [
        (accept(ONE, "P1", APRIL), {"split"}),
        (refuse(ONE, "P1", APRIL), {"split"}),
        (progress(ONE, "P1", 20, APRIL), {"hand", "done", "returned"}),
        (correct(ONE, "P1", 20, APRIL), {"hand", "done", "returned"}),
        (complete(ONE, "P1", APRIL), {"done", "returned"}),
        (verify(ONE, "P4", APRIL), {"complete"}),
        (send_back(ONE, "P4", APRIL), {"complete"}),
    ],
)
def test_no_act_of_a_task_is_done_out_of_turn(act: Command, turns: set[str]):
    states = {
        "split": SPLIT,
        "refused": (*SPLIT, refuse(ONE, "P1")),
        "hand": HAND,
        "done": DONE,
        "complete": COMPLETE,
        "returned": (*COMPLETE, send_back(ONE, "P4")),
        "verified": (*COMPLETE, verify(ONE, "P4")),
    }
    for name, known in states.items():
        answer = after(*known).when(act, today=APRIL, approver="C2", reason="Counted twice.")
        if name in turns:
            assert answer.refusal is None, (name, answer.refusal)
        else:
            assert answer.refusal is not None, name
            assert answer.refusal.code in ("task.state", "task.not_done"), name


@pytest.mark.parametrize(("known", "act", "expected"), ACTS)
def test_no_act_is_before_the_last_one_or_on_a_day_to_come(known: tuple[Command, ...], act: Command, expected: Event):
    late = act.again()
    late.effective = date(2025, 1, 3)  # type: ignore[attr-defined]
    after(*known).when(late, today=MARCH, approver="C2", reason="?").refused("task.order")
    after(*known).when(act, today=date(2025, 2, 28), approver="C2", reason="?").refused("task.future")


@pytest.mark.parametrize(("known", "act", "expected"), ACTS)
def test_there_is_nothing_to_do_about_a_task_nobody_assigned(known: tuple[Command, ...], act: Command, expected: Event):
    for id in ("G4.2025.T1.9", "G4", "G4.2025.T1"):
        nothing = act.again()
        nothing.task = TaskId(id)  # type: ignore[attr-defined]
        after(*known).when(nothing, today=MARCH, approver="C2", reason="?").refused("task.unknown")


@pytest.mark.parametrize("act", [accept, refuse])
def test_only_who_has_a_task_accepts_or_refuses_it(act: Callable[..., Command]):
    for other in ("P2", "P4", "P0", "P6"):
        after(*SPLIT).when(act(ONE, other), today=NEW_YEAR).refused("task.not_theirs")
    after(*SPLIT).when(act(ONE, "P77"), today=NEW_YEAR).refused("person.unknown")
    gone = PersonLeft(P1, NEW_YEAR)
    after(*SPLIT, gone).when(act(ONE, "P1"), today=NEW_YEAR).refused("person.left")


def test_the_task_of_a_post_is_its_holders_and_that_of_a_unit_its_heads():
    known = after(PLAN, assign(to("G4-H1", 14), to("G4", 10)))
    assert known.when(accept(ONE, "P1"), today=NEW_YEAR).refusal is None
    known.when(accept(ONE, "P4"), today=NEW_YEAR).refused("task.not_theirs")
    assert known.when(accept(TWO, "P4"), today=NEW_YEAR).refusal is None
    known.when(accept(TWO, "P1"), today=NEW_YEAR).refused("task.not_theirs")


def test_the_head_of_the_unit_may_report_for_who_has_the_task_and_then_not_verify_it():
    after(*HAND).when(progress(ONE, "P2", 5), today=MARCH).refused("task.not_theirs")
    by_head = (*HAND, progress(ONE, "P4", 14), complete(ONE, "P1"))
    after(*by_head).when(verify(ONE, "P4"), today=MARCH).refused("task.verifier")
    assert after(*by_head).when(verify(ONE, "P9"), today=MARCH).refusal is None


def test_what_is_done_never_decreases_but_by_a_correction_of_two_persons_with_a_reason():
    known = after(*HAND, progress(ONE, "P1", 5))
    known.when(progress(ONE, "P1", 4), today=MARCH).refused("task.decreasing")
    known.when(progress(ONE, "P1", 5), today=MARCH).refused("task.same")
    known.when(correct(ONE, "P1", 4), today=MARCH, reason="Counted twice.").refused("task.second_person")
    known.when(correct(ONE, "P1", 4), today=MARCH, approver="C1", reason="?").refused("task.second_person")
    known.when(correct(ONE, "P1", 4), today=MARCH, approver="C2").refused("task.reason")
    assert known.when(correct(ONE, "P1", 4), today=MARCH, approver="C2", reason="Twice.").refusal is None


@pytest.mark.parametrize("done", ["-1", "1.5", "NaN", "Infinity", "1000000000000"])
def test_what_is_done_is_an_amount_of_the_measure(done: str):
    after(*HAND).when(progress(ONE, "P1", done), today=MARCH).refused("task.done")


def test_a_task_is_completed_when_all_of_it_is_done_with_evidence():
    after(*HAND, progress(ONE, "P1", 13)).when(complete(ONE, "P1"), today=MARCH).refused("task.not_done")
    after(*DONE).when(complete(ONE, "P1", evidence=()), today=MARCH).refused("task.evidence")
    after(*DONE).when(complete(ONE, "P1", evidence=("a", " ")), today=MARCH).refused("task.evidence")
    after(*DONE).when(progress(ONE, "P1", 20, evidence=(" ",)), today=MARCH).refused("task.evidence")


def test_a_split_task_is_completed_when_its_parts_are_verified():
    part = f"{ONE}.1"
    split = (
        PLAN,
        assign(to("G4", 24)),
        accept(ONE, "P4"),
        assign(to("P1", 24), parent=ONE),
        accept(part, "P1"),
        progress(part, "P1", 24),
        complete(part, "P1"),
    )
    after(*split).when(progress(ONE, "P4", 24), today=MARCH).refused("task.is_split")
    after(*split).when(complete(ONE, "P4"), today=MARCH).refused("task.parts_open")
    verified = (*split, verify(part, "P9"))
    assert after(*verified).when(complete(ONE, "P4", evidence=()), today=MARCH).refusal is None


def a_part_verified(*later: Command) -> Given:
    """Of the 14 of a unit's task 2 were a part that is verified, and 12 another one; and what came then."""
    split = (PLAN, assign(to("G4", 14), to("P2", 10)), accept(ONE, "P4"), assign(to("P1", 2), to("P2", 12), parent=ONE))
    return after(*split, *all_of(f"{ONE}.1", "P1", 2, NEW_YEAR), *later)


def all_of(part: str, by: str, amount: int, on: date = MARCH) -> tuple[Command, ...]:
    """From its acceptance on, until the head verifies it."""
    return accept(part, by, on), progress(part, by, amount), complete(part, by), verify(part, "P4")


def test_a_split_task_that_got_more_is_not_complete_with_the_part_that_was_verified_before():
    more = reallocate(still(ONE, 20), still(TWO, 4))
    a_part_verified(more).when(complete(ONE, "P4"), today=MARCH).refused("task.not_done")
    rest = reallocate(to("P2", 18), parent=ONE), *all_of(f"{ONE}.3", "P2", 18)
    assert a_part_verified(more, *rest).when(complete(ONE, "P4", evidence=()), today=MARCH).refusal is None


def test_a_split_task_is_completed_with_evidence_of_what_cancelled_parts_left():
    left = accept(f"{ONE}.2", "P2"), progress(f"{ONE}.2", "P2", 9), reallocate(to("P1", 3), parent=ONE)
    known = a_part_verified(*left, *all_of(f"{ONE}.3", "P1", 3))
    known.when(complete(ONE, "P4", evidence=()), today=MARCH).refused("task.evidence")
    assert known.when(complete(ONE, "P4"), today=MARCH).refusal is None


@pytest.mark.parametrize("act", [verify, send_back])
def test_nobody_checks_what_they_did_or_reported(act: Callable[..., Command]):
    after(*COMPLETE).when(act(ONE, "P1"), today=MARCH).refused("task.verifier")
    by_post = (PLAN, assign(to("G4-H1", 24)), accept(ONE, "P1"), progress(ONE, "P1", 24), complete(ONE, "P1"))
    acting = appointed("A9", "P9", "G4-H1", kind="concurrent", unit="G4")
    after(*by_post, acting).when(act(ONE, "P9"), today=MARCH).refused("task.verifier")


def test_the_head_or_somebody_above_verifies_where_the_charter_wants_it():
    for other in ("P2", "P3", "P5", "P6"):
        after(*COMPLETE).when(verify(ONE, other), today=MARCH).refused("task.verifier")
    for above in ("P4", "P9", "P0"):
        assert after(*COMPLETE).when(verify(ONE, above), today=MARCH).refusal is None


def test_anybody_else_verifies_where_the_charter_says_so():
    text = shipped("procuratorate").replace('verifier = "head"', 'verifier = "another_person"')
    facts = lived(*COMPLETE)[2:]
    assert facts[: len(ORGANISATION)] == list(ORGANISATION)
    known = given(*facts, charters=[(date(2020, 1, 1), text)])
    assert known.when(verify(ONE, "P6"), today=MARCH).refusal is None
    known.when(verify(ONE, "P1"), today=MARCH).refused("task.verifier")


def test_words_that_must_be_said_are_not_blank():
    after(*SPLIT).when(refuse(ONE, "P1", why=" "), today=NEW_YEAR).refused("task.why")
    after(*COMPLETE).when(verify(ONE, "P4", finding=" "), today=MARCH).refused("task.finding")
    after(*COMPLETE).when(send_back(ONE, "P4", finding=""), today=MARCH).refused("task.finding")
    after(*COMPLETE).when(verify(ONE, "P4", evidence=("",)), today=MARCH).refused("task.evidence")


def test_an_act_far_back_needs_a_second_person():
    known = after(*SPLIT)
    known.when(accept(ONE, "P1"), today=MARCH).refused("effective.backdated")
    assert known.when(accept(ONE, "P1"), today=MARCH, approver="C2", reason="Was on paper.").refusal is None
