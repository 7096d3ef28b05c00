"""Checking in with communities, and holding activities: who served how many hours, on which day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from workflow.calendar import ONE_DAY
from workflow.charter.views import CharterInForce
from workflow.dates import Span, charter_for
from workflow.evidence import references, said, shown
from workflow.ids import ActivityId, CheckInId, PersonId, UnitId, is_id
from workflow.organisation.belonging import Memberships
from workflow.organisation.views import Career, Standing, UnitStanding
from workflow.sealed import personal
from workflow.service.acts import (
    hours_of,
    must_be_kind,
    must_serve,
    refuse_alone,
    refuse_too_long,
    refuse_untimely,
    service_of,
)
from workflow.service.belonging import unit_on
from workflow.service.events import (
    ActivityHeld,
    AttendanceCorrected,
    CheckInCorrected,
    CheckInRecorded,
    CommunityRegistered,
)
from workflow.service.views import (
    ActivityStanding,
    CheckInStanding,
    Communities,
    ServiceDay,
    check_in_id,
    service_day,
)
from workflow.slices import Command, Knows, Refused

MOST_ATTENDEES = 200


class RegisterCommunity(Command):
    """Register the community of a kind with which a person checks in from `effective` on. Its name is sealed before it
    is stored."""

    person: PersonId
    kind: str
    community: str
    effective: date

    def knows(self) -> Knows:
        self.charters, self.service, self.communities = (
            CharterInForce(),
            Standing(self.person),
            Communities(self.person),
        )
        yield self.charters, self.service, self.communities

    def execute(self) -> None:
        rule = service_of(charter_for(self, self.charters))
        must_be_kind(self.kind, rule.check_ins, "community.kind")
        must_serve(self.service, self.effective, "person")
        refuse_untimely(self, "community", self.communities.last(self.kind))
        community = said(self.community, "community.community", "A community has a name.")
        self.trigger(CommunityRegistered(self.person, self.kind, personal(community=community), self.effective))


class RecordCheckIn(Command):
    """Record that a person served on `effective` in the community of a kind: once a day and kind, and never more hours
    a day than the charter allows."""

    person: PersonId
    kind: str
    hours: Decimal
    effective: date
    evidence: tuple[str, ...] = ()

    def knows(self) -> Knows:
        self.charters, self.service = CharterInForce(), Standing(self.person)
        self.career, self.memberships = Career(self.person), Memberships(self.person)
        self.communities, self.day = Communities(self.person), ServiceDay(service_day(self.person, self.effective))
        yield self.charters, self.service, self.career, self.memberships, self.communities, self.day

    def execute(self) -> None:
        rule = service_of(charter_for(self, self.charters))
        must_be_kind(self.kind, rule.check_ins, "check_in.kind")
        must_serve(self.service, self.effective, "person")
        refuse_untimely(self, "check_in")
        if not self.communities.on(self.kind, self.effective):
            sentence = f"{self.person} is registered with no community of that kind on {self.effective}."
            raise Refused("check_in.community", sentence, "kind")
        id = check_in_id(self.person, self.kind, self.effective)
        if f"check-in:{id}" in self.day.hours:
            raise Refused(
                "check_in.twice", f"{self.person} checked in on {self.effective} already.", "kind", "effective"
            )
        hours = hours_of(self.hours, rule, "check_in.hours")
        refuse_too_long(hours + self.day.all_but(), rule, self.person, self.effective, "hours")
        unit = _must_belong(
            unit_on(self.career, self.memberships, self.effective), self.person, self.effective, "person"
        )
        self.trigger(
            CheckInRecorded(
                id,
                self.day.service_day,
                self.person,
                unit,
                self.kind,
                hours,
                references(self.evidence, "check_in.evidence"),
                self.effective,
            )
        )


class CorrectCheckIn(Command):
    """Correct the hours of a check-in, by two persons, with a reason. None: it did not take place."""

    check_in: CheckInId
    hours: Decimal
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), CheckInStanding(self.check_in)
        yield self.charters, self.standing
        known = self.standing.recorded
        if known is None:
            raise Refused("check_in.unknown", f"There is no check-in {self.check_in}.", "check_in")
        self.known, self.day = known, ServiceDay(known.service_day)
        yield (self.day,)

    def execute(self) -> None:
        rule, known, was = service_of(charter_for(self, self.charters)), self.known, self.standing.hours
        refuse_untimely(self, "check_in", self.standing.last)
        refuse_alone(self.context, "check_in")
        hours = hours_of(self.hours, rule, "check_in.hours", none=True)
        if hours == was:
            raise Refused("check_in.same", "It has these hours already.", "hours")
        refuse_too_long(
            hours + self.day.all_but(f"check-in:{self.check_in}"), rule, known.person, known.effective, "hours"
        )
        names = self.check_in, known.service_day, known.person, known.unit
        self.trigger(CheckInCorrected(*names, hours, was, self.effective))


class Attendee(msgspec.Struct, frozen=True):
    """Who was at an activity, for how many hours."""

    person: PersonId
    hours: Decimal


class HoldActivity(Command):
    """Record an activity that a unit held on `effective`, with who was there and for how long, and show it."""

    activity: ActivityId
    unit: UnitId
    kind: str
    title: str
    attendees: tuple[Attendee, ...]
    evidence: tuple[str, ...]
    effective: date
    place: str = ""

    def knows(self) -> Knows:
        people = [each.person for each in self.attendees]
        if not all(map(is_id, people)):
            raise Refused("id.malformed", "That is no person id.", "attendees")
        if len(set(people)) < len(people) or not 1 <= len(people) <= MOST_ATTENDEES:
            sentence = f"1 to {MOST_ATTENDEES} people were there, each named once."
            raise Refused("activity.attendees", sentence, "attendees")
        self.charters, self.standing = CharterInForce(), ActivityStanding(self.activity)
        self.host = UnitStanding(self.unit)
        self.service = {id: Standing(id) for id in people}
        self.careers, self.memberships = {id: Career(id) for id in people}, {id: Memberships(id) for id in people}
        self.days = {id: ServiceDay(service_day(id, self.effective)) for id in people}
        about = [view for known in (self.service, self.careers, self.memberships, self.days) for view in known.values()]
        yield self.charters, self.standing, self.host, *about

    def execute(self) -> None:
        rule = service_of(charter_for(self, self.charters))
        if self.standing.held is not None:
            raise Refused("activity.exists", f"There is an activity {self.activity} already.", "activity")
        must_be_kind(self.kind, rule.activities, "activity.kind")
        refuse_untimely(self, "activity")
        self.host.must_stand(Span(self.effective, self.effective + ONE_DAY))
        title = said(self.title, "activity.title", "An activity has a title.")
        evidence = shown(self.evidence, "activity.evidence")
        units = []
        for each in self.attendees:
            must_serve(self.service[each.person], self.effective, "attendees")
            hours = hours_of(each.hours, rule, "activity.hours")
            total = hours + self.days[each.person].all_but()
            refuse_too_long(total, rule, each.person, self.effective, "attendees")
            unit = unit_on(self.careers[each.person], self.memberships[each.person], self.effective)
            units.append(_must_belong(unit, each.person, self.effective, "attendees"))
        self.trigger(
            ActivityHeld(
                self.activity,
                self.unit,
                self.kind,
                title,
                self.place.strip(),
                tuple(each.person for each in self.attendees),
                tuple(each.hours for each in self.attendees),
                tuple(units),
                tuple(self.days[each.person].service_day for each in self.attendees),
                evidence,
                self.effective,
            )
        )


class CorrectAttendance(Command):
    """Correct the hours of one attendee, by two persons, with a reason. None: the person was not there."""

    activity: ActivityId
    person: PersonId
    hours: Decimal
    effective: date

    def knows(self) -> Knows:
        self.charters, self.standing = CharterInForce(), ActivityStanding(self.activity)
        yield self.charters, self.standing
        if self.standing.held is None:
            raise Refused("activity.unknown", f"There is no activity {self.activity}.", "activity")
        if self.person not in self.standing.hours:
            raise Refused("activity.no_attendee", f"{self.person} is not among those who were there.", "person")
        self.held = self.standing.held
        self.day = ServiceDay(service_day(self.person, self.held.effective))
        yield (self.day,)

    def execute(self) -> None:
        rule, held, was = service_of(charter_for(self, self.charters)), self.held, self.standing.hours[self.person]
        refuse_untimely(self, "activity", self.standing.last[self.person])
        refuse_alone(self.context, "activity")
        hours = hours_of(self.hours, rule, "activity.hours", none=True)
        if hours == was:
            raise Refused("activity.same", "They have these hours already.", "hours")
        total = hours + self.day.all_but(f"activity:{self.activity}")
        refuse_too_long(total, rule, self.person, held.effective, "hours")
        unit = held.units[held.attendees.index(self.person)]
        names = self.activity, self.day.service_day, self.person, unit
        self.trigger(AttendanceCorrected(*names, hours, was, self.effective))


def _must_belong(unit: UnitId | None, person: PersonId, day: date, pointer: str) -> UnitId:
    if unit is None:
        raise Refused("service.no_unit", f"{person} belongs to no unit on {day}.", pointer)
    return unit
