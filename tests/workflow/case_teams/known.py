"""What the tests of case teams say has happened: a department with its chain, its people, and a team of three."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.given import Given, given
from tests.workflow.duties.known import ORGANISATION, RULE
from tests.workflow.indicators.known import START, holds, post
from workflow.case_teams.events import (
    CaseHandedOver,
    CaseStageReached,
    CaseTeamDissolved,
    CaseTeamFormed,
    LeadChanged,
    MemberJoined,
    MemberLeft,
    OverlayLinked,
    RecusalDeclared,
    RecusalLifted,
)
from workflow.case_teams.forming import FormCaseTeam
from workflow.case_teams.members import ChangeLead, HandOverCase, JoinCaseTeam, LeaveCaseTeam
from workflow.case_teams.recusals import DeclareRecusal, LiftRecusal, OrderRecusal
from workflow.ids import CaseTeamId, PersonId, UnitId
from workflow.organisation.events import PersonRegistered
from workflow.sealed import personal
from workflow.slices import Event

T1, G3, PG3 = CaseTeamId("T1"), UnitId("G3"), UnitId("PG3")
DAY, LATER = date(2025, 6, 4), date(2025, 6, 5)
HEAD, DEPUTY, CHIEF, GROUP_LEADER = PersonId("P1"), PersonId("P7"), PersonId("P9"), PersonId("P6")
LEAD, SECOND, THIRD, AIDE = PersonId("P3"), PersonId("P4"), PersonId("P5"), PersonId("A1")
REFERENCE = "DCP-2025-0107"


def of_class(id: str, personnel_class: str, since: date = START) -> Event:
    return PersonRegistered(PersonId(id), personnel_class, personal(name=id), since)


PLACE: tuple[Event, ...] = (
    *ORGANISATION,
    post("I-CHIEF", "I", "chief"),
    post("PG3-LEAD", "PG3", "group_leader"),
    holds("P9", "I-CHIEF", "I"),
    holds("P6", "PG3-LEAD", "PG3"),
    *(of_class(f"A{n}", "assistant") for n in (1, 2, 3)),
    of_class("K1", "clerk"),
)
"""P1 heads G3, P7 is deputy in charge, P9 chief; P6 leads the group PG3. P3, P4 and P5 are prosecutors, A1 to A3
assistants, and K1 is a clerk."""


def form(**changes: Any) -> FormCaseTeam:
    asked = {
        "case_team": T1,
        "unit": G3,
        "form": "case_team",
        "case_reference": REFERENCE,
        "members": (LEAD, SECOND, AIDE),
        "roles": ("handler", "handler", "assistant"),
        "lead": LEAD,
        "named_by": CHIEF,
        "effective": DAY,
        **changes,
    }
    return FormCaseTeam(**asked)


def formed(**changes: Any) -> CaseTeamFormed:
    about = {name: getattr(form(**changes), name) for name in CaseTeamFormed.__struct_fields__ if "charter" not in name}
    return CaseTeamFormed(**about, charter=RULE[0], charter_digest=RULE[1])


def join(person: PersonId = THIRD, role: str = "handler", on: date = LATER) -> JoinCaseTeam:
    return JoinCaseTeam(case_team=T1, person=person, role=role, effective=on)


def leave(person: PersonId = SECOND, on: date = LATER) -> LeaveCaseTeam:
    return LeaveCaseTeam(case_team=T1, person=person, effective=on)


def hand_over(giver: PersonId = LEAD, receiver: PersonId = SECOND, **changes: Any) -> HandOverCase:
    asked = {"case_team": T1, "giver": giver, "receiver": receiver, "items": ("files", "terms"), "effective": LATER}
    return HandOverCase(**{**asked, **changes})


def change_lead(lead: PersonId = SECOND, **changes: Any) -> ChangeLead:
    return ChangeLead(**{"case_team": T1, "lead": lead, "named_by": CHIEF, "effective": LATER, **changes})


def declare(person: PersonId = SECOND, **changes: Any) -> DeclareRecusal:
    return DeclareRecusal(**{"case_team": T1, "person": person, "ground": "kinship", "effective": LATER, **changes})


def order(person: PersonId = SECOND, by: PersonId = CHIEF, **changes: Any) -> OrderRecusal:
    asked = {"case_team": T1, "person": person, "by": by, "ground": "interest", "effective": LATER}
    return OrderRecusal(**{**asked, **changes})


def lift(person: PersonId = SECOND, on: date = LATER) -> LiftRecusal:
    return LiftRecusal(case_team=T1, person=person, effective=on)


def joined(person: PersonId = THIRD, role: str = "handler", on: date = LATER) -> MemberJoined:
    return MemberJoined(T1, G3, person, role, on)


def left(person: PersonId = SECOND, *, led: bool = False, recused: bool = False, on: date = LATER) -> MemberLeft:
    return MemberLeft(T1, G3, person, led, recused, on)


def handed_over(number: int = 1, giver: PersonId = LEAD, receiver: PersonId = SECOND) -> CaseHandedOver:
    return CaseHandedOver(T1, G3, number, giver, receiver, ("files", "terms"), LATER)


def led_by(
    lead: PersonId = SECOND, previous: PersonId | None = LEAD, handover: int | None = 1, by: PersonId = CHIEF
) -> LeadChanged:
    return LeadChanged(T1, G3, lead, previous, by, handover, LATER)


def declared(person: PersonId = SECOND, on: date = LATER) -> RecusalDeclared:
    return RecusalDeclared(T1, G3, person, personal(ground="kinship"), on)


def lifted(person: PersonId = SECOND, on: date = LATER) -> RecusalLifted:
    return RecusalLifted(T1, G3, person, on)


def reached(*stages: str) -> tuple[CaseStageReached, ...]:
    return tuple(CaseStageReached(T1, G3, stage, False, DAY) for stage in stages)


linked = OverlayLinked(T1, G3, PG3, DAY)
dissolved = CaseTeamDissolved(T1, G3, LATER)


def known(*facts: Event) -> Given:
    """The place, and what happened in it besides."""
    return given(*PLACE, *facts)


def team(*facts: Event) -> Given:
    """A team that P3 leads, with P4 and the assistant A1, and what happened to it."""
    return known(formed(), *facts)
