"""Plans with their targets, and the tasks that these are split to."""

from __future__ import annotations

from typing import Any

from api.commands import command
from api.names import Names, names
from api.openapi import Blueprint
from api.reading import Item, Look, Page, found, read
from api.schemas.base import ByPersonSchema, DatedSchema
from api.schemas.plans import (
    AddTargetSchema,
    AdoptPlanSchema,
    AssignTasksSchema,
    ChangeTargetSchema,
    CompleteTaskSchema,
    CorrectProgressSchema,
    ExtendTaskSchema,
    PassTaskSchema,
    PlansSchema,
    ReallocateSchema,
    RefuseTaskSchema,
    ReportProgressSchema,
    ReturnTaskSchema,
    TasksSchema,
    VerifyTaskSchema,
)
from projections.views import plans as views
from projections.views.plans import TO_BE_DONE, Plan, PlanTarget, TargetNode, Task
from workflow.plans.amending import AddTarget, ChangeTarget
from workflow.plans.changing import CancelTask, ExtendTask, ReassignTask, ShareTask
from workflow.plans.checking import ReturnTask, VerifyTask
from workflow.plans.doing import AcceptTask, CompleteTask, CorrectProgress, RefuseTask, ReportProgress
from workflow.plans.planning import AdoptPlan, CancelTarget
from workflow.plans.splitting import AssignTasks, Reallocate

plans = Blueprint("plans", __name__, url_prefix="/v1", description="Plans, and the tasks they are split to.")

command(plans, "/plans", AdoptPlan, AdoptPlanSchema, "plan", at="/v1/plans/{plan}")
command(plans, "/plans/<id:plan>/targets", AddTarget, AddTargetSchema, "plan", at="/v1/targets/{target}")
command(plans, "/targets/<id:target>/change", ChangeTarget, ChangeTargetSchema, "plan")
command(plans, "/targets/<id:target>/reallocate", Reallocate, ReallocateSchema, "plan")
command(plans, "/targets/<id:target>/cancel", CancelTarget, DatedSchema, "plan")
command(plans, "/tasks", AssignTasks, AssignTasksSchema, "plan", at="/v1/tasks/{task}")
command(plans, "/tasks/<id:task>/reassign", ReassignTask, PassTaskSchema, "plan")
command(plans, "/tasks/<id:task>/share", ShareTask, PassTaskSchema, "plan")
command(plans, "/tasks/<id:task>/extend", ExtendTask, ExtendTaskSchema, "plan")
command(plans, "/tasks/<id:task>/cancel", CancelTask, DatedSchema, "plan")
command(plans, "/tasks/<id:task>/accept", AcceptTask, ByPersonSchema, "work")
command(plans, "/tasks/<id:task>/refuse", RefuseTask, RefuseTaskSchema, "work")
command(plans, "/tasks/<id:task>/progress", ReportProgress, ReportProgressSchema, "work")
command(plans, "/tasks/<id:task>/correct", CorrectProgress, CorrectProgressSchema, "work")
command(plans, "/tasks/<id:task>/complete", CompleteTask, CompleteTaskSchema, "work")
command(plans, "/tasks/<id:task>/verify", VerifyTask, VerifyTaskSchema, "verify")
command(plans, "/tasks/<id:task>/return", ReturnTask, ReturnTaskSchema, "verify")


class PlanShown(Item[Plan], kw_only=True):
    """A plan, and the tree of its targets and tasks with their sums."""

    targets: list[TargetNode]


class TargetShown(Item[PlanTarget], kw_only=True):
    """A target, as it was set, changed and cancelled, one after the other."""

    acts: list[PlanTarget]


class TaskShown(Item[Task], kw_only=True):
    """A task, what was done about it, one act after the other, and the names of who did or has it."""

    acts: list[Task]
    names: Names


@read(plans, "/plans", Page[Plan], PlansSchema)
def list_plans(look: Look) -> dict[str, Any]:
    """Plans, by id."""
    return look.page(views.plans(look.connection, look.moment, **look.paging()))


@read(plans, "/plans/<id:plan>", PlanShown)
def plan(look: Look, plan: str) -> dict[str, Any]:
    """A plan, split down to the last task."""
    item = found(views.plan(look.connection, look.moment, plan), "plan", plan)
    return {"item": item, "targets": views.tree(look.connection, look.moment, plan)}


@read(plans, "/targets/<id:target>", TargetShown)
def target(look: Look, target: str) -> dict[str, Any]:
    """A target of a plan, from its setting on."""
    item = found(views.target(look.connection, look.moment, target), "target", target)
    return {"item": item, "acts": views.acts_of_target(look.connection, look.moment, target)}


@read(plans, "/tasks", Page[Task], TasksSchema)
def list_tasks(look: Look) -> dict[str, Any]:
    """Tasks, by id; with `state=open` the register of those that somebody still has to do something about."""
    asked = look.paging()
    states = {state for named in asked.pop("state") for state in (TO_BE_DONE if named == "open" else (named,))}
    return look.page(views.tasks(look.connection, look.moment, states=sorted(states), **asked))


@read(plans, "/tasks/<id:task>", TaskShown)
def task(look: Look, task: str) -> dict[str, Any]:
    """A task, from its assignment on."""
    item = found(views.task(look.connection, look.moment, task), "task", task)
    acts = views.acts(look.connection, look.moment, task)
    people = {person for each in acts for person in (each.person, each.acted)}
    return {"item": item, "acts": acts, "names": names(look, people)}
