"""What is known of petitioners and visits."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from typing import NamedTuple

from workflow.deadlines import Deadlines
from workflow.erasure.events import PetitionerErased
from workflow.ids import PersonId, PetitionerId, ServiceTeamId, UnitId, VisitId
from workflow.service.visits.events import (
    PetitionerRegistered,
    VisitAnnulled,
    VisitAssigned,
    VisitClosed,
    VisitFlagged,
    VisitHandedOver,
    VisitLeftBehind,
    VisitMade,
    VisitReopened,
)
from workflow.slices import Refused, View, event


class Carrier(NamedTuple):
    """Who carries a visit, and the unit for which they are in the team."""

    person: PersonId
    unit: UnitId


class PetitionerStanding(View):
    """Whether there is a petitioner of that id, and whether they were erased."""

    petitioner: PetitionerId
    known: bool = field(init=False, default=False)
    erased: bool = field(init=False, default=False)
    since: date = field(init=False, default=date.max)

    @event(PetitionerRegistered)
    def was_registered(self, effective: date) -> None:
        self.known, self.since = True, effective

    @event(PetitionerErased)
    def was_erased(self) -> None:
        self.erased = True

    def must_be_known(self) -> None:
        """Raises Refused if nobody registered one, or they were erased."""
        if not self.known:
            raise Refused("petitioner.unknown", f"There is no petitioner {self.petitioner}.", "petitioner")
        if self.erased:
            raise Refused("petitioner.erased", f"The petitioner {self.petitioner} was erased.", "petitioner")


class VisitsOf(View):
    """The visits of a petitioner that are not closed."""

    petitioner: PetitionerId
    open: set[VisitId] = field(init=False, default_factory=set)

    @event(VisitAssigned)
    def was_assigned(self, visit: VisitId) -> None:
        self.open.add(visit)

    @event(VisitClosed)
    def was_closed(self, visit: VisitId) -> None:
        self.open.discard(visit)

    @event(VisitAnnulled)
    def was_annulled(self, visit: VisitId) -> None:
        self.open.discard(visit)

    @event(VisitReopened)
    def was_reopened(self, visit: VisitId) -> None:
        self.open.add(visit)


class VisitStanding(View):
    """How a visit was assigned, who carries it, and what is to be done by when.

    `state`: open, left (its carrier is gone, and it is to be handed over), closed or annulled.
    """

    visit: VisitId
    assigned: VisitAssigned | None = field(init=False, default=None)
    state: str = field(init=False, default="")
    carriers: list[tuple[date, Carrier]] = field(init=False, default_factory=list)
    made: int = field(init=False, default=0)
    answered: bool = field(init=False, default=False)
    last: date = field(init=False, default=date.min)
    result_due: date = field(init=False, default=date.max)
    deadlines: Deadlines = field(init=False, default_factory=Deadlines)

    @event(VisitAssigned)
    def was_assigned(self, fact: VisitAssigned) -> None:
        self.assigned, self.state, self.result_due = fact, "open", fact.result_due
        self.carriers.append((fact.effective, Carrier(fact.person, fact.unit)))
        self._acted(fact.effective, {"answer": fact.answer_due, "result": fact.result_due})

    @event(VisitMade)
    def was_made(self, fact: VisitMade) -> None:
        self.made, self.result_due = self.made + 1, fact.result_due
        self.answered = self.answered or fact.tells == "answer"
        told = "answer" if fact.tells == "answer" else ""
        dues = {why: due for why, due in self.deadlines.open.items() if why != told}
        self._acted(fact.effective, dues | {"result": fact.result_due})

    @event(VisitLeftBehind)
    def was_left_behind(self, due: date, effective: date) -> None:
        self.state = "left"
        self._acted(effective, self.deadlines.open | {"handover": due})

    @event(VisitHandedOver)
    def was_handed_over(self, person: PersonId, unit: UnitId, effective: date) -> None:
        self.state = "open"
        self.carriers.append((effective, Carrier(person, unit)))
        self._acted(effective, {why: due for why, due in self.deadlines.open.items() if why != "handover"})

    @event(VisitClosed)
    def was_closed(self, effective: date) -> None:
        self.state, self.answered = "closed", True
        self._acted(effective, {})

    @event(VisitReopened)
    def was_reopened(self, person: PersonId, unit: UnitId, result_due: date, effective: date) -> None:
        self.state, self.result_due = "open", result_due
        self.carriers.append((effective, Carrier(person, unit)))
        self._acted(effective, {"result": result_due})

    @event(VisitAnnulled)
    def was_annulled(self, effective: date) -> None:
        self.state = "annulled"
        self._acted(effective, {})

    @event(VisitFlagged)
    def was_flagged(self, why: str, due: date, colour: str, effective: date) -> None:
        self.deadlines.given(why, due, colour, effective)

    def _acted(self, effective: date, dues: dict[str, date]) -> None:
        self.last = effective
        self.deadlines.stand(effective, dues)

    @property
    def carrier(self) -> Carrier:
        """Who carries it, or did last. There is somebody once it is assigned."""
        return self.carriers[-1][1]

    def carrier_before(self, day: date) -> Carrier:
        """Who carried it when a day began, or first of all."""
        return next((who for since, who in reversed(self.carriers) if since < day), self.carriers[0][1])

    def must_be_assigned(self) -> VisitAssigned:
        """Raises Refused if nobody carries, or carried, it."""
        if self.assigned is None:
            raise Refused("visit.unknown", f"There is no visit {self.visit}.", "visit")
        return self.assigned


class Carried(View):
    """The visits that a person carries, or left behind: of each its last day and the state in which it is."""

    person: PersonId
    visits: dict[VisitId, tuple[PetitionerId, ServiceTeamId, date]] = field(init=False, default_factory=dict)
    left: set[VisitId] = field(init=False, default_factory=set)

    @event(VisitAssigned)
    def was_assigned(self, fact: VisitAssigned) -> None:
        self.visits[fact.visit] = fact.petitioner, fact.team, fact.effective

    @event(VisitMade)
    def was_made(self, visit: VisitId, effective: date) -> None:
        self._moved(visit, effective)

    @event(VisitLeftBehind)
    def was_left_behind(self, visit: VisitId, effective: date) -> None:
        self._moved(visit, effective)
        self.left.add(visit)

    @event(VisitHandedOver)
    def was_handed_over(self, fact: VisitHandedOver) -> None:
        if fact.person == self.person:
            self.visits[fact.visit] = fact.petitioner, fact.team, fact.effective
        else:
            self.visits.pop(fact.visit, None)
            self.left.discard(fact.visit)

    @event(VisitClosed)
    def was_closed(self, visit: VisitId) -> None:
        self.visits.pop(visit, None)

    @event(VisitAnnulled)
    def was_annulled(self, visit: VisitId) -> None:
        self.visits.pop(visit, None)

    @event(VisitReopened)
    def was_reopened(self, fact: VisitReopened) -> None:
        self.visits[fact.visit] = fact.petitioner, fact.team, fact.effective

    def _moved(self, visit: VisitId, effective: date) -> None:
        if visit in self.visits:
            petitioner, team, _ = self.visits[visit]
            self.visits[visit] = petitioner, team, effective

    def of(self, team: ServiceTeamId) -> dict[VisitId, tuple[PetitionerId, date]]:
        """Those that the person carries in a team: whose matter, and the last day on which something was done."""
        return {
            visit: (petitioner, last)
            for visit, (petitioner, of, last) in sorted(self.visits.items())
            if of == team and visit not in self.left
        }
