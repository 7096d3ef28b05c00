"""Plans and tasks: the tree of a plan with its sums, the register of open tasks, and what somebody has to do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, or_, select

from projections.models.plans import PLAN, PLAN_TARGET, TASK
from projections.models.responsibility import APPOINTMENT
from projections.tables import iso
from projections.views import Fact, Found, Moment, every, history, holds, one, page
from projections.views.organisation import in_units, subtree
from workflow.plans.allocation import OPEN

TO_BE_DONE = (*OPEN, "completed")
"""The states of a task that somebody still has to do something about: at last, to verify it."""


class Plan(Fact, kw_only=True):
    """What a unit wants to reach in a period, adopted from `since` on."""

    plan: str
    unit: str
    period: str
    title: str


class PlanTarget(Fact, kw_only=True):
    """A target of a plan: so much, in a measure, from `first_day` until `due`. `state`: set or cancelled; `kept` is
    what was done of it by tasks that were cancelled since; `words` is why it was added, changed or cancelled last."""

    target: str
    plan: str
    unit: str
    indicator: str | None
    title: str
    measure: str
    amount: Decimal
    first_day: date
    due: date
    state: str
    kept: Decimal
    words: str


class Task(Fact, kw_only=True):
    """A task of a unit, of a `post` in it or of a `person` in it, as it stands since `since`.

    `done` is what was done by itself, or kept of cancelled parts; `parts` is how many it is split into. Of the last
    act: `acted` is who did it, with their `words` and `evidence`. `left_on`: who has it belongs no longer to its unit
    since that day, and by `settle_by` it is to be shared or reassigned.
    """

    DOCUMENTS = ("evidence",)

    task: str
    target: str
    parent: str | None
    plan: str
    unit: str
    post: str | None
    person: str | None
    title: str
    measure: str
    amount: Decimal
    first_day: date
    due: date
    accept_by: date
    state: str
    colour: str
    done: Decimal
    parts: int
    acted: str | None
    words: str
    evidence: tuple[str, ...] | None
    left_on: date | None
    settle_by: date | None


class TaskNode(msgspec.Struct, kw_only=True):
    """A task and its parts. `allocated` is what the parts that were not cancelled sum to, `done` what was done of the
    task by itself and by them."""

    task: Task
    allocated: Decimal
    done: Decimal
    parts: list[TaskNode]


class TargetNode(msgspec.Struct, kw_only=True):
    """A target and its tasks, with the same sums."""

    target: PlanTarget
    allocated: Decimal
    done: Decimal
    parts: list[TaskNode]


class Tally(msgspec.Struct, kw_only=True):
    """How somebody stands with tasks: those that are not split further, cancelled ones left out.

    `open` are not verified, `overdue` of these are past their due day and not even reported as complete, `done` are
    verified. `share_done` is the mean of what is done of each, at most all of it, rounded half up to four decimals;
    None without tasks.
    """

    open: int
    overdue: int
    done: int
    share_done: Decimal | None


def plans(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    period: str | None = None,
    limit: int = 50,
    after: str = "",
) -> Found[Plan]:
    """Plans by id: of a unit, `within` a unit and all below it, or for a period."""
    conditions: list[ColumnElement[bool]] = []
    if unit is not None:
        conditions.append(PLAN.c.unit == unit)
    if within is not None:
        conditions.append(PLAN.c.unit.in_(subtree(moment, within)))
    if period is not None:
        conditions.append(PLAN.c.period == period)
    return page(connection, PLAN, moment, Plan, conditions, limit, after)


def plan(connection: Connection, moment: Moment, id: str) -> Plan | None:
    return one(connection, PLAN, moment, Plan, id)


def tree(connection: Connection, moment: Moment, plan: str) -> list[TargetNode]:
    """The targets of a plan with all their tasks, by their numbers."""
    parts: dict[str, list[Task]] = defaultdict(list)
    for task in every(connection, TASK, moment, Task, TASK.c.plan == plan):
        parts[task.parent or task.target].append(task)
    found = []
    for target in every(connection, PLAN_TARGET, moment, PlanTarget, PLAN_TARGET.c.plan == plan):
        nodes = _nodes(parts, target.target)
        allocated, done = _sums(nodes)
        found.append(TargetNode(target=target, allocated=allocated, done=done + target.kept, parts=nodes))
    return sorted(found, key=lambda node: _numbers(node.target.target))


def target(connection: Connection, moment: Moment, id: str) -> PlanTarget | None:
    return one(connection, PLAN_TARGET, moment, PlanTarget, id)


def targets_of(connection: Connection, moment: Moment, units: Collection[str]) -> list[PlanTarget]:
    """The targets of the plans of some units that are to be reached on the day."""
    day, plans = (
        iso(moment.effective_on),
        select(PLAN.c.plan).where(PLAN.c.unit.in_(sorted(units)), holds(PLAN, moment)),
    )
    c = PLAN_TARGET.c
    running = c.plan.in_(plans), c.state == "set", c.first_day <= day, c.due >= day
    return every(connection, PLAN_TARGET, moment, PlanTarget, *running)


def acts_of_target(connection: Connection, moment: Moment, id: str) -> list[PlanTarget]:
    """The target after each event that changed it and was known at the moment, in their order."""
    return history(connection, PLAN_TARGET, moment, PlanTarget, id)


def tasks(
    connection: Connection,
    moment: Moment,
    *,
    unit: str | None = None,
    within: str | None = None,
    person: str | None = None,
    plan: str | None = None,
    colour: str | None = None,
    states: Collection[str] = (),
    limit: int = 50,
    after: str = "",
) -> Found[Task]:
    """Tasks by id: in a unit, `within` a unit and all below it, of a person or of the posts that the person holds, of a
    plan, of a colour, or in certain states (`TO_BE_DONE`: the register of open ones)."""
    narrowed = person is not None or plan is not None
    conditions = in_units(moment, TASK, () if narrowed else states, unit, within)
    if narrowed and states:
        conditions.append(TASK.c.state.in_(states))
    if person is not None:
        conditions.append(_has(moment, person))
    if plan is not None:
        conditions.append(TASK.c.plan == plan)
    if colour is not None:
        conditions.append(TASK.c.colour == colour)
    return page(connection, TASK, moment, Task, conditions, limit, after)


def task(connection: Connection, moment: Moment, id: str) -> Task | None:
    return one(connection, TASK, moment, Task, id)


def acts(connection: Connection, moment: Moment, id: str) -> list[Task]:
    """The task after each act that was known at the moment, in their order; `position` is that of the act."""
    return history(connection, TASK, moment, Task, id)


def tally_of_unit(connection: Connection, moment: Moment, unit: str) -> Tally:
    """How a unit stands with its own tasks and with those of its posts and people."""
    return _tally(connection, moment, TASK.c.unit == unit)


def tally_of_person(connection: Connection, moment: Moment, person: str) -> Tally:
    """How a person stands with their own tasks and with those of the posts that they hold."""
    return _tally(connection, moment, _has(moment, person))


def _has(moment: Moment, person: str) -> ColumnElement[bool]:
    held = select(APPOINTMENT.c.post).where(APPOINTMENT.c.person == person, holds(APPOINTMENT, moment))
    # By the keys of what they ever had: were it looked up by the state, all that is open would be read.
    theirs = select(TASK.c.task).where(TASK.c.person == person).union(select(TASK.c.task).where(TASK.c.post.in_(held)))
    return and_(or_(TASK.c.person == person, TASK.c.post.in_(held)), TASK.c.task.in_(theirs))


def _tally(connection: Connection, moment: Moment, whose: ColumnElement[bool]) -> Tally:
    conditions = whose, TASK.c.parts == 0, TASK.c.state != "cancelled"
    known = every(connection, TASK, moment, Task, *conditions)
    verified = sum(each.state == "verified" for each in known)
    shares = [min(each.done / each.amount, Decimal(1)) if each.amount else Decimal(1) for each in known]
    mean = sum(shares, Decimal(0)) / len(shares) if shares else None
    return Tally(
        open=len(known) - verified,
        overdue=sum(each.state in OPEN and each.due < moment.effective_on for each in known),
        done=verified,
        share_done=None if mean is None else mean.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP),
    )


def _nodes(parts: dict[str, list[Task]], above: str) -> list[TaskNode]:
    nodes = []
    for each in sorted(parts[above], key=lambda task: _numbers(task.task)):
        below = _nodes(parts, each.task)
        allocated, done = _sums(below)
        nodes.append(TaskNode(task=each, allocated=allocated, done=done + each.done, parts=below))
    return nodes


def _sums(nodes: Iterable[TaskNode]) -> tuple[Decimal, Decimal]:
    """What parts sum to, and what is done of them. A cancelled part counts no more: what it did is kept above."""
    alive = [node for node in nodes if node.task.state != "cancelled"]
    return sum((node.task.amount for node in alive), Decimal(0)), sum((node.done for node in alive), Decimal(0))


def _numbers(id: str) -> list[int]:
    """The numbers at the end of an id, so that the tenth part comes after the second."""
    return [int(part) for part in id.rpartition(".T")[2].split(".")]
