"""Deciding again what was decided of programmes: periods, who took part when, who verified, and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from workflow.again import Decision, FollowedCharters, by_charter, differing, whole
from workflow.calendar import ONE_DAY
from workflow.dates import Span
from workflow.ids import CompletionId, PersonId, ProgrammeId, UnitId
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    PersonLeft,
    PersonRegistered,
    UnitDissolved,
    UnitEstablished,
)
from workflow.organisation.views import Career, Standing, UnitStanding
from workflow.periods import Period
from workflow.programmes.adopting import closing
from workflow.programmes.checking import is_doer
from workflow.programmes.closing import outcome
from workflow.programmes.events import (
    ItemCompleted,
    ItemReturned,
    ItemVerified,
    ParticipantsEnrolled,
    ParticipantWithdrawn,
    ProgrammeAdopted,
    ProgrammeClosed,
)
from workflow.programmes.turns import withdrawn_on
from workflow.programmes.views import Enrolments, Roll
from workflow.slices import Event

_OF_PEOPLE = (PersonRegistered, PersonLeft, AppointmentStarted, AppointmentEnded)
_OF_UNITS = (UnitEstablished, UnitDissolved)


class ProgrammesAgain:
    """Adoptions, enrolments, withdrawals by time, verifications, and the results at the end."""

    def __init__(self) -> None:
        self.decisions = 0
        self._charters = FollowedCharters()
        self._adopted: dict[ProgrammeId, ProgrammeAdopted] = {}
        self._rolls: dict[ProgrammeId, Roll] = {}
        self._completed: dict[CompletionId, ItemCompleted] = {}
        self._found: dict[CompletionId, ItemVerified | ItemReturned] = {}
        self._enrolments: dict[str, Enrolments] = defaultdict(lambda: Enrolments(None, None))
        self._service: dict[PersonId, Standing] = {}
        self._careers: dict[PersonId, Career] = {}
        self._units: dict[UnitId, UnitStanding] = {}
        self._checks: dict[type[Event], Callable[[Any], Iterator[Decision]]] = {
            ProgrammeAdopted: self._adoption,
            ParticipantsEnrolled: self._enrolment,
            ParticipantWithdrawn: self._withdrawal,
            ItemCompleted: self._completion,
            ItemVerified: self._finding,
            ItemReturned: self._finding,
            ProgrammeClosed: self._closing,
        }

    def listens_to(self) -> Sequence[type[Event]]:
        return (*FollowedCharters.HEARD, *_OF_PEOPLE, *_OF_UNITS, *self._checks)

    def follow(self, fact: Any) -> str:
        if self._charters.took(fact):
            return ""
        match fact:
            case UnitEstablished() | UnitDissolved():
                self._units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)
            case PersonRegistered() | PersonLeft():
                self._service.setdefault(fact.person, Standing(fact.person)).note(fact)
            case AppointmentStarted() | AppointmentEnded():
                self._careers.setdefault(fact.person, Career(fact.person)).note(fact)
            case _:
                return self._decide_again(fact)
        return ""

    def _decide_again(self, fact: Any) -> str:
        self.decisions += 1
        told = differing(fact.programme, fact, self._checks[type(fact)](fact))
        self._note(fact)  # right or wrong, what comes after was decided by it
        return told

    def _note(self, fact: Any) -> None:
        self._rolls.setdefault(fact.programme, Roll(fact.programme)).note(fact)
        match fact:
            case ProgrammeAdopted():
                self._adopted[fact.programme] = fact
            case ParticipantsEnrolled():
                for id in (*fact.persons, *fact.units):
                    self._enrolments[id].note(fact)
            case ParticipantWithdrawn():
                self._enrolments[fact.person or fact.unit or ""].note(fact)
            case ItemCompleted():
                self._completed[fact.completion] = fact
            case ItemVerified() | ItemReturned():
                self._found[fact.completion] = fact

    def _adoption(self, fact: ProgrammeAdopted) -> Iterator[Decision]:
        charter = self._charters.on(fact.effective)
        template, period = charter.programme(fact.template), Period.parse(fact.period)
        yield "first_day", fact.first_day, period.first_day
        yield "last_day", fact.last_day, period.last_day
        yield "closes_on", fact.closes_on, closing(template, period.last_day, charter)
        yield from by_charter(fact, self._charters)

    def _enrolment(self, fact: ParticipantsEnrolled) -> Iterator[Decision]:
        adopted = self._adopted[fact.programme]
        span = Span(fact.since, fact.until)
        twice = [
            id
            for id in (*fact.persons, *fact.units)
            if self._enrolments[id].overlapping(fact.template, span) is not None
        ]
        yield "since", fact.since, max(adopted.first_day, fact.effective)
        yield "until", fact.until, adopted.last_day + ONE_DAY
        yield "who takes part already", twice, []

    def _withdrawal(self, fact: ParticipantWithdrawn) -> Iterator[Decision]:
        if fact.cause == "decided":
            return
        adopted = self._adopted[fact.programme]
        known = self._units[fact.unit] if fact.unit is not None else self._service[PersonId(fact.person or "")]
        yield "cause", fact.cause, "left" if fact.unit is None else "dissolved"
        yield "effective", fact.effective, withdrawn_on(known.span, adopted.last_day, fact.effective)

    def _completion(self, fact: ItemCompleted) -> Iterator[Decision]:
        adopted = self._adopted[fact.programme]
        yield "done_on", fact.done_on, min(max(fact.done_on, adopted.first_day), adopted.last_day)

    def _finding(self, fact: ItemVerified | ItemReturned) -> Iterator[Decision]:
        completed, adopted = self._completed[fact.completion], self._adopted[fact.programme]
        career = self._careers.get(fact.verifier, Career(fact.verifier))
        yield "somebody else", True, not is_doer(fact.verifier, completed, career, fact.effective)
        before = self._found.get(fact.completion)
        again = isinstance(before, ItemVerified) and isinstance(fact, ItemReturned)
        yield "the first to look", True, before is None or again
        yield "effective", fact.effective, min(fact.effective, adopted.closes_on - ONE_DAY)

    def _closing(self, fact: ProgrammeClosed) -> Iterator[Decision]:
        adopted = self._adopted[fact.programme]
        roll = self._rolls.get(fact.programme, Roll(fact.programme))
        due = outcome(adopted, roll, max(fact.effective, adopted.closes_on))
        yield from whole(fact, due)
