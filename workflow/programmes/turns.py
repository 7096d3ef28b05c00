"""What all commands about an adopted programme begin with."""

from __future__ import annotations

from datetime import date

from workflow.calendar import ONE_DAY
from workflow.charter.library import by_digest
from workflow.charter.programmes import ProgrammeItem, ProgrammeTemplate
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.ids import PersonId, ProgrammeId, UnitId
from workflow.organisation.views import Standing, UnitStanding
from workflow.programmes.events import ProgrammeAdopted
from workflow.programmes.views import Participation, ProgrammeStanding
from workflow.slices import Command, Knows, Refused


def template_of(adopted: ProgrammeAdopted) -> ProgrammeTemplate:
    """The template as it was when the programme was adopted: so it stays."""
    return by_digest(adopted.charter_digest).programme(adopted.template)


class ActOnProgramme(Command):
    """What is done about a programme, before it closes."""

    programme: ProgrammeId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), ProgrammeStanding(self.programme)
        yield self.charters, self.standing

    def begin(self) -> tuple[ProgrammeAdopted, ProgrammeTemplate]:
        """The programme, and its template.

        Raises Refused if it is closed, or has to be, on that day; for a day before it was adopted, and for one to come.
        """
        charter_for(self, self.charters)
        adopted = self.standing.must_be_known()
        if self.standing.closed is not None or self.effective >= adopted.closes_on:
            sentence = f"The programme {adopted.programme} is closed from {adopted.closes_on} on."
            raise Refused("programme.closed", sentence, "programme")
        if self.effective < adopted.effective:
            sentence = f"It was adopted on {adopted.effective}, and this is earlier."
            raise Refused("programme.order", sentence, "effective")
        if self.effective > self.context.today:
            raise Refused("programme.future", f"{self.effective} is still to come.", "effective")
        self.rule_version = adopted.charter
        return adopted, template_of(adopted)


class ActOfParticipant(ActOnProgramme):
    """What a participant does: a person, or a unit where the template says so."""

    person: PersonId | None = None
    unit: UnitId | None = None

    def knows(self) -> Knows:
        if (self.person is None) == (self.unit is None):
            raise Refused("programme.participant", "A participant is one person, or one unit.", "person", "unit")
        yield from super().knows()
        self.participation = Participation(self.programme, self.person, self.unit)
        self.service = None if self.person is None else Standing(self.person)
        self.place = None if self.unit is None else UnitStanding(self.unit)
        yield tuple(each for each in (self.participation, self.service, self.place) if each is not None)

    @property
    def participant(self) -> str:
        return self.person or self.unit or ""

    @property
    def pointer(self) -> str:
        return "unit" if self.person is None else "person"

    def gone_on(self) -> date | None:
        """When time withdraws the participant, if it does."""
        known, adopted = self.service or self.place, self.standing.must_be_known()
        return withdrawn_on(known.span if known is not None else None, adopted.last_day, self.participation.taking.last)

    @property
    def withdrawn(self) -> bool:
        """Whether they take part no more, today: by what is recorded, or by time, though the clock may sleep."""
        gone = self.gone_on()
        return self.participation.taking.withdrawn or (gone is not None and gone <= self.context.today)

    def must_take_part(self, day: date) -> None:
        """Raises Refused unless the participant takes part on a day, and was not withdrawn since."""
        if self.participation.taking.spans and self.withdrawn:
            sentence = f"{self.participant} was withdrawn from {self.programme}."
            raise Refused("programme.withdrawn", sentence, self.pointer)
        if not self.participation.taking.on(day):
            sentence = f"{self.participant} does not take part in {self.programme} on {day}."
            raise Refused("programme.not_enrolled", sentence, self.pointer)


def withdrawn_on(standing: Span | None, last_day: date, enrolled: date) -> date | None:
    """When time withdraws who stands so: on the night after they were gone, if that was within the period; but not
    before the day on which they were `enrolled` last, should it be known late."""
    gone = standing.until if standing is not None else None
    return max(gone + ONE_DAY, enrolled) if gone is not None and gone <= last_day else None


def item_of(template: ProgrammeTemplate, id: str) -> ProgrammeItem:
    """Raises Refused for an item that the template has not."""
    known = [each.id for each in template.items]
    if id not in known:
        raise Refused("programme.item", f"The items of a {template.id} are {', '.join(known)}.", "item")
    return template.item(id)
