"""Deciding again when duties are due, when they turn yellow or lapse, and whether they were done in time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from workflow.calendar import Calendar
from workflow.charter.events import CharterAdopted, CharterPublished
from workflow.charter.library import UnknownCharter, by_digest, learn
from workflow.charter.loader import CharterError
from workflow.charter.views import CharterInForce
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
from workflow.slices import Event, Refused

_Wrong = dict[str, tuple[Any, Any]]
"""What is recorded and what had to be, by the name of the field."""


class DutiesAgain:
    """The due dates, colours and lateness of duties."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = CharterInForce()
        self._units: dict[UnitId, UnitStanding] = {}
        self._mentorships: dict[MentorshipId, MentorshipStanding] = {}
        self._duties: dict[DutyId, DutyStanding] = {}
        self._checks: dict[type[Event], Callable[[Any, DutyStanding], _Wrong]] = {
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
        return (CharterPublished, CharterAdopted, *places, DutyExcused, *self._checks)

    def follow(self, fact: Event) -> str:
        match fact:
            case CharterPublished():
                with suppress(CharterError):  # told by the re-performance of readings
                    learn(fact.text)
            case CharterAdopted():
                self._charters.note(fact)
            case UnitEstablished() | UnitDissolved():
                self._units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)
            case MentorshipStarted() | MentorshipExtended() | MentorshipEnded():
                self._mentorships.setdefault(fact.mentorship, MentorshipStanding(fact.mentorship)).note(fact)
            case _:
                return self._decide_again(fact)
        return ""

    def _decide_again(self, fact: Any) -> str:
        standing = self._duties.setdefault(fact.duty, DutyStanding(fact.duty))
        told = ""
        if (check := self._checks.get(type(fact))) is not None:
            self.decisions += 1
            try:
                wrong = {name: pair for name, pair in check(fact, standing).items() if pair[0] != pair[1]}
                said = [f"{name} is recorded as {was} and had to be {due}" for name, (was, due) in wrong.items()]
                told = f"{fact.duty}: {'; '.join(said)}" if said else ""
            except (Refused, UnknownCharter, LookupError, ValueError) as error:
                told = f"{fact.duty} could not be decided: {error}"
        standing.note(fact)  # right or wrong, what comes after was decided by it
        return told

    def _opened(self, fact: DutyOpened, standing: DutyStanding) -> _Wrong:
        parts = parts_of(fact.duty)
        unit, mentorship = owers(parts)
        place: Ower = self._units.get(parts.unit, unit)
        if is_review(self._charters, parts):
            place = self._mentorships.get(mentorship.mentorship, mentorship)
        due = owed(self._charters, place, parts, fact.effective)
        return {name: (getattr(fact, name), getattr(due, name)) for name in fact.__struct_fields__}

    def _turned(self, fact: DutyTurnedYellow | DutyLapsed, standing: DutyStanding) -> _Wrong:
        opened = _must_be_open(standing)
        colour = "red" if isinstance(fact, DutyLapsed) else "yellow"
        turn = next((turn for turn in standing.turns() if (turn.colour, turn.due) == (colour, fact.due)), None)
        first = turn.day if turn is not None else None
        due_at = turn.due_at if turn is not None else None
        return {
            "colour": (fact.colour, colour),
            "the turn": (fact.due, fact.due if first is not None else None),
            "due_at": (fact.due_at, due_at if fact.due_at is not None else None),
            "effective": (fact.effective, max(fact.effective, first or fact.effective)),
            "charter": (fact.charter, opened.charter),
            "charter_digest": (fact.charter_digest, opened.charter_digest),
        }

    def _fulfilled(self, fact: DutyFulfilled, standing: DutyStanding) -> _Wrong:
        opened = _must_be_open(standing)
        due = standing.due(opened)
        late = due.passed(fact.effective, fact.at)
        rule = kind_of(self._charters, parts_of(fact.duty)).attendance
        met = rule is None or rule.met(fact.present, fact.entitled)
        return {
            "due": (fact.due, due.day),
            "due_at": (fact.due_at, due.at),
            "late": (isinstance(fact, DutyFulfilledLate), late),
            "the quorum": (True, met),
            "present": (fact.present, min(fact.present, fact.entitled, len(fact.attendees))),
        }

    def _extended(self, fact: DutyExtended, standing: DutyStanding) -> _Wrong:
        opened = _must_be_open(standing)
        kind, charter = kind_of(self._charters, parts_of(fact.duty)), by_digest(opened.charter_digest)
        calendar = Calendar(charter)
        before, rule = standing.due(opened), kind.extension
        latest = calendar.add(before.day, rule.working_days) if rule else before.day
        number = len(standing.extensions) + 1
        return {
            "due": (fact.due, min(fact.due, latest)),
            "due_at": (fact.due_at, Due(fact.due).at),
            "yellow_from": (fact.yellow_from, calendar.add(fact.due, -charter.yellow_working_days(kind))),
            "number": (fact.number, min(number, rule.at_most if rule else 0)),
        }


def _must_be_open(standing: DutyStanding) -> DutyOpened:
    """Raises LookupError for a duty that nobody opened."""
    if standing.opened is None:
        raise LookupError("it was never opened")
    return standing.opened
