"""Plans and tasks: what is to be reached, who has which part of it, and how far they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from projections.facts import At, Facts, FactTable, ReadModel, day, decimal, document, integer, text
from workflow.plans.events import (
    AssigneeLeft,
    AssigneeReturned,
    PlanAdopted,
    PlanTargetCancelled,
    PlanTargetChanged,
    PlanTargetSet,
    SplitMade,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskExtended,
    TaskFlagged,
    TaskProgressCorrected,
    TaskProgressed,
    TaskReassigned,
    TaskRefused,
    TaskReturned,
    TaskShared,
    TaskVerified,
)

_NOTHING = Decimal(0)

PLAN = FactTable("plan", key=[text("plan")], columns=[text("unit"), text("period"), text("title")], indexes=[["unit"]])

PLAN_TARGET = FactTable(
    "plan_target",
    key=[text("target")],
    columns=[
        text("plan"),
        text("unit"),
        text("indicator"),
        text("title"),
        text("measure"),
        decimal("amount"),
        day("first_day"),
        day("due"),
        text("state"),
        decimal("kept"),
        text("words"),
    ],
    indexes=[["plan"]],
)
"""`state`: set or cancelled. `kept` is what was done by tasks that were cancelled since; `words` is why the target was
added, changed or cancelled last."""

TASK = FactTable(
    "task",
    key=[text("task")],
    columns=[
        text("target"),
        text("parent"),
        text("plan"),
        text("unit"),
        text("post"),
        text("person"),
        text("title"),
        text("measure"),
        decimal("amount"),
        day("first_day"),
        day("due"),
        day("accept_by"),
        text("state"),
        text("colour"),
        decimal("done"),
        integer("parts"),
        text("acted"),
        text("words"),
        document("evidence"),
        day("left_on"),
        day("settle_by"),
        day("passed_on"),
    ],
    indexes=[["target"], ["plan"], ["unit"], ["person"], ["post"]],
    register=["state", "unit"],
)
"""A row holds while nothing about the task changes. `done` is what was done by itself, or kept of cancelled parts;
`parts` is how many it is split into. `acted`, `words` and `evidence` are those of the last act: who accepted, refused,
reported or checked it, and what they said. `left_on`: since when who has it belongs no longer to its unit, `settle_by`:
until when it is therefore to be shared or reassigned; `passed_on`: when it was, or who has it came back."""


def adopted(facts: Facts, fact: PlanAdopted, at: At) -> None:
    facts.open(PLAN, fact.plan, valid_from=fact.effective, unit=fact.unit, period=fact.period, title=fact.title)


def target_set(facts: Facts, fact: PlanTargetSet, at: At) -> None:
    facts.open(
        PLAN_TARGET,
        fact.target,
        valid_from=fact.effective,
        plan=fact.plan,
        unit=fact.unit,
        indicator=fact.indicator,
        title=fact.title,
        measure=fact.measure,
        amount=fact.amount,
        first_day=fact.first_day,
        due=fact.due,
        state="set",
        kept=_NOTHING,
        words=at.reason,
    )


def target_changed(facts: Facts, fact: PlanTargetChanged, at: At) -> None:
    facts.amend(PLAN_TARGET, fact.target, effective=fact.effective, amount=fact.amount, words=at.reason)


def target_cancelled(facts: Facts, fact: PlanTargetCancelled, at: At) -> None:
    facts.amend(PLAN_TARGET, fact.target, effective=fact.effective, state="cancelled", words=at.reason)


def assigned(facts: Facts, fact: TaskAssigned, at: At) -> None:
    target = facts.get(PLAN_TARGET, fact.target)
    facts.open(
        TASK,
        fact.task,
        valid_from=fact.effective,
        target=fact.target,
        parent=fact.parent,
        plan=fact.plan,
        unit=fact.unit,
        post=fact.post,
        person=fact.person,
        title=fact.title,
        measure=target["measure"] if target else "",
        amount=fact.amount,
        first_day=fact.first_day,
        due=fact.due,
        accept_by=fact.accept_by,
        state="assigned",
        colour="green",
        done=_NOTHING,
        parts=0,
        acted=None,
        words="",
        evidence=None,
        left_on=None,
        settle_by=None,
        passed_on=None,
    )
    if fact.parent is not None:
        _add(facts, TASK, fact.parent, fact.effective, parts=1)


def split(facts: Facts, fact: SplitMade, at: At) -> None:
    for task, amount in zip(fact.tasks, fact.amounts, strict=True):
        facts.amend(TASK, task, effective=fact.effective, amount=amount)


def accepted(facts: Facts, fact: TaskAccepted, at: At) -> None:
    _acted(facts, fact.task, fact.effective, fact.person, state="accepted")


def refused(facts: Facts, fact: TaskRefused, at: At) -> None:
    _acted(facts, fact.task, fact.effective, fact.person, fact.why, state="refused")


def progressed(facts: Facts, fact: TaskProgressed, at: At) -> None:
    _acted(facts, fact.task, fact.effective, fact.person, evidence=fact.evidence, state="progressed", done=fact.done)


def corrected(facts: Facts, fact: TaskProgressCorrected, at: At) -> None:
    _acted(facts, fact.task, fact.effective, fact.person, at.reason, done=fact.done)


def completed(facts: Facts, fact: TaskCompleted, at: At) -> None:
    _acted(facts, fact.task, fact.effective, fact.person, evidence=fact.evidence, state="completed")


def verified(facts: Facts, fact: TaskVerified, at: At) -> None:
    _acted(facts, fact.task, fact.effective, fact.verifier, fact.finding, fact.evidence, state="verified")


def returned(facts: Facts, fact: TaskReturned, at: At) -> None:
    _acted(facts, fact.task, fact.effective, fact.verifier, fact.finding, state="returned")


def reassigned(facts: Facts, fact: TaskReassigned, at: At) -> None:
    _acted(
        facts,
        fact.task,
        fact.effective,
        None,
        at.reason,
        state="assigned",
        unit=fact.unit,
        post=fact.post,
        person=fact.person,
        accept_by=fact.accept_by,
        **_settled(fact.effective),
    )


def shared(facts: Facts, fact: TaskShared, at: At) -> None:
    _acted(facts, fact.task, fact.effective, None, at.reason, amount=fact.share, **_settled(fact.effective))


def assignee_left(facts: Facts, fact: AssigneeLeft, at: At) -> None:
    """The clock may be behind: what was settled since that day is so already."""
    noted, left = fact.effective.isoformat(), {"left_on": fact.left, "settle_by": fact.settle_by}

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return left if row["passed_on"] is None or row["passed_on"] < noted else {}

    facts.revise(TASK, fact.task, effective=fact.effective, change=change)


def assignee_returned(facts: Facts, fact: AssigneeReturned, at: At) -> None:
    facts.amend(TASK, fact.task, effective=fact.effective, **_settled(fact.effective))


def _settled(on: date) -> dict[str, Any]:
    return {"left_on": None, "settle_by": None, "passed_on": on}


def extended(facts: Facts, fact: TaskExtended, at: At) -> None:
    _acted(facts, fact.task, fact.effective, None, at.reason, due=fact.due, colour="green")


def cancelled(facts: Facts, fact: TaskCancelled, at: At) -> None:
    _acted(facts, fact.task, fact.effective, None, at.reason, state="cancelled")
    if fact.parent is None:
        _add(facts, PLAN_TARGET, fact.target, fact.effective, kept=fact.done)
    else:
        _add(facts, TASK, fact.parent, fact.effective, done=fact.done, parts=-1)


def flagged(facts: Facts, fact: TaskFlagged, at: At) -> None:
    """The clock may be behind: who was given more time since is not overdue."""
    due = fact.due.isoformat()

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {"colour": fact.colour} if row["due"] == due else {}

    facts.revise(TASK, fact.task, effective=fact.effective, change=change)


def _add(facts: Facts, table: FactTable, key: str, effective: date, **more: Decimal | int) -> None:
    """From a day on it has so much more: what was done about it since may be known already."""

    def change(row: dict[str, Any]) -> dict[str, Any]:
        return {name: type(by)(row[name]) + by for name, by in more.items()}

    facts.revise(table, key, effective=effective, change=change)


def _acted(
    facts: Facts,
    task: str,
    effective: date,
    acted: str | None,
    words: str = "",
    evidence: tuple[str, ...] = (),
    **more: Any,
) -> None:
    facts.amend(TASK, task, effective=effective, acted=acted, words=words, evidence=evidence or None, **more)


MODEL = ReadModel(
    "plans",
    version=4,
    tables=[PLAN, PLAN_TARGET, TASK],
    handlers={
        PlanAdopted: adopted,
        PlanTargetSet: target_set,
        PlanTargetChanged: target_changed,
        PlanTargetCancelled: target_cancelled,
        TaskAssigned: assigned,
        SplitMade: split,
        TaskAccepted: accepted,
        TaskRefused: refused,
        TaskProgressed: progressed,
        TaskProgressCorrected: corrected,
        TaskCompleted: completed,
        TaskVerified: verified,
        TaskReturned: returned,
        TaskReassigned: reassigned,
        TaskShared: shared,
        TaskExtended: extended,
        TaskCancelled: cancelled,
        TaskFlagged: flagged,
        AssigneeLeft: assignee_left,
        AssigneeReturned: assignee_returned,
    },
)
