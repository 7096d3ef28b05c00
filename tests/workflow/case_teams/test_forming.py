"""Forming case teams: in a form of the charter, composed as it wants, for a reference and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.given import LONG_AGO, given
from tests.workflow.case_teams.known import (
    AIDE,
    CHIEF,
    DAY,
    DEPUTY,
    G3,
    GROUP_LEADER,
    HEAD,
    LATER,
    LEAD,
    PLACE,
    SECOND,
    T1,
    THIRD,
    dissolved,
    form,
    formed,
    join,
    joined,
    known,
    of_class,
    team,
)
from tests.workflow.indicators.known import TEXT, department, holds, post
from workflow.case_teams.events import CaseTeamDissolved
from workflow.case_teams.forming import DissolveCaseTeam
from workflow.case_teams.moving import LinkOverlay
from workflow.ids import CaseTeamId, PersonId, UnitId
from workflow.organisation.events import PersonLeft, PersonnelClassChanged, UnitDissolved

ALONE = {"form": "sole_prosecutor", "members": (LEAD,), "roles": ("handler",), "lead": None, "named_by": None}


def test_a_case_team_has_two_prosecutors_and_a_lead_whom_the_chief_names():
    known().when(form(), today=DAY).then(formed())
    known().when(form(members=(LEAD, AIDE), roles=("handler", "assistant")), today=DAY).refused("case_team.composition")
    known().when(form(lead=None), today=DAY).refused("case_team.composition")
    for other in (HEAD, DEPUTY, GROUP_LEADER, None):
        known().when(form(named_by=other), today=DAY).refused("case_team.named_by")


def test_a_sole_prosecutor_is_one_and_has_no_lead():
    known().when(form(**ALONE), today=DAY).then(formed(**ALONE))
    helped = {**ALONE, "members": (LEAD, AIDE), "roles": ("handler", "assistant")}
    known().when(form(**helped), today=DAY).then(formed(**helped))
    two = {**ALONE, "members": (LEAD, SECOND), "roles": ("handler", "handler")}
    known().when(form(**two), today=DAY).refused("case_team.composition")
    known().when(form(**ALONE | {"lead": LEAD}), today=DAY).refused("case_team.no_lead")
    known().when(form(**ALONE | {"named_by": CHIEF}), today=DAY).refused("case_team.no_lead")


def test_a_task_force_has_three_prosecutors_and_an_assistant():
    four = {"form": "task_force", "members": (LEAD, SECOND, THIRD, AIDE), "roles": (*("handler",) * 3, "assistant")}
    known().when(form(**four), today=DAY).then(formed(**four))
    known().when(form(form="task_force"), today=DAY).refused("case_team.composition")


def test_the_lead_is_a_member_in_the_role_that_leads():
    known().when(form(lead=AIDE), today=DAY).refused("case_team.composition")
    known().when(form(lead=THIRD), today=DAY).refused("case_team.composition")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"form": "choir"}, "case_team.form"),
        ({"unit": UnitId("G9")}, "unit.unknown"),
        ({"unit": UnitId("PG3")}, "case_team.unit"),
        ({"roles": ("handler", "handler")}, "case_team.members"),
        ({"members": (LEAD, LEAD, AIDE)}, "case_team.members"),
        ({"roles": ("handler", "handler", "cook")}, "case_team.role"),
        ({"roles": ("handler", "handler", "handler")}, "case_team.class"),
        ({"members": (LEAD, SECOND, PersonId("P99"))}, "person.unknown"),
        ({"effective": LATER}, "case_team.future"),
        ({"effective": date(2019, 1, 1)}, "charter.none"),
    ],
)
def test_what_a_team_cannot_be(changes: dict[str, Any], code: str):
    known().when(form(**changes), today=DAY).refused(code)


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("", "id.malformed"),
        ("Smith stole a bicycle", "id.malformed"),
        ("DCP-2025-0107 Smith", "id.malformed"),
        ("DCP-2025-0107\n", "id.malformed"),
        ("DCP-2025-0107-Smith", "case_team.reference"),
        ("DCP-2025-107", "case_team.reference"),
    ],
)
def test_of_the_case_nothing_is_kept_but_a_reference_that_the_charter_recognises(reference: str, code: str):
    known().when(form(case_reference=reference), today=DAY).refused(code)


def test_members_are_in_service_and_of_the_class_of_their_role_on_that_day():
    known(PersonLeft(SECOND, DAY)).when(form(), today=DAY).refused("person.left")
    known(of_class("P20", "prosecutor", LATER)).when(form(members=(LEAD, PersonId("P20"), AIDE)), today=DAY).refused(
        "person.not_yet"
    )
    known(PersonnelClassChanged(SECOND, "admin", DAY)).when(form(), today=DAY).refused("case_team.class")
    known(PersonnelClassChanged(SECOND, "admin", LATER)).when(form(), today=DAY).then(formed())


def test_there_is_one_team_of_an_id_and_it_is_dissolved_once():
    dissolve = DissolveCaseTeam(case_team=T1, effective=LATER)
    team().when(form(), today=DAY).refused("case_team.exists")
    team().when(dissolve, today=LATER).then(CaseTeamDissolved(T1, G3, LATER))
    team(dissolved).when(dissolve, today=LATER).refused("case_team.dissolved")
    team(dissolved).when(form(), today=LATER).refused("case_team.exists")
    other = DissolveCaseTeam(case_team=CaseTeamId("T2"), effective=LATER)
    team().when(other, today=LATER).refused("case_team.unknown")


def test_a_team_is_not_formed_in_a_unit_that_is_no_more():
    known(UnitDissolved(G3, DAY)).when(form(), today=DAY).refused("unit.dissolved")


def test_what_is_long_past_takes_two_persons():
    far = LATER.replace(month=7)
    known().when(form(), today=far).refused("effective.backdated")
    known().when(form(), today=far, approver="C2", reason="found in the files").then(formed())


def test_nothing_is_done_before_the_last_act_or_on_a_day_to_come():
    early = DissolveCaseTeam(case_team=T1, effective=DAY.replace(day=3))
    team().when(early, today=LATER).refused("case_team.order")
    team().when(DissolveCaseTeam(case_team=T1, effective=LATER), today=DAY).refused("case_team.future")


def test_where_the_charter_knows_no_case_teams_there_are_none():
    start, end = TEXT.index("[case_teams]"), TEXT.index("# ---- what it is called ----")
    without = given(*PLACE, charters=[(LONG_AGO, TEXT[:start] + TEXT[end:])])
    without.when(form(), today=DAY).refused("case_team.charter")


def test_the_charter_under_which_a_team_was_formed_decides_to_its_end():
    stricter = TEXT.replace('version = "1"', 'version = "2"').replace(
        '{ role = "assistant", at_most = 6 }', '{ role = "assistant", at_most = 1 }'
    )
    both = [(LONG_AGO, TEXT), (LATER, stricter)]
    assert stricter != TEXT
    given(*PLACE, formed(), charters=both).when(join(PersonId("A2"), "assistant"), today=LATER).then(
        joined(PersonId("A2"), "assistant")
    )


def test_a_hospital_confers_on_a_case_and_its_director_names_who_leads():
    """Nothing of a procuratorate is in the code: other forms, classes, stages and levels come from another charter."""
    ward = (
        department("H", "hospital"),
        department("D1", parent="H"),
        department("QC", "quality_committee", "H"),
        department("QT1", "quality_team", "QC"),
        post("D1-DIR", "D1", "department_director"),
        of_class("P1", "physician"),
        of_class("P2", "physician"),
        of_class("P3", "nurse"),
        holds("P1", "D1-DIR", "D1"),
    )
    people, roles = (PersonId("P1"), PersonId("P2"), PersonId("P3")), ("physician", "physician", "carer")
    asked = {"unit": UnitId("D1"), "form": "conference", "case_reference": "MDT-2025-017", "members": people}
    command = form(**asked, roles=roles, lead=PersonId("P2"), named_by=PersonId("P1"))
    hospital = given(*ward, charter="hospital")
    answer = hospital.when(command, today=DAY)
    assert answer.refusal is None, str(answer.refusal)
    team = given(*ward, *answer.facts, charter="hospital")
    link = LinkOverlay(case_team=T1, overlay=UnitId("QT1"), effective=LATER)
    team.when(link, today=LATER).refused("case_team.overlay")  # it has one line, and no other beside it
    fewer = form(**asked | {"members": people[:2]}, roles=roles[:2], lead=PersonId("P2"), named_by=PersonId("P1"))
    hospital.when(fewer, today=DAY).refused("case_team.composition")
