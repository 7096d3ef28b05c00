"""Recusal blocks: it does not merely warn."""

from __future__ import annotations

import pytest

from tests.workflow.case_teams.known import (
    AIDE,
    CHIEF,
    DEPUTY,
    G3,
    GROUP_LEADER,
    HEAD,
    LATER,
    LEAD,
    SECOND,
    T1,
    THIRD,
    change_lead,
    declare,
    declared,
    dissolved,
    form,
    formed,
    hand_over,
    handed_over,
    join,
    joined,
    known,
    led_by,
    left,
    lift,
    lifted,
    order,
    team,
)
from workflow.case_teams.events import MemberLeft, RecusalOrdered
from workflow.case_teams.views import RecusedFrom
from workflow.ids import CaseTeamId, PersonId
from workflow.sealed import personal

recused = declared(), left(recused=True)

T2 = CaseTeamId("T2")
second_team = formed(case_team=T2)
"""Another team for the same case, with the same people."""
other_case = formed(case_team=T2, case_reference="DCP-2025-0108")


def of_second(command):
    command.case_team = T2
    return command


def test_who_declares_to_be_recused_leaves_the_team():
    team().when(declare(), today=LATER).then(*recused)
    team().when(declare(LEAD), today=LATER).then(declared(LEAD), left(LEAD, led=True, recused=True))
    team().when(declare(THIRD), today=LATER).then(declared(THIRD))
    team(dissolved).when(declare(THIRD), today=LATER).then(declared(THIRD))


def test_a_recusal_is_ordered_by_a_level_that_the_charter_names():
    for by, level in ((HEAD, "department_head"), (DEPUTY, "deputy_in_charge"), (CHIEF, "chief")):
        ordered = RecusalOrdered(T1, G3, SECOND, by, level, personal(ground="interest"), LATER)
        team().when(order(by=by), today=LATER).then(ordered, left(recused=True))
    for by in (LEAD, GROUP_LEADER, THIRD):
        team().when(order(by=by), today=LATER).refused("recusal.by")


def test_nobody_orders_their_own_recusal_or_one_in_a_case_they_are_recused_from():
    team().when(order(CHIEF, CHIEF), today=LATER).refused("recusal.self")
    team(declared(CHIEF)).when(order(), today=LATER).refused("case_team.recused")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ground": "He is the brother of the accused"}, "recusal.ground"),
        ({"person": PersonId("P99")}, "person.unknown"),
        ({"effective": LATER.replace(day=20)}, "case_team.future"),
        ({"case_team": CaseTeamId("T9")}, "case_team.unknown"),
    ],
)
def test_a_recusal_is_of_somebody_known_for_a_ground_that_the_charter_names_at_once(change, code):
    team().when(declare(**change), today=LATER).refused(code)
    team().when(order(**change), today=LATER).refused(code)


def test_a_person_is_recused_once():
    team(*recused).when(declare(), today=LATER).refused("recusal.again")
    team(*recused).when(order(), today=LATER).refused("recusal.again")


def test_who_is_recused_does_not_join():
    team(*recused).when(join(SECOND), today=LATER).refused("case_team.recused")
    team(declared(THIRD)).when(join(), today=LATER).refused("case_team.recused")


def test_who_is_recused_has_no_part_in_another_team_of_the_case():
    team(*recused, second_team).when(of_second(hand_over()), today=LATER).refused("case_team.recused")
    other = formed(case_team=T2, members=(LEAD, THIRD), roles=("handler", "handler"))
    team(*recused, other).when(of_second(join(SECOND)), today=LATER).refused("case_team.recused")
    team(declared(CHIEF), second_team).when(of_second(change_lead()), today=LATER).refused("case_team.recused")
    fine = formed(case_team=T2, case_reference="DCP-2025-0108", members=(LEAD, THIRD), roles=("handler", "handler"))
    assert team(*recused, fine).when(of_second(join(SECOND)), today=LATER).refusal is None


def test_no_team_is_formed_for_a_case_with_or_by_who_is_recused_from_it():
    again = form(case_team=T2, effective=LATER)
    team(declared(THIRD)).when(again, today=LATER).then(formed(case_team=T2, effective=LATER))
    for who, pointer in ((SECOND, "members"), (LEAD, "members"), (CHIEF, "named_by")):
        refused = team(declared(who)).when(again, today=LATER).refused("case_team.recused")
        assert refused.fields == (pointer,)
    other = form(case_team=T2, case_reference="DCP-2025-0108", effective=LATER)
    assert team(declared(SECOND)).when(other, today=LATER).refusal is None


def test_who_is_recused_leaves_every_team_of_the_case():
    out = MemberLeft(T2, G3, SECOND, False, True, LATER)
    team(second_team).when(declare(), today=LATER).then(declared(), left(recused=True), out)
    team(other_case).when(declare(), today=LATER).then(declared(), left(recused=True))
    later = LATER.replace(day=6)
    joined_later = formed(case_team=T2, members=(LEAD, SECOND), roles=("handler", "handler"), effective=later)
    answer = team(joined_later).when(declare(), today=later)
    answer.then(declared(), left(recused=True), MemberLeft(T2, G3, SECOND, False, True, later))


def test_a_person_is_recused_from_a_case_once_whichever_team_of_it_is_named():
    team(second_team, declared()).when(of_second(declare()), today=LATER).refused("recusal.again")
    assert team(other_case, declared()).when(of_second(declare()), today=LATER).refusal is None


def test_who_is_recused_does_not_lead_and_is_handed_nothing():
    team(*recused).when(change_lead(), today=LATER, reason="decided").refused("case_team.recused")
    team(*recused).when(hand_over(), today=LATER).refused("case_team.recused")


def test_who_is_recused_names_no_lead():
    team(declared(CHIEF), handed_over()).when(change_lead(), today=LATER).refused("case_team.recused")


def test_the_lead_of_who_is_recused_is_vacant_until_it_is_changed():
    vacant = declared(LEAD), left(LEAD, led=True, recused=True)
    team(*vacant).when(change_lead(), today=LATER).refused("case_team.handover")
    team(*vacant).when(hand_over(), today=LATER).then(handed_over())
    team(*vacant, handed_over()).when(change_lead(), today=LATER).then(led_by())
    team(*vacant, joined()).when(change_lead(THIRD), today=LATER, reason="recused").then(led_by(THIRD, LEAD, None))


def test_a_recusal_is_lifted_by_two_persons_with_a_reason():
    team(*recused).when(lift(), today=LATER, reason="an error", approver="C2").then(lifted())
    team(*recused).when(lift(), today=LATER, approver="C2").refused("recusal.reason")
    for approver in ("", "C1"):
        team(*recused).when(lift(), today=LATER, reason="an error", approver=approver).refused("recusal.second_person")
    team().when(lift(), today=LATER, reason="an error", approver="C2").refused("recusal.none")


def test_whose_recusal_was_lifted_may_join_again():
    team(*recused, lifted()).when(join(SECOND), today=LATER).then(joined(SECOND))


def test_what_somebody_is_recused_from_is_known_by_the_person():
    ordered = RecusalOrdered(T1, G3, SECOND, CHIEF, "chief", personal(ground="interest"), LATER)
    facts = (declared(AIDE), ordered, declared(LEAD), lifted(LEAD))
    assert {person: recused_from(person, facts) for person in (AIDE, SECOND, LEAD, CHIEF)} == {
        AIDE: {T1},
        SECOND: {T1},
        LEAD: set(),
        CHIEF: set(),
    }


def recused_from(person, facts):
    view = RecusedFrom(person)
    known(*facts)._read([view])
    return view.teams
