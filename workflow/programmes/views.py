"""What is known of programmes: of one, of one participant in it, of all of a participant, and of a completion."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workflow.dates import Span
from workflow.ids import CompletionId, PersonId, ProgrammeId, UnitId
from workflow.programmes.events import (
    ItemCompleted,
    ItemProgressed,
    ItemReturned,
    ItemVerified,
    ParticipantsEnrolled,
    ParticipantWithdrawn,
    ProgrammeAdopted,
    ProgrammeClosed,
)
from workflow.slices import Refused, View, event


class ProgrammeStanding(View):
    """How a programme was adopted, and whether it was closed."""

    programme: ProgrammeId
    adopted: ProgrammeAdopted | None = field(init=False, default=None)
    closed: ProgrammeClosed | None = field(init=False, default=None)

    @event(ProgrammeAdopted)
    def was_adopted(self, fact: ProgrammeAdopted) -> None:
        self.adopted = fact

    @event(ProgrammeClosed)
    def was_closed(self, fact: ProgrammeClosed) -> None:
        self.closed = fact

    def must_be_known(self) -> ProgrammeAdopted:
        """Raises Refused if nobody adopted it."""
        if self.adopted is None:
            raise Refused("programme.unknown", f"There is no programme {self.programme}.", "programme")
        return self.adopted


@dataclass
class Completion:
    """What was done of an item. `state`: completed, verified or returned."""

    id: CompletionId
    item: str
    quantity: int
    done_on: date
    state: str = "completed"


@dataclass
class Taking:
    """When somebody takes part in a programme, and what they completed. `last`: the day of the last enrolment or
    withdrawal; `noted`: the day of the last note, by item."""

    spans: list[Span] = field(default_factory=list)
    withdrawn: bool = False
    last: date = date.min
    noted: dict[str, date] = field(default_factory=dict)
    completions: dict[CompletionId, Completion] = field(default_factory=dict)

    def on(self, day: date) -> bool:
        return any(span.holds_on(day) for span in self.spans)


def refuse_earlier(id: str, taking: Taking, effective: date) -> None:
    """Raises Refused for a day before somebody was enrolled or withdrawn last."""
    if effective < taking.last:
        sentence = f"{id} was enrolled or withdrawn on {taking.last}, and this is earlier."
        raise Refused("programme.order", sentence, "effective")


class _Enrolments(View):
    """Who was enrolled in a programme, and withdrawn. Asked by what, its children say."""

    takings: dict[str, Taking] = field(init=False, default_factory=dict)

    @event(ParticipantsEnrolled)
    def were_enrolled(self, fact: ParticipantsEnrolled) -> None:
        for each in (*fact.persons, *fact.units):
            taking = self.takings.setdefault(each, Taking())
            taking.spans.append(Span(fact.since, fact.until))
            taking.withdrawn, taking.last = False, fact.effective

    @event(ParticipantWithdrawn)
    def was_withdrawn(self, person: PersonId | None, unit: UnitId | None, effective: date) -> None:
        if (taking := self.takings.get(person or unit or "")) is not None:
            taking.spans[-1] = taking.spans[-1].ended(effective)
            taking.withdrawn, taking.last = True, effective

    def taking_part(self) -> dict[str, Taking]:
        """Those whom nobody withdrew, by id."""
        return {id: each for id, each in sorted(self.takings.items()) if each.spans and not each.withdrawn}


class _Doings(_Enrolments):
    """The same, and what they completed."""

    @event(ItemCompleted)
    def was_completed(self, fact: ItemCompleted) -> None:
        taking = self.takings.setdefault(fact.person or fact.unit or "", Taking())
        taking.completions[fact.completion] = Completion(fact.completion, fact.item, fact.quantity, fact.done_on)

    @event(ItemVerified)
    def was_verified(self, fact: ItemVerified) -> None:
        self._found(fact, "verified")

    @event(ItemReturned)
    def was_returned(self, fact: ItemReturned) -> None:
        self._found(fact, "returned")

    def _found(self, fact: ItemVerified | ItemReturned, state: str) -> None:
        taking = self.takings.get(fact.person or fact.unit or "")
        if taking is not None and (known := taking.completions.get(fact.completion)) is not None:
            known.state = state


class Enrolled(_Enrolments):
    """Who takes part in a programme."""

    programme: ProgrammeId


class Roll(_Doings):
    """Who takes part in a programme, and all that they completed."""

    programme: ProgrammeId


class Participation(_Doings):
    """What one participant does in one programme."""

    programme: ProgrammeId
    person: PersonId | None
    unit: UnitId | None

    @event(ItemProgressed)
    def progressed(self, fact: ItemProgressed) -> None:
        self.takings.setdefault(fact.person or fact.unit or "", Taking()).noted[fact.item] = fact.effective

    @property
    def taking(self) -> Taking:
        return self.takings.get(self.person or self.unit or "", Taking())


class Enrolments(View):
    """When a participant takes part in programmes, by template."""

    person: PersonId | None
    unit: UnitId | None
    spans: dict[str, list[tuple[ProgrammeId, Span]]] = field(init=False, default_factory=dict)

    # A unit adopts programmes, too; and others are enrolled and withdrawn with it in one event.

    @event(ParticipantsEnrolled)
    def was_enrolled(self, fact: ParticipantsEnrolled) -> None:
        self.spans.setdefault(fact.template, []).append((fact.programme, Span(fact.since, fact.until)))

    @event(ParticipantWithdrawn)
    def was_withdrawn(self, fact: ParticipantWithdrawn) -> None:
        known = self.spans.get(fact.template, [])
        for place in reversed(range(len(known))):
            programme, span = known[place]
            if programme == fact.programme:
                known[place] = programme, span.ended(fact.effective)
                return

    def overlapping(self, template: str, span: Span) -> ProgrammeId | None:
        """A programme of a template in which it takes part on some day of a span."""
        known = self.spans.get(template, [])
        return next((id for id, each in known if each.since != each.until and each.overlaps(span)), None)


class CompletionStanding(View):
    """What was completed, and what somebody found who looked at it."""

    completion: CompletionId
    completed: ItemCompleted | None = field(init=False, default=None)
    found: ItemVerified | ItemReturned | None = field(init=False, default=None)

    @event(ItemCompleted)
    def was_completed(self, fact: ItemCompleted) -> None:
        self.completed = fact

    @event(ItemVerified)
    def was_verified(self, fact: ItemVerified) -> None:
        self.found = fact

    @event(ItemReturned)
    def was_returned(self, fact: ItemReturned) -> None:
        self.found = fact

    def must_be_known(self) -> ItemCompleted:
        """Raises Refused if nobody completed it."""
        if self.completed is None:
            raise Refused("completion.unknown", f"There is no completion {self.completion}.", "completion")
        return self.completed
