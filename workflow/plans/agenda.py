"""What time does to tasks: yellow when few days are left, or nobody accepted it in time; red when it is overdue; and
those that are left behind by who had them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.dates import charter_for
from workflow.ids import PersonId, TargetId, TaskId
from workflow.plans.allocation import OPEN, Allocation, Task
from workflow.plans.amounts import Flag, flag_of
from workflow.plans.events import AssigneeReturned, TaskFlagged
from workflow.plans.leaving import NoteAssignee, Whereabouts, whether_left
from workflow.plans.turns import ActOnTask
from workflow.slices import Event

_RANK = ("green", "yellow", "red")


class FlagTask(ActOnTask):
    """Give a task the colour that it has on `effective`, if that is worse than the one it was given.

    It is decided by how the task stood when the day began, so what is done on the day itself changes nothing.
    """

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        known = self.tree.must_be_known(self.task)
        flag = turned(known, self.effective, charter)
        if flag is None:
            return
        self.trigger(
            TaskFlagged(
                self.task,
                self.tree.target,
                known.unit,
                flag.colour,
                flag.why,
                known.due_before(self.effective),
                charter.version,
                self.charters.digest_on(self.effective),
                self.effective,
            )
        )


class DueTasks:
    """The agenda of tasks that are not complete: on the days on which they turn yellow, and red, and on the day after
    their assignee left or came back."""

    def __init__(self) -> None:
        self._since = date.max
        self._trees: dict[TargetId, Allocation] = {}
        self._open: dict[TaskId, Task] = {}
        self._whereabouts: dict[PersonId, Whereabouts] = {}

    def listens_to(self) -> Iterable[type[Event]]:
        return (ClockStarted, *Allocation.listens_to(), *Whereabouts.LISTENS_TO)

    def note(self, fact: Event) -> None:
        if isinstance(fact, ClockStarted):
            self._since = fact.effective
            return
        if isinstance(fact, Whereabouts.LISTENS_TO):
            self._of(fact.person).note(fact)
            return
        target: TargetId = fact.target  # type: ignore[attr-defined]  # all others have one
        tree = self._trees.setdefault(target, Allocation(target))
        tree.note(fact)
        if (task := tree.tasks.get(getattr(fact, "task", TaskId("")))) is not None:
            self._open[task.id] = task

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        charter = charters.on(day)
        if charter.plans is None:
            return
        for id, task in sorted(self._open.items()):
            if task.state in ("verified", "cancelled") and task.last < day:
                del self._open[id]
                continue
            if self._turns(task, day, charter):
                yield Act(f"flag.{id}.{day}", FlagTask(task=id, effective=day))
            hand = task.hand_before(day)
            if hand is not None and hand.person is not None:
                moved = whether_left(task, self._of(hand.person), day, charter)
                if isinstance(moved, AssigneeReturned) or (moved is not None and moved.left >= self._since):
                    yield Act(f"assignee.{id}.{day}", NoteAssignee(task=id, effective=day))

    def _of(self, person: PersonId) -> Whereabouts:
        return self._whereabouts.setdefault(person, Whereabouts(person))

    def _turns(self, task: Task, day: date, charter: Charter) -> bool:
        """Whether a task turns, by something that was due since the clock was started."""
        flag = turned(task, day, charter)
        if flag is None or flag.why == "leaver":
            return flag is not None
        return (task.accept_by_before(day) if flag.why == "acceptance" else task.due_before(day)) >= self._since


def turned(task: Task, day: date, charter: Charter) -> Flag | None:
    """The colour that a task turned to by `day`, if it is worse than the one it was given last."""
    state, due = task.state_before(day), task.due_before(day)
    if state not in OPEN:
        return None
    accept_by = task.accept_by_before(day) if state == "assigned" else None
    flag = flag_of(due, accept_by, day, charter, task.settle_by_before(day))
    return flag if _RANK.index(flag.colour) > _RANK.index(task.flagged.get(due, "green")) else None
