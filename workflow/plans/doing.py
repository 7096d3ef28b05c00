"""Doing a task: accepting or refusing it, reporting how much is done, and that it is complete."""

from __future__ import annotations

from decimal import Decimal

from workflow.charter.model import Charter
from workflow.evidence import references, said
from workflow.plans.allocation import IN_HAND, Task
from workflow.plans.amounts import amount_of, rule_of
from workflow.plans.events import (
    TaskAccepted,
    TaskCompleted,
    TaskProgressCorrected,
    TaskProgressed,
    TaskRefused,
)
from workflow.plans.turns import ActOfPerson, refuse_alone, refuse_untimely
from workflow.slices import Refused


class AcceptTask(ActOfPerson):
    """Accept a task, as whoever it was given to: the person, a holder of the post, or the head of the unit."""

    def execute(self) -> None:
        task, charter = self.begin("assigned")
        self.must_have(task, charter)
        self.trigger(TaskAccepted(self.task, self.tree.target, task.unit, self.person, self.effective))


class RefuseTask(ActOfPerson):
    """Give a task back, as whoever it was given to; it has to be reassigned then."""

    why: str

    def execute(self) -> None:
        task, charter = self.begin("assigned")
        self.must_have(task, charter)
        why = said(self.why, "task.why", "Why a task is refused must be said.")
        self.trigger(TaskRefused(self.task, self.tree.target, task.unit, self.person, why, self.effective))


class _Amounts(ActOfPerson):
    """How much is done of a task that has no parts, said by whoever has it or the head of its unit."""

    done: Decimal

    def check(self) -> tuple[Task, Decimal]:
        task, charter = self.begin(*IN_HAND)
        self.must_have(task, charter, or_head=True)
        if self.tree.parts(self.task):
            sentence = f"The task {self.task} is split: what is done of it, its parts tell."
            raise Refused("task.is_split", sentence, "task")
        for cancelled in self.tree.ever(self.task):
            refuse_untimely(self, cancelled.last)  # what they left is done since then
        done = amount_of(self.done, self._decimals(charter), "task.done", "done")
        if done == task.done:
            raise Refused("task.same", f"{done} is done already.", "done")
        return task, done

    def _decimals(self, charter: Charter) -> int:
        """Those of the target's measure; if the charter no longer knows it, as many as an amount can have."""
        decimals = rule_of(charter).decimals(self.tree.must_be_set().measure)
        return 6 if decimals is None else decimals


class ReportProgress(_Amounts):
    """Report the amount done so far, in all: it never decreases. It may become more than was asked for."""

    evidence: tuple[str, ...] = ()

    def execute(self) -> None:
        task, done = self.check()
        if done < task.done:
            sentence = f"{task.done} was done already; if that was wrong it is corrected, by two persons."
            raise Refused("task.decreasing", sentence, "done")
        evidence = references(self.evidence, "task.evidence")
        self.trigger(
            TaskProgressed(self.task, self.tree.target, task.unit, self.person, done, evidence, self.effective)
        )


class CorrectProgress(_Amounts):
    """Correct the amount done so far, up or down: by two persons, with a reason."""

    def execute(self) -> None:
        refuse_alone(self.context)
        task, done = self.check()
        target, previous = self.tree.target, task.done
        self.trigger(TaskProgressCorrected(self.task, target, task.unit, self.person, done, previous, self.effective))


class CompleteTask(ActOfPerson):
    """Report a task as complete: all of the amount is done, and its parts are verified; with evidence of what was done
    by itself, or left by parts that were cancelled."""

    evidence: tuple[str, ...] = ()

    def execute(self) -> None:
        task, charter = self.begin(*IN_HAND)
        self.must_have(task, charter, or_head=True)
        evidence = references(self.evidence, "task.evidence")
        unverified = [part.id for part in self.tree.parts(self.task) if part.state != "verified"]
        if unverified:
            sentence = f"Not verified yet: {', '.join(unverified)}."
            raise Refused("task.parts_open", sentence, "task")
        done = self.tree.done_of(self.task)
        if done < task.amount:  # a split task too: it may have got more since its parts were verified
            sentence = f"{done} of {task.amount} is done; the rest is done first, or the task is split anew."
            raise Refused("task.not_done", sentence, "task")
        if task.done and not evidence:
            raise Refused("task.evidence", "A task is completed with evidence.", "evidence")
        self.trigger(TaskCompleted(self.task, self.tree.target, task.unit, self.person, evidence, self.effective))
