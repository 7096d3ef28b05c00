"""What happened to plans and tasks (row 6 of the domain).

Every event of a task bears its target, so that the whole tree of one target is one history. `unit` is where the task
is done: that of its assignee.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workflow.ids import IndicatorId, PersonId, PlanId, PostId, TargetId, TaskId, UnitId
from workflow.slices import Event


class PlanAdopted(Event):
    """A unit has a plan for a period. Its targets follow as events of their own."""

    TOPIC = "plan.adopted"
    plan: PlanId
    unit: UnitId
    period: str
    title: str
    effective: date


class PlanTargetSet(Event):
    """What a plan wants to reach, from the first day of its period until `due`, in one of the charter's measures."""

    TOPIC = "plan.target_set"
    target: TargetId
    plan: PlanId
    unit: UnitId
    indicator: IndicatorId | None
    title: str
    measure: str
    amount: Decimal
    first_day: date
    due: date
    effective: date


class PlanTargetChanged(Event):
    """From `effective` on the target is `amount`, and not `previous`; the reason is in the entry."""

    TOPIC = "plan.target_changed"
    target: TargetId
    plan: PlanId
    unit: UnitId
    amount: Decimal
    previous: Decimal
    effective: date


class PlanTargetCancelled(Event):
    """The target is not pursued any more; `done` is what was done of it."""

    TOPIC = "plan.target_cancelled"
    target: TargetId
    plan: PlanId
    unit: UnitId
    done: Decimal
    effective: date


class TaskAssigned(Event):
    """A part of a target, or of the task `parent`, is given to a unit, a post in it, or a person in it.

    It is to be done from `first_day` until `due`, and accepted or refused until `accept_by`.
    """

    TOPIC = "task.assigned"
    task: TaskId
    target: TargetId
    parent: TaskId | None
    plan: PlanId
    unit: UnitId
    post: PostId | None
    person: PersonId | None
    title: str
    amount: Decimal
    first_day: date
    due: date
    accept_by: date
    effective: date


class SplitMade(Event):
    """How a target, or the task `parent`, is split from now on: what each of its tasks has to do.

    The amounts sum to `amount` exactly, which is that of the target or the parent less what it keeps as done itself.
    """

    TOPIC = "task.split"
    target: TargetId
    parent: TaskId | None
    amount: Decimal
    tasks: tuple[TaskId, ...]
    amounts: tuple[Decimal, ...]
    effective: date


class TaskAccepted(Event):
    TOPIC = "task.accepted"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    effective: date


class TaskRefused(Event):
    """Whoever the task was given to gives it back."""

    TOPIC = "task.refused"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    why: str
    effective: date


class TaskProgressed(Event):
    """`done` is the amount done so far, in all; `person` says so."""

    TOPIC = "task.progressed"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    done: Decimal
    evidence: tuple[str, ...]
    effective: date


class TaskProgressCorrected(Event):
    """The amount done so far was reported wrongly: it is `done`, and was said to be `previous`."""

    TOPIC = "task.progress_corrected"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    done: Decimal
    previous: Decimal
    effective: date


class TaskCompleted(Event):
    TOPIC = "task.completed"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    evidence: tuple[str, ...]
    effective: date


class TaskVerified(Event):
    """Somebody who neither did nor reported it has seen that it is done."""

    TOPIC = "task.verified"
    task: TaskId
    target: TargetId
    unit: UnitId
    verifier: PersonId
    finding: str
    evidence: tuple[str, ...]
    effective: date


class TaskReturned(Event):
    """It is not done after all, and goes back to whoever has it."""

    TOPIC = "task.returned"
    task: TaskId
    target: TargetId
    unit: UnitId
    verifier: PersonId
    finding: str
    effective: date


class TaskReassigned(Event):
    """The whole task goes to somebody else, with what was done of it; to be accepted anew."""

    TOPIC = "task.reassigned"
    task: TaskId
    target: TargetId
    unit: UnitId
    post: PostId | None
    person: PersonId | None
    previous_unit: UnitId
    previous_post: PostId | None
    previous_person: PersonId | None
    accept_by: date
    effective: date


class TaskShared(Event):
    """Whoever had the task left its unit, and keeps a share of it by calendar days; the rest goes to `successor`.

    `days` of the `of_days` of the task were theirs. `share` and `rest` sum to `amount` exactly.
    """

    TOPIC = "task.shared"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    successor: TaskId
    amount: Decimal
    days: int
    of_days: int
    share: Decimal
    rest: Decimal
    effective: date


class TaskExtended(Event):
    TOPIC = "task.extended"
    task: TaskId
    target: TargetId
    unit: UnitId
    due: date
    previous: date
    effective: date


class TaskCancelled(Event):
    """The task is not pursued any more. What was done of it, `done`, is kept by its parent or its target as done."""

    TOPIC = "task.cancelled"
    task: TaskId
    target: TargetId
    unit: UnitId
    parent: TaskId | None
    done: Decimal
    effective: date


class AssigneeLeft(Event):
    """The person who has a task belongs no longer to its unit, since the day `left`: by `settle_by` it is to be shared
    with whoever comes after, or reassigned."""

    TOPIC = "task.assignee_left"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    left: date
    settle_by: date
    effective: date


class AssigneeReturned(Event):
    """The person who had left belongs to the unit of the task again, which stays theirs."""

    TOPIC = "task.assignee_returned"
    task: TaskId
    target: TargetId
    unit: UnitId
    person: PersonId
    effective: date


class TaskFlagged(Event):
    """A task turned yellow or red, because of its `due` day or, `why` says so, because nobody accepted it in time
    (acceptance), or settled it in time after its assignee left (leaver)."""

    TOPIC = "task.flagged"
    task: TaskId
    target: TargetId
    unit: UnitId
    colour: str
    why: str
    due: date
    charter: str
    charter_digest: str
    effective: date
