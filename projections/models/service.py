"""Service: teams and their members, communities, check-ins, activities, and the hours of those who were there."""

from __future__ import annotations

from projections.facts import At, Facts, FactTable, ReadModel, day, decimal, document, text
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

SERVICE_TEAM = FactTable("service_team", key=[text("team")], columns=[text("kind"), text("name")])

SERVICE_MEMBER = FactTable(
    "service_member", key=[text("team"), text("person")], columns=[text("unit")], indexes=[["person"], ["unit"]]
)

COMMUNITY = FactTable("community", key=[text("person"), text("kind")], columns=[document("details")])

CHECK_IN = FactTable(
    "check_in",
    key=[text("check_in")],
    columns=[
        text("person"),
        text("unit"),
        text("kind"),
        decimal("hours"),
        day("on_day"),
        document("evidence"),
    ],
    indexes=[["person", "on_day"], ["unit", "on_day"]],
)
"""Holds from its day on; without hours it did not take place."""

ACTIVITY = FactTable(
    "activity",
    key=[text("activity")],
    columns=[text("unit"), text("kind"), text("title"), text("place"), day("on_day"), document("evidence")],
    indexes=[["unit", "on_day"]],
)

ATTENDANCE = FactTable(
    "attendance",
    key=[text("activity"), text("person")],
    columns=[text("unit"), text("kind"), decimal("hours"), day("on_day")],
    indexes=[["person", "on_day"], ["unit", "on_day"]],
)
"""`unit` is where the person belonged on that day."""


def formed(facts: Facts, fact: TeamFormed, at: At) -> None:
    facts.open(SERVICE_TEAM, fact.team, valid_from=fact.effective, kind=fact.kind, name=fact.name)


def joined(facts: Facts, fact: TeamMemberJoined, at: At) -> None:
    facts.open(SERVICE_MEMBER, fact.team, fact.person, valid_from=fact.effective, unit=fact.unit)


def withdrew(facts: Facts, fact: TeamMemberWithdrew, at: At) -> None:
    facts.close(SERVICE_MEMBER, fact.team, fact.person, effective=fact.effective)


def registered(facts: Facts, fact: CommunityRegistered, at: At) -> None:
    key = fact.person, fact.kind
    if facts.get(COMMUNITY, *key) is None:
        facts.open(COMMUNITY, *key, valid_from=fact.effective, details=fact.details)
    else:
        facts.amend(COMMUNITY, *key, effective=fact.effective, details=fact.details)


def checked_in(facts: Facts, fact: CheckInRecorded, at: At) -> None:
    facts.open(
        CHECK_IN,
        fact.check_in,
        valid_from=fact.effective,
        person=fact.person,
        unit=fact.unit,
        kind=fact.kind,
        hours=fact.hours,
        on_day=fact.effective,
        evidence=fact.evidence or None,
    )


def check_in_corrected(facts: Facts, fact: CheckInCorrected, at: At) -> None:
    facts.amend(CHECK_IN, fact.check_in, hours=fact.hours)


def held(facts: Facts, fact: ActivityHeld, at: At) -> None:
    facts.open(
        ACTIVITY,
        fact.activity,
        valid_from=fact.effective,
        unit=fact.unit,
        kind=fact.kind,
        title=fact.title,
        place=fact.place,
        on_day=fact.effective,
        evidence=fact.evidence,
    )
    for person, unit, hours in zip(fact.attendees, fact.units, fact.hours, strict=True):
        facts.open(
            ATTENDANCE,
            fact.activity,
            person,
            valid_from=fact.effective,
            unit=unit,
            kind=fact.kind,
            hours=hours,
            on_day=fact.effective,
        )


def attendance_corrected(facts: Facts, fact: AttendanceCorrected, at: At) -> None:
    facts.amend(ATTENDANCE, fact.activity, fact.person, hours=fact.hours)


MODEL = ReadModel(
    "service",
    version=1,
    tables=[SERVICE_TEAM, SERVICE_MEMBER, COMMUNITY, CHECK_IN, ACTIVITY, ATTENDANCE],
    handlers={
        TeamFormed: formed,
        TeamMemberJoined: joined,
        TeamMemberWithdrew: withdrew,
        CommunityRegistered: registered,
        CheckInRecorded: checked_in,
        CheckInCorrected: check_in_corrected,
        ActivityHeld: held,
        AttendanceCorrected: attendance_corrected,
    },
)
