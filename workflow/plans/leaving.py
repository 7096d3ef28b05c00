"""Tasks left behind: who has one belongs no longer to its unit, and somebody has to share or reassign it.

The clock only notes it, on the day after: who comes after, and whether days or the whole are theirs, people decide.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflow.calendar import ONE_DAY, Calendar
from workflow.charter.model import Charter
from workflow.dates import charter_for
from workflow.ids import PersonId, UnitId
from workflow.organisation.belonging import Memberships
from workflow.organisation.events import AppointmentEnded, AppointmentStarted, MembershipEnded, MembershipStarted
from workflow.organisation.views import Career
from workflow.plans.allocation import OPEN, Task
from workflow.plans.amounts import rule_of
from workflow.plans.assignees import units_on
from workflow.plans.events import AssigneeLeft, AssigneeReturned
from workflow.plans.turns import ActOnTask
from workflow.slices import Event, Knows


class Whereabouts:
    """To which units a person belongs, by posts and memberships."""

    LISTENS_TO: ClassVar = (AppointmentStarted, AppointmentEnded, MembershipStarted, MembershipEnded)

    def __init__(self, person: PersonId) -> None:
        self.career, self.memberships = Career(person), Memberships(person)

    def note(self, fact: Event) -> None:
        self.career.note(fact)
        self.memberships.note(fact)

    def gone_since(self, unit: UnitId, day: date) -> date | None:
        """Since which day, up to `day`, the person belongs no longer to a unit; None: they do, or never did."""
        if unit in units_on(self.career, self.memberships, day):
            return None
        spans = [each.span for each in self.career.appointments.values() if each.unit == unit]
        spans += [each.span for each in self.memberships.memberships.values() if each.unit == unit]
        ends = [span.until for span in spans if span.until is not None and span.since < span.until <= day]
        return max(ends, default=None)


def whether_left(task: Task, where: Whereabouts, day: date, charter: Charter) -> AssigneeLeft | AssigneeReturned | None:
    """What is to be noted on `day` of who has a task: that they had left its unit when the day began, or were back.

    Of a task that is complete nothing is, nor of the share of somebody who left, which is theirs to answer for.
    """
    hand = task.hand_before(day)
    if hand is None or hand.person is None or hand.shared or task.state_before(day) not in OPEN:
        return None
    about = task.id, task.assigned.target, hand.unit, hand.person
    left = where.gone_since(hand.unit, day - ONE_DAY)
    if left is None:
        return AssigneeReturned(*about, day) if hand.left(day) else None
    if hand.left(day) or left <= hand.since:
        return None
    settle_by = Calendar(charter).add(day, rule_of(charter).leaver_working_days)
    return AssigneeLeft(*about, left, settle_by, day)


class NoteAssignee(ActOnTask):
    """Note that the person who has a task left its unit, or is back."""

    def knows(self) -> Knows:
        yield from super().knows()
        hand = self.tree.must_be_known(self.task).hand_before(self.effective)
        self.where = None
        if hand is not None and hand.person is not None:
            self.where = Whereabouts(hand.person)
            yield self.where.career, self.where.memberships

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        known = self.tree.must_be_known(self.task)
        fact = whether_left(known, self.where, self.effective, charter) if self.where is not None else None
        if fact is not None:
            self.trigger(fact)
