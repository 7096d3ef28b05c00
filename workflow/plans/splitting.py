"""Splitting a target or a task to units, posts and people: the parts sum to it exactly, now and after every change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.ids import PersonId, PostId, TargetId, TaskId, UnitId
from workflow.plans.allocation import IN_HAND, Allocation, Task
from workflow.plans.amounts import accept_by, amount_of, rule_of
from workflow.plans.assignees import Assignee, Assignees
from workflow.plans.events import SplitMade, TaskAssigned
from workflow.plans.numbering import part_id
from workflow.plans.turns import Cancelling, refuse_alone, refuse_untimely
from workflow.slices import Command, Knows, Refused

MOST_PARTS = 100


class Part(NamedTuple):
    """What one of them is to do: so much, from `first_day` until `due`. Title and days are those of the whole, if they
    are left out. A part that is there already is named by `task`, and keeps all but its amount."""

    amount: Decimal
    unit: UnitId | None = None
    post: PostId | None = None
    person: PersonId | None = None
    title: str = ""
    first_day: date | None = None
    due: date | None = None
    task: TaskId | None = None


class _Whole(NamedTuple):
    """What is split."""

    unit: UnitId
    title: str
    first_day: date
    due: date


class _Split(Command):
    """A split of a target, or of its task `parent`."""

    target: TargetId
    parts: tuple[Part, ...]
    effective: date
    parent: TaskId | None = None

    def knows(self) -> Knows:
        if not 1 <= len(self.parts) <= MOST_PARTS:
            raise Refused("task.parts", f"There are 1 to {MOST_PARTS} parts.", "parts")
        new = [Assignee(part.unit, part.post, part.person) for part in self.parts if part.task is None]
        self.assignees = Assignees(new, self.effective)
        self.charters, self.tree = CharterInForce(), Allocation(self.target)
        yield self.charters, self.tree
        yield from self.assignees.knows(self._whole().unit)

    def _whole(self) -> _Whole:
        """Raises Refused unless it is there and may be split."""
        target = self.tree.must_be_set()
        if self.parent is None:
            return _Whole(target.unit, target.title, target.first_day, target.due)
        task = self.tree.must_be_known(self.parent, "parent")
        if task.state not in ("assigned", *IN_HAND):
            raise Refused("task.state", f"The task {self.parent} is no longer to be split.", "parent")
        if task.person is not None:
            sentence = f"The task {self.parent} is {task.person}'s alone; only those of units and posts are split."
            raise Refused("task.of_person", sentence, "parent")
        return _Whole(task.unit, task.assigned.title, task.first_day, task.due)

    def split(self, charter: Charter, kept: dict[TaskId, Decimal]) -> None:
        """Assign the new parts, beside those of before that are `kept` with their amounts; together they must sum."""
        whole, plan = self._whole(), self.tree.must_be_set()
        decimals = rule_of(charter).decimals(plan.measure)
        if decimals is None:
            raise Refused("target.measure", f"The charter in force plans nothing in {plan.measure}.", "target")
        shares = dict(kept)
        number = len(self.tree.ever(self.parent))
        for part in self.parts:
            amount = _amount(part, decimals)
            if part.task is None:
                number += 1
                task = part_id(self.parent or self.target, number)
                self.trigger(self._assigned(task, part, amount, whole, charter))
                shares[task] = amount
            else:
                shares[part.task] = amount
        asked, found = self.tree.to_split(self.parent), sum(shares.values(), Decimal(0))
        if found != asked:
            sentence = f"The parts sum to {found}, and {asked} is to be split: {abs(asked - found)} "
            raise Refused("task.sum", sentence + ("are missing." if found < asked else "are too many."), "parts")
        self.trigger(SplitMade(self.target, self.parent, asked, tuple(shares), tuple(shares.values()), self.effective))

    def _assigned(self, task: TaskId, part: Part, amount: Decimal, whole: _Whole, charter: Charter) -> TaskAssigned:
        first, due = part.first_day or whole.first_day, part.due or whole.due
        if not whole.first_day <= first <= due <= whole.due or due < self.effective:
            sentence = (
                f"A part is done between {whole.first_day} and {whole.due}, and is not due before it is assigned."
            )
            raise Refused("task.days", sentence, "parts")
        place = self.assignees.place(Assignee(part.unit, part.post, part.person))
        return TaskAssigned(
            task,
            self.target,
            self.parent,
            self.tree.must_be_set().plan,
            place.unit,
            place.post,
            place.person,
            part.title.strip() or whole.title,
            amount,
            first,
            due,
            accept_by(self.effective, charter),
            self.effective,
        )

    def _concerned(self) -> list[Task]:
        """The parent, and all that is below it; its parts also if they were cancelled."""
        above = [] if self.parent is None else [self.tree.tasks[self.parent]]
        return [*above, *self.tree.ever(self.parent), *self.tree.below(self.parent)]


class AssignTasks(_Split):
    """Split a target, or a task that a unit or a post has, for the first time: one command makes the whole split."""

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if any(part.task is not None for part in self.parts):
            raise Refused("task.parts", "What is split for the first time has no parts yet.", "parts")
        if self.tree.parts(self.parent):
            sentence = f"{self.parent or self.target} is split already; that can be made anew, by two persons."
            raise Refused("task.is_split", sentence, "parent" if self.parent else "target")
        refuse_untimely(self, self.tree.newest(self._concerned()))
        self.split(charter, {})


class Reallocate(_Split):
    """Make a split anew, by two persons, with a reason: parts change their amounts, come, and are cancelled.

    What was done is kept: a part has at least what was done of it, and what was done of a cancelled one stays done for
    the whole, so the new parts sum to what is left. What was verified stays as it is, and need not be named. A part
    whose amount changes loses its own split, which is to be made anew.
    """

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        refuse_alone(self.context)
        self.anew(charter)

    def anew(self, charter: Charter) -> None:
        """Make it, so that it sums to what is to be split by now."""
        before = {part.id: part for part in self.tree.parts(self.parent)}
        if not before:
            sentence = f"{self.parent or self.target} is not split yet."
            raise Refused("task.not_split", sentence, "parent" if self.parent else "target")
        refuse_untimely(self, self.tree.newest(self._concerned()))
        decimals = rule_of(charter).decimals(self.tree.must_be_set().measure) or 0
        named = dict(self._named(before, decimals))
        self._refuse_same(before, named)
        cancelling = Cancelling(self, self.tree)
        kept = {}
        for part in before.values():
            if part.id not in named and part.state != "verified":
                cancelling.all_of(part)
                continue
            kept[part.id] = named.get(part.id, part.amount)
            if kept[part.id] != part.amount:
                self._refuse_unfit(part, kept[part.id])
                cancelling.below(part.id)
        self.split(charter, kept)

    def _named(self, before: dict[TaskId, Task], decimals: int) -> Iterator[tuple[TaskId, Decimal]]:
        seen: set[TaskId] = set()
        for part in self.parts:
            if part.task is None:
                continue
            if part.task not in before or part.task in seen or part[1:7] != (None, None, None, "", None, None):
                sentence = "A part that is there already is named once, and only its amount changes here."
                raise Refused("task.parts", sentence, "parts")
            seen.add(part.task)
            yield part.task, _amount(part, decimals)

    def _refuse_same(self, before: dict[TaskId, Task], named: dict[TaskId, Decimal]) -> None:
        """Raises Refused for the split that there is already: the same parts, and for who is new the same once more."""
        whole = self._whole()
        new = []
        for part in self.parts:
            if part.task is None:
                place = self.assignees.place(Assignee(part.unit, part.post, part.person))
                days = part.first_day or whole.first_day, part.due or whole.due
                new.append((*place, part.title.strip() or whole.title, part.amount, *days))
        gone = [
            (each.unit, each.post, each.person, each.assigned.title, each.amount, each.first_day, each.due)
            for id, each in before.items()
            if id not in named and each.state != "verified"
        ]
        unchanged = all(before[id].amount == amount for id, amount in named.items())
        if unchanged and Counter(new) == Counter(gone) and self.tree.is_split(self.parent):
            sentence = f"{self.parent or self.target} is split like that already."
            raise Refused("task.same", sentence, "parts")

    def _refuse_unfit(self, part: Task, amount: Decimal) -> None:
        """Raises Refused for an amount that a part can no longer have."""
        if part.state in ("completed", "verified"):
            sentence = f"The task {part.id} is complete; its amount stays {part.amount}."
            raise Refused("task.state", sentence, "parts")
        done = self.tree.done_of(part.id)
        if amount < done:
            raise Refused("task.below_done", f"Of {part.id} {done} is done already.", "parts")


def _amount(part: Part, decimals: int) -> Decimal:
    amount = amount_of(part.amount, decimals, "task.amount", "parts")
    if amount == 0:
        raise Refused("task.amount", "A part is more than 0.", "parts")
    return amount
