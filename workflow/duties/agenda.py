"""The clock's part: duties open on the first day of their period, turn yellow, and lapse on the day after the due day.

What people did on a day counts from the next one on: the clock works in the night before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import get_args

from workflow.charter.events import CharterAdopted
from workflow.charter.measurement import Cadence
from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.dates import charter_for
from workflow.duties.events import (
    DutyExcused,
    DutyExtended,
    DutyFulfilled,
    DutyFulfilledLate,
    DutyLapsed,
    DutyOpened,
    DutyTurnedYellow,
)
from workflow.duties.owing import Ower, Parts, gone_on, is_review, owed, owers, owes, parts_of
from workflow.duties.views import DutyStanding
from workflow.ids import DutyId, MentorshipId, UnitId, is_id
from workflow.mentoring.events import MentorshipEnded, MentorshipExtended, MentorshipStarted
from workflow.mentoring.views import MentorshipStanding
from workflow.organisation.events import UnitDissolved, UnitEstablished
from workflow.organisation.views import UnitStanding
from workflow.periods import Period
from workflow.slices import Command, Event, Knows

_OF_DUTIES = (
    DutyOpened,
    DutyTurnedYellow,
    DutyLapsed,
    DutyFulfilled,
    DutyFulfilledLate,
    DutyExtended,
    DutyExcused,
)


class _Noted(Command):
    """What time brings about for a duty on a day."""

    duty: DutyId
    effective: date

    def knows(self) -> Knows:
        self.parts = parts_of(self.duty)
        self.charters, self.standing = CharterInForce(), DutyStanding(self.duty)
        unit, mentorship = owers(self.parts)
        yield self.charters, self.standing, unit, mentorship
        self.place: Ower = mentorship if is_review(self.charters, self.parts) else unit


class OpenDuty(_Noted):
    """Open a duty that is owed, if it is not open yet."""

    def execute(self) -> None:
        charter_for(self, self.charters)
        if self.standing.opened is None:
            opened = owed(self.charters, self.place, self.parts, self.effective)
            self.rule_version = opened.charter
            self.trigger(opened)


class TurnDuty(_Noted):
    """Turn a duty yellow, or let it lapse, if it has to by `effective` and was not done before that day."""

    colour: str

    def execute(self) -> None:
        charter_for(self, self.charters)
        opened, gone = self.standing.opened, gone_on(self.place, self.parts)
        for day, colour, due, due_at in self.standing.turns():
            if opened is None or colour != self.colour or day > self.effective or gone <= day:
                continue
            if (colour, due) not in self.standing.turned:
                self.rule_version = opened.charter
                event = DutyTurnedYellow if colour == "yellow" else DutyLapsed
                by = opened.charter, opened.charter_digest
                self.trigger(event(self.duty, opened.unit, colour, due, *by, self.effective, due_at))
                return


class LetDutyGo(_Noted):
    """Excuse a duty that is not done from the day on which its unit is dissolved, or its mentorship ends, if that is
    within the period."""

    def execute(self) -> None:
        charter_for(self, self.charters)
        opened = self.standing.opened
        if opened is None or self.standing.fulfilled is not None or self.standing.excused is not None:
            return
        if gone_on(self.place, self.parts) <= self.effective:
            self.rule_version = opened.charter
            cause = "dissolved" if isinstance(self.place, UnitStanding) else "ended"
            self.trigger(DutyExcused(self.duty, opened.unit, cause, self.effective))


class Duties:
    """The agenda of duties. What was due before the clock was started is left alone."""

    def __init__(self) -> None:
        self._since = date.max
        self._units: dict[UnitId, UnitStanding] = {}
        self._mentorships: dict[MentorshipId, MentorshipStanding] = {}
        self._opened: set[DutyId] = set()
        self._owed_on: date | None = None
        self._owed: list[DutyId] = []
        self._pending: dict[DutyId, DutyStanding] = {}
        self._next: dict[DutyId, date] = {}  # for those pending, the day on which there may be something to do

    def listens_to(self) -> Iterable[type[Event]]:
        mentorships = MentorshipStarted, MentorshipExtended, MentorshipEnded
        return (ClockStarted, CharterAdopted, UnitEstablished, UnitDissolved, *mentorships, *_OF_DUTIES)

    def note(self, fact: Event) -> None:
        match fact:
            case ClockStarted():
                self._since = fact.effective
            case UnitEstablished() | UnitDissolved():
                self._units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)
                self._next = dict.fromkeys(self._pending, date.min)
            case MentorshipStarted() | MentorshipExtended() | MentorshipEnded():
                self._mentorships.setdefault(fact.mentorship, MentorshipStanding(fact.mentorship)).note(fact)
                self._next = dict.fromkeys(self._pending, date.min)
            case DutyOpened():
                self._opened.add(fact.duty)
                self._pending[fact.duty] = DutyStanding(fact.duty)
        if isinstance(fact, _OF_DUTIES):
            if (standing := self._pending.get(fact.duty)) is not None:
                standing.note(fact)
                self._next[fact.duty] = date.min
        else:
            self._owed_on = None

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        if self._owed_on != day:
            self._owed_on, self._owed = day, list(self._to_open(day, charters))
        for duty in self._owed:
            if duty not in self._opened:
                yield Act(f"duty.{duty}.open.{day}", OpenDuty(duty=duty, effective=day))
        for duty in [duty for duty, when in self._next.items() if when <= day]:
            yield from self._to_turn(duty, day, charters)

    def _to_open(self, day: date, charters: CharterInForce) -> Iterator[DutyId]:
        for period in _running(day, charters):
            charter = charters.on(period.first_day)
            if period.due(charter) < self._since:
                continue
            kinds = [kind for kind in charter.owed() if kind.cadence == period.frequency]
            for id, place in self._standing_on(period.first_day):
                for kind in kinds:
                    parts = Parts(kind.id, UnitId(id), period)
                    fits = charter.is_review(kind.id) == isinstance(place, MentorshipStanding)
                    if fits and owes(place, kind, parts) and gone_on(place, parts) > day and is_id(str(parts)):
                        yield DutyId(str(parts))

    def _standing_on(self, day: date) -> list[tuple[str, Ower]]:
        owers: list[tuple[str, Ower]] = [*sorted(self._units.items()), *sorted(self._mentorships.items())]
        return [(id, place) for id, place in owers if place.span is not None and place.span.holds_on(day)]

    def _place(self, parts: Parts, charters: CharterInForce) -> Ower:
        return self._mentorships[MentorshipId(parts.unit)] if is_review(charters, parts) else self._units[parts.unit]

    def _to_turn(self, duty: DutyId, day: date, charters: CharterInForce) -> Iterator[Act]:
        standing, parts = self._pending[duty], parts_of(duty)
        gone, done = gone_on(self._place(parts, charters), parts), standing.done_on
        turns = [turn for turn in standing.turns() if turn.day < gone and turn.due >= self._since]
        turns = [turn for turn in turns if (turn.colour, turn.due) not in standing.turned]
        if turns and turns[0].day <= day:
            colour = turns[0].colour
            yield Act(f"duty.{duty}.{colour}.{day}", TurnDuty(duty=duty, colour=colour, effective=day))
        elif done == date.max and gone <= day:
            yield Act(f"duty.{duty}.gone.{day}", LetDutyGo(duty=duty, effective=day))
        elif turns or (done == date.max and gone < date.max):
            self._next[duty] = min([gone, *(turn.day for turn in turns)])
        else:
            del self._pending[duty], self._next[duty]


def _running(day: date, charters: CharterInForce) -> Iterator[Period]:
    """The periods that have begun, and are not over or not yet due, with a charter in force on their first days."""
    for cadence in get_args(Cadence):
        period = Period.containing(day, cadence)
        while charters.adopted_by(period.first_day):
            if period.last_day < day and period.due(charters.on(period.first_day)) < day:
                break
            yield period
            period = period.previous
