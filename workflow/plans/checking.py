"""Checking a task that is reported as complete: verified, or returned."""

from __future__ import annotations

from datetime import date

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.evidence import references, said
from workflow.ids import PersonId
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import Standing
from workflow.plans.amounts import rule_of
from workflow.plans.answering import Answers
from workflow.plans.events import TaskReturned, TaskVerified
from workflow.plans.turns import ActOnTask, must_serve
from workflow.plans.views import Allocation, Task, target_of
from workflow.slices import Knows, Refused


class _Check(ActOnTask):
    """What somebody finds who looks at a task. It is nobody who ever had it, or said something about it; where the
    charter wants the head, it is somebody who answers for its unit or for one above."""

    verifier: PersonId
    finding: str

    def knows(self) -> Knows:
        self.charters, self.tree = CharterInForce(), Allocation(target_of(self.task))
        self.service, self.answers = Standing(self.verifier), Answers(self.verifier, self.effective)
        yield self.charters, self.tree, self.service
        yield from self.answers.knows()
        self.units = UnitTree({self.tree.must_be_known(self.task).unit}, self.effective)
        yield from self.units.knows()

    def check(self) -> tuple[Task, str]:
        task, charter = self.begin("completed")
        must_serve(self.service, self.effective, "verifier")
        self._refuse_unfit(task, charter, self.effective)
        return task, said(self.finding, "task.finding", "It must be said what was found.")

    def _refuse_unfit(self, task: Task, charter: Charter, day: date) -> None:
        had = task.person == self.verifier or (task.post is not None and self.answers.holds(task.post))
        if had or self.verifier in task.doers:
            sentence = f"{self.verifier} did the task {self.task}, or reported of it, and cannot be who checks it."
            raise Refused("task.verifier", sentence, "verifier")
        above = {each.unit for each in self.units.upward(task.unit, day)}
        answers = self.answers.heads(charter) | self.answers.oversees(charter)
        if rule_of(charter).verifier == "head" and not above & answers:
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
