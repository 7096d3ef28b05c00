"""Service: teams, check-ins, activities, hours, and what one person does for the people."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from api.commands import command
from api.names import Names, names, opened
from api.openapi import Blueprint
from api.paging import PageOfMomentSchema
from api.reading import Item, Look, Page, Shown, found, read
from api.schemas.service import (
    ActivitiesSchema,
    CheckInsSchema,
    CorrectActivitySchema,
    CorrectHoursSchema,
    FormTeamSchema,
    HoldActivitySchema,
    HoursSchema,
    JoinTeamSchema,
    RecordCheckInSchema,
    RegisterCommunitySchema,
    SpanSchema,
    WithdrawMemberSchema,
)
from projections.views import people
from projections.views import service as views
from projections.views.service import Activity, Attendance, CheckIn, Community, Hours, Member, Service, Team
from workflow.periods import Period
from workflow.service.hours import (
    CorrectAttendance,
    CorrectCheckIn,
    HoldActivity,
    RecordCheckIn,
    RegisterCommunity,
)
from workflow.service.teams import FormTeam, JoinTeam, WithdrawMember

service = Blueprint("service", __name__, url_prefix="/v1/service", description="Teams, check-ins, activities.")

command(service, "/teams", FormTeam, FormTeamSchema, "plan", at="/v1/service/teams/{team}")
command(service, "/teams/<id:team>/join", JoinTeam, JoinTeamSchema, "serve")
command(service, "/teams/<id:team>/withdraw", WithdrawMember, WithdrawMemberSchema, "serve")
command(service, "/communities", RegisterCommunity, RegisterCommunitySchema, "serve")
command(service, "/check-ins", RecordCheckIn, RecordCheckInSchema, "serve", at="/v1/service/check-ins/{check_in}")
command(service, "/check-ins/<id:check_in>/correct", CorrectCheckIn, CorrectHoursSchema, "serve")
command(
    service,
    "/activities",
    HoldActivity,
    HoldActivitySchema,
    "serve",
    at="/v1/service/activities/{activity}",
    makes="activity",
)
command(service, "/activities/<id:activity>/correct", CorrectAttendance, CorrectActivitySchema, "serve")


class TeamShown(Item[Team], kw_only=True):
    """A team, who is in it, who was and will be (`terms`), and their names."""

    members: list[Member]
    terms: list[Member]
    names: Names


class CheckInPage(Page[CheckIn], kw_only=True):
    names: Names


class CheckInShown(Item[CheckIn], kw_only=True):
    """A check-in, and how it was recorded and corrected, one act after the other."""

    acts: list[CheckIn]
    names: Names


class ActivityShown(Item[Activity], kw_only=True):
    """An activity, who was there, how that was told and corrected (`acts`), and their names."""

    attendance: list[Attendance]
    acts: list[Attendance]
    names: Names


class HoursShown(Shown, kw_only=True):
    """The hours that people served from `since` until `until`, both included."""

    since: date
    until: date
    items: list[Hours]
    names: Names


class CommunityShown(msgspec.Struct):
    """A community with which a person checks in. Its name is null where it was erased, and for who may see no names."""

    kind: str
    community: str | None
    since: date
    position: int


class ServiceShown(Shown, kw_only=True):
    """What a person does for the people: carries, sees to and is to host, the communities to check in with, and the
    hours from `since` until `until`."""

    person: str
    since: date
    until: date
    item: Service
    communities: list[CommunityShown]
    names: Names


@read(service, "/teams", Page[Team], PageOfMomentSchema)
def list_teams(look: Look) -> dict[str, Any]:
    """Teams, by id."""
    return look.page(views.teams(look.connection, look.moment, **look.paging()))


@read(service, "/teams/<id:team>", TeamShown)
def team(look: Look, team: str) -> dict[str, Any]:
    """A team, and who is in it."""
    item = found(views.team(look.connection, look.moment, team), "service_team", team, "team")
    members = views.members(look.connection, look.moment, team)
    terms = views.terms(look.connection, look.moment, team)
    people = names(look, [each.person for each in terms])
    return {"item": item, "members": members, "terms": terms, "names": people}


@read(service, "/check-ins", CheckInPage, CheckInsSchema)
def list_check_ins(look: Look) -> dict[str, Any]:
    """Check-ins, by id."""
    page = views.check_ins(look.connection, look.moment, **look.paging())
    return look.page(page) | {"names": names(look, [each.person for each in page.items])}


@read(service, "/check-ins/<id:check_in>", CheckInShown)
def check_in(look: Look, check_in: str) -> dict[str, Any]:
    """A check-in."""
    item = found(views.check_in(look.connection, look.moment, check_in), "check_in", check_in)
    acts = views.check_in_acts(look.connection, look.moment, check_in)
    return {"item": item, "acts": acts, "names": names(look, [item.person])}


@read(service, "/activities", Page[Activity], ActivitiesSchema)
def list_activities(look: Look) -> dict[str, Any]:
    """Activities, by id."""
    return look.page(views.activities(look.connection, look.moment, **look.paging()))


@read(service, "/activities/<id:activity>", ActivityShown)
def activity(look: Look, activity: str) -> dict[str, Any]:
    """An activity, and who was there."""
    item = found(views.activity(look.connection, look.moment, activity), "activity", activity)
    there = views.attendance(look.connection, look.moment, activity)
    acts = views.attendance_acts(look.connection, look.moment, activity)
    return {"item": item, "attendance": there, "acts": acts, "names": names(look, [each.person for each in there])}


@read(service, "/hours", HoursShown, HoursSchema)
def hours(look: Look) -> dict[str, Any]:
    """The hours of a person, or of all who served while they belonged to a unit: of the present quarter, unless a span
    is asked for."""
    asked = dict(look.query)
    since, until = span(look, asked)
    items = views.hours(look.connection, look.moment, since, until, **asked)
    people = [each.person for each in items]
    return {"since": since, "until": until, "items": items, "names": names(look, people)}


@read(service, "/people/<id:person>", ServiceShown, SpanSchema)
def person_in_service(look: Look, person: str) -> dict[str, Any]:
    """What a person does for the people: teams, communities, visits, needs, hearings and hours."""
    found(people.person(look.connection, look.moment, person), "person", person)
    since, until = span(look, dict(look.query))
    item = views.service_of(look.connection, look.moment, person, since, until)
    shown = [_community(look, each) for each in views.communities_of(look.connection, look.moment, person)]
    about = {"person": person, "since": since, "until": until}
    return about | {"item": item, "communities": shown, "names": names(look, [person])}


def _community(look: Look, known: Community) -> CommunityShown:
    details = opened(look, {known.person: known.details}).get(known.person) or {}
    return CommunityShown(known.kind, details.get("community"), known.since, known.position)


def span(look: Look, asked: dict[str, Any]) -> tuple[date, date]:
    """The span that was asked for: left out, from the first day of the quarter until the day that is shown."""
    until: date = asked.pop("until") or look.moment.effective_on
    since: date = asked.pop("since") or Period.containing(until, "quarterly").first_day
    return since, until
