"""The clock's part: who left is withdrawn from programmes on the night after, and programmes close when their time is
over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.charter.views import CharterInForce
from workflow.clock.agenda import Act
from workflow.clock.events import ClockStarted
from workflow.ids import PersonId, ProgrammeId, UnitId
from workflow.organisation.events import PersonLeft, PersonRegistered, UnitDissolved, UnitEstablished
from workflow.organisation.views import Standing, UnitStanding
from workflow.programmes.closing import CloseProgramme, WithdrawByTime
from workflow.programmes.events import ParticipantsEnrolled, ParticipantWithdrawn, ProgrammeAdopted, ProgrammeClosed
from workflow.programmes.turns import template_of, withdrawn_on
from workflow.programmes.views import Enrolled
from workflow.slices import Event


class RunningProgrammes:
    """The agenda of programmes. What should have closed before the clock was started is left alone."""

    def __init__(self) -> None:
        self._since = date.max
        self._running: dict[ProgrammeId, tuple[ProgrammeAdopted, Enrolled]] = {}
        self._people: dict[str, Standing | UnitStanding] = {}
        self._units: dict[str, Standing | UnitStanding] = {}
        self._gone_people: set[str] = set()
        self._gone_units: set[str] = set()

    def listens_to(self) -> Iterable[type[Event]]:
        yield from (ClockStarted, ProgrammeAdopted, ParticipantsEnrolled, ParticipantWithdrawn, ProgrammeClosed)
        yield from (PersonRegistered, PersonLeft, UnitEstablished, UnitDissolved)

    def note(self, fact: Event) -> None:
        match fact:
            case ClockStarted():
                self._since = fact.effective
            case PersonRegistered() | PersonLeft():
                self._people.setdefault(fact.person, Standing(fact.person)).note(fact)
                (self._gone_people.add if isinstance(fact, PersonLeft) else self._gone_people.discard)(fact.person)
            case UnitEstablished() | UnitDissolved():
                self._units.setdefault(fact.unit, UnitStanding(fact.unit)).note(fact)
                (self._gone_units.add if isinstance(fact, UnitDissolved) else self._gone_units.discard)(fact.unit)
            case ProgrammeAdopted():
                self._running[fact.programme] = fact, Enrolled(fact.programme)
            case ProgrammeClosed():
                self._running.pop(fact.programme, None)
            case ParticipantsEnrolled() | ParticipantWithdrawn():
                if fact.programme in self._running:
                    self._running[fact.programme][1].note(fact)

    def due(self, day: date, charters: CharterInForce) -> Iterator[Act]:
        for programme, (adopted, enrolled) in sorted(self._running.items()):
            if adopted.closes_on < self._since:
                continue
            yield from self._to_withdraw(adopted, enrolled, day)
            if adopted.closes_on <= day:
                close = CloseProgramme(programme=programme, effective=day)
                yield Act(f"programme.{programme}.close.{day}", close)

    def _to_withdraw(self, adopted: ProgrammeAdopted, enrolled: Enrolled, day: date) -> Iterator[Act]:
        programme, taking = adopted.programme, enrolled.taking_part()
        people = template_of(adopted).participants == "people"
        for id in sorted(taking.keys() & (self._gone_people if people else self._gone_units)):
            known = (self._people if people else self._units)[id]
            on = withdrawn_on(known.span, adopted.last_day, taking[id].last)
            if on is not None and on <= day:
                who = {"person": PersonId(id)} if people else {"unit": UnitId(id)}
                withdraw = WithdrawByTime(programme=programme, effective=day, **who)
                yield Act(f"programme.{programme}.withdraw.{id}.{day}", withdraw)
