"""What is known of units, posts, people and appointments: views that commands share.

A view keeps spans of effective dates: what was recorded later goes before what was recorded earlier.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workflow.dates import Span
from workflow.ids import AppointmentId, PersonId, PostId, UnitId
from workflow.organisation.events import (
    AppointmentEnded,
    AppointmentStarted,
    PersonLeft,
    PersonnelClassChanged,
    PersonRegistered,
    PostAbolished,
    PostDutiesSet,
    PostEstablished,
    UnitDissolved,
    UnitEstablished,
    UnitMoved,
    UnitRenamed,
)
from workflow.slices import Refused, View, event

ACTING = "acting"
SUBSTANTIVE = "substantive"


def _must_hold(thing: str, name: str, standing: Span | None, span: Span, over: str, pointer: str) -> None:
    """Raises Refused unless `standing` holds throughout `span`. `over` is the word for its end."""
    if standing is None:
        raise Refused(f"{thing}.unknown", f"There is no {thing} {name}.", pointer)
    if span.since < standing.since:
        sentence = f"The {thing} {name} is there only from {standing.since} on."
        raise Refused(f"{thing}.not_yet", sentence, pointer)
    if standing.until is not None and (span.until is None or standing.until < span.until):
        sentence = f"The {thing} {name} is there only until {standing.until}."
        raise Refused(f"{thing}.{over}", sentence, pointer)


class UnitStanding(View):
    """Whether a unit is there, of what kind, from when to when, and below which unit."""

    unit: UnitId
    established: UnitEstablished | None = field(init=False, default=None)
    span: Span | None = field(init=False, default=None)
    parents: list[tuple[date, UnitId | None]] = field(init=False, default_factory=list)
    names: list[tuple[date, str, str]] = field(init=False, default_factory=list)

    # The events of the units below bear this unit's tag too.

    @event(UnitEstablished)
    def was_established(self, fact: UnitEstablished) -> None:
        if fact.unit == self.unit:
            self.established, self.span = fact, Span(fact.effective)
            self.parents.append((fact.effective, fact.parent))
            self.names.append((fact.effective, fact.name_zh, fact.name_en))

    @event(UnitRenamed)
    def was_renamed(self, unit: UnitId, name_zh: str, name_en: str, effective: date) -> None:
        self.names.append((effective, name_zh, name_en))

    @event(UnitMoved)
    def was_moved(self, unit: UnitId, parent: UnitId | None, effective: date) -> None:
        if unit == self.unit:
            self.parents.append((effective, parent))

    @event(UnitDissolved)
    def was_dissolved(self, effective: date) -> None:
        if self.span is not None:
            self.span = self.span.ended(effective)

    @property
    def kind(self) -> str:
        """As the charter names it; "" for a unit nobody established."""
        return self.established.kind if self.established else ""

    def parent_on(self, day: date) -> UnitId | None:
        return next((parent for since, parent in reversed(self.parents) if since <= day), None)

    def must_stand(self, span: Span, pointer: str = "unit") -> None:
        """Raises Refused unless the unit is there throughout `span`; `pointer` is the parameter at fault."""
        _must_hold("unit", self.unit, self.span, span, "dissolved", pointer)


class UnitsBelow(View):
    """The units that were ever established or moved below a unit; their own standing tells where they are."""

    unit: UnitId
    units: set[UnitId] = field(init=False, default_factory=set)

    @event(UnitEstablished)
    def was_established(self, unit: UnitId, parent: UnitId | None) -> None:
        if parent == self.unit:
            self.units.add(unit)

    @event(UnitMoved)
    def was_moved(self, unit: UnitId, parent: UnitId | None) -> None:
        if parent == self.unit:
            self.units.add(unit)


class PostStanding(View):
    """Whether a post is there, in which unit, of what kind, from when to when, and with which duties."""

    post: PostId
    established: PostEstablished | None = field(init=False, default=None)
    span: Span | None = field(init=False, default=None)
    duties: list[tuple[date, tuple[UnitId, ...]]] = field(init=False, default_factory=list)

    @event(PostEstablished)
    def was_established(self, fact: PostEstablished) -> None:
        self.established, self.span = fact, Span(fact.effective)

    @event(PostAbolished)
    def was_abolished(self, effective: date) -> None:
        if self.span is not None:
            self.span = self.span.ended(effective)

    @event(PostDutiesSet)
    def got_duties(self, units: tuple[UnitId, ...], effective: date) -> None:
        self.duties.append((effective, units))

    def must_stand(self, span: Span) -> PostEstablished:
        """The post as it was established. Raises Refused unless it is there throughout `span`."""
        _must_hold("post", self.post, self.span, span, "abolished", "post")
        assert self.established is not None
        return self.established


class Posts(View):
    """The posts of a unit, and from when to when each is there."""

    unit: UnitId
    established: dict[PostId, PostEstablished] = field(init=False, default_factory=dict)
    spans: dict[PostId, Span] = field(init=False, default_factory=dict)

    @event(PostEstablished)
    def was_established(self, fact: PostEstablished) -> None:
        self.established[fact.post], self.spans[fact.post] = fact, Span(fact.effective)

    @event(PostAbolished)
    def was_abolished(self, post: PostId, effective: date) -> None:
        self.spans[post] = self.spans[post].ended(effective)


class Standing(View):
    """Whether a person is in service, from when to when, and in which personnel class."""

    person: PersonId
    span: Span | None = field(init=False, default=None)
    classes: list[tuple[date, str]] = field(init=False, default_factory=list)

    @event(PersonRegistered)
    def was_registered(self, personnel_class: str, effective: date) -> None:
        self.span = Span(effective)
        self.classes.append((effective, personnel_class))

    @event(PersonnelClassChanged)
    def changed_class(self, personnel_class: str, effective: date) -> None:
        self.classes.append((effective, personnel_class))

    @event(PersonLeft)
    def left(self, effective: date) -> None:
        if self.span is not None:
            self.span = self.span.ended(effective)

    def class_on(self, day: date) -> str:
        return next((name for since, name in reversed(self.classes) if since <= day), "")

    def classes_in(self, span: Span) -> set[str]:
        """The classes the person is in on the days of `span`, as far as is known."""
        return {self.class_on(span.since)} | {name for since, name in self.classes if span.holds_on(since)}

    def must_serve(self, span: Span) -> None:
        """Raises Refused unless the person is in service throughout `span`."""
        _must_hold("person", self.person, self.span, span, "left", "person")


@dataclass
class Appointment:
    """Who holds which post, as what, and on which days."""

    id: AppointmentId
    person: PersonId
    post: PostId
    unit: UnitId
    kind: str
    span: Span
    ended: bool = False

    @property
    def acting(self) -> bool:
        return self.kind == ACTING


class Appointments(View):
    """Appointments by id. Asked by what, its children say."""

    appointments: dict[AppointmentId, Appointment] = field(init=False, default_factory=dict)

    @event(AppointmentStarted)
    def started(self, fact: AppointmentStarted) -> None:
        span = Span(fact.effective, fact.until)
        known = Appointment(fact.appointment, fact.person, fact.post, fact.unit, fact.kind, span)
        self.appointments[fact.appointment] = known

    @event(AppointmentEnded)
    def was_ended(self, appointment: AppointmentId, effective: date) -> None:
        known = self.appointments[appointment]
        known.span, known.ended = known.span.ended(effective), True

    def on(self, day: date) -> list[Appointment]:
        """Those that hold on `day`."""
        return [each for each in self.appointments.values() if each.span.holds_on(day)]

    def reaching(self, day: date) -> list[Appointment]:
        """Those that hold on `day` or on a later day."""
        return [each for each in self.appointments.values() if each.span.reaches(day)]

    def overlapping(self, span: Span) -> list[Appointment]:
        return [each for each in self.appointments.values() if each.span.overlaps(span)]


class AppointmentStanding(Appointments):
    """One appointment, if there is one of that id."""

    appointment: AppointmentId

    @property
    def known(self) -> Appointment | None:
        return self.appointments.get(self.appointment)


class Incumbents(Appointments):
    """Who holds a post, held it, or will."""

    post: PostId

    def holders_on(self, day: date) -> list[Appointment]:
        """Those in place on `day`: who stands in after who holds the post, the newer after the older."""
        return sorted(self.on(day), key=lambda each: (each.acting, each.span.since, each.id))


class Career(Appointments):
    """The posts a person holds, held, or will hold."""

    person: PersonId


class UnitAppointments(Appointments):
    """Who holds, held or will hold a post in a unit."""

    unit: UnitId
