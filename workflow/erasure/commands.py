"""Erasing somebody, restricting their details, and lifting that. All of it holds from today on: a key cannot be
destroyed yesterday."""

from __future__ import annotations

from workflow.calendar import ONE_DAY
from workflow.erasure.events import (
    PersonErased,
    PersonRestricted,
    PersonRestrictionLifted,
    PetitionerErased,
    PetitionerRestricted,
    PetitionerRestrictionLifted,
)
from workflow.erasure.views import Hold, PersonHold, PetitionerHold
from workflow.ids import PersonId, PetitionerId
from workflow.organisation.views import Standing
from workflow.service.needs.views import NeedsOf, NeedStanding
from workflow.service.visits.views import PetitionerStanding, VisitsOf
from workflow.slices import Command, Context, Knows, Refused


def _refuse_unsaid(context: Context) -> None:
    if not context.reason.strip():
        raise Refused("erasure.reason", "It must be said why.", "reason")


def _refuse_alone(context: Context) -> None:
    """Raises Refused unless it is done for a reason, and by two."""
    _refuse_unsaid(context)
    if context.approver in ("", context.actor):
        raise Refused("erasure.second_person", "This takes two persons: a second one approves.", "approver")


def _refuse_unrestricted(hold: Hold) -> None:
    hold.must_not_be_erased()
    if not hold.restricted:
        raise Refused(f"{hold.KIND}.not_restricted", "Their details are not restricted.", hold.KIND)


class _OnPerson(Command):
    """What is done with the details of a person of staff."""

    person: PersonId

    def knows(self) -> Knows:
        self.standing, self.hold = Standing(self.person), PersonHold(self.person)
        yield self.standing, self.hold

    def begin(self) -> None:
        """Raises Refused for who was never registered."""
        if self.standing.span is None:
            raise Refused("person.unknown", f"There is no person {self.person}.", "person")


class ErasePerson(_OnPerson):
    """Destroy the key of somebody who left the service before today, for ever. It takes two, and a reason."""

    def execute(self) -> None:
        self.begin()
        _refuse_alone(self.context)
        self.hold.must_not_be_erased()
        span = self.standing.span
        if span is not None and span.reaches(self.context.today - ONE_DAY):
            sentence = f"{self.person} can be erased from the day after their departure on."
            raise Refused("person.in_service", sentence, "person")
        self.trigger(PersonErased(self.person, self.context.today))


class RestrictPerson(_OnPerson):
    """Keep the details of a person, but have them neither shown nor searched. One person may do it, for a reason: who
    asks for it shall not have to wait."""

    def execute(self) -> None:
        self.begin()
        _refuse_unsaid(self.context)
        self.hold.must_be_usable()
        self.trigger(PersonRestricted(self.person, self.context.today))


class LiftPersonRestriction(_OnPerson):
    """Let the details of a person be shown again. It takes two, and a reason."""

    def execute(self) -> None:
        self.begin()
        _refuse_alone(self.context)
        _refuse_unrestricted(self.hold)
        self.trigger(PersonRestrictionLifted(self.person, self.context.today))


class _OnPetitioner(Command):
    """What is done with the details of a petitioner."""

    petitioner: PetitionerId

    def knows(self) -> Knows:
        self.standing, self.hold = PetitionerStanding(self.petitioner), PetitionerHold(self.petitioner)
        yield self.standing, self.hold


class ErasePetitioner(_OnPetitioner):
    """Destroy the key of a petitioner of whom no visit or need is open, for ever. It takes two, and a reason."""

    def knows(self) -> Knows:
        yield from super().knows()
        self.visits, self.raised = VisitsOf(self.petitioner), NeedsOf(self.petitioner)
        yield self.visits, self.raised
        self.needs = tuple(NeedStanding(need) for need in self.raised.needs)
        if self.needs:
            yield self.needs

    def execute(self) -> None:
        self.standing.must_be_known()
        _refuse_alone(self.context)
        open_needs = {need.need for need in self.needs if need.state not in ("rated", "annulled")}
        if matters := sorted({*self.visits.open, *open_needs}):
            sentence = f"Something is still to be done for them: {', '.join(matters)}."
            raise Refused("petitioner.open_matter", sentence, "petitioner")
        self.trigger(PetitionerErased(self.petitioner, self.context.today))


class RestrictPetitioner(_OnPetitioner):
    """Keep the details of a petitioner, but have them neither shown nor searched; by one person, for a reason."""

    def execute(self) -> None:
        self.standing.must_be_known()
        _refuse_unsaid(self.context)
        self.hold.must_be_usable()
        self.trigger(PetitionerRestricted(self.petitioner, self.context.today))


class LiftPetitionerRestriction(_OnPetitioner):
    """Let the details of a petitioner be shown again. It takes two, and a reason."""

    def execute(self) -> None:
        self.standing.must_be_known()
        _refuse_alone(self.context)
        _refuse_unrestricted(self.hold)
        self.trigger(PetitionerRestrictionLifted(self.petitioner, self.context.today))
