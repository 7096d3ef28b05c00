"""Deciding again when duties are due, when they turn yellow or lapse, and whether they were done in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from workflow.again import Decision, FollowedCharters, differing, whole
from workflow.calendar import Calendar
from workflow.charter.library import by_digest
from workflow.duties.events import (
    DutyExcused,
    DutyExtended,
    DutyFulfilled,
    DutyFulfilledLate,
    DutyLapsed,
    DutyOpened,
    DutyTurnedYellow,
)
from workflow.duties.owing import Ower, is_review, kind_of, owed, owers, parts_of
from workflow.duties.views import DutyStanding
from workflow.ids import DutyId, MentorshipId, UnitId
from workflow.mentoring.events import MentorshipEnded, MentorshipExtended, MentorshipStarted
from workflow.mentoring.views import MentorshipStanding
from workflow.organisation.events import UnitDissolved, UnitEstablished
from workflow.organisation.views import UnitStanding
from workflow.periods import Due
from workflow.slices import Event


class DutiesAgain:
    """The due dates, colours and lateness of duties."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = FollowedCharters()
        self._units: dict[UnitId, UnitStanding] = {}
        self._mentorships: dict[MentorshipId, MentorshipStanding] = {}
        self._duties: dict[DutyId, DutyStanding] = {}
        self._checks: dict[type[Event], Callable[[Any, DutyStanding], Iterator[Decision]]] = {
            DutyOpened: self._opened,
            DutyTurnedYellow: self._turned,
            DutyLapsed: self._turned,
            DutyFulfilled: self._fulfilled,
            DutyFulfilledLate: self._fulfilled,
            DutyExtended: self._extended,
        }

    def listens_to(self) -> Sequence[type[Event]]:
        mentorships = MentorshipStarted, MentorshipExtended, MentorshipEnded
        places = UnitEstablished, UnitDissolved, *mentorships
        return (*FollowedCharters.HEARD, *places, DutyExcused, *self._checks)

    def follow(self, fact: Event) -> str:
        if self._charters.took(fact):
            return ""
        match fact:
            case UnitEstablished() | UnitDissolved():
                self._units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)
            case MentorshipStarted() | MentorshipExtended() | MentorshipEnded():
                self._mentorships.setdefault(fact.mentorship, MentorshipStanding(fact.mentorship)).note(fact)
            case _:
                return self._decide_again(fact)
        return ""

    def _decide_again(self, fact: Any) -> str:
        standing = self._duties.setdefault(fact.duty, DutyStanding(fact.duty))
        told = differing(fact.duty, fact, self._again(fact, standing))
        standing.note(fact)  # right or wrong, what comes after was decided by it
        return told

    def _again(self, fact: Event, standing: DutyStanding) -> Iterator[Decision]:
        if (check := self._checks.get(type(fact))) is not None:
            self.decisions += 1
            yield from check(fact, standing)

    def _opened(self, fact: DutyOpened, standing: DutyStanding) -> Iterator[Decision]:
        parts = parts_of(fact.duty)
        unit, mentorship = owers(parts)
        place: Ower = self._units.get(parts.unit, unit)
        if is_review(self._charters, parts):
            place = self._mentorships.get(mentorship.mentorship, mentorship)
        due = owed(self._charters, place, parts, fact.effective)
        yield from whole(fact, due)

    def _turned(self, fact: DutyTurnedYellow | DutyLapsed, standing: DutyStanding) -> Iterator[Decision]:
        opened = _must_be_open(standing)
        colour = "red" if isinstance(fact, DutyLapsed) else "yellow"
        turn = next((turn for turn in standing.turns() if (turn.colour, turn.due) == (colour, fact.due)), None)
        first = turn.day if turn is not None else None
        due_at = turn.due_at if turn is not None else None
        yield "colour", fact.colour, colour
        yield "the turn", fact.due, fact.due if first is not None else None
        yield "due_at", fact.due_at, due_at if fact.due_at is not None else None
        yield "effective", fact.effective, max(fact.effective, first or fact.effective)
        yield "charter", fact.charter, opened.charter
        yield "charter_digest", fact.charter_digest, opened.charter_digest

    def _fulfilled(self, fact: DutyFulfilled, standing: DutyStanding) -> Iterator[Decision]:
        opened = _must_be_open(standing)
        due = standing.due(opened)
        late = due.passed(fact.effective, fact.at)
        rule = kind_of(self._charters, parts_of(fact.duty)).attendance
        met = rule is None or rule.met(fact.present, fact.entitled)
        yield "due", fact.due, due.day
        yield "due_at", fact.due_at, due.at
        yield "late", isinstance(fact, DutyFulfilledLate), late
        yield "the quorum", True, met
        yield "present", fact.present, min(fact.present, fact.entitled, len(fact.attendees))

    def _extended(self, fact: DutyExtended, standing: DutyStanding) -> Iterator[Decision]:
        opened = _must_be_open(standing)
        kind, charter = kind_of(self._charters, parts_of(fact.duty)), by_digest(opened.charter_digest)
        calendar = Calendar(charter)
        before, rule = standing.due(opened), kind.extension
        latest = calendar.add(before.day, rule.working_days) if rule else before.day
        number = len(standing.extensions) + 1
        yield "due", fact.due, min(fact.due, latest)
        yield "due_at", fact.due_at, Due(fact.due).at
        yield "yellow_from", fact.yellow_from, calendar.add(fact.due, -charter.yellow_working_days(kind))
        yield "number", fact.number, min(number, rule.at_most if rule else 0)


def _must_be_open(standing: DutyStanding) -> DutyOpened:
    """Raises LookupError for a duty that nobody opened."""
    if standing.opened is None:
        raise LookupError("it was never opened")
    return standing.opened
