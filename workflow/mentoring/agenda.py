"""The clock's part: mentorships end at their term, and on the night after somebody left, was transferred, or was no
model any more; and who left is no model any more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.ids import MentorshipId
from workflow.mentoring.designating import WithdrawLeaver, withdrawn_on
from workflow.mentoring.following import Followed
from workflow.mentoring.running import EndByTime
from workflow.slices import Event


class RunningMentorships:
    """The agenda of mentorships. What would have ended before the clock was started is left alone."""

    def __init__(self) -> None:
        self._since = date.max
        self._known = Followed()
        self._next: dict[MentorshipId, date] = {}  # of those that have not ended, when time ends them

    def listens_to(self) -> Iterable[type[Event]]:
        return (ClockStarted, *Followed.LISTENS_TO)

    def note(self, fact: Event) -> None:
        if isinstance(fact, ClockStarted):
            self._since = fact.effective
            return
        for mentorship in self._known.note(fact):
            end = self._known.first_end(mentorship)
            self._next[mentorship] = end.day if end is not None else date.max  # it has ended

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        for mentorship, when in sorted(self._next.items()):
            if self._since <= when <= day and self._known.mentorship(mentorship).last < day:
                yield Act(f"mentorship.{mentorship}.end.{day}", EndByTime(mentorship=mentorship, effective=day))
        for person, model in sorted(self._known.models.items()):
            when = withdrawn_on(self._known.side(person).service) or date.max
            for kind in sorted(model.spans):
                last = model.last(kind)
                if last is not None and last.until is None and last.since < day and self._since <= when <= day:
                    act = WithdrawLeaver(person=person, kind=kind, effective=day)
                    yield Act(f"model_person.{person}.{kind}.left.{day}", act)
