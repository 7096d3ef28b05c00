"""All mentorships at once, and all that time ends them by, for who follows the whole log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, ClassVar

from workflow.charter.library import by_digest
from workflow.ids import MentorshipId, PersonId
from workflow.mentoring.ending import End, Side, first_end
from workflow.mentoring.events import (
    MentorshipEnded,
    MentorshipExtended,
    MentorshipGoalMet,
    MentorshipStarted,
    ModelPersonDesignated,
    ModelPersonWithdrawn,
)
from workflow.mentoring.views import Mentorships, MentorshipStanding, ModelStanding, Pairing
from workflow.organisation.events import AppointmentEnded, AppointmentStarted, PersonLeft, PersonRegistered
from workflow.organisation.views import Career, Standing
from workflow.slices import Event


class Followed:
    """What is known of each mentorship and of each person, by the events so far."""

    OF_MENTORSHIPS: ClassVar = (MentorshipStarted, MentorshipGoalMet, MentorshipExtended, MentorshipEnded)
    OF_PEOPLE: ClassVar = (AppointmentStarted, AppointmentEnded, PersonRegistered, PersonLeft)
    OF_MODELS: ClassVar = (ModelPersonDesignated, ModelPersonWithdrawn)
    LISTENS_TO: ClassVar[tuple[type[Event], ...]] = (*OF_MENTORSHIPS, *OF_PEOPLE, *OF_MODELS)

    def __init__(self) -> None:
        self.mentorships: dict[MentorshipId, MentorshipStanding] = {}
        self.people: dict[PersonId, Side] = {}
        self.models: dict[PersonId, ModelStanding] = {}
        self.pairings: dict[PersonId, Mentorships] = {}
        self._of: dict[PersonId, set[MentorshipId]] = defaultdict(set)

    def side(self, person: PersonId) -> Side:
        return self.people.setdefault(person, Side(Standing(person), Career(person)))

    def model(self, person: PersonId) -> ModelStanding:
        return self.models.setdefault(person, ModelStanding(person))

    def mentorship(self, id: MentorshipId) -> MentorshipStanding:
        return self.mentorships.setdefault(id, MentorshipStanding(id))

    def of(self, person: PersonId) -> Mentorships:
        return self.pairings.setdefault(person, Mentorships(person))

    def note(self, fact: Any) -> Iterable[MentorshipId]:
        """Take note of an event; the mentorships that it concerns."""
        if isinstance(fact, self.OF_MENTORSHIPS):
            self.mentorship(fact.mentorship).note(fact)
            for person in (fact.mentor, fact.mentee):
                self.of(person).note(fact)
                self._of[person].add(fact.mentorship)
            return (fact.mentorship,)
        if isinstance(fact, self.OF_MODELS):
            self.model(fact.person).note(fact)
        else:
            for view in self.side(fact.person):
                view.note(fact)
        return sorted(self._of.get(fact.person, ()))

    def first_end(self, id: MentorshipId) -> End | None:
        """When time ends a mentorship, as it stands. Raises LookupError if its charter knows no mentoring."""
        known = self.mentorship(id)
        if known.started is None:
            return None
        rule = by_digest(known.started.charter_digest).mentoring
        if rule is None:
            raise LookupError("the charter knows no mentoring")
        mentor, mentee = known.started.mentor, known.started.mentee
        return first_end(known, self.side(mentor), self.side(mentee), self.model(mentor), rule)

    def until_ended(self, pairings: Iterable[Pairing]) -> list[Pairing]:
        """The same, each until time ends it, as it stands."""
        return [
            each if (end := self.first_end(each.id)) is None else replace(each, span=each.span.ended(end.day))
            for each in pairings
        ]
