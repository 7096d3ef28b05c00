"""Deciding again how targets are split, what is shared by days, by when tasks are accepted, and their colours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from workflow.again import FollowedCharters
from workflow.charter.model import Charter
from workflow.ids import PersonId, TargetId, TaskId
from workflow.plans.agenda import turned
from workflow.plans.allocation import Allocation
from workflow.plans.amounts import accept_by, by_days, rule_of
from workflow.plans.events import (
    AssigneeLeft,
    AssigneeReturned,
    PlanTargetCancelled,
    PlanTargetChanged,
    SplitMade,
    TaskAssigned,
    TaskCancelled,
    TaskFlagged,
    TaskReassigned,
    TaskShared,
)
from workflow.plans.leaving import Whereabouts, whether_left
from workflow.slices import Event, Refused

_DECISIONS = (
    PlanTargetChanged,
    TaskAssigned,
    SplitMade,
    TaskReassigned,
    TaskShared,
    TaskCancelled,
    TaskFlagged,
    PlanTargetCancelled,
    AssigneeLeft,
    AssigneeReturned,
)


class TasksAgain:
    """The arithmetic of plans."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = FollowedCharters()
        self._trees: dict[TargetId, Allocation] = {}
        self._rests: dict[TaskId, Decimal] = {}
        self._whereabouts: dict[PersonId, Whereabouts] = {}
        self._new: set[TaskId] = set()
        self._short: set[TargetId] = set()  # whose new amount is below what is allocated: a new split has to follow

    def listens_to(self) -> Sequence[type[Event]]:
        return (*FollowedCharters.HEARD, *Allocation.listens_to(), *Whereabouts.LISTENS_TO)

    def follow(self, fact: Event) -> str:
        if self._charters.took(fact):
            return ""
        if isinstance(fact, Whereabouts.LISTENS_TO):
            self._of(fact.person).note(fact)
            return ""
        target: TargetId = fact.target  # type: ignore[attr-defined]  # all others have one
        tree = self._trees.setdefault(target, Allocation(target))
        told = ""
        try:
            if isinstance(fact, _DECISIONS):
                self.decisions += 1
                told = "; ".join([*self._again(fact, tree), *self._unsplit(fact, target)])
            tree.note(fact)
        except (Refused, ValueError, LookupError, ArithmeticError) as error:
            told = f"it could not be decided: {error}"
        return f"{getattr(fact, 'task', target)}: {told}" if told else ""

    def _again(self, fact: Event, tree: Allocation) -> list[str]:
        match fact:
            case PlanTargetChanged():
                short = fact.amount < tree.done + tree.allocated()
                (self._short.add if short else self._short.discard)(tree.target)
                return _compared("previous", fact.previous, tree.amount)
            case TaskAssigned():
                told = _compared("accept_by", fact.accept_by, accept_by(fact.effective, self._on(fact.effective)))
                if fact.task in self._rests:
                    return told + _compared("amount", fact.amount, self._rests.pop(fact.task))
                self._new.add(fact.task)
                return told
            case TaskReassigned():
                return _compared("accept_by", fact.accept_by, accept_by(fact.effective, self._on(fact.effective)))
            case SplitMade():
                return self._split(fact, tree)
            case TaskShared():
                return self._share(fact, tree)
            case TaskCancelled():
                return _compared("done", fact.done, tree.done_of(fact.task))
            case PlanTargetCancelled():
                return _compared("done", fact.done, tree.done_in_all())
            case TaskFlagged():
                return self._flag(fact, tree)
            case AssigneeLeft() | AssigneeReturned():
                return self._assignee(fact, tree)
        raise AssertionError(f"{type(fact)} decides nothing")

    def _unsplit(self, fact: Event, target: TargetId) -> list[str]:
        """Whether a target whose amount was set below what is allocated is not split anew at once."""
        if target not in self._short or isinstance(fact, PlanTargetChanged | TaskCancelled | TaskAssigned):
            return []
        self._short.remove(target)
        if isinstance(fact, SplitMade) and fact.parent is None:
            return []
        return ["the target's amount was set below what is allocated, and it was not split anew"]

    def _split(self, fact: SplitMade, tree: Allocation) -> list[str]:
        tasks = {part.id for part in tree.parts(fact.parent)}
        told = _compared("tasks", ", ".join(sorted(fact.tasks)), ", ".join(sorted(tasks)))
        told += _compared("amount", fact.amount, tree.to_split(fact.parent))
        for task, amount in zip(fact.tasks, fact.amounts, strict=True):
            if task in self._new:
                told += _compared(f"amount of {task}", amount, tree.tasks[task].amount)
                self._new.remove(task)
        return told + _compared("sum of the parts", sum(fact.amounts, Decimal(0)), fact.amount)

    def _share(self, fact: TaskShared, tree: Allocation) -> list[str]:
        known = tree.tasks[fact.task]
        decimals = rule_of(self._on(fact.effective)).decimals(tree.must_be_set().measure)
        if decimals is None:
            return ["the charter plans nothing in its measure"]
        due = by_days(known.amount, known.first_day, known.due, fact.effective, decimals)
        self._rests[fact.successor] = due.rest
        told = _compared("amount", fact.amount, known.amount)
        for name in due._fields:
            told += _compared(name, getattr(fact, name), getattr(due, name))
        return told

    def _flag(self, fact: TaskFlagged, tree: Allocation) -> list[str]:
        known, charter = tree.tasks[fact.task], self._on(fact.effective)
        flag = turned(known, fact.effective, charter)
        if flag is None:
            return [f"it is recorded as {fact.colour}, and had to turn to no other colour"]
        told = _compared("colour", fact.colour, flag.colour) + _compared("why", fact.why, flag.why)
        told += _compared("due", fact.due, known.due_before(fact.effective))
        told += _compared("charter", fact.charter, charter.version)
        return told + _compared("digest", fact.charter_digest, self._charters.digest_on(fact.effective))

    def _assignee(self, fact: AssigneeLeft | AssigneeReturned, tree: Allocation) -> list[str]:
        known = tree.tasks[fact.task]
        due = whether_left(known, self._of(fact.person), fact.effective, self._on(fact.effective))
        if due is None or type(due) is not type(fact):
            return [f"{fact.TOPIC} is recorded of {fact.person}, and had not to be"]
        return [told for name in due.as_dict() for told in _compared(name, getattr(fact, name), getattr(due, name))]

    def _of(self, person: PersonId) -> Whereabouts:
        return self._whereabouts.setdefault(person, Whereabouts(person))

    def _on(self, day: date) -> Charter:
        return self._charters.on(day)


def _compared(name: str, recorded: object, had_to_be: object) -> list[str]:
    if recorded == had_to_be:
        return []
    return [f"the {name} is recorded as {recorded}, and had to be {had_to_be}"]
