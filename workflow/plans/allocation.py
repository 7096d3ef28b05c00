"""A target and the tree of its tasks: in whose hand each is, how far it has come, and what sums to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from workflow.ids import PersonId, PostId, TargetId, TaskId, UnitId
from workflow.plans.events import (
    AssigneeLeft,
    AssigneeReturned,
    PlanTargetCancelled,
    PlanTargetChanged,
    PlanTargetSet,
    SplitMade,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskExtended,
    TaskFlagged,
    TaskProgressCorrected,
    TaskProgressed,
    TaskReassigned,
    TaskRefused,
    TaskReturned,
    TaskShared,
    TaskVerified,
)
from workflow.slices import Refused, View, event

OPEN = ("assigned", "accepted", "progressed", "returned", "refused")
"""The states of a task that somebody still has to do something about, before it is complete."""

IN_HAND = ("accepted", "progressed", "returned")
"""The states in which somebody is at work on it."""


@dataclass
class Hand:
    """In whose hand a task is since a day. `shared`: what the person has is the share of somebody who left.

    `settle_bys`: until when it is to be settled, since when, because the person left; None: the person is back.
    """

    since: date
    unit: UnitId
    person: PersonId | None
    shared: bool = False
    settle_bys: list[tuple[date, date | None]] = field(default_factory=list)

    def left(self, day: date) -> bool:
        """Whether it was noted by the end of `day` that the person left."""
        return next((by for since, by in reversed(self.settle_bys) if since <= day), None) is not None


@dataclass
class Task:
    """A task as it stands. `done` is what was done of it by itself, or kept of cancelled parts, without its parts.

    `moves` are its states, `dues` its due days and `accept_bys` until when it was to be accepted, each with the
    effective date since when; `flagged` is the colour that it was given for each due day. `doers` are all who ever had
    it, reported of it or answered for it. `shared`: what it has now is the share of somebody who left.
    """

    assigned: TaskAssigned
    unit: UnitId
    post: PostId | None
    person: PersonId | None
    amount: Decimal
    state: str = "assigned"
    done: Decimal = Decimal(0)
    flagged: dict[date, str] = field(default_factory=dict)
    moves: list[tuple[date, str]] = field(default_factory=list)
    dues: list[tuple[date, date]] = field(default_factory=list)
    accept_bys: list[tuple[date, date]] = field(default_factory=list)
    doers: set[PersonId] = field(default_factory=set)
    hands: list[Hand] = field(default_factory=list)

    @property
    def shared(self) -> bool:
        return self.hands[-1].shared

    @property
    def id(self) -> TaskId:
        return self.assigned.task

    @property
    def parent(self) -> TaskId | None:
        return self.assigned.parent

    @property
    def first_day(self) -> date:
        return self.assigned.first_day

    @property
    def due(self) -> date:
        return self.dues[-1][1]

    @property
    def last(self) -> date:
        """The effective date of the last thing that happened to it."""
        return max(self.moves[-1][0], self.dues[-1][0])

    def state_before(self, day: date) -> str:
        """The state in which it was when `day` began; "" before it was assigned."""
        return next((state for since, state in reversed(self.moves) if since < day), "")

    def due_before(self, day: date) -> date:
        """The due day that it had when `day` began."""
        return _before(self.dues, day)

    def accept_by_before(self, day: date) -> date:
        """Until when it was to be accepted, when `day` began."""
        return _before(self.accept_bys, day)

    def hand_before(self, day: date) -> Hand | None:
        """In whose hand it was when `day` began."""
        return next((hand for hand in reversed(self.hands) if hand.since < day), None)

    def settle_by_before(self, day: date) -> date | None:
        """Until when it was to be shared or reassigned, when `day` began, because its assignee had left."""
        hand = self.hand_before(day)
        return next((by for since, by in reversed(hand.settle_bys) if since < day), None) if hand else None


def _before(known: list[tuple[date, date]], day: date) -> date:
    return next((value for since, value in reversed(known) if since < day), known[0][1])


class Allocation(View):
    """A target, and the whole tree of its tasks. `amount` is that of the target, as it was changed."""

    target: TargetId
    set: PlanTargetSet | None = field(init=False, default=None)
    amount: Decimal = field(init=False, default=Decimal(0))
    cancelled: bool = field(init=False, default=False)
    done: Decimal = field(init=False, default=Decimal(0))
    tasks: dict[TaskId, Task] = field(init=False, default_factory=dict)
    last: date = field(init=False, default=date.min)

    @event(PlanTargetSet)
    def was_set(self, fact: PlanTargetSet) -> None:
        self.set, self.amount, self.last = fact, fact.amount, fact.effective

    @event(PlanTargetChanged)
    def was_changed(self, amount: Decimal, effective: date) -> None:
        self.amount, self.last = amount, effective

    @event(PlanTargetCancelled)
    def was_given_up(self, effective: date) -> None:
        self.cancelled, self.last = True, effective

    @event(TaskAssigned)
    def was_assigned(self, fact: TaskAssigned) -> None:
        self.tasks[fact.task] = Task(
            fact,
            fact.unit,
            fact.post,
            fact.person,
            fact.amount,
            moves=[(fact.effective, "assigned")],
            dues=[(fact.effective, fact.due)],
            accept_bys=[(fact.effective, fact.accept_by)],
            doers=set() if fact.person is None else {fact.person},
            hands=[Hand(fact.effective, fact.unit, fact.person)],
        )

    @event(SplitMade)
    def was_split(self, tasks: tuple[TaskId, ...], amounts: tuple[Decimal, ...], effective: date) -> None:
        for task, amount in zip(tasks, amounts, strict=True):
            if amount != self.tasks[task].amount:
                self.tasks[task].amount = amount
                self._moved(task, self.tasks[task].state, effective)

    @event(TaskAccepted)
    def was_accepted(self, task: TaskId, person: PersonId, effective: date) -> None:
        self._moved(task, "accepted", effective, person)

    @event(TaskRefused)
    def was_refused(self, task: TaskId, person: PersonId, effective: date) -> None:
        self._moved(task, "refused", effective, person)

    @event(TaskProgressed)
    def progressed(self, task: TaskId, person: PersonId, done: Decimal, effective: date) -> None:
        self._moved(task, "progressed", effective, person)
        self.tasks[task].done = done

    @event(TaskProgressCorrected)
    def was_corrected(self, task: TaskId, person: PersonId, done: Decimal, effective: date) -> None:
        self._moved(task, self.tasks[task].state, effective, person)
        self.tasks[task].done = done

    @event(TaskCompleted)
    def was_completed(self, task: TaskId, person: PersonId, effective: date) -> None:
        self._moved(task, "completed", effective, person)

    @event(TaskVerified)
    def was_verified(self, task: TaskId, effective: date) -> None:
        self._moved(task, "verified", effective)

    @event(TaskReturned)
    def was_returned(self, task: TaskId, effective: date) -> None:
        self._moved(task, "returned", effective)

    @event(TaskReassigned)
    def was_reassigned(self, fact: TaskReassigned) -> None:
        known = self.tasks[fact.task]
        known.unit, known.post, known.person = fact.unit, fact.post, fact.person
        known.hands.append(Hand(fact.effective, fact.unit, fact.person))
        known.accept_bys.append((fact.effective, fact.accept_by))
        self._moved(fact.task, "assigned", fact.effective, fact.person)

    @event(TaskShared)
    def was_shared(self, task: TaskId, share: Decimal, effective: date) -> None:
        self._moved(task, self.tasks[task].state, effective)
        known = self.tasks[task]
        known.amount = share
        known.hands.append(Hand(effective, known.unit, known.person, shared=True))

    @event(AssigneeLeft)
    def assignee_left(self, task: TaskId, settle_by: date, effective: date) -> None:
        self._settle(task, settle_by, effective)

    @event(AssigneeReturned)
    def assignee_returned(self, task: TaskId, effective: date) -> None:
        self._settle(task, None, effective)

    @event(TaskExtended)
    def was_extended(self, task: TaskId, due: date, effective: date) -> None:
        self.tasks[task].dues.append((effective, due))

    @event(TaskCancelled)
    def was_cancelled(self, task: TaskId, parent: TaskId | None, done: Decimal, effective: date) -> None:
        self._moved(task, "cancelled", effective)
        if parent is None:
            self.done += done
        else:
            self.tasks[parent].done += done

    @event(TaskFlagged)
    def was_flagged(self, task: TaskId, colour: str, due: date) -> None:
        self.tasks[task].flagged[due] = colour

    def must_be_set(self) -> PlanTargetSet:
        """The target as it was set. Raises Refused if there is none, or it was cancelled."""
        if self.set is None:
            raise Refused("target.unknown", f"There is no target {self.target}.", "target")
        if self.cancelled:
            raise Refused("target.cancelled", f"The target {self.target} was cancelled.", "target")
        return self.set

    def must_be_known(self, task: TaskId, pointer: str = "task") -> Task:
        """Raises Refused if there is no such task."""
        if task not in self.tasks:
            raise Refused("task.unknown", f"There is no task {task}.", pointer)
        return self.tasks[task]

    def parts(self, parent: TaskId | None) -> list[Task]:
        """The parts of the target (None) or of a task that were not cancelled."""
        return [each for each in self.ever(parent) if each.state != "cancelled"]

    def ever(self, parent: TaskId | None) -> list[Task]:
        """All parts that it ever had."""
        return [each for each in self.tasks.values() if each.parent == parent]

    def below(self, parent: TaskId | None) -> Iterator[Task]:
        """All tasks below it that were not cancelled, the lowest first."""
        for part in self.parts(parent):
            yield from self.below(part.id)
            yield part

    def allocated(self) -> Decimal:
        """What the target's parts sum to."""
        return sum((part.amount for part in self.parts(None)), Decimal(0))

    def is_split(self, parent: TaskId | None) -> bool:
        """Whether its parts sum to what is to be split: a target that got more is not split whole."""
        return sum((part.amount for part in self.parts(parent)), Decimal(0)) == self.to_split(parent)

    def to_split(self, parent: TaskId | None) -> Decimal:
        """What its parts have to sum to when it is split: its amount, less what it keeps as done itself."""
        if parent is None:
            self.must_be_set()
            return self.amount - self.done
        return self.tasks[parent].amount - self.tasks[parent].done

    def done_of(self, task: TaskId) -> Decimal:
        """What was done of a task, by itself and by its parts."""
        return self.tasks[task].done + sum((self.done_of(each.id) for each in self.parts(task)), Decimal(0))

    def done_in_all(self) -> Decimal:
        """What was done of the target, by tasks that were cancelled since and by those that were not."""
        return self.done + sum((self.done_of(each.id) for each in self.parts(None)), Decimal(0))

    def newest(self, tasks: Iterable[Task]) -> date:
        """The effective date of the last thing that happened to the target or to one of these."""
        return max((self.last, *(each.last for each in tasks)))

    def _settle(self, task: TaskId, by: date | None, effective: date) -> None:
        hand = self.tasks[task].hand_before(effective)
        if hand is not None:
            hand.settle_bys.append((effective, by))

    def _moved(self, task: TaskId, state: str, effective: date, by: PersonId | None = None) -> None:
        known = self.tasks[task]
        known.state = state
        known.moves.append((effective, state))
        if by is not None:
            known.doers.add(by)
