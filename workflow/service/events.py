"""What happened in service: teams and their members, check-ins with communities, activities (row 13 of the domain).

Kinds are named by the charter. A person's day of service has an id of its own, so that what a person did on one day is
known without reading what they did on others.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from workflow.ids import ActivityId, CheckInId, PersonId, ServiceDayId, ServiceTeamId, UnitId
from workflow.sealed import Sealed
from workflow.slices import Event


class TeamFormed(Event):
    """A team of a kind is there from `effective` on, with nobody in it yet."""

    TOPIC = "service_team.formed"
    team: ServiceTeamId
    kind: str
    name: str
    effective: date


class TeamMemberJoined(Event):
    """A person is in the team from `effective` on, for a unit to which or below which they belong."""

    TOPIC = "service_team.member_joined"
    team: ServiceTeamId
    person: PersonId
    unit: UnitId
    effective: date


class TeamMemberWithdrew(Event):
    """The person is not in the team from `effective` on. `cause`: asked, or, found by the clock, left (the service) or
    moved (to where they do not belong to the unit)."""

    TOPIC = "service_team.member_withdrew"
    team: ServiceTeamId
    person: PersonId
    unit: UnitId
    cause: str
    effective: date


class CommunityRegistered(Event):
    """From `effective` on a person checks in with a community of a kind. `details`: its name, sealed, because it tells
    where the person lives."""

    TOPIC = "community.registered"
    person: PersonId
    kind: str
    details: Sealed
    effective: date


class CheckInRecorded(Event):
    """On `effective` a person served `hours` in the community of a kind. `unit` is where the person belonged then."""

    TOPIC = "check_in.recorded"
    check_in: CheckInId
    service_day: ServiceDayId
    person: PersonId
    unit: UnitId
    kind: str
    hours: Decimal
    evidence: tuple[str, ...]
    effective: date


class CheckInCorrected(Event):
    """The hours of a check-in were `hours`, not `was`; none: it did not take place."""

    TOPIC = "check_in.corrected"
    check_in: CheckInId
    service_day: ServiceDayId
    person: PersonId
    unit: UnitId
    hours: Decimal
    was: Decimal
    effective: date


class ActivityHeld(Event):
    """A unit held an activity on `effective`. Of each of the `attendees`, in the same order: `hours`, the unit where
    they belonged then, and their day of service."""

    TOPIC = "activity.held"
    activity: ActivityId
    unit: UnitId
    kind: str
    title: str
    place: str
    attendees: tuple[PersonId, ...]
    hours: tuple[Decimal, ...]
    units: tuple[UnitId, ...]
    service_days: tuple[ServiceDayId, ...]
    evidence: tuple[str, ...]
    effective: date


class AttendanceCorrected(Event):
    """The hours of one attendee of an activity were `hours`, not `was`; none: they were not there."""

    TOPIC = "activity.attendance_corrected"
    activity: ActivityId
    service_day: ServiceDayId
    person: PersonId
    unit: UnitId
    hours: Decimal
    was: Decimal
    effective: date
