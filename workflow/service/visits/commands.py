"""Registering petitioners, and carrying their matters: assigned, visited, handed over, closed, and reopened."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from workflow.calendar import Calendar
from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import charter_for
from workflow.erasure.views import PetitionerHold
from workflow.evidence import references, said, shown
from workflow.ids import PersonId, PetitionerId, ServiceTeamId, VisitId
from workflow.organisation.views import Standing
from workflow.sealed import Sealed, personal
from workflow.service.acts import must_serve, refuse_alone, refuse_unsaid, refuse_untimely, service_of
from workflow.service.belonging import TakingOn
from workflow.service.views import TeamStanding, must_take_on
from workflow.service.visits.dates import answer_due, result_due
from workflow.service.visits.events import (
    PetitionerDetailsCorrected,
    PetitionerRegistered,
    VisitAnnulled,
    VisitAssigned,
    VisitClosed,
    VisitFlagged,
    VisitHandedOver,
    VisitMade,
    VisitReopened,
)
from workflow.service.visits.views import PetitionerStanding, VisitStanding
from workflow.slices import Command, Knows, Refused, together

TELLS = ("", "answer", "progress")


class RegisterPetitioner(Command):
    """Give somebody from outside an id. Name, phone and address are sealed before they are stored."""

    petitioner: PetitionerId
    name: str
    phone: str = ""
    address: str = ""
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), PetitionerStanding(self.petitioner)
        yield self.charters, self.standing

    def execute(self) -> None:
        service_of(charter_for(self, self.charters))
        if self.standing.known:
            raise Refused("petitioner.exists", f"There is a petitioner {self.petitioner} already.", "petitioner")
        refuse_untimely(self, "petitioner")
        details = _details(self.name, self.phone, self.address)
        self.trigger(PetitionerRegistered(self.petitioner, details, self.effective))


class CorrectPetitionerDetails(Command):
    """Replace the details of a petitioner, all of them: what is left empty is not known any more."""

    petitioner: PetitionerId
    name: str
    phone: str = ""
    address: str = ""

    def knows(self) -> Knows:
        self.standing, self.hold = PetitionerStanding(self.petitioner), PetitionerHold(self.petitioner)
        yield self.standing, self.hold

    def execute(self) -> None:
        self.standing.must_be_known()
        self.hold.must_be_usable()
        self.trigger(PetitionerDetailsCorrected(self.petitioner, _details(self.name, self.phone, self.address)))


def _details(name: str, phone: str, address: str) -> Sealed:
    if not name.strip():
        raise Refused("petitioner.nameless", "A petitioner has a name.", "name")
    return personal(name=name.strip(), phone=phone.strip(), address=address.strip())


class AssignVisit(Command):
    """Let a member of a team carry a petitioner's matter to its close.

    `matter` says in a few words what it is about, and never who it is. By when it is answered, and has a result, counts
    from the day of its receipt.
    """

    visit: VisitId
    petitioner: PetitionerId
    team: ServiceTeamId
    person: PersonId
    matter: str
    received: date
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), VisitStanding(self.visit)
        self.whose, self.members = PetitionerStanding(self.petitioner), TeamStanding(self.team)
        self.taking = TakingOn(self.person, self.effective, self.context.today)
        known = self.charters, self.standing, self.whose, self.members
        yield from together([iter([known]), self.taking.knows()])

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        service_of(charter)
        if self.standing.assigned is not None:
            raise Refused("visit.exists", f"There is a visit {self.visit} already.", "visit")
        refuse_untimely(self, "visit")
        self.whose.must_be_known()
        unit = must_take_on(self.taking, self.members)
        if self.received > self.effective:
            raise Refused("visit.received", "It was received before it is assigned, or on that day.", "received")
        self.trigger(
            VisitAssigned(
                self.visit,
                self.petitioner,
                self.team,
                self.person,
                unit,
                said(self.matter, "visit.matter", "A visit says what it is about."),
                self.received,
                answer_due(self.received, charter),
                result_due(self.received, charter),
                charter.version,
                self.charters.digest_on(self.effective),
                self.effective,
            )
        )


class _Act(Command):
    """What is done about a visit, after what was done about it last: `ALWAYS`, or while the charter in force knows any
    service."""

    ALWAYS: ClassVar[bool] = False

    visit: VisitId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), VisitStanding(self.visit)
        yield self.charters, self.standing

    def begin(self, *states: str) -> tuple[VisitAssigned, Charter]:
        """Raises Refused unless the visit is in one of `states`, and the date in order."""
        charter = charter_for(self, self.charters)
        if not self.ALWAYS:
            service_of(charter)
        known = self.standing.must_be_assigned()
        if self.standing.state not in states:
            raise Refused("visit.state", f"The visit {self.visit} is {_IN_WORDS[self.standing.state]}.", "visit")
        refuse_untimely(self, "visit", self.standing.last)
        return known, charter


_IN_WORDS = {"open": "open", "left": "to be handed over first", "closed": "closed", "annulled": "annulled"}


class _ActOfCarrier(_Act):
    """The same, by who carries it."""

    person: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        self.service = Standing(self.person)
        yield (self.service,)

    def begin(self, *states: str) -> tuple[VisitAssigned, Charter]:
        found = super().begin(*states)
        must_serve(self.service, self.effective, "person")
        if self.person != self.standing.carrier.person:
            sentence = f"The visit {self.visit} is carried by {self.standing.carrier.person}."
            raise Refused("visit.not_theirs", sentence, "person")
        return found


class MakeVisit(_ActOfCarrier):
    """Say what was done on a visit, and whether the petitioner was told the answer, or of progress, by it."""

    done: str
    tells: str = ""
    next_on: date | None = None
    evidence: tuple[str, ...] = ()

    def execute(self) -> None:
        known, charter = self.begin("open")
        done = said(self.done, "visit.done", "What was done must be said.")
        if self.tells not in TELLS:
            raise Refused("visit.tells", "A visit tells nothing, the answer, or the progress.", "tells")
        if self.tells == "answer" and self.standing.answered:
            raise Refused("visit.answered", "The petitioner was answered already.", "tells")
        if self.next_on is not None and self.next_on <= self.effective:
            raise Refused("visit.next_on", "They meet again on a later day.", "next_on")
        due = {"": None, "answer": known.answer_due, "progress": self.standing.result_due}[self.tells]
        until = result_due(self.effective, charter) if self.tells == "progress" else self.standing.result_due
        self.trigger(
            VisitMade(
                self.visit,
                known.petitioner,
                self.person,
                self.standing.carrier.unit,
                done,
                self.tells,
                due,
                due is not None and self.effective > due,
                until,
                self.next_on,
                references(self.evidence, "visit.evidence"),
                self.effective,
            )
        )


class HandOverVisit(_Act):
    """Let another member of the team carry it from `effective` on."""

    person: PersonId
    notes: str

    def knows(self) -> Knows:
        yield from super().knows()
        self.members = TeamStanding(self.standing.must_be_assigned().team)
        self.taking = TakingOn(self.person, self.effective, self.context.today)
        yield from together([iter([(self.members,)]), self.taking.knows()])

    def execute(self) -> None:
        known, _ = self.begin("open", "left")
        notes = said(self.notes, "visit.notes", "Who takes it over is told how it stands.")
        unit = must_take_on(self.taking, self.members)
        if self.person == self.standing.carrier.person:
            raise Refused("visit.same", f"{self.person} carries it already.", "person")
        names = self.visit, known.petitioner, known.team, self.person, self.standing.carrier.person
        self.trigger(VisitHandedOver(*names, unit, notes, self.effective))


class CloseVisit(_ActOfCarrier):
    """Close a matter with its result, and show it. Before that the petitioner was visited at least once."""

    result: str
    evidence: tuple[str, ...]

    def execute(self) -> None:
        known, _ = self.begin("open")
        result = said(self.result, "visit.result", "A matter is closed with a result.")
        if not self.standing.made:
            raise Refused("visit.not_made", "The petitioner was not visited yet.", "visit")
        due = self.standing.result_due
        names = self.visit, known.petitioner, self.person, self.standing.carrier.unit
        evidence = shown(self.evidence, "visit.evidence")
        self.trigger(VisitClosed(*names, result, due, self.effective > due, evidence, self.effective))


class AnnulVisit(_Act):
    """Say that nothing is to be done about a visit that is not closed: it was recorded by mistake, or the charter knows
    no service any more. Two persons do, with a reason."""

    ALWAYS = True

    def execute(self) -> None:
        known, _ = self.begin("open", "left")
        refuse_alone(self.context, "visit")
        carrier = self.standing.carrier
        self.trigger(VisitAnnulled(self.visit, known.petitioner, carrier.person, carrier.unit, self.effective))


class ReopenVisit(_Act):
    """Carry on with a closed matter, for a reason. Its result is due anew, as if it were received today."""

    person: PersonId

    def knows(self) -> Knows:
        yield from super().knows()
        assigned = self.standing.must_be_assigned()
        self.members, self.whose = TeamStanding(assigned.team), PetitionerStanding(assigned.petitioner)
        self.taking = TakingOn(self.person, self.effective, self.context.today)
        yield from together([iter([(self.members, self.whose)]), self.taking.knows()])

    def execute(self) -> None:
        known, charter = self.begin("closed")
        self.whose.must_be_known()
        refuse_unsaid(self.context, "visit")
        unit = must_take_on(self.taking, self.members)
        names = self.visit, known.petitioner, known.team, self.person, unit
        self.trigger(VisitReopened(*names, result_due(self.effective, charter), self.effective))


class FlagVisit(Command):
    """Give a visit the colour that it has on `effective`, because of what is due, if it was not given it yet."""

    visit: VisitId
    why: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), VisitStanding(self.visit)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        self.standing.must_be_assigned()
        unit, yellow = self.standing.carrier_before(self.effective).unit, service_of(charter).visits.yellow_working_days
        for flag in self.standing.deadlines.turned(self.effective, yellow, Calendar(charter)):
            if flag.why == self.why:
                by = charter.version, self.charters.digest_on(self.effective)
                self.trigger(VisitFlagged(self.visit, unit, *flag, *by, self.effective))
