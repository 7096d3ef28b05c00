"""What happened in mentoring (row 9 of the domain): model persons, and mentorships from their start to their end."""

from __future__ import annotations

from datetime import date

import msgspec

from workflow.ids import DutyId, MentorshipId, PersonId, UnitId
from workflow.slices import Event


class Goal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a mentee is to reach, and by what one will see it."""

    text: str
    measured_by: str


class ModelPersonDesignated(Event):
    """From `effective` on a person is a model for mentorships of a kind."""

    TOPIC = "model_person.designated"
    person: PersonId
    kind: str
    citation: str
    evidence: tuple[str, ...]
    effective: date


class ModelPersonWithdrawn(Event):
    """The person is no model any more. `cause`: decided, and the reason is in the entry; or left, for who is in service
    no more."""

    TOPIC = "model_person.withdrawn"
    person: PersonId
    kind: str
    effective: date
    cause: str = "decided"


class MentorshipStarted(Event):
    """A mentor leads a mentee from `effective` on, until `until` (exclusive).

    `mentor_unit` and `mentee_unit` are those in which the two hold their posts: who is in theirs no more was
    transferred. The charter of that day decides to the end.
    """

    TOPIC = "mentorship.started"
    mentorship: MentorshipId
    mentor: PersonId
    mentee: PersonId
    kind: str
    goals: tuple[Goal, ...]
    until: date
    mentor_unit: UnitId
    mentee_unit: UnitId
    charter: str
    charter_digest: str
    effective: date


class MentorshipReviewed(Event):
    """Mentor and mentee looked, on `held_on`, at how far they have come; that fulfilled the `duty` to review a period.

    `person` reports it: the mentor, or who answers for the mentor's unit; None: a clerk recorded it.
    """

    TOPIC = "mentorship.reviewed"
    mentorship: MentorshipId
    mentor: PersonId
    mentee: PersonId
    duty: DutyId
    period: str
    held_on: date
    finding: str
    evidence: tuple[str, ...]
    person: PersonId | None
    effective: date


class MentorshipGoalMet(Event):
    """The goal of that number, from 1, is met, as `person` confirms, who is not the mentee."""

    TOPIC = "mentorship.goal_met"
    mentorship: MentorshipId
    mentor: PersonId
    mentee: PersonId
    goal: int
    evidence: tuple[str, ...]
    person: PersonId
    effective: date


class MentorshipExtended(Event):
    """The term ends on `until` (exclusive) instead; it is the `number`-th time."""

    TOPIC = "mentorship.extended"
    mentorship: MentorshipId
    mentor: PersonId
    mentee: PersonId
    until: date
    number: int
    effective: date


class MentorshipEnded(Event):
    """It does not hold from `effective` on.

    `cause`: mentor or mentee (that side ended it, the reason is in the entry); else the clock ended it, because of what
    was so `since` that day: term, mentor_left, mentee_left, mentor_transferred, mentee_transferred,
    designation_withdrawn.
    """

    TOPIC = "mentorship.ended"
    mentorship: MentorshipId
    mentor: PersonId
    mentee: PersonId
    cause: str
    since: date
    effective: date
