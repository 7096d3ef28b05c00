"""What the tests of service say has happened: two branches with members, a department of each, and a team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tests.given import LONG_AGO, Given, charter_in_force, given
from tests.workflow.organisation.happened import appointed, member, person, post, unit
from workflow.charter.loader import shipped
from workflow.ids import ActivityId, CheckInId, NeedId, PersonId, PetitionerId, ServiceTeamId, UnitId, VisitId
from workflow.service.hours import Attendee, CorrectCheckIn, HoldActivity, RecordCheckIn, RegisterCommunity
from workflow.service.needs.commands import AnnulNeed, AssignNeed, MoveNeed, RaiseNeed, RateNeed, ResolveNeed
from workflow.service.teams import FormTeam, JoinTeam, WithdrawMember
from workflow.service.visits.commands import (
    AnnulVisit,
    AssignVisit,
    CloseVisit,
    HandOverVisit,
    MakeVisit,
    RegisterPetitioner,
    ReopenVisit,
)
from workflow.slices import Command, Event

MAY, JUNE, TODAY = date(2025, 5, 6), date(2025, 6, 3), date(2025, 6, 16)
TEAM, VISIT, OUTSIDER, NEED = ServiceTeamId("VT"), VisitId("V1"), PetitionerId("X1"), NeedId("N1")
B1, B2 = UnitId("B1"), UnitId("B2")

BY_TWO: dict[str, Any] = {"reason": "So it is.", "approver": "C2"}

ORGANISATION: tuple[Event, ...] = (
    unit("DCP", "institution"),
    unit("G1", "department", "DCP"),
    unit("G3", "department", "DCP"),
    unit("LG", "leading_group"),
    unit("OC", "organ_committee", "LG"),
    unit("B1", "branch", "OC"),
    unit("B2", "branch", "OC"),
    unit("PG1", "party_group", "B1"),
    unit("PG3", "party_group", "B2"),
    *(person(f"P{n}") for n in range(1, 10)),
    *(member(f"P{n}", "PG1") for n in range(1, 7)),
    *(member(f"P{n}", "PG3") for n in range(7, 9)),
    post("G1-HEAD", "G1", "department_head"),
    *(post(f"G1-H{n}", "G1", "handler") for n in range(2, 7)),
    *(post(f"G3-H{n}", "G3", "handler") for n in range(7, 10)),
    appointed("A1", "P1", "G1-HEAD", unit="G1"),
    *(appointed(f"A{n}", f"P{n}", f"G1-H{n}", unit="G1") for n in range(2, 7)),
    *(appointed(f"A{n}", f"P{n}", f"G3-H{n}", unit="G3") for n in range(7, 10)),
)
"""P1 to P6 work in G1, P1 at its head, and are members in B1; P7 and P8 work in G3 and are members in B2; P9 works in
G3 and is no member."""


def form(team: str = TEAM, kind: str = "vanguard", on: date = MAY, name: str = "Vanguard") -> FormTeam:
    return FormTeam(team=ServiceTeamId(team), kind=kind, name=name, effective=on)


def join(who: str, of: str = "B1", on: date = MAY) -> JoinTeam:
    return JoinTeam(team=TEAM, person=PersonId(who), unit=UnitId(of), effective=on)


def withdraw(who: str, to: str | None = None, on: date = JUNE, notes: str = "All in the file.") -> WithdrawMember:
    successor = None if to is None else PersonId(to)
    return WithdrawMember(team=TEAM, person=PersonId(who), successor=successor, notes=notes, effective=on)


def outsider(id: str = OUTSIDER, name: str = "Wang Wu", on: date = MAY) -> RegisterPetitioner:
    return RegisterPetitioner(petitioner=PetitionerId(id), name=name, phone="555", address="Mill Lane 3", effective=on)


def assign(
    who: str, visit: str = VISIT, received: date = MAY, on: date = MAY, matter: str = "Compensation for land"
) -> AssignVisit:
    return AssignVisit(
        visit=VisitId(visit),
        petitioner=OUTSIDER,
        team=TEAM,
        person=PersonId(who),
        matter=matter,
        received=received,
        effective=on,
    )


def make(who: str, on: date, tells: str = "", visit: str = VISIT, **more: Any) -> MakeVisit:
    about: dict[str, Any] = {"done": "Listened.", "tells": tells, **more}
    return MakeVisit(visit=VisitId(visit), person=PersonId(who), effective=on, **about)


def hand_over(to: str, on: date, visit: str = VISIT, notes: str = "All in the file.") -> HandOverVisit:
    return HandOverVisit(visit=VisitId(visit), person=PersonId(to), notes=notes, effective=on)


def close(who: str, on: date, visit: str = VISIT, **more: Any) -> CloseVisit:
    about: dict[str, Any] = {"result": "Paid.", "evidence": ("receipt",), **more}
    return CloseVisit(visit=VisitId(visit), person=PersonId(who), effective=on, **about)


def reopen(who: str, on: date, visit: str = VISIT) -> ReopenVisit:
    return ReopenVisit(visit=VisitId(visit), person=PersonId(who), effective=on)


def annul_visit(on: date, visit: str = VISIT) -> AnnulVisit:
    return AnnulVisit(visit=VisitId(visit), effective=on)


def register(who: str, kind: str = "host", community: str = "Mill Lane", on: date = MAY) -> RegisterCommunity:
    return RegisterCommunity(person=PersonId(who), kind=kind, community=community, effective=on)


def check_in(
    who: str, hours: str | int = 2, kind: str = "host", on: date = JUNE, evidence: tuple[str, ...] = ()
) -> RecordCheckIn:
    return RecordCheckIn(person=PersonId(who), kind=kind, hours=Decimal(hours), evidence=evidence, effective=on)


def correct(who: str, hours: str | int, kind: str = "host", of: date = JUNE, on: date = TODAY) -> CorrectCheckIn:
    return CorrectCheckIn(check_in=CheckInId(f"{who}.{kind}.{of}"), hours=Decimal(hours), effective=on)


def hold(
    activity: str = "A1", on: date = JUNE, people: Sequence[tuple[str, int]] = (("P1", 3),), **more: Any
) -> Command:
    about: dict[str, Any] = {"unit": B1, "kind": "volunteering", "title": "Trees", "evidence": ("photo",), **more}
    attendees = tuple(Attendee(PersonId(id), Decimal(hours)) for id, hours in people)
    return HoldActivity(activity=ActivityId(activity), attendees=attendees, effective=on, **about)


def need(id: str = NEED, of: str = "G1", on: date = MAY, **more: Any) -> RaiseNeed:
    about: dict[str, Any] = {"title": "A street lamp", **more}
    return RaiseNeed(need=NeedId(id), unit=UnitId(of), effective=on, **about)


def see_to(who: str, on: date = MAY, id: str = NEED) -> AssignNeed:
    return AssignNeed(need=NeedId(id), person=PersonId(who), effective=on)


def move(to: str, on: date, id: str = NEED) -> MoveNeed:
    return MoveNeed(need=NeedId(id), unit=UnitId(to), effective=on)


def annul(on: date, id: str = NEED) -> AnnulNeed:
    return AnnulNeed(need=NeedId(id), effective=on)


def resolve(who: str, on: date, id: str = NEED, **more: Any) -> ResolveNeed:
    about: dict[str, Any] = {"result": "It shines.", "evidence": ("photo",), **more}
    return ResolveNeed(need=NeedId(id), person=PersonId(who), effective=on, **about)


def rate(rating: int, on: date, by: str = "P3", id: str = NEED) -> RateNeed:
    return RateNeed(need=NeedId(id), person=PersonId(by), rating=rating, effective=on)


def lived(
    *acts: Command | Event, charter: str = "procuratorate", organisation: Sequence[Event] = ORGANISATION
) -> list[Event]:
    """All that has happened after these, each command on its effective date, by two persons, with a reason."""
    facts = [*charter_in_force(shipped(charter), LONG_AGO), *organisation]
    for act in acts:
        if isinstance(act, Event):
            facts.append(act)
            continue
        day: date = act.effective  # type: ignore[attr-defined]  # each of them has one
        answer = given(*facts, charter=None).when(act, today=day, approver="C2", reason="So it is.")
        assert answer.refusal is None, str(answer.refusal)
        facts += answer.facts
    return facts


def after(*acts: Command | Event, **more: Any) -> Given:
    return given(*lived(*acts, **more), charter=None)


def found(facts: Sequence[Event], kind: type[Any]) -> list[Any]:
    return [fact for fact in facts if isinstance(fact, kind)]


TEAMED = (form(), join("P1"), join("P2"), join("P7", "B2"), outsider())
"""A team of P1 and P2 of B1 and P7 of B2, and a petitioner."""
CARRIED = (*TEAMED, assign("P1"))
"""And P1 carries a visit, received on 6 May: to be answered by 15 May, with a result by 6 August."""
