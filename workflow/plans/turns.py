"""What commands about tasks have in common: whose turn it is, on which day, by how many, and with which words."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from workflow.calendar import ONE_DAY
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import PersonId, TaskId
from workflow.organisation.levels import UnitHeads
from workflow.organisation.views import Incumbents, Standing
from workflow.plans.allocation import Allocation, Task
from workflow.plans.events import TaskCancelled
from workflow.plans.numbering import target_of
from workflow.slices import Command, Context, Event, Knows, Refused, together

_IN_WORDS = {
    "assigned": "was assigned and is not yet accepted",
    "accepted": "was accepted",
    "refused": "was refused",
    "progressed": "is being worked on",
    "completed": "is reported as complete",
    "returned": "was returned",
    "verified": "was verified",
    "cancelled": "was cancelled",
}


class ActOnTask(Command):
    """Something that is done about a task on a day that has come, after what was done about it last."""

    task: TaskId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.tree = CharterInForce(), Allocation(target_of(self.task))
        yield self.charters, self.tree

    def begin(self, *states: str) -> tuple[Task, Charter]:
        """The task and the charter. Raises Refused unless the task is in one of `states`, and the date in order."""
        charter = charter_for(self, self.charters)
        known = self.tree.must_be_known(self.task)
        if known.state not in states:
            sentence = f"The task {self.task} {_IN_WORDS[known.state]}; this is not its next step."
            raise Refused("task.state", sentence, "task")
        refuse_untimely(self, known.last)
        return known, charter


class ActOfPerson(ActOnTask):
    """The same, done by somebody in service."""

    person: PersonId

    def knows(self) -> Knows:
        self.charters, self.tree = CharterInForce(), Allocation(target_of(self.task))
        self.service = Standing(self.person)
        yield self.charters, self.tree, self.service
        known = self.tree.must_be_known(self.task)
        self.heads = UnitHeads(self.charters.on(self.effective), known.unit, self.effective)
        self.held = Incumbents(known.post) if known.post is not None else None
        yield from together([self.heads.knows(), iter([(self.held,)] if self.held is not None else [])])

    def must_have(self, task: Task, charter: Charter, *, or_head: bool = False) -> None:
        """Raises Refused unless the person is who has the task, or, with `or_head`, answers for its unit."""
        must_serve(self.service, self.effective, "person")
        heads = self.person in self.heads.people
        if task.person is not None:
            has = task.person == self.person
        else:
            has = heads if self.held is None else holds(self.held, self.person, self.effective)
        if not has and not (or_head and heads):
            whose = task.person or task.post or f"the head of {task.unit}"
            sentence = f"The task {self.task} is not {self.person}'s on {self.effective}: it is with {whose}."
            raise Refused("task.not_theirs", sentence, "person")


def holds(post: Incumbents, person: PersonId, day: date) -> bool:
    return any(each.person == person for each in post.on(day))


class _Dated(Protocol):
    effective: date
    context: Context


def refuse_untimely(command: _Dated, last: date) -> None:
    """Raises Refused for a day to come, or one before the `last` thing that happened."""
    if command.effective < last:
        raise Refused("task.order", f"The step before was on {last}, and this is earlier.", "effective")
    if command.effective > command.context.today:
        raise Refused("task.future", f"{command.effective} is still to come.", "effective")


def refuse_unsaid(context: Context) -> None:
    if not context.reason.strip():
        raise Refused("task.reason", "Why this is changed must be said.", "reason")


def refuse_alone(context: Context) -> None:
    """Raises Refused unless two persons want it, and say why."""
    refuse_unsaid(context)
    if context.approver in ("", context.actor):
        raise Refused("task.second_person", "This takes two persons.", "approver")


def must_serve(service: Standing, day: date, pointer: str) -> None:
    try:
        service.must_serve(Span(day, day + ONE_DAY))
    except Refused as refused:
        raise Refused(refused.code, refused.sentence, pointer) from None


class _Cancels(Protocol):
    effective: date

    def trigger(self, fact: Event) -> None: ...


class Cancelling:
    """Cancels tasks for a command, from the lowest up: each leaves what was done of it to what it is a part of.

    What was verified stays verified. The tree knows at once what was cancelled.
    """

    def __init__(self, command: _Cancels, tree: Allocation) -> None:
        self._command = command
        self._tree = tree

    def below(self, parent: TaskId | None) -> None:
        """Cancel all parts of the target (None) or of a task, and what is below them."""
        for task in list(self._tree.below(parent)):
            self._cancel(task)

    def all_of(self, task: Task) -> None:
        """Cancel a task and what is below it."""
        self.below(task.id)
        self._cancel(task)

    def _cancel(self, task: Task) -> None:
        if task.state != "verified":
            target, done = self._tree.target, self._tree.done_of(task.id)
            fact = TaskCancelled(task.id, target, task.unit, task.parent, done, self._command.effective)
            self._command.trigger(fact)
            self._tree.note(fact)
