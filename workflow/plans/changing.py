"""Changing a task: to another assignee, to whoever comes after by days, to a later day, or not at all."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY, Calendar
from workflow.ids import PersonId, PostId, UnitId
from workflow.organisation.belonging import Memberships
from workflow.organisation.views import Career
from workflow.plans.allocation import IN_HAND, OPEN, Task
from workflow.plans.amounts import accept_by, by_days, rule_of
from workflow.plans.assignees import Assignee, Assignees, units_on
from workflow.plans.events import TaskAssigned, TaskExtended, TaskReassigned, TaskShared
from workflow.plans.numbering import part_id
from workflow.plans.turns import ActOnTask, Cancelling, refuse_alone, refuse_unsaid, refuse_untimely
from workflow.slices import Knows, Refused


class _Passes(ActOnTask):
    """A task goes to another unit, post or person, below the unit of what it is a part of, or in it."""

    unit: UnitId | None = None
    post: PostId | None = None
    person: PersonId | None = None

    def knows(self) -> Knows:
        self.to = Assignee(self.unit, self.post, self.person)
        self.assignees = Assignees(
            [self.to], self.effective, "unit" if self.unit else "post" if self.post else "person"
        )
        yield from super().knows()
        known = self.tree.must_be_known(self.task)
        above = self.tree.must_be_set().unit if known.parent is None else self.tree.tasks[known.parent].unit
        yield from self.assignees.knows(above)


class ReassignTask(_Passes):
    """Give the whole task to another, with what was done of it; the reason is that of the command."""

    def execute(self) -> None:
        task, charter = self.begin(*OPEN)
        refuse_unsaid(self.context)
        place = self.assignees.place(self.to)
        if self.tree.parts(self.task):
            raise Refused("task.is_split", f"The task {self.task} is split; its parts can be reassigned.", "task")
        before = (task.unit, task.post, task.person)
        if place == before:
            raise Refused("task.same", f"The task {self.task} is theirs already.", "task")
        until = accept_by(self.effective, charter)
        self.trigger(TaskReassigned(self.task, self.tree.target, *place, *before, until, self.effective))


class ShareTask(_Passes):
    """Share the task of a person who left its unit on `effective`, by calendar days, with whoever comes after.

    The person keeps amount × days in the unit ÷ days of the task, rounded half up to the decimals of the measure; the
    successor gets what is left, as a task of its own from that day on, so the two sum to the amount exactly. Whoever
    did what so far, the days decide.
    """

    def knows(self) -> Knows:
        yield from super().knows()
        had = self.tree.must_be_known(self.task).person
        if had is None:
            sentence = f"The task {self.task} is nobody's in person: it stays with its unit or post."
            raise Refused("task.share_person", sentence, "task")
        self.career, self.memberships = Career(had), Memberships(had)
        yield self.career, self.memberships

    def execute(self) -> None:
        task, charter = self.begin("assigned", *IN_HAND)
        refuse_unsaid(self.context)
        if task.shared:
            raise Refused("task.shared", f"The task {self.task} was shared by days already.", "task")
        place = self.assignees.place(self.to)
        had = self._must_have_left(task)
        if place.person == had:
            raise Refused("task.same", f"The task {self.task} is {had}'s already.", "person")
        plan = self.tree.must_be_set()
        decimals = rule_of(charter).decimals(plan.measure)
        if decimals is None:
            raise Refused("target.measure", f"The charter in force plans nothing in {plan.measure}.", "task")
        shares = by_days(task.amount, task.first_day, task.due, self.effective, decimals)
        successor = part_id(task.parent or plan.target, len(self.tree.ever(task.parent)) + 1)
        unit, amount = task.unit, task.amount
        self.trigger(TaskShared(self.task, plan.target, unit, had, successor, amount, *shares, self.effective))
        self.trigger(
            TaskAssigned(
                successor,
                plan.target,
                task.parent,
                plan.plan,
                *place,
                task.assigned.title,
                shares.rest,
                self.effective,
                task.due,
                accept_by(self.effective, charter),
                self.effective,
            )
        )

    def _must_have_left(self, task: Task) -> PersonId:
        """Who had the task. Raises Refused unless this is the first day on which they do not belong to its unit."""
        assert task.person is not None
        there = [task.unit in units_on(self.career, self.memberships, day) for day in self._days()]
        if there != [True, False]:
            sentence = f"{self.effective} is not the day from which on {task.person} is no longer in {task.unit}."
            raise Refused("task.share_day", sentence, "effective")
        return task.person

    def _days(self) -> tuple[date, date]:
        return self.effective - ONE_DAY, self.effective


class ExtendTask(ActOnTask):
    """Let a task be due later: by two persons, with a reason. It is not due after what it is a part of; a part of a
    target, not more working days after the period of the plan than the charter allows."""

    due: date

    def execute(self) -> None:
        task, charter = self.begin(*OPEN)
        refuse_alone(self.context)
        if self.due <= task.due or self.due < self.effective:
            raise Refused("task.due", f"It is due on {task.due}; an extension is until a later day to come.", "due")
        if task.parent is None:
            end = self.tree.must_be_set().due
            latest = Calendar(charter).add(end, rule_of(charter).extension_working_days)
        else:
            latest = self.tree.tasks[task.parent].due
        if self.due > latest:
            raise Refused("task.due", f"It can be extended until {latest} at most.", "due")
        self.trigger(TaskExtended(self.task, self.tree.target, task.unit, self.due, task.due, self.effective))


class CancelTask(ActOnTask):
    """Cancel a task and all below it: by two persons, with a reason.

    Where others are parts of the same, the split has to be made anew instead, so that it sums.
    """

    def execute(self) -> None:
        task, _ = self.begin(*OPEN, "completed")
        refuse_alone(self.context)
        if len(self.tree.parts(task.parent)) > 1:
            above = task.parent or self.tree.target
            sentence = f"{self.task} is one of several parts of {above}: make its split anew, so that they sum."
            raise Refused("task.reallocate", sentence, "task")
        parts = *self.tree.ever(task.parent), *self.tree.ever(self.task)  # also those that were cancelled
        refuse_untimely(self, self.tree.newest([*parts, *self.tree.below(self.task)]))
        Cancelling(self, self.tree).all_of(task)
