"""Appointments: who holds which post, substantively, acting, concurrently or on secondment."""

from __future__ import annotations

from datetime import date, timedelta

from workflow.charter.model import Charter
from workflow.charter.structure import AppointmentKind
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for, most_at_once
from workflow.ids import AppointmentId, PersonId, PostId
from workflow.organisation.belonging import Memberships
from workflow.organisation.events import AppointmentEnded, AppointmentStarted, PostEstablished
from workflow.organisation.ex_officio import concerns
from workflow.organisation.leadership import ExOfficioDecision
from workflow.organisation.memberships import is_member
from workflow.organisation.people import refuse_unfit_class
from workflow.organisation.posts import post_kind
from workflow.organisation.tree import UnitTree
from workflow.organisation.views import (
    ACTING,
    AppointmentStanding,
    Career,
    Incumbents,
    PostStanding,
    Standing,
    UnitStanding,
)
from workflow.slices import Command, Knows, Refused


class Appoint(Command):
    """Let a person hold a post from `effective` on, until `until` (exclusive) if it is for a term.

    Without `until`, the term is the longest that the charter allows for the kind, if it allows only so long. Who acts
    for a vacant post gives way to whoever comes to hold it: that appointment ends in the same decision.
    """

    appointment: AppointmentId
    person: PersonId
    post: PostId
    kind: str
    effective: date
    until: date | None = None

    def knows(self) -> Knows:
        self.charters, self.known = CharterInForce(), AppointmentStanding(self.appointment)
        self.standing, self.career = Standing(self.person), Career(self.person)
        self.place, self.incumbents = PostStanding(self.post), Incumbents(self.post)
        yield self.charters, self.known, self.standing, self.career, self.place, self.incumbents
        if (post := self.place.established) is None:
            return
        charter = self.charters.on(self.effective)
        self.unit, self.memberships = UnitStanding(post.unit), Memberships(self.person)
        if not post_kind(charter, post.kind).membership_required:
            yield (self.unit,)
        else:
            yield self.unit, self.memberships
            units = {each.unit for each in self.memberships.reaching(self.effective)}
            self.tree = UnitTree({post.unit} | units, self.effective)
            yield from self.tree.knows()
        persons, units = ({self.person}, {post.unit}) if concerns(charter, post.kind) else (set(), set())
        self.ex_officio = ExOfficioDecision(charter, self.effective, persons=persons, units=units)
        yield from self.ex_officio.knows()

    def execute(self) -> None:
        charter = charter_for(self, self.charters)
        if self.known.known is not None:
            sentence = f"There is an appointment {self.appointment} already."
            raise Refused("appointment.exists", sentence, "appointment")
        kind = appointment_kind(charter, self.kind)
        span = self._span(kind)
        self.standing.must_serve(span)
        post = self.place.must_stand(span)
        self.unit.must_stand(span, "post")
        refuse_unfit_class(charter, post.kind, self.standing.classes_in(span))
        self._refuse_non_member(charter, post, span)
        self._refuse_too_many(kind, span)
        if self.kind == ACTING:
            self._refuse_acting(span)
        else:
            self._refuse_occupied(post, span)
            self._end_acting(span)
        self.trigger(
            AppointmentStarted(self.appointment, self.person, self.post, post.unit, self.kind, span.since, span.until)
        )
        self.ex_officio.decide(self)

    def _span(self, kind: AppointmentKind) -> Span:
        until = self.until
        if until is None and kind.max_days is not None:
            until = self.effective + timedelta(days=kind.max_days)
        if until is not None and until <= self.effective:
            raise Refused("appointment.until", "An appointment ends after the day it begins.", "until")
        if until is not None and kind.max_days is not None and (until - self.effective).days > kind.max_days:
            sentence = f"An appointment of the kind {kind.id} lasts at most {kind.max_days} days."
            raise Refused("appointment.too_long", sentence, "until")
        return Span(self.effective, until)

    def _refuse_non_member(self, charter: Charter, post: PostEstablished, span: Span) -> None:
        required = post_kind(charter, post.kind).membership_required
        if required and not is_member(self.tree, post.unit, required, self.memberships.reaching(span.since), span):
            sentence = f"Whoever holds the post {self.post} must be a member of the {required} all the time."
            raise Refused("appointment.not_member", sentence, "person")

    def _refuse_too_many(self, kind: AppointmentKind, span: Span) -> None:
        held = self.career.overlapping(span)
        if any(each.post == self.post and not each.acting for each in held):
            sentence = f"{self.person} holds the post {self.post} already."
            raise Refused("appointment.twice", sentence, "person", "post")
        alike = [each.span for each in held if each.kind == kind.id]
        if kind.max_posts is not None and most_at_once(alike, span) >= kind.max_posts:
            sentence = f"{self.person} holds {kind.max_posts} post(s) of the kind {kind.id}: no more at a time."
            raise Refused("person.max_posts", sentence, "person", "kind")

    def _refuse_acting(self, span: Span) -> None:
        for each in self.incumbents.overlapping(span):
            if each.acting:
                raise Refused("post.acting", f"{each.person} acts for the post in those days.", "post")
            raise Refused("post.not_vacant", f"{each.person} holds the post in those days.", "post")

    def _refuse_occupied(self, post: PostEstablished, span: Span) -> None:
        holders = [each for each in self.incumbents.overlapping(span) if not each.acting]
        if most_at_once((each.span for each in holders), span) >= post.seats:
            names = ", ".join(each.person for each in holders)
            raise Refused("post.occupied", f"The post {self.post} is held in those days by {names}.", "post")

    def _end_acting(self, span: Span) -> None:
        for each in self.incumbents.overlapping(span):
            if each.acting:
                day = max(each.span.since, span.since)
                self.trigger(AppointmentEnded(each.id, each.person, each.post, each.unit, day, "succeeded"))


class EndAppointment(Command):
    """Let an appointment end on `effective`, for the `cause` given; on its first day, it never was."""

    appointment: AppointmentId
    effective: date
    cause: str = ""

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), AppointmentStanding(self.appointment)
        yield self.charters, self.standing
        if (known := self.standing.known) is None:
            return
        charter = self.charters.on(self.effective)
        place = PostStanding(known.post)
        yield (place,)
        relevant = place.established is not None and concerns(charter, place.established.kind)
        persons, units = ({known.person}, {known.unit}) if relevant else (set(), set())
        self.ex_officio = ExOfficioDecision(charter, self.effective, persons=persons, units=units)
        yield from self.ex_officio.knows()

    def execute(self) -> None:
        charter_for(self, self.charters)
        known = self.standing.known
        if known is None:
            raise Refused("appointment.unknown", f"There is no appointment {self.appointment}.", "appointment")
        if known.ended:
            raise Refused("appointment.ended", f"The appointment ended on {known.span.until}.", "appointment")
        if self.effective < known.span.since:
            sentence = f"The appointment begins only on {known.span.since}."
            raise Refused("appointment.end_before_start", sentence, "effective")
        if not known.span.reaches(self.effective):
            raise Refused("appointment.over", f"Its term was over on {known.span.until}.", "effective")
        self.trigger(
            AppointmentEnded(known.id, known.person, known.post, known.unit, self.effective, self.cause.strip())
        )
        self.ex_officio.decide(self)


def appointment_kind(charter: Charter, kind: str) -> AppointmentKind:
    """The kind of appointment of that id. Raises Refused for one that the charter does not know."""
    known = {each.id: each for each in charter.appointment_kinds}
    if kind not in known:
        sentence = f"The charter knows no appointment {kind!r}, but {', '.join(known)}."
        raise Refused("appointment.kind", sentence, "kind")
    return known[kind]
