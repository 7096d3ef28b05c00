"""Short words for what has happened in an organisation, for the tests of its rules."""

from __future__ import annotations

from datetime import date

from tests.given import LONG_AGO
from workflow.ids import AppointmentId, GridId, MembershipId, PersonId, PostId, UnitId
from workflow.organisation import events
from workflow.sealed import personal

# Kinds of the procuratorate charter and where one of each stands in the tests.
BUSINESS = (
    events.UnitEstablished(UnitId("DCP"), "institution", "院", "Office", None, LONG_AGO),
    events.UnitEstablished(UnitId("G6"), "department", "六部", "Fourth", UnitId("DCP"), LONG_AGO),
    events.UnitEstablished(UnitId("G7"), "department", "七部", "Fifth", UnitId("DCP"), LONG_AGO),
)
PARTY = (
    events.UnitEstablished(UnitId("LG"), "leading_group", "党组", "", None, LONG_AGO),
    events.UnitEstablished(UnitId("OC"), "organ_committee", "党委", "", UnitId("LG"), LONG_AGO),
    events.UnitEstablished(UnitId("B4"), "branch", "支部", "", UnitId("OC"), LONG_AGO),
    events.UnitEstablished(UnitId("PG6"), "party_group", "六组", "", UnitId("B4"), LONG_AGO),
    events.UnitEstablished(UnitId("PG7"), "party_group", "七组", "", UnitId("B4"), LONG_AGO),
)


def unit(id: str, kind: str, parent: str | None = None, since: date = LONG_AGO) -> events.UnitEstablished:
    return events.UnitEstablished(UnitId(id), kind, id, id, None if parent is None else UnitId(parent), since)


def post(id: str, unit: str, kind: str, seats: int = 1, since: date = LONG_AGO) -> events.PostEstablished:
    return events.PostEstablished(PostId(id), UnitId(unit), kind, id, id, seats, since)


def person(id: str, personnel_class: str = "prosecutor", since: date = LONG_AGO) -> events.PersonRegistered:
    return events.PersonRegistered(PersonId(id), personnel_class, personal(name=id), since)


def member(person: str, unit: str, since: date = LONG_AGO, kind: str = "full") -> events.MembershipStarted:
    """A membership whose id is `M-` and the person."""
    return events.MembershipStarted(MembershipId(f"M-{person}"), PersonId(person), UnitId(unit), kind, since)


def membership_ended(person: str, unit: str, day: date) -> events.MembershipEnded:
    return events.MembershipEnded(MembershipId(f"M-{person}"), PersonId(person), UnitId(unit), day)


def appointed(
    id: str,
    person: str,
    post: str,
    since: date = LONG_AGO,
    kind: str = "substantive",
    until: date | None = None,
    unit: str = "",
) -> events.AppointmentStarted:
    """The unit is what stands before the dash in the post's id, unless it is said."""
    return events.AppointmentStarted(
        AppointmentId(id),
        PersonId(person),
        PostId(post),
        UnitId(unit or post.split("-")[0]),
        kind,
        since,
        until,
    )


def appointment_ended(id: str, person: str, post: str, day: date, cause: str = "") -> events.AppointmentEnded:
    unit = UnitId(post.split("-")[0])
    return events.AppointmentEnded(AppointmentId(id), PersonId(person), PostId(post), unit, day, cause)


def bound(grid: str, department: str, group: str, since: date = LONG_AGO) -> events.GridBound:
    return events.GridBound(GridId(grid), UnitId(department), UnitId(group), since)


def leads(n: int, person: str, appointment: str, day: date, acting: bool = False) -> events.ExOfficioLeadershipStarted:
    """Leads the group of the grid `N<n>`, which binds `G<n>` and `PG<n>`."""
    return events.ExOfficioLeadershipStarted(
        GridId(f"N{n}"),
        UnitId(f"PG{n}"),
        UnitId(f"G{n}"),
        PersonId(person),
        AppointmentId(appointment),
        "head_leads_group",
        acting,
        day,
    )


def led(n: int, person: str, appointment: str, day: date, why: str) -> events.ExOfficioLeadershipEnded:
    """No longer leads the group of the grid `N<n>`."""
    return events.ExOfficioLeadershipEnded(
        GridId(f"N{n}"),
        UnitId(f"PG{n}"),
        UnitId(f"G{n}"),
        PersonId(person),
        AppointmentId(appointment),
        "head_leads_group",
        why,
        day,
    )


def nobody_leads(n: int, why: str, day: date, person: str | None = None) -> events.ExOfficioLeadershipNotApplicable:
    return events.ExOfficioLeadershipNotApplicable(
        GridId(f"N{n}"),
        UnitId(f"PG{n}"),
        UnitId(f"G{n}"),
        None if person is None else PersonId(person),
        "head_leads_group",
        why,
        day,
    )
