"""The ids of plans, targets and tasks, which tell where each thing belongs.

Ids are made, because each can be given only once: the plan of G4 for 2025 is `G4.2025`, its second target
`G4.2025.T2`, the first task of that `G4.2025.T2.1`, and the third part of this task `G4.2025.T2.1.3`. Numbers are never
used twice, and no period looks like `T2` or like a number of a part, so an id tells all ids above it.
"""

from __future__ import annotations

import re

from workflow.ids import PlanId, TargetId, TaskId, UnitId, is_id
from workflow.periods import Period
from workflow.slices import Refused

_TARGET_OF = re.compile(r"(.+\.T[0-9]+)(?:\.[0-9]+)+", re.ASCII)
_LONGEST_PLAN = 48


def plan_id(unit: UnitId, period: Period) -> PlanId:
    """The id of the one plan that a unit can have for a period."""
    return PlanId(f"{unit}.{period}")


def target_id(plan: PlanId, number: int) -> TargetId:
    return TargetId(f"{plan}.T{number}")


def part_id(above: TargetId | TaskId, number: int) -> TaskId:
    """The id of a part. Raises Refused where tasks are parts of parts too often to have one."""
    id = f"{above}.{number}"
    if not is_id(id):
        raise Refused("task.too_deep", f"{above} cannot be split any further.", "parent")
    return TaskId(id)


def target_of(task: TaskId) -> TargetId:
    """The target that a task belongs to, as its id tells. Raises Refused for an id that no task has."""
    found = _TARGET_OF.fullmatch(task)
    if found is None:
        raise Refused("task.unknown", f"There is no task {task}.", "task")
    return TargetId(found[1])


def refuse_long(unit: UnitId) -> None:
    """Raises Refused for a unit whose id leaves no room for those of tasks."""
    if len(unit) > _LONGEST_PLAN:
        sentence = f"A unit with a plan has an id of at most {_LONGEST_PLAN} characters, for it begins those of tasks."
        raise Refused("plan.id", sentence, "unit")
