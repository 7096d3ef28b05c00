"""What is known of teams, communities, and of the hours that people served."""

from __future__ import annotations

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from workflow.dates import Span
from workflow.ids import ActivityId, CheckInId, PersonId, ServiceDayId, ServiceTeamId, UnitId, is_id
from workflow.service.acts import must_serve
from workflow.service.belonging import TakingOn
from workflow.service.events import (
    ActivityHeld,
    AttendanceCorrected,
    CheckInCorrected,
    CheckInRecorded,
    CommunityRegistered,
    TeamFormed,
    TeamMemberJoined,
    TeamMemberWithdrew,
)
from workflow.slices import Refused, View, event


def service_day(person: PersonId, day: date) -> ServiceDayId:
    """A person's day of service."""
    return ServiceDayId(_id(f"{person}.{day}"))


def check_in_id(person: PersonId, kind: str, day: date) -> CheckInId:
    """There is one check-in of a person and kind on a day."""
    return CheckInId(_id(f"{person}.{kind}.{day}"))


def _id(text: str) -> str:
    """Raises Refused for what is made of ids that are none, or too long for it."""
    if not is_id(text):
        raise Refused("id.malformed", "That id is none, or too long for what is made of it.", "person")
    return text


class Member(NamedTuple):
    """For which unit, and on which days, a person is in a team."""

    unit: UnitId
    span: Span


class TeamStanding(View):
    """Whether there is a team, of what kind, and who is in it, was, or will be."""

    team: ServiceTeamId
    formed: TeamFormed | None = field(init=False, default=None)
    members: dict[PersonId, Member] = field(init=False, default_factory=dict)
    last: date = field(init=False, default=date.min)

    @event(TeamFormed)
    def was_formed(self, fact: TeamFormed) -> None:
        self.formed = fact
        self.last = fact.effective

    @event(TeamMemberJoined)
    def joined(self, person: PersonId, unit: UnitId, effective: date) -> None:
        self.members[person] = Member(unit, Span(effective))
        self.last = max(self.last, effective)

    @event(TeamMemberWithdrew)
    def withdrew(self, person: PersonId, effective: date) -> None:
        known = self.members[person]
        self.members[person] = Member(known.unit, known.span.ended(effective))
        self.last = max(self.last, effective)

    def must_be_formed(self) -> TeamFormed:
        """Raises Refused if there is no such team."""
        if self.formed is None:
            raise Refused("service_team.unknown", f"There is no team {self.team}.", "team")
        return self.formed

    def unit_of(self, person: PersonId, day: date) -> UnitId | None:
        """For which unit a person is in the team on a day; None: is not in it."""
        known = self.members.get(person)
        return known.unit if known is not None and known.span.holds_on(day) else None

    def must_be_member(self, person: PersonId, day: date, pointer: str = "person") -> UnitId:
        """For which unit. Raises Refused for who is not in the team on that day."""
        self.must_be_formed()
        unit = self.unit_of(person, day)
        if unit is None:
            raise Refused("service_team.no_member", f"{person} is not in the team {self.team} on {day}.", pointer)
        return unit

    def count(self, day: date, unit: UnitId | None = None) -> int:
        """How many are in it on a day, or later already: in all, or for a unit."""
        known = [each for each in self.members.values() if unit in (None, each.unit)]
        return sum(each.span.reaches(day) for each in known)


def must_take_on(taking: TakingOn, team: TeamStanding, pointer: str = "person") -> UnitId:
    """For which unit a member of a team takes a visit on. Raises Refused for who does not serve, is not in the team, or
    belongs no more to the unit for which they are in it, on the day of the command and still today: what is recorded
    late is not given to who left meanwhile, whether or not the clock has noted that."""
    for day, belonging in taking.days.items():
        must_serve(belonging.service, day, pointer)
        unit = team.must_be_member(taking.person, day, pointer)
        if not belonging.within(unit, day):
            sentence = f"{taking.person} is in the team for {unit}, to which they belong no more on {day}."
            raise Refused("service_team.gone", sentence, pointer)
    return team.must_be_member(taking.person, min(taking.days), pointer)


class Communities(View):
    """Since when a person is registered with a community of a kind, and with the last one."""

    person: PersonId
    known: dict[str, list[date]] = field(init=False, default_factory=dict)

    @event(CommunityRegistered)
    def registered(self, kind: str, effective: date) -> None:
        self.known.setdefault(kind, []).append(effective)

    def on(self, kind: str, day: date) -> bool:
        """Whether there is one of a kind on a day."""
        return kind in self.known and self.known[kind][0] <= day

    def last(self, kind: str) -> date:
        return self.known[kind][-1] if kind in self.known else date.min


class ServiceDay(View):
    """What a person did on a day: hours by check-in and activity."""

    service_day: ServiceDayId
    hours: dict[str, Decimal] = field(init=False, default_factory=dict)

    @event(CheckInRecorded)
    def checked_in(self, check_in: CheckInId, hours: Decimal) -> None:
        self.hours[f"check-in:{check_in}"] = hours

    @event(CheckInCorrected)
    def was_corrected(self, check_in: CheckInId, hours: Decimal) -> None:
        self.hours[f"check-in:{check_in}"] = hours

    @event(ActivityHeld)
    def attended(
        self, activity: ActivityId, service_days: tuple[ServiceDayId, ...], hours: tuple[Decimal, ...]
    ) -> None:
        self.hours[f"activity:{activity}"] = hours[service_days.index(self.service_day)]

    @event(AttendanceCorrected)
    def attendance_corrected(self, activity: ActivityId, hours: Decimal) -> None:
        self.hours[f"activity:{activity}"] = hours

    def all_but(self, of: str = "") -> Decimal:
        """The hours of the day, without those of one check-in or activity."""
        return sum((hours for each, hours in self.hours.items() if each != of), Decimal(0))


class CheckInStanding(View):
    """A check-in, the hours that it has now, and since when."""

    check_in: CheckInId
    recorded: CheckInRecorded | None = field(init=False, default=None)
    hours: Decimal = field(init=False, default=Decimal(0))
    last: date = field(init=False, default=date.min)

    @event(CheckInRecorded)
    def was_recorded(self, fact: CheckInRecorded) -> None:
        self.recorded, self.hours, self.last = fact, fact.hours, fact.effective

    @event(CheckInCorrected)
    def was_corrected(self, hours: Decimal, effective: date) -> None:
        self.hours, self.last = hours, effective


class ActivityStanding(View):
    """An activity, the hours of each attendee, and since when they have these."""

    activity: ActivityId
    held: ActivityHeld | None = field(init=False, default=None)
    hours: dict[PersonId, Decimal] = field(init=False, default_factory=dict)
    last: dict[PersonId, date] = field(init=False, default_factory=dict)

    @event(ActivityHeld)
    def was_held(self, fact: ActivityHeld) -> None:
        self.held, self.hours = fact, dict(zip(fact.attendees, fact.hours, strict=True))
        self.last = dict.fromkeys(fact.attendees, fact.effective)

    @event(AttendanceCorrected)
    def was_corrected(self, person: PersonId, hours: Decimal, effective: date) -> None:
        self.hours[person], self.last[person] = hours, effective
