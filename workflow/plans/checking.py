"""Checking a task that is reported as complete: verified, or returned."""

from __future__ import annotations

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.evidence import references, said
from workflow.ids import PersonId
from workflow.organisation.views import Incumbents, Standing
from workflow.plans.allocation import Allocation, Task
from workflow.plans.amounts import rule_of
from workflow.plans.answering import Answerable
from workflow.plans.events import TaskReturned, TaskVerified
from workflow.plans.numbering import target_of
from workflow.plans.turns import ActOnTask, holds, must_serve
from workflow.slices import Knows, Refused, together


class _Check(ActOnTask):
    """What somebody finds who looks at a task. It is nobody who ever had it, or said something about it; where the
    charter wants the head, it is somebody who answers for its unit or for one above."""

    verifier: PersonId
    finding: str

    def knows(self) -> Knows:
        self.charters, self.tree = CharterInForce(), Allocation(target_of(self.task))
        self.service = Standing(self.verifier)
        yield self.charters, self.tree, self.service
        known = self.tree.must_be_known(self.task)
        self.answerable = Answerable(self.charters.on(self.effective), known.unit, self.effective)
        self.held = Incumbents(known.post) if known.post is not None else None
        yield from together([self.answerable.knows(), iter([(self.held,)] if self.held is not None else [])])

    def check(self) -> tuple[Task, str]:
        task, charter = self.begin("completed")
        must_serve(self.service, self.effective, "verifier")
        self._refuse_unfit(task, charter)
        return task, said(self.finding, "task.finding", "It must be said what was found.")

    def _refuse_unfit(self, task: Task, charter: Charter) -> None:
        had = self.held is not None and holds(self.held, self.verifier, self.effective)
        if had or self.verifier in (task.person, *task.doers):
            sentence = f"{self.verifier} did the task {self.task}, or reported of it, and cannot be who checks it."
            raise Refused("task.verifier", sentence, "verifier")
        if rule_of(charter).verifier == "head" and self.verifier not in self.answerable.people:
            sentence = f"{self.verifier} answers neither for the unit {task.unit} nor for one above it."
            raise Refused("task.verifier", sentence, "verifier")


class VerifyTask(_Check):
    """Verify that a task is done."""

    evidence: tuple[str, ...] = ()

    def execute(self) -> None:
        task, finding = self.check()
        evidence = references(self.evidence, "task.evidence")
        self.trigger(
            TaskVerified(self.task, self.tree.target, task.unit, self.verifier, finding, evidence, self.effective)
        )


class ReturnTask(_Check):
    """Return a task that is not done: whoever has it goes on with it."""

    def execute(self) -> None:
        task, finding = self.check()
        self.trigger(TaskReturned(self.task, self.tree.target, task.unit, self.verifier, finding, self.effective))
