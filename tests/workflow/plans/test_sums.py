"""Whatever happens to a target, its tasks sum: on every level, after every step, and when it is decided again."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import given as given_any
from hypothesis import strategies as st

from tests.given import given
from tests.workflow.plans.known import (
    NEW_YEAR,
    ORGANISATION,
    PLAN,
    T1,
    accept,
    assign,
    change,
    complete,
    lived,
    progress,
    reallocate,
    still,
    to,
    verify,
)
from workflow.plans.allocation import Allocation
from workflow.plans.changing import CancelTask
from workflow.plans.events import PlanTargetChanged, SplitMade
from workflow.plans.splitting import Part
from workflow.reperformance import Reperformance
from workflow.slices import Command, Event

WHOM = ("G4", "G4-H1", "P1", "P2")
Step = tuple[str, int | None, list[tuple[str, int]], int]
"""What happens, to which of the tasks that there are by then (None: the target), with which parts, and how much."""

parts = st.lists(st.tuples(st.sampled_from(WHOM), st.integers(1, 24)), min_size=1, max_size=3)
steps = st.lists(
    st.tuples(
        st.sampled_from(("split", "anew", "work", "finish", "cancel", "change")),
        st.none() | st.integers(0, 9),
        parts,
        st.integers(1, 24),
    ),
    max_size=12,
)


def tree(facts: list[Event]) -> Allocation:
    known = Allocation(T1)
    for fact in facts:
        if type(fact) in Allocation.listens_to() and getattr(fact, "target", "") == T1:
            known.note(fact)
    return known


def fitted(wanted: list[tuple[str, int]], asked: Decimal) -> list[Part]:
    """As many of the parts as there is something left for; the last one gets the rest."""
    found: list[Part] = []
    for whom, amount in wanted:
        left = asked - sum((part.amount for part in found), Decimal(0))
        if left > 0:
            found.append(to(whom, str(min(Decimal(amount), left))))
    left = asked - sum((part.amount for part in found), Decimal(0))
    return [*found[:-1], found[-1]._replace(amount=found[-1].amount + left)] if found else [to("P1", 1)]


def commands(known: Allocation, step: Step, day: date) -> list[Command]:
    """What a step asks for; some of it is refused."""
    kind, place, wanted, amount = step
    tasks = list(known.tasks)
    task = tasks[place % len(tasks)] if tasks and place is not None else None
    if kind == "split":
        return [assign(*fitted(wanted, known.to_split(task)), parent=task, on=day)]
    if kind == "anew":
        first = next((each for each in known.parts(task)), None)
        if first is None:
            return []
        kept = [still(first.id, str(first.amount))] if amount % 2 else []
        gone = [each.id for each in known.parts(first.parent) if each.id != first.id or not kept]
        done = sum(map(known.done_of, gone), Decimal(0))
        left = known.to_split(first.parent) - done - (first.amount if kept else Decimal(0))
        return [reallocate(*kept, *(fitted(wanted, left) if left > 0 else ()), parent=task, on=day)]
    if kind == "change":
        first = next(iter(known.parts(None)), None)
        return [
            change(amount, *([still(first.id, wanted[0][1])] if first else []), on=day),
            change(50 - amount, on=day),
        ]
    if task is None:
        return []
    if kind == "cancel":
        return [CancelTask(task=task, effective=day)]
    people = ("P1", "P2", "P4")
    if kind == "work":
        return [*(accept(task, by, day) for by in people), progress(task, "P4", amount, day)]
    whole = str(known.tasks[task].amount)
    return [progress(task, "P4", whole, day), complete(task, "P4", day), verify(task, "P0", day)]


def changed(facts: list[Event]) -> bool:
    """Whether the target was changed since it was split last: what it got more is not allocated yet."""
    last = [fact for fact in facts if isinstance(fact, PlanTargetChanged | SplitMade) and not parent_of(fact)]
    return isinstance(last[-1], PlanTargetChanged)


def parent_of(fact: Event) -> str | None:
    return getattr(fact, "parent", None)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given_any(steps)
def test_the_parts_sum_whatever_happens(history: list[Step]) -> None:
    facts = lived(PLAN, assign(to("G4", 14), to("P2", 10)))
    day = NEW_YEAR
    for step in history:
        day += timedelta(days=1)
        for command in commands(tree(facts), step, day):
            facts += given(*facts, charter=None).when(command, today=day, approver="C2", reason="Any.").facts
        known = tree(facts)
        for parent in (None, *known.tasks):
            alive = known.parts(parent)
            if alive and (parent is None or known.tasks[parent].state != "cancelled"):
                left = known.to_split(parent) - sum(each.amount for each in alive)
                assert left == 0 or (parent is None and left > 0 and changed(facts))
    again = Reperformance()
    assert not [told for fact in facts if fact.TOPIC in again.topics and (told := again.follow(fact))]
    assert len(facts) > len(ORGANISATION)
