"""Deciding again: sums of splits, shares by days and colours that were falsified are found and named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from tests.workflow.organisation.happened import appointed
from tests.workflow.plans.known import T1, accept, change, lived, progress, reallocate, still, to
from tests.workflow.plans.test_changing import MOVED, share
from workflow.ids import PersonId, TaskId
from workflow.plans.agenda import FlagTask
from workflow.plans.changing import ReassignTask
from workflow.plans.events import (
    PlanTargetCancelled,
    PlanTargetChanged,
    SplitMade,
    TaskAssigned,
    TaskCancelled,
    TaskFlagged,
    TaskReassigned,
    TaskShared,
)
from workflow.plans.planning import CancelTarget
from workflow.reperformance import Reperformance
from workflow.slices import Event

JUNE_2, JULY = date(2025, 6, 2), date(2025, 7, 1)


@pytest.fixture(scope="module")
def history() -> list[Event]:
    """All kinds of what is decided of tasks."""
    one, two, three = (f"G4.2025.T1.{n}" for n in (1, 2, 3))
    return lived(
        *MOVED,
        share(person=PersonId("P2")),
        accept(two, "P2", JUNE_2),
        progress(two, "P2", 2, JUNE_2),
        reallocate(still(one, 6), still(three, 8), to("G4-H2", 8), on=JUNE_2),
        change(30, on=JUNE_2),
        change(23, still(one, 6), still(three, 8), still("G4.2025.T1.4", 7), on=JUNE_2),
        ReassignTask(task=TaskId(three), person=PersonId("P4"), effective=JUNE_2),
        FlagTask(task=TaskId(one), effective=JULY),
        appointed("A6", "P8", "G4-H1", unit="G4", since=JULY),
        CancelTarget(target=T1, effective=JULY),
    )


def wrong(facts: Sequence[Event]) -> dict[int, str]:
    again = Reperformance()
    found = {place: again.follow(fact) for place, fact in enumerate(facts) if fact.TOPIC in again.topics}
    return {place: told for place, told in found.items() if told}


def place(facts: Sequence[Event], kind: type[Event], number: int = 0) -> int:
    return [n for n, fact in enumerate(facts) if isinstance(fact, kind)][number]


def test_what_was_decided_by_the_rules_passes(history: list[Event]):
    assert wrong(history) == {}
    again = Reperformance()
    for fact in history:
        if fact.TOPIC in again.topics:
            again.follow(fact)
    of_targets, of_tasks = (
        (PlanTargetChanged, PlanTargetCancelled, SplitMade),
        (TaskAssigned, TaskShared, TaskCancelled),
    )
    kinds = (*of_targets, *of_tasks, TaskReassigned, TaskFlagged)
    assert again.decisions == sum(isinstance(fact, kinds) for fact in history) == 17


@pytest.mark.parametrize(
    ("kind", "number", "change", "told"),
    [
        (SplitMade, 0, {"amounts": (Decimal(13), Decimal(12))}, "the sum of the parts is recorded as 25"),
        (SplitMade, 0, {"amounts": (Decimal(12), Decimal(12))}, "the amount of G4.2025.T1.1 is recorded as 12"),
        (SplitMade, 0, {"amount": Decimal(25)}, "the amount is recorded as 25, and had to be 24"),
        (SplitMade, 1, {"amount": Decimal(24)}, "the amount is recorded as 24, and had to be 22"),
        (PlanTargetChanged, 0, {"previous": Decimal(25)}, "the previous is recorded as 25, and had to be 24"),
        (TaskShared, 0, {"share": Decimal(7)}, "G4.2025.T1.1: the share is recorded as 7, and had to be 6"),
        (TaskShared, 0, {"rest": Decimal(6)}, "the rest is recorded as 6, and had to be 7"),
        (TaskShared, 0, {"days": 46}, "the days is recorded as 46, and had to be 45"),
        (TaskAssigned, 2, {"amount": Decimal(8)}, "the amount is recorded as 8, and had to be 7"),
        (TaskAssigned, 0, {"accept_by": JULY}, "the accept_by is recorded as 2025-07-01"),
        (TaskReassigned, 0, {"accept_by": JULY}, "the accept_by is recorded as 2025-07-01"),
        (TaskCancelled, 0, {"done": Decimal(3)}, "the done is recorded as 3, and had to be 2"),
        (TaskFlagged, 0, {"colour": "yellow"}, "the colour is recorded as yellow, and had to be red"),
        (TaskFlagged, 0, {"effective": JUNE_2}, "it is recorded as red, and had to turn to no other colour"),
        (TaskFlagged, 0, {"charter": "9"}, "the charter is recorded as 9"),
        (PlanTargetCancelled, 0, {"done": Decimal(3)}, "the done is recorded as 3, and had to be 2"),
    ],
)
def test_a_falsified_decision_is_found_and_named(
    history: list[Event], kind: type[Event], number: int, change: dict[str, Any], told: str
):
    where = place(history, kind, number)
    found = wrong([*history[:where], replace(history[where], **change), *history[where + 1 :]])
    assert told in found[where]


def test_a_target_below_what_is_allocated_that_was_not_split_anew_is_found(history: list[Event]):
    split = place(history, SplitMade, 2)
    assert isinstance(history[split - 1], PlanTargetChanged)
    found = wrong([*history[:split], *history[split + 1 :]])
    assert "below what is allocated" in found[split]


def test_a_decision_about_a_task_that_was_never_assigned_is_found(history: list[Event]):
    where = place(history, TaskAssigned)
    found = wrong([*history[:where], *history[where + 1 :]])
    assert "could not be decided" in found[place(history, SplitMade) - 1]
