"""What is known of mentoring: of one mentorship, of all of a person, and of who is a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from workflow.dates import Span
from workflow.ids import MentorshipId, PersonId, UnitId
from workflow.mentoring.events import (
    MentorshipEnded,
    MentorshipExtended,
    MentorshipGoalMet,
    MentorshipStarted,
    ModelPersonDesignated,
    ModelPersonWithdrawn,
)
from workflow.slices import Refused, View, event


class ModelStanding(View):
    """For which kinds of mentorship a person is a model, and when."""

    person: PersonId
    spans: dict[str, list[Span]] = field(init=False, default_factory=dict)

    @event(ModelPersonDesignated)
    def was_designated(self, kind: str, effective: date) -> None:
        self.spans.setdefault(kind, []).append(Span(effective))

    @event(ModelPersonWithdrawn)
    def was_withdrawn(self, kind: str, effective: date) -> None:
        if spans := self.spans.get(kind):
            spans[-1] = spans[-1].ended(effective)

    def last(self, kind: str) -> Span | None:
        """The last designation of a kind: an earlier one has ended before it."""
        return self.spans[kind][-1] if self.spans.get(kind) else None

    def holds_on(self, kind: str, day: date) -> bool:
        return any(span.holds_on(day) for span in self.spans.get(kind, ()))


class MentorshipStanding(View):
    """How a mentorship was started, until when it runs, which goals are met, and whether it ended.

    What owes its reviews stands for `span`, as a unit does; `term` is when it ends unless somebody ends it before.
    """

    mentorship: MentorshipId
    started: MentorshipStarted | None = field(init=False, default=None)
    span: Span | None = field(init=False, default=None)
    term: date = field(init=False, default=date.min)
    extensions: int = field(init=False, default=0)
    met: set[int] = field(init=False, default_factory=set)
    ended: MentorshipEnded | None = field(init=False, default=None)
    last: date = field(init=False, default=date.min)

    @event(MentorshipStarted)
    def was_started(self, fact: MentorshipStarted) -> None:
        self.started, self.span, self.last = fact, Span(fact.effective, fact.until), fact.effective
        self.term = fact.until

    @event(MentorshipGoalMet)
    def met_goal(self, goal: int, effective: date) -> None:
        self.met.add(goal)
        self.last = effective

    @event(MentorshipExtended)
    def was_extended(self, until: date, effective: date) -> None:
        if self.span is not None:
            self.span = Span(self.span.since, until)
        self.term, self.last = until, effective
        self.extensions += 1

    @event(MentorshipEnded)
    def was_ended(self, fact: MentorshipEnded) -> None:
        if self.span is not None:
            self.span = self.span.ended(fact.effective)
        self.ended, self.last = fact, fact.effective

    def must_be_known(self) -> MentorshipStarted:
        """Raises Refused if nobody started it."""
        if self.started is None:
            raise Refused("mentorship.unknown", f"There is no mentorship {self.mentorship}.", "mentorship")
        return self.started

    @property
    def unit(self) -> UnitId:
        """The unit that answers for it: the mentor's."""
        return self.must_be_known().mentor_unit


@dataclass
class Pairing:
    """Who leads whom, as what, and on which days."""

    id: MentorshipId
    mentor: PersonId
    mentee: PersonId
    kind: str
    span: Span


class Mentorships(View):
    """All mentorships of a person, on either side."""

    person: PersonId
    pairings: dict[MentorshipId, Pairing] = field(init=False, default_factory=dict)

    @event(MentorshipStarted)
    def was_started(self, fact: MentorshipStarted) -> None:
        span = Span(fact.effective, fact.until)
        self.pairings[fact.mentorship] = Pairing(fact.mentorship, fact.mentor, fact.mentee, fact.kind, span)

    @event(MentorshipExtended)
    def was_extended(self, mentorship: MentorshipId, until: date) -> None:
        if (known := self.pairings.get(mentorship)) is not None:
            known.span = Span(known.span.since, until)

    @event(MentorshipEnded)
    def was_ended(self, mentorship: MentorshipId, effective: date) -> None:
        if (known := self.pairings.get(mentorship)) is not None:
            known.span = known.span.ended(effective)

    def led(self, but: MentorshipId) -> list[Pairing]:
        """Those in which the person is the mentor, all `but` one."""
        return [each for each in self.pairings.values() if each.mentor == self.person and each.id != but]

    def learning(self, but: MentorshipId) -> list[Pairing]:
        """Those in which the person is the mentee, all `but` one."""
        return [each for each in self.pairings.values() if each.mentee == self.person and each.id != but]


def common(one: Span, other: Span) -> Span | None:
    """The days on which both hold; None if there are none."""
    since = max(one.since, other.since)
    ends = [each.until for each in (one, other) if each.until is not None]
    until = min(ends) if ends else None
    return Span(since, until) if until is None or since < until else None


def overlapping(pairings: Iterable[Pairing], span: Span) -> list[Pairing]:
    return [each for each in pairings if common(each.span, span) is not None]
