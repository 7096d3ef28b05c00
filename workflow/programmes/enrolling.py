"""Enrolling those who take part in a programme, and withdrawing them."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.dates import Span
from workflow.ids import PersonId, UnitId, is_id
from workflow.programmes.audience import People, Units
from workflow.programmes.events import ParticipantsEnrolled, ParticipantWithdrawn, ProgrammeAdopted
from workflow.programmes.turns import ActOfParticipant, ActOnProgramme
from workflow.programmes.views import Enrolled, Enrolments, Taking, refuse_earlier
from workflow.slices import Knows, Refused

MOST_PARTICIPANTS = 150
"""What comes of a programme is one event when it closes, and an entry has 60,000 bytes."""


class EnrolParticipants(ActOnProgramme):
    """Let people, or units where the template says so, take part from `effective` on, until the end of the period.

    They belong to the unit that adopted the programme, are of the audience, and take part in no other programme of the
    template at that time.
    """

    persons: tuple[PersonId, ...] = ()
    units: tuple[UnitId, ...] = ()

    def knows(self) -> Knows:
        yield from super().knows()
        self.people, self.places = People(self.persons, self.effective), Units(self.units, self.effective)
        yield from self.people.knows()
        yield from self.places.knows()
        self.enrolled = Enrolled(self.programme)
        self.elsewhere: dict[str, Enrolments] = {id: Enrolments(id, None) for id in self.persons}
        self.elsewhere |= {id: Enrolments(None, id) for id in self.units}
        yield self.enrolled, *self.elsewhere.values()

    def execute(self) -> None:
        adopted, template = self.begin()
        wanted, other = (self.persons, self.units) if template.participants == "people" else (self.units, self.persons)
        pointer = "persons" if template.participants == "people" else "units"
        if not wanted or other or len(set(wanted)) < len(wanted):
            raise Refused("programme.participants", f"A {template.id} enrols {template.participants}, once.", pointer)
        span = self._span(adopted)
        for person in self.persons:
            self.people.refuse(person, adopted.unit, template)
        for unit in self.units:
            self.places.refuse(unit, adopted.unit, template)
        for id, known in self.elsewhere.items():
            refuse_earlier(id, self.enrolled.takings.get(id, Taking()), self.effective)
            if (programme := known.overlapping(template.id, span)) is not None:
                raise Refused("programme.enrolled", f"{id} takes part in {programme} at that time.", pointer)
            longest = max((item.id for item in template.items), key=len)
            if not is_id(f"{self.programme}.{id}.{longest}.999"):
                raise Refused("programme.id", f"No id of a completion could be made of {id}: it is too long.", pointer)
        if len(self.enrolled.taking_part().keys() | set(wanted)) > MOST_PARTICIPANTS:
            raise Refused("programme.full", f"In one programme {MOST_PARTICIPANTS} take part at most.", pointer)
        self.trigger(
            ParticipantsEnrolled(
                self.programme, template.id, self.persons, self.units, span.since, _end(span), self.effective
            )
        )

    def _span(self, adopted: ProgrammeAdopted) -> Span:
        if self.effective > adopted.last_day:
            raise Refused("programme.over", f"The period was over on {adopted.last_day}.", "effective")
        return Span(max(adopted.first_day, self.effective), adopted.last_day + ONE_DAY)


def _end(span: Span) -> date:
    assert span.until is not None
    return span.until


class WithdrawParticipant(ActOfParticipant):
    """Let somebody take part no more, with a reason: what they did counts no more."""

    def execute(self) -> None:
        adopted, _ = self.begin()
        taking = self.participation.taking
        if not taking.spans or self.withdrawn:
            sentence = f"{self.participant} does not take part in {self.programme}."
            raise Refused("programme.not_enrolled", sentence, self.pointer)
        refuse_earlier(self.participant, taking, self.effective)
        if not self.context.reason.strip():
            raise Refused("programme.reason", "Why somebody is withdrawn must be said.", "reason")
        self.trigger(
            ParticipantWithdrawn(self.programme, adopted.template, self.person, self.unit, "decided", self.effective)
        )
