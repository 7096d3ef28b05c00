"""People: registering them, their personnel class, their departure."""

from __future__ import annotations

from datetime import date

from workflow.charter.model import Charter
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.erasure.views import PersonHold
from workflow.ids import PersonId
from workflow.organisation.belonging import Memberships
from workflow.organisation.events import (
    AppointmentEnded,
    MembershipEnded,
    PersonDetailsCorrected,
    PersonLeft,
    PersonnelClassChanged,
    PersonRegistered,
)
from workflow.organisation.leadership import ExOfficioDecision
from workflow.organisation.posts import post_kind
from workflow.organisation.views import Career, PostStanding, Standing
from workflow.sealed import Sealed, personal
from workflow.slices import Command, Knows, Refused


class RegisterPerson(Command):
    """Take a person into service from `effective` on. Name, phone and number are sealed before they are stored."""

    person: PersonId
    personnel_class: str
    name: str
    phone: str = ""
    number: str = ""
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), Standing(self.person)
        yield self.charters, self.standing

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.standing.span is not None:
            raise Refused("person.exists", f"There is a person {self.person} already.", "person")
        refuse_unknown_class(charter, self.personnel_class)
        details = details_of(self.name, self.phone, self.number)
        self.trigger(PersonRegistered(self.person, self.personnel_class, details, self.effective))


class CorrectPersonDetails(Command):
    """Replace the details of a person, all of them: what is left empty is not known any more."""

    person: PersonId
    name: str
    phone: str = ""
    number: str = ""

    def knows(self) -> Knows:
        self.standing, self.hold = Standing(self.person), PersonHold(self.person)
        yield self.standing, self.hold

    def execute(self) -> None:
        span = self.standing.span
        if span is None or not span.reaches(span.since):
            raise Refused("person.unknown", f"No person {self.person} is or was in service.", "person")
        self.hold.must_be_usable()
        self.trigger(PersonDetailsCorrected(self.person, details_of(self.name, self.phone, self.number)))


class ChangePersonnelClass(Command):
    """Place a person in another personnel class from `effective` on; the posts held must be open to that class."""

    person: PersonId
    personnel_class: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), Standing(self.person)
        career = Career(self.person)
        yield self.charters, self.standing, career
        held = dict.fromkeys(each.post for each in career.reaching(self.effective))
        self.posts = tuple(PostStanding(post) for post in held)
        if self.posts:
            yield self.posts

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        refuse_unknown_class(charter, self.personnel_class)
        self.standing.must_serve(Span(self.effective))
        last, present = self.standing.classes[-1]
        if self.effective < last:
            raise Refused("person.order", f"The present class holds only from {last} on.", "effective")
        if present == self.personnel_class:
            raise Refused("person.same_class", f"{self.person} is in that class already.", "personnel_class")
        for post in self.posts:
            kind = post.established.kind if post.established else ""
            refuse_unfit_class(charter, kind, {self.personnel_class})
        self.trigger(PersonnelClassChanged(self.person, self.personnel_class, self.effective))


class RecordDeparture(Command):
    """Let a person leave the service on `effective`. Appointments and memberships end that day with it."""

    person: PersonId
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), Standing(self.person)
        self.career, self.memberships = Career(self.person), Memberships(self.person)
        yield self.charters, self.standing, self.career, self.memberships
        charter = self.charters.on(self.effective)
        self.ex_officio = ExOfficioDecision(charter, self.effective, persons={self.person})
        yield from self.ex_officio.knows()

    def execute(self) -> None:
        charter_for(self, self.charters)
        self.standing.must_serve(Span(self.effective))
        for held in self.career.reaching(self.effective):
            day = max(held.span.since, self.effective)
            self.trigger(AppointmentEnded(held.id, self.person, held.post, held.unit, day, "left"))
        for membership in self.memberships.reaching(self.effective):
            day = max(membership.span.since, self.effective)
            self.trigger(MembershipEnded(membership.id, self.person, membership.unit, day))
        self.trigger(PersonLeft(self.person, self.effective))
        self.ex_officio.decide(self)


def details_of(name: str, phone: str, number: str) -> Sealed:
    """The details to be sealed, without blanks around them. Raises Refused for a person without a name."""
    if not name.strip():
        raise Refused("person.nameless", "A person needs a name.", "name")
    return personal(name=name.strip(), phone=phone.strip(), number=number.strip())


def refuse_unknown_class(charter: Charter, personnel_class: str) -> None:
    """Raises Refused for a personnel class that the charter does not know."""
    known = [each.id for each in charter.personnel_classes]
    if personnel_class not in known:
        sentence = f"The charter knows no personnel class {personnel_class!r}, but {', '.join(known)}."
        raise Refused("person.class", sentence, "personnel_class")


def refuse_unfit_class(charter: Charter, kind: str, classes: set[str]) -> None:
    """Raises Refused if a post of this kind is not open to each of the personnel classes."""
    allowed = post_kind(charter, kind).classes
    if allowed and not classes.issubset(allowed):
        unfit = ", ".join(sorted(classes.difference(allowed)))
        sentence = f"A {kind} must be of the class {' or '.join(allowed)}, not {unfit}."
        raise Refused("post.class", sentence, "person")
